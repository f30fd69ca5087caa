"""A paper as a digest shows it: the records that every format is made from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from weeknotes.digests.paper import Paper
from weeknotes.i18n import language


@dataclass(frozen=True)
class Nearest:
    """A note or a paper of one's own that a paper is near to: the citation key and the title, and the
    week of the note with the address of its page from the digest's; empty for a bare entry."""

    key: str
    title: str
    week: str = ""
    href: str = ""


@dataclass(frozen=True)
class Summary:
    """The summary of a paper in a digest: a line, bullets, and questions.

    ``origin`` is ``abstract`` (extracted from it), ``source`` (the source's own), ``model``, or empty
    where there is nothing; ``by`` names the model. ``provenance`` is kept as cell metadata. ``missing``
    says why a model's summary could not be had; the next run asks for it again.
    """

    line: str = ""
    bullets: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()
    origin: str = ""
    by: str = ""
    lang: str = "en"
    provenance: Mapping[str, Any] = field(default_factory=dict)
    missing: str = ""


@dataclass(frozen=True)
class Translation:
    """Title and abstract in another language, ``lang``; ``by`` names the model, and ``provenance`` is
    kept as cell metadata. One that could not be had has no text, and ``missing`` says why."""

    lang: str
    title: str
    abstract: str = ""
    by: str = ""
    provenance: Mapping[str, Any] = field(default_factory=dict)
    missing: str = ""


@dataclass(frozen=True)
class CategoryReport:
    """The report on the papers of ``category``. Where ``summary`` has no text, it is a line a paper."""

    category: str
    summary: Summary = Summary()


@dataclass(frozen=True)
class Entry:
    """A paper that a digest shows: its score, the words that raised it, what of one's own it is near
    to, and its summary. ``lang`` is the notebook's language; ``hosts`` are those that a page may load
    pictures from."""

    paper: Paper
    score: float = 0.0
    raised_by: tuple[str, ...] = ()
    nearest: tuple[Nearest, ...] = ()
    summary: Summary = Summary()
    translation: Translation | None = None
    lang: str = "en"
    hosts: tuple[str, ...] = ()


@dataclass(frozen=True)
class News:
    """A new version of a paper that there is a note on, in the week ``week``."""

    paper: Paper
    key: str
    week: str
    href: str


@dataclass(frozen=True)
class Digest:
    """The content of a digest's notebook of ``day``: entries, the nearest first, and news.
    ``reports`` are those on categories, by name."""

    day: date
    lang: str
    format: str
    entries: tuple[Entry, ...]
    news: tuple[News, ...] = ()
    hosts: tuple[str, ...] = ()
    reports: Mapping[str, Summary] = field(default_factory=dict)

    @property
    def counts(self) -> dict[str, int]:
        """The number of entries in each first category, the largest first."""
        return counts_of([entry.paper for entry in self.entries], self.lang)


def counts_of(papers: Iterable[Paper], lang: str) -> dict[str, int]:
    """The number of ``papers`` in each first category, the largest first."""
    names = [category_of(paper, lang) for paper in papers]
    ranked = sorted(set(names), key=lambda name: (-names.count(name), name))
    return {name: names.count(name) for name in ranked}


def category_of(paper: Paper, lang: str) -> str:
    """The category that a paper is counted in: its first."""
    return paper.categories[0] if paper.categories else language(lang).digest["uncategorised"]
