"""Styles that a note or an output contains: they may change its own look, but nothing of the page
around it.

A `style` element's rules hold within its parent alone (CSS Cascading Level 6, "Scoping Styles: the
@scope rule"; a browser without it passes them over), and nothing may leave the flow of the page and
cover it. Escapes are read first: ``f\\69xed`` is ``fixed`` (CSS Syntax Level 3, section 4.3.7).
"""

from __future__ import annotations

import re

_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.S)
_ESCAPE = re.compile(r"\\(?:([0-9a-fA-F]{1,6})\s?|([^\n0-9a-fA-F]))")
_STRING = re.compile(r"\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'", re.S)
#: What covers the page, or takes a part of it away.
_OVERLAY = re.compile(r"position\s*:[^;}]*\b(?:fixed|sticky|-webkit-sticky)\b[^;}]*;?", re.I)
_RUNS = re.compile(r"@import|@charset|@namespace|expression\s*\(|-moz-binding|behavior\s*:", re.I)
_LOADS = re.compile(r"(?:url|src|image|image-set|cross-fade)\s*\(", re.I)
_OWN = re.compile(r"(?:url|src)\s*\(\s*[\"']?\s*(?:data:image/|#)", re.I)


def plain(css: str) -> str:
    """``css`` without comments, its escapes read."""
    return _ESCAPE.sub(_character, _COMMENT.sub(" ", css))


def runs(css: str) -> bool:
    """Whether ``css`` brings in other styles, or runs something."""
    return bool(_RUNS.search(plain(css)))


def loads(css: str) -> bool:
    """Whether ``css`` loads anything but an image that is written out in it."""
    text = plain(css)
    return runs(css) or len(_LOADS.findall(text)) > len(_OWN.findall(text))


def contained(css: str) -> str:
    """The rules ``css`` of a `style` element, which hold within its parent alone; empty for what could
    reach further."""
    text = _COMMENT.sub(" ", css)
    if runs(text) or "<" in text or not _is_balanced(text):
        return ""
    if _OVERLAY.search(plain(text)):
        text = _OVERLAY.sub("", plain(text))
        if not _is_balanced(text):
            return ""
    return f"@scope {{\n{text.strip()}\n}}" if text.strip() else ""


def contained_declarations(css: str) -> str:
    """The value ``css`` of a `style` attribute without what covers the page; empty for what runs
    something."""
    if runs(css):
        return ""
    text = plain(css)
    return _OVERLAY.sub("", text).strip() if _OVERLAY.search(text) else css


def _is_balanced(css: str) -> bool:
    """Whether every brace that ends a block has begun one, and none is left open."""
    depth = 0
    for sign in re.findall(r"[{}\"'\\]", _STRING.sub("", css)):
        if sign not in "{}":
            return False  # A string without an end, or an escaped brace.
        depth += 1 if sign == "{" else -1
        if depth < 0:
            return False
    return depth == 0


def _character(match: re.Match[str]) -> str:
    if match[2]:
        return match[2]
    code = int(match[1], 16)
    return chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else " "
