"""Comments in double percent signs that go over several lines, which are private."""

from __future__ import annotations

import re
from collections.abc import Sequence

from weeknotes.importers.markdown import blocks
from weeknotes.importers.markdown.blocks import Block, Line

_FENCE = re.compile(r"^[ >]*(`{3,}|~{3,})")
_CODE = re.compile(r"(`+)(?!`).*?(?<!`)\1(?!`)")


def split_comments(lines: Sequence[Line]) -> list[Block]:
    """``lines`` as blocks, with one of the kind "private" for each comment of several lines.

    What a line holds before the opening and after the closing mark is public; a comment that nothing
    closes goes on to the end, as Obsidian has it.
    """
    made: list[Block] = []
    public: list[Line] = []
    hidden: list[Line] | None = None
    fence = ""
    for number, text in lines:
        if hidden is None:
            mark = _FENCE.match(text)
            if mark and (not fence or (mark[1].startswith(fence) and not text.strip(" >`~"))):
                fence = "" if fence else mark[1]
            if fence or mark:
                public.append((number, text))
                continue
        while True:
            if hidden is None:
                at = _opening(text)
                shown = text if at < 0 else text[:at].rstrip()
                if at < 0 or shown:
                    public.append((number, shown))
                if at < 0:
                    break
                made += blocks.parse(public)
                public, hidden, text = [], [], text[at + 2 :]
            before, closed, text = text.partition("%%")
            hidden.append((number, before))
            if not closed:
                break
            made += _private(hidden)
            hidden = None
            if not text.strip():
                break
    return [*made, *_private(hidden or ()), *blocks.parse(public)]


def _private(lines: Sequence[Line]) -> list[Block]:
    """The block of a comment; none where there is nothing in it."""
    held = list(lines)
    while held and not held[0][1].strip():
        del held[0]
    while held and not held[-1][1].strip():
        del held[-1]
    return [Block("private", tuple(held))] if held else []


def _opening(text: str) -> int:
    """Where in a line a comment opens that does not close in it; -1 where none does."""
    plain = _CODE.sub(lambda code: " " * len(code[0]), text)
    places = [match.start() for match in re.finditer("%%", plain)]
    return places[-1] if len(places) % 2 else -1
