"""Which papers a digest shows, and what it says of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from weeknotes.digests.entry import Entry, Nearest, Summary
from weeknotes.digests.notebook import PaperCell
from weeknotes.digests.paper import Paper
from weeknotes.digests.settings import DigestSettings
from weeknotes.journal.project import Project


@dataclass(frozen=True)
class Ranked:
    """A paper with its score, the words that raised it, and what of one's own it is near to."""

    paper: Paper
    score: float
    raised_by: tuple[str, ...] = ()
    nearest: tuple[Nearest, ...] = ()


def rank(project: Project, papers: Sequence[Paper], day: date, lang: str) -> list[Ranked]:
    """``papers``, the nearest to what is read and written first."""
    return [Ranked(paper, float(paper.votes or 0)) for paper in papers]


def entries(
    project: Project, ranked: Sequence[Ranked], settings: DigestSettings, form: str
) -> list[Entry]:
    """The entries of ``ranked``, with their summaries."""
    return [
        Entry(
            one.paper,
            one.score,
            one.raised_by,
            one.nearest,
            Summary(one.paper.abstract.split(". ")[0], origin="abstract")
            if one.paper.abstract
            else Summary(),
            lang=settings.lang,
            hosts=settings.hosts,
        )
        for one in ranked
    ]


def why_text(one: Ranked) -> str:
    """Why a paper is there, as one line of plain text."""
    parts = [", ".join(one.raised_by)] if one.raised_by else []
    weeks = list(dict.fromkeys(near.week for near in one.nearest if near.week))
    if weeks:
        parts.append(f"you wrote on this in {', '.join(weeks)}")
    bare = [near.title for near in one.nearest if near.title and not near.week]
    if bare:
        parts.append("near " + ", ".join(f"“{title}”" for title in bare))
    return "; ".join(parts)


def summaries_of(
    project: Project, found: Sequence[PaperCell], settings: DigestSettings, form: str
) -> dict[str, Summary]:
    """The summaries of papers that a digest shows without one, by their ids; those that still cannot be
    had are left out."""
    return {}
