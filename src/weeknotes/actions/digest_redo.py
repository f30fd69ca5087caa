"""``weeknotes digest --redo KEY``: the summary of a paper anew, in the digests that show it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from weeknotes import files
from weeknotes.actions import digest_notebook
from weeknotes.actions.digest import DayReport, DigestReport
from weeknotes.actions.digest_entries import Writer
from weeknotes.digests import notebook, settings
from weeknotes.digests.entry import Digest
from weeknotes.digests.notebook import PaperCell
from weeknotes.errors import UsageError
from weeknotes.journal import notebooks
from weeknotes.journal.project import Project
from weeknotes.journal.week_files import notebook_paths
from weeknotes.library.identifiers import identities, parse_identifier
from weeknotes.library.store import Library


def redo(project: Project, keys: Sequence[str], lang: str | None = None) -> DigestReport:
    """Make the summaries of the papers ``keys`` (ids or citation keys) anew, the model's where one is
    configured, and put them where the old ones are.

    A summary that cannot be had leaves the old one as it is, and the report says so, as it does where
    the author has rewritten the lines. Raises UsageError for a key of which no digest shows a paper.
    """
    own = settings.read(project)
    own = replace(own, lang=lang or own.lang)
    wanted = {key: _identities(project, key) for key in keys}
    writer = Writer(project)
    report = DigestReport()
    with files.locked(project.state / "digest.lock"):
        met: set[str] = set()
        for path in notebook_paths(project):
            file = project.relative(path)
            data = path.read_bytes()
            if b'"digest"' not in data:
                continue
            there = notebooks.parse(data, file)
            shown = [
                (key, found)
                for found in notebook.paper_cells(there)
                for key, ids in wanted.items()
                if ids & {found.paper.id, *found.paper.ids}
            ]
            if shown:
                met |= {key for key, _ in shown}
                day = _made_again(project, path, there, [found for _, found in shown], writer, own)
                report.days.append(day)
    for key in keys:
        if key not in met:
            raise UsageError(
                f"no digest shows '{key}'",
                hint="Name a paper by its arXiv id, its DOI or its citation key.",
            )
    return report


def _identities(project: Project, key: str) -> set[str]:
    """What the paper that ``key`` names may be known by."""
    found = {key, f"id:{key}"}
    entry = Library.load(project.library_path).get(key.lstrip("@"))
    if entry is not None:
        found |= identities(entry)
    if identifier := parse_identifier(key):
        found.add(f"{identifier.kind}:{identifier.value}")
    return found


def _made_again(
    project: Project,
    path: Path,
    there: notebooks.Notebook,
    shown: Sequence[PaperCell],
    writer: Writer,
    own: settings.DigestSettings,
) -> DayReport:
    said = notebook.digest_of(there)
    made, failures = {}, []
    for found in shown:
        writer.summariser.forget(found.paper, own.lang)
        summary = writer.summary(found.paper, own.lang)
        if summary.missing:
            failures.append(f"{found.paper.title}: {summary.missing}")
        else:
            made[found.paper.id] = summary
    day = date.fromisoformat(str(said.get("day") or f"{date.today()}"))
    digest = Digest(day, own.lang, str(said.get("format") or "list"), (), hosts=own.hosts)
    done = bool(made) and digest_notebook.complete(project, path, digest, "", made)
    return DayReport(
        day,
        project.relative(path),
        "completed" if done else "unchanged",
        failures=tuple(failures),
    )
