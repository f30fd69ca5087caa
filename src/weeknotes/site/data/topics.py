"""The topics of a site's notes, by week and by year.

A note's topics are its tags. Where no note of a page has any, the notes have the page's categories.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from weeknotes.journal.records import NoteRecord
from weeknotes.site.data.addresses import file_names
from weeknotes.site.data.cache import once_a_site
from weeknotes.site.data.page_records import PageRecord, Site

FOLDER = "topics/"


@dataclass(frozen=True)
class Tagged:
    """A note with the page that it is on."""

    page: PageRecord
    note: NoteRecord

    @property
    def href(self) -> str:
        """Its address in the site: the page and the anchor."""
        return f"{self.page.href}#{self.note.anchor}"

    @property
    def time(self) -> str:
        """Its day as an ISO date: the first of its week, or that of its page."""
        return self.page.start or self.page.date[:10]

    @property
    def week(self) -> str:
        """The ISO week of the note: that of its page, or the week in which the page's day is. Empty
        for a page without a day."""
        return self.page.week or week_of_day(self.page.date[:10])


def week_of_day(day: str) -> str:
    """The ISO week of ``day``, an ISO date, such as "2026-W47"; empty for a text that is no date."""
    try:
        year, week, _ = date.fromisoformat(day).isocalendar()
    except ValueError:
        return ""
    return f"{year:04}-W{week:02}"


class Topics:
    """The topics of a site. ``notes`` maps each to its notes, newest first; ``hrefs`` to its page.
    ``digests`` counts the papers that digests showed, by week and category."""

    def __init__(self, site: Site) -> None:
        self.notes: dict[str, list[Tagged]] = {}
        self.weeks: dict[str, Counter[str]] = {}
        pages = [page for page in site.pages if page.kind in ("week", "digest")]
        for page in sorted(pages, key=lambda p: (p.start or p.date[:10], p.href), reverse=True):
            # The categories of a digest are those of its papers, which `digests` counts; those of a
            # page with tags are what its notes are about together, not each of them.
            shared = () if page.digest or any(n.tags for n in page.notes) else page.categories
            for note in page.notes:
                if note.kind == "tasks":
                    continue
                tagged = Tagged(page, note)
                for topic in dict.fromkeys(note.tags or shared):
                    self.notes.setdefault(topic, []).append(tagged)
                    if tagged.week:
                        self.weeks.setdefault(tagged.week, Counter())[topic] += 1
        self.digests: dict[str, Counter[str]] = {}
        for page in pages:
            if page.counts:
                self.digests.setdefault(week_of_day(page.date), Counter()).update(dict(page.counts))
        names = file_names(self.notes)
        self.hrefs = {topic: f"{FOLDER}{name}.html" for topic, name in names.items()}

    @cached_property
    def totals(self) -> Counter[str]:
        """The number of notes on each topic."""
        return Counter({topic: len(notes) for topic, notes in self.notes.items()})

    @cached_property
    def years(self) -> dict[str, Counter[str]]:
        """The same year by year, oldest first."""
        found: dict[str, Counter[str]] = {}
        for week in sorted(self.weeks):
            found.setdefault(week[:4], Counter()).update(self.weeks[week])
        return found

    def digests_of(self, year: str) -> dict[str, Counter[str]]:
        """The topics that digests showed in the weeks of ``year``, oldest first; in all weeks if
        ``year`` is empty."""
        return {w: self.digests[w] for w in sorted(self.digests) if w.startswith(year)}

    def weeks_of(self, year: str) -> dict[str, Counter[str]]:
        """The weeks of ``year`` that have notes, oldest first."""
        return {week: self.weeks[week] for week in sorted(self.weeks) if week.startswith(year)}


@once_a_site
def topics_of(site: Site) -> Topics:
    """The topics of ``site``, gathered once."""
    return Topics(site)


def ranked(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    """Topics with their numbers, the greatest first."""
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))
