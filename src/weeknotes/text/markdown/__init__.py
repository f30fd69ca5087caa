"""The one scanner of Markdown structure: what in a text is code, a heading, a span, and where.

It reads a text as pandoc's reader of `markdown` does, with that reader's own extensions, and gives for
each part its place in the text, which pandoc does not. Everything that masks, moves or cuts Markdown
asks it.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from weeknotes.text.markdown.attributes import Attributes, read_attributes
from weeknotes.text.markdown.blocks import Blocks
from weeknotes.text.markdown.inlines import Context, Definitions
from weeknotes.text.markdown.regions import (
    CODE,
    CODE_BLOCKS,
    VERBATIM,
    Region,
    Structure,
    blank,
    joined,
)
from weeknotes.text.markdown.source import Source

__all__ = [
    "CODE",
    "CODE_BLOCKS",
    "VERBATIM",
    "Attributes",
    "Region",
    "Structure",
    "blank",
    "joined",
    "read",
    "read_any_ends",
    "read_attributes",
]


#: Calls within calls, three for each element in another.
_DEEPEST = 15_000


@lru_cache(maxsize=64)
def read(text: str) -> Structure:
    """The structure of ``text`` as pandoc reads it. Line ends must be ``\\n``."""
    regions: list[Region] = []
    definitions = Definitions()
    source = Source(text + "\n\n\n")
    with _room():
        Blocks(source, regions, definitions, Context()).blocks()
        if definitions.missed:
            # A link may be defined behind it, so the labels are read first.
            regions = []
            definitions.complete = True
            Blocks(source, regions, definitions, Context()).blocks()
    found = (_within(region, len(text)) for region in regions if region.start < len(text))
    ordered = sorted(found, key=lambda region: (region.start, -region.end))
    return Structure(text, tuple(_with_depths(ordered)))


@contextlib.contextmanager
def _room() -> Iterator[None]:
    """Let the scanner read elements within elements as deep as pages of HTML have them that close none
    of their cells. Its calls take memory and no stack of the system's."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, _DEEPEST))
    try:
        yield
    finally:
        sys.setrecursionlimit(before)


def read_any_ends(text: str) -> Structure:
    """`read` for a text whose lines may end as Windows ends them. Offsets are those in ``text``."""
    return read(text.replace("\r", " "))


def _within(region: Region, length: int) -> Region:
    """``region`` without what was added at the end of the text to read it."""
    if region.end <= length:
        return region
    inner = (min(region.inner[0], length), min(region.inner[1], length))
    return replace(region, end=length, inner=inner)


def _with_depths(regions: list[Region]) -> list[Region]:
    result = []
    open_ends: list[int] = []
    for region in regions:
        while open_ends and open_ends[-1] <= region.start:
            open_ends.pop()
        result.append(replace(region, depth=len(open_ends)))
        open_ends.append(region.end)
    return result
