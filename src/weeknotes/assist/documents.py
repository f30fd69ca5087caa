"""A file as an editor shows it: the texts of its cells, saved or not."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from weeknotes.journal.notebooks import joined


@dataclass(frozen=True)
class CellText:
    """The text of a cell: ``kind`` is "markdown", "code" or "raw"."""

    kind: str
    text: str


@dataclass(frozen=True)
class Document:
    """A file of the journal; ``name`` is its POSIX path from the root. A text is one Markdown cell.

    What is written in one cell can be referred to in another, so that all cells of a notebook belong
    to it, in their order.
    """

    name: str
    cells: tuple[CellText, ...]

    @property
    def markdown(self) -> list[str]:
        """The texts of the Markdown cells."""
        return [cell.text for cell in self.cells if cell.kind == "markdown"]


def of_text(name: str, text: str) -> Document:
    """The document in ``text``: a notebook's JSON, or Markdown. Text of a notebook that is no JSON is
    Markdown too, which is how some editors show a notebook."""
    if name.endswith(".ipynb") and text.lstrip("\ufeff \t\r\n").startswith("{"):
        return Document(name, _cells(text))
    return Document(name, (CellText("markdown", text),))


def of_file(root: Path, name: str) -> Document:
    """The document in the file ``name``, as it was saved. Raises OSError."""
    return of_text(name, (root / name).read_bytes().decode("utf-8-sig", "replace"))


def _cells(text: str) -> tuple[CellText, ...]:
    """The cells of a notebook; none where it cannot be read, which `weeknotes check` tells."""
    try:
        cells = json.loads(text.lstrip("\ufeff"))["cells"]
        return tuple(
            CellText(str(cell["cell_type"]), joined(cell.get("source")) or "") for cell in cells
        )
    except (ValueError, LookupError, TypeError, RecursionError):
        return ()
