"""This module finds what looks like a mark of something private and is none.

Pandoc takes ``{private}``, ``{. private}`` and ``::: note {.private}`` for text, ``{#private}`` for an
identifier, and no program takes braces of full width for attributes. Whoever writes such a thing may
think that it hides something: it is told of, and stops the publishing of a site.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from typing import Any

from weeknotes.privacy.cells import source_of, tags_of
from weeknotes.privacy.class_names import CLASS, may_mark, resembles_class
from weeknotes.privacy.marks import as_it_seems, as_pandoc_reads, merged, shows_mark
from weeknotes.privacy.options import seeming_option
from weeknotes.text.markdown import VERBATIM, Region, Structure, blank, read

_BRACES = re.compile(
    r"""(?i)[{｛][ \t]*[.#:=．。＃"'“‘]{0,3}[ \t]*private(?![\w-])[^{}｛｝\n]*[}｝]?"""
    r"|[{｛][^{}｛｝\n]*[.．。][ \t]*private(?![\w-])[^{}｛｝\n]*[}｝]"
)
_OTHER = re.compile(
    r"""(?imx)
      [【〔「〈(（\[<＜][ \t]*[.．。＃][ \t]*private[ \t]*[】〕」〉)）\]>＞]  # other brackets
    | \]\.private(?![\w-])                                          # no brackets
    | \[/private\]                                                 # BBCode
    | ^[ \t>]*:{3,}[ \t]*\.private(?![\w-])                         # a div
    | ^[ \t]*\#{1,6}private(?![\w-])                                # a heading, or a hash tag
    | <[a-z][\w-]*(?:\s[^<>\n]*)?[\s.="'“‘]private(?![\w-])          # a tag that is none
    | <private>"""
)
_COMMENT = re.compile(
    r"(?i)<!--[\s/:]*(?:(?:begin|start|end)[\s:-]*)?private(?:[\s:-]*(?:begin|start|end))?\s*-->"
)
_KEYS = frozenset({CLASS, f"data-{CLASS}", f".{CLASS}"})


def seeming_marks(text: str) -> Iterator[tuple[int, bool]]:
    """The places in the Markdown ``text`` that look like a mark and are none: their offset, and
    whether the part that they seem to mark is hidden all the same."""
    if not may_mark(text.encode("utf-8", "surrogatepass")):
        return
    structure = read(text)
    known = as_pandoc_reads(structure)
    hidden = merged([*known, *as_it_seems(structure, known)])
    told: set[int] = set()
    for at in _places(structure, known):
        if at not in told:
            told.add(at)
            yield at, _covers(hidden, at)


def seeming_mark_of_cell(cell: Mapping[str, Any]) -> int | None:
    """The line, from 1, of what looks like a mark of the whole ``cell`` and is none, among its tags or
    the options of its code; None where nothing does."""
    if any(map(resembles_class, tags_of(cell))):
        return 1
    text = source_of(cell) or ""
    at = seeming_option(text) if cell.get("cell_type") == "code" else None
    return None if at is None else text.count("\n", 0, at) + 1


def _covers(spans: list[tuple[int, int]], at: int) -> bool:
    """Whether the offset ``at`` is in one of ``spans``, which are in order."""
    number = bisect_right(spans, at, key=lambda span: span[0]) - 1
    return number >= 0 and at < spans[number][1]


def _places(structure: Structure, known: list[tuple[int, int]]) -> Iterator[int]:
    for region in structure.regions:
        if not _covers(known, region.start) and _seems(structure, region):
            yield region.start
    if CLASS not in structure.text.casefold():
        return
    plain = blank(structure.blanked(VERBATIM - {"yaml", "tex"}), known)
    for match in _BRACES.finditer(plain):
        at = match.start()
        escaped = at > 0 and plain[at - 1] == "\\"
        # A command of TeX has its arguments in braces.
        argument = "." not in match[0] and structure.inside(at, {"tex"})
        if not escaped and not argument:
            yield at
    plain = blank(structure.blanked(VERBATIM), known)
    yield from (match.start() for match in _OTHER.finditer(plain))


def _seems(structure: Structure, region: Region) -> bool:
    if region.kind in ("attributes", "caption"):
        return False
    if region.kind == "comment":
        return bool(_COMMENT.fullmatch(structure.text, region.start, region.end))
    if region.kind == "fence" and region.name.casefold() == f".{CLASS}":
        return True
    if region.kind == "tag" and region.name == CLASS:
        return True
    if region.kind == "verbatim":
        # Pandoc passes an element on as it is where its start tag is malformed.
        tag = structure.text[region.start : region.end].partition(">")[0]
        return bool(_OTHER.match(tag))
    if region.kind in ("fence", "code") and any(
        shows_mark(value) for _, value in region.attributes.values
    ):
        return True  # The values of others are text that is looked at.
    if any(key.casefold() in _KEYS for key, _ in region.attributes.values):
        return region.kind in ("tag", "span")
    return any(map(resembles_class, region.attributes.classes))
