"""Daily papers with votes: a section a paper, with its votes, authors, thumbnail or video, bullets."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from weeknotes.importers.author_names import authors_in
from weeknotes.importers.dates import expressions
from weeknotes.importers.format import Evidence, Format, counted
from weeknotes.importers.markdown.blocks import Block
from weeknotes.importers.markdown.text import links, plain
from weeknotes.importers.page_plan import Draft, PagePlan
from weeknotes.importers.paper_evidence import address_below, is_title
from weeknotes.importers.paper_register import SourcePaper, is_paper_address
from weeknotes.importers.sections import (
    ImportContext,
    Title,
    day_near_top,
    draft_sections,
    has_text,
    heading_levels,
    note,
    paper_of,
    take_title,
    texts,
    undated,
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
_DAILY = re.compile(
    r"\b(?:daily|today'?s|trending|top|hf|hugging ?face)\b.{0,24}\bpapers?\b|\bpapers? of the day\b|"
    r"(?:오늘의|데일리|일간|인기)\s*논문|(?:每日|今日|热门)论文|论文(?:速递|日报)|今日の論文",
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
    before: list[Block] = []
    parts = list(_days([block for block in blocks if block.kind != "front"]))
    if len(parts) > 1 and not any(map(_is_day, parts[0])):
        # What a file says of itself above its first day, under headings of its own.
        common, before, used = take_title(parts.pop(0))
        front += used
    for blocks_of_day in parts:
        page, common = _page(blocks_of_day, context, common)
        pages.append(page)
    if pages and has_text(before):
        pages[0].drafts[:0] = draft_sections(
            before, lambda title: note(title, context, pages[0].date, paper_of(title))
        )
    if pages:
        pages[0].structure = [*front, *pages[0].structure]
    return pages


def _days(blocks: Sequence[Block]) -> Iterator[list[Block]]:
    """``blocks`` split before every heading that is a day and is above the papers' headings. What
    comes before the first one is a part of its own if headings of the same level are in it."""
    levels = heading_levels(blocks)
    lowest = max(levels, default=1)
    current: list[Block] = []
    dated = False
    for block in blocks:
        if _is_day(block) and (block.level < lowest or len(levels) == 1):
            apart = dated or block.level in heading_levels(current)
            if apart and has_text(current):
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
        title = _joined(common, plain(own.text))
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
        page.title = _joined(common, above)
    if day is None:
        undated(context, page.title)
    return page, common


def _joined(common: str, own: str) -> str:
    """The title of a day: what the days of a file have in common, and its own, once each."""
    return own if common.casefold() in own.casefold() else f"{common}, {own}"


def _note(title: Title, context: ImportContext, day: date | None) -> Draft:
    data = _data(title.rest)
    if not data and not title.url and not is_title(title.text):
        return note(title, context, day)
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
    """Lines with votes, lines with authors, and headings that link to papers under one that names the
    daily papers."""
    listed = _listed(source)
    voted = sum(1 for text in source.lines if _VOTE.match(text))
    authors = sum(1 for text in source.lines if _AUTHORS.match(text))
    reasons = [counted(voted, "line with votes|lines with votes")] if voted else []
    reasons += [counted(authors, "line of authors|lines of authors")] if authors else []
    if listed:
        reasons.append(
            f"daily papers with {counted(listed, 'heading that links|headings that link')} to one"
        )
    score = 2.0 * voted + 0.5 * authors + (1.5 + min(listed, 4) if listed else 0)
    return Evidence(score, tuple(reasons))


def _listed(source: Source) -> int:
    """The number of headings that link to a paper under a heading such as "Daily Papers"."""
    named, found = 0, 0
    for text in source.lines:
        match = re.match(r" {0,3}(#{1,6})\s+(\S.*)", text)
        if match and _DAILY.search(match[2]) and "](" not in match[2]:
            named = named or len(match[1])
        elif match and named and len(match[1]) > named:
            found += any(is_paper_address(url) for _, url in links(match[2]))
    return found


FORMAT = Format("votes", "papers with votes and authors, a section each", sniff, plan)
