"""Annotated code: the number of a note behind a line, and the notes as a list below the code.

Quarto sets the number before the line, glued to the code, and shows the notes by a script.
"""

from __future__ import annotations

import re
from typing import Any

import lxml.html

Element = Any

_FIRST = 0xF8100
"""The character that `lua/annotations.lua` writes for the note 0; the others follow."""
_MARK = re.compile(f"[{chr(_FIRST)}-{chr(_FIRST + 999)}]")


def mark(root: Element) -> None:
    """Make the marks of the built-in renderer numbers."""
    for block in root.iter("pre"):
        if not _MARK.search(block.text_content()):
            continue
        for element in list(block.iter()):
            _mark_text(element)
            _mark_tail(element)


def _mark_text(element: Element) -> None:
    while match := _MARK.search(element.text or ""):
        text = element.text
        element.text = text[: match.start()]
        element.insert(0, _number(ord(match[0]) - _FIRST, text[match.end() :]))
        element = element[0]
        _mark_tail(element)


def _mark_tail(element: Element) -> None:
    if element.getparent() is None:
        return
    while match := _MARK.search(element.tail or ""):
        text = element.tail
        element.tail = text[: match.start()]
        number = _number(ord(match[0]) - _FIRST, text[match.end() :])
        element.getparent().insert(element.getparent().index(element) + 1, number)
        element = number


def _number(number: int, tail: str) -> Element:
    element = lxml.html.Element("span")
    element.set("class", "code-annotation")
    element.text = str(number)
    element.tail = tail
    return element


def from_quarto(root: Element) -> None:
    """Bring Quarto's annotated code to the same form."""
    for anchor in [a for a in root.iter("a", "button") if _is(a, "code-annotation-anchor")]:
        anchor.drop_tree()
    for gutter in [d for d in root.iter("div") if re.search(r"code-annotation-gutter", _class(d))]:
        gutter.drop_tree()
    for notes in [d for d in root.iter("dl") if "code-annotation-container" in _class(d)]:
        _list(root, notes)
    for block in root.iter("pre"):
        names = [n for n in _class(block).split() if not n.startswith("code-annotat")]
        if re.fullmatch(r"annotated-cell-\d+", block.get("id") or ""):
            del block.attrib["id"]
        if block.get("class"):
            block.set("class", " ".join(names))


def _list(root: Element, notes: Element) -> None:
    items = lxml.html.Element("ol")
    items.set("type", "1")
    expected = None
    for term, definition in zip(notes.findall("dt"), notes.findall("dd"), strict=False):
        item = lxml.html.Element("li")
        item.tail = "\n"
        number = int(term.get("data-target-annotation") or 0)
        note = definition.find("span[@data-code-annotation]")
        if note is not None:
            number = int(note.get("data-code-annotation") or number)
            lines = (note.get("data-code-lines") or "").split(",")
            _mark_lines(root, note.get("data-code-cell") or "", lines, number)
            note.drop_tag()
        if expected is None and number != 1:
            items.set("start", str(number))
        elif expected is not None and number != expected:
            item.set("value", str(number))
        expected = number + 1
        item.text = (definition.text or "").lstrip()
        for child in list(definition):
            item.append(child)
        items.append(item)
    box = lxml.html.Element("div")
    box.set("class", "code-annotations")
    box.append(items)
    box.tail, notes.tail = notes.tail, None
    outer = notes.getparent()
    outer.replace(notes, box)
    if _is(outer, "cell-annotation"):
        outer.drop_tag()


def _mark_lines(root: Element, cell: str, lines: list[str], number: int) -> None:
    for line in lines:
        found = root.get_element_by_id(f"{cell}-{line}", None)
        if found is None:
            continue
        last = found[-1] if len(found) else None
        if last is None:
            found.text = (found.text or "").rstrip() + " "
        else:
            last.tail = (last.tail or "").rstrip() + " "
        found.append(_number(number, ""))


def _class(element: Element) -> str:
    return str(element.get("class") or "")


def _is(element: Element, name: str) -> bool:
    return name in _class(element).split()
