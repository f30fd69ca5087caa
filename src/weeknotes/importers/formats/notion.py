"""An export of Notion: a Markdown file a page, a table a database, in a folder or zipped.

::

    Bells that count 0123456789abcdef0123456789abcdef.md
    # Bells that count

    Created: July 1, 2024 10:02 AM
    Authors: Kim Bora, Lee Ann
    Link: https://arxiv.org/abs/2407.00001
    Tags: bells, counting

    ## Notes

A page becomes a page, of the day that its properties name. Properties with a day, tags, authors or the
address of a paper become its date, its tags and the entry of the paper; the others are shown as a list.
A database (CSV) becomes a page with its table.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path, PurePosixPath
from typing import Any

from weeknotes.importers import front_matter
from weeknotes.importers.dates.dates_in_names import day_in_name
from weeknotes.importers.dates.reader import single_day
from weeknotes.importers.day_pages import section
from weeknotes.importers.format import Evidence, Format
from weeknotes.importers.markdown.blocks import Block, Line
from weeknotes.importers.markdown.text import links, plain
from weeknotes.importers.page_plan import Draft, PagePlan
from weeknotes.importers.paper_lines import cite_lines
from weeknotes.importers.paper_register import SourcePaper, is_paper_address
from weeknotes.importers.sections import (
    ImportContext,
    draft_sections,
    has_text,
    heading_levels,
    relevel,
)
from weeknotes.importers.source_files import Source, SourceError, SourcePlace

_NAMED = re.compile(r"^(.*?)[ _-]([0-9a-f]{32})(_all)?$")
_PROPERTY = re.compile(r"^([^\W\d_][\w /()&'.-]{0,40}?): ?(.*)$")
_KEYS = {
    "created": r"created(?: (?:time|at|on))?|date(?: (?:read|added|created))?|day|read(?: on)?|"
    r"added(?: at)?|날짜|생성 ?일시?|읽은 날|일자|日期|创建时间|创建日期|建立時間|日付|作成日時?",
    "tags": r"tags?|keywords?|topics?|태그|주제|키워드|标签|標籤|关键词|タグ",
    "authors": r"authors?|by|저자|作者|著者",
    "url": r"url|link|paper(?: (?:url|link))?|pdf|source|address|arxiv|doi|"
    r"주소|링크|논문|链接|連結|网址|リンク",
    "year": r"year|published|publication (?:year|date)|연도|발행 ?연도|年份|発行年",
}
_PATTERNS = {key: re.compile(pattern, re.I) for key, pattern in _KEYS.items()}


def plan(blocks: Sequence[Block], context: ImportContext) -> list[PagePlan]:
    """The page, with the note on its paper where a property names one."""
    body = [block for block in blocks if block.kind != "front"]
    structure = [block for block in blocks if block.kind == "front"]
    name = _NAMED.match(PurePosixPath(context.source).stem)
    title = name[1] if name else PurePosixPath(context.source).stem
    at = next((n for n, block in enumerate(body) if block.kind != "blank"), None)
    heading = body[at] if at is not None and body[at].kind == "heading" else None
    if heading is not None and heading.level == 1 and at is not None:
        title = plain(heading.text) or title
        body = [*body[:at], *body[at + 1 :]]
    else:
        heading = None
    found, body, used = _properties(body)
    day = _day(found, context) or day_in_name(title)
    paper = _paper(found, title)
    if paper:
        drafts = [_note(heading, title, body, paper, context, day)]
    else:
        structure += [heading] if heading else []
        drafts = _sections(body, context, day)
    page = PagePlan(
        "digest" if day else "page",
        title,
        drafts,
        structure + used,
        date=day,
        slug=title,
        tags=front_matter.words(found.get("tags", "")),
    )
    return [page]


def _properties(body: Sequence[Block]) -> tuple[dict[str, str], list[Block], list[Block]]:
    """The properties that Notion writes below the title, the page without those that are understood,
    and these."""
    at = next((n for n, block in enumerate(body) if block.kind != "blank"), None)
    if at is None or body[at].kind != "paragraph":
        return {}, list(body), []
    matches = [(line, _PROPERTY.match(line[1].strip())) for line in body[at].lines]
    if not all(match for _, match in matches):
        return {}, list(body), []
    found: dict[str, str] = {}
    used: list[Line] = []
    shown: list[Line] = []
    for line, match in matches:
        assert match is not None
        key = next((k for k, p in _PATTERNS.items() if p.fullmatch(match[1].strip())), "")
        value = match[2].strip()
        if key and key not in found and _is_understood(key, value):
            found[key] = value
            used.append(line)
        else:
            shown.append((line[0], f"- {line[1].strip()}"))
    rest = [Block("list", tuple(shown))] if shown else []
    structure = [Block("property", tuple(used))] if used else []
    return found, [*body[:at], *rest, *body[at + 1 :]], structure


def _is_understood(key: str, value: str) -> bool:
    if key == "created":
        return single_day(value) is not None
    if key == "url":
        return is_paper_address(_address(value))
    return bool(value)


def _address(value: str) -> str:
    found = links(value)
    return found[0][1] if found else value.strip("<>")


def _day(found: dict[str, str], context: ImportContext) -> date | None:
    day = single_day(found["created"], today=context.today) if "created" in found else None
    if day:
        context.decide(1, f"the day is {day}, from its properties")
    return day


def _paper(found: dict[str, str], title: str) -> SourcePaper | None:
    if "url" not in found:
        return None
    values: dict[str, Any] = {"authors": found.get("authors", ""), "year": found.get("year", "")}
    return front_matter.paper(values, title, _address(found["url"]))


def _note(
    heading: Block | None,
    title: str,
    body: Sequence[Block],
    paper: SourcePaper,
    context: ImportContext,
    day: date | None,
) -> Draft:
    key = context.papers.cite(paper, day)
    inner, keys = cite_lines(body, context, day, key)
    inner = relevel(inner, min(heading_levels(inner), default=3), 3)
    data: dict[str, Any] = {"paper": key, **({"papers": keys} if keys else {})}
    if heading is None:
        return Draft(inner, title=title, data=data, heading=title, cites=(key,))
    return Draft([replace(heading, level=2, cites=(key,)), *inner], title=title, data=data)


def _sections(body: Sequence[Block], context: ImportContext, day: date | None) -> list[Draft]:
    drafts = draft_sections(body, lambda title: section(title, context, day))
    for draft in drafts:
        if not draft.title and has_text(draft.blocks):
            draft.blocks, keys = cite_lines(draft.blocks, context, day)
            draft.data = {"papers": keys} if keys else {}
    return drafts


def is_table(path: Path) -> bool:
    """Whether the CSV file ``path`` is a database of Notion; of the two files that it exports of one,
    whether it is the one with all columns."""
    match = _NAMED.match(path.stem)
    return bool(match) and (
        bool(match and match[3]) or not path.with_name(f"{path.stem}_all.csv").exists()
    )


def table(place: SourcePlace) -> str:
    """A database as Markdown: its name as the title, and its table."""
    try:
        text = place.path.read_bytes().decode("utf-8-sig")
        rows = [row for row in csv.reader(io.StringIO(text)) if any(cell.strip() for cell in row)]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise SourceError(f"no table that can be read: {error}", file=place.name) from error
    match = _NAMED.match(place.path.stem)
    name = match[1] if match else place.path.stem
    if not rows:
        return f"# {name}\n"
    width = max(map(len, rows))
    made = [_row([*row, *[""] * (width - len(row))]) for row in rows]
    return "\n".join([f"# {name}", "", made[0], "| --- " * width + "|", *made[1:]]) + "\n"


def _row(cells: Sequence[str]) -> str:
    plain_cells = (" ".join(cell.split()).replace("|", "\\|") for cell in cells)
    return "| " + " | ".join(plain_cells) + " |"


def sniff(source: Source) -> Evidence:
    """The number that Notion puts behind the name of each page."""
    if _NAMED.match(source.place.path.stem):
        return Evidence(5.5, ("Notion's number in its name",))
    return Evidence()


FORMAT = Format(
    "notion",
    "an export of Notion: pages and databases",
    sniff,
    plan,
    suffixes=(".csv",),
    convert=table,
    accepts=is_table,
)
