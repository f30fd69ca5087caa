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

from weeknotes.engines.frames import Frames
from weeknotes.engines.page import PageWarning
from weeknotes.engines.prepared import FRONT_MATTER, Preparation
from weeknotes.engines.stills import Stills
from weeknotes.engines.unshown import unshown
from weeknotes.errors import NotebookError, ProjectError, RenderError
from weeknotes.journal import notebooks
from weeknotes.journal.project import read_yaml
from weeknotes.privacy.cut import (
    cut_notebook,
    cut_text,
    mark_notebook,
    may_hold_private,
    uncut_notebook,
    uncut_text,
)
from weeknotes.privacy.includes import Includes

_CELL_TYPES = ("markdown", "code", "raw")
OLD_FORMAT = "weeknotes-nbformat"
"""The key of a notebook that was converted as it was read, with the format that the file is of."""
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
    """A source as read: its front matter, its cells in order, the language of its code.

    `may_hold_private` is whether its file could hold, or include, anything that is private: never
    false of one that does."""

    path: str
    front: dict[str, Any]
    front_cell: int | None
    cells: tuple[SourceCell, ...]
    language: str
    warnings: tuple[PageWarning, ...] = ()
    may_hold_private: bool = True

    def place(self, needle: str) -> tuple[int | None, int | None]:
        """The cell and the line where ``needle`` first occurs, as far as known."""
        for spelling in (needle, quote(needle)):
            for cell in self.cells:
                at = cell.text.find(spelling)
                if at >= 0:
                    return cell.number, cell.line + cell.text.count("\n", 0, at)
        return None, None


def read_source(
    root: Path,
    path: str,
    *,
    shows_private: bool = False,
    uncut: bool = False,
    includes: Includes | None = None,
    lang: str = "en",
    stills: Stills | None = None,
    frames: Frames | None = None,
    front_alone: bool = False,
) -> PageSource:
    """The source at `path`, POSIX from `root`, without what is private in it, its cells prepared
    (`prepared`). Of interactive figures, `stills` makes still images and `frames` documents; words that
    take the place of an output are in `lang`, where the page does not name its own language.

    With `shows_private` all of it is there, private cells inside divs of that class. With `uncut` what
    is marked within a text is there, for pandoc to cut. `includes` knows the files it includes. With
    `front_alone` the cells of a notebook are not prepared but for its front matter, for those who ask
    for nothing else.

    Raises NotebookError where a notebook isn't valid, and RenderError where the file can't be read as
    text or its front matter isn't a YAML mapping.
    """
    try:
        data = (root / path).read_bytes()
    except OSError as error:
        raise RenderError(f"cannot be read: {error.strerror}", file=path) from error
    if path.endswith(".ipynb"):
        preparation = Preparation(path, lang, stills, frames)
        return _notebook(data, shows_private, uncut, includes, preparation, front_alone)
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise RenderError("not UTF-8 text", file=path, hint="Save the file as UTF-8.") from error
    if uncut:
        text = uncut_text(text, includes)
    elif not shows_private:
        text, _ = cut_text(text, includes)
    front, rest, line = _partition(path, text, None)
    warnings = tuple(
        PageWarning(
            f.message, path, None, line + f.line - 1, f.hint, f.rule != "page-warning", f.rule
        )
        for f in unshown(rest, tex=True)
    )
    cell = SourceCell("markdown", rest, None, line)
    return PageSource(path, front or {}, None, (cell,), "python", warnings, _may_hold(data))


def _may_hold(data: bytes) -> bool:
    return may_hold_private(data) or b"{{<" in data


def _notebook(
    data: bytes,
    shows_private: bool,
    uncut: bool,
    includes: Includes | None,
    preparation: Preparation,
    front_alone: bool,
) -> PageSource:
    path = preparation.file
    notebook = parse_notebook(path, data)
    numbers: Sequence[int] = range(1, len(notebook["cells"]) + 1)
    if may_hold_private(data):
        if shows_private:
            public = mark_notebook(notebook)
        else:
            public = (uncut_notebook if uncut else cut_notebook)(notebook, includes)
        notebook, numbers = public.notebook, public.numbers
    if (version := notebook.get(OLD_FORMAT)) is not None:
        preparation.warn(
            f"of nbformat {version}, and converted each time that it is read",
            None,
            "weeknotes check --fix converts it for good.",
            "notebook-format",
        )
    prepared = preparation.cells(notebook["cells"], numbers, front_alone=front_alone)
    cells = tuple(_cell(path, number, cell) for number, cell in zip(numbers, prepared, strict=True))
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
    language, warnings = _language(notebook), tuple(preparation.warnings)
    return PageSource(path, front, front_cell, tuple(kept), language, warnings, _may_hold(data))


def _language(notebook: Mapping[str, Any]) -> str:
    """The language of a notebook's code."""
    metadata = notebook.get("metadata")
    for key, name in (("kernelspec", "language"), ("language_info", "name")):
        values = metadata.get(key) if isinstance(metadata, dict) else None
        language = values.get(name) if isinstance(values, dict) else None
        if isinstance(language, str) and re.fullmatch(r"[\w+#.-]{1,40}", language):
            return language.lower()
    return "python"


def parse_notebook(path: str, data: bytes) -> dict[str, Any]:
    """The notebook's JSON, its outermost form checked; one of nbformat 2 or 3 as it is in nbformat 4.
    Raises NotebookError."""
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
    version = notebook["nbformat"]
    if version in (2, 3):
        notebook = {**_upgraded(path, notebook), OLD_FORMAT: version}
    elif version != 4:
        raise NotebookError(
            f"of nbformat {version!r}; Weeknotes reads nbformat 2 to 4",
            file=path,
            hint="Open it in JupyterLab and save it in an older format, or update Weeknotes.",
        )
    if not isinstance(notebook.get("cells"), list):
        raise NotebookError("not a valid notebook: it has no list of cells", file=path)
    if not isinstance(notebook.get("metadata", {}), dict):
        raise NotebookError("not a valid notebook: its metadata is no mapping", file=path)
    return notebook


def _upgraded(path: str, notebook: dict[str, Any]) -> dict[str, Any]:
    """A notebook of an older format in nbformat 4. Raises NotebookError."""
    # Its import would be felt in every command.
    from nbformat import convert, versions

    notebook = {"metadata": {}, "worksheets": [], **notebook}
    if isinstance(notebook["worksheets"], list):
        sheets = [sheet for sheet in notebook["worksheets"] if isinstance(sheet, dict)]
        notebook["worksheets"] = [{"metadata": {}, "cells": [], **sheet} for sheet in sheets]
    try:
        read = versions[notebook["nbformat"]].reads_json(json.dumps(notebook))
        made: dict[str, Any] = json.loads(json.dumps(convert(read, 4)))
        for number, cell in enumerate(made["cells"], 1):
            cell["id"] = f"cell-{number}"  # nbformat makes another one each time.
    except Exception as error:  # Whatever nbformat stumbles over in a file that is not valid.
        raise NotebookError(
            f"of nbformat {notebook['nbformat']}, and cannot be converted to nbformat 4",
            file=path,
            hint="Mend it in a text editor, or take it out of the journal.",
        ) from error
    return made


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


def _partition(path: str, text: str, cell: int | None) -> tuple[dict[str, Any] | None, str, int]:
    """The front matter that `text` starts with (None without), the rest, and the rest's line."""
    match = FRONT_MATTER.match(text)
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
