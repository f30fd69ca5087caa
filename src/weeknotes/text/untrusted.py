"""Text from outside as Markdown that says just that: nothing in it is a command to the reader's
renderer, a citation, a shortcode or HTML."""

from __future__ import annotations

import re

from weeknotes.i18n import language

# What pandoc's Markdown gives a meaning to. A backslash before it makes it a letter.
_SPECIAL = re.compile(r"[\\`*_{}\[\]<>#|~^@$&]")
# What begins a list, a heading's underline or a definition.
_LINE_START = re.compile(r"^(?:([-+:=])|(\(?(?:\d+|[A-Za-z]|[ivxlcIVXLC]+))([.)]))", re.MULTILINE)
_MATHS = re.compile(
    r"(?<!\\)\$(?=[^\s$])"
    # Braces within braces, as in \frac{\sqrt{x}}{2}, and no end within them.
    r"(?:[^$`<>{}]|\{(?:[^{}$<>`]|\{(?:[^{}$<>`]|\{[^{}$<>`]*\})*\})*\})+?"
    r"(?<![\s\\])\$(?!\d)"
)
_MARKS = {"i": "*", "b": "**", "sub": "~", "sup": "^"}
_TAG = re.compile(r"<(i|b|sub|sup)>([^<>]*)</\1>", re.I)


def label(name: str, lang: str) -> str:
    """A word that a command writes into a notebook, in the page's language."""
    return language(lang).labels[name]


def escaped(text: str) -> str:
    """``text`` as Markdown that shows it as it is, TeX maths excepted; line breaks are kept."""
    text = re.sub(r"^[ \t]+", "", text, flags=re.MULTILINE)
    pieces: list[str] = []
    at = 0
    for maths in _MATHS.finditer(text):
        pieces += [_letters(text[at : maths.start()]), maths[0]]
        at = maths.end()
    pieces.append(_letters(text[at:]))
    return _LINE_START.sub(_no_list, "".join(pieces))


def _letters(text: str) -> str:
    return _SPECIAL.sub(r"\\\g<0>", text)


def _no_list(start: re.Match[str]) -> str:
    return f"\\{start[1]}" if start[1] else f"{start[2]}\\{start[3]}"


def title_markdown(title: str) -> str:
    """A CSL title as Markdown on one line, its italics, bold, sub- and superscripts kept."""
    pieces: list[str] = []
    at = 0
    title = " ".join(title.split())
    for tag in _TAG.finditer(title):
        mark = _MARKS[tag[1].lower()]
        inside = escaped(tag[2]).replace(" ", "\\ ") if mark in "~^" else escaped(tag[2])
        pieces += [escaped(title[at : tag.start()]), f"{mark}{inside}{mark}"]
        at = tag.end()
    return "".join([*pieces, escaped(title[at:])])


def folded(summary: str, body: str) -> str:
    """``body`` (Markdown) folded away under ``summary``; JupyterLab and GitHub fold it too."""
    return f"<details>\n<summary>{summary}</summary>\n\n{body.strip()}\n\n</details>"
