"""A long list on several pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

Item = TypeVar("Item")


@dataclass(frozen=True)
class ListPart(Generic[Item]):
    """The part of a list that is on one page: the address of that page, those of all its pages, and the
    items."""

    href: str
    hrefs: tuple[str, ...]
    items: tuple[Item, ...]

    @property
    def number(self) -> int:
        """The page's number, counting from 1."""
        return self.hrefs.index(self.href) + 1

    @property
    def place(self) -> tuple[str, int]:
        """The number of this page and of all pages."""
        return self.href, len(self.hrefs)


def divide(items: Sequence[Item], href: str, size: int) -> list[ListPart[Item]]:
    """``items`` on pages of ``size``: the first at ``href`` (``list.html``), the others at
    ``list-2.html`` and so on. Without items there is one empty page."""
    count = max(1, -(-len(items) // size))
    stem = href.removesuffix(".html")
    hrefs = (href, *(f"{stem}-{number}.html" for number in range(2, count + 1)))
    return [
        ListPart(page, hrefs, tuple(items[number * size : (number + 1) * size]))
        for number, page in enumerate(hrefs)
    ]


def divide_from_oldest(items: Sequence[Item], href: str, size: int) -> list[ListPart[Item]]:
    """``items``, newest first, on pages that are counted from the oldest item, so that a new one
    changes the newest page alone: that one is at ``href``, the oldest at ``list-1.html``."""
    stem = href.removesuffix(".html")
    chunks = [list(items[::-1])[start : start + size] for start in range(0, len(items), size)]
    if len(chunks) > 1 and len(chunks[-1]) < size // 3:
        chunks[-2:] = [chunks[-2] + chunks[-1]]
    hrefs = [f"{stem}-{number}.html" for number in range(1, len(chunks))] + [href]
    parts = [
        ListPart(h, tuple(hrefs[::-1]), tuple(c[::-1])) for h, c in zip(hrefs, chunks, strict=False)
    ]
    return parts[::-1] or [ListPart(href, (href,), ())]
