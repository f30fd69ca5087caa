"""This module blanks out the parts of a Markdown text that are not Markdown: code and comments, as
the scanner reads them.

Each is blanked out rather than taken out, so that every other character keeps its line and column.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from weeknotes.text.markdown import CODE, CODE_BLOCKS, VERBATIM, Region, blank, read_any_ends

Span = tuple[int, int]

#: The beginning of a fenced block, which is none where nothing closes it.
_FENCE = re.compile(r"^[ \t>]*(?:[-*+][ \t]+|\d+[.)][ \t]+)?(`{3,}(?!.*`)|~{3,})", re.M)
#: Where an inline link or image leads to, with its title.
DESTINATION = (
    r"\(\s*(?:<([^<>\n]*)>|((?:\\.|\([^()\n]*\)|[^\s()\\]|[ \t]+(?![\s\"')]))*))"
    r"(?:\s+(?:\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*'))?\s*\)"
)
_CLOSED = CODE_BLOCKS | {"comment", "verbatim"}


@lru_cache(maxsize=32)
def outline(text: str) -> str:
    """``text`` with blocks of code and comments blanked out; inline code stays."""
    return blank(text, _hidden(text, CODE_BLOCKS))


@lru_cache(maxsize=32)
def plain(text: str) -> str:
    """``text`` with all code and comments blanked out, but for the attributes that label it."""
    return blank(text, _hidden(text, CODE))


def open_formula(text: str) -> int | None:
    """The line of a ``$$`` that belongs to no formula."""
    if "$$" not in text:
        return None
    hidden = [*_hidden(text, CODE), *read_any_ends(text).spans(VERBATIM)]
    found = re.search(r"(?<!\\)\$\$", blank(text, hidden))
    return text.count("\n", 0, found.start()) + 1 if found else None


def raw_html(text: str) -> str:
    """The raw HTML in code ``{=html}`` of ``text``, all else blanked out."""
    if "{=html}" not in text:
        return ""
    kept = [region.inner for region in read_any_ends(text).of(*CODE) if region.name == "=html"]
    edges = [0, *(edge for span in kept for edge in span), len(text)]
    return blank(text, zip(edges[::2], edges[1::2], strict=True))


@lru_cache(maxsize=32)
def open_fence(text: str) -> tuple[int, int, str] | None:
    """The first code fence that is not closed, as position, line and fence; None if all are."""
    if "```" not in text and "~~~" not in text:
        return None
    for match in _FENCE.finditer(text):
        if not read_any_ends(text).inside(match.start(1), _CLOSED):
            start = text.rfind("\n", 0, match.start(1)) + 1
            return start, text.count("\n", 0, start) + 1, match[1]
    return None


def _hidden(text: str, kinds: frozenset[str]) -> Iterator[Span]:
    for region in read_any_ends(text).of("comment", *kinds):
        yield from _without_label(text, region)
    # What follows a fence that is never closed is meant as code, and is a finding of its own.
    if left := open_fence(text):
        yield left[0], len(text)


def _without_label(text: str, region: Region) -> Iterator[Span]:
    """A region without the attributes that give it an identifier."""
    if region.kind == "code":
        ticks = region.inner[0] - region.start
        yield region.start, region.inner[1] + ticks
        return
    first = text[region.start : region.inner[0]] if region.kind == "fence" else ""
    opening = first.find("{")
    if opening < 0 or "#" not in first:
        yield region.start, region.end
    else:
        yield region.start, region.start + opening
        yield region.start + len(first.rstrip("\n")), region.end
