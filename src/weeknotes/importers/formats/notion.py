"""An export of Notion: a file a page, in Markdown or HTML, a table a database, in a folder or zipped.

::

    Bells that count 0123456789abcdef0123456789abcdef.md
    # Bells that count

    Created: July 1, 2024 10:02 AM
    Authors: Kim Bora, Lee Ann
    Link: https://arxiv.org/abs/2407.00001
    Tags: bells, counting

    <aside>
    💡 Counting is hard.
    </aside>

A page becomes a page, of the day that its properties name. Properties with a day, tags, authors or the
address of a paper become its date, its tags and the entry of the paper; the others are shown as a list,
and those without a value are kept in the notebook. An aside becomes a callout, and a database (CSV) a
page with its table. A page in HTML is made the Markdown that Notion exports (`notion_html`); what the
names of the files say is in `notion_names`.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import Any

from weeknotes.importers import front_matter, notion_html, notion_names
from weeknotes.importers.dates.dates_in_names import day_in_name
from weeknotes.importers.dates.reader import single_day
from weeknotes.importers.day_pages import section
from weeknotes.importers.format import Evidence, Format
from weeknotes.importers.markdown import blocks as markdown_blocks
from weeknotes.importers.markdown import fences
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

_PROPERTY = re.compile(r"^([^\W\d_][\w /()&'.-]{0,40}?): ?(.*)$")
_KEYS = {
    "created": r"created(?: (?:time|at|on|date))?|date(?: (?:read|added|created|time))?|day|"
    r"read(?: on)?|added(?: (?:at|on))?|"
    r"(?:lecture|class|meeting|event|entry|log|session) date|날짜|생성 ?일시?|생성 ?시간|"
    r"작성 ?일시?|읽은 ?날(?:짜)?|일자|日期|创建(?:时间|日期)|建立(?:時間|日期)|"
    r"阅读(?:日期|时间)|閱讀(?:日期|時間)|日付|作成日時?|読んだ日|"
    r"fecha(?: de (?:creación|lectura))?|creado|date de (?:création|lecture)|"
    r"créé(?:e)?(?: le)?|erstellt(?: am)?|datum|gelesen(?: am)?|data|criado em|"
    r"creato(?: il)?",
    "tags": r"tags?|keywords?|topics?|태그|주제|키워드|标签|標籤|关键词|關鍵詞|主题|タグ|"
    r"キーワード|étiquettes?|mots[- ]clés|etiquetas?|palabras clave|schlagwörter|"
    r"schlagworte|etichette",
    "authors": r"authors?|by|저자|作者|著者|auteurs?|autore[ns]?|autor(?:es)?|autori",
    "url": r"url|link|paper(?: (?:url|link))?|pdf|source|address|arxiv|doi|주소|링크|"
    r"논문(?: ?링크)?|链接|連結|网址|網址|论文(?:链接|地址)?|リンク|論文|lien|enlace|"
    r"adresse",
    "year": r"year|published|publication (?:year|date)|연도|발행 ?연도|年份|发表(?:年份|时间)|"
    r"発行年|année|año|jahr",
}
_PATTERNS = {key: re.compile(pattern, re.I) for key, pattern in _KEYS.items()}


_SIGN = re.compile(r"https?://\S+|[\\`*_\[\]<>~|]")
_NUMBERS = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})\b")
_DATED = re.compile(r"^[^\n:]{1,40}: (\d{1,2})/(\d{1,2})/\d{4}\b", re.M)
_HEAD = 2_000


def split(lines: Sequence[Line]) -> list[Block]:
    """``lines`` as blocks, with one of the kind "aside" for what is between the tags of an aside, each
    on a line of its own."""
    made: list[Block] = []
    text: list[Line] = []
    code = fences.FencedCode()
    at = 0
    while at < len(lines):
        end = at + 1
        if not code.has(lines[at][1]) and lines[at][1].rstrip() == "<aside>":
            end = (
                next((n for n in range(at, len(lines)) if lines[n][1].rstrip() == "</aside>"), -1)
                + 1
            )
        if end - at > 1:
            held = lines[at + 1 : end - 1]
            made += markdown_blocks.parse(text)
            made += [Block("aside", tuple(held))] if any(t.strip() for _, t in held) else []
            text, at = [], end
        else:
            text.append(lines[at])
            at += 1
    return [*made, *markdown_blocks.parse(text)]


def plan(blocks: Sequence[Block], context: ImportContext) -> list[PagePlan]:
    """The page, with the note on its paper where a property names one."""
    body = [block for block in blocks if block.kind != "front"]
    structure = [block for block in blocks if block.kind == "front"]
    title = _title_in_name(PurePosixPath(context.source).stem)
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


def _title_in_name(stem: str) -> str:
    return notion_names.title_in(stem) or notion_names.short_title_in(stem) or stem


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
        elif not value:
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
    if "created" not in found:
        return None
    value = found["created"]
    if match := _NUMBERS.match(value):
        order = (3, 1, 2) if _is_month_first(context.place.root) else (3, 2, 1)
        value = "-".join(match[place].zfill(2) for place in order)
    day = single_day(value, today=context.today) or single_day(found["created"])
    if day:
        context.decide(1, f"the day is {day}, from its properties")
    return day


@lru_cache(maxsize=16)
def _is_month_first(root: Path) -> bool:
    """Whether dates in numbers (07/01/2024) begin with the month in the export under ``root``. One
    setting of Notion's decides it for all pages, so that a date in any of them tells."""
    month_first = day_first = 0
    for path in root.rglob("*.md"):
        try:
            with path.open(encoding="utf-8", errors="replace") as file:
                head = file.read(_HEAD)
        except OSError:
            continue
        for match in _DATED.finditer(head):
            month_first += int(match[2]) > 12
            day_first += int(match[1]) > 12
    return month_first > day_first


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


def is_own(path: Path) -> bool:
    """Whether a file with a suffix of the format is Notion's: a page of HTML that it has exported, or a
    database; of the two files of one database, the one with all columns."""
    if path.suffix.lower() != ".csv":
        return notion_html.is_page(path)
    named = notion_names.title_in(path.stem) or (
        notion_names.short_title_in(path.stem) and notion_names.has_short_names(path.parent)
    )
    all_rows = path.with_name(f"{path.stem}_all.csv")
    return bool(named) and (notion_names.is_all_rows(path.stem) or not all_rows.exists())


def convert(place: SourcePlace) -> str:
    """A page of HTML, or a database, as Markdown."""
    return (
        table(place) if place.path.suffix.lower() == ".csv" else notion_html.markdown_of_page(place)
    )


def table(place: SourcePlace) -> str:
    """A database as Markdown: its name as the title, and its table."""
    try:
        text = place.path.read_bytes().decode("utf-8-sig")
        rows = [row for row in csv.reader(io.StringIO(text)) if any(cell.strip() for cell in row)]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise SourceError(f"no table that can be read: {error}", file=place.name) from error
    name = _title_in_name(place.path.stem)
    if not rows:
        return f"# {name}\n"
    width = max(map(len, rows))
    made = [_row([*row, *[""] * (width - len(row))]) for row in rows]
    return "\n".join([f"# {name}", "", made[0], "| --- " * width + "|", *made[1:]]) + "\n"


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(_SIGN.sub(_written, " ".join(cell.split())) for cell in cells) + " |"


def _written(match: re.Match[str]) -> str:
    """A sign of a cell, which is plain text, as it is written in Markdown; an address stays."""
    return match[0].replace("|", "%7C") if len(match[0]) > 1 else f"\\{match[0]}"


def sniff(source: Source) -> Evidence:
    """The number that Notion puts behind the name of each page, long or short, or a page of HTML."""
    path = source.place.path
    if notion_names.title_in(path.stem):
        return Evidence(5.5, ("Notion's number in its name",))
    if notion_names.short_title_in(path.stem) and notion_names.has_short_names(source.place.root):
        return Evidence(5.5, ("Notion's short number in its name, and in most beside it",))
    if path.suffix.lower() in (".html", ".htm") and notion_html.is_page(path):
        return Evidence(5.5, ("a page of HTML as Notion exports it",))
    return Evidence()


FORMAT = Format(
    "notion",
    "an export of Notion: pages and databases",
    sniff,
    plan,
    suffixes=(".csv", ".html", ".htm"),
    convert=convert,
    accepts=is_own,
    split=split,
)
