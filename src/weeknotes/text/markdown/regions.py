"""The parts of a Markdown text, with their places in it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from weeknotes.text.markdown.attributes import NOTHING, Attributes

CODE = frozenset({"fence", "indented", "code"})
"""Blocks of code, fenced and indented, and code spans."""
CODE_BLOCKS = frozenset({"fence", "indented"})
VERBATIM = CODE | {"comment", "math", "tag", "verbatim", "tex", "yaml", "address"}
"""Everything whose text is not Markdown."""


@dataclass(frozen=True)
class Region:
    """A part of a text.

    ``start`` and ``end`` are its offsets, and ``inner`` those of what it holds: the code without its
    fences, the words of a span without brackets and attributes. ``kind`` is one of

    - blocks: "heading", "paragraph", "fence", "indented", "div" (fenced, or of HTML), "element" (any
      other element of HTML that holds blocks), "quote", "list", "item", "definition-list", "table",
      "line-block", "rule", "yaml", "verbatim" (``<pre>``, ``<script>``, ``<style>`` and
      ``<textarea>``), "note" (the definition of a footnote), "reference" (that of a link)
    - inlines: "code", "math", "comment" (a block too), "tag" (of HTML), "tex" (a block too), "address"
      (in angle brackets), "span" (in brackets, or of HTML), "link", "image", "inline-note",
      "note-mark", "bracket" (brackets that belong to no mark)
    - "attributes" (an attribute block that belongs to one of these), "caption" (of a table)

    ``attributes`` are those of the element; ``name`` is the tag's or element's name, the fence's
    language or raw format, or the label of a note or reference; ``level`` a heading's level. ``depth``
    counts the regions around it.
    """

    kind: str
    start: int
    end: int
    inner: tuple[int, int]
    attributes: Attributes = NOTHING
    name: str = ""
    level: int = 0
    depth: int = 0


@dataclass(frozen=True)
class Structure:
    """A Markdown text and all its regions, the outer before the inner, in their order."""

    text: str
    regions: tuple[Region, ...]

    def of(self, *kinds: str) -> Iterator[Region]:
        """The regions of these kinds."""
        return (region for region in self.regions if region.kind in kinds)

    def spans(self, kinds: Iterable[str]) -> list[tuple[int, int]]:
        """The stretches that regions of ``kinds`` cover, in order, joined where they touch."""
        wanted = frozenset(kinds)
        return joined((r.start, r.end) for r in self.regions if r.kind in wanted)

    def inside(self, at: int, kinds: Iterable[str]) -> bool:
        """Whether the offset ``at`` is in a region of one of these kinds."""
        key = frozenset(kinds)
        if key not in self._covered:
            self._covered[key] = self.spans(key)
        spans = self._covered[key]
        number = bisect_right(spans, (at, len(self.text) + 1)) - 1
        return number >= 0 and spans[number][0] <= at < spans[number][1]

    def blanked(self, kinds: Iterable[str]) -> str:
        """The text with spaces for all but the line ends in regions of ``kinds``, so that everything
        else keeps its offset, line and column."""
        return blank(self.text, self.spans(kinds))

    def lines(self, kinds: Iterable[str]) -> set[int]:
        """The numbers, from 1, of the lines that begin in a region of one of ``kinds``."""
        return {
            number for number, start in enumerate(self.line_starts, 1) if self.inside(start, kinds)
        }

    @cached_property
    def line_starts(self) -> list[int]:
        """The offset at which each line begins."""
        starts = [0]
        at = self.text.find("\n")
        while at >= 0:
            starts.append(at + 1)
            at = self.text.find("\n", at + 1)
        return starts

    def line(self, at: int) -> int:
        """The number, from 1, of the line that the offset ``at`` is in."""
        return bisect_right(self.line_starts, at)

    @cached_property
    def _covered(self) -> dict[frozenset[str], list[tuple[int, int]]]:
        return {}


def joined(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """``spans`` in order, joined where they touch or overlap."""
    result: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if result and start <= result[-1][1]:
            result[-1] = (result[-1][0], max(result[-1][1], end))
        elif end > start:
            result.append((start, end))
    return result


def blank(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """``text`` with spaces for all but the line ends in ``spans``."""
    parts, position = [], 0
    for start, end in joined(spans):
        parts.append(text[position:start])
        parts.append("\n".join(" " * len(line) for line in text[start:end].split("\n")))
        position = end
    return "".join([*parts, text[position:]])
