"""Task lists in Markdown: what a week leaves undone, to be carried into the next.

A task is a list item that begins with ``[ ]`` or ``[x]`` (GitHub Flavored Markdown, "Task list
items"; pandoc's ``task_lists``), in any list and at any depth.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from weeknotes.notebooks import Cell

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
    level = 0
    for cell in cells:
        if cell.kind != "markdown" or cell.generated:
            continue
        hidden = PRIVATE in cell.tags
        items, level = _read(cell.source, level)
        if not hidden:
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


def _read(source: str, private_level: int) -> tuple[list[_Item], int]:
    """The list items at the top of ``source``, and the level of the private section that is open at
    its end (0 for none), as ``private_level`` says for its beginning."""
    top: list[_Item] = []
    open_items: list[_Item] = []
    fence = ""
    blank = False
    for line in _without_comments(source).expandtabs(4).splitlines():
        indent = len(line) - len(line.lstrip(" "))
        if fence:
            closing = _FENCE.match(line)
            if closing and closing[1].startswith(fence) and not line.strip(" `~"):
                fence = ""
            _append(open_items, line, indent)
            continue
        if not line.strip():
            blank = True
            _append(open_items, "", 0)
            continue
        item = _ITEM.fullmatch(line)
        heading = _HEADING.match(line)
        if heading and (not open_items or indent <= open_items[0].indent):
            open_items.clear()
            if not private_level or len(heading[1]) <= private_level:
                private_level = len(heading[1]) if _PRIVATE_HEADING.search(line) else 0
        elif item and (open_items or indent < 4):
            while open_items and indent < open_items[-1].indent + 2:
                open_items.pop()
            done = None if item[3] is None else item[3] != " "
            new = _Item(indent, item[4], done if item[4] else None)
            if open_items:
                open_items[-1].parts.append(new)
            elif not private_level:
                top.append(new)
            open_items.append(new)
        else:
            if blank and open_items and indent <= open_items[0].indent:
                open_items.clear()
            if opening := _FENCE.match(line):
                fence = opening[1]
                if open_items and indent <= open_items[0].indent:
                    open_items.clear()
            _append(open_items, line, indent)
        blank = False
    return top, private_level


def _append(open_items: list[_Item], line: str, indent: int) -> None:
    """Give ``line`` to the innermost open item that it is indented under."""
    if not open_items:
        return
    if line:
        while len(open_items) > 1 and indent <= open_items[-1].indent:
            open_items.pop()
    item = open_items[-1]
    item.parts.append(line[min(indent, item.indent + 2) :].rstrip())


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
