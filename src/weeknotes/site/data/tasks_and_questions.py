"""The tasks of a note, its questions and doubts with their answers, and the decisions that it needs.

A task is the item of a task list, or a line that begins with "Unfinished:", 미완, 未完成 or a like
word, with a colon or in bold. A question begins with ``Q:``, ``Q1.``, "Question:", 질문, 问 or 質問,
with a word of doubt ("Doubt:", 의문, 疑问, 要验证), or is a ``[question]{.question}`` span; in what is
written for the journal's reader each sentence with a question mark is one. A decision begins with
"Decision needed:", 결정이 필요합니다, 需要决定 or 要決定, or is a ``[...]{.decision}`` span. Under a
heading that is such a word ("Open questions", 의문, "Unfinished") each item of the list is one
(`ask_markers`).

Each is closed by an answer in it or right after it ("A:", 답, 答; "Decided:", 결정, 决定; "Done:",
완료, 完成), by text of its own below a bold question or a question that is a heading, or by the class
of the span (``.answered``, ``.decided``).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest

from lxml.html import HtmlElement

from weeknotes.journal.notes import note_sections
from weeknotes.journal.records import Note
from weeknotes.site.data import ask_markers as markers
from weeknotes.site.data import for_reader
from weeknotes.site.data.ask_markers import DECISION, QUESTION, TASK, Mark
from weeknotes.site.html import markup
from weeknotes.text.formula_text import formula_text
from weeknotes.text.task_boxes import task_boxes

_LONGEST = 400
_LONGEST_CONTEXT = 180
#: In place of the end of a marker: there is none.
_UNMARKED = -1
_BLOCKS = ("p", "li", "span", "div", "summary", *markup.HEADINGS)
_CLOSED = {"answered", "decided", "closed", "done"}
_LISTS = ("ul", "ol")


@dataclass(frozen=True)
class Ask:
    """A task, question or decision of a note: ``kind`` is "task", "question" or "decision", ``text``
    its words, ``closed`` whether it is done, answered or decided.

    ``label`` is the author's word before it ("의문", "Unfinished"), empty where it says nothing more;
    ``context`` is the sentence or heading before a text that is short or refers back; ``anchor`` the id
    of its element on the note's page (`set_anchors`); ``to_reader`` whether it is in what is written
    for the journal's reader, and ``is_marked`` whether the author marked it: there a sentence asks
    without that.
    """

    kind: str
    text: str
    closed: bool
    label: str = ""
    context: str = ""
    anchor: str = ""
    to_reader: bool = False
    is_marked: bool = True


def asks_in(note: Note) -> Iterator[Ask]:
    """The tasks, questions and decisions of ``note``, in order, items of task lists first."""
    tree = markup.parse(note.html)
    section = next(iter(tree), None)
    if section is not None:
        yield from (ask for _, ask in _found(section, note.anchor))


def set_anchors(tree: HtmlElement) -> None:
    """Give each element of a page's body that asks something the id that `Ask.anchor` names."""
    for section in list(note_sections(tree)):
        heading = next(iter(section), None)
        own = section.get("id") or (heading.get("id") if heading is not None else "") or ""
        for element, ask in list(_found(section, own)):
            if not element.get("id"):
                element.set("id", ask.anchor)


def drop_open(part: HtmlElement) -> None:
    """Take out of ``part`` the paragraphs and list items that are nothing but an open question or
    decision, for a page that lists these by themselves."""
    for element, ask in list(_found(part, "")):
        if ask.closed or ask.kind == TASK or not ask.is_marked:
            continue
        block = next((e for e in (element, *element.iterancestors()) if e.tag in ("p", "li")), None)
        if block is None or block is part or block.getparent() is None:
            continue
        said = _words(block)
        if ask.label and said.startswith(ask.label):
            said = said[len(ask.label) :].lstrip(" :：")
        if markers.before_answer(ask.kind, said)[0] in (ask.text, f"Q: {ask.text}"):
            block.drop_tree()


def _found(section: HtmlElement, anchor: str) -> Iterator[tuple[HtmlElement, Ask]]:
    """The elements of a note's section that ask something, with what they ask."""
    title = section[0].text_content() if len(section) else ""
    reader = for_reader.is_heading_for_reader(title)
    anchors: dict[HtmlElement, str] = {}
    seen: set[tuple[str, str]] = set()
    for element, mark, text, closed, context in _all(section, reader):
        text = shortened(text)
        if not text or (mark.kind, text) in seen:
            continue
        seen.add((mark.kind, text))
        if element not in anchors:
            anchors[element] = element.get("id") or _anchor(anchor, mark.kind, text)
        yield (
            element,
            Ask(
                mark.kind,
                text,
                closed,
                mark.label,
                context,
                anchors[element],
                reader or _in_reader_part(element),
                mark.end != _UNMARKED,
            ),
        )


_Found = tuple[HtmlElement, Mark, str, bool, str]


def _all(section: HtmlElement, reader: bool) -> Iterator[_Found]:
    boxes = list(task_boxes(section))
    for box, item in boxes:
        yield item, Mark(TASK, "", 0, 0), _words(item), box.get("checked") is not None, ""
    ticked = {item for _, item in boxes}
    for element in section.iter(*_BLOCKS):
        if any(above in ticked for above in (element, *element.iterancestors("li"))):
            continue
        if element.tag == "span" or element.tag == "div":
            yield from _by_class(element, section)
        if element.tag == "span":
            continue
        if element.tag == "li" and element.find("p") is not None:
            continue  # Its paragraph is looked at.
        if element.tag == "div" and "callout-title" not in element.get("class", ""):
            continue
        text = _words(element)
        head = markers.heading_mark(text) if _is_heading(element, text) else None
        if head is not None:
            yield from _below(element, head)
        elif marks := _marks(element, text):
            for mark, after in zip_longest(marks, marks[1:]):
                yield _marked(element, mark, text, after, section)
        elif element.tag in ("p", "li", "summary"):
            yield from _sentences(element, text, section, reader or _in_reader_part(element))


def _by_class(element: HtmlElement, section: HtmlElement) -> Iterator[_Found]:
    """What the class of ``element`` says that it asks."""
    classes = set(element.get("class", "").split())
    for kind in (QUESTION, DECISION):
        if kind in classes:
            text = _words(element)
            context = _context(element, section, text)
            yield element, Mark(kind, "", 0, 0), text, bool(classes & _CLOSED), context


def _marks(element: HtmlElement, text: str) -> list[Mark]:
    """The markers in the ``text`` of ``element``, with one that is set in bold at its beginning."""
    marks = markers.marks_in(text)
    bold = element.find("strong")
    said = _words(bold) if bold is not None else ""
    head = markers.heading_mark(said) if said and text.startswith(said) else None
    if head is None or (marks and marks[0].start == 0):
        return marks
    return [Mark(head.kind, head.label, 0, len(said)), *marks]


def _marked(
    element: HtmlElement, mark: Mark, text: str, after: Mark | None, section: HtmlElement
) -> _Found:
    """What follows ``mark`` in the text of ``element``, up to the mark ``after`` it."""
    end = after.start if after else len(text)
    asked, closed = markers.before_answer(mark.kind, text[mark.end : end])
    bold = element.find("strong")
    said = _words(bold) if bold is not None else ""
    if not closed and mark.start == 0 and said and said != text and text.startswith(said):
        words = said[mark.end :].strip()
        if words:  # "**Q1. Why?** Because": the words after the bold ones are the answer.
            asked = words
            # A guess that is doubted right away does not answer it.
            closed = after is None or after.kind != QUESTION or not after.label
    if not closed and end == len(text):
        heading = said == text or element.tag in markup.HEADINGS
        closed = _answered_below(element, mark.kind, heading=heading)
    context = _context(element, section, asked, text[: mark.start].strip())
    return element, mark, asked, closed, context


def _sentences(
    element: HtmlElement, text: str, section: HtmlElement, reader: bool
) -> Iterator[_Found]:
    """The sentences that ask for a decision, and the questions to the journal's reader."""
    if not reader and not markers.asks_to_decide(text):
        return
    if element.xpath(
        "boolean(.//span[contains(@class, 'question') or contains(@class, 'decision')])"
    ):
        return
    said = [part for part in markers.SENTENCE.split(text) if part.strip()]
    for number, sentence in enumerate(said):
        decides = any(map(markers.asks_to_decide, (sentence, sentence.rstrip(" .。"))))
        if not decides and not (reader and sentence.rstrip().endswith(("?", "？"))):
            continue
        kind = DECISION if decides else QUESTION
        context = _context(element, section, sentence, " ".join(said[:number]))
        closed = _answered_below(element, kind, heading=False) if number == len(said) - 1 else False
        closed = closed or any(markers.answers(kind, later) for later in said[number + 1 :])
        yield element, Mark(kind, "", 0, _UNMARKED), sentence, closed, context


def _is_heading(element: HtmlElement, text: str) -> bool:
    if element.tag in (*markup.HEADINGS, "div", "summary"):
        return True
    bold = element.find("strong")
    return element.tag == "p" and (
        text.endswith((":", "：")) or (bold is not None and _words(bold) == text)
    )


def _below(heading: HtmlElement, mark: Mark) -> Iterator[_Found]:
    """What is under a heading that is a marker: the items of lists, or else the paragraphs, of which
    those that doubt nothing are no questions."""
    blocks: list[HtmlElement] = []
    place = heading if heading.getnext() is not None else heading.getparent()
    while (place := place.getnext()) is not None and place.tag not in markup.HEADINGS:
        if heading.tag == "p" and blocks:
            break
        blocks += [place] if place.tag in (*_LISTS, "p") else place.xpath("./p | ./ul | ./ol")
    items = [item for block in blocks if block.tag in _LISTS for item in block.iterchildren("li")]
    for element in items or [block for block in blocks if block.tag == "p"]:
        text = _words(element)
        if markers.marks_in(text) or markers.is_answer(text) or element.xpath(".//input"):
            continue
        asked, closed = markers.before_answer(mark.kind, text)
        if mark.kind == QUESTION and not mark.label:
            asks = max(text.rfind("?"), text.rfind("？"))
            if asks < 0 and not items:
                continue
            closed = closed or (asks >= 0 and bool(re.search(r"\w", text[asks + 1 :])))
            asked = text[: asks + 1] if closed and asks >= 0 else asked
        closed = closed or _answered_below(element, mark.kind, heading=False)
        yield (
            element.find("p") if element.find("p") is not None else element,
            mark,
            asked,
            closed,
            "",
        )


def _answered_below(element: HtmlElement, kind: str, *, heading: bool) -> bool:
    """Whether an answer follows ``element``: one that says so, or under a heading any text."""
    inner = element.xpath("./ul/li | ./ol/li | ./p[position() > 1]")
    if any(markers.answers(kind, _words(one)) for one in inner):
        return True
    after = element.getnext()
    parent = element.getparent()
    if after is None and element.tag == "p" and parent is not None:
        after = parent.getnext() if parent.tag in ("li", "summary") else None
    if after is None:
        return False
    text = _words(after)
    if markers.answers(kind, text):
        return True
    return (
        heading and bool(text) and not markers.marks_in(text) and after.tag not in ("hr", "section")
    )


def _context(element: HtmlElement, section: HtmlElement, text: str, before: str = "") -> str:
    """What ``text`` in ``element`` needs to be understood: the sentence ``before`` it there, or else,
    where it refers back, the sentence or heading before ``element`` that is no other question. The
    note's own title is shown with it anyway."""
    if before:
        needed = markers.is_short(text) or markers.refers_back(text)
        return shortened(_last_sentence(before), _LONGEST_CONTEXT) if needed else ""
    place: HtmlElement | None = element if markers.refers_back(text) else None
    while place is not None and place is not section:
        previous = place.getprevious()
        if previous is None:
            place = place.getparent()
            continue
        place = previous
        if place is section[0] or place.tag not in (*_BLOCKS, *_LISTS) or place.tag == "div":
            continue
        last = place.xpath("./li[last()]")
        said = _words(last[0] if last else place)
        if said and not place.find_class("tag") and not _asks_or_answers(place, said):
            return shortened(_last_sentence(said), _LONGEST_CONTEXT)
    return ""


def _asks_or_answers(element: HtmlElement, text: str) -> bool:
    return (
        bool(markers.marks_in(text))
        or markers.is_answer(text)
        or element.find("math[@display='block']") is not None
    )


def _last_sentence(text: str) -> str:
    parts = [part for part in markers.SENTENCE.split(text) if part.strip()]
    return parts[-1].strip() if parts else ""


def _in_reader_part(element: HtmlElement) -> bool:
    return any(for_reader.CLASS in e.get("class", "").split() for e in element.iterancestors("div"))


def _anchor(note: str, kind: str, text: str) -> str:
    words = "\0".join((note, kind, *re.findall(r"\w+", text.casefold())))
    return (
        "ask-" + hashlib.blake2b(words.encode("utf-8", "surrogatepass"), digest_size=5).hexdigest()
    )


def shortened(text: str, longest: int = _LONGEST) -> str:
    """``text``, cut at the end of a word where it is longer than ``longest``."""
    if len(text) <= longest:
        return text
    return text[: markup.word_end(text, longest - 1)].rstrip(" ,;:，、；：") + "…"


def _words(element: HtmlElement) -> str:
    """The words of ``element`` without lists in it, formulas in one line, notes' numbers left out."""
    parts: list[str] = []
    _collect(element, parts)
    return " ".join("".join(parts).split())


def _collect(element: HtmlElement, parts: list[str]) -> None:
    parts.append(element.text or "")
    for child in element:
        if isinstance(child.tag, str) and not _is_silent(child):
            if child.tag == "math":
                parts.append(formula_text(child))
            elif child.tag == "br":
                parts.append(" ")
            else:
                _collect(child, parts)
        parts.append(child.tail or "")


def _is_silent(element: HtmlElement) -> bool:
    if element.tag == "a" and "footnote-ref" in element.get("class", "").split():
        return True
    return element.tag in (*_LISTS, "script", "style")
