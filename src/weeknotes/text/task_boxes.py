"""The checkboxes of task lists in HTML, told from those with which a program's output unfolds."""

from __future__ import annotations

from collections.abc import Iterator

from lxml.html import HtmlElement


def task_boxes(tree: HtmlElement) -> Iterator[tuple[HtmlElement, HtmlElement]]:
    """The checkboxes of ``tree`` that list items begin with, each with its item."""
    for box in list(tree.iter("input")):
        if box.get("type") != "checkbox":
            continue
        item = next(box.iterancestors("li"), None)
        if item is not None and _begins(item, box):
            yield box, item


def _begins(item: HtmlElement, box: HtmlElement) -> bool:
    """Whether nothing but paragraphs and labels around ``box`` is before it in ``item``."""
    element = box
    while element is not item:
        parent = element.getparent()
        if parent is None or element.getprevious() is not None or (parent.text or "").strip():
            return False
        if parent is not item and parent.tag not in ("label", "p", "span"):
            return False
        element = parent
    return True
