"""The reading record: what was read when, streaks, numbers by month and year, and what waits unread."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from weeknotes.journal.weeks import Week, weeks_in
from weeknotes.site.data import entry_text
from weeknotes.site.data.bibliography import (
    READ,
    READING,
    Bibliography,
    JournalPaper,
    bibliography_of,
)
from weeknotes.site.data.note_index import facts_of
from weeknotes.site.data.page_records import Site
from weeknotes.site.html import graph
from weeknotes.site.pages.page import Page, PageOfList
from weeknotes.site.pages.pagination import divide
from weeknotes.site.pages.shell import Shell

HREF = "record.html"
WAITING = "waiting.html"
WAITING_A_PAGE = 200
_FIRST_WAITING = 30
_SHADES = 4
#: So many months are shown one by one; before them the years say enough.
_MONTHS = 24


def pages(shell: Shell, site: Site) -> Iterator[Page]:
    """The page of the record, and the whole list of what waits."""
    unread = waiting(bibliography_of(site))
    yield RecordPage(shell, site, HREF, unread)
    for part in divide(unread, WAITING, WAITING_A_PAGE):
        yield WaitingPage(shell, site, part)


@dataclass(frozen=True)
class Read:
    """A week of the journal: its ISO week, its address, and how many papers were read in it."""

    week: str
    href: str
    papers: int


def papers_read(site: Site) -> dict[str, tuple[str, set[str]]]:
    """For each ISO week that has a page, oldest first, its address and the papers that were read in
    it: those that count as read in the list of papers too, and papers that the library does not have,
    by their keys, or by the note that links to them."""
    known: dict[str, set[str]] = {}
    for paper in bibliography_of(site).papers.values():
        for mention in paper.mentions:
            if mention.state == READ:
                known.setdefault(mention.href, set()).add(paper.key)
    found: dict[str, tuple[str, set[str]]] = {}
    for page in sorted(site.pages, key=lambda page: (page.week, page.href)):
        if page.kind != "week" or not page.week:
            continue
        _, papers = found.setdefault(page.week, (page.href, set()))
        for note, facts in zip(page.notes, facts_of(site).of(page).notes, strict=True):
            if note.kind == "reading" and not facts.is_being_read:
                href = f"{page.href}#{note.anchor}"
                papers.update(known.get(href) or note.papers or (href,))
    return found


def weeks_read(site: Site) -> list[Read]:
    """The weeks with the numbers of papers that were read in them, oldest first."""
    return [Read(week, href, len(papers)) for week, (href, papers) in papers_read(site).items()]


def waiting(papers: Bibliography) -> list[JournalPaper]:
    """The papers that no note of a week is about, the longest waiting first; those without a date
    last."""
    unread = [paper for paper in papers.papers.values() if paper.status not in (READ, READING)]
    return sorted(unread, key=lambda p: (p.added or "9999", p.title.casefold()))


def streaks(read: Sequence[Read]) -> tuple[int, int]:
    """The number of weeks with reading in a row up to the latest one, and the longest such run."""
    longest = current = 0
    before: date | None = None
    for item in read:
        start = Week.parse(item.week).start
        follows = before is not None and start - before == timedelta(weeks=1)
        current = (current + 1 if follows else 1) if item.papers else 0
        longest = max(longest, current)
        before = start
    return current, longest


class RecordPage(Page):
    """The page of the record. ``unread`` are the papers that wait."""

    template = "record.html"
    section = "record"

    def __init__(self, shell: Shell, site: Site, href: str, unread: Sequence[JournalPaper]) -> None:
        super().__init__(shell, site, href)
        self.unread = unread
        self.read = weeks_read(site)
        self.total = len(set().union(*(papers for _, papers in papers_read(site).values())))

    def made_from(self) -> Sequence[Any]:
        first = [(paper.href, paper.fingerprint) for paper in self.unread[:_FIRST_WAITING]]
        read = [(item.week, item.href, item.papers) for item in self.read]
        return [read, self.total, first, len(self.unread), self._has_papers()]

    def values(self) -> Mapping[str, Any]:
        t, read = self.shell.strings, self.read
        current, longest = streaks(read)
        most = max((item.papers for item in read), default=0)
        noted = sum(item.papers for item in read)
        return {
            "heading": t("record"),
            "description": t("record_about"),
            "calendar": _calendar(self.shell, read, most),
            "shades": range(_SHADES + 1),
            "facts": [
                (t("papers_read"), self.total),
                (t("streak_now"), current),
                (t("streak_longest"), longest),
                (t("best_week"), most),
                (t("mean_week"), f"{noted / len(read):.1f}" if read else 0),
            ],
            "years": _bars(_by_year(read)),
            "months": _bars(_by_month(read))[:_MONTHS],
            "waiting": [waiting_row(paper) for paper in self.unread[:_FIRST_WAITING]],
            "more": len(self.unread) - _FIRST_WAITING,
            "number_waiting": len(self.unread),
            "papers": self._has_papers(),
        }

    def _has_papers(self) -> bool:
        return bool(bibliography_of(self.site).papers)


class WaitingPage(PageOfList[JournalPaper]):
    """One page of the whole list of what waits."""

    template = "waiting.html"
    section = "record"

    def items(self) -> Any:
        return [(paper.href, paper.fingerprint) for paper in self.part.items]

    def values(self) -> Mapping[str, Any]:
        return {
            "heading": self.shell.strings("waiting"),
            "description": self.shell.strings("waiting_about"),
            "part": self.part,
            "waiting": [waiting_row(paper) for paper in self.part.items],
        }


def waiting_row(paper: JournalPaper) -> dict[str, Any]:
    """A paper that waits, as the lists show it."""
    return {
        "paper": paper,
        "added": paper.added,
        "by": entry_text.short_authors(paper.entry),
    }


def _calendar(shell: Shell, read: Sequence[Read], most: int) -> list[dict[str, Any]]:
    """Each year, newest first: a line a quarter, in it a cell for each ISO week."""
    by_week = {item.week: item for item in read}
    years = sorted({item.week[:4] for item in read}, reverse=True)
    rows = []
    for year in years:
        names = [f"{year}-W{number:02}" for number in range(1, weeks_in(int(year)) + 1)]
        cells = [_cell(shell, name, by_week.get(name), most) for name in names]
        months = _months(shell, names)
        quarters = [
            {"cells": cells[first:end], "months": months[first:end]}
            for first, end in ((0, 13), (13, 26), (26, 39), (39, len(cells)))
        ]
        rows.append({"year": year, "quarters": quarters, "wide": len(cells) > 52})
    return rows


def _months(shell: Shell, weeks: Sequence[str]) -> list[str]:
    """The name of the month above each of ``weeks`` that is the month's first, and the first of a
    line: a week is of the month that its Thursday is in."""
    days = [(Week.parse(week).start + timedelta(days=3)).isoformat() for week in weeks]
    return [
        shell.strings.month(day)
        if number in (0, 13, 26, 39) or day[:7] != days[number - 1][:7]
        else ""
        for number, day in enumerate(days)
    ]


def _cell(shell: Shell, week: str, item: Read | None, most: int) -> dict[str, Any]:
    papers = item.papers if item else 0
    name = shell.strings.count("calendar_cell", papers, week)
    start = Week.parse(week).start
    days = shell.strings.short_span(start.isoformat(), (start + timedelta(days=6)).isoformat())
    return {
        "href": item.href if item else "",
        "papers": papers,
        "shade": -(-papers * _SHADES // most) if most else 0,
        "name": name,
        "title": f"{name} ({days})",
    }


def _by_year(read: Sequence[Read]) -> Mapping[str, int]:
    counts: Counter[str] = Counter()
    for item in read:
        counts[item.week[:4]] += item.papers
    return counts


def _by_month(read: Sequence[Read]) -> Mapping[str, int]:
    """By the month of the week's Thursday, which is the month that most of the week is in."""
    counts: Counter[str] = Counter()
    for item in read:
        thursday = Week.parse(item.week).start + timedelta(days=3)
        counts[f"{thursday:%Y-%m}"] += item.papers
    return counts


def _bars(counts: Mapping[str, int]) -> list[dict[str, Any]]:
    most = max(counts.values(), default=0) or 1
    return [
        {"name": name, "count": counts[name], "bar": graph.bar(counts[name] / most)}
        for name in sorted(counts, reverse=True)
    ]
