"""The papers of a day from all sources: each once, without those shown before or owned already."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from weeknotes.digests.ledger import Ledger
from weeknotes.digests.paper import Paper
from weeknotes.digests.sources import Listing
from weeknotes.library.arxiv import name_of
from weeknotes.library.store import Entry, Library, date_added
from weeknotes.library.works import Works

_FILLED = (
    *("abstract", "authors", "url", "date", "categories", "votes", "thumbnail", "video", "pdf"),
    *("code", "project", "comment", "journal_ref", "doi", "version", "source_summary"),
)


@dataclass(frozen=True)
class DayPapers:
    """``fresh`` are the papers that may be shown; ``known`` counts, by their sources, those shown on
    another day or owned; ``updates`` are new versions of papers in the library, with the citation key
    of each."""

    fresh: tuple[Paper, ...] = ()
    known: Mapping[str, int] = field(default_factory=dict)
    updates: tuple[tuple[Paper, str], ...] = field(default=())


def gather(day: date, listings: Sequence[Listing], ledger: Ledger, library: Library) -> DayPapers:
    """The papers that ``listings`` announced on ``day``, joined across sources and compared with
    ``ledger`` and ``library``."""
    works = Works(library.entries.values())
    fresh: list[Paper] = []
    updates: dict[str, tuple[Paper, str]] = {}
    known: Counter[str] = Counter()
    listed: dict[str, str] = {}
    for listing in listings:
        for paper in listing.papers:
            listed.setdefault(paper.id, listing.source)
    for paper in joined(paper for listing in listings for paper in listing.papers):
        shown = ledger.find(paper)
        owned = works.find(entry_of(paper))
        if shown and shown.day != day:
            known[listed[paper.id]] += 1
            if _is_later(paper, shown.version) and owned is not None:
                updates[paper.id] = paper, owned["id"]
        elif owned is not None and _was_there(owned, day):
            known[listed[paper.id]] += 1
        else:
            fresh.append(paper)
    for paper in joined(paper for listing in listings for paper in listing.updates):
        owned = works.find(entry_of(paper))
        if owned is not None:
            updates.setdefault(paper.id, (paper, owned["id"]))
    return DayPapers(tuple(fresh), known, tuple(updates.values()))


def joined(papers: Iterable[Paper]) -> list[Paper]:
    """``papers`` with each once, in order, in its latest version; what one source leaves out another
    fills in."""
    index = Ledger(Path())
    found: dict[str, Paper] = {}
    for paper in papers:
        known = index.find(paper)
        if known is None:
            found[paper.id] = paper
        else:
            one, other = found[known.id], paper
            if _is_later(other, one.version):
                one, other = replace(other, id=known.id), one
            found[known.id] = _filled(one, other)
        index.show(paper, date.min)
    return list(found.values())


def entry_of(paper: Paper) -> Entry:
    """``paper`` as a CSL-JSON item, without ``id``, as ``weeknotes add`` would get it."""
    arxiv = next((i.removeprefix("arxiv:") for i in paper.ids if i.startswith("arxiv:")), "")
    doi = paper.doi or next((i.removeprefix("doi:") for i in paper.ids if i.startswith("doi:")), "")
    entry: Entry = {
        "type": "article" if arxiv or not doi else "article-journal",
        "title": paper.title,
        "author": [name_of(name) for name in paper.authors],
        "DOI": doi or (f"10.48550/arXiv.{arxiv}" if arxiv else ""),
        "URL": f"https://arxiv.org/abs/{arxiv}" if arxiv else paper.url,
        "abstract": paper.abstract,
        "keyword": paper.categories[0] if paper.categories else "",
    }
    if arxiv:
        entry |= {
            "publisher": "arXiv",
            "number": f"arXiv:{arxiv}",
            "archive": "arXiv",
            "archive_location": arxiv,
        }
    elif paper.source in ("biorxiv", "medrxiv"):
        entry |= {"type": "article", "publisher": {"b": "bioRxiv", "m": "medRxiv"}[paper.source[0]]}
    if paper.date:
        entry["issued"] = _date_parts(paper.date)
    return {name: value for name, value in entry.items() if value}


def _date_parts(day: date) -> dict[str, Any]:
    return {"date-parts": [[day.year, day.month, day.day]]}


def _filled(one: Paper, other: Paper) -> Paper:
    """``one`` with what it lacks from ``other``, and the identities and categories of both."""
    lacking: Mapping[str, Any] = {
        name: getattr(other, name)
        for name in _FILLED
        if getattr(one, name) in (None, "", ()) and getattr(other, name) not in (None, "", ())
    }
    return replace(
        one,
        **{
            **lacking,
            "ids": tuple(dict.fromkeys((*one.ids, *other.ids))),
            "categories": tuple(dict.fromkeys((*one.categories, *other.categories))),
        },
    )


def _is_later(paper: Paper, version: int | None) -> bool:
    return (paper.version or 1) > (version or 1)


def _was_there(entry: Entry, day: date) -> bool:
    """Whether the library had an entry before ``day``; one without a date counts as old."""
    return date_added(entry) < day.isoformat()
