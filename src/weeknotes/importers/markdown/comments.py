"""Comments in double percent signs that go over several lines, as Obsidian has them: they are private.

A vault means each pair of signs for a comment, also one that nothing closes. In other sources, where
"100%%" is no comment, `blocks` takes only what opens and closes in a way that leaves no doubt.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from weeknotes.importers.markdown import blocks, fences
from weeknotes.importers.markdown.blocks import Block, Line

_CODE = re.compile(r"(`+)(?!`).*?(?<!`)\1(?!`)")


def split_comments(lines: Sequence[Line]) -> list[Block]:
    """``lines`` as blocks, with one of the kind "private" for each comment of several lines.

    What a line holds before the opening and after the closing mark is public; a comment that nothing
    closes goes on to the end, as Obsidian has it.
    """
    made: list[Block] = []
    public: list[Line] = []
    hidden: list[Line] | None = None
    code = fences.FencedCode()
    for number, text in lines:
        if hidden is None and code.has(text.lstrip(" >")):
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
    """The place in a line where a comment opens that does not close in it; -1 if there is none."""
    plain = _CODE.sub(lambda code: " " * len(code[0]), text)
    places = [match.start() for match in re.finditer("%%", plain)]
    return places[-1] if len(places) % 2 else -1
