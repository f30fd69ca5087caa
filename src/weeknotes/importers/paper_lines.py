"""Papers that a line of a list or a paragraph names by their address, cited at the end of the line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from weeknotes.importers.markdown.blocks import Block, Line
from weeknotes.importers.markdown.text import links, plain
from weeknotes.importers.paper_register import SourcePaper, is_paper_address
from weeknotes.importers.sections import ImportContext

_FENCE = re.compile(r"^[ >\-*+]*(`{3,}|~{3,})")
_NO_TITLE = re.compile(
    r"(?:the |this )?(?:pdf|link|url|paper|arxiv|abs|here|this|source|code|project|page|website|doi|"
    r"논문|링크|여기|论文|链接|原文|地址|リンク)s?\W*",
    re.I,
)
_NAMED = (
    re.compile(r"\[\[([^\[\]\n|]{4,})(?:\|[^\[\]\n]*)?\]\]"),
    re.compile(r"[“\"「『《]([^“”\"「」『』《》]{8,})[”\"」』》]"),
    re.compile(r"\*\*([^*\n]{8,})\*\*"),
    re.compile(r"(?<![*\w])[*_]([^*_\n]{8,})[*_](?![*\w])"),
)


def cite_lines(
    blocks: Sequence[Block], context: ImportContext, added: date | None, known: str = ""
) -> tuple[list[Block], list[str]]:
    """``blocks`` with each paper cited in the line that has its address, and the citation keys, in
    order. ``known`` is the key that the note itself cites, which is not cited again."""
    made: list[Block] = []
    keys: list[str] = []
    for block in blocks:
        if block.kind in ("list", "paragraph", "quote"):
            places: dict[int, str] = {}
            for number, text in _prose(block.lines):
                found = [key for key in _keys(text, context, added) if key != known]
                if found:
                    places[number] = "; @".join(dict.fromkeys(found))
                    keys += found
            block = replace(block, cites_at={**block.cites_at, **places}) if places else block
        made.append(block)
    return made, list(dict.fromkeys(keys))


def _prose(lines: Sequence[Line]) -> Iterator[Line]:
    """The lines that are not in a code block."""
    fence = ""
    for number, text in lines:
        mark = _FENCE.match(text)
        if mark:
            fence = "" if fence and mark[1].startswith(fence) else fence or mark[1]
        elif not fence:
            yield number, re.sub(r"(`+)(?!`).*?(?<!`)\1(?!`)", "", text)


def _keys(text: str, context: ImportContext, added: date | None) -> Iterator[str]:
    for label, url in links(text):
        if is_paper_address(url):
            shown = plain(label)
            title = shown if _is_title(shown) else _title_in(text)
            paper = SourcePaper(title, url)
            # Of a paper without a title, its identifier is one.
            name = (paper.arxiv and f"arXiv:{paper.arxiv}") or paper.doi or url
            yield context.papers.cite(paper if title else replace(paper, title=name), added)


def _is_title(text: str) -> bool:
    """Whether the words of a link are a title, rather than "pdf" or the address again."""
    wide = any(ord(char) > 0x2E80 for char in text)
    plain_address = re.match(r"https?://|www\.|\S+\.\w{2,4}/", text)
    return len(text) >= (4 if wide else 8) and not _NO_TITLE.fullmatch(text) and not plain_address


def _title_in(text: str) -> str:
    """The title that a line has beside the address: a link to a note, or words in quotes or bold."""
    found = (match for pattern in _NAMED for match in pattern.finditer(text))
    titles = (plain(match[1]) for match in found if "](" not in match[1] and "://" not in match[1])
    return next((title for title in titles if _is_title(title)), "")
