"""Daily papers with votes: a section a paper, with its votes, authors, thumbnail or video, bullets."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from weeknotes.importers.dates import expressions
from weeknotes.importers.format import Evidence, Format, counted
from weeknotes.importers.markdown.blocks import Block
from weeknotes.importers.markdown.text import plain
from weeknotes.importers.page_plan import Draft, PagePlan
from weeknotes.importers.paper_evidence import address_below
from weeknotes.importers.paper_register import SourcePaper, authors_in
from weeknotes.importers.sections import (
    ImportContext,
    Title,
    day_near_top,
    draft_sections,
    has_text,
    heading_levels,
    note,
    take_title,
    texts,
)
from weeknotes.importers.source_files import Source

_VOTE = re.compile(
    r"^\s*(?:[-*+]\s+)?(?:\*\*|__)?\s*(?:up)?(?:votes?|likes?|投票数?|票数|点赞数?|추천수?|투표수?|득표수?|좋아요)\s*"
    r"(?:\*\*|__)?\s*[:：]\s*(?:\*\*|__)?\s*(?P<votes>[0-9][0-9,]*)\s*(?:票|표|개|votes?)?\s*$"
    r"|^\s*(?:[-*+]\s+)?(?:👍|🔥|⬆️?|▲|❤️?)\s*(?P<emoji>[0-9][0-9,]*)\s*$",
    re.I,
)
_AUTHORS = re.compile(
    r"^\s*(?:[-*+]\s+)?(?:\*\*|__)?\s*(?:authors?|by|作者|저자|글쓴이|著者)\s*(?:\*\*|__)?\s*[:：]\s*(?:\*\*|__)?\s*(?P<names>\S.*?)\s*$",
    re.I,
)
_PICTURE = re.compile(r"!\[[^\]]*\]\(\s*<?([^\s()<>]+)")
_VIDEO = re.compile(
    r"<video\b[^<>]*\bsrc\s*=\s*[\"']?([^\s\"'<>]+)|\]\(([^\s()]+\.(?:mp4|webm|mov|qt))\)", re.I
)


def plan(blocks: Sequence[Block], context: ImportContext) -> list[PagePlan]:
    """A digest for each day: a file may hold several, each under a heading with its date."""
    front = [block for block in blocks if block.kind == "front"]
    pages: list[PagePlan] = []
    common = ""
    for blocks_of_day in _days([block for block in blocks if block.kind != "front"]):
        page, common = _page(blocks_of_day, context, common)
        pages.append(page)
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
        if _is_day(block) and (block.level < lowest or len(levels) == 1):
            if dated and has_text(current):
                yield current
                current = []
            dated = True
        current.append(block)
    if current:
        yield current


def _is_day(block: Block) -> bool:
    if block.kind != "heading" or "](" in block.text:
        return False
    found = expressions.find(plain(block.text))
    return found is not None and found.one_day and len(found.rest) <= 40


def _page(blocks: Sequence[Block], context: ImportContext, common: str) -> tuple[PagePlan, str]:
    """The digest of one day, and the title that the days of a file have in common."""
    day, whence, line = day_near_top(blocks, context)
    if day:
        context.decide(line, f"the day is {day}, from {whence}")
    above, body, structure = take_title(blocks)
    own = next((b for b in body if b.kind == "heading"), None)
    title = above
    above_papers = own is not None and own.level < max(heading_levels(body))
    if own is not None and above_papers and _is_day(own) and not has_text(body[: body.index(own)]):
        structure.append(own)
        body = [block for block in body if block is not own]
        common = above or common
        title = f"{common}, {plain(own.text)}".removeprefix(", ")
    page = PagePlan(
        "digest",
        title or "Daily papers",
        draft_sections(body, lambda title: _note(title, context, day)),
        structure,
        date=day,
        slug="daily-papers",
    )
    if structure and plain(structure[0].text) == above and expressions.find(above) is None:
        common = above
    elif structure and common and title == above:
        page.title = f"{common}, {above}"
    return page, common


def _note(title: Title, context: ImportContext, day: date | None) -> Draft:
    data = _data(title.rest)
    url = title.url or address_below(title.rest)
    paper = SourcePaper(title.text, url, tuple(data.get("authors", ())), votes=data.get("votes"))
    return note(title, context, day, paper, data=data)


def _data(blocks: Sequence[Block]) -> dict[str, Any]:
    """Votes, authors, thumbnail and video of a paper's section."""
    data: dict[str, Any] = {}
    for text in texts(blocks):
        if vote := _VOTE.match(text):
            number = vote["votes"] or vote["emoji"]
            data.setdefault("votes", int(number.replace(",", "")[:9]))
        elif found := _AUTHORS.match(text):
            data.setdefault("authors", list(authors_in(plain(found["names"]))))
        elif video := _VIDEO.search(text):
            data.setdefault("video", video[1] or video[2])
        elif picture := _PICTURE.search(text):
            data.setdefault("thumbnail", picture[1])
    return data


def sniff(source: Source) -> Evidence:
    """Lines with votes, and lines with authors."""
    voted = sum(1 for text in source.lines if _VOTE.match(text))
    authors = sum(1 for text in source.lines if _AUTHORS.match(text))
    reasons = [counted(voted, "line with votes|lines with votes")] if voted else []
    reasons += [counted(authors, "line of authors|lines of authors")] if authors else []
    return Evidence(2.0 * voted + 0.5 * authors, tuple(reasons))


FORMAT = Format("votes", "papers with votes and authors, a section each", sniff, plan)
