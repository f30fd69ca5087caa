"""A cell as a form makes it."""

from __future__ import annotations

from dataclasses import dataclass

from weeknotes.digests.entry import Entry


@dataclass(frozen=True)
class Made:
    """A Markdown cell called ``name`` with ``text``; ``entry`` is the paper that it is about."""

    name: str
    text: str
    entry: Entry | None = None
