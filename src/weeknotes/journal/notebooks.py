"""Reading notebooks: their cells, their front matter, and where each cell is in the text.

``splice`` changes cells in that text and leaves every other byte as it was.

The format is nbformat 4 (https://nbformat.readthedocs.io, "The Notebook file format"). Neither
nbformat nor pandas is imported here: their start-up would be felt in every command.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from weeknotes.journal import frontmatter
from weeknotes.errors import NotebookError

LARGEST = 50_000_000
"""Bytes. Notebooks from here on are refused: no page, diff or search index could hold them."""

KINDS = ("raw", "markdown", "code")
OUTPUT_KINDS = ("stream", "display_data", "execute_result", "error")
GENERATED = "generated"
#: The tag of the generated cell that shows the title where a notebook is written, and on no page.
TITLE_TAG = "notebook-title"

_SPACE = re.compile(r"[ \t\n\r]*")

CellJson = dict[str, Any]


@dataclass(frozen=True)
class Cell:
    """A cell as read. ``index`` counts from 1; ``json`` is the cell as it is in the file."""

    index: int
    kind: str
    id: str
    source: str
    json: CellJson = field(repr=False)

    @property
    def metadata(self) -> dict[str, Any]:
        """The cell's metadata as they are in the file; changes show in ``json``."""
        return self.json["metadata"]  # type: ignore[no-any-return]

    @property
    def outputs(self) -> list[dict[str, Any]]:
        """The outputs of a code cell as they are in the file; none for other kinds."""
        return self.json.get("outputs", [])  # type: ignore[no-any-return]

    @property
    def tags(self) -> tuple[str, ...]:
        """The tags of the cell, in order."""
        tags = self.metadata.get("tags")
        return tuple(str(tag) for tag in tags) if isinstance(tags, list) else ()

    @property
    def generated(self) -> bool:
        """Whether Weeknotes made this cell, and may therefore replace it."""
        return GENERATED in self.tags

    @property
    def name(self) -> str:
        """The name by which Weeknotes knows the cell: its id, or in a notebook of a format before 4.5, whose
        cells have none, the name kept in its metadata."""
        own = self.metadata.get("weeknotes")
        kept = own.get("cell") if isinstance(own, dict) else None
        return str(kept or self.id)


@dataclass(frozen=True)
class Notebook:
    """A notebook as read, with the text it was read from.

    ``file`` is the name that messages use. ``spans`` holds where each cell begins and ends in
    ``text``, and ``array`` the inside of the list of cells.
    """

    file: str
    text: str = field(repr=False)
    cells: tuple[Cell, ...]
    metadata: dict[str, Any]
    minor: int
    spans: tuple[tuple[int, int], ...] = field(repr=False)
    array: tuple[int, int] = field(repr=False)

    @cached_property
    def front_matter(self) -> dict[str, Any]:
        """The YAML of the first raw cell that begins with ``---``: plain JSON values, dates as they
        are written. Empty where there is none. Raises NotebookError with cell and line."""
        cell = self.front_matter_cell
        return frontmatter.parse(cell.source, file=self.file, cell=cell.index) if cell else {}

    @cached_property
    def front_matter_cell(self) -> Cell | None:
        """The first raw cell that holds front matter, None where there is none."""
        for cell in self.cells:
            if cell.kind == "raw" and frontmatter.split(cell.source):
                return cell
        return None

    def find(self, name: str) -> Cell | None:
        """The first cell that Weeknotes knows by ``name``."""
        return next((cell for cell in self.cells if cell.name == name), None)

    def tagged(self, tag: str) -> Cell | None:
        """The first cell with ``tag``."""
        return next((cell for cell in self.cells if tag in cell.tags), None)


def read(path: Path, file: str | None = None) -> Notebook:
    """The notebook at ``path``; ``file`` is how messages name it.

    Raises NotebookError if it is not a notebook of nbformat 4, says where and what to do, and for a
    file of LARGEST bytes or more; OSError if it cannot be opened.
    """
    return parse(path.read_bytes(), file or str(path))


def parse(data: bytes, file: str) -> Notebook:
    """The notebook that ``data`` holds, as JSON in UTF-8. Raises NotebookError."""
    text = _decode(data, file)
    try:
        scan = _scan(text)
    except json.JSONDecodeError as error:
        conflict = re.search(r"^<{7} ", text, re.M)
        raise NotebookError(
            f"not a notebook: not valid JSON ({error.msg})",
            file=file,
            line=text.count("\n", 0, conflict.start()) + 1 if conflict else error.lineno,
            hint="Git left the marks of a merge conflict in it: choose one side, and save it."
            if conflict
            else "Restore it from git, or from JupyterLab's checkpoint.",
        ) from error
    except (RecursionError, ValueError) as error:
        raise NotebookError(f"not a notebook: {error}", file=file) from error
    minor = _check_format(scan.members, file)
    if len(data) >= LARGEST:
        _refuse_size(len(data), scan.spans, file)
    cells = enumerate(scan.members["cells"], 1)
    return Notebook(
        file=file,
        text=text,
        cells=tuple(_cell(value, index, file) for index, value in cells),
        metadata=scan.members["metadata"],
        minor=minor,
        spans=tuple(scan.spans),
        array=scan.array,
    )


def _decode(data: bytes, file: str) -> str:
    if not data.strip():
        raise NotebookError(
            "the file is empty",
            file=file,
            hint="Restore it from git, or delete it and make the week again: weeknotes new WEEK",
        )
    if len(data) >= 10 * LARGEST:
        _refuse_size(len(data), [], file)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise NotebookError(
            "not UTF-8 text",
            file=file,
            line=data.count(b"\n", 0, error.start) + 1,
            hint="Open it in JupyterLab and save it again, or convert it with iconv.",
        ) from error


def _refuse_size(size: int, spans: Sequence[tuple[int, int]], file: str) -> None:
    largest = max(range(len(spans)), key=lambda n: spans[n][1] - spans[n][0], default=None)
    part = ""
    if largest is not None:
        part = f", {(spans[largest][1] - spans[largest][0]) / 1e6:.1f} MB of it in this cell"
    raise NotebookError(
        f"too large: {size / 1e6:.1f} MB{part} (a notebook must stay under {LARGEST / 1e6:.0f} MB)",
        file=file,
        cell=None if largest is None else largest + 1,
        hint="Clear the cell's output, or save its figures as files under assets/images.",
    )


_decode_at = json.JSONDecoder().raw_decode


@dataclass
class _Scan:
    """The top-level object of a notebook: its members, and where the cells are in the text."""

    members: dict[str, Any] = field(default_factory=dict)
    spans: list[tuple[int, int]] = field(default_factory=list)
    array: tuple[int, int] = (0, 0)


def _scan(text: str) -> _Scan:
    """Parse ``text``. Raises JSONDecodeError, or ValueError if it is JSON of another shape."""
    scan = _Scan()
    # A byte order mark, which some editors leave, is not JSON but does no harm.
    position = _skip(text, 1 if text.startswith("\ufeff") else 0)
    if not text.startswith("{", position):
        _decode_at(text, position)
        raise ValueError("the JSON in it is not an object")
    position, done = _first(text, position, "}")
    while not done:
        if not text.startswith('"', position):
            raise json.JSONDecodeError("Expecting property name in double quotes", text, position)
        key, position = _decode_at(text, position)
        if key in scan.members:
            raise ValueError(f"the key {key!r} occurs twice at its top level")
        position = _skip(text, position)
        if not text.startswith(":", position):
            raise json.JSONDecodeError("Expecting ':' delimiter", text, position)
        position = _skip(text, position + 1)
        if key == "cells" and text.startswith("[", position):
            scan.members[key], position = _scan_cells(text, position, scan)
        else:
            scan.members[key], position = _decode_at(text, position)
        position, done = _next(text, position, "}")
    if (end := _skip(text, position)) != len(text):
        raise json.JSONDecodeError("Extra data", text, end)
    return scan


def _scan_cells(text: str, position: int, scan: _Scan) -> tuple[list[Any], int]:
    """The list of cells that opens at ``position``, and where it ends."""
    cells = []
    opening = position
    position, done = _first(text, position, "]")
    while not done:
        cell, end = _decode_at(text, position)
        cells.append(cell)
        scan.spans.append((position, end))
        position, done = _next(text, end, "]")
    scan.array = (opening + 1, position - 1)
    return cells, position


def _first(text: str, opening: int, closing: str) -> tuple[int, bool]:
    """The start of the first member of the object or list that opens at ``opening``, and False; or
    its end, and True if it has no member."""
    position = _skip(text, opening + 1)
    return (position + 1, True) if text.startswith(closing, position) else (position, False)


def _next(text: str, position: int, closing: str) -> tuple[int, bool]:
    """The start of the member after the one that ends at ``position``, and False; or the end of the
    whole object or list, and True."""
    position = _skip(text, position)
    if text.startswith(closing, position):
        return position + 1, True
    if not text.startswith(",", position):
        raise json.JSONDecodeError("Expecting ',' delimiter", text, position)
    following = _skip(text, position + 1)
    if text.startswith(closing, following):
        raise json.JSONDecodeError("Illegal trailing comma", text, position)
    return following, False


def _skip(text: str, position: int) -> int:
    """The first position from ``position`` on that is not white space."""
    return _SPACE.match(text, position).end()  # type: ignore[union-attr]


def _check_format(members: Mapping[str, Any], file: str) -> int:
    """The minor number of the format. Raises NotebookError if it isn't nbformat 4's shape."""
    major, minor = members.get("nbformat"), members.get("nbformat_minor")
    if not isinstance(major, int):
        raise NotebookError("not a notebook: it has no 'nbformat' number", file=file)
    if major < 4:
        raise NotebookError(
            f"of an old format: nbformat {major}, where Weeknotes reads nbformat 4",
            file=file,
            hint="Convert it: weeknotes check --fix",
        )
    if major > 4:
        raise NotebookError(
            f"of a format newer than Weeknotes knows: nbformat {major}, where it reads nbformat 4",
            file=file,
        )
    for key, kind, words in (("metadata", dict, "an object"), ("cells", list, "a list")):
        if not isinstance(members.get(key), kind):
            raise NotebookError(f"not a valid notebook: '{key}' must be {words}", file=file)
    return minor if isinstance(minor, int) else 0


def _cell(value: Any, index: int, file: str) -> Cell:
    """The cell that ``value`` is. Raises NotebookError for what nbformat 4's schema refuses and
    Weeknotes could stumble over."""

    def invalid(what: str) -> NotebookError:
        return NotebookError(
            f"not a valid notebook: {what}",
            file=file,
            cell=index,
            hint="Restore it from git, or mend the cell in a text editor.",
        )

    if not isinstance(value, dict):
        raise invalid("the cell is not an object")
    kind = value.get("cell_type")
    if kind not in KINDS:
        raise invalid(f"'cell_type' is {kind!r}, not raw, markdown or code")
    if not isinstance(value.get("metadata"), dict):
        raise invalid("'metadata' must be an object")
    source = joined(value.get("source"))
    if source is None:
        raise invalid("'source' must be text, or a list of lines")
    if kind == "code":
        outputs = value.get("outputs")
        if not isinstance(outputs, list):
            raise invalid("'outputs' must be a list")
        for output in outputs:
            if not isinstance(output, dict) or output.get("output_type") not in OUTPUT_KINDS:
                raise invalid("an output is not of a kind that nbformat 4 knows")
    name = value.get("id", "")
    return Cell(index, kind, name if isinstance(name, str) else "", source, value)


def joined(value: Any) -> str | None:
    """A multi-line string of nbformat, text or a list of lines, as text; None if it is neither."""
    if isinstance(value, str):
        return value
    if isinstance(value, list) and all(isinstance(line, str) for line in value):
        return "".join(value)
    return None
