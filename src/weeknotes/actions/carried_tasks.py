"""Task lists in Markdown: what a week leaves undone, to be carried into the next.

A task is a list item that begins with ``[ ]`` or ``[x]`` (GitHub Flavored Markdown, "Task list
items"; pandoc's ``task_lists``), in any list and at any depth.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from weeknotes.journal.notebooks import Cell, joined
from weeknotes.privacy.cut import cut_notebook
from weeknotes.privacy.marks import unshown_spans, without
from weeknotes.text.markdown import blank, read

_ITEM = re.compile(r"([ \t]*)([-*+]|\d{1,9}[.)])(?:[ \t]+|$)(?:\[([ xX])\](?=[ \t]|$))?[ \t]*(.*)")
#: A line that opens or closes a div, which a task does not take along.
_FENCE_OF_DIV = re.compile(r"[ \t]*:{3,}")
_QUOTE = re.compile(r" {0,3}>[ ]?")
_MARK = re.compile(r"\[\^([^\[\]\s]+)\](?!:)")
#: A label that was carried before.
_ORIGIN = re.compile(r"\d{4}-W\d{2}-")
_HEADING = re.compile(r" {0,3}(#{1,6})(?:[ \t]|$)")


@dataclass
class _Item:
    """A list item. ``done`` is None where it is not a task; ``line`` is where it begins, from 1;
    ``parts`` holds, in order, the lines that belong to it, without its indentation, and the items
    within it."""

    indent: int
    text: str
    done: bool | None
    line: int = 0
    parts: list[str | _Item] = field(default_factory=list)


def unticked(cells: Iterable[Cell], origin: str = "") -> str:
    """The tasks of ``cells`` that are not done, as a Markdown task list; empty if there are none.

    A task keeps what is within it, except the tasks there that are done; an undone task within one that
    is done moves up. Tasks in callouts and quotes come without those, and the text of a footnote comes
    with its mark, under a label that begins with ``origin``, so that it is no other note's. Code,
    comments, generated cells, and what is private or not shown are not looked into: private tasks would
    end up in a public place.
    """
    known = list(cells)
    whole = [{**cell.json, "cell_type": cell.kind, "source": cell.source} for cell in known]
    cut = cut_notebook({"cells": whole})
    lines: list[str] = []
    notes: dict[str, str] = {}
    for number, left in zip(cut.numbers, cut.notebook["cells"], strict=True):
        cell = known[number - 1]
        if cell.kind != "markdown" or cell.generated:
            continue
        text = joined(left["source"]) or ""
        shown = without(text, unshown_spans(text))
        for note in read(shown).of("note"):
            notes.setdefault(note.name, shown[note.start : note.end].strip())
        for item in _Reader().read(text):
            lines += _carry(item, "")
    return _with_notes("\n".join(lines), notes, origin)


@dataclass(frozen=True)
class TaskLine:
    """A task of a cell: the line that it begins on, from 1, its text on one line, and whether it is
    done."""

    line: int
    text: str
    done: bool


def task_lines(source: str) -> list[TaskLine]:
    """The tasks of a Markdown cell, at any depth, in order; none of comments and code."""
    spans = ((start, end) for start, end in unshown_spans(source))
    shown = blank(source, spans)
    return [*_tasks_of(_Reader().read_shown(shown))]


def _tasks_of(items: Iterable[_Item]) -> Iterator[TaskLine]:
    for item in items:
        if item.done is not None:
            rest = [part for part in item.parts if isinstance(part, str)]
            # Up to an empty line it is one paragraph.
            own = rest[: rest.index("")] if "" in rest else rest
            yield TaskLine(item.line, " ".join([item.text, *own]).strip(), item.done)
        yield from _tasks_of(part for part in item.parts if isinstance(part, _Item))


def _with_notes(text: str, notes: Mapping[str, str], origin: str) -> str:
    """``text`` with the footnotes that it mentions below it, each under a label of its own."""
    carried: list[str] = []

    def renamed(match: re.Match[str]) -> str:
        label = match[1]
        if label not in notes:
            return match[0]
        own = label if not origin or _ORIGIN.match(label) else f"{origin}-{label}"
        body = notes[label].partition(":")[2]
        definition = f"[^{own}]:{body}"
        if definition not in carried:
            carried.append(definition)
        return f"[^{own}]"

    made = _MARK.sub(renamed, text)
    return "\n\n".join([made, *carried]) if carried else made


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
    """Reads the list items of one cell."""

    def __init__(self) -> None:
        self.items: list[_Item] = []
        self._line = 0
        self._open: list[_Item] = []
        self._blank = False
        self._quoted = 0

    def read(self, source: str) -> list[_Item]:
        """The list items at the top of ``source``."""
        return self.read_shown(without(source, unshown_spans(source)))

    def read_shown(self, shown: str) -> list[_Item]:
        """The list items at the top of ``shown``, a text that holds nothing else."""
        text = shown.expandtabs(4)
        fenced = read(text).lines({"fence"})
        for number, line in enumerate(text.split("\n"), 1):
            self._line = number
            if number in fenced:
                self._read_fenced(line, first=number - 1 not in fenced)
                continue
            quoted = 0
            while quote := _QUOTE.match(line):
                line, quoted = line[quote.end() :], quoted + 1
            if quoted != self._quoted or _FENCE_OF_DIV.match(line):
                self._open.clear()
            self._quoted = quoted
            if _FENCE_OF_DIV.match(line):
                self._blank = True
            elif line.strip():
                self._read_line(line, _indent(line))
                self._blank = False
            else:
                self._blank = True
        return self.items

    def _read_line(self, line: str, indent: int) -> None:
        item = _ITEM.fullmatch(line)
        outside = not self._open or indent <= self._open[0].indent
        if _HEADING.match(line) and outside:
            self._open.clear()
        elif item and (self._open or indent < 4):
            self._begin(item, indent)
        else:
            if outside and self._blank:
                self._open.clear()
            self._append(line, indent)

    def _read_fenced(self, line: str, first: bool) -> None:
        indent = _indent(line)
        if first and self._open and indent <= self._open[0].indent:
            self._open.clear()
        if line.strip():
            self._append(line, indent)
        elif self._open:
            self._open[-1].parts.append("")
        self._blank = self._blank and first and not line.strip()

    def _begin(self, match: re.Match[str], indent: int) -> None:
        """Open the list item that ``match`` begins."""
        while self._open and indent < self._open[-1].indent + 2:
            self._open.pop()
        ticked = None if match[3] is None or not match[4] else match[3] != " "
        item = _Item(indent, match[4], ticked, self._line)
        if self._open:
            self._open[-1].parts += [""] * self._blank + [item]
        else:
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
