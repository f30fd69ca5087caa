"""An overview of the journal: the week's notebook, open tasks and questions, unread papers, the
findings of a check, and whether the site is up to date.

Each part is looked up by itself: where one cannot be, the others are shown all the same.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any, TypeVar

from weeknotes.actions.open_tasks import Task, open_tasks
from weeknotes.checks.findings import Finding
from weeknotes.checks.runner import check
from weeknotes.errors import WeeknotesError
from weeknotes.journal import week_files
from weeknotes.journal.project import Project
from weeknotes.journal.weeks import Week
from weeknotes.progress import Progress
from weeknotes.site import build
from weeknotes.site.data import entry_text
from weeknotes.site.data.bibliography import bibliography_of
from weeknotes.site.data.ledger import ledger_of
from weeknotes.site.data.site_view import BuiltSite
from weeknotes.site.pages.record_page import waiting

Value = TypeVar("Value")


@dataclass(frozen=True)
class Question:
    """An open question, with the week that first asked it."""

    text: str
    since: str


@dataclass(frozen=True)
class Unread:
    """A paper of the library that no note is on, with the day on which it joined."""

    key: str
    title: str
    added: str


@dataclass
class Overview:
    """``notebook`` is the week's, None where it has none yet, with ``notes`` notes. ``unread`` are the
    papers that wait, the longest waiting first. ``current`` says whether the site in ``site`` is up to
    date, None where no one can tell. ``failed`` are messages about what could not be looked up."""

    title: str
    week: Week
    notebook: str | None
    site: str
    notes: int = 0
    tasks: list[Task] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    current: bool | None = None
    failed: list[str] = field(default_factory=list)

    @property
    def problems(self) -> list[Finding]:
        """The findings that make `weeknotes check` fail."""
        return [finding for finding in self.findings if not finding.minor]

    def to_dict(self) -> dict[str, Any]:
        """The overview as plain JSON values."""
        return {
            "title": self.title,
            "week": str(self.week),
            "notebook": self.notebook,
            "notes": self.notes,
            "tasks": [task.to_dict() for task in self.tasks],
            "questions": [asdict(question) for question in self.questions],
            "unread": [asdict(paper) for paper in self.unread],
            "findings": [finding.as_json() for finding in self.findings],
            "site": {"folder": self.site, "current": self.current},
            "failed": self.failed,
        }


def overview(
    project: Project, *, today: date | None = None, progress: Progress | None = None
) -> Overview:
    """The overview of the week of ``today`` (the local date by default) and of the journal."""
    week = Week.of(today or date.today())
    path = week_files.weeks(project).get(week)
    found = Overview(
        title=project.title,
        week=week,
        notebook=project.relative(path) if path else None,
        site=project.relative(project.output_dir),
    )

    def looked_up(work: Callable[[], Value]) -> Value | None:
        try:
            return work()
        except (WeeknotesError, OSError) as error:
            if str(error) not in found.failed:
                found.failed.append(str(error))
            return None

    tasks = looked_up(lambda: open_tasks(project))
    if tasks is not None:
        found.tasks = tasks.tasks
    site = looked_up(lambda: build.current_site(project, progress=progress))
    if site is not None:
        looked_up(lambda: _from_site(found, site))
    report = looked_up(lambda: check(project, progress=progress))
    found.findings = list(report.findings) if report else []
    return found


def _from_site(found: Overview, site: BuiltSite) -> None:
    page = next((page for page in site.pages if page.source == found.notebook), None)
    found.notes = sum(1 for note in page.notes if note.kind != "tasks") if page else 0
    found.questions = [
        Question(entry.said, entry.first[0])
        for entry in ledger_of(site)
        if entry.kind in ("question", "decision") and not entry.closed
    ]
    found.unread = [
        Unread(paper.key, paper.title, entry_text.added(paper.entry))
        for paper in waiting(bibliography_of(site))
    ]
    found.current = build.is_current(site, site.project.output_dir)
