"""The tasks of a note, and its questions with their answers.

A question is a line that begins with ``Q:``, ``Q1.``, "Question:", 질문, 의문, 확인, 疑问, 问题, 要验证
or 質問 and a colon, or a ``[question]{.question}`` span. It is answered where an ``A:``, 답, 答 or 回答
follows in it or right after it, where a bold question has text of its own below it, or where the span
says so (``.question .answered``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml.html import HtmlElement

from weeknotes.journal.records import Note
from weeknotes.site.html import markup
from weeknotes.text.task_boxes import task_boxes

_QUESTION = re.compile(
    r"(?:Q\s?\d*\s?[.:：]|Questions?\s?[:：]|질문\s?\d*\s?[.:：]|의문\s?[:：]|확인(?:할 것)?\s?[:：]|"
    r"疑问\s?[:：]|疑問\s?[:：]|问题\s?\d*\s?[.:：]|問題\s?\d*\s?[.:：]|要验证\s?[:：]|要驗證\s?[:：]|質問\s?[:：])"
    r"\s*(?=\S)",
    re.I,
)
_ANSWER = re.compile(
    r"(?:^|\s)(?:A\s?\d*\s?[.:：]|Answer\s?[:：]|답\s?[:：]|답변\s?[:：]|答\s?[:：]|回答\s?[:：])"
)
_LONGEST = 400


@dataclass(frozen=True)
class Ask:
    """A task or a question of a note: ``kind`` is "task" or "question", ``text`` its words, ``closed``
    whether the task is ticked or the question answered."""

    kind: str
    text: str
    closed: bool


def asks_in(note: Note) -> Iterator[Ask]:
    """The tasks and questions of ``note``, in order, tasks first."""
    if 'type="checkbox"' not in note.html and not _may_ask(note):
        return
    tree = markup.parse(note.html)
    for box, item in task_boxes(tree):
        if text := _words(item, without=("ul", "ol")):
            yield Ask("task", text, box.get("checked") is not None)
    seen: set[str] = set()
    for element in tree.iter("p", "li", "span", "h2", "h3", "h4", "h5", "h6"):
        if element.xpath("ancestor-or-self::li//input[@type='checkbox']"):
            continue
        found = _question(element)
        if found and found.text not in seen:
            seen.add(found.text)
            yield found


def _may_ask(note: Note) -> bool:
    return "question" in note.html or _QUESTION.search(note.text) is not None


def _question(element: HtmlElement) -> Ask | None:
    classes = set(element.get("class", "").split())
    if element.tag == "span":
        if "question" not in classes:
            return None
        return Ask("question", _words(element), "answered" in classes)
    if element.tag == "li" and element.find("p") is not None:
        return None  # Its paragraph is looked at.
    text = _words(element, without=("ul", "ol"))
    match = _QUESTION.match(text)
    if not match:
        return None
    asked = text[match.end() :]
    answer = _ANSWER.search(asked)
    if answer:
        return Ask("question", asked[: answer.start()].strip(), True)
    bold = element.find("strong")
    alone = bold is not None and _words(bold) == text
    if bold is not None and not alone and text.startswith(_words(bold)):
        # "**Q1. Why?** Because": the words after the bold ones are the answer.
        return Ask("question", _words(bold)[match.end() :].strip() or asked, True)
    return Ask("question", asked, _answered_below(element, heading=alone or element.tag[0] == "h"))


def _answered_below(element: HtmlElement, *, heading: bool) -> bool:
    """Whether an answer follows ``element``: one that says so, or under a heading any text."""
    inner = element.xpath("./ul/li | ./ol/li | ./p[position() > 1]")
    if any(_ANSWER.match(_words(one)) for one in inner):
        return True
    after = element.getnext()
    if after is None and element.tag == "p" and element.getparent().tag in ("li", "summary"):
        after = element.getparent().getnext()
    if after is None:
        return False
    text = _words(after)
    if _ANSWER.match(text):
        return True
    return (
        heading and bool(text) and not _QUESTION.match(text) and after.tag not in ("hr", "section")
    )


def _words(element: HtmlElement, without: tuple[str, ...] = ()) -> str:
    parts = [element.text or ""]
    for child in element:
        if child.tag not in (*without, "annotation") and isinstance(child.tag, str):
            parts.append(_words(child, without))
        parts.append(child.tail or "")
    text = " ".join("".join(parts).split())
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1].rstrip() + "…"
