"""Digest posts of a blog: front matter, and a section a paper with bullets, questions and tables.

The front matter is that of Jekyll and Hexo (YAML) or Hugo (TOML as well); what it says of the page
is taken over, what it says to the blog's generator is only kept.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import PurePosixPath
from typing import Any

from weeknotes.importers import front_matter
from weeknotes.importers.author_names import authors_in
from weeknotes.importers.dates import expressions
from weeknotes.importers.dates.dates_in_names import without_day
from weeknotes.importers.dates.file_dates import day_of_commit, day_of_file
from weeknotes.importers.dates.reader import single_day
from weeknotes.importers.format import Evidence, Format
from weeknotes.importers.markdown.blocks import Block
from weeknotes.importers.markdown.text import plain
from weeknotes.importers.page_plan import Draft, PagePlan
from weeknotes.importers.paper_evidence import is_title, names_several, only_paper
from weeknotes.importers.paper_register import (
    SourcePaper,
    identifier_address,
    is_paper_address,
)
from weeknotes.importers.report import Remark
from weeknotes.importers.sections import (
    ImportContext,
    has_text,
    heading_levels,
    paper_of,
    relevel,
    section_notes,
    split_at_headings,
    take_title,
    title_of,
    undated,
    with_bold_title,
)
from weeknotes.importers.source_files import Source

# Keys of front matter that hold the address or the identifier of the paper that a post is on.
_PAPER_KEYS = (
    "arxiv arxiv_id arxivid doi paper paper_url paperurl paper_link paperlink url_paper link url "
    "external_url source pdf"
).split()


@dataclass(frozen=True)
class Front:
    """The front matter of a post."""

    title: str = ""
    date: date | None = None
    categories: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    author: str = ""
    lang: str = ""
    paper: str = ""
    authors: tuple[str, ...] = ()


def plan(blocks: Sequence[Block], context: ImportContext) -> list[PagePlan]:
    """One digest: the post."""
    structure = [block for block in blocks if block.kind == "front"]
    front = read_front(structure[0], context) if structure else Front()
    body = [block for block in blocks if block.kind != "front"]
    if not front.title:
        body = with_bold_title(body)
    title, body, used = take_title(body, front.title)
    structure += used
    day, whence = front.date, ""
    if day is None:
        day, whence = single_day(front.title or title, today=context.today), "its title"
    for found in (day_of_file, day_of_commit):
        if day is None:
            day, whence = found(context.place)
    line = structure[0].start if structure else 1
    if day and whence:
        context.decide(line, f"the day is {day}, from {whence}")
    if not has_text(body) and not used:
        context.report.skipped.append(Remark(context.source, 0, "a post without any text"))
        return []
    shown = front.title or title or _title_of_file(context, body)
    context = replace(context, page_title=shown)
    if day is None:
        undated(context, shown)
    page = PagePlan(
        "digest",
        shown,
        _notes(body, context, day, front),
        structure,
        date=day,
        slug=_slug(front.title or title or shown),
        categories=front.categories,
        tags=front.tags,
        author=front.author,
        lang=front.lang,
    )
    return [page]


def _title_of_file(context: ImportContext, body: Sequence[Block]) -> str:
    """The title of a post without one: its only heading above all others, or its file's name."""
    first = next((block for block in body if block.kind == "heading"), None)
    path = PurePosixPath(context.source)
    # A post in a folder of its own is called by the folder.
    own = path.stem if path.stem.lower() not in ("index", "_index") else path.parent.name
    name = without_day(own)
    words = " ".join(re.split(r"[-_\s]+", name)).strip()
    if first is not None and is_title(plain(first.text)) and not re.search(r"[^\W\d]", words):
        return plain(first.text)
    return words or context.source


def _notes(
    blocks: Sequence[Block], context: ImportContext, day: date | None, front: Front
) -> list[Draft]:
    """The notes of a post: one a section, or one for all of it where it is on one paper, of which the
    sections tell."""
    title = context.page_title
    if not is_title(title) or names_several(title):
        return section_notes(blocks, context, day)
    base = min(heading_levels(blocks), default=2)
    sections = split_at_headings(blocks, base)
    for section in sections:
        found = title_of(section, 2) if section[0].kind == "heading" else None
        if found and is_title(found.text) and paper_of(found):
            return section_notes(blocks, context, day)
    url = front.paper or only_paper(blocks)
    if not url:
        return section_notes(blocks, context, day)
    paper = SourcePaper(title, url, front.authors)
    key = context.papers.cite(paper, day)
    inner = relevel(blocks, base, 3)
    return [Draft(inner, title=title, heading=title, cites=(key,), data={"paper": key})]


def read_front(block: Block, context: ImportContext) -> Front:
    """The front matter ``block`` as values. If it is not valid YAML or TOML, it is read line by
    line, and this is reported."""
    lowered = front_matter.values(block, context)
    day = _date(lowered.get("date") or lowered.get("publishdate"), context.today)
    author = lowered.get("author")
    return Front(
        title=html.unescape(_text(lowered.get("title"))),
        date=day,
        categories=_words(lowered.get("categories") or lowered.get("category")),
        tags=_words(lowered.get("tags") or lowered.get("tag") or lowered.get("keywords")),
        author=", ".join(_words(author, whole=True)),
        lang=_lang(_text(lowered.get("lang") or lowered.get("language"))),
        paper=_paper(lowered),
        authors=tuple(
            name
            for value in _words(lowered.get("authors"), whole=True)
            for name in authors_in(value)
        ),
    )


def _paper(values: Mapping[str, Any]) -> str:
    """The address of the paper that front matter names; empty where it names none."""
    for key in _PAPER_KEYS:
        text = _text(values.get(key))
        if is_paper_address(text):
            return text
        name = f"{key.removesuffix('_id')}:{text}" if key in ("arxiv", "arxiv_id", "doi") else text
        if text and (url := identifier_address(name.replace("arxiv:arXiv:", "arXiv:"))):
            return url
    return ""


def _text(value: Any) -> str:
    plain_value = isinstance(value, str | int | float | date) and not isinstance(value, bool)
    return " ".join(str(value).split())[:500] if plain_value else ""


def _words(value: Any, *, whole: bool = False) -> tuple[str, ...]:
    """A list of words, or a text of them: Jekyll separates categories by spaces, people by commas."""
    if isinstance(value, list):
        return tuple(dict.fromkeys(word for item in value[:100] if (word := _text(item))))
    text = _text(value)
    parts = (
        [text] if whole else re.split(r"[,，、]" if re.search(r"[,，、]", text) else r"\s", text)
    )
    return tuple(dict.fromkeys(part.strip() for part in parts if part.strip()))


def _date(value: Any, today: date) -> date | None:
    return single_day(_text(value)[:10] if value else "", today=today)


def _lang(value: str) -> str:
    return value if re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", value) else ""


def _slug(title: str) -> str:
    found = expressions.find(title)
    return found.rest if found else title


def sniff(source: Source) -> Evidence:
    """Front matter at the beginning."""
    if not front_matter.block_length(list(enumerate(source.lines, 1))):
        return Evidence()
    return Evidence(2.6, ("front matter",))


FORMAT = Format("blog", "a post with front matter, a section a paper", sniff, plan)
