"""The places of notes in a notebook: where a note begins, and where a cell below it belongs.

A note is a heading and everything up to the next heading of its level or above, over as many cells as
it takes. Headings are read by the one scanner (`weeknotes.text.markdown`), so that a `#` in code, in a
comment or in a formula is none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from weeknotes.errors import NotebookError
from weeknotes.journal import cell_edit
from weeknotes.journal.notebooks import TITLE_TAG, Cell, CellJson, Notebook
from weeknotes.text import markdown


@dataclass(frozen=True)
class Heading:
    """A heading of a notebook: its cell, the offset at which it begins there, its level, its text as
    written, without marks and attributes, and the identifier that its attributes give it."""

    cell: Cell
    start: int
    level: int
    text: str
    own_id: str = ""

    @property
    def body(self) -> str:
        """The text of the cell from this heading on."""
        return self.cell.source[self.start :]


@dataclass(frozen=True)
class NoteEnd:
    """The end of a note: after the cell ``index``, or within it at the offset ``at``, where ``next``
    begins."""

    index: int
    at: int | None = None
    next: str = ""


def headings(notebook: Notebook) -> Iterator[Heading]:
    """The headings of the Markdown cells of ``notebook``, in order."""
    for cell in notebook.cells:
        if cell.kind != "markdown" or TITLE_TAG in cell.tags:
            continue
        for region in markdown.read(cell.source.replace("\r\n", " \n")).of("heading"):
            text = cell.source[slice(*region.inner)].strip()
            yield Heading(cell, region.start, region.level, text, region.attributes.identifier)


def note_end(notebook: Notebook, begins: Callable[[Heading], bool]) -> NoteEnd | None:
    """The end of the first note whose heading ``begins`` accepts; None where there is none."""
    level = 0
    for heading in headings(notebook):
        if level and heading.level <= level:
            before = heading.cell.source[: heading.start]
            if before.strip():
                return NoteEnd(heading.cell.index, heading.start, heading.text)
            return NoteEnd(heading.cell.index - 1)
        if not level and begins(heading):
            level = heading.level
    return NoteEnd(len(notebook.cells)) if level else None


def insert_at_end(
    notebook: Notebook, end: NoteEnd, made: CellJson, *, split: bool, what: str, command: str
) -> bytes:
    """The bytes of ``notebook`` with the cell ``made`` at the end of a note.

    A note that ends in the middle of a Markdown cell takes it only with ``split``, which makes two
    cells of that one without changing its text. Raises NotebookError without it: ``what`` names the
    note there, and ``command`` is the command that splits.
    """
    if end.at is None:
        return cell_edit.change(notebook, insert={end.index: [made]})
    shared = notebook.cells[end.index - 1]
    if not split:
        raise NotebookError(
            f"{what} shares its cell with '{end.next}'",
            file=notebook.file,
            cell=end.index,
            line=shared.source.count("\n", 0, end.at) + 1,
            hint="Split the cell there (Ctrl-Shift-Minus in JupyterLab), or let it be split: "
            + command,
        )
    before = shared.source[: end.at].rstrip("\n")
    rest = cell_edit.new_cell("markdown", shared.source[end.at :], id=f"{shared.id}-2")
    return cell_edit.change(
        notebook,
        replace={end.index: {**shared.json, "source": before}},
        insert={end.index: [made, rest]},
    )


def own_cell(notebook: Notebook, key: str, value: str) -> Cell | None:
    """The generated cell whose own metadata has ``value`` under ``key``."""
    for cell in notebook.cells:
        own = cell.metadata.get("weeknotes")
        if cell.generated and isinstance(own, Mapping) and own.get(key) == value:
            return cell
    return None
