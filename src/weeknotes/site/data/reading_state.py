"""The state of a paper that a note is about: being read, or read.

A note says that its paper is still being read by a paragraph or list item that begins so ("Still
reading", 읽는 중, 在读, 読書中), by a tag of these words, or by a heading such as "Unfinished", 미완 or
未完成 in it. A later note without that reads it.
"""

from __future__ import annotations

import re

from lxml.html import HtmlElement

from weeknotes.journal.records import Note
from weeknotes.site.data.ask_markers import TASK, heading_mark
from weeknotes.site.html import markup

_READING = re.compile(
    r"(?:(?:still|currently) reading|being read|half[- ]read|reading in progress|"
    r"not (?:yet )?read to the end|"
    r"(?:아직 )?읽(?:는|고 있는) 중|읽고 있다|(?:절반|반)(?:까지|쯤|만) 읽|덜 읽|"
    r"(?:还|還|仍|正)?在[读讀](?!者|书会|書會)|(?:读|讀)到一半|未(?:读|讀)完|(?:还|還)没(?:读|讀)完|"
    r"読書中|読みかけ|読んでいる(?:途中|ところ)|まだ読)",
    re.I,
)
_HEADS = re.compile(r"unfinished|not (?:yet )?finished|미완|못 ?끝낸|未完|尚未完成|やり残し", re.I)


def is_being_read(note: Note) -> bool:
    """Whether ``note`` says that its paper is not read to the end."""
    if not _READING.search(note.text) and not _HEADS.search(note.text):
        return False
    if any(_READING.fullmatch(tag.strip()) for tag in note.tags):
        return True
    tree = markup.parse(note.html)
    for element in tree.iter("p", "li", "summary", "div", *markup.HEADINGS):
        if element.tag == "div" and "callout-title" not in element.get("class", ""):
            continue
        text = _text(element)
        if element.tag in ("p", "li"):
            if _READING.match(text):
                return True
            continue
        mark = heading_mark(text)
        if mark is not None and mark.kind == TASK and _HEADS.search(text):
            return True
    return False


def _text(element: HtmlElement) -> str:
    return " ".join(element.text_content().split())
