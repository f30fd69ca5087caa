"""The papers of a site: the library's entries, where each was read or cited, and its address."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from weeknotes.journal.records import NoteRecord
from weeknotes.library.identifiers import identities, parse_identifier
from weeknotes.privacy.private_items import private_papers
from weeknotes.site.data import entry_text
from weeknotes.site.data.addresses import file_names
from weeknotes.site.data.cache import once_a_site
from weeknotes.site.data.note_index import facts_of
from weeknotes.site.data.page_records import PageRecord, Site
from weeknotes.site.data.topics import week_of_day
from weeknotes.site.store.freshness import entry_fingerprints

FOLDER = "papers/"
#: The states of a paper, and the order in which they are shown. It is *read* where a note of a week is
#: about it, *being read* where all such notes say that they are not finished (`reading_state`),
#: *mentioned* where a note on something else cites it or a digest has it, else in the library only.
READ, READING, CITED, LISTED = "read", "reading", "cited", "library"
STATES = (READ, READING, CITED, LISTED)


@dataclass(frozen=True)
class Mention:
    """A note that cites a paper, or links to it at its head; ``about`` says whether it is a note on
    that paper, and ``state`` what it makes of the paper (`STATES`)."""

    page: PageRecord
    note: NoteRecord
    about: bool
    state: str = CITED

    @property
    def time(self) -> str:
        """The time of writing: the page's first day as an ISO date."""
        return self.page.start or self.page.date[:10]

    @property
    def href(self) -> str:
        """The note's site-relative address."""
        return f"{self.page.href}#{self.note.anchor}"

    @property
    def week(self) -> str:
        """The ISO week of writing; empty for a page without a day."""
        return self.page.week or week_of_day(self.page.date[:10])


class _Told(NamedTuple):
    """What lists tell of an entry."""

    title: str
    year: str
    lang: str
    added: str
    tags: tuple[str, ...]
    other_ids: tuple[str, ...]


def _told(entry: Mapping[str, Any]) -> _Told:
    return _Told(
        entry_text.title(entry),
        entry_text.year(entry),
        str(entry.get("language") or ""),
        entry_text.added(entry),
        entry_text.tags(entry),
        tuple(str(entry.get("other-ids") or "").split()),
    )


@dataclass(frozen=True)
class JournalPaper:
    """A paper of the library. ``mentions`` are in order of time; ``fingerprint`` changes when the entry
    does.
    """

    key: str
    href: str
    told: _Told
    mentions: tuple[Mention, ...]
    fingerprint: str
    library: Mapping[str, Mapping[str, Any]] = field(repr=False, compare=False)

    @property
    def entry(self) -> Mapping[str, Any]:
        """Its CSL-JSON item, which may be parsed each time that it is asked for."""
        return self.library[self.key]

    @property
    def title(self) -> str:
        """Its title as the site shows it."""
        return self.told.title

    @property
    def year(self) -> str:
        """The year of publication, empty where it isn't known."""
        return self.told.year

    @property
    def added(self) -> str:
        """The day on which it came into the library, as an ISO date; empty where unknown."""
        return self.told.added

    @cached_property
    def status(self) -> str:
        """Its state, the furthest that a note has brought it to (`STATES`)."""
        return min((m.state for m in self.mentions), key=STATES.index, default=LISTED)

    @property
    def lang(self) -> str:
        """The language that the library gives for it, empty where it gives none."""
        return self.told.lang

    @cached_property
    def tags(self) -> list[str]:
        """The tags of the notes on it, then those that the library gives it."""
        own = [tag for mention in self.mentions if mention.about for tag in mention.note.tags]
        return list(dict.fromkeys([*own, *self.told.tags]))

    @cached_property
    def last(self) -> str:
        """The day of the last note that cites it, or that on which it came into the library."""
        return self.mentions[-1].time if self.mentions else self.told.added

    @property
    def last_week(self) -> str:
        """The ISO week of ``last``, which is all that is known of the time of a note."""
        return self.mentions[-1].week if self.mentions else week_of_day(self.last)


class Bibliography:
    """All papers of a site but those that only private notes cite.

    ``papers`` are by citation key, in the order of keys.
    """

    def __init__(self, site: Site) -> None:
        library = site.library()
        fingerprints = entry_fingerprints(site.project, site.library_fingerprint)
        hidden = _hidden(site)
        # What lists tell, taken in one pass: an entry may be parsed each time that it is asked for.
        shown = {key: _told(entry) for key, entry in library.items() if key not in hidden}
        self._library = library
        self._aliases = dict(_aliases(shown))
        self._addresses: Mapping[str, str] | None = None
        mentions: dict[str, list[Mention]] = {key: [] for key in shown}
        for page in sorted(site.pages, key=lambda page: (page.start or page.date, page.href)):
            for note, facts in zip(page.notes, facts_of(site).of(page).notes, strict=True):
                about = self._about(note, shown)
                state = CITED if page.kind != "week" else READING if facts.is_being_read else READ
                cites = [self._aliases.get(key, key) for key in note.cites]
                for key in dict.fromkeys([*cites, *about]):
                    if key in mentions:
                        is_about = key in about
                        mentions[key].append(
                            Mention(page, note, is_about, state if is_about else CITED)
                        )
        names = file_names(shown)
        self.papers: Mapping[str, JournalPaper] = {
            key: JournalPaper(
                key,
                f"{FOLDER}{names[key]}.html",
                shown[key],
                tuple(mentions[key]),
                fingerprints[key],
                library,
            )
            for key in sorted(shown)
        }
        #: What addresses depend on besides a page's own citations.
        self.renamed = sorted((key, name) for key, name in names.items() if key != name)

    def _about(self, note: NoteRecord, shown: Mapping[str, _Told]) -> list[str]:
        """The citation keys of the papers that ``note`` is on: cited at its head, else linked there."""
        if note.kind != "reading":
            return []
        if note.papers:
            return [self._aliases.get(key, key) for key in note.papers]
        if note.links and self._addresses is None:
            self._addresses = {
                name: key for key in shown for name in _leading_to(self._library[key])
            }
        known = self._addresses or {}
        return [known[name] for link in note.links if (name := _address(link)) in known]

    @cached_property
    def newest_first(self) -> list[JournalPaper]:
        """All papers: first the one that was last noted, cited, or added."""
        by_title = sorted(self.papers.values(), key=lambda p: (p.title.casefold(), p.key))
        return sorted(by_title, key=lambda paper: paper.last, reverse=True)

    def find(self, key: str) -> JournalPaper | None:
        """The paper with the citation key ``key``, which may be another key of its entry."""
        return self.papers.get(self._aliases.get(key, key))

    def beside(self, paper: JournalPaper) -> list[tuple[JournalPaper, int]]:
        """The papers that notes cite together with ``paper``, the most often cited first."""
        if not paper.mentions:
            return []
        counts: Counter[str] = Counter()
        for mention in paper.mentions:
            found = {self._aliases.get(key, key) for key in mention.note.cites} - {paper.key}
            counts.update(key for key in found if key in self.papers)
        ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        return [(self.papers[key], number) for key, number in ordered]


@once_a_site
def bibliography_of(site: Site) -> Bibliography:
    """The papers of ``site``, gathered once."""
    return Bibliography(site)


def _aliases(shown: Mapping[str, _Told]) -> Iterator[tuple[str, str]]:
    """Further citation keys of entries (`library.store`: ``other-ids``) with the entry's own."""
    for key, told in shown.items():
        for other in told.other_ids:
            if other not in shown:
                yield other, key


def _leading_to(entry: Mapping[str, Any]) -> Iterator[str]:
    """The results of `_address` for the addresses that lead to the paper."""
    yield from identities(dict(entry))
    if entry.get("URL"):
        yield _address(str(entry["URL"]))


def _address(link: str) -> str:
    """A name for what ``link`` leads to: the same for all addresses of one arXiv paper or DOI."""
    if found := parse_identifier(link):
        return f"{found.kind}:{found.value}"
    return re.sub(r"^https?://(www\.)?|/$", "", link)


def _hidden(site: Site) -> frozenset[str]:
    """The citation keys of papers that only private notes cite."""
    if site.project.shows_private:
        return frozenset()
    from weeknotes.engines import sources

    return private_papers(site.project, sources.find_all(site.project))
