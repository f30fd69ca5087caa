"""The forms that a digest's entries take: one module each.

A form makes cells: those of papers, and others such as headings and tables. Each cell of a paper holds
its task, so that it can be ticked, and what its author writes is distinguished from generated text.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from weeknotes.digests.entry import Digest, Entry
from weeknotes.digests.formats import arxiv_table, blog, insights, task_list, votes
from weeknotes.digests.formats.made_cell import Made

__all__ = ["FORMATS", "Form", "Made"]


@dataclass(frozen=True)
class Form:
    """The layout of a digest.

    ``cells`` makes all of its cells, in order. ``more`` makes those of papers that join a notebook
    later, after ``count`` others.
    """

    cells: Callable[[Digest], list[Made]]
    entry: Callable[[Entry, int], str]


FORMATS: dict[str, Form] = {
    "list": Form(task_list.cells, task_list.entry),
    "blog": Form(blog.cells, blog.entry),
    "insights": Form(insights.cells, insights.entry),
    "votes": Form(votes.cells, votes.entry),
    "arxiv-table": Form(arxiv_table.cells, arxiv_table.entry),
}
