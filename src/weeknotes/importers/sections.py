"""Functions that the formats share: titles, links, sections under headings, and notes made from
them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from weeknotes.importers.dates.file_dates import day_of_commit, day_of_file
from weeknotes.importers.dates.reader import single_day
from weeknotes.importers.markdown.blocks import Block, Line
from weeknotes.importers.markdown.text import links, plain, without_private
from weeknotes.importers.page_plan import Draft
from weeknotes.importers.paper_evidence import (
    address_below,
    is_address,
    is_title,
    names_paper,
    paper_address,
)
from weeknotes.importers.paper_register import Register, SourcePaper, is_paper_address
from weeknotes.importers.report import ImportReport, Remark
from weeknotes.importers.source_files import SourcePlace

_BOLD = re.compile(
    r"^\s*(?:\*\*(?=\S)((?:(?!\*\*).)+?)\*\*|__(?=\S)((?:(?!__).)+?)__|"
    r"<(b|strong)>(.+?)</\3\s*>|\[\*\*((?:(?!\*\*).)+?)\*\*\]\(([^()\s]+)\))",
    re.S | re.I,
)
_TITLE_LINE = re.compile(
    r"^[\s>*+-]*(?:\*\*|__)?\s*(?:title|제목|标题|標題|题目|タイトル)\s*(?:\*\*|__)?\s*[:：]\s*(?:\*\*|__)?\s*(\S.*)$",
    re.I,
)
_SENTENCE_END = re.compile(r"[.。!?！？:：;；,，、…]$")
# A heading as it was written before CommonMark asked for the space: "#[Title](address)".
_UNSPACED = re.compile(r" {0,3}(#{1,6})(\[[^\[\]]+\]\([^()\s]+\))\s*$")
_PLAIN_TITLE = 80


@dataclass
class ImportContext:
    """The context in which a format's module reads the blocks of a source: the papers known, the
    report, the source's name in it, today's date, the place of the source's file, and the title of
    the page that is being read."""

    papers: Register
    report: ImportReport
    source: str
    today: date
    place: SourcePlace
    page_title: str = ""

    def decide(self, line: int, text: str) -> None:
        """Record in the report what was decided for ``line`` of the source."""
        self.report.decisions.append(Remark(self.source, line, text))

    def clean(self, line: int, text: str) -> None:
        """Record in the report what was taken out of ``line`` of the source, for safety."""
        self.report.cleaned.append(Remark(self.source, line, text))


@dataclass(frozen=True)
class Title:
    """A title found at the head of a section: the block that makes a heading of it, its plain text,
    the address it links to, and the blocks of the section after it."""

    heading: Block
    text: str
    url: str
    rest: list[Block]


def heading_levels(blocks: Iterable[Block]) -> list[int]:
    """The level of each heading in ``blocks``, in order."""
    return [block.level for block in blocks if block.kind == "heading"]


def relevel(blocks: Sequence[Block], base: int, to: int) -> list[Block]:
    """``blocks`` with their headings moved so that those of level ``base`` have level ``to``."""
    return [
        replace(block, level=min(max(block.level - base + to, to), 6))
        if block.kind == "heading"
        else block
        for block in blocks
    ]


def split_at_headings(blocks: Sequence[Block], level: int) -> list[list[Block]]:
    """``blocks`` in sections that begin with a heading of ``level`` or above; what is before the
    first heading is a section of its own. None is empty."""
    sections: list[list[Block]] = [[]]
    for block in blocks:
        if block.kind == "heading" and block.level <= level:
            sections.append([])
        sections[-1].append(block)
    return [section for section in sections if section]


def draft_sections(blocks: Sequence[Block], make: Callable[[Title], Draft]) -> list[Draft]:
    """A draft for each section of ``blocks``, its headings from level 2 down: what ``make`` makes of
    its title. What is before the first heading is a draft of its own, if it is anything to see."""
    base = min(heading_levels(blocks), default=2)
    drafts: list[Draft] = []
    for section in split_at_headings(blocks, base):
        levels = heading_levels(section)
        if levels and base not in levels:
            # Sections of a lower level before the first one of this level.
            drafts += draft_sections(section, make)
            continue
        inner = relevel(section, base, 2)
        title = title_of(inner, 2) if inner[0].kind == "heading" else None
        if title is not None:
            drafts.append(make(title))
        elif has_text(inner):
            drafts.append(Draft(inner))
    return drafts


def section_notes(blocks: Sequence[Block], context: ImportContext, day: date | None) -> list[Draft]:
    """A note for each section of ``blocks``, on the paper whose address is in its heading or in
    the first lines below."""

    def made(title: Title) -> Draft:
        return note(title, context, day, paper_of(title))

    return draft_sections(blocks, made)


def paper_of(title: Title) -> SourcePaper | None:
    """The paper of a section by what its heading says and what is right below it; None where nothing
    there is evidence of one."""
    heading = " ".join(text for _, text in title.heading.lines)
    if url := paper_address(heading):
        return SourcePaper(title.text, url)
    if not is_title(title.text) and not is_address(title.text):
        return None
    url = address_below(title.rest)
    return SourcePaper(title.text, url) if url else None


def take_title(blocks: Sequence[Block], known: str = "") -> tuple[str, list[Block], list[Block]]:
    """The title that ``blocks`` begin with, what is left of them, and what it was made of.

    It is a heading above the level of all others. Pictures and links in it stay, as a paragraph.
    """
    at = next((n for n, b in enumerate(blocks) if b.kind != "blank"), None)
    if at is None or blocks[at].kind != "heading":
        return "", list(blocks), []
    first = blocks[at]
    others = heading_levels(blocks[at + 1 :])
    text = " ".join(line for _, line in first.lines)
    alone = not others or first.level < min(others) or _heads_a_heading(blocks, at)
    if without_private(text) != text:
        return "", list(blocks), []
    if not alone or not plain(text) or (known and plain(text) != known):
        return "", list(blocks), []
    pictures = re.findall(r"!\[[^\]]*\]\([^)]*\)", text)
    if pictures:
        head, _, tail = text.partition(pictures[0])
        if not plain(tail).strip():
            shown = Block("paragraph", ((first.start, pictures[0] + tail),))
            used = first.with_lines([(first.start, head)])
            return plain(head), [*blocks[:at], shown, *blocks[at + 1 :]], [used]
    if links(text) or pictures:
        return "", list(blocks), []
    return plain(text), [*blocks[:at], *blocks[at + 1 :]], [first]


def _heads_a_heading(blocks: Sequence[Block], at: int) -> bool:
    """Whether the heading at ``at`` is of level 1 and has a lower heading right below it."""
    below = next((block for block in blocks[at + 1 :] if block.kind != "blank"), None)
    return (
        blocks[at].level == 1 and below is not None and below.kind == "heading" and below.level > 1
    )


def has_text(blocks: Iterable[Block]) -> bool:
    """Whether ``blocks`` hold anything to see; rules, empty lines and empty headings are nothing."""
    return any(
        block.kind not in ("blank", "rule") and (block.kind != "heading" or block.text.strip())
        for block in blocks
    )


def title_of(blocks: Sequence[Block], level: int, *, plain_too: bool = False) -> Title | None:
    """The title that a section begins with, as a heading of ``level``: a heading, a bold text over one
    or several lines, or with ``plain_too`` a short line of its own. None where it has none."""
    at = next((n for n, b in enumerate(blocks) if b.kind not in ("blank", "rule")), None)
    if at is None:
        return None
    block = blocks[at]
    before, after = list(blocks[:at]), list(blocks[at + 1 :])
    if block.kind == "heading":
        text = " ".join(line.strip() for _, line in block.lines)
        return Title(replace(block, level=level), plain(text), _url(text), before + after)
    if block.kind != "paragraph":
        return None
    if found := _bold_title(block, level):
        heading, text, rest = found
        return Title(heading, plain(text), _url(text), before + rest + after)
    if plain_too and (split := _plain_title(block, after)):
        head, rest = split
        heading = Block("heading", (head,), level=level)
        return Title(heading, plain(head[1]), "", before + rest + after)
    return None


def is_bold_title(block: Block) -> bool:
    """Whether ``block`` is, or begins with, a bold title of its own, and not a bold word or a label
    such as ``**Results:**``."""
    if block.kind != "paragraph":
        return False
    found = _bold_title(block, 2)
    return found is not None and len(plain(found[1])) >= (
        6 if not plain(found[1]).isascii() else 12
    )


def with_bold_title(blocks: Sequence[Block]) -> list[Block]:
    """``blocks`` with a bold line that they begin with as their heading, where nothing else is beside
    it and no heading of theirs is as high."""
    at = next((n for n, b in enumerate(blocks) if b.kind not in ("blank", "rule", "comment")), None)
    if at is not None and blocks[at].kind == "paragraph" and not blocks[at].cites_at:
        number, text = blocks[at].lines[0]
        if match := _UNSPACED.match(text):
            lines = blocks[at].lines[1:]
            heading = Block("heading", ((number, match[2]),), level=len(match[1]))
            below = [blocks[at].with_lines(lines)] if lines else []
            return [*blocks[:at], heading, *below, *blocks[at + 1 :]]
    if at is None or not is_bold_title(blocks[at]) or 1 in heading_levels(blocks):
        return list(blocks)
    found = _bold_title(blocks[at], 1)
    if found is None or not re.fullmatch(
        _BOLD.pattern + r"\s*", blocks[at].lines[0][1], re.I | re.S
    ):
        return list(blocks)
    heading, _, rest = found
    return [*blocks[:at], heading, *rest, *blocks[at + 1 :]]


def _bold_title(block: Block, level: int) -> tuple[Block, str, list[Block]] | None:
    match = _BOLD.match(block.text)
    if not match:
        return None
    text = block.text
    line_end = text.find("\n", match.end())
    line_end = len(text) if line_end < 0 else line_end
    tail = text[match.end() : line_end].strip()
    title = match[1] or match[2] or match[4] or ""
    if match[5]:
        title = f"[{match[5]}]({match[6]})"
    if len(tail) > 60 or (tail and _SENTENCE_END.search(tail)):
        return None
    if _SENTENCE_END.search(plain(title)) and plain(title)[-1] not in "?!？！":
        return None
    if tail.startswith((":", "：", "-", "—", "–")) and len(tail) > 2:
        return None
    lines = " ".join(part.strip() for part in title.split("\n"))
    count = text[:line_end].count("\n") + 1
    whole = f"{lines} {tail}".strip()
    heading = Block("heading", ((block.start, whole),), level=level)
    rest = [block.with_lines(block.lines[count:])] if count < len(block.lines) else []
    return heading, whole, rest


def _plain_title(block: Block, after: Sequence[Block]) -> tuple[Line, list[Block]] | None:
    """The first line of ``block`` as a title, if it is short and something follows it: another block,
    a picture, or a sentence right below a line that has no punctuation at all."""
    number, text = block.lines[0]
    short = text.strip()
    wide = sum(2 if ord(char) > 0x2E80 else 1 for char in short)
    if not short or wide > _PLAIN_TITLE or _SENTENCE_END.search(short):
        return None
    if short.startswith(("![", "<", "[", "http", "|", "$", "(", "`")):
        return None
    if len(block.lines) == 1:
        return ((number, short), []) if has_text(after) else None
    below, last = block.lines[1][1].strip(), block.lines[-1][1].strip()
    terse = wide <= _PLAIN_TITLE // 2 and not re.search(r"[^\w\s+-]", short)
    if not below.startswith("![") and not (
        terse and len(below) > len(short) and _SENTENCE_END.search(last)
    ):
        return None
    return (number, short), [block.with_lines(block.lines[1:])]


def _url(text: str) -> str:
    found = links(text)
    return next((url for _, url in found if is_paper_address(url)), found[0][1] if found else "")


def note(
    title: Title,
    context: ImportContext,
    added: date | None,
    paper: SourcePaper | None = None,
    **draft: object,
) -> Draft:
    """The note under ``title``: its heading cites ``paper``, or the paper that it links to, or a known
    one of that title. One without an address is a note all the same, and reported, unless its
    heading only names a section."""
    if paper is None and title.url and is_paper_address(title.url):
        paper = SourcePaper(title.text, title.url)
    key = ""
    if paper and paper.url:
        key = context.papers.cite(titled(paper, title.rest, context), added)
    elif is_title(title.text):
        key = context.papers.key_of_title(title.text)
        if key:
            context.papers.cite(SourcePaper(title.text), added)
        else:
            line = title.heading.start
            context.report.no_address.append(Remark(context.source, line, title.text))
    heading = replace(title.heading, cites=(key,)) if key else title.heading
    rest, keys = cited_headings(title.rest, context, added, key)
    made = Draft([heading, *rest], title=title.text, **draft)  # type: ignore[arg-type]
    if key:
        made.data = {"paper": key, **made.data}
    if keys:
        made.data = {**made.data, "papers": [*([key] if key else []), *keys]}
    return made


def cited_headings(
    blocks: Sequence[Block], context: ImportContext, added: date | None, known: str = ""
) -> tuple[list[Block], list[str]]:
    """``blocks`` in which each heading that links to a paper cites it, and the citation keys, in order,
    but for ``known``, the paper that the note itself is on."""
    made: list[Block] = []
    keys: list[str] = []
    for number, block in enumerate(blocks):
        text = " ".join(text.strip() for _, text in block.lines)
        if block.kind == "heading" and not block.cites and (url := paper_address(text)):
            paper = titled(SourcePaper(plain(text), url), blocks[number + 1 :], context)
            key = context.papers.cite(paper, added)
            if key != known:
                block = replace(block, cites=(key,))
                keys.append(key)
        made.append(block)
    return made, list(dict.fromkeys(keys))


def titled(paper: SourcePaper, below: Sequence[Block], context: ImportContext) -> SourcePaper:
    """``paper`` with a title that is one: where its heading says only "Paper", or an address, the one
    in a line ``Title: ...`` or a link ``below``, or else the page's, or else its identifier."""
    if names_paper(paper.title):
        return paper
    for text in texts(list(below)[:8]):
        if match := _TITLE_LINE.match(text.strip()):
            return replace(paper, title=plain(match[1]))
        for label, url in links(text):
            if url == paper.url and is_title(plain(label)):
                return replace(paper, title=plain(label))
    if is_title(context.page_title):
        return replace(paper, title=context.page_title)
    name = f"arXiv:{paper.arxiv}" if paper.arxiv else paper.doi or paper.url
    return replace(paper, title=name)


def day_near_top(blocks: Sequence[Block], context: ImportContext) -> tuple[date | None, str, int]:
    """The day that a digest is of, where it was found, and the line: in its first headings and short
    lines, in the name of its file or folder, in the name of a picture near its top, or in git."""
    top = [block for block in blocks if block.kind in ("heading", "paragraph", "quote")][:4]
    for block in top:
        shown = plain(block.text)
        if len(shown) > 100 or "](http" in block.text:
            continue
        if day := single_day(shown, today=context.today):
            return day, "its title" if block.kind == "heading" else "its first lines", block.start
    start = blocks[0].start if blocks else 1
    day, whence = day_of_file(context.place)
    if day:
        return day, whence, start
    for block in top:
        for address in re.findall(r"!\[[^\]]*\]\(([^)\s]+)", block.text):
            if day := single_day(address.rsplit("/", 1)[-1], today=context.today):
                return day, f"the picture {address}", block.start
    return *day_of_commit(context.place), start


def undated(context: ImportContext, title: str, line: int = 0) -> None:
    """Record in the report that the page ``title`` has no day, and what would date it."""
    what = (
        "put its day into its title or its file's name (2024-07-01), or 'date: 2024-07-01' on top"
    )
    context.report.undated.append(Remark(context.source, line, f"{title!r}: {what}"))


def day_of_front(structure: Sequence[Block], context: ImportContext) -> tuple[date | None, int]:
    """The day that the ``date`` of a page's front matter names, and its line."""
    for block in structure:
        for number, text in block.lines if block.kind == "front" else ():
            if match := re.match(r"date\s*[:=]\s*[\"']?(\d{4}-\d{2}-\d{2})", text):
                return single_day(match[1], today=context.today), number
    return None, 1


def texts(blocks: Iterable[Block]) -> Iterator[str]:
    """The lines of ``blocks``, in order."""
    for block in blocks:
        yield from (text for _, text in block.lines)
