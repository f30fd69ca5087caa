"""Notes, figures and citations as records, read from the HTML of a rendered page.

A **note** is a section of a page. A **reading note** is one whose heading holds a citation or a link
to the paper, in the heading itself or right below it. Under a heading that only groups (``## Papers``
over ``### A paper [@key]``), the sections below it are the notes. A section that holds nothing but
task lists is kept as kind "tasks"; a heading that nothing is written under yet is none.

Reading notes from rendered HTML, rather than from Markdown, makes them the same under both engines
and sees what the reader sees: resolved citations, included files, captions with their numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from lxml import etree

from weeknotes.journal.records import Figure, Note, NoteRecord
from weeknotes.text.formula_text import formula_text
from weeknotes.text.html_elements import HEADINGS, UNSPOKEN
from weeknotes.text.html_trees import fragment
from weeknotes.text.task_boxes import task_boxes

__all__ = ["Figure", "Note", "NoteRecord", "PageNotes", "read"]

#: Elements whose end separates words.
_BLOCKS = frozenset(
    "address article aside blockquote br caption dd details div dl dt figcaption figure footer h1 h2 "
    "h3 h4 h5 h6 header hr li main nav ol p pre section summary table tbody td tfoot th thead tr ul"
    "".split()
)
#: Elements that hold no text of the note's own: the TeX source beside MathML, scripts, controls.
_SILENT = UNSPOKEN | {"button"}
_WEB_LINKS = './/a[starts-with(@href, "http://") or starts-with(@href, "https://")]'
_SECTION_LEVEL = re.compile(r"\blevel([1-6])\b")
#: Han, kana and full-width punctuation: a line break between two of them is no space
#: (CSS Text Level 3, section 4.1.3, "Segment Break Transformation Rules").
_WIDE = "\u3000-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff00-\uffef"
_WIDE_BREAK = re.compile(rf"(?<=[{_WIDE}])[ \t]*\n\s*(?=[{_WIDE}])")


@dataclass(frozen=True)
class PageNotes:
    """The contents of a page's body: its notes in order, the text that is in none of them (the week at
    a glance, words under a group's heading), and its tasks, ticked and not."""

    notes: tuple[Note, ...]
    opening: str
    open_tasks: int
    done_tasks: int
    cites: tuple[str, ...]


def read(body: str) -> PageNotes:
    """The notes of a page whose common-form HTML is ``body``."""
    root = parse(body)
    sections = list(note_sections(root))
    notes = tuple(_note(section) for section in sections)
    boxes = list(task_boxes(root))
    done = sum(1 for box, _ in boxes if box.get("checked") is not None)
    cites = _unique(_cited(root))
    inside = set(sections)
    opening = text_of(root, skip=lambda element: element in inside or _is_apparatus(element))
    return PageNotes(notes, opening, len(boxes) - done, done, cites)


def parse(body: str) -> Any:
    """``body`` as one lxml element, a ``div`` around what it holds."""
    return fragment(body)


def serialize(element: Any) -> str:
    """The HTML of ``element`` itself, without the text that follows it."""
    return str(etree.tostring(element, encoding="unicode", method="html", with_tail=False))


def inner_html(element: Any) -> str:
    """The HTML of what ``element`` holds."""
    start = html_escape(element.text or "")
    return start + "".join(
        str(etree.tostring(child, encoding="unicode", method="html")) for child in element
    )


def html_escape(text: str) -> str:
    """``text`` for use between tags."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def note_sections(root: Any) -> Iterator[Any]:
    """The sections of a parsed body that are notes, in order."""
    for section in _sections_in(root):
        yield from _notes_under(section)


def _notes_under(section: Any) -> list[Any]:
    """The section itself, or the ones it groups where these are what is about papers."""
    if _is_reading(section):
        return [section]
    if _is_bare(section):
        return []
    below = list(_sections_in(section))
    if any(_is_reading(inner) for child in below for inner in [child, *_all_sections(child)]):
        return [note for child in below for note in _notes_under(child)]
    return [section]


def _is_bare(section: Any) -> bool:
    """Whether the section is a heading and nothing else, not even a tag in it."""
    elements = [child for child in section if isinstance(child.tag, str)]
    words = [child.tail or "" for child in section]
    return len(elements) == 1 and not "".join(words).strip() and not _of_class(section, "tag")


def _sections_in(element: Any) -> Iterator[Any]:
    """The outermost heading sections inside ``element``, looking through plain wrappers."""
    for child in element:
        if not isinstance(child.tag, str) or _is_apparatus(child):
            continue
        if _level(child):
            yield child
        elif child.tag in ("div", "details", "section", "article"):
            yield from _sections_in(child)


def _all_sections(section: Any) -> Iterator[Any]:
    for child in _sections_in(section):
        yield child
        yield from _all_sections(child)


def _is_apparatus(element: Any) -> bool:
    """Whether it is the reference list or the footnotes, which belong to the page."""
    return element.get("role") in ("doc-bibliography", "doc-endnotes")


def _level(element: Any) -> int:
    """The heading level of a section, 0 for anything else."""
    if element.tag != "section":
        return 0
    match = _SECTION_LEVEL.search(element.get("class") or "")
    return int(match[1]) if match and _heading(element) is not None else 0


def _heading(section: Any) -> Any | None:
    """The heading that opens ``section``, or None."""
    for child in section:
        if isinstance(child.tag, str):
            return child if child.tag in HEADINGS else None
    return None


def _opening_elements(section: Any) -> list[Any]:
    """The heading, and the paragraph right below it if there is one."""
    elements = [child for child in section if isinstance(child.tag, str)]
    return elements[:1] + [element for element in elements[1:2] if element.tag == "p"]


def _is_reading(section: Any) -> bool:
    """Whether the section is about a paper: cited or linked in its heading or right below it."""
    return any(
        element.xpath(f'.//span[contains(concat(" ", @class, " "), " citation ")]|{_WEB_LINKS}')
        for element in _opening_elements(section)
    )


def _note(section: Any) -> Note:
    heading = _heading(section)
    if heading is None:
        raise ValueError("a note's section starts with its heading")
    opening = _opening_elements(section)
    record = NoteRecord(
        anchor=section.get("id") or heading.get("id") or "",
        kind=_kind(section),
        title=text_of(heading, skip=_is_citation_or_tag) or text_of(heading),
        papers=_unique(key for part in opening for key in _cited(part)),
        cites=_unique(_cited(section)),
        tags=_unique(text_of(tag) for tag in _of_class(section, "tag")),
        links=_unique(link.get("href") for part in opening for link in part.xpath(_WEB_LINKS)),
    )
    return Note(
        record=record,
        title_html=inner_html(heading),
        html=serialize(section),
        text=text_of(section),
        level=_level(section),
        lang=section.get("lang") or "",
        figures=tuple(figures(section, record.anchor)),
    )


def _kind(section: Any) -> str:
    if _is_reading(section):
        return "reading"
    blocks = [child for child in section if isinstance(child.tag, str)][1:]
    # What a cell says to the journal's reader belongs to no section: it only comes after one.
    blocks = [block for block in blocks if "for-advisor" not in (block.get("class") or "").split()]
    lists = [block for block in blocks if block.tag == "ul"]
    boxes = list(task_boxes(section))
    return "tasks" if boxes and len(lists) == len(blocks) else "note"


def _cited(element: Any) -> Iterator[str]:
    for span in element.iter("span"):
        if span.get("data-cites") and "citation" in (span.get("class") or "").split():
            yield from span.get("data-cites").split()


def _of_class(element: Any, name: str) -> list[Any]:
    return [span for span in element.iter("span") if name in (span.get("class") or "").split()]


def _is_citation_or_tag(element: Any) -> bool:
    classes = (element.get("class") or "").split()
    return "citation" in classes or "tag" in classes


def figures(section: Any, anchor: str) -> Iterator[Figure]:
    """The images in ``section``, in order; ``anchor`` is the id of what has none of its own."""
    for image in section.iter("img"):
        figure = next((above for above in image.iterancestors() if above.tag == "figure"), None)
        caption = figure.find(".//figcaption") if figure is not None else None
        own = [image, *([figure] if figure is not None else [])]
        yield Figure(
            src=image.get("src") or "",
            alt=image.get("alt") or "",
            caption_html=inner_html(caption) if caption is not None else "",
            anchor=next((e.get("id") for e in own if e.get("id")), anchor),
        )


#: What `text_of` puts around an alternative text that it marks (Unicode's interlinear annotation).
ALT_BEGINS, ALT_ENDS = "\ufff9", "\ufffb"


def text_of(element: Any, skip: Any = None, *, to_show: bool = False) -> str:
    """The text that a reader sees in ``element``, alternative texts included, white space folded.

    Elements for which ``skip`` holds are left out. Words of different blocks are kept apart; a line
    break in the source between two wide characters adds no space. ``to_show`` says that the text is
    shown: formulas are in one line that can be read (`text.formula_text`), and alternative texts are
    between `ALT_BEGINS` and `ALT_ENDS`.
    """
    parts: list[str] = []
    _collect(element, parts, skip, to_show)
    text = _WIDE_BREAK.sub("", "".join(parts).replace("\u00ad", ""))
    return " ".join(text.split())


def _collect(element: Any, parts: list[str], skip: Any, to_show: bool) -> None:
    if element.text:
        parts.append(element.text)
    for child in element:
        if isinstance(child.tag, str) and child.tag not in _SILENT and not (skip and skip(child)):
            separate = child.tag in _BLOCKS
            if separate:
                parts.append(" ")
            if alt := child.get("alt"):
                parts.append(f" {ALT_BEGINS}{alt}{ALT_ENDS} " if to_show else f" {alt} ")
            if to_show and child.tag == "math":
                parts.append(formula_text(child))
            else:
                _collect(child, parts, skip, to_show)
            if separate:
                parts.append(" ")
        if child.tail:
            parts.append(child.tail)


def _unique(items: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(item for item in items if item))
