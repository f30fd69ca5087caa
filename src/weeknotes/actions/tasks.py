"""Task lists in Markdown: what a week leaves undone, to be carried into the next.

A task is a list item that begins with ``[ ]`` or ``[x]`` (GitHub Flavored Markdown, "Task list
items"; pandoc's ``task_lists``), in any list and at any depth.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from weeknotes.journal.notebooks import Cell

PRIVATE = "private"

_ITEM = re.compile(r"([ \t]*)([-*+]|\d{1,9}[.)])(?:[ \t]+|$)(?:\[([ xX])\](?=[ \t]|$))?[ \t]*(.*)")
_FENCE = re.compile(r"[ \t]*(`{3,}(?=[^`]*$)|~{3,})")
_HEADING = re.compile(r" {0,3}(#{1,6})(?:[ \t]|$)")
_PRIVATE_HEADING = re.compile(r"\{[^{}]*\.private\b[^{}]*\}[ \t]*$")


@dataclass
class _Item:
    """A list item. ``done`` is None where it is not a task; ``parts`` holds, in order, the lines
    that belong to it, without its indentation, and the items within it."""

    indent: int
    text: str
    done: bool | None
    parts: list[str | _Item] = field(default_factory=list)


def unticked(cells: Iterable[Cell]) -> str:
    """The tasks of ``cells`` that are not done, as a Markdown task list; empty if there are none.

    A task keeps what stands within it, except the tasks there that are done; an undone task within
    one that is done moves up. Code, comments, generated cells, and what is private (a cell's tag, a
    heading's class) are not looked into: private tasks would end up in a public place.
    """
    lines: list[str] = []
    reader = _Reader()
    for cell in cells:
        if cell.kind != "markdown" or cell.generated:
            continue
        items = reader.read(cell.source)
        if PRIVATE not in cell.tags:
            for item in items:
                lines += _carry(item, "")
    return "\n".join(lines)


def _carry(item: _Item, indent: str) -> Iterator[str]:
    """The lines that ``item`` leaves to be done."""
    if item.done is not False:
        for part in item.parts:
            if isinstance(part, _Item):
                yield from _carry(part, indent)
        return
    yield f"{indent}- [ ] {item.text}"
    inner = indent + "  "
    body: list[str] = []
    for part in item.parts:
        if isinstance(part, str):
            body.append(inner + part if part else "")
        elif part.done is None:
            body += _keep(part, inner)
        else:
            body += _carry(part, inner)
    while body and not body[-1]:
        body.pop()
    yield from body


def _keep(item: _Item, indent: str) -> Iterator[str]:
    """The lines of an item that is no task, within one that is: a remark about it."""
    yield f"{indent}- {item.text}"
    for part in item.parts:
        if isinstance(part, str):
            yield f"{indent}  {part}" if part else ""
        elif part.done is None:
            yield from _keep(part, indent + "  ")
        else:
            yield from _carry(part, indent + "  ")


class _Reader:
    """Reads list items from one cell after another: a private section may run over several."""

    def __init__(self) -> None:
        self.items: list[_Item] = []
        self._open: list[_Item] = []
        self._fence = ""
        self._blank = False
        self._private_level = 0

    def read(self, source: str) -> list[_Item]:
        """The list items at the top of ``source``, without those in a private section."""
        self.items, self._open, self._fence, self._blank = [], [], "", False
        for line in _without_comments(source).expandtabs(4).splitlines():
            if self._fence:
                self._read_fenced(line)
            elif line.strip():
                self._read_line(line, _indent(line))
                self._blank = False
            else:
                self._blank = True
        return self.items

    def _read_line(self, line: str, indent: int) -> None:
        item = _ITEM.fullmatch(line)
        heading = _HEADING.match(line)
        outside = not self._open or indent <= self._open[0].indent
        if heading and outside:
            self._open.clear()
            level = len(heading[1])
            if not self._private_level or level <= self._private_level:
                self._private_level = level if _PRIVATE_HEADING.search(line) else 0
        elif item and (self._open or indent < 4):
            self._begin(item, indent)
        else:
            opening = _FENCE.match(line)
            if outside and (self._blank or opening):
                self._open.clear()
            self._fence = opening[1] if opening else ""
            self._append(line, indent)

    def _read_fenced(self, line: str) -> None:
        closing = _FENCE.match(line)
        if closing and closing[1].startswith(self._fence) and not line.strip(" `~"):
            self._fence = ""
        if line.strip():
            self._append(line, _indent(line))
        elif self._open:
            self._open[-1].parts.append("")

    def _begin(self, match: re.Match[str], indent: int) -> None:
        """Open the list item that ``match`` begins."""
        while self._open and indent < self._open[-1].indent + 2:
            self._open.pop()
        ticked = None if match[3] is None or not match[4] else match[3] != " "
        item = _Item(indent, match[4], ticked)
        if self._open:
            self._open[-1].parts += [""] * self._blank + [item]
        elif not self._private_level:
            self.items.append(item)
        self._open.append(item)

    def _append(self, line: str, indent: int) -> None:
        """Give ``line`` to the innermost open item that it is indented under."""
        if not self._open:
            return
        while len(self._open) > 1 and indent <= self._open[-1].indent:
            self._open.pop()
        item = self._open[-1]
        text = line[min(indent, item.indent + 2) :].rstrip()
        item.parts += [""] * self._blank + [text]
        self._blank = False


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _without_comments(source: str) -> str:
    """``source`` with its HTML comments taken out, but not what looks like one in code."""
    out: list[str] = []
    fence = ""
    inside = False
    for line in source.splitlines():
        if not inside and (mark := _FENCE.match(line)):
            if not fence:
                fence = mark[1]
            elif mark[1].startswith(fence) and not line.strip(" \t`~"):
                fence = ""
        if fence:
            out.append(line)
            continue
        kept = ""
        rest = line
        while rest:
            if inside:
                _, found, rest = rest.partition("-->")
                inside = not found
            else:
                before, found, rest = rest.partition("<!--")
                kept += before
                inside = bool(found)
        if kept.strip() or not line.strip():
            out.append(kept)
    return "\n".join(out)
