"""Insights reports: papers grouped by category, a report a category, its sources at the end."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from weeknotes.i18n import language
from weeknotes.importers.format import Evidence, Format, counted
from weeknotes.importers.markdown.blocks import ITEM, Block, Line
from weeknotes.importers.markdown.text import links, plain
from weeknotes.importers.page_plan import Chart, Draft, PagePlan
from weeknotes.importers.paper_register import SourcePaper
from weeknotes.importers.sections import (
    ImportContext,
    Title,
    day_near_top,
    day_of_front,
    draft_sections,
    take_title,
    texts,
    undated,
)
from weeknotes.importers.source_files import Source
from weeknotes.text.main_language import main_language

_LABEL = r"^\s*(?:#{1,6}\s*)?(?:\*\*|__)?\s*(?:%s)\s*[:：]?\s*(?:\*\*|__)?\s*[:：]?\s*$"
_SUMMARY_LABEL = re.compile(
    _LABEL % "요약|종합 요약|summary|report|摘要|总结|綜述|综述|要約",
    re.I,
)
_SOURCES_LABEL = re.compile(
    _LABEL
    % (
        "출처|참고 ?문헌|참고 ?자료|논문 목록|sources?|references?|papers?|"
        "来源|來源|出处|出處|参考文献|参考资料|论文|出典"
    ),
    re.I,
)
_LONGEST_LABEL = 60
_NO_LETTER = re.compile(r"^[\W_]+", re.UNICODE)


def plan(blocks: Sequence[Block], context: ImportContext) -> list[PagePlan]:
    """One digest: the report of a day."""
    structure = [block for block in blocks if block.kind == "front"]
    body = [block for block in blocks if block.kind != "front"]
    day, line = day_of_front(structure, context)
    whence = "its front matter"
    if day is None:
        day, whence, line = day_near_top(body, context)
    if day:
        context.decide(line, f"the day is {day}, from {whence}")
    title, body, used = take_title(body)
    counts: dict[str, int] = {}
    drafts = draft_sections(body, lambda title: _report(title, context, day, counts))
    lang = main_language(" ".join(texts(body)))
    chart = Chart(counts, language(lang).labels["papers_by_category"]) if counts else None
    page = PagePlan(
        "digest",
        title or "Insights",
        drafts,
        structure + used,
        date=day,
        slug="insights",
        categories=tuple(counts),
        lang=lang,
        chart=chart,
    )
    if day is None:
        undated(context, page.title)
    return [page]


def _report(
    title: Title, context: ImportContext, day: date | None, counts: dict[str, int]
) -> Draft:
    """The report on a category; ``counts`` gets the papers that it is about."""
    cited, keys = _cite_sources(title.rest, context, day)
    name = _NO_LETTER.sub("", title.text) or title.text
    if keys:
        counts[name] = counts.get(name, 0) + len(keys)
    return Draft(
        [title.heading, *cited],
        title=title.text,
        tags=(title.text,) if keys else (),
        data={"papers": keys} if keys else {},
    )


def _cite_sources(
    blocks: Sequence[Block], context: ImportContext, day: date | None
) -> tuple[list[Block], list[str]]:
    """``blocks`` with every source in the list under its label cited, and the keys, in order."""
    made: list[Block] = []
    keys: list[str] = []
    inside = listed = False
    for block in blocks:
        if block.kind == "heading" or (block.kind == "paragraph" and len(block.lines) == 1):
            inside = _is_label(_SOURCES_LABEL, block.text) or (inside and block.kind == "paragraph")
        listed = inside and (listed or block.kind == "list")
        # A paragraph below a source says more of it, and names no other.
        below = listed and block.kind == "paragraph" and block.text.startswith("  ")
        if inside and block.kind in ("list", "paragraph") and not below:
            at: dict[int, str] = {}
            for number, text in _item_lines(block):
                if paper := _source(text):
                    at[number] = context.papers.cite(paper, day)
            keys += at.values()
            block = replace(block, cites_at=at) if at else block
        made.append(block)
    return made, list(dict.fromkeys(keys))


def _item_lines(block: Block) -> list[Line]:
    """The lines that name a source each: of a list with more below its items, the items' own."""
    if block.kind != "list":
        return list(block.lines)
    margins = {n: len(text) - len(text.lstrip()) for n, text in block.lines if ITEM.match(text)}
    outermost = min(margins.values(), default=0)
    return [line for line in block.lines if margins.get(line[0]) == outermost]


def _source(text: str) -> SourcePaper | None:
    """The paper in a line such as `` - Title (http://arxiv.org/abs/2409.15278v2)``."""
    item = ITEM.match(text)
    body = text[item.end() :] if item else text
    found = links(body)
    if not found:
        return None
    label, url = found[0]
    title = plain(label)
    if not title or title.startswith("http") or len(title) < 8:
        before = body.split(url)[0]
        title = plain(re.sub(r"\[[^\]]*\]\($", "", before)).rstrip(" ([<:：-–—") or title
    title = _without_number(title)
    return SourcePaper(title, url) if title and not title.startswith("http") else None


def _without_number(title: str) -> str:
    """``title`` without the number that a list of references gives it, and without the quotes around
    all of it."""
    title = re.sub(r"^\s*\[[0-9]{1,3}\]\s*(?=\S)", "", title)
    match = re.fullmatch(r"[\"“”'‘]([^\"“”]+)[\"“”'’][.,]?", title.strip())
    return match[1].rstrip(".,") if match else title


def _is_label(pattern: re.Pattern[str], text: str) -> bool:
    """Whether a line is nothing but a label. Long lines are none, and runs of spaces in them would take
    the pattern very long."""
    short = text.strip()
    return len(short) <= _LONGEST_LABEL and bool(pattern.match(short))


def sniff(source: Source) -> Evidence:
    """Labels over lists of sources, and labels over summaries. One list of references alone is what any
    text may end with."""
    sources = sum(1 for text in source.lines if _is_label(_SOURCES_LABEL, text))
    summaries = sum(1 for text in source.lines if _is_label(_SUMMARY_LABEL, text))
    reasons = [counted(sources, "list of sources|lists of sources")] if sources else []
    reasons += (
        [counted(summaries, "summary under a label|summaries under labels")] if summaries else []
    )
    score = 2.0 * sources + 0.5 * summaries
    return Evidence(score if sources + summaries > 1 else min(score, 0.9), tuple(reasons))


FORMAT = Format("insights", "a report a category, each with its sources", sniff, plan)
