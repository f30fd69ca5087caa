"""``weeknotes digest --redo KEY``: the texts on a paper anew, in the digests that show it: its summary,
and where the format has them its translation and the report on its category."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import replace
from datetime import date
from pathlib import Path

from weeknotes import files
from weeknotes.actions import digest_completion
from weeknotes.actions.digest_entries import Mended, Ranked, Writer, translated_into
from weeknotes.actions.digest_report import DayReport, DigestReport
from weeknotes.digests import notebook, settings
from weeknotes.digests.entry import Digest, Summary, category_of
from weeknotes.digests.notebook import PaperCell
from weeknotes.errors import UsageError
from weeknotes.journal import notebooks
from weeknotes.journal.project import Project
from weeknotes.journal.week_files import notebook_paths
from weeknotes.library.identifiers import identities, parse_identifier
from weeknotes.library.store import Library


def redo(
    project: Project, keys: Sequence[str], lang: str | None = None, *, dry_run: bool = False
) -> DigestReport:
    """Make the summaries of the papers ``keys`` (ids or citation keys) anew, the model's where one is
    configured, with their translations and the reports on their categories, and put them where the
    old ones are.

    A ``dry_run`` writes and asks nothing: it tells which digests show the papers.

    A text that cannot be had leaves the old one as it is, and the report says so, as it does where
    the author has rewritten the lines. Raises UsageError for a key of which no digest shows a paper.
    """
    own = settings.read(project)
    if lang:
        settings.check_language_tag(lang, "--lang")
    wanted = {key: _identities(project, key) for key in keys}
    writer = Writer(project)
    report = DigestReport()
    with nullcontext() if dry_run else files.locked(project.state / "digest.lock"):
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
                papers = list({found.cell.index: found for _, found in shown}.values())
                report.days.append(
                    _planned(file, there, papers)
                    if dry_run
                    else _made_again(project, path, there, papers, writer, own, lang)
                )
    for key in keys:
        if key not in met:
            raise UsageError(
                f"no digest shows '{key}'",
                hint="Name a paper by its arXiv id, its DOI or its citation key.",
            )
    return report


def _identities(project: Project, key: str) -> set[str]:
    """The identities by which the paper that ``key`` names may be known."""
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
    lang: str | None,
) -> DayReport:
    """Make the texts on the papers ``shown`` of one digest again."""
    form = notebook.form_of(there)
    page = notebook.language_of(there, own.lang)
    wanted = replace(own, lang=lang or page)
    mended: dict[str, Mended] = {}
    failures: list[str] = []
    for found in shown:
        text = _anew(found, wanted, form, writer)
        mended[found.paper.id] = text
        for one in (text.summary, text.translation):
            failures += [f"{found.paper.title}: {one.missing}"] if one and one.missing else []
    reports = _reports_anew(there, shown, wanted, form, writer)
    failures += [f"{name}: {one.missing}" for name, one in reports.items() if one.missing]
    had = {name: one for name, one in reports.items() if not one.missing}
    day = _day_of(there)
    digest = Digest(day, page, form, (), hosts=own.hosts, reports=had)
    done = digest_completion.complete(project, path, digest, None, mended)
    failures += [
        f"{name}: it stays as it is, since you have changed its lines" for name in done.left
    ]
    return DayReport(
        day,
        project.relative(path),
        "completed" if done.changed else "unchanged",
        failures=tuple(failures),
    )


def _planned(file: str, there: notebooks.Notebook, shown: Sequence[PaperCell]) -> DayReport:
    papers = tuple(Ranked(found.paper, found.score) for found in shown)
    return DayReport(_day_of(there), file, "planned", papers, len(papers))


def _day_of(there: notebooks.Notebook) -> date:
    return date.fromisoformat(str(notebook.digest_of(there).get("day") or date.today()))


def _anew(found: PaperCell, own: settings.DigestSettings, form: str, writer: Writer) -> Mended:
    """The summary and the translation of a paper, asked for again."""
    writer.summariser.forget("summary", [found.paper], own.lang)
    if other := translated_into(found.paper, own, form):
        writer.summariser.forget("translation", [found.paper], other)
    return Mended(writer.summary(found.paper, own.lang), writer.translation(found.paper, own, form))


def _reports_anew(
    there: notebooks.Notebook,
    shown: Sequence[PaperCell],
    own: settings.DigestSettings,
    form: str,
    writer: Writer,
) -> dict[str, Summary]:
    """The reports on the categories of the papers ``shown``, asked for again."""
    page = notebook.language_of(there, own.lang)
    papers = [found.paper for found in notebook.paper_cells(there)]
    names = {category_of(found.paper, page) for found in shown} if form == "insights" else set()
    for name in names:
        group = [paper for paper in papers if category_of(paper, page) == name]
        writer.summariser.forget("report", group, own.lang)
    return writer.reports(papers, own, form, names)
