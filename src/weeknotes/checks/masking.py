"""What in a Markdown text is no Markdown: code, comments, mathematics, addresses and attributes.

Each is blanked out rather than taken out, so that every other character keeps its line and column.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from weeknotes.privacy import marks

Span = tuple[int, int]

_START = re.compile(r"[\\<`$]")
#: What may begin at one of these characters, in the order in which pandoc tries them.
_INLINE = {
    "\\": re.compile(r"\\begin\{(\w+\*?)\}.*?\\end\{\1\}|\\.", re.S),
    "<": re.compile(r"<!--.*?-->", re.S),
    "`": re.compile(r"(`+)(?!`)(?:(?!\n[ \t]*\n).)*?(?<!`)\1(?!`)", re.S),
    "$": re.compile(
        r"\$\$(?:(?!\n[ \t]*\n)(?:\\.|[^\\]))+?\$\$"
        r"|\$(?![\s$])(?:\\.|[^$\\\n]|\n(?![ \t]*\n))*?(?<!\s)\$(?!\d)",
        re.S,
    ),
}
_FENCE = re.compile(r"^[ \t>]*(?:[-*+][ \t]+|\d+[.)][ \t]+)?(`{3,}(?!.*`)|~{3,})")
#: What may hold paragraphs that are indented without being code.
_ITEM = re.compile(r" {0,3}(?:[-*+:~]|#\.|\(?\w{1,9}[.)]|\(?@[\w-]*\)|\[\^[^\]]+\]:)(?:[ \t]|$)")
_TAG = re.compile(r"""</?[A-Za-z][\w-]*(?:[^<>"']|"[^"]*"|'[^']*')*>""")
_ADDRESS = re.compile(r"<[a-z][a-z0-9+.-]*:[^\s<>]*>|<[^\s<>@]+@[^\s<>]+>", re.I)
_ATTRIBUTES = re.compile(r"""(?<!@)\{(?:[^{}"']|"[^"]*"|'[^']*')*\}""")
#: Where an inline link or image leads to, with its title.
DESTINATION = (
    r"\(\s*(?:<([^<>\n]*)>|((?:\\.|\([^()\n]*\)|[^\s()\\]|[ \t]+(?![\s\"')]))*))"
    r"(?:\s+(?:\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*'))?\s*\)"
)
_DESTINATION = re.compile(r"(?<=\])" + DESTINATION)


@lru_cache(maxsize=32)
def outline(text: str) -> str:
    """``text`` with blocks of code and comments blanked out; inline code stays."""
    return _masked(text)[0]


@lru_cache(maxsize=32)
def plain(text: str) -> str:
    """``text`` with all code and comments blanked out."""
    return _masked(text)[1]


def open_formula(text: str) -> int | None:
    """The line of a ``$$`` that belongs to no formula."""
    if "$$" not in text:
        return None
    _, shown, mathematics = _masked(text)
    found = re.search(r"(?<!\\)\$\$", blank(shown, mathematics))
    return text.count("\n", 0, found.start()) + 1 if found else None


@lru_cache(maxsize=32)
def prose(text: str) -> str:
    """``text`` with all blanked out in which an ``@`` begins no citation: code, comments and
    mathematics, tags, addresses and attributes."""
    _, shown, mathematics = _masked(text)
    if "@" not in shown:
        return shown
    shown = blank(shown, mathematics)
    for pattern in (_DESTINATION, _ADDRESS, _TAG, _ATTRIBUTES):
        shown = blank(shown, (match.span() for match in pattern.finditer(shown)))
    return shown


def blank(text: str, spans: Iterable[Span]) -> str:
    """``text`` with spaces for all but the line ends in ``spans``."""
    parts, position = [], 0
    for start, end in marks.merged(list(spans)):
        parts += [text[position:start], re.sub(r"[^\n]", " ", text[start:end])]
        position = end
    return "".join([*parts, text[position:]])


def raw_html(text: str) -> str:
    """The raw HTML in the fences ``{=html}`` of ``text``, all else blanked out."""
    if "{=html}" not in text:
        return ""
    kept = [
        (start, end)
        for start, end in marks.fenced(text)
        if "{=html}" in text[start:end].partition("\n")[0]
    ]
    edges = [0, *(edge for span in kept for edge in span), len(text)]
    return blank(text, zip(edges[::2], edges[1::2], strict=True))


def open_fence(text: str) -> tuple[int, int, str] | None:
    """Where a code fence stands that is not closed, as position and line, and the fence."""
    if "```" not in text and "~~~" not in text:
        return None
    code = iter(marks.fenced(text))
    start, end = next(code, (len(text), len(text)))
    position = 0
    for number, line in enumerate(text.splitlines(keepends=True), 1):
        if position >= end:
            start, end = next(code, (len(text), len(text)))
        if position < start and (match := _FENCE.match(line.rstrip("\r\n"))):
            return position, number, match[1]
        position += len(line)
    return None


@lru_cache(maxsize=32)
def _masked(text: str) -> tuple[str, str, list[Span]]:
    """``text`` without blocks of code and comments, without all code, and where mathematics stands."""
    fences: list[Span] = []
    if "```" in text or "~~~" in text:
        fences = list(marks.fenced(text))
        # What follows a fence that is never closed is meant as code, and told of by itself.
        if left := open_fence(text):
            fences.append((left[0], len(text)))
    spans = [part for fence in fences for part in _but_label(text, *fence)]
    if "    " in text or "\t" in text:
        spans += _indented(blank(text, fences))
    shown = blank(text, spans)
    found: dict[str, list[Span]] = {sign: [] for sign in _INLINE}
    position = 0
    # No search for an end that does not come.
    last = {"<": shown.rfind("-->"), "\\": shown.rfind("\\end{")}
    while start := _START.search(shown, position):
        sign = start[0]
        if sign == "\\" and start.start() > last[sign]:
            position = start.end() + 1
            continue
        ended = sign == "<" and start.start() > last[sign]
        match = None if ended else _INLINE[sign].match(shown, start.start())
        if match is None:
            # An unmatched run of backticks is text as a whole.
            position = start.end()
            while sign == "`" and shown.startswith("`", position):
                position += 1
            continue
        position = match.end()
        if sign != "\\" or match[1]:
            found[sign].append(match.span())
    outer = blank(shown, found["<"])
    return outer, blank(outer, found["`"]), found["\\"] + found["$"]


def _but_label(text: str, start: int, end: int) -> list[Span]:
    """A fenced block without the attributes of its first line, where they label it."""
    first = text[start:end].partition("\n")[0]
    opening = first.find("{")
    if opening < 0 or "#" not in first:
        return [(start, end)]
    return [(start, start + opening), (start + len(first), end)]


def _indented(text: str) -> Iterator[Span]:
    """The lines of indented code: four spaces in, after a blank line, and in no list."""
    position, blank_before, code, listed = 0, True, False, False
    for line in text.split("\n"):
        start, position = position, position + len(line) + 1
        if not line.strip():
            blank_before = True
            continue
        wide = line.expandtabs(4)
        indented = wide.startswith("    ")
        if indented and not listed and (blank_before or code):
            yield start, start + len(line)
            code = True
        else:
            code = False
            if _ITEM.match(line):
                listed = True
            elif not indented and blank_before and not wide.startswith("  "):
                listed = False
        blank_before = False
