"""Papers in the rows of a table, a row a paper, cited in the cell that has the title."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from weeknotes.importers.author_names import authors_in
from weeknotes.importers.markdown.blocks import Block, split_row
from weeknotes.importers.markdown.text import links, plain
from weeknotes.importers.paper_evidence import is_link_label, is_title
from weeknotes.importers.paper_register import SourcePaper, is_paper_address
from weeknotes.importers.sections import ImportContext

_TITLE = re.compile(
    r"\W*(?:(?:paper )?titles?|papers?|names?|제목|논문|标题|題目|题目|论文|論文|タイトル)\W*", re.I
)
_AUTHORS = re.compile(r"\W*(?:(?:first )?authors?|저자|作者|著者)\W*", re.I)
_LEAST_SHARE = 0.5


def is_table_of_papers(block: Block) -> bool:
    """Whether ``block`` is a table in most of whose rows, and in two at least, a paper is linked."""
    if block.kind != "table":
        return False
    rows = [text for _, text in block.lines[2:]]
    linked = sum(1 for text in rows if any(is_paper_address(url) for _, url in links(text)))
    return linked >= 2 and linked >= _LEAST_SHARE * len(rows)


def cite_rows(
    blocks: Sequence[Block], context: ImportContext, added: date | None
) -> tuple[list[Block], list[str]]:
    """``blocks`` with the papers of tables cited in their rows, and the citation keys, in order."""
    made: list[Block] = []
    keys: list[str] = []
    for block in blocks:
        if is_table_of_papers(block):
            head = [plain(cell) for cell in split_row(block.lines[0][1])]
            places: dict[int, str] = {}
            columns: Counter[int] = Counter()
            for number, text in block.lines[2:]:
                cells = split_row(text)
                if paper := _paper_of(cells, head):
                    places[number] = context.papers.cite(paper, added)
                    columns[title_column(cells, head) or 0] += 1
            if places:
                keys += places.values()
                label = str(columns.most_common(1)[0][0])
                block = replace(block, cites_at={**block.cites_at, **places}, label=label)
        made.append(block)
    return made, list(dict.fromkeys(keys))


def _paper_of(cells: Sequence[str], head: Sequence[str]) -> SourcePaper | None:
    found = [(n, label, url) for n, cell in enumerate(cells) for label, url in links(cell)]
    linked = [(n, label, url) for n, label, url in found if is_paper_address(url)]
    at = title_column(cells, head)
    if not linked or at is None:
        return None
    # The link on the title itself, else the first of the row.
    _, _, url = next((one for one in linked if one[0] == at), linked[0])
    column = next((n for n, name in enumerate(head) if _AUTHORS.fullmatch(name)), None)
    names = plain(cells[column]) if column is not None and column < len(cells) else ""
    return SourcePaper(plain(cells[at]), url, authors=authors_in(names.replace("et.al.", "et al.")))


def title_column(cells: Sequence[str], head: Sequence[str]) -> int | None:
    """The number of the cell that has the title of a row's paper: the one under a heading that says
    so, else the one whose link to a paper, or whose bold text, is a title; None where there is none."""
    for number, name in enumerate(head[: len(cells)]):
        if _TITLE.fullmatch(name) and is_title(plain(cells[number])):
            return number
    for number, cell in enumerate(cells):
        named = [label for label, url in links(cell) if is_paper_address(url)]
        if any(is_title(plain(label)) and not is_link_label(plain(label)) for label in named):
            return number
    return next((n for n, cell in enumerate(cells) if re.match(r"\s*\*\*.{8,}\*\*", cell)), None)
