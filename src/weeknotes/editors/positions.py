"""Places in a text as the Language Server Protocol counts them: lines from 0, and in a line units of
UTF-16, UTF-8 or UTF-32, whatever client and server agreed on ("Position", LSP 3.17)."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from lsprotocol import types as lsp

_UNITS: Mapping[str, Callable[[str], int]] = {
    "utf-8": lambda letter: len(letter.encode("utf-8", "replace")),
    "utf-16": lambda letter: 2 if ord(letter) > 0xFFFF else 1,
    "utf-32": lambda letter: 1,
}


def offset(text: str, position: lsp.Position, encoding: str) -> int:
    """The offset of ``position`` in ``text``; that of the end where it is behind it."""
    start = 0
    for _ in range(position.line):
        end = text.find("\n", start)
        if end < 0:
            return len(text)
        start = end + 1
    units = _UNITS[encoding]
    end = text.find("\n", start)
    end = len(text) if end < 0 else end
    behind = 0
    while start < end and behind < position.character:
        behind += units(text[start])
        start += 1
    return start


def position(text: str, at: int, encoding: str) -> lsp.Position:
    """The position of the offset ``at`` in ``text``."""
    start = text.rfind("\n", 0, at) + 1
    return lsp.Position(text.count("\n", 0, at), sum(map(_UNITS[encoding], text[start:at])))


def span(text: str, start: int, end: int, encoding: str) -> lsp.Range:
    """The range from the offset ``start`` to ``end``."""
    return lsp.Range(position(text, start, encoding), position(text, end, encoding))


def line_start(text: str, line: int) -> int:
    """The offset of the line ``line`` (from 0); that of the last where there are not as many."""
    start = 0
    for _ in range(line):
        end = text.find("\n", start)
        if end < 0:
            break
        start = end + 1
    return start


def whole_line(text: str, line: int, encoding: str) -> lsp.Range:
    """The range of the text on the line ``line`` (from 0), or on the last, without spaces around it."""
    start = line_start(text, line)
    end = text.find("\n", start)
    written = text[start : len(text) if end < 0 else end]
    first = start + len(written) - len(written.lstrip())
    return span(text, first, start + max(len(written.rstrip()), first - start), encoding)
