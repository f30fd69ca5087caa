"""The proof that an import lost nothing: the text of a source against the text of what was made.

Both are reduced to what a reader reads, letters and digits and every sign beyond ASCII, with the
addresses of links and pictures, in their order; what the import itself added is left out. What the
source has and the cells have not is named with its line.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass

from weeknotes.importers.markdown.blocks import Line
from weeknotes.importers.markdown.clean_html import ALLOWED, Tag, is_hostile, read_tag
from weeknotes.importers.markdown.escapes import WORD_JOINER
from weeknotes.text.html_elements import FRAMES, MEDIA_ADDRESSES

# Code spans and fences, none of which an import adds to.
_CODE = re.compile(
    r"(?<![`\\])(`+)(?!`)(?:(?!\n[ \t]*\n).)*?(?<!`)\1(?!`)|^```.*?^```", re.S | re.M
)
# What was beside the language of a fence, which is in a comment above it.
_BESIDE_LANGUAGE = re.compile(
    rf"<!--{WORD_JOINER} (.*) -->\n[ \t>]*\n([ \t>]*(?:`{{3,}}|~{{3,}})[^\n]*)\n"
)
_CITATION = re.compile(r"(?<!\\)\[@[^\]\\\s]+(?:; @[^\]\\\s]+)*\]")
_TAG_SPAN = re.compile(r"(?<!\\)\[((?:[^\]\\]|\\.)*)\]\{\.tag\}")
_PRIVATE = re.compile(r"(?<!\\)\{\.private\}")
_PRIVATE_MARKS = re.compile(
    r"(?<!\\)\{[^{}\n]*\.private(?=[\s}])[^{}\n]*\}|(?m:^\s*:{3,}\s*private\s*$)"
)
_NOTE_LINK = re.compile(r"(?<!\\)\[((?:[^\]\\]|\\.)*)\]\(#note-[^)\s]*\)")
_FOOTNOTE = re.compile(r"\\?\[\\?\^[^\]\s]+\\?\]")
# An address with its title: no further than the bracket that ends it, so that nothing behind it is
# left out of the comparison.
_TARGET = re.compile(
    r"\]\(\s*<?((?:[^\s<>()]|\((?:[^\s<>()]|\([^\s<>()]*\))*\))*)>?"
    r"(?:\s[^()\n]*(?:\([^()\n]*\)[^()\n]*)*)?\)"
)
_SHOWN_ATTRIBUTES = {
    **MEDIA_ADDRESSES,
    "a": ("href",),
    "img": ("src", "alt"),
    "track": ("src", "label"),
}
# ASCII's marks, and all white space.
_UNREAD = re.compile(rf"[\x00-\x2f\x3a-\x40\x5b-\x60\x7b-\x7f\s{WORD_JOINER}]+")
_CLOSE_BY = 3000


@dataclass(frozen=True)
class Loss:
    """The result of a comparison: the lines of the source that the cells lack, and whether
    everything that the cells have is there once and in its order."""

    missing: tuple[Line, ...]
    in_order: bool
    extra: str = ""


def compare(lines: Sequence[Line], made: Sequence[str]) -> Loss:
    """``lines`` of a source, with scripts and used definitions gone, against the texts ``made`` of
    them, in order, with the addresses that the source has."""
    wanted = stream("\n".join(text for _, text in lines))
    there = stream(without_additions("\n".join(made)))
    if wanted == there:
        return Loss((), True)
    missing = []
    at, in_order = 0, True
    for number, text in lines:
        part = stream(text)
        if not part:
            continue
        if there.startswith(part, at):
            at += len(part)
        elif (near := there.find(part, at, at + _CLOSE_BY + len(part))) >= 0:
            at = near + len(part)
        elif part in there:
            in_order = False
        else:
            missing.append((number, text))
    surplus = len(there) - len(wanted) + sum(len(stream(text)) for _, text in missing)
    extra = _difference(wanted, there) if surplus > 0 and not missing else ""
    return Loss(tuple(missing), in_order and not extra, extra)


def without_additions(text: str) -> str:
    """The text of a cell without what an import adds: citations, tags, links from a table to its
    notes. The same signs in a source are escaped in its cell, or are in code, and so stay."""
    text = _BESIDE_LANGUAGE.sub(r"\2 \1\n", text)
    made, at = [], 0
    for code in _CODE.finditer(text):
        made += [_without_additions(text[at : code.start()]), code[0]]
        at = code.end()
    return "".join([*made, _without_additions(text[at:])])


def _without_additions(text: str) -> str:
    text = _PRIVATE.sub("", text)
    return _NOTE_LINK.sub("", _TAG_SPAN.sub("", _CITATION.sub("", text)))


def stream(text: str) -> str:
    """The text that a reader sees of Markdown or HTML ``text``, without marks and white space."""
    text = _FOOTNOTE.sub("", text)
    # What marks a part as private is a mark, in whichever system.
    text = _PRIVATE_MARKS.sub("", text)
    text = _TARGET.sub(lambda m: "]" if is_hostile(m[1]) else m[0], text)
    return _UNREAD.sub("", html.unescape(_without_tags(text)))


def _without_tags(text: str) -> str:
    """``text`` with each tag replaced by what it shows or leads to."""
    if "<" not in text:
        return text
    parts, end = [], 0
    at = text.find("<")
    while at >= 0:
        found = read_tag(text, at)
        if found:
            tag, after = found
            parts += [text[end:at], " ", _shown(tag)]
            end = after
            at = text.find("<", end)
        else:
            at = text.find("<", at + 1)
    return "".join([*parts, text[end:]])


def _shown(tag: Tag) -> str:
    if tag.closing:
        return ""
    if tag.name in FRAMES:
        address = tag.get("src") or tag.get("data")
        return address if re.match(r"https?://[!-;=?-~]+$", address) else ""
    if tag.name not in ALLOWED:
        return ""
    # In the order of the tag: the address of a picture that is not there becomes a title behind it.
    shown = (*_SHOWN_ATTRIBUTES.get(tag.name, ()), "title")
    values = [
        value for name, value in tag.attributes if name in shown and value and not is_hostile(value)
    ]
    return " ".join(values)


def _difference(wanted: str, there: str) -> str:
    """A little of ``there`` from where it first differs."""
    at = next(
        (n for n, (a, b) in enumerate(zip(wanted, there, strict=False)) if a != b), len(wanted)
    )
    return there[at : at + 40]
