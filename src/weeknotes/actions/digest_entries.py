"""This module selects the papers that a digest shows, and writes the entry of each."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
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

__all__ = ["Mended", "Ranked", "Writer", "why_text"]


@dataclass(frozen=True)
class Mended:
    """The texts on a paper that take the place of those that a digest shows; None where they stay."""

    summary: Summary | None = None
    translation: Translation | None = None


class Writer:
    """Ranks and describes the papers of one run: what is known of the reader is read once, and the
    budget of the model is that of all its days."""

    def __init__(self, project: Project, sleep: Callable[[float], None] = time.sleep) -> None:
        self._project = project
        self._profile: Profile | None = None
        self.summariser = Summariser(project, sleep=sleep)

    @property
    def remarks(self) -> tuple[str, ...]:
        """The notebooks that could not be read, and took no part in the ranking."""
        return self._profile.remarks if self._profile else ()

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
        return [
            Entry(
                one.paper,
                one.score,
                one.raised_by,
                one.nearest,
                self.summary(one.paper, settings.lang, one.raised_by),
                self.translation(one.paper, settings, form),
                lang=settings.lang,
                hosts=settings.hosts,
            )
            for one in ranked
        ]

    def reports(
        self,
        papers: Sequence[Paper],
        settings: DigestSettings,
        form: str,
        among: Collection[str] | None = None,
    ) -> dict[str, Summary]:
        """The report on each category of ``papers``, or on those ``among`` them, where the format has
        reports and a model writes them."""
        if form != "insights" or not self.summariser.has_model:
            return {}
        return {
            name: self.summariser.report(own, settings.lang)
            for name, own in _groups(papers, settings).items()
            if among is None or name in among
        }

    def mended(
        self, found: Sequence[PaperCell], settings: DigestSettings, form: str
    ) -> dict[str, Mended]:
        """The texts that the papers ``found`` lack in a digest, asked for again, by the papers'
        ids. A text that still cannot be had has the reason in ``missing``."""
        return {
            one.paper.id: Mended(
                self.summary(one.paper, settings.lang) if one.summary.missing else None,
                self.translation(one.paper, settings, form)
                if one.translation and one.translation.missing
                else None,
            )
            for one in found
        }

    def plan(self, ranked: Sequence[Ranked], settings: DigestSettings, form: str) -> str:
        """The questions that the model would be asked about ``ranked``, and their highest cost, as
        a sentence; empty without a model."""
        papers = [one.paper for one in ranked]
        groups = _groups(papers, settings).values() if form == "insights" else ()
        translations = [
            (paper, lang) for paper in papers if (lang := translated_into(paper, settings, form))
        ]
        plan = self.summariser.plan(papers, settings.lang, translations, groups)
        if not plan.questions:
            return ""
        return (
            f"{plan.model} at {plan.host}: {plan.questions - plan.kept} questions, at most "
            f"{plan.tokens} tokens of the {plan.budget} a run may use; {plan.kept} are answered already"
        )

    def translation(self, paper: Paper, settings: DigestSettings, form: str) -> Translation | None:
        """Title and abstract of ``paper`` in the other language of ``form``; None where it has none, or
        without a model."""
        lang = translated_into(paper, settings, form)
        return self.summariser.translation(paper, lang) if lang else None

    def summary(self, paper: Paper, lang: str, raised_by: Sequence[str] = ()) -> Summary:
        """The summary of ``paper`` in a digest: by the model or, without one, by the source, or
        taken from the abstract."""
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


def translated_into(paper: Paper, settings: DigestSettings, form: str) -> str:
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
