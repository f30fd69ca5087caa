"""Plain and rich text as LaTeX within the fields of BibLaTeX, so that it comes back as it was."""

from __future__ import annotations

import re
from typing import Any

_ESCAPES = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    '"': '{"}',
    "`": r"\`{}",
    "%": r"\%",
    "&": r"\&",
    "#": r"\#",
    "_": r"\_",
    "$": r"\$",
    "\u00a0": "~",
}
_SPECIAL = re.compile(r"[\\{}~^\"`%&#_$\u00a0]|-(?=-)|'(?=')")
# As pandoc's tex_math_dollars: no space inside the dollars, no digit after them.
_MATHS = re.compile(r"(?<!\\)\$(?=[^\s$])([^$]*?[^\s\\$])\$(?!\d)")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_TAG = re.compile(r"<(/?)(i|b|sub|sup|sc|span)((?:\s[^<>]*)?)>", re.IGNORECASE)
_COMMANDS = {"i": "textit", "b": "textbf", "sub": "textsubscript", "sup": "textsuperscript"}


def markup(text: str) -> str:
    """CSL's rich text (``<i>``, ``<b>``, ``<sub>``, ``<sup>``, small capitals) and TeX maths as LaTeX.

    Tags that do not pair up are text. ``<span class="nocase">`` needs nothing: titles are protected.
    """
    pieces: list[str] = []
    open_tags: list[tuple[str, int, str]] = []
    at = 0
    for tag in _TAG.finditer(text):
        pieces.append(_with_maths(text[at : tag.start()]))
        at = tag.end()
        name = tag[2].lower()
        if not tag[1]:
            open_tags.append((name, len(pieces), tag[0]))
            pieces.append(escape(tag[0]))
        elif open_tags and open_tags[-1][0] == name:
            _, start, opening = open_tags.pop()
            command = _command(name, opening)
            pieces[start] = f"\\{command}{{" if command else ""
            pieces.append("}" if command else "")
        else:
            pieces.append(escape(tag[0]))
    pieces.append(_with_maths(text[at:]))
    return "".join(pieces)


def _command(name: str, opening: str) -> str:
    small_capitals = name == "sc" or (name == "span" and "small-caps" in opening)
    return "textsc" if small_capitals else _COMMANDS.get(name, "")


def _with_maths(text: str) -> str:
    pieces: list[str] = []
    at = 0
    for maths in _MATHS.finditer(text):
        if _balanced(maths[1]):
            pieces += [escape(text[at : maths.start()]), maths[0]]
            at = maths.end()
    return "".join([*pieces, escape(text[at:])])


def escape(text: str) -> str:
    """Plain ``text`` as LaTeX within a field: nothing in it is a command, braces stay balanced."""
    escapes = _ESCAPES
    if not _balanced(text):
        # BibTeX counts braces also behind a backslash; one without its partner would end the field.
        escapes = _ESCAPES | {"{": r"\textbraceleft{}", "}": r"\textbraceright{}"}
    return _SPECIAL.sub(lambda found: escapes.get(found[0], found[0] + "{}"), text)


def _balanced(text: str) -> bool:
    if "{" not in text and "}" not in text:
        return True
    depth = 0
    for brace in re.findall(r"[{}]", text):
        depth += 1 if brace == "{" else -1
        if depth < 0:
            return False
    return depth == 0


def verbatim(value: Any) -> str:
    """An address or identifier, which biber takes as it is: what would end it is encoded."""
    codes = {"{": "%7B", "}": "%7D", "\\": "%5C", " ": "%20"}
    return re.sub(r"[{}\\ ]", lambda found: codes[found[0]], flat(value))


def flat(value: Any) -> str:
    """``value`` as text on one line without control characters; empty for what isn't text."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    text = " ".join(str(value).split())
    return text if text.isprintable() else _CONTROL.sub("", text)
