"""Fenced code blocks, line by line (GitHub Flavored Markdown 0.29, section 4.5).

Sources are read as GitHub shows them, not as pandoc reads a cell, so they have rules of their own;
everything that goes through the lines of a source asks here whether a line is code.
"""

from __future__ import annotations

import re

_OPENING = re.compile(r" {0,3}(`{3,}(?=[^`]*$)|~{3,})")


def opening(text: str) -> str:
    """The fence that the line opens a block with; an empty text where it opens none."""
    match = _OPENING.match(text)
    return match[1] if match else ""


def closes(text: str, fence: str) -> bool:
    """Whether the line closes the block that ``fence`` opened: as many signs of the kind, or more."""
    mark = opening(text)
    return mark.startswith(fence) and text.strip() == mark


class FencedCode:
    """Follows the fenced blocks of a source; each line is given once, in order."""

    def __init__(self) -> None:
        self._fence = ""

    @property
    def is_open(self) -> bool:
        """Whether the lines that come are in a block, until one closes it."""
        return bool(self._fence)

    def has(self, text: str) -> bool:
        """Whether the next line belongs to a fenced block, its two fences included."""
        if self._fence:
            if closes(text, self._fence):
                self._fence = ""
            return True
        self._fence = opening(text)
        return bool(self._fence)
