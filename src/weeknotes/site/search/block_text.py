"""The text of a note as the search keeps it: prose first, then each table, program and figure on lines
of its own, so that an excerpt is of one of them and never of a sentence that runs into a table.

Tags that are by themselves are left out: the search files them as tags.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from weeknotes.journal import notes

_APART = frozenset(["table", "pre", "figure"])


def note_text(html: str) -> str:
    """The text of the section ``html`` below its heading."""
    section = notes.parse(html)[0]
    heading = next((child for child in section if isinstance(child.tag, str)), None)
    return _text(section, lambda element: element is heading)


def opening_text(body: str) -> str:
    """The text of the page ``body`` that is in none of its notes, its reference list and footnotes
    left out."""
    root = notes.parse(body)
    sections = set(notes.note_sections(root))
    apparatus = ("doc-bibliography", "doc-endnotes")
    return _text(root, lambda e: e in sections or e.get("role") in apparatus)


def _text(element: Any, skip: Callable[[Any], bool]) -> str:
    def left_out(inner: Any) -> bool:
        return skip(inner) or _is_tag_line(inner)

    prose = notes.text_of(element, skip=lambda inner: left_out(inner) or inner.tag in _APART)
    blocks = (line for block in _apart(element, left_out) for line in _lines(block))
    return "\n".join(part for part in (prose, *blocks) if part)


def _apart(element: Any, left_out: Callable[[Any], bool]) -> Iterator[Any]:
    """The outermost tables, programs and figures in ``element``."""
    for child in element:
        if not isinstance(child.tag, str) or left_out(child):
            continue
        if child.tag in _APART:
            yield child
        else:
            yield from _apart(child, left_out)


def _lines(block: Any) -> Iterator[str]:
    """A line for each row of a table, one for anything else."""
    tables = [block] if block.tag == "table" else list(block.iter("table"))
    if not tables:
        yield notes.text_of(block)
        return
    yield notes.text_of(block, skip=lambda inner: inner.tag in ("tr", "table"))
    for row in block.iter("tr"):
        yield " · ".join(filter(None, map(notes.text_of, row.xpath("./td|./th"))))


def _is_tag_line(element: Any) -> bool:
    if element.tag != "p" or not len(element):
        return False
    loose = (element.text or "") + "".join(child.tail or "" for child in element)
    classes = [(child.get("class") or "").split() for child in element]
    return not loose.strip() and all("tag" in names for names in classes)
