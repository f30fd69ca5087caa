"""Which papers a digest shows, and what it says of each."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from weeknotes.digests.entry import Entry, Nearest, Summary, Translation, category_of
from weeknotes.digests.notebook import PaperCell
from weeknotes.digests.paper import Paper
from weeknotes.digests.ranking import Profile, Ranked, rank
from weeknotes.digests.ranking.profile import profile_of
from weeknotes.digests.settings import DigestSettings
from weeknotes.digests.summaries import answers
from weeknotes.digests.summaries.summarise import Summariser
from weeknotes.journal.project import Project
from weeknotes.text.main_language import main_language

__all__ = ["Ranked", "Writer", "why_text"]


class Writer:
    """Ranks and describes the papers of one run: what is known of the reader is read once, and the
    budget of the model is that of all its days."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._profile: Profile | None = None
        self._lacking: list[str] = []
        self.summariser = Summariser(project)

    @property
    def remarks(self) -> tuple[str, ...]:
        """The notebooks that could not be read, and took no part in the ranking, and the reports on
        categories that could not be had."""
        unread = self._profile.remarks if self._profile else ()
        return (*unread, *self._lacking)

    def rank(self, papers: Sequence[Paper], day: date) -> list[Ranked]:
        """``papers``, the nearest to what is read and written first, for the digest of ``day``."""
        if not papers:
            return []
        if self._profile is None:
            self._profile = profile_of(self._project)
        folder = f"journal/{day.year:04d}"
        found = rank(papers, self._profile, today=day)
        return [
            replace(one, nearest=tuple(_seen_from(near, folder) for near in one.nearest))
            for one in found
        ]

    def entries(self, ranked: Sequence[Ranked], settings: DigestSettings, form: str) -> list[Entry]:
        """The entries of ``ranked``, with their summaries and translations."""
        return [self._entry(one, settings, form) for one in ranked]

    def reports(
        self, made: Sequence[Entry], settings: DigestSettings, form: str
    ) -> dict[str, Summary]:
        """The report on each category of ``made``, where the format has reports and a model writes
        them."""
        if form != "insights" or not self.summariser.has_model:
            return {}
        groups = _groups([entry.paper for entry in made], settings)
        found = {
            name: self.summariser.report(name, papers, settings.lang)
            for name, papers in groups.items()
        }
        self._lacking += [
            f"the report on {report.missing}" for report in found.values() if report.missing
        ]
        return found

    def summaries_of(
        self, found: Sequence[PaperCell], settings: DigestSettings
    ) -> dict[str, Summary]:
        """The summaries of papers that a digest shows without one, by their ids; those that still
        cannot be had are left out."""
        made = {one.paper.id: self.summary(one.paper, settings.lang) for one in found}
        return {id: summary for id, summary in made.items() if not summary.missing}

    def plan(self, ranked: Sequence[Ranked], settings: DigestSettings, form: str) -> str:
        """What the model would be asked for ``ranked``, and what that costs at most, as a sentence;
        empty without a model."""
        papers = [one.paper for one in ranked]
        groups = _groups(papers, settings).values() if form == "insights" else ()
        wanted = {paper.id: _translated_into(paper, settings, form) for paper in papers}
        others = sorted({lang for lang in wanted.values() if lang})
        plan = self.summariser.plan(papers, settings.lang, others, groups)
        if not plan.questions:
            return ""
        return (
            f"{plan.model} at {plan.host}: {plan.questions - plan.kept} questions, at most "
            f"{plan.tokens} tokens of the {plan.budget} a run may use; {plan.kept} are answered already"
        )

    def _entry(self, one: Ranked, settings: DigestSettings, form: str) -> Entry:
        summary = self.summary(one.paper, settings.lang, one.raised_by)
        translation: Translation | None = None
        if lang := _translated_into(one.paper, settings, form):
            translation = self.summariser.translation(one.paper, lang)
        if translation and translation.missing:
            # The entry stands without it, and the next run asks again.
            summary = replace(summary, missing=summary.missing or translation.missing)
            translation = None
        return Entry(
            one.paper,
            one.score,
            one.raised_by,
            one.nearest,
            summary,
            translation,
            lang=settings.lang,
            hosts=settings.hosts,
        )

    def summary(self, paper: Paper, lang: str, raised_by: Sequence[str] = ()) -> Summary:
        """What a digest says of ``paper``: the model's words, without one the source's, or the
        abstract's."""
        if paper.source_summary and not self.summariser.has_model:
            text = answers.clean(paper.source_summary)
            if text:
                return Summary(line=text, origin="source", lang=main_language(text) or "en")
        return self.summariser.summary(paper, lang, raised_by)


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


def _seen_from(near: Nearest, folder: str) -> Nearest:
    """``near`` with the address of its notebook from ``folder``."""
    return replace(near, href=os.path.relpath(near.href, folder)) if near.href else near


def _translated_into(paper: Paper, settings: DigestSettings, form: str) -> str:
    """The language that the table of ``form`` has beside the paper's own; empty where it has none."""
    if form != "arxiv-table":
        return ""
    own = main_language(f"{paper.title} {paper.abstract}")
    wanted = (*settings.others, settings.lang)
    return next((lang for lang in wanted if lang.partition("-")[0].lower() != own), "")


def _groups(papers: Sequence[Paper], settings: DigestSettings) -> dict[str, list[Paper]]:
    groups: dict[str, list[Paper]] = {}
    for paper in papers:
        groups.setdefault(category_of(paper, settings.lang), []).append(paper)
    return groups
