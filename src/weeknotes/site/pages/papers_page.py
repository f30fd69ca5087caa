"""The list of all papers, the latest first, on as many pages as it takes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from weeknotes.site.data import entry_text
from weeknotes.site.data.bibliography import (
    CITED,
    LISTED,
    READ,
    READING,
    STATES,
    Bibliography,
    JournalPaper,
    bibliography_of,
)
from weeknotes.site.data.page_records import Site
from weeknotes.site.pages.page import ComposedFile, PageOfList, data_script
from weeknotes.site.pages.pagination import ListPart, divide
from weeknotes.site.pages.shell import Shell
from weeknotes.text.languages import language_of

HREF = "papers.html"
DATA = "papers.js"
PAPERS_A_PAGE = 300
#: Of more authors a paper is not known by the others.
_MOST_AUTHORS = 30


def pages(shell: Shell, site: Site) -> Iterator[ComposedFile]:
    """The pages of the list, and its data for the browser."""
    papers = bibliography_of(site)
    totals = totals_of(papers)
    for part in divide(papers.newest_first, HREF, PAPERS_A_PAGE):
        yield PapersPage(shell, site, part, totals)
    yield PapersData(shell, site, DATA)


class PapersPage(PageOfList[JournalPaper]):
    """One page of the list; ``totals`` are the numbers of all papers by status."""

    template = "papers.html"
    section = "papers"

    def __init__(
        self, shell: Shell, site: Site, part: ListPart[JournalPaper], totals: Sequence[int]
    ) -> None:
        super().__init__(shell, site, part)
        self.totals = totals

    def items(self) -> Any:
        papers = self.part.items
        rows = [(p.href, p.fingerprint, p.status, len(p.mentions), p.last) for p in papers]
        return [rows, self.totals]

    def values(self) -> Mapping[str, Any]:
        t = self.shell.strings
        return {
            "heading": t("papers"),
            "description": t("papers_about", *self.totals),
            "part": self.part,
            "rows": [_row(paper) for paper in self.part.items],
            "totals": self.totals,
            "statuses": status_words(self.shell),
        }


def _row(paper: JournalPaper) -> dict[str, object]:
    return {
        "paper": paper,
        "by": entry_text.short_authors(paper.entry),
        "year": paper.year,
        "venue": entry_text.venue(paper.entry),
        "notes": len(paper.mentions),
    }


def _called(paper: JournalPaper) -> list[str]:
    """The titles that notes on the paper give it besides its own, such as its usual short name."""
    titles = [mention.note.title for mention in paper.mentions if mention.about]
    return list(dict.fromkeys(title for title in titles if title != paper.title))


def _further_words(paper: JournalPaper) -> str:
    """What the list finds the paper by besides what it shows: its key, the names of all its authors,
    and its other titles, as single words in the order of the alphabet. They are no text that could
    be read, or be taken for one that is private."""
    names = entry_text.authors(paper.entry)[:_MOST_AUTHORS]
    words = {word for text in (paper.key, *names, *_called(paper)) for word in text.split()}
    return " ".join(sorted(words))


class PapersData(ComposedFile):
    """All papers as a script, with which the browser sorts and filters the whole list. It is a script
    since a page that was opened from a folder may load no other data."""

    def made_from(self) -> Sequence[Any]:
        papers = bibliography_of(self.site).newest_first
        return [
            (p.href, p.fingerprint, p.status, len(p.mentions), p.last, p.tags, _called(p))
            for p in papers
        ]

    def make(self) -> bytes:
        lang = self.shell.strings.lang
        rows = [
            [
                paper.href,
                paper.title,
                "" if (own := language_of(paper.title, paper.lang or lang)) == lang else own,
                entry_text.short_authors(paper.entry),
                entry_text.venue(paper.entry),
                paper.year,
                paper.status,
                len(paper.mentions),
                paper.last_week,
                paper.tags,
                _further_words(paper),
            ]
            for paper in bibliography_of(self.site).newest_first
        ]
        return data_script(DATA, rows)


def status_words(shell: Shell) -> dict[str, str]:
    """The name of each status of a paper."""
    return {
        READ: shell.strings("status_read"),
        READING: shell.strings("status_reading"),
        CITED: shell.strings("status_cited"),
        LISTED: shell.strings("status_library"),
    }


def totals_of(papers: Bibliography) -> Sequence[int]:
    """The numbers of papers of each state, in the order of `STATES`."""
    found = Counter(paper.status for paper in papers.papers.values())
    return [found[status] for status in STATES]
