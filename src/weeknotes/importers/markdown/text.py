"""The plain text and the links of a line of Markdown."""

from __future__ import annotations

import html
import re

from weeknotes.importers.markdown.clean_html import KNOWN
from weeknotes.importers.markdown.inline import PRIVATE_MARK

_LINK = re.compile(
    r"(?<!!)\[((?:[^\[\]]|\[[^\[\]]*\])*)\]\(\s*<?(https?://[^\s()<>]*(?:\([^\s()]*\)[^\s()<>]*)*)>?"
    r"(?:\s+\"[^\"]*\")?\s*\)"
)
_BARE = re.compile(r"(?<![\w\"=])<?(https?://[^\s<>\"'`\])）]+[^\s<>\"'`\]).,;:!?，。；）、])")
_ANCHOR = re.compile(
    r"<a\b[^<>]*\bhref\s*=\s*[\"']?(https?://[^\s\"'<>]+)[^<>]*>(.*?)</a\s*>", re.I | re.S
)
_PRIVATE_SPAN = re.compile(
    r"(?<![%0-9])%%(?!%)(?:[^%]|%(?!%))+?%%(?!%)|\[(?:[^\[\]]|\[[^\[\]]*\])*\]"
    r"\{[^{}\n]*\.private(?=[\s}])[^{}\n]*\}"
)
_TAG = re.compile(r"</?([A-Za-z][\w-]*)(?:\s[^<>]*)?/?>")


def links(text: str) -> list[tuple[str, str]]:
    """The links in Markdown ``text`` to the web, (text, address), in order."""
    found = [(m.start(), m[1], m[2]) for m in _LINK.finditer(text)]
    found += [(m.start(), m[2], m[1]) for m in _ANCHOR.finditer(text)]
    plain = _ANCHOR.sub(lambda m: " " * len(m[0]), _LINK.sub(lambda m: " " * len(m[0]), text))
    found += [(m.start(), "", m[1]) for m in _BARE.finditer(plain)]
    return [(label, url) for _, label, url in sorted(found)]


def plain(text: str) -> str:
    """Markdown ``text`` without its marks, and with the signs that its entities name: what a reader
    sees of a title."""
    text = without_private(text)
    text = re.sub(r"!\[[^\]]*\]\([^)]*\)", "", text)
    text = _LINK.sub(r"\1", text)
    text = re.sub(r"\[\^[^\]]+\]", "", text)
    # The name of a heading for links to it, as Hugo, kramdown and pandoc have it.
    text = re.sub(r"(?<=\S)\s+\{#\w[\w.:-]*\}\s*$", "", text)
    text = _TAG.sub(lambda tag: "" if tag[1].lower() in KNOWN else tag[0], text)
    text = re.sub(r"(?<!\\)[*`]+|(?<![\w\\])_+|_+(?!\w)", "", text)
    # CommonMark 2.4: any mark of ASCII may be behind a backslash.
    text = re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", text)
    return " ".join(html.unescape(text).split())


def without_private(text: str) -> str:
    """Markdown ``text`` without what is private in it, for titles, and without the marks of it."""
    text = _PRIVATE_SPAN.sub("", text)
    return PRIVATE_MARK.sub("", text)
