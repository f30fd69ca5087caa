"""``weeknotes digest``: a notebook of each day's new papers, ranked by what one reads and writes.

A run can be stopped at any time, and run again: papers are entered in the ledger before their notebook
is written, and a day counts as done after that. What a source could not give is asked for by the next
run.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from weeknotes import files
from weeknotes.actions import digest_days, digest_entries, digest_notebook, digest_week
from weeknotes.actions.digest_entries import Ranked
from weeknotes.actions.digest_notes import Noted, noted_papers
from weeknotes.digests import day_papers, notebook, settings, sources
from weeknotes.digests.entry import Digest, News
from weeknotes.digests.ledger import Ledger
from weeknotes.digests.paper import Paper, read_papers
from weeknotes.digests.settings import DigestSettings
from weeknotes.digests.sources import Candidates, Failure, Listing, Source
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


@dataclass(frozen=True)
class DayReport:
    """The result of a day: its notebook, empty where there is none; ``state`` is made, completed,
    unchanged, planned, empty or failed; ``papers`` are those shown; ``remarks`` and ``failures`` say
    what the sources told, and what they could not give."""

    day: date
    path: str
    state: str
    papers: tuple[Ranked, ...] = ()
    announced: int = 0
    known: int = 0
    remarks: tuple[str, ...] = ()
    failures: tuple[str, ...] = ()


@dataclass
class DigestReport:
    """The result of a run, day by day. ``notes`` are for the person who runs it."""

    days: list[DayReport] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def failed(self) -> bool:
        """Whether something could not be had."""
        return any(day.failures for day in self.days)

    def to_dict(self) -> dict[str, Any]:
        """The report as plain JSON values; ``papers`` are those of all days, by rank."""
        rows = [[_row(one) for one in day.papers] for day in self.days]
        return {
            "papers": [row for own in rows for row in own],
            "days": [
                {
                    "day": day.day.isoformat(),
                    "notebook": day.path,
                    "state": day.state,
                    "announced": day.announced,
                    "known": day.known,
                    "shown": [row["id"] for row in own],
                    "remarks": list(day.remarks),
                    "failures": list(day.failures),
                }
                for day, own in zip(self.days, rows, strict=True)
            ],
        }

    def to_text(self) -> str:
        """The paths of the notebooks; of a dry run, the papers that would be shown."""
        lines: list[str] = []
        for day in self.days:
            if day.state == "planned" and not day.papers:
                continue
            if day.state == "planned":
                lines.append(f"{day.path}: {len(day.papers)} of {day.announced} papers")
                lines += [f"  {one.score:.3f}  {one.paper.title}" for one in day.papers]
            elif day.path:
                lines.append(day.path)
        return "\n".join(lines)

    def messages(self) -> list[str]:
        """The messages beside the paths: empty days, remarks and failures."""
        said = list(self.notes)
        for day in self.days:
            said += [f"{day.day}: {failure}" for failure in day.failures]
            said += [f"{day.day}: {remark}" for remark in day.remarks]
        return said


def _row(one: Ranked) -> dict[str, Any]:
    paper = one.paper
    return {
        "id": paper.given_id or paper.id,
        "title": paper.title,
        "score": round(one.score, 6),
        "why": digest_entries.why_text(one),
        "words": list(one.raised_by),
        "nearest": [
            {"key": near.key, "title": near.title, "week": near.week} for near in one.nearest
        ],
        "canonical": paper.id,
        "url": paper.url,
        "source": paper.source,
    }


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
    with files.locked(project.state / "digest.lock"):
        run.ledger = Ledger.load(project)
        days = digest_days.when(when, since, run.ledger, (s.name for s in run.sources), today)
        if days.week is not None:
            return run.week_of(days.week)
        chosen = list(days.days)
        if asked.candidates and when is None and since is None:
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
        self.asked_format = asked.format
        self.layout = digest_notebook.layout(project, asked.format or own.format)
        self.sources = _sources(asked, own)
        self.web = Web(project, environment=environment, sleep=sleep)
        self.ledger = Ledger(project.root)
        self.library = Library.load(project.library_path)
        self.writer = digest_entries.Writer(project)
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
        report.notes += self._plans(report) if self.dry_run else []
        report.notes += [
            f"_quarto.yml: weeknotes: digest: knows no '{name}'; it has no effect"
            for name in self.settings.unknown
        ]
        report.notes += self.writer.remarks
        return report

    def _plans(self, report: DigestReport) -> list[str]:
        """What the days of a dry run would ask of a model."""
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
        """Where the digest of ``day`` is, or goes: one that is there in another format than the one
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
        ranked = self.writer.rank(gathered.fresh, day)[: self.settings.top]
        report = DayReport(
            day,
            self.project.relative(path),
            "planned",
            tuple(ranked),
            announced,
            gathered.known,
            tuple(f"{one.source}: {one.remark}" for one in listings if one.remark),
            tuple(f"{one.source}: {one.reason}" for one in failures),
        )
        news = self._news(day, gathered.updates)
        if self.dry_run:
            return report
        state = self._write(path, day, report, news, failures, listings)
        for listing in listings:
            self.ledger.answered(day, listing.source, _state(listing))
        for failure in failures:
            self.ledger.answered(day, failure.source, "failed")
        self.ledger.save()
        if not answers:
            report = replace(report, papers=self._as_shown(path))
        return replace(report, state=state, path=report.path if path.exists() else "")

    def _as_shown(self, path: Path) -> tuple[Ranked, ...]:
        """The papers of a digest that there is nothing left to do for."""
        there = self._read(path)
        found = notebook.paper_cells(there) if there else []
        return tuple(Ranked(one.paper, one.score) for one in found)

    def _write(
        self,
        path: Path,
        day: date,
        report: DayReport,
        news: Sequence[News],
        failures: Sequence[Failure],
        listings: Sequence[Listing],
    ) -> str:
        """Make or complete the notebook of ``day``; the state of the day."""
        there = self._read(path)
        known = {found.paper.id for found in notebook.paper_cells(there)} if there else set()
        joining = [one for one in report.papers if one.paper.id not in known]
        lacking = digest_notebook.missing_summaries(there) if there else []
        if not joining and not news and not lacking:
            return "unchanged" if there else "failed" if report.failures else "empty"
        own = self.settings
        form = str(notebook.digest_of(there).get("format")) if there else self.layout.format
        made = self.writer.entries(joining, own, form)
        reports = self.writer.reports(made, own, form)
        digest = Digest(day, own.lang, form, tuple(made), tuple(news), own.hosts, reports)
        for entry in digest.entries:
            self.ledger.show(entry.paper, day)
        for one in digest.news:
            self.ledger.tell(one.paper, day)
        self.ledger.save()
        status = digest_notebook.status_text(
            own.lang,
            report.announced,
            [sources.shown_name(listing.source) for listing in listings if listing.papers],
            len(known) + len(joining),
            report.known,
            [sources.shown_name(failure.source) for failure in failures],
        )
        if there:
            mended = self.writer.summaries_of(lacking, own)
            done = digest_notebook.complete(self.project, path, digest, status, mended)
            return "completed" if done else "unchanged"
        title = language(own.lang).digest["title"].format(day)
        author = self.project.author
        digest_notebook.write_new(path, digest, title, self.layout, status, author)
        return "made"

    def _read(self, path: Path) -> Notebook | None:
        """The notebook at ``path``, None where there is none. Raises NotebookError."""
        return notebooks.read(path, self.project.relative(path)) if path.exists() else None

    def _news(self, day: date, updates: Sequence[tuple[Paper, str]]) -> list[News]:
        """Those of ``updates`` that there is a note on, and that were not told yet."""
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
    if asked.candidates:
        name, text = asked.candidates
        found = tuple(read_papers(text.splitlines(), source="candidates", name=name))
        return [Candidates(found, Path(name).name)]
    if asked.sources:
        return sources.named(asked.sources, own.values)
    return list(sources.configured(own.values).values())


def _state(listing: Listing) -> str:
    if not listing.settled:
        return "open"
    return "done" if listing.papers else "empty"
