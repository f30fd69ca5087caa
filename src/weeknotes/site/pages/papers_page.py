"""The list of all papers, the latest first, on as many pages as it takes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from weeknotes.site.data import entry_text
from weeknotes.site.data.bibliography import CITED, LISTED, READ, Bibliography, JournalPaper
from weeknotes.site.pages.pagination import ListPage
from weeknotes.site.pages.shell import Shell, fingerprint

HREF = "papers.html"
PAPERS_A_PAGE = 300


def ordered(papers: Bibliography) -> list[JournalPaper]:
    """All papers: first the one that was last noted, cited, or added."""
    by_title = sorted(papers.papers.values(), key=lambda paper: (paper.title.casefold(), paper.key))
    return sorted(by_title, key=lambda paper: paper.last, reverse=True)


def inputs(shell: Shell, papers: Bibliography, part: ListPage[JournalPaper]) -> str:
    """The fingerprint of what one page of the list is made from."""
    rows = [(p.href, p.fingerprint, p.status, len(p.mentions), p.last) for p in part.items]
    return fingerprint(shell.fingerprint, part.place, rows, _totals(papers))


def make(shell: Shell, papers: Bibliography, part: ListPage[JournalPaper]) -> bytes:
    """One page of the list."""
    return shell.render(
        "papers.html",
        part.href,
        lang=shell.strings.lang,
        section="papers",
        heading=shell.strings("papers"),
        description=shell.strings("papers_about", *_totals(papers)),
        part=part,
        rows=[_row(paper) for paper in part.items],
        totals=_totals(papers),
        statuses=status_words(shell),
    )


def _row(paper: JournalPaper) -> dict[str, object]:
    return {
        "paper": paper,
        "by": entry_text.short_authors(paper.entry),
        "year": entry_text.year(paper.entry),
        "notes": len(paper.mentions),
    }


def status_words(shell: Shell) -> dict[str, str]:
    """The name of each status of a paper."""
    return {
        READ: shell.strings("status_read"),
        CITED: shell.strings("status_cited"),
        LISTED: shell.strings("status_library"),
    }


def _totals(papers: Bibliography) -> Sequence[int]:
    """The numbers of papers that were read, that were only cited, and that wait in the library."""
    found = Counter(paper.status for paper in papers.papers.values())
    return [found[status] for status in (READ, CITED, LISTED)]
