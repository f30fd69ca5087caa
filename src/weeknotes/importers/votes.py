"""Daily papers with votes: a section a paper, with its votes, authors, thumbnail or video, bullets."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from weeknotes.importers import dates
from weeknotes.importers.blocks import Block
from weeknotes.importers.blog import sections as plain_sections
from weeknotes.importers.blog import take_title
from weeknotes.importers.detect import AUTHORS, VOTE
from weeknotes.importers.form import Draft, PagePlan
from weeknotes.importers.papers import Paper, authors_in
from weeknotes.importers.sections import (
    Desk,
    address_below,
    has_text,
    heading_levels,
    note,
    plain,
    relevel,
    split_at_headings,
    texts,
    title_of,
)

_PICTURE = re.compile(r"!\[[^\]]*\]\(\s*<?([^\s()<>]+)")
_VIDEO = re.compile(
    r"<video\b[^<>]*\bsrc\s*=\s*[\"']?([^\s\"'<>]+)|\]\(([^\s()]+\.(?:mp4|webm|mov|qt))\)", re.I
)


def plan(blocks: Sequence[Block], desk: Desk) -> list[PagePlan]:
    """A digest for each day: a file may hold several, each under a heading with its date."""
    days = list(_days([block for block in blocks if block.kind != "front"]))
    front = [block for block in blocks if block.kind == "front"]
    pages = [_page(day, desk) for day in days]
    if pages:
        pages[0].structure = [*front, *pages[0].structure]
    return pages


def _days(blocks: Sequence[Block]) -> Iterator[list[Block]]:
    """``blocks`` split before every heading that is a day and stands above the papers' headings."""
    levels = heading_levels(blocks)
    lowest = max(levels, default=1)
    current: list[Block] = []
    dated = False
    for block in blocks:
        if (
            block.kind == "heading"
            and _day_of(block)
            and (block.level < lowest or len(levels) == 1)
        ):
            if dated and has_text(current):
                yield current
                current = []
            dated = True
        current.append(block)
    if has_text(current) or current:
        yield current


def _day_of(block: Block) -> bool:
    found = dates.find(plain(block.text))
    return found is not None and found.one_day and len(found.rest) <= 40 and "](" not in block.text


def _page(blocks: Sequence[Block], desk: Desk) -> PagePlan:
    title, body, structure = take_title(blocks)
    named = dates.single_day(title, today=desk.today)
    day = named or dates.single_day(desk.source, today=desk.today)
    if day:
        line = structure[0].start if structure else (blocks[0].start if blocks else 1)
        desk.decide(
            line, f"the day is {day}, from {'its title' if named else 'the name of the file'}"
        )
    return PagePlan(
        "digest",
        title or "Daily papers",
        _notes(body, desk, day),
        structure,
        date=day,
        slug="daily-papers",
    )


def _notes(blocks: Sequence[Block], desk: Desk, day: date | None) -> list[Draft]:
    base = min(heading_levels(blocks), default=0)
    if not base:
        return plain_sections(blocks, desk, day)
    drafts: list[Draft] = []
    for section in split_at_headings(blocks, base):
        if not has_text(section):
            if drafts:
                drafts[-1].blocks += section
            continue
        title = title_of(relevel(section, base, 2), 2)
        if section[0].kind != "heading" or title is None:
            drafts.append(Draft(relevel(section, base, 2)))
            continue
        data = _data(title.rest)
        url = title.url or address_below(title.rest)
        paper = Paper(title.text, url, tuple(data.get("authors", ())), votes=data.get("votes"))
        drafts.append(note(title, desk, day, paper, data=data))
    return drafts


def _data(blocks: Sequence[Block]) -> dict[str, Any]:
    """Votes, authors, thumbnail and video of a paper's section."""
    data: dict[str, Any] = {}
    for text in texts(blocks):
        if vote := VOTE.match(text):
            number = vote["votes"] or vote["emoji"]
            data.setdefault("votes", int(number.replace(",", "")[:9]))
        elif found := AUTHORS.match(text):
            data.setdefault("authors", list(authors_in(plain(found["names"]))))
        elif video := _VIDEO.search(text):
            data.setdefault("video", video[1] or video[2])
        elif picture := _PICTURE.search(text):
            data.setdefault("thumbnail", picture[1])
    return data
