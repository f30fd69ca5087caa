"""Tables: how far one reaches, from its first line to its last.

Follows the kinds that pandoc reads: pipe tables, simple and multiline tables, and grid tables. Their
captions are read by the caller, since they hold inlines.
"""

from __future__ import annotations

import re

from weeknotes.text.markdown.source import BLANK

_DASHES = re.compile(r" {0,3}-+(?:[ \t]+-+)*[ \t]*(?:\n|\Z)")
_PIPE_BREAK = re.compile(
    r" {0,3}\|?[ \t]*:?-+:?[ \t]*(?:[|+][ \t]*:?-+:?[ \t]*)*\|?[ \t]*(?:\n|\Z)"
)
_GRID_TOP = re.compile(r" {0,3}\+(?:[-=:]+\+)+[ \t]*\n")
_GRID_LINE = re.compile(r" {0,3}[+|].*[+|][ \t]*(?:\n|\Z)")
_HIDING = re.compile(
    r"(`+)(?!`).*?(?<!`)\1(?!`)|\$(?![\s$])(?:\\.|[^$\\\n])*?(?<!\s)\$(?!\d)|\\.|<[^<>\n]*>"
)


def table_end(text: str, at: int) -> int:
    """The position behind the last line of the table that begins at ``at``; -1 where none does."""
    line_end = text.find("\n", at)
    if line_end < 0:
        return -1
    if "|" in text[at:line_end]:
        end = _pipe(text, at)
        if end >= 0:
            return end
    dashes = bool(_DASHES.match(text, at))
    if dashes or _DASHES.match(text, line_end + 1):
        kinds = (_multiline, _simple_headless, _simple, _multiline_headless)
        for read in kinds if dashes else (_simple,):
            end = read(text, at)
            if end >= 0:
                return end
    return _grid(text, at) if _GRID_TOP.match(text, at) else -1


def _next(text: str, at: int) -> int:
    end = text.find("\n", at)
    return end + 1 if end >= 0 else len(text)


def _pipe_row(text: str, at: int) -> int:
    """The position behind the row of a pipe table at ``at``; -1 where there is none."""
    end = _next(text, at)
    line = text[at:end]
    if "|" not in line or not line.strip():
        return -1
    plain = _HIDING.sub("", line.strip())
    return end if "|" in plain else -1


def _pipe(text: str, at: int) -> int:
    head = _pipe_row(text, at)
    if head < 0 or text.startswith(("    ", "\t"), at):
        return -1
    match = _PIPE_BREAK.match(text, head)
    if not match or "-" not in match[0] or ("|" not in match[0] and "+" not in match[0]):
        return -1
    end = match.end()
    while end < len(text) and (row := _pipe_row(text, end)) >= 0:
        end = row
    return end


def _simple(text: str, at: int) -> int:
    if BLANK.match(text, at):
        return -1
    dashes = _DASHES.match(text, _next(text, at))
    return _rows(text, dashes.end(), footer=False) if dashes else -1


def _simple_headless(text: str, at: int) -> int:
    return _rows(text, _next(text, at), footer=True)


def _rows(text: str, at: int, footer: bool) -> int:
    """Rows of a line each, up to an empty line or a line of dashes."""
    start = at
    while at < len(text):
        if match := _footer(text, at):
            return match if at > start else -1
        if BLANK.match(text, at):
            return -1 if footer or at == start else at
        at = _next(text, at)
    return -1 if footer or at == start else at


def _footer(text: str, at: int) -> int:
    """The position behind a line of dashes; 0 without."""
    match = _DASHES.match(text, at)
    return match.end() if match else 0


def _multiline(text: str, at: int) -> int:
    position = _next(text, at)
    if BLANK.match(text, position):
        return -1
    start = position
    while position < len(text) and not _DASHES.match(text, position):
        position = _next(text, position)
    dashes = _DASHES.match(text, position)
    if position == start or position >= len(text) or not dashes:
        return -1
    return _multiline_rows(text, dashes.end())


def _multiline_headless(text: str, at: int) -> int:
    return _multiline_rows(text, _next(text, at))


def _multiline_rows(text: str, at: int) -> int:
    """Rows of several lines each, with empty lines between them, up to a line of dashes."""
    start = at
    while at < len(text):
        if end := _footer(text, at):
            return end if at > start else -1
        if BLANK.match(text, at) and at == start:
            return -1
        at = _next(text, at)
    return -1


def _grid(text: str, at: int) -> int:
    end = at
    while end < len(text) and (match := _GRID_LINE.match(text, end)):
        end = match.end()
    return end if text.count("\n", at, end) > 1 else -1
