"""Customised arXiv pages: a table of one-line summaries whose footnotes hold each paper's title and
abstract in two languages; or tables with a row a paper, and no footnotes.

A footnote becomes a note, and the table's mark a link to it. Without footnotes, each row cites its
paper.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import PurePosixPath

from weeknotes.importers.format import Evidence, Format, counted
from weeknotes.importers.markdown import blocks as blocks_module
from weeknotes.importers.markdown.blocks import Block, Line, split_row
from weeknotes.importers.markdown.text import links, plain
from weeknotes.importers.page_plan import Draft, PagePlan
from weeknotes.importers.paper_register import ARXIV_ID, SourcePaper, is_paper_address, month_of
from weeknotes.importers.paper_tables import cite_rows
from weeknotes.importers.sections import (
    ImportContext,
    Title,
    day_near_top,
    day_of_front,
    has_text,
    heading_levels,
    note,
    relevel,
    section_notes,
    split_at_headings,
    take_title,
    undated,
)
from weeknotes.importers.source_files import Source
from weeknotes.text.main_language import main_language

_MARK = re.compile(r"\[\^([^\]\s]+)\]")
_CATEGORY = re.compile(r"\[([a-z-]+(?:\.[A-Z]{2})?)\]")
_DEFINITION = re.compile(r"^\[\^[^\]]+\]:")
_MARKED_ROW = re.compile(r"^\s*\|\s*\[\^[^\]]+\]")
# A category of arXiv in the name of a file ("2024-01-19.cs.LG"): its archive and its subject.
_CATEGORY_NAME = re.compile(
    r"(?<![a-z])(?:cs|math|stat|eess|econ|q-bio|q-fin|physics)\.[A-Za-z-]{2,}"
)
_LONG_TEXT = 300


@dataclass(frozen=True)
class Row:
    """A row of the table: the title and the address of a footnote's paper."""

    title: str
    url: str


def anchor(label: str) -> str:
    """The id of the note that the footnote ``label`` became."""
    return "note-" + (re.sub(r"[^a-z0-9]+", "-", label.lower()).strip("-") or "x")


def plan(blocks: Sequence[Block], context: ImportContext) -> list[PagePlan]:
    """One digest: the page."""
    structure = [block for block in blocks if block.kind == "front"]
    body = [block for block in blocks if block.kind != "front"]
    rows = _rows(body)
    day, told = _day(structure, body, rows, context)
    title, body, used = take_title(body)
    structure += used
    lang = main_language(" ".join(b.text for b in body if b.kind in ("table", "footnote"))[:20000])
    # The page is in the language that the papers were put into, which the headings and labels have.
    other = [main_language(b.text.split("\n")[0]) for b in body if b.kind == "footnote"]
    wide = next((tag for tag in other if tag not in ("", "en")), "")
    category = _CATEGORY_NAME.search(PurePosixPath(context.source).stem)
    name = f"arXiv {category[0]}" if category else "arXiv"
    shown = f", {day:%Y-%m-%d}" if day and told else f", {day:%Y-%m}" if day else ""
    page = PagePlan(
        "digest",
        title or f"{name}{shown}",
        _drafts(body, rows, context, day),
        structure,
        date=day,
        slug=name,
        lang=wide or lang,
        marks={
            block.label.lower(): f"[{block.label}](#{anchor(block.label)})"
            for block in body
            if block.kind == "footnote"
        },
    )
    if day is None:
        undated(context, page.title)
    return [page]


def _rows(blocks: Sequence[Block]) -> dict[str, Row]:
    """The rows of the tables, by the label of their footnote."""
    rows: dict[str, Row] = {}
    for block in blocks:
        if block.kind != "table":
            continue
        for _, text in block.lines[2:]:
            mark, found = _MARK.search(split_row(text)[0]), links(text)
            if mark and found:
                rows.setdefault(mark[1].lower(), Row(plain(found[0][0]), found[0][1]))
    return rows


def _day(
    front: Sequence[Block],
    blocks: Sequence[Block],
    rows: dict[str, Row],
    context: ImportContext,
) -> tuple[date | None, bool]:
    """The page's day and True, or the month of its newest paper, which it cannot be older than."""
    day, line = day_of_front(front, context)
    whence = "its front matter"
    if day is None:
        day, whence, line = day_near_top(blocks, context)
    if day:
        context.decide(line, f"the day is {day}, from {whence}")
        return day, True
    ids = [m[1] for row in rows.values() if (m := ARXIV_ID.search(row.url))]
    months = [(month, id) for id in ids if (month := month_of(id))]
    if not months:
        return None, False
    month, newest = max(months)
    if month > context.today:
        return None, False
    context.decide(
        1, f"there is no day anywhere; the newest paper, {newest}, is of {month:%Y-%m}: {month}"
    )
    return month, False


def _drafts(
    blocks: Sequence[Block], rows: dict[str, Row], context: ImportContext, day: date | None
) -> list[Draft]:
    if not any(block.kind == "footnote" for block in blocks):
        return _tables(blocks, context, day)
    base = min(heading_levels(blocks), default=2)
    drafts: list[Draft] = []
    seen: set[str] = set()
    for section in split_at_headings(relevel(blocks, base, 2), 2):
        level = 3 if section[0].kind == "heading" else 2
        rest: list[Block] = []
        for block in section:
            if block.kind == "footnote" and block.label.lower() not in seen:
                seen.add(block.label.lower())
                if has_text(rest):
                    drafts.append(_plain_draft(rest))
                    rest = []
                drafts.append(_note(block, rows, context, day, level))
            elif block.kind == "footnote":
                rest.append(replace(block, kind="paragraph"))
            else:
                rest.append(block)
        if has_text(rest):
            drafts.append(_plain_draft(rest))
    return drafts


def _tables(blocks: Sequence[Block], context: ImportContext, day: date | None) -> list[Draft]:
    """The sections of a page whose tables have a row a paper, and no footnotes."""
    cited, _ = cite_rows(blocks, context, day)
    drafts = section_notes(cited, context, day)
    for draft in drafts:
        keys = [
            key
            for block in draft.blocks
            if block.kind == "table"
            for key in block.cites_at.values()
        ]
        if keys:
            draft.data = {**draft.data, "papers": list(dict.fromkeys(keys))}
    return drafts


def _plain_draft(blocks: list[Block]) -> Draft:
    heading = next((block for block in blocks if block.kind == "heading"), None)
    return Draft(blocks, title=plain(heading.text) if heading else "")


def _note(
    block: Block, rows: dict[str, Row], context: ImportContext, day: date | None, level: int
) -> Draft:
    """The note that a footnote became: its first line the heading, each paragraph in its language."""
    inner = blocks_module.parse(_dedented(block))
    paragraphs = [b for b in inner if b.kind == "paragraph"]
    row = rows.get(block.label.lower())
    paper = _paper(inner, paragraphs, row)
    head = inner[0] if inner and inner[0].kind == "paragraph" else None
    rest = [_in_its_language(b) for b in inner[1 if head else 0 :]]
    name = anchor(block.label)
    if head is None or not plain(head.text):
        shown = Block("paragraph", ((block.start, f'<span id="{name}"></span>'),))
        return Draft([shown, *(_in_its_language(b) for b in inner)], title="")
    heading = Block(
        "heading",
        head.lines[:1],
        level=level,
        lang=main_language(head.lines[0][1]),
        anchor=name,
    )
    if len(head.lines) > 1:
        rest = [_in_its_language(head.with_lines(head.lines[1:])), *rest]
    text = plain(head.lines[0][1])
    if not paper.url:
        return note(Title(heading, text, "", rest), context, day)
    key = context.papers.cite(paper, day)
    return Draft([replace(heading, cites=(key,)), *rest], title=text, data={"paper": key})


def _dedented(block: Block) -> list[Line]:
    """A footnote's lines without its mark and its indent."""
    number, first = block.lines[0]
    lines = [(number, re.sub(r"^ {0,3}\[\^[^\]\s]+\]:[ \t]*", "", first))]
    for number, text in block.lines[1:]:
        lines.append((number, text[4:] if text.startswith("    ") else text.lstrip()))
    return lines


def _paper(inner: Sequence[Block], paragraphs: Sequence[Block], row: Row | None) -> SourcePaper:
    """The paper of a footnote, by what the table and the footnote say: its English title, address,
    category, and the abstract in the language that the paper was published in."""
    text = "\n".join(block.text for block in inner[:8])
    url = row.url if row else next((url for _, url in links(text)), "")
    english = [p for p in paragraphs if main_language(p.text) == "en" and not links(p.text)]
    title = row.title if row else ""
    if not title:
        title = (
            plain(english[0].lines[0][1])
            if english
            else plain(paragraphs[0].text)
            if paragraphs
            else ""
        )
    title = re.sub(r"\s*\(arXiv:[^()]*\)\s*$", "", title, flags=re.I).rstrip(". ") or title
    long = [p.text for p in english if len(p.text) >= _LONG_TEXT]
    abstract = " ".join(long[-1].split()) if long else ""
    abstract = re.sub(r"^arXiv:\S+ Announce Type: \S+\s+Abstract:\s*", "", abstract)
    category = _CATEGORY.search(text)
    return SourcePaper(title, url, abstract=abstract, category=category[1] if category else "")


def _in_its_language(block: Block) -> Block:
    if block.kind != "paragraph" or (links(block.text) and len(plain(block.text)) < 120):
        return block
    return replace(block, lang=main_language(block.text))


def sniff(source: Source) -> Evidence:
    """Rows of a table that begin with a footnote's mark, and footnotes; or tables with a row a paper.
    Footnotes alone are what any text may have."""
    rows = sum(1 for text in source.lines if _MARKED_ROW.match(text))
    notes = sum(1 for text in source.lines if _DEFINITION.match(text))
    if not rows:
        papers = sum(1 for text in source.lines if _is_row_of_paper(text))
        what = counted(papers, "row of a table with a paper|rows of tables with a paper each")
        return Evidence(0.6 * papers if papers > 2 else 0.0, (what,) if papers else ())
    reasons = (
        [counted(rows, "row with a footnote's mark|rows with footnotes' marks")] if rows else []
    )
    reasons += [counted(notes, "footnote")] if notes else []
    return Evidence(1.5 * (rows + notes), tuple(reasons))


def _is_row_of_paper(text: str) -> bool:
    """Whether a line is a row of a table in which a paper is linked."""
    if not text.lstrip().startswith("|"):
        return False
    return any(is_paper_address(url) for _, url in links(text))


FORMAT = Format("arxiv-table", "tables of papers, with or without footnotes as notes", sniff, plan)
