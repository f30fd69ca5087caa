"""``weeknotes digest``: a notebook of each day's new papers, ranked by what one reads and writes.

A run can be stopped at any time, and run again: papers are entered in the ledger before their notebook
is written, and a day counts as done after that. What a source could not give is asked for by the next
run.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

from weeknotes import files
from weeknotes.actions import (
    digest_completion,
    digest_days,
    digest_entries,
    digest_notebook,
    digest_week,
)
from weeknotes.actions.digest_entries import Ranked
from weeknotes.actions.digest_notes import Noted, noted_papers
from weeknotes.actions.digest_report import DayReport, DigestReport
from weeknotes.digests import day_papers, notebook, settings, sources
from weeknotes.digests.entry import Digest, News, category_of
from weeknotes.digests.ledger import Ledger
from weeknotes.digests.paper import Paper, read_papers
from weeknotes.digests.settings import DigestSettings
from weeknotes.digests.sources import Candidates, Failure, Listing, Source
from weeknotes.digests.status import Status
from weeknotes.errors import UsageError, WeeknotesError
from weeknotes.i18n import language
from weeknotes.journal import notebooks
from weeknotes.journal.notebooks import Notebook
from weeknotes.journal.project import Project
from weeknotes.journal.weeks import Week
from weeknotes.library.store import Library
from weeknotes.library.web_client import Web
from weeknotes.progress import Progress


@dataclass(frozen=True)
class Asked:
    """The options of a run, beside the days; see the command's help."""

    sources: tuple[str, ...] = ()
    candidates: tuple[str, str] | None = None
    top: int | None = None
    format: str | None = None
    lang: str | None = None
    dry_run: bool = False


def digest(
    project: Project,
    when: str | None = None,
    *,
    since: str | None = None,
    asked: Asked = Asked(),
    today: date | None = None,
    environment: Mapping[str, str] | None = None,
    sleep: Callable[[float], None] = time.sleep,
    progress: Progress | None = None,
) -> DigestReport:
    """Make or complete the digests of the days that ``when`` or ``since`` names, or of every day since
    the last one. ``asked.candidates`` is a file's name and what it holds, JSON Lines.

    Raises UsageError for a day, a source or a format that is none, DigestError for candidates or a
    ledger that cannot be read, ProjectError, TemplateError, ExecutionError, LibraryError.
    """
    today = today or date.today()
    run = _Run(project, asked, today, environment, sleep)
    lock = nullcontext() if asked.dry_run else files.locked(project.state / "digest.lock")
    with lock:
        run.ledger = Ledger.load(project)
        days = digest_days.when(when, since, run.ledger, (s.name for s in run.sources), today)
        if days.week is not None:
            if asked.sources or asked.candidates:
                raise UsageError(
                    f"the digest of {days.week} is made from its digests of days, not from sources",
                    hint="Name a day for these papers, or the week alone.",
                )
            return run.week_of(days.week)
        chosen = list(days.days)
        if asked.candidates is not None and when is None and since is None:
            chosen = [today]
        elif days.first:
            return run.first_of(chosen, progress)
        return run.all_of(chosen, progress, named=bool(when or since))


class _Run:
    """The state of one run."""

    def __init__(
        self,
        project: Project,
        asked: Asked,
        today: date,
        environment: Mapping[str, str] | None,
        sleep: Callable[[float], None],
    ) -> None:
        self.project = project
        self.today = today
        self.dry_run = asked.dry_run
        own = settings.read(project)
        self.settings: DigestSettings = replace(
            own, top=asked.top or own.top, lang=asked.lang or own.lang
        )
        if self.settings.top < 1:
            raise UsageError("--top must be at least 1")
        settings.check_language_tag(self.settings.lang, "--lang")
        self.asked_format = asked.format
        self.layout = digest_notebook.layout(project, asked.format or own.format)
        self.sources = _sources(asked, own)
        self.web = Web(project, environment=environment, sleep=sleep)
        self.ledger = Ledger(project.root)
        self.library = Library.load(project.library_path)
        self.writer = digest_entries.Writer(project, sleep)
        self._noted: dict[str, Noted] | None = None

    def first_of(self, days: Sequence[date], progress: Progress | None) -> DigestReport:
        """The newest of ``days``, which are newest first, on which anything was announced."""
        report = DigestReport()
        for day in days:
            report = self.all_of([day], None)
            if report.days and report.days[-1].state != "empty":
                break
        return report

    def all_of(
        self, days: Sequence[date], progress: Progress | None, *, named: bool = False
    ) -> DigestReport:
        """Each of ``days``, as far as there is anything left to do."""
        report = DigestReport()
        todo = {day: self._pending(day, named) for day in days}
        listings = self._ask(todo)
        for number, day in enumerate(days, 1):
            report.days.append(self._day(day, listings[day]))
            if progress:
                progress(number, len(days), "days")
        if self.dry_run:
            report.notes += self._plans(report)
        elif not named:
            report.days += self._complete_earlier(days)
        report.notes += [
            f"_quarto.yml: weeknotes: digest: knows no '{name}'; it has no effect"
            for name in self.settings.unknown
        ]
        report.notes += self.writer.remarks
        return report

    def _plans(self, report: DigestReport) -> list[str]:
        """The questions that the days of a dry run would ask of a model, as sentences."""
        ranked = [one for day in report.days for one in day.papers]
        plan = self.writer.plan(ranked, self.settings, self.layout.format)
        return [plan] if plan else []

    def week_of(self, week: Week) -> DigestReport:
        """The digest of a week's digests."""
        own = self.settings
        path, state, shown = digest_week.make(
            self.project, week, lang=own.lang, top=own.top, dry_run=self.dry_run
        )
        papers = tuple(Ranked(one.found.paper, one.found.score) for one in shown)
        name = self.project.relative(path)
        return DigestReport([DayReport(week.end, name, state, papers, len(papers))])

    def _pending(self, day: date, named: bool) -> list[Source]:
        """The sources that have not answered for ``day`` in full; all of them where a day that is asked
        for by its name has no notebook any more."""
        if self.dry_run or (named and not self._path(day).exists()):
            return list(self.sources)
        return [
            source
            for source in self.sources
            if isinstance(source, Candidates)
            or self.ledger.state(day, source.name) not in ("done", "empty")
        ]

    def _ask(self, todo: Mapping[date, Sequence[Source]]) -> dict[date, list[Listing | Failure]]:
        answers: dict[date, list[Listing | Failure]] = {day: [] for day in todo}
        for source in self.sources:
            days = [day for day, pending in todo.items() if source in pending]
            if not days:
                continue
            for answer in source.listings(days, self.web, self.today):
                answers[answer.day].append(answer)
        return answers

    def _path(self, day: date) -> Path:
        """The path of the digest of ``day``. A digest that exists in another format than the one
        asked for stays as it is, beside the new one."""
        folder = self.project.journal / f"{day.year:04d}"
        path = folder / f"{day}-digest.ipynb"
        if self.asked_format and path.exists():
            try:
                there = notebook.digest_of(notebooks.read(path, self.project.relative(path)))
            except WeeknotesError:
                return path
            if there.get("format") not in (None, self.layout.format):
                return folder / f"{day}-digest-{self.asked_format}.ipynb"
        return path

    def _day(self, day: date, answers: Sequence[Listing | Failure]) -> DayReport:
        listings = [answer for answer in answers if isinstance(answer, Listing)]
        failures = [answer for answer in answers if isinstance(answer, Failure)]
        path = self._path(day)
        gathered = day_papers.gather(day, listings, self.ledger, self.library)
        announced = sum(len(listing.papers) for listing in listings)
        # What the services answered is kept in a dry run too, so that they are not asked twice.
        with files.keeping_nothing() if self.dry_run else nullcontext():
            ranked = self.writer.rank(gathered.fresh, day)[: self.settings.top]
        report = DayReport(
            day,
            self.project.relative(path),
            "planned",
            tuple(ranked),
            announced,
            sum(gathered.known.values()),
            tuple(f"{one.source}: {one.remark}" for one in listings if one.remark),
            tuple(f"{one.source}: {one.reason}" for one in failures),
        )
        if self.dry_run:
            return report
        own, news = self.settings, tuple(self._news(day, gathered.updates))
        digest = Digest(day, own.lang, self.layout.format, (), news, own.hosts)
        status = Status(
            {listing.source: len(listing.papers) for listing in listings},
            gathered.known,
            self._not_reached(day, listings, failures),
        )
        state, missing = self._write(path, ranked, digest, status)
        for listing in listings:
            self.ledger.answered(day, listing.source, _state(listing))
        for failure in failures:
            self.ledger.answered(day, failure.source, "failed")
        self.ledger.save()
        if not answers:
            report = replace(report, papers=self._as_shown(path))
        return replace(
            report,
            state=state,
            path=report.path if path.exists() else "",
            failures=(*report.failures, *missing),
        )

    def _not_reached(
        self, day: date, listings: Sequence[Listing], failures: Sequence[Failure]
    ) -> tuple[str, ...]:
        """The sources that have not answered for ``day`` yet."""
        before = self.ledger.sources_failed(day)
        failed = dict.fromkeys((*before, *(failure.source for failure in failures)))
        answered = {listing.source for listing in listings}
        return tuple(name for name in failed if name not in answered)

    def _as_shown(self, path: Path) -> tuple[Ranked, ...]:
        """The papers of a digest that there is nothing left to do for."""
        there = self._read(path)
        found = notebook.paper_cells(there) if there else []
        return tuple(Ranked(one.paper, one.score) for one in found)

    def _write(
        self, path: Path, ranked: Sequence[Ranked], digest: Digest, status: Status
    ) -> tuple[str, tuple[str, ...]]:
        """Make the notebook of ``digest`` with the papers ``ranked``, or complete it; the state of the
        day, and what could not be had for it."""
        there = self._read(path)
        if there is not None:
            return self._complete(path, there, ranked, digest, status)
        if not ranked and not digest.news:
            return "failed" if status.lacking else "empty", ()
        own = self.settings
        made = self.writer.entries(ranked, own, digest.format)
        reports = self.writer.reports([one.paper for one in ranked], own, digest.format)
        digest = replace(digest, entries=tuple(made), reports=reports)
        self._enter(digest)
        title = language(own.lang).digest["title"].format(digest.day)
        author = self.project.author
        digest_notebook.write_new(path, digest, title, self.layout, status, author)
        return "made", self._failures_of(path, digest.day)

    def _complete(
        self,
        path: Path,
        there: Notebook,
        ranked: Sequence[Ranked],
        digest: Digest,
        status: Status | None,
    ) -> tuple[str, tuple[str, ...]]:
        """Add to a notebook those of ``ranked`` and what it lacks, in its own form and language."""
        form, lang = notebook.form_of(there), notebook.language_of(there, digest.lang)
        own = replace(self.settings, lang=lang)
        known = digest_completion.shown_ids(there)
        joining = [one for one in ranked if one.paper.id not in known]
        lacking = digest_completion.lacking(there)
        made = self.writer.entries(joining, own, form)
        names = {category_of(one.paper, lang) for one in joining} | {*lacking.categories}
        papers = [found.paper for found in notebook.paper_cells(there)]
        papers += [one.paper for one in joining]
        reports = self.writer.reports(papers, own, form, names)
        digest = replace(digest, lang=lang, format=form, entries=tuple(made), reports=reports)
        self._enter(digest)
        mended = self.writer.mended(lacking.papers, own, form)
        done = digest_completion.complete(self.project, path, digest, status, mended)
        failures = self._failures_of(path, digest.day, set(done.left))
        return "completed" if done.changed else "unchanged", failures

    def _enter(self, digest: Digest) -> None:
        """Enter the papers of ``digest`` in the ledger, before they are in its notebook."""
        for entry in digest.entries:
            self.ledger.show(entry.paper, digest.day)
        for one in digest.news:
            self.ledger.tell(one.paper, digest.day)
        self.ledger.save()

    def _failures_of(self, path: Path, day: date, left: Collection[str] = ()) -> tuple[str, ...]:
        """The parts that the notebook of ``day`` lacks, in words, except those that its author has
        replaced (``left``). They are entered in the ledger, so that the next run asks for them
        again."""
        there = self._read(path)
        missing = digest_completion.lacking(there).reasons(left) if there else ()
        self.ledger.completed(day, path.name, not missing)
        return missing

    def _complete_earlier(self, days: Collection[date]) -> list[DayReport]:
        """Ask again for what the digests of other days than ``days`` lack."""
        found = []
        for day, name in self.ledger.incomplete(self.today - timedelta(days=digest_days.PATIENCE)):
            path = self.project.journal / f"{day.year:04d}" / name
            there = self._read(path) if day not in days else None
            if there is not None:
                digest = Digest(day, self.settings.lang, "", (), hosts=self.settings.hosts)
                state, failures = self._complete(path, there, (), digest, None)
                file = self.project.relative(path)
                found.append(DayReport(day, file, state, failures=failures))
            elif not path.exists():
                self.ledger.completed(day, name, True)
        self.ledger.save()
        return found

    def _read(self, path: Path) -> Notebook | None:
        """The notebook at ``path``, None where there is none. Raises NotebookError."""
        return notebooks.read(path, self.project.relative(path)) if path.exists() else None

    def _news(self, day: date, updates: Sequence[tuple[Paper, str]]) -> list[News]:
        """The ``updates`` of papers that have a note, without those that were reported before."""
        if not updates:
            return []
        if self._noted is None:
            self._noted = noted_papers(self.project, self.library)
        found = []
        for paper, key in updates:
            note = self._noted.get(key)
            if note and not self.ledger.told(paper):
                found.append(News(paper, key, str(note.week), note.href_from(day)))
        return found


def _sources(asked: Asked, own: DigestSettings) -> list[Source]:
    if asked.candidates is not None:
        name, text = asked.candidates
        found = tuple(read_papers(text.split("\n"), source="candidates", name=name))
        return [Candidates(found, Path(name).name)]
    if asked.sources:
        return sources.named(asked.sources, own.values)
    return list(sources.configured(own.values).values())


def _state(listing: Listing) -> str:
    if not listing.settled:
        return "open"
    return "done" if listing.papers else "empty"
