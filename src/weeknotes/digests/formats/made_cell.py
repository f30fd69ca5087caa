"""A cell as a form makes it."""

from __future__ import annotations

from dataclasses import dataclass

from weeknotes.digests.entry import CategoryReport, Entry


@dataclass(frozen=True)
class Made:
    """A Markdown cell called ``name`` with ``text``; ``entry`` is the paper, or ``report`` the report
    on a category, that it holds."""

    name: str
    text: str
    entry: Entry | None = None
    report: CategoryReport | None = None
