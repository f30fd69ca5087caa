"""A notebook as the JSON that its file holds, which is what an editor without notebooks shows."""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property

from weeknotes.assist.documents import CellText, Document
from weeknotes.errors import NotebookError
from weeknotes.journal import notebooks
from weeknotes.journal.notebooks import Notebook

_LETTER = re.compile(
    r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\.|.", re.S
)
_MEMBER = re.compile(r'\s*,?\s*(?P<name>"(?:[^"\\]|\\.)*")\s*:\s*')
_ITEM = re.compile(r'\s*,?\s*(?=")')
_decode = json.JSONDecoder().raw_decode


@dataclass(frozen=True)
class NotebookJson:
    """The JSON of a notebook with the place of each cell's text in it."""

    notebook: Notebook
    document: Document

    @classmethod
    def read(cls, name: str, text: str) -> NotebookJson | None:
        """The notebook in ``text``; None where it is none, or being changed into one."""
        try:
            notebook = notebooks.parse(text.encode("utf-8", "replace"), name)
        except NotebookError:
            return None
        cells = tuple(CellText(cell.kind, cell.source) for cell in notebook.cells)
        return cls(notebook, Document(name, cells))

    def place(self, at: int) -> tuple[int, int] | None:
        """The cell (from 0) and the offset in its text that the offset ``at`` of the JSON is at; None
        outside of all cells' texts."""
        cell = bisect_right(self.notebook.spans, (at, len(self.notebook.text) + 1)) - 1
        if cell < 0:
            return None
        offsets = self.offsets(cell)
        if not offsets or not offsets[0] <= at <= offsets[-1]:
            return None
        return cell, min(bisect_right(offsets, at) - 1, len(self.document.cells[cell].text))

    def offsets(self, cell: int) -> list[int]:
        """The offset in the JSON of each character of a cell's text, and that of its end."""
        if cell not in self._offsets:
            self._offsets[cell] = self._read_offsets(cell)
        return self._offsets[cell]

    @cached_property
    def _offsets(self) -> dict[int, list[int]]:
        return {}

    def _read_offsets(self, cell: int) -> list[int]:
        text = self.notebook.text
        start, end = self.notebook.spans[cell]
        position = _source_of(text, start, end)
        if position is None:
            return []
        value, after = _decode(text, position)
        pieces = [(position, after)] if isinstance(value, str) else _strings(text, position)
        offsets = [
            first + 1 + letter.start()
            for first, last in pieces
            for letter in _LETTER.finditer(text[first + 1 : last - 1])
        ]
        return [*offsets, pieces[-1][1] - 1] if pieces else []


def _source_of(text: str, start: int, end: int) -> int | None:
    """The offset of the value of the member ``source`` in the object from ``start`` to ``end``."""
    position = start + 1
    while found := _MEMBER.match(text, position, end):
        name, _ = _decode(text, found.start("name"))
        if name == "source":
            return found.end()
        _, position = _decode(text, found.end())
    return None


def _strings(text: str, opening: int) -> list[tuple[int, int]]:
    """The strings of the list that opens at ``opening``, with their quotes."""
    found = []
    position = opening + 1
    while (item := _ITEM.match(text, position)) is not None:
        _, position = _decode(text, item.end())
        found.append((item.end(), position))
    return found


def escaped(text: str) -> str:
    """``text`` as it stands in a string of JSON."""
    return json.dumps(text, ensure_ascii=False)[1:-1]
