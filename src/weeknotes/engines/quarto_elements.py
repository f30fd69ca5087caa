"""Small helpers that every module which reads Quarto's HTML uses."""

from __future__ import annotations

from typing import Any

from weeknotes.engines.normalise import Element


def with_class(root: Element, name: str, tag: str = "*") -> list[Any]:
    """The elements of ``root`` that have the class ``name``."""
    return [e for e in root.iter(tag) if name in (e.get("class") or "").split()]


def put_in_place(old: Element, replacement: Element) -> None:
    """Put ``replacement`` where ``old`` is."""
    replacement.tail = old.tail
    old.getparent().replace(old, replacement)
    old.tail = None


def classes_of(element: Element) -> list[str]:
    """The classes of an element, in order."""
    return str(element.get("class") or "").split()


def code_of(cell: Element, outputs: list[Any]) -> list[Any]:
    """The outermost elements of `cell` that show its code, and none of what it printed."""
    found: list[Any] = []
    for element in cell.iter():
        if not {"cell-code", "code-fold"} & set(classes_of(element)):
            continue
        above = list(element.iterancestors())
        if not any(box in above for box in (*found, *outputs)):
            found.append(element)
    return found
