"""A file a paper: a folder of notes, each named after the paper that it is on.

::

    papers/200122 Bells under water.md
    # [Bells under water](https://arxiv.org/abs/2001.00001)
    _January 2020_

    They hum.

The address of the paper is in the title or in the first lines, or the front matter names the paper
(``citekey``, ``doi``, ``arxiv``, ``authors``, ``year``), as the Zotero plugins of Obsidian, and Better
Notes, write it. The note goes to the week of its day, which the front matter, the file's name or the
first lines tell; where they tell only a month, to the digest of that month; else it is undated.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import Any

from weeknotes.importers import front_matter
from weeknotes.importers.author_names import authors_in
from weeknotes.importers.dates.dates_in_names import day_in_name, month_in, without_day
from weeknotes.importers.dates.reader import single_day
from weeknotes.importers.format import Evidence, Format
from weeknotes.importers.markdown import blocks as markdown_blocks
from weeknotes.importers.markdown.blocks import Block
from weeknotes.importers.markdown.comments import split_comments
from weeknotes.importers.markdown.text import links, plain
from weeknotes.importers.markdown.wiki_markup import WikiScanner
from weeknotes.importers.page_plan import Draft, PagePlan
from weeknotes.importers.paper_evidence import (
    address_below,
    is_date,
    is_link_label,
    names_paper,
    names_several,
)
from weeknotes.importers.paper_register import SourcePaper, is_paper_address
from weeknotes.importers.sections import ImportContext, heading_levels, relevel, with_bold_title
from weeknotes.importers.source_files import Source
from weeknotes.importers.withholding import withheld_source
from weeknotes.journal.weeks import Week

_AUTHORS = re.compile(
    r"^[\s>*+-]*(?:\*\*|__)?\s*(?:authors?|作者|저자|著者)\s*(?:\*\*|__)?\s*[:：]\s*(?:\*\*|__)?\s*(\S.*?)\s*$",
    re.I,
)
# The arXiv id that the file of a paper is named after, as it is when it was downloaded.
_ARXIV_NAME = re.compile(r"(?<![\w.])([0-9]{2}(?:0[1-9]|1[0-2])\.[0-9]{4,5})(?:v[0-9]+)?(?![\w.])")
# A field of front matter that only notes on papers have; and one of ``authors``, a list below it.
_PAPER_FIELD = re.compile(
    r"^\$?(citekey|citation[-_ ]?key|bibkey|doi|arxiv(?:[-_]?id)?|authors|zotero\w*|itemkey)"
    r"\s*[:=]\s*\S|"
    r"^(authors)\s*:\s*$",
    re.I | re.M,
)
# A field of a blog's post, which has a page of its own.
_OF_BLOG = re.compile(r"^(?:layout|permalink|categories|comments|excerpt|slug)\s*[:=]", re.I | re.M)
_UNSAID = ("blank", "rule", "comment")
_TOP = 6
_SAMPLE = 60
_DATED = re.compile(
    r"^[\s>*_+-]*(?:(?:date(?: read)?|read(?: on)?|created|읽은 날|날짜|日期|阅读日期|读于)"
    r"\s*[*_]*\s*[:：]\s*[*_]*\s*)?([^:：]{4,40})$",
    re.I,
)


def plan(
    blocks: Sequence[Block], context: ImportContext, properties: Mapping[str, Any] | None = None
) -> list[PagePlan]:
    """The note on the paper, on the page of its week or month. ``properties`` are those that a format
    has found elsewhere than in front matter."""
    front = next((block for block in blocks if block.kind == "front"), None)
    found = {**(properties or {}), **(front_matter.values(front, context) if front else {})}
    body = [block for block in blocks if block.kind != "front"]
    if not found.get("title"):
        body = with_bold_title(body)
    day, month = _when(found, body, context)
    title, heading, rest = _title(body, found, context)
    paper = paper_of(found, title, heading, rest, PurePosixPath(context.source).stem)
    draft = _note(title, heading, rest, paper, context, day or month)
    draft.tags = front_matter.tags(found)
    if front:
        draft.data["front-matter"] = "\n".join(front_matter.inner_lines(front))
    structure = [front] if front else []
    private, _ = withheld_source(found, context.source)
    if private or not (day or month):
        return [PagePlan("page", title, [draft], structure, date=day, slug=title, private=private)]
    if day:
        return [PagePlan("week", "", [draft], structure, week=Week.of(day), shared=True)]
    assert month is not None
    page = PagePlan("digest", f"{month:%Y-%m}", [draft], structure, date=month, slug="papers")
    page.shared = True
    return [page]


def paper_of(
    found: Mapping[str, Any],
    title: str,
    heading: Block | None,
    rest: Sequence[Block],
    name: str = "",
) -> SourcePaper | None:
    """The paper that the note is on, with what the front matter and the first lines say of it, or the
    ``name`` of its file where that has an arXiv id."""
    linked = links(heading.text) if heading else []
    url = next((url for _, url in linked if is_paper_address(url)), "")
    url = url or address_below(rest) or address_below(_first_texts(rest))
    if not url and (match := _ARXIV_NAME.search(name)):
        url = f"https://arxiv.org/abs/{match[1]}"
    paper = front_matter.paper(found, title, url)
    if paper is None and linked and heading is not None and len(rest) > 1:
        # The title of a note that is on this alone: a paper on a page of its authors.
        paper = SourcePaper(title, linked[0][1]) if _looks_like_a_paper(linked[0][1]) else None
    if paper is None or paper.authors:
        return paper
    lines = [text for block in rest[:_TOP] for _, text in block.lines]
    named = next((match[1] for text in lines if (match := _AUTHORS.match(text.strip()))), "")
    return replace(paper, authors=authors_in(plain(named))) if named else paper


def _looks_like_a_paper(url: str) -> bool:
    return bool(re.search(r"\.pdf(?:[?#]|$)|/papers?/|/publication|/proceedings", url, re.I))


def _title(
    body: Sequence[Block], found: Mapping[str, Any], context: ImportContext
) -> tuple[str, Block | None, list[Block]]:
    """The title, the heading that says it, if the text has one, and the rest of the note."""
    given = front_matter.text(found.get("title")) or front_matter.zotero_parent(found)
    at = next((n for n, b in enumerate(body) if b.kind not in _UNSAID), None)
    first = body[at] if at is not None and body[at].kind == "heading" else None
    if first is not None and at is not None:
        shown = plain(first.text)
        others = heading_levels(body[at + 1 :])
        above = not others or first.level < min(others)
        linked = any(is_paper_address(url) for _, url in links(first.text))
        # A highlight of the paper's own title, as Better Notes puts it on top, is not the note's.
        quoted = given and "zotero://" in first.text
        named = shown and (above or linked or _same(shown, given)) and _may_be_title(shown)
        if named and not quoted:
            rest = [*body[:at], *body[at + 1 :]]
            return shown, first, rest
    stem = without_day(PurePosixPath(context.source).stem)
    stem = re.sub(r"^[0-9]{1,3}[-_. ]+(?=[^\W\d_])", "", stem)
    stem = _ARXIV_NAME.sub("", stem).strip(" -_.()[]") or stem
    name = re.sub(r"(?<=\w)[_](?=\w)", " ", stem).strip()
    return given or name or "Untitled", None, list(body)


def _may_be_title(text: str) -> bool:
    return single_day(text) is None and not re.match(
        r"(?:summary|abstract|notes?|introduction|tl;?dr|annotations?|meta ?info|key points)\W*$",
        text,
        re.I,
    )


def _same(one: str, other: str) -> bool:
    def letters(text: str) -> str:
        return "".join(char for char in text.casefold() if char.isalnum())

    return bool(other) and letters(one) == letters(other)


def _note(
    title: str,
    heading: Block | None,
    rest: Sequence[Block],
    paper: SourcePaper | None,
    context: ImportContext,
    added: date | None,
) -> Draft:
    key = context.papers.cite(paper, added) if paper else ""
    cites = (key,) if key else ()
    base = min(heading_levels(rest), default=3)
    inner = relevel(rest, base, 3)
    data = {"paper": key} if key else {}
    if heading is None:
        return Draft(inner, title=title, data=data, heading=title, cites=cites)
    head = replace(heading, level=2, cites=cites)
    return Draft([head, *inner], title=title, data=data)


def _when(
    found: Mapping[str, Any], body: Sequence[Block], context: ImportContext
) -> tuple[date | None, date | None]:
    """The day of the note, or else its month: from the front matter, the file's name, the first
    lines, and the folder."""
    literature = bool(front_matter.paper(found, "x"))
    path = PurePosixPath(context.source)
    line, day, month = 1, None, None
    if day := front_matter.day(found, context, published=literature):
        whence = "its front matter"
    elif day := day_in_name(path.stem):
        whence = "the file's name"
    else:
        line, day, month = _in_first_lines(body)
        whence = "its first lines"
        for folder in reversed(path.parts[:-1]):
            if day or month:
                break
            day, month = day_in_name(folder), month_in(folder)
            whence = f"the folder {folder}"
    if day or month:
        what = f"the day is {day}" if day else f"the month is {month:%Y-%m}"
        context.decide(line, f"{what}, from {whence}")
    return day, month


def _in_first_lines(body: Sequence[Block]) -> tuple[int, date | None, date | None]:
    shown = [block for block in body if block.kind not in _UNSAID][:_TOP]
    for block in shown:
        if block.kind not in ("paragraph", "list", "quote"):
            continue
        for number, text in block.lines[:_TOP]:
            for part in (text, *re.split(r"\s[|·•–—]\s", text)):
                match = _DATED.match(plain(part).strip())
                if not match:
                    continue
                if day := day_in_name(match[1].strip()) or single_day(match[1].strip()):
                    return number, day, None
                if (month := month_in(match[1])) and len(match[1].strip()) <= 20:
                    return number, None, month
    return 1, None, None


def sniff(source: Source) -> Evidence:
    """Front matter that names a paper; or a title that links to one, and no second such title."""
    lines = list(enumerate(source.lines, 1))
    count = front_matter.block_length(lines)
    front = "\n".join(text for _, text in lines[:count])
    if fields := _paper_fields(front):
        score = 2.0 + 1.5 * len(fields)
        return Evidence(score, (f"front matter with {', '.join(sorted(fields))}",))
    title = re.search(r"^title\s*[:=]\s*(\S.*)$", front, re.I | re.M)
    if (title and names_several(title[1])) or _OF_BLOG.search(front):
        return Evidence()
    body = markdown_blocks.parse(lines[count:])
    if not title:
        body = with_bold_title(body)
    elif _has_section_on_a_paper(body, title[1].strip("\"' ")):
        return Evidence()
    return _evidence_in_body(body, source.place.path)


def _paper_fields(front: str) -> set[str]:
    """The names of the fields of front matter that are those of a paper; none where it has only
    ``authors`` and no year."""
    found = _PAPER_FIELD.findall(front)
    names = {(one or other).lower() for one, other in found}
    if names == {"authors"} and not re.search(r"^year\s*[:=]", front, re.M):
        return set()
    return names


def _has_section_on_a_paper(body: Sequence[Block], title: str) -> bool:
    """Whether a post with a ``title`` of its own has a section on a paper, as a blog's has: a heading
    that links to it and says another title."""
    return any(
        block.kind == "heading"
        and any(is_paper_address(url) for _, url in links(block.text))
        and names_paper(plain(block.text))
        and not _same(plain(block.text), title)
        for block in body
    )


def _first_texts(body: Sequence[Block]) -> list[Block]:
    """The first texts of a note, in which people put the address of the paper: under a heading too."""
    return [block for block in body if block.kind not in (*_UNSAID, "heading")][:2]


def _evidence_in_body(body: Sequence[Block], path: Path) -> Evidence:
    """The evidence in the text of the file at ``path``, below its front matter."""
    first = next((block for block in body if block.kind not in _UNSAID), None)
    headings = [block for block in body if block.kind == "heading"]
    titled = [b for b in headings if any(is_paper_address(url) for _, url in links(b.text))]
    if first is None or len(titled) > 1:
        return Evidence()
    days = [block for block in headings if block is not first and is_date(plain(block.text))]
    if titled == [first] and all(block.level > first.level for block in days):
        return Evidence(3.5, ("a title that links to a paper, and no other",))
    if days:
        return Evidence()
    only_title = (
        first.kind == "heading"
        and sum(1 for block in headings if block.level <= first.level) == 1
        and _may_be_title(plain(first.text))
    )
    top = _first_texts(body)
    if only_title and address_below(top):
        return Evidence(3.0, ("one title with the address of a paper below it",))
    if _ARXIV_NAME.search(path.stem) and not titled:
        return Evidence(3.0, ("a name with an arXiv id",))
    if only_title:
        return _evidence_of_only_title(first, body, path)
    if first.kind != "heading" and address_below(top):
        return _evidence_of_first_line(first, path)
    return Evidence()


def _evidence_of_only_title(title: Block, body: Sequence[Block], path: Path) -> Evidence:
    """The evidence of a ``title`` without an address that is known to be a paper's."""
    _, day, month = _in_first_lines(body)
    dated = bool(day or month)
    url = next((url for _, url in links(title.text)), "")
    if _looks_like_a_paper(url) or (url and dated):
        return Evidence(3.2, ("one title, which is a link, with a date below it",))
    if (url or dated) and _share_of_papers(path.parent) >= 0.4:
        kind = "one title, which is a link," if url else "one title with a date below it,"
        return Evidence(3.2, (f"{kind} among files of papers",))
    return Evidence()


def _evidence_of_first_line(first: Block, path: Path) -> Evidence:
    """The evidence of a text without a title that has the address of a paper in its ``first`` lines."""
    if day_in_name(path.stem):
        return Evidence(2.0, ("a name with a day, and the address of a paper in the first lines",))
    labels = [label for label, url in links(first.lines[0][1]) if is_paper_address(url)]
    if any(is_link_label(plain(label)) for label in labels):
        return Evidence(2.0, ("a link to the paper in the first line",))
    return Evidence()


@lru_cache(maxsize=32)
def _share_of_papers(folder: Path) -> float:
    """The share of the Markdown files in ``folder`` that begin with a title that links to a paper."""
    found: list[bool] = []
    for path in itertools.islice(sorted(folder.glob("*.md")), _SAMPLE):
        try:
            with path.open(encoding="utf-8", errors="replace") as file:
                head = next((line for line in file if line.strip()), "")
        except OSError:
            continue
        titled = head.startswith("#") and any(is_paper_address(u) for _, u in links(head))
        found.append(titled)
    return sum(found) / len(found) if len(found) >= 3 else 0.0


FORMAT = Format(
    "paper",
    "a file a paper, with its address in the first lines or its front matter",
    sniff,
    plan,
    split=split_comments,
    scanner=WikiScanner,
)
