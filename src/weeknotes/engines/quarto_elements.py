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
