"""A file a day, and pages of a vault beside them: what Obsidian and Logseq have in common."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from weeknotes.importers import front_matter
from weeknotes.importers.dates import expressions
from weeknotes.importers.dates.dates_in_names import day_in_name
from weeknotes.importers.dates.reader import Reader, single_day
from weeknotes.importers.markdown.blocks import Block
from weeknotes.importers.markdown.text import links, plain
from weeknotes.importers.page_plan import Draft, PagePlan
from weeknotes.importers.paper_lines import cite_lines
from weeknotes.importers.paper_register import SourcePaper, is_paper_address
from weeknotes.importers.sections import (
    ImportContext,
    Title,
    draft_sections,
    has_text,
    heading_levels,
    relevel,
    take_title,
)
from weeknotes.importers.withholding import withheld_source
from weeknotes.journal.weeks import Week

# What the name of a daily note may hold beside the digits of its day.
_BESIDE_A_DAY = re.compile(
    r"(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*|[월화수목금토일](?:요일)?|(?:星期|周)[一二三四五六日天]|"
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*|st|nd|rd|th|daily|note|journal|log",
    re.I,
)


def day_page(
    blocks: Sequence[Block],
    context: ImportContext,
    day: date,
    front: Block | None,
    heading: str = "",
) -> list[PagePlan]:
    """The page of the week of ``day``, with its note: the heading that names the day, or else one
    with its date, or with ``heading``, and the whole file below it. None where the file has nothing
    to see."""
    tell_private(blocks, context)
    if not has_text(blocks):
        return []
    at = next((n for n, b in enumerate(blocks) if b.kind not in ("blank", "rule")), 0)
    first, rest = blocks[at], [*blocks[:at], *blocks[at + 1 :]]
    levels = heading_levels(rest)
    titled = first.kind == "heading" and (
        single_day(plain(first.text), today=context.today) == day
        or (first.level == 1 and 1 not in levels)
    )
    inner = rest if titled else list(blocks)
    inner, keys = cite_lines(inner, context, day)
    inner = relevel(inner, min(heading_levels(inner), default=3), 3)
    data: dict[str, Any] = {"papers": keys} if keys else {}
    if front:
        data["front-matter"] = "\n".join(front_matter.inner_lines(front))
    if titled:
        head = replace(first, level=2)
        draft = Draft([head, *inner], title=plain(first.text), data=data)
    else:
        shown = heading or day.isoformat()
        draft = Draft(inner, title=shown, data=data, heading=shown)
    structure = [front] if front else []
    return [PagePlan("week", "", [draft], structure, week=Week.of(day), shared=True)]


def vault_page(
    blocks: Sequence[Block],
    context: ImportContext,
    title: str,
    found: dict[str, Any],
    front: Block | None,
) -> list[PagePlan]:
    """A page of its own for a note that is of no day: of the day that its properties name, or
    undated. Its sections are notes, on the papers whose addresses are in their headings."""
    tell_private(blocks, context)
    day = front_matter.day(found, context) or day_of(title)
    known = front_matter.text(found.get("title"))
    own, body, used = take_title(blocks)
    title = own or known or title
    structure = ([front] if front else []) + used
    drafts = draft_sections(body, lambda title: section(title, context, day))
    for draft in drafts:
        if not draft.title:
            draft.blocks, keys = cite_lines(draft.blocks, context, day)
            draft.data = {**draft.data, **({"papers": keys} if keys else {})}
    page = PagePlan("page", title, drafts, structure, date=day, slug=title)
    page.tags = front_matter.tags(found)
    page.private, _ = withheld_source(found, context.source)
    return [page]


def section(title: Title, context: ImportContext, day: date | None) -> Draft:
    """The note of a section: its heading cites the paper that it links to, and its lines those that
    they have the addresses of."""
    linked = next((u for _, u in links(title.heading.text) if is_paper_address(u)), "")
    key = context.papers.cite(SourcePaper(title.text, linked), day) if linked else ""
    rest, keys = cite_lines(title.rest, context, day, key)
    heading = replace(title.heading, cites=(key,)) if key else title.heading
    data: dict[str, Any] = {"paper": key} if key else {}
    if keys:
        data["papers"] = keys
    return Draft([heading, *rest], title=title.text, data=data)


def tell_private(blocks: Sequence[Block], context: ImportContext) -> None:
    """Record in the report which lines are comments, and so private."""
    for block in blocks:
        if block.kind == "private":
            first, last = block.start, block.lines[-1][0]
            where = f"line {first} is" if first == last else f"lines {first} to {last} are"
            context.decide(first, f"{where} a comment, and private")


def week_of(stem: str) -> Week | None:
    """The week that a file is named after, such as ``2024-W27``, where its name is nothing but that."""
    found = expressions.find(stem.replace("_", " "))
    if found is None or not found.number or found.year is None:
        return None
    rest = re.sub(r"weekly|week|notes?|review|주간|周报|週報|[\W_]+", "", found.rest, flags=re.I)
    span = Reader(True, None).span(found) if not rest else None
    return span.week if span else None


def day_of(stem: str) -> date | None:
    """The day that a file is named after, where its name is nothing but that, or little more."""
    day = day_in_name(stem)
    if day is None:
        return None
    found = expressions.find(stem.replace("_", " "))
    names = [stem, found.rest] if found else [stem]
    rest = (_BESIDE_A_DAY.sub("", re.sub(r"[0-9\W_]+", "", name)) for name in names)
    return day if min(map(len, rest)) <= 2 else None
