"""The short things in a text that are elsewhere by themselves: headings, tasks, tags, captions.

A derived page lifts them out of the text around them, so each is looked for alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from weeknotes.journal import frontmatter
from weeknotes.privacy.private_files import front_matter_of

_CITATION = re.compile(r"\[[^\]]*@[^\]]*\]")
_NAMES = (
    # Headings of either kind, in lists and quotes too, and tasks.
    re.compile(r"^[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)?#{1,6}[ \t]+(.+?)[ \t#]*$", re.M),
    re.compile(r"^([^\s>|#:*+-].*)\n(?:=+|-{2,})[ \t]*$", re.M),
    re.compile(r"^[ \t>]*(?:[-*+]|\d{1,9}[.)])[ \t]+\[[ xX]\][ \t]+(.+)$", re.M),
    re.compile(r"<(?:h[1-6]|summary|figcaption|caption)\b[^>]*>(.+?)</", re.S | re.I),
    re.compile(r"\[([^\]]+)\]\{[^}]*\.tag\b"),
    re.compile(r"!\[((?:[^\[\]]|\[[^\]]*\])+)\]"),
    re.compile(r"\b(?:title|alt|fig-cap|fig-alt|tbl-cap)\s*=\s*\"([^\"]+)\""),
    re.compile(r"\b(?:title|alt|fig-cap|fig-alt|tbl-cap)\s*=\s*'([^']+)'"),
    re.compile(r"^#\|[ \t]*(?:fig-cap|fig-alt|fig-subcap|tbl-cap|lst-cap):[ \t]*(.+)$", re.M),
    # Labels.
    re.compile(r"\{[^}]*#([\w:.-]{4,})"),
    re.compile(r"^#\|[ \t]*label:[ \t]*(\S+)", re.M),
)
#: Front matter that says how a page is made, and not what it is about.
_TECHNICAL = frozenset(
    """bibliography csl css date date-format date-modified draft echo engine execute filters format
    ipynb-filters jupyter kernel kind lang link-citations output-file page-layout private theme toc
    week""".split()
)
_READ = re.compile(r"\b(?:alt|title|aria-label|aria-description|href|src)=\"([^\"]*)\"", re.I)
_DRAWN = re.compile(r"<(style|metadata)\b.*?</\1\s*>", re.S | re.I)
_TAGGED = re.compile(r"\]\{[^}]*\.tag\b[^}]*\}[ \t]*")
_TAG = re.compile(r"<[^>]*>")
_TARGET = re.compile(r"\]\([^()\s]*(?:\([^()\s]*\)[^()\s]*)*(?:\s+[\"'][^\"']*[\"'])?\s*\)")
_ATTRIBUTES = re.compile(r"\{[^{}\n]*\}")


def names(text: str) -> tuple[str, ...]:
    """The names in ``text`` that may also appear by themselves."""
    found = [match[1] for pattern in _NAMES for match in pattern.finditer(text)]
    found = [plain(_CITATION.sub("", name)) for name in found]
    return tuple(dict.fromkeys(name.strip() for name in found if name.strip()))


def front_words(text: str) -> tuple[str, tuple[str, ...]]:
    """``text`` without the front matter that it begins with, and what this says in words."""
    values = front_matter_of(text)
    if values is None:
        return text, ()
    block = frontmatter.split(text)
    rest = text.partition(block[0])[2].partition("\n")[2] if block else text
    found = [
        word
        for key, value in values.items()
        if str(key).casefold() not in _TECHNICAL
        for word in _words(value)
    ]
    return rest, tuple(word.strip() for word in found if word.strip())


def said(output: str) -> str:
    """The words of an output: in markup, the text between the tags and in attributes that are read.
    The rest, how it is drawn, is the same in all outputs that one program draws."""
    if not output.lstrip().startswith("<"):
        return output
    attributes = [match[1] for match in _READ.finditer(output)]
    return "\n".join([plain(_DRAWN.sub(" ", output)), *attributes])


def drawn(output: str) -> str:
    """The drawing of an output without its words: in markup, the styles, and the tags without
    readable attributes."""
    if not output.lstrip().startswith("<"):
        return ""
    styles = (match[0] for match in _DRAWN.finditer(output))
    return _READ.sub("", "\n".join([*styles, *_TAG.findall(output)]))


def plain(text: str) -> str:
    """``text`` without what a page does not show of Markdown and HTML: tags, the targets of links, and
    attributes."""
    if ".tag" in text:
        text = _TAGGED.sub("]\n", text)  # Tags are in lists, beside others.
    if "<" in text:
        text = _TAG.sub(" ", text)
    if "](" in text:
        text = _TARGET.sub("]", text)
    return _ATTRIBUTES.sub(" ", text) if "{" in text else text


def _words(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, (list, dict)):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _words(item)
