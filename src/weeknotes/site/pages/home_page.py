"""The home page: what its reader should know first (`front`), the latest week and its notes, the weeks
before, where things are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from lxml.html import HtmlElement

from weeknotes.engines.titles import plain_words
from weeknotes.i18n import language, languages
from weeknotes.journal.records import Note
from weeknotes.site.data import for_reader
from weeknotes.site.data.bibliography import bibliography_of
from weeknotes.site.data.ledger import ledger_of
from weeknotes.site.data.page_records import PageRecord, Site, weeks_of
from weeknotes.site.data.topics import ranked, topics_of
from weeknotes.site.html import folds, markup
from weeknotes.site.pages import front, ledger_page, weeks_page
from weeknotes.site.pages.citation_links import tag_hrefs
from weeknotes.site.pages.page import Page
from weeknotes.site.pages.page_body import finish, permanent_label
from weeknotes.site.pages.shell import Shell

HREF = "index.html"
_EARLIER_WEEKS = 11
_TAGS = 30
_DIGESTS = 6
_EXCERPT_LENGTH = 240
_SHORTEST_EXCERPT = 40
_FACTS = ("authors", "votes", "why")


@dataclass(frozen=True)
class Overview:
    """The numbers and tags of the whole journal on the home page, as the pages that they lead to count
    them: ``papers`` are all that the list of papers has, ``tags`` the most frequent topics."""

    weeks: int
    notes: int
    papers: int
    years: tuple[tuple[str, int, str], ...]
    tags: tuple[tuple[str, int], ...]

    @classmethod
    def of(
        cls, site: Site, weeks: Sequence[PageRecord], pages: Sequence[weeks_page.WeeksPart]
    ) -> Overview:
        """Counted over ``weeks``, papers over the whole ``site``; ``years`` are (year, number of weeks,
        where the year begins)."""
        notes = [note for week in weeks for note in week.notes if note.kind != "tasks"]
        return cls(
            weeks=len(weeks),
            notes=len(notes),
            papers=len(bibliography_of(site).papers),
            years=_years(pages),
            tags=tuple(ranked(topics_of(site).totals)[:_TAGS]),
        )


def _years(pages: Sequence[weeks_page.WeeksPart]) -> tuple[tuple[str, int, str], ...]:
    counts: Counter[str] = Counter()
    address: dict[str, str] = {}
    for page in pages:
        anchors = weeks_page.week_anchors(page.weeks)
        for week in page.weeks:
            year = week.week[:4] or week.start[:4]
            counts[year] += 1
            address.setdefault(year, f"{page.href}#{anchors[week.href]}")
    return tuple((year, counts[year], address[year]) for year in address)


def pages(shell: Shell, site: Site) -> Iterator[HomePage]:
    """The home page."""
    yield HomePage(shell, site, HREF)


class HomePage(Page):
    """The home page. A journal's own index page is on top of it."""

    template = "home.html"
    section = "home"

    def __init__(self, shell: Shell, site: Site, href: str) -> None:
        super().__init__(shell, site, href)
        self.weeks = weeks_of(site)
        self.overview = Overview.of(site, self.weeks, weeks_page.divide(self.weeks))

    def made_from(self) -> Sequence[Any]:
        site, weeks, overview = self.site, self.weeks, self.overview
        others = [
            (p.label, p.fingerprint if p.href == HREF else "")
            for p in site.pages
            if p.kind != "week"
        ]
        return [
            [(week.href, week.fingerprint) for week in weeks[:1]],
            [(w.label, w.tags, _count(w)) for w in weeks[1 : _EARLIER_WEEKS + 1]],
            others,
            [(tag, topics_of(site).hrefs.get(tag)) for tag, _ in overview.tags],
            [tag_hrefs(site, week) for week in weeks[:1]],
            [week.start for week in weeks[-1:]],
            sorted(ledger_page.totals_of(ledger_of(site)).items()),
            front.inputs(site, weeks[0] if weeks else None),
            [overview.weeks, overview.notes, overview.papers, overview.years, overview.tags],
        ]

    def values(self) -> Mapping[str, Any]:
        shell, site, weeks = self.shell, self.site, self.weeks
        own = next((page for page in site.pages if page.href == HREF), None)
        latest = weeks[0] if weeks else None
        notes = site.notes(latest.href) if latest else ()
        to_reader = for_reader.anchors(site, latest) if latest else frozenset()
        earlier = weeks[1 : _EARLIER_WEEKS + 1]
        return {
            "lang": own.lang if own else shell.strings.lang,
            "heading": own.title if own else shell.title,
            "description": shell.description or _description(shell, weeks, self.overview),
            "own": _own_body(shell, site, own) if own else "",
            "latest": latest,
            "entries": [
                {"note": note, "excerpt": excerpt(note)}
                for note in notes
                if note.kind != "tasks" and note.anchor not in to_reader
            ],
            "earlier": [{"record": week, "notes": _count(week)} for week in earlier],
            "more": len(weeks) > _EARLIER_WEEKS + 1,
            "digests": [page for page in site.pages if page.kind == "digest"][:_DIGESTS],
            "others": [page for page in site.pages if page.kind == "page" and page.href != HREF],
            "overview": self.overview,
            "open_line": ledger_page.open_line(shell, ledger_page.totals_of(ledger_of(site))),
            "front": front.of(shell, site, latest),
            "topic_hrefs": topics_of(site).hrefs,
        }


def _description(shell: Shell, weeks: Sequence[PageRecord], overview: Overview) -> str:
    """One line on the contents of the journal, for a search engine or a preview."""
    if not weeks:
        return shell.strings("no_weeks")
    return " · ".join(
        [
            shell.strings.count("weeks_count", overview.weeks),
            shell.strings.count("notes", overview.notes),
            shell.strings.span(weeks[-1].start, weeks[0].end),
        ]
    )


def excerpt(note: Note, length: int = _EXCERPT_LENGTH) -> str:
    """The beginning of ``note``, about ``length`` characters: the first of its paragraphs or list
    items that says something, as HTML without links, citations and tags."""
    tree = markup.parse(note.html)
    for element in tree.iter("p", "li"):
        if next(element.iterancestors("blockquote", "figure", "table"), None) is not None:
            continue
        said = _readable(element)
        if _is_facts(element, said):
            continue
        if len(said) >= _SHORTEST_EXCERPT or _wide(said):
            _simplify(element)
            markup.truncate(element, length)
            return markup.serialise(element).strip()
    return ""


def _is_facts(element: HtmlElement, text: str) -> bool:
    """Whether ``element`` has what a digest says of a paper before it is read: its authors, its votes,
    why it is there, its PDF."""
    if any(link.text_content().strip() == "PDF" for link in element.iter("a")):
        return True
    label, mark, _ = text.replace("：", ":").partition(":")
    return bool(mark) and label.strip().casefold() in _fact_labels()


@lru_cache(maxsize=1)
def _fact_labels() -> frozenset[str]:
    labels = (language(tag).digest[name] for tag in languages() for name in _FACTS)
    return frozenset(label.casefold() for label in labels)


def _readable(element: HtmlElement) -> str:
    """The text of ``element`` without citations, tags and what is inside it as a list."""
    copy = deepcopy(element)
    _simplify(copy)
    return plain_words(copy)


def _simplify(element: HtmlElement) -> None:
    for inner in list(element.iter("ul", "ol", "annotation", "img", "svg", "input", "sup", "span")):
        classes = set(inner.get("class", "").split())
        if inner.getparent() is not None and (inner.tag != "span" or classes & {"citation", "tag"}):
            inner.drop_tree()
    for inner in list(element.iter("a", "p", "span", "label")):
        if inner is not element:
            inner.drop_tag()
    for inner in element.iter():
        if "id" in inner.attrib:
            del inner.attrib["id"]


def _wide(text: str) -> bool:
    """Whether a short ``text`` says much because its characters are Chinese or Korean."""
    return sum(1 for character in text if character > "\u2fff") * 3 >= _SHORTEST_EXCERPT


def _count(week: PageRecord) -> int:
    return sum(1 for note in week.notes if note.kind != "tasks")


def _own_body(shell: Shell, site: Site, own: PageRecord) -> str:
    tree = markup.parse(site.body(own.href))
    finish(tree, shell, site, own)
    folds.add_permanent_links(tree, lambda anchor: f"#{anchor}", permanent_label(shell))
    return markup.serialise(tree)
