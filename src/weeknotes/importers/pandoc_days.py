"""Journals that pandoc reads: a heading a day, as in the date trees of org-mode, or a file a day.

::

    * 2024
    ** 2024-07 July
    *** 2024-07-01 Monday
    **** Counting bells

Each day goes to the page of its week. What is under no day becomes a page of its own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import PurePosixPath
from typing import Any

from weeknotes.importers import front_matter
from weeknotes.importers.dates.expressions import Expression, find, month_of_name
from weeknotes.importers.dates.reader import reader
from weeknotes.importers.day_pages import day_of, week_of
from weeknotes.importers.markdown.blocks import Block
from weeknotes.importers.markdown.text import plain
from weeknotes.importers.page_plan import PagePlan
from weeknotes.importers.pandoc_pages import (
    bibliography,
    cite_all,
    code_of,
    draft_of,
    heading_level,
    heading_text,
    plan,
)
from weeknotes.importers.sections import ImportContext
from weeknotes.importers.withholding import withheld_source
from weeknotes.journal.weeks import Week

# A year, or a month of one, which a word may name.
_CALENDAR = re.compile(
    r"(?:19|20)[0-9]{2}\s*[年년]?|(?:19|20)[0-9]{2}(?:\s*[年년/. -]\s*(?:0?[1-9]|1[0-2])\s*[月월]?)?"
    r"(?:\s+([^\W\d_]+)\.?)?|([^\W\d_]+)\.?,?\s+(?:19|20)[0-9]{2}"
)


def journal_pages(blocks: Sequence[Block], context: ImportContext) -> list[PagePlan]:
    """The pages of the weeks whose days the headings of a file name, and one of what is under none; a
    file that is named after a day is of the week of that day. Any other file is a page, as
    `pandoc_pages.plan` makes it."""
    front = next((block for block in blocks if block.kind == "front"), None)
    found = front_matter.values(front, context) if front else {}
    body = [block for block in blocks if block.kind not in ("front", "blank")]
    if withheld_source(found, context.source)[0] or not body:
        return plan(blocks, context)
    for block in body:
        if "::: private" in block.text:
            context.decide(block.start, "a part of it is private")
    days, calendar, rest = _parted(body, context)
    if len({day for day, _ in days}) < 2 and not (days and calendar):
        named = day_of(PurePosixPath(context.source).stem)
        return _of_file(body, front, found, named, context) if named else plan(blocks, context)
    pages = [*_of_weeks(days, found, context)]
    first = pages[0]
    first.structure = calendar
    kept = [block.text.strip() for block in calendar]
    first.drafts[0].data |= {"headings": kept} if kept else {}
    if rest:
        return [*pages, *plan([front, *rest] if front else rest, context)]
    return [_with_front(first, front), *pages[1:]]


def _with_front(page: PagePlan, front: Block | None) -> PagePlan:
    """``page``, which other sources share, with the front matter kept in its first cell."""
    if front:
        page.structure = [front, *page.structure]
        page.drafts[0].data["front-matter"] = "\n".join(front_matter.inner_lines(front))
    return page


def _of_file(
    body: Sequence[Block],
    front: Block | None,
    found: Mapping[str, Any],
    day: date,
    context: ImportContext,
) -> list[PagePlan]:
    """The page of the week of a file that is named after ``day``."""
    levels = [level for block in body if (level := heading_level(block))]
    titled = day_of(plain(heading_text(body[0].text))) == day if heading_level(body[0]) else False
    page = _page(body, day, found, context, 2 - levels[0] if titled else 3 - min(levels, default=3))
    if not titled:
        first, title = page.drafts[0], front_matter.text(found.get("title"))
        shown = title if title and day_of(title) != day else day.isoformat()
        first.heading = shown
        first.title = first.title or shown
    context.decide(1, f"the day is {day}, from the file's name")
    return [_with_front(page, front)]


def _parted(
    body: Sequence[Block], context: ImportContext
) -> tuple[list[tuple[date, list[Block]]], list[Block], list[Block]]:
    """The days of ``body`` with their blocks, the headings above them that only name a year, a month
    or a week, and all other blocks."""
    days: list[tuple[Expression, list[Block]]] = []
    calendar: list[Block] = []
    rest: list[Block] = []
    level = 0
    for block in body:
        own = heading_level(block)
        text = plain(heading_text(block.text)) if own else ""
        if own and (own <= level or not level):
            named = find(text) if day_of(text) and not _is_of_calendar(text) else None
            level = own if named else 0
            if named:
                days.append((named, []))
        if level:
            days[-1][1].append(block)
        elif own and _is_of_calendar(text) and len(block.text.strip().split("\n")) == 1:
            calendar.append(block)
        else:
            rest.append(block)
    # Whether the day or the month comes first is decided for the whole file.
    order = reader([named for named, _ in days], today=context.today)
    spans = ((order.span(named), blocks) for named, blocks in days)
    return [(span.start, blocks) for span, blocks in spans if span], calendar, rest


def _is_of_calendar(text: str) -> bool:
    """Whether a heading names a year, a month or a week, and nothing else."""
    if week_of(text) is not None:
        return True
    match = _CALENDAR.fullmatch(text.strip())
    word = match and (match[1] or match[2])
    return bool(match) and (not word or month_of_name(word) > 0)


def _of_weeks(
    days: Sequence[tuple[date, list[Block]]], found: Mapping[str, Any], context: ImportContext
) -> list[PagePlan]:
    """A page for each week that has days, in their order in the source."""
    pages: dict[Week, PagePlan] = {}
    for day, blocks in days:
        page = _page(blocks, day, found, context, 2 - heading_level(blocks[0]))
        context.decide(blocks[0].start, f"the day is {day}, from its heading")
        week = Week.of(day)
        if week in pages:
            pages[week].drafts += page.drafts
            pages[week].citations = {**pages[week].citations, **page.citations}
        else:
            pages[week] = page
    return list(pages.values())


def _page(
    blocks: Sequence[Block],
    day: date,
    found: Mapping[str, Any],
    context: ImportContext,
    shift: int,
) -> PagePlan:
    keys = cite_all(blocks, bibliography(found, context), context, day)
    drafts = [draft_of(block, context, day, keys, code_of, shift) for block in blocks]
    page = PagePlan("week", "", drafts, week=Week.of(day), shared=True)
    page.citations = keys
    return page
