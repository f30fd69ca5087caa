"""Inlines of Markdown: code, mathematics, HTML, links, images and spans within a paragraph.

Follows the order in which pandoc tries them (its reader of `markdown`): what begins first wins, and
brackets are matched around code, mathematics, escapes and HTML.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass, field

from weeknotes.text.markdown import formulas
from weeknotes.text.markdown.attributes import (
    NOTHING,
    Attributes,
    read_attributes,
    read_raw_attribute,
)
from weeknotes.text.markdown.html_tags import Tag, read_tag
from weeknotes.text.markdown.regions import Region
from weeknotes.text.markdown.source import BLANK, Source

PLAIN = re.compile(r"[^\\`$\[\]!^~<\n]+")
_TICKS = re.compile(r"`+")
_ADDRESS = re.compile(r"<(?:[A-Za-z][A-Za-z0-9+.-]*:[^\s<>]+|[^\s<>@]+@[\w.-]+)>")
_RAISED = re.compile(r"([\^~])(?:\\[^\w\n]|(?!\1)[^\s\\])*\1")


@dataclass
class Context:
    """The constructs that are open around a piece of text."""

    in_list: bool = False
    html_block: str = ""
    div_level: int = 0
    links: bool = True


@dataclass
class Definitions:
    """The labels of links that a text defines, and those of its headings, which links may name too.

    They are known only when the whole text has been read; ``missed`` says that a link was met before.
    """

    references: dict[str, Attributes] = field(default_factory=dict)
    headings: set[str] = field(default_factory=set)
    complete: bool = False
    missed: bool = False

    def of(self, label: str) -> Attributes | None:
        """The attributes at the definition of ``label``; None where nothing defines it."""
        found = self.references.get(label)
        return NOTHING if found is None and label in self.headings else found


def label_key(raw: str) -> str:
    """A reference's label in the form in which labels are compared."""
    return " ".join(raw.split()).casefold()


class Inlines:
    """Reads the inlines of one piece of text. A subclass says where a paragraph ends."""

    #: Whether a paragraph can go on behind the end of a line, as it cannot in a heading.
    _breaks = True

    def __init__(
        self, source: Source, regions: list[Region], definitions: Definitions, context: Context
    ) -> None:
        self.source = source
        self.text = source.text
        self.regions = regions
        self.definitions = definitions
        self.context = context
        self._limit = len(self.text)
        self._ticks: dict[int, list[int]] | None = None
        self._matching: dict[int, int] | None = None

    def add(
        self,
        kind: str,
        start: int,
        end: int,
        inner: tuple[int, int] | None = None,
        attributes: Attributes = NOTHING,
        name: str = "",
        level: int = 0,
    ) -> None:
        """Note a region from ``start`` to ``end`` of this piece."""
        at = self.source.origin(start)
        stop = max(at, self.source.end(end))
        inside = (at, stop)
        if inner:
            inside = (self.source.origin(inner[0]), self.source.end(inner[1]))
            if inner[0] == inner[1]:
                inside = (inside[0], inside[0])
        self.regions.append(Region(kind, at, stop, inside, attributes, name, level))

    def goes_on(self, at: int) -> bool:
        """Whether the line end at ``at`` is one within a paragraph."""
        raise NotImplementedError

    def inlines(
        self, at: int, end: int | None = None, stop: Callable[[int], bool] | None = None
    ) -> int:
        """Read inlines from ``at`` on and return where they end: at ``end``, where ``stop`` says so, or
        where a paragraph ends."""
        outer, limit = self._limit, self._limit if end is None else end
        self._limit = limit
        while at < limit and not (stop and stop(at)):
            if plain := PLAIN.match(self.text, at, limit):
                at = self._step(plain) if stop else plain.end()
                continue
            following = self._inline(at)
            if following < 0:
                break
            at = following
        self._limit = outer
        return min(at, limit)

    @staticmethod
    def _step(plain: re.Match[str]) -> int:
        """The end of the plain text that can be skipped in a search for an end: the next place at
        which attributes or a closing mark can begin."""
        found = re.compile(r"[ \t#{]").search(plain.string, plain.start() + 1, plain.end())
        return found.start() if found else plain.end()

    def _inline(self, at: int) -> int:
        """The position behind the inline at ``at``; -1 where a paragraph ends."""
        sign = self.text[at]
        if sign == "\n":
            return at + 1 if self.goes_on(at) else -1
        found = -1
        if sign == "`":
            found = self.code(at)
        elif sign == "$":
            found = self.math(at)
        elif sign == "\\":
            found = self._backslash(at)
        elif sign == "[":
            found = self._bracket(at, at)
        elif sign == "!":
            found = self._bracket(at + 1, at) if self._opens(at + 1) else -1
        elif sign == "^":
            found = self._inline_note(at) if self._opens(at + 1) else -1
            found = found if found >= 0 else self._raised(at)
        elif sign == "~":
            found = at + 2 if self.text.startswith("~~", at) else self._raised(at)
        elif sign == "<":
            return self._angle(at)
        return found if found >= 0 else at + 1

    def _raised(self, at: int) -> int:
        """The position behind a superscript or subscript at ``at``; -1 where there is none."""
        match = _RAISED.match(self.text, at, self._limit)
        if not match:
            return -1
        self.inlines(at + 1, match.end() - 1)
        return match.end()

    def _opens(self, at: int) -> bool:
        return self.text.startswith("[", at)

    # Code, mathematics, TeX

    def code(self, at: int, note: bool = True) -> int:
        """The position behind the code span at ``at``; -1 where there is none."""
        ticks = _TICKS.match(self.text, at)
        if not ticks:
            return -1
        size = ticks.end() - at
        places = self._ticks_of(size)
        number = bisect_left(places, ticks.end())
        if number >= len(places):
            return -1
        close = places[number]
        line = self.text.find("\n", ticks.end(), close)
        while line >= 0:
            if BLANK.match(self.text, line + 1) or self.begins_item(line + 1):
                return -1
            line = self.text.find("\n", line + 1, close)
        end = close + size
        if end > self._limit:
            return -1
        attributes, name = NOTHING, ""
        if raw := read_raw_attribute(self.text, end):
            name, end = "=" + raw[0], raw[1]
        elif found := self._attributes(end):
            attributes, end = found
        if note:
            self.add("code", at, end, (ticks.end(), close), attributes, name)
        return end

    def begins_item(self, at: int) -> bool:
        """Whether a list item begins at ``at``, in a list."""
        return False

    def _ticks_of(self, size: int) -> list[int]:
        """The places at which runs of exactly ``size`` backticks begin."""
        if self._ticks is None:
            self._ticks = {}
            for match in _TICKS.finditer(self.text):
                self._ticks.setdefault(match.end() - match.start(), []).append(match.start())
        return self._ticks.get(size, [])

    def math(self, at: int, note: bool = True) -> int:
        """The position behind the formula at ``at``; -1 where there is none."""
        if self.text.startswith("$$", at):
            end = formulas.display_end(self.text, at)
            if 0 <= end <= self._limit:
                if note:
                    self.add("math", at, end, (at + 2, end - 2))
                return end
        end = formulas.inline_end(self.text, at)
        if end > self._limit:
            return -1
        if end >= 0 and note:
            self.add("math", at, end, (at + 1, end - 1))
        return end

    def _line_end(self, at: int) -> int:
        end = self.text.find("\n", at)
        return end if end >= 0 else len(self.text)

    def _backslash(self, at: int, note: bool = True) -> int:
        following = self.text[at + 1 : at + 2]
        if not following.isalnum():
            return at + 1 if following in ("\n", "") else at + 2
        return self.tex(at, note)

    def tex(self, at: int, note: bool = True) -> int:
        """The position behind the TeX command at ``at``, with its arguments; -1 where there is none."""
        end = formulas.environment_end(self.text, at)
        if end < 0:
            end = formulas.command_end(self.text, at)
        if end >= 0 and note:
            self.add("tex", at, end)
        return end

    # HTML

    def _angle(self, at: int) -> int:
        """Read what begins with ``<``, and return where to go on; -1 if a tag of a block ends the
        paragraph."""
        if self.context.links and _ADDRESS.match(self.text, at):
            end = self.text.index(">", at) + 1
            found = self._attributes(end)
            attributes, stop = found or (NOTHING, end)
            self.add("address", at, stop, (at + 1, end - 1), attributes)
            return stop
        tag = read_tag(self.text, at)
        if tag and tag.kind == "open" and tag.name == "span":
            end = self.html_span(tag)
            if end >= 0:
                return end
        if tag and self._is_inline(tag):
            self._add_tag(tag)
            return tag.end
        return -1 if tag and tag.is_block else at + 1

    def _add_tag(self, tag: Tag) -> None:
        kind = "comment" if tag.kind == "comment" else "tag"
        name = ("/" if tag.kind == "close" else "") + tag.name
        self.add(kind, tag.start, tag.end, None, tag.attributes, name, int(tag.closes_itself))

    def _is_inline(self, tag: Tag) -> bool:
        closes_block = tag.kind == "close" and tag.name == self.context.html_block
        return tag.is_inline and not closes_block

    def html_span(self, tag: Tag) -> int:
        """The position behind the element ``<span>`` that ``tag`` opens; -1 where its end tag is
        missing in the paragraph."""
        raise NotImplementedError

    # Brackets

    def _bracket(self, at: int, start: int) -> int:
        """The position behind what begins with the bracket at ``at``; -1 where that is text."""
        raise NotImplementedError

    def _inline_note(self, at: int) -> int:
        """The position behind the footnote that begins at ``at``; -1 where there is none."""
        raise NotImplementedError

    def _attributes(self, at: int) -> tuple[Attributes, int] | None:
        """The attribute block at ``at``, within what is being read."""
        found = read_attributes(self.text, at) if at < self._limit else None
        return found if found and found[1] <= self._limit else None
