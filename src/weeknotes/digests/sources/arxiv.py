"""arXiv's announcements of a day, by category.

Today's come from the feeds (info.arxiv.org/help/rss_specifications), a category at a time. A feed has
at most 2,000 entries with the new ones last, so that a full one may lack them: then, and for days
missed, the list comes from OAI-PMH by datestamp (`oai`), and where that does not answer from the API
by the date of submission (`api`).
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from weeknotes.digests.paper import Paper, paper_of
from weeknotes.digests.sources import arxiv_harvest
from weeknotes.digests.sources.arxiv_days import is_weekend
from weeknotes.digests.sources.feed import ACCEPT, day_of, entries, first, plain, root, texts
from weeknotes.digests.sources.listing import Failure, Listing, an_hour_ago, read_each
from weeknotes.errors import DigestError
from weeknotes.library.web_client import (
    ARXIV_FEEDS,
    LookupFailedError,
    RefusedError,
    Web,
)

NAME = "arxiv"
FEED_LIMIT = 2000
#: Days for which the feeds may still be those of a day: over a weekend with a holiday beside it.
_FEEDS_STAY = 4
_CATEGORY = re.compile(r"[a-z-]+(?:\.[A-Za-z-]{2,})?")
_NEW = ("new", "cross")
_LEAD = re.compile(
    r"^\s*arXiv:(?P<id>\S+?)(?:v(?P<version>\d+))?\s+Announce Type:\s*(?P<type>[\w-]+)\s*"
    r"(?:Abstract:)?\s*",
    re.I,
)
_GUID = re.compile(
    r"(?:oai:arXiv\.org:|arxiv\.org/(?:abs|pdf)/)(?P<id>.+?)(?:v(?P<version>\d+))?$", re.I
)


@dataclass(frozen=True)
class Announcements:
    """The source of ``categories`` such as ``cs.LG`` or ``math``; ``crosses`` says whether papers that
    other categories list first count too."""

    categories: tuple[str, ...]
    crosses: bool = True
    name: str = NAME
    _wrong: set[str] = field(default_factory=set, compare=False, repr=False)

    def __post_init__(self) -> None:
        for category in self.categories:
            if not _CATEGORY.fullmatch(category):
                raise DigestError(
                    f"{category!r} is no category of arXiv",
                    hint="Write it as in: cs.LG, stat.ML, math, quant-ph.",
                )

    def listings(self, days: Sequence[date], web: Web, today: date) -> list[Listing | Failure]:
        """The announcements of each of ``days``: today's from the feeds, others from the archive."""
        found: dict[date, Listing | Failure] = {}
        for day in days:
            if is_weekend(day):
                found[day] = Listing(
                    self.name, day, remark="arXiv announces nothing on Saturdays and Sundays"
                )
            elif (today - day).days <= _FEEDS_STAY:
                listing = self._from_feeds(day, web, today)
                # Where the feeds do not answer, the archive may, for a day that is over.
                if isinstance(listing, Listing) or (listing and day == today):
                    found[day] = listing
        missed = [day for day in days if day not in found]
        if missed:
            found |= self._from_archive(missed, web, today)
        return [found[day] for day in days]

    # Today's announcements

    def _from_feeds(self, day: date, web: Web, today: date) -> Listing | Failure | None:
        """The list of ``day``, or None where the feeds are of another day that is no hope for it."""
        papers: list[Paper] = []
        remarks: list[str] = []
        settled = True
        try:
            for category in self.categories:
                feed = self._feed(category, web, day)
                if isinstance(feed, str):
                    remarks.append(feed)
                    continue
                if feed.day and (feed.day > day or feed.day < day < today):
                    return None
                if feed.day and feed.day < day:
                    remark = f"not announced yet; the feed is of {feed.day}"
                    return Listing(self.name, day, settled=False, remark=remark)
                read, remark = read_each(feed.entries, lambda entry: _announced(entry, day))
                papers += read
                remarks += [remark] if remark else []
                if len(feed.entries) >= FEED_LIMIT:
                    settled = self._complete(category, day, web, today, papers, remarks) and settled
        except (LookupFailedError, DigestError) as error:
            return Failure(self.name, day, error.message)
        if len(self._wrong) == len(self.categories):
            return Failure(self.name, day, "; ".join(remarks))
        if not papers:
            remarks.append("arXiv announced nothing: a holiday of its own")
        return self._listing(day, papers, settled, "; ".join(remarks))

    def _feed(self, category: str, web: Web, day: date) -> _Feed | str:
        """The feed of ``category``, or what arXiv says against it. One that was kept and is not of
        ``day`` yet is asked for again."""
        feed = self._feed_since(an_hour_ago(), category, web)
        if isinstance(feed, _Feed) and feed.day and feed.day < day:
            return self._feed_since(time.time(), category, web)
        return feed

    def _feed_since(self, since: float, category: str, web: Web) -> _Feed | str:
        for form in ("rss", "atom"):
            try:
                data = web.get(
                    ARXIV_FEEDS,
                    f"{form}/{category}",
                    accept=ACCEPT,
                    check=lambda answer: root(answer) is not None,
                    since=since,
                )
            except RefusedError as error:
                if error.status != 400:
                    raise
                self._wrong.add(category)
                return f"{category}: {_complaint(error.body)}"
            if data is not None:
                tree = root(data)
                return _Feed(_day_of_feed(tree), list(entries(tree)))
        self._wrong.add(category)
        return f"{category}: arXiv has no such feed"

    def _complete(
        self,
        category: str,
        day: date,
        web: Web,
        today: date,
        papers: list[Paper],
        remarks: list[str],
    ) -> bool:
        """Add what a full feed may lack, from the archive; whether that could be had."""
        try:
            papers += arxiv_harvest.papers([day], (category,), web, today)[day]
        except (LookupFailedError, DigestError) as error:
            remarks.append(
                f"{category}: its feed is cut at {FEED_LIMIT} entries, and {error.message}"
            )
            return False
        return True

    # Days missed

    def _from_archive(
        self, days: Sequence[date], web: Web, today: date
    ) -> dict[date, Listing | Failure]:
        try:
            harvest = arxiv_harvest.papers(days, self.categories, web, today)
        except (LookupFailedError, DigestError) as error:
            found: dict[date, Listing | Failure] = {}
            for day in days:
                # The feeds may still be those of the day that is asked for.
                listing = self._from_feeds(day, web, today)
                usable = isinstance(listing, Listing) and (listing.papers or listing.updates)
                found[day] = (
                    listing if listing and usable else Failure(self.name, day, error.message)
                )
            return found
        return {
            day: self._listing(
                day,
                harvest[day],
                True,
                "" if harvest[day] else "arXiv announced nothing: a holiday of its own",
            )
            for day in days
        }

    def _listing(self, day: date, papers: Iterable[Paper], settled: bool, remark: str) -> Listing:
        """Each paper once, by the most telling of its announcements."""
        rank = {"new": 0, "cross": 1, "replace": 2, "replace-cross": 3}
        best: dict[str, Paper] = {}
        for paper in papers:
            known = best.get(paper.id)
            if known is None:
                best[paper.id] = paper
                continue
            one, other = sorted((known, paper), key=lambda p: rank.get(p.announce_type or "", 9))
            categories = tuple(dict.fromkeys((*one.categories, *other.categories)))
            best[paper.id] = replace(one, categories=categories)
        wanted = _NEW if self.crosses else _NEW[:1]
        new = tuple(p for p in best.values() if p.announce_type in wanted)
        updates = tuple(p for p in best.values() if (p.announce_type or "").startswith("replace"))
        return Listing(self.name, day, new, updates, settled, remark)


@dataclass(frozen=True)
class _Feed:
    """A feed as read: the day that it is of, and its entries."""

    day: date | None
    entries: list[Any]


def _day_of_feed(tree: Any) -> date | None:
    """The day of a feed: RSS says it of the channel; Atom of each entry, and of its last change."""
    channel = next((element for element in tree if element.tag == "channel"), tree)
    found = day_of(first(channel, "pubDate"))
    if found is None and (entry := next(entries(tree), None)) is not None:
        found = day_of(first(entry, "published"))
    return found or day_of(first(channel, "updated", "lastBuildDate"))


def _announced(entry: Any, day: date) -> Paper:
    """The paper of a feed's entry. What the feed says of it is in elements of arXiv's own, and
    again at the beginning of its description."""
    description = first(entry, "description", "summary")
    lead = _LEAD.match(description)
    name = _GUID.search(first(entry, "guid", "id")) or _GUID.search(first(entry, "link"))
    identifier = name["id"] if name else lead["id"] if lead else ""
    version = (name and name["version"]) or (lead and lead["version"]) or None
    if not identifier:
        raise DigestError(f"an entry has no identifier: {first(entry, 'title')[:60]!r}")
    kind = first(entry, "announce_type") or (lead["type"] if lead else "new")
    categories = [
        child.get("term") or (child.text or "").strip()
        for child in entry
        if isinstance(child.tag, str) and child.tag.rpartition("}")[2] == "category"
    ]
    return paper_of(
        {
            "id": identifier,
            "title": plain(first(entry, "title")),
            "abstract": plain(description[lead.end() :] if lead else description),
            "authors": arxiv_harvest.names_in(", ".join(texts(entry, "creator"))),
            "url": f"https://arxiv.org/abs/{identifier}",
            "date": day.isoformat(),
            "categories": [category for category in categories if category],
            "doi": first(entry, "DOI", "doi"),
            "journal_ref": first(entry, "journal_reference", "journal_ref"),
            "version": int(version) if version else None,
            "announce_type": kind.strip().lower(),
        },
        source=NAME,
        where=f"arXiv:{identifier}",
    )


def _complaint(body: bytes) -> str:
    """The message in the feed of an error."""
    tree = root(body)
    if tree is None:
        return "arXiv does not know it"
    channel = next((element for element in tree if element.tag == "channel"), tree)
    return plain(first(channel, "description", "subtitle", "title")) or "arXiv does not know it"
