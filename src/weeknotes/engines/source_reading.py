"""Reading a source: an executed notebook, or a Quarto or plain Markdown file.

Nothing is executed. What a reader needs is checked here, once, so that the rest may rely on it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from weeknotes.errors import NotebookError, ProjectError, RenderError
from weeknotes.journal import notebooks
from weeknotes.journal.project import read_yaml
from weeknotes.privacy.cut import cut_notebook, cut_text, mark_notebook, may_hold_private

_FRONT_MATTER = re.compile(r"\A\s*---[ \t]*\n(.*?)(?:\n(?:---|\.\.\.)[ \t]*(?:\n|\Z))", re.DOTALL)
_CELL_TYPES = ("markdown", "code", "raw")
_OUTPUT_TYPES = ("stream", "display_data", "execute_result", "error")


@dataclass(frozen=True)
class SourceCell:
    """A cell of a source.

    `number` counts from 1 as JupyterLab shows cells, None in a Markdown file; `line` is the line of
    the cell's (or the file's) text that `text` starts at.
    """

    kind: str
    text: str
    number: int | None
    line: int = 1
    id: str = ""
    metadata: Mapping[str, Any] | None = None
    outputs: tuple[dict[str, Any], ...] = ()
    attachments: Mapping[str, Any] | None = None

    @property
    def tags(self) -> tuple[str, ...]:
        """The cell's tags."""
        tags = (self.metadata or {}).get("tags")
        return tuple(str(tag) for tag in tags) if isinstance(tags, list) else ()


@dataclass(frozen=True)
class PageSource:
    """A source as read: its front matter, its cells in order, the language of its code."""

    path: str
    front: dict[str, Any]
    front_cell: int | None
    cells: tuple[SourceCell, ...]
    language: str

    def place(self, needle: str) -> tuple[int | None, int | None]:
        """The cell and the line where ``needle`` first stands, as far as known."""
        for spelling in (needle, quote(needle)):
            for cell in self.cells:
                at = cell.text.find(spelling)
                if at >= 0:
                    return cell.number, cell.line + cell.text.count("\n", 0, at)
        return None, None


def read_source(root: Path, path: str, *, shows_private: bool = False) -> PageSource:
    """The source at `path`, POSIX from `root`, without what is private in it.

    With `shows_private` all of it is there, private cells inside divs of that class.

    Raises NotebookError where a notebook isn't one of nbformat 4, and RenderError where the file
    can't be read as text or its front matter isn't a YAML mapping.
    """
    try:
        data = (root / path).read_bytes()
    except OSError as error:
        raise RenderError(f"cannot be read: {error.strerror}", file=path) from error
    if path.endswith(".ipynb"):
        return _notebook(path, data, shows_private)
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise RenderError("not UTF-8 text", file=path, hint="Save the file as UTF-8.") from error
    if not shows_private:
        text, _ = cut_text(text)
    front, rest, line = _partition(path, text, None)
    return PageSource(
        path, front or {}, None, (SourceCell("markdown", rest, None, line),), "python"
    )


def _notebook(path: str, data: bytes, shows_private: bool) -> PageSource:
    notebook = _parse(path, data)
    numbers: Sequence[int] = range(1, len(notebook["cells"]) + 1)
    if may_hold_private(data):
        public = mark_notebook(notebook) if shows_private else cut_notebook(notebook)
        notebook, numbers = public.notebook, public.numbers
    cells = tuple(
        _cell(path, number, cell) for number, cell in zip(numbers, notebook["cells"], strict=True)
    )
    _check_ids(path, cells)
    front: dict[str, Any] = {}
    front_cell = None
    kept = []
    for cell in cells:
        if front_cell is None and cell.kind in ("raw", "markdown"):
            found, rest, line = _partition(path, cell.text, cell.number)
            if found is not None:
                front, front_cell = found, cell.number
                cell = SourceCell("markdown", rest, cell.number, line, cell.id)
        kept.append(cell)
    metadata = notebook.get("metadata") or {}
    language = (metadata.get("kernelspec") or {}).get("language") or (
        metadata.get("language_info") or {}
    ).get("name")
    return PageSource(path, front, front_cell, tuple(kept), str(language or "python").lower())


def _parse(path: str, data: bytes) -> dict[str, Any]:
    """The notebook's JSON, its outermost form checked."""
    if not data.strip():
        raise NotebookError("the file is empty", file=path)
    try:
        notebook = json.loads(data.decode("utf-8-sig"))
    except (UnicodeDecodeError, RecursionError) as error:
        raise NotebookError(f"not a notebook: {error}", file=path) from error
    except json.JSONDecodeError as error:
        raise NotebookError(
            f"not a notebook: no valid JSON ({error.msg})", file=path, line=error.lineno
        ) from error
    if not isinstance(notebook, dict) or "nbformat" not in notebook:
        raise NotebookError("not a notebook: it has no nbformat", file=path)
    if notebook["nbformat"] != 4:
        raise NotebookError(
            f"of nbformat {notebook['nbformat']}; nbformat 4 is needed",
            file=path,
            hint="Convert it with: jupyter nbconvert --to notebook --nbformat 4 --inplace FILE",
        )
    if not isinstance(notebook.get("cells"), list):
        raise NotebookError("not a valid notebook: it has no list of cells", file=path)
    if not isinstance(notebook.get("metadata", {}), dict):
        raise NotebookError("not a valid notebook: its metadata is no mapping", file=path)
    return notebook


def _cell(path: str, number: int, cell: Any) -> SourceCell:
    def fail(what: str) -> NotebookError:
        return NotebookError(f"not a valid notebook: {what}", file=path, cell=number)

    if not isinstance(cell, dict) or cell.get("cell_type") not in _CELL_TYPES:
        raise fail("the cell is of no known type")
    metadata = cell.get("metadata", {})
    if not isinstance(metadata, dict):
        raise fail("the cell's metadata is no mapping")
    try:
        text = joined(cell.get("source"))
    except TypeError as error:
        raise fail("the cell has no source text") from error
    outputs = cell.get("outputs", []) if cell["cell_type"] == "code" else []
    if not isinstance(outputs, list) or not all(
        isinstance(o, dict) and o.get("output_type") in _OUTPUT_TYPES for o in outputs
    ):
        raise fail("an output of the cell is of no known type")
    attachments = cell.get("attachments")
    return SourceCell(
        kind=cell["cell_type"],
        text=text.replace("\r\n", "\n"),
        number=number,
        id=str(cell.get("id") or f"cell-{number - 1}"),
        metadata=metadata,
        outputs=tuple(outputs),
        attachments=attachments if isinstance(attachments, dict) else None,
    )


def joined(value: Any) -> str:
    """A multi-line string of nbformat (a string, or a list of them). Raises TypeError for others."""
    text = notebooks.joined(value)
    if text is None:
        raise TypeError("not text")
    return text


def _check_ids(path: str, cells: tuple[SourceCell, ...]) -> None:
    seen: dict[str, int] = {}
    for cell in cells:
        if cell.id in seen:
            raise NotebookError(
                f"not a valid notebook: cells {seen[cell.id]} and {cell.number} have the same id "
                f"'{cell.id}'",
                file=path,
                cell=cell.number,
                hint="Open and save it in JupyterLab, which gives each cell its own id.",
            )
        seen[cell.id] = cell.number or 0


def _partition(path: str, text: str, cell: int | None) -> tuple[dict[str, Any] | None, str, int]:
    """The front matter that `text` starts with (None without), the rest, and the rest's line."""
    match = _FRONT_MATTER.match(text)
    if not match:
        return None, text, 1
    try:
        front = read_yaml(Path(path), match[1].encode())
    except ProjectError as error:
        first = text[: match.start(1)].count("\n")
        raise RenderError(
            f"the front matter is {error.message}",
            file=path,
            cell=cell,
            line=first + (error.line or 1),
            hint=error.hint,
        ) from error
    if front is not None and not isinstance(front, dict):
        raise RenderError(
            "the front matter must be a mapping of keys to values", file=path, cell=cell, line=1
        )
    return front or {}, text[match.end() :], text[: match.end()].count("\n") + 1
