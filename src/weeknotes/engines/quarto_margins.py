"""Notes, citations and blocks in the margin of Quarto's HTML, back to what they belong to.

Quarto collects them where its columns begin. The site has one column, so that each is set behind the
paragraph that refers to it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from weeknotes.engines.normalise import Element, move_content, new, set_classes
from weeknotes.engines.quarto_elements import classes_of, put_in_place, with_class


def tab_margins(root: Element) -> None:
    """Notes in the margin back into their tabs: Quarto collects them behind the tabset, for its script
    to show those of the open tab."""
    for note in with_class(root, "tabset-margin-content"):
        match = re.search(r"\b(\S+)-tab-margin-content", note.get("class") or "")
        pane = root.get_element_by_id(match[1], None) if match else None
        if pane is not None:
            note.drop_tree()
            note.set("class", "column-margin")
            pane.append(note)


def asides(container: Element) -> None:
    """Turn the notes that Quarto has collected in a margin into a `div` each."""
    for child in list(container):
        classes = [c for c in classes_of(child) if c != "margin-aside"]
        if child.tag == "div" and "csl-entry" not in classes:
            # A footnote has an identifier; a block that the author has set there has none, and of
            # those of the class `aside` Quarto makes `margin-aside` (its columns.lua).
            is_aside = child.get("id") or "margin-aside" in classes_of(child)
            set_classes(child, [*classes, "aside" if is_aside else "column-margin"])
            continue
        box = new("div", class_="aside")
        put_in_place(child, box)
        if child.tag == "span" and not classes:
            move_content(child, box)
        else:
            box.append(child)
    outer = container.getparent()
    container.drop_tag()
    if outer.tag == "div" and set(classes_of(outer)) == {"page-columns", "page-full"}:
        outer.drop_tag()


def settle(root: Element) -> None:
    """Set each footnote and each entry of a citation in the margin behind the paragraph that refers to
    it first, in the order of the references."""
    waiting: dict[str, Element] = {}
    for box in with_class(root, "aside", "div"):
        entry = box[0].get("id") if len(box) == 1 and not (box.text or "").strip() else None
        for name in (box.get("id"), entry):
            if name and name.startswith(("fn", "ref-")):
                waiting[name] = box
    if not waiting:
        return
    for paragraph in list(root.iter("p")):
        if any("aside" in classes_of(above) for above in paragraph.iterancestors("div")):
            continue
        last = paragraph
        for name in _references(paragraph):
            box = waiting.pop(name, None)
            if box is None or last.getnext() is box:
                last = last if box is None else box
                continue
            box.drop_tree()
            box.tail = last.tail
            last.tail = None
            last.addnext(box)
            last = box


def _references(paragraph: Element) -> Iterator[str]:
    """The identifiers of the notes and entries that a paragraph refers to, in order."""
    for element in paragraph.iter("a", "span"):
        if element.tag == "a" and "footnote-ref" in classes_of(element):
            yield (element.get("href") or "").lstrip("#")
        for key in (element.get("data-cites") or "").split():
            yield f"ref-{key}"
