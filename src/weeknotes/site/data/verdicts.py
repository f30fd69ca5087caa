"""The author's verdict on a paper: one line of a reading note.

It is a paragraph or list item that begins with "Verdict:", "In short:", 한 줄 평, 결론, 一句话 or
a like word and a colon, or a ``[words]{.verdict}`` span.
"""

from __future__ import annotations

import re

from lxml.html import HtmlElement

from weeknotes.journal.notes import text_of
from weeknotes.journal.records import Note
from weeknotes.site.html import markup

_VERDICT = re.compile(
    r"(?:verdict|in short|tl;?dr|takeaway|bottom line|판정|총평|한\s?줄\s?평|한\s?줄\s?요약|결론|"
    r"结论|結論|评价|評價|総評|一句话|一句話|一言|まとめ)\s*[:：]\s*",
    re.I,
)
_LONGEST = 400


def verdict_in(note: Note) -> str:
    """The words of the verdict in ``note``; empty where it has none."""
    if "verdict" not in note.html and not _VERDICT.search(note.text):
        return ""
    tree = markup.parse(note.html)
    for span in tree.find_class("verdict"):
        if words := _words(span):
            return words
    for element in tree.iter("p", "li"):
        text = _words(element)
        match = _VERDICT.match(text)
        if match and text[match.end() :]:
            return text[match.end() :]
    return ""


def _words(element: HtmlElement) -> str:
    text = text_of(element, skip=lambda inner: inner.tag in ("ul", "ol", "pre", "table"))
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1].rstrip() + "…"
