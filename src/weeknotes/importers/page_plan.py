"""The form between a family and the writer: pages of cells, each made of the source's blocks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from weeknotes.importers.markdown.blocks import Block
from weeknotes.journal.weeks import Week


@dataclass(frozen=True)
class CodeCell:
    """A code cell to be: its source, its outputs in the form of nbformat 4, and its number (None
    where it was not run)."""

    source: str
    outputs: tuple[Mapping[str, Any], ...] = ()
    number: int | None = None


@dataclass
class Draft:
    """A cell to be: its blocks, and what it is known by from one import to the next.

    ``title`` is a note's title in plain text, empty for a cell that is no note. ``data`` is kept in
    the cell's metadata (votes, authors). ``tags`` go under the heading. ``moved`` says that its
    blocks were elsewhere in the source: a footnote that came to the page that refers to it.
    ``heading`` is a heading that the text does not have, from its front matter or the file's name,
    and ``cites`` what is cited in it. ``code`` makes a code cell of the blocks.
    """

    blocks: list[Block]
    title: str = ""
    tags: tuple[str, ...] = ()
    data: dict[str, Any] = field(default_factory=dict)
    moved: bool = False
    heading: str = ""
    cites: tuple[str, ...] = ()
    code: CodeCell | None = None

    @property
    def start(self) -> int:
        """The line of the source that it begins on, empty lines aside."""
        shown = (block.start for block in self.blocks if block.kind != "blank")
        return next(shown, self.blocks[0].start if self.blocks else 0)


@dataclass(frozen=True)
class Chart:
    """A code cell that draws how many papers each category has."""

    counts: Mapping[str, int]
    title: str


@dataclass
class PagePlan:
    """A page to be. ``kind`` is week, digest or page; ``blocks`` of the source that became part of
    its front matter, or of nothing that a reader sees, are its ``structure``. ``marks`` has what
    replaces the marks of footnotes that became something else. ``shared`` says that other sources add
    to the same page, as they do to a week; ``private`` is "draft" or
    "private" for a page that its source does not publish.
    ``metadata`` are the notebook's own, such as its kernel; ``citations`` the keys that the text
    cites, with those that the library has for them."""

    kind: str
    title: str
    drafts: list[Draft]
    structure: list[Block] = field(default_factory=list)
    week: Week | None = None
    date: date | None = None
    lang: str = ""
    slug: str = ""
    categories: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    author: str = ""
    front: dict[str, Any] = field(default_factory=dict)
    chart: Chart | None = None
    marks: dict[str, str] = field(default_factory=dict)
    shared: bool = False
    private: str = ""
    metadata: dict[str, Any] = field(default_factory=dict)
    citations: dict[str, str] = field(default_factory=dict)

    @property
    def start(self) -> int:
        """The line of the source that the page begins on."""
        starts = [draft.start for draft in self.drafts if draft.blocks and not draft.moved]
        starts += [block.start for block in self.structure]
        return min(starts, default=0)


def together(pages: Sequence[PagePlan]) -> list[PagePlan]:
    """``pages`` of one source, with those of the same week, or of the same day and name, as one."""
    made: dict[tuple[object, ...], PagePlan] = {}
    for number, page in enumerate(pages):
        own = page.week or (page.date and (page.date, page.slug))
        first = made.setdefault((page.kind, own or number), page)
        if first is not page:
            first.drafts += page.drafts
            first.structure += page.structure
            first.categories = tuple(dict.fromkeys([*first.categories, *page.categories]))
            first.tags = tuple(dict.fromkeys([*first.tags, *page.tags]))
            first.marks |= page.marks
            first.private = first.private or page.private
            if first.chart and page.chart:
                counts = dict(first.chart.counts)
                for name, count in page.chart.counts.items():
                    counts[name] = counts.get(name, 0) + count
                first.chart = Chart(counts, first.chart.title)
            first.chart = first.chart or page.chart
    return list(made.values())
