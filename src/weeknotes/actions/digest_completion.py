"""Completing the notebook of a digest: papers that join, and texts that could not be had before.

Cells are added, generated ones replaced, and in a paper's cell the lines that have changed since they
were made, where the author has left these alone. Every other byte stays as it was.
"""

from __future__ import annotations

import copy
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from weeknotes.actions import refresh
from weeknotes.actions.digest_entries import Mended
from weeknotes.actions.digest_notebook import change, parameters_again
from weeknotes.actions.templates import INJECTED
from weeknotes.digests import notebook
from weeknotes.digests.entry import CategoryReport, Digest, Entry, Summary, category_of
from weeknotes.digests.entry_cells import cell_name, line_marks
from weeknotes.digests.formats import FORMATS, Made, arxiv_table, insights
from weeknotes.digests.line_merge import merged
from weeknotes.digests.notebook import PaperCell
from weeknotes.digests.status import Status, status_of
from weeknotes.journal import cell_edit, notebooks
from weeknotes.journal.notebooks import Cell, CellJson, Notebook
from weeknotes.journal.project import Project


@dataclass(frozen=True)
class Completed:
    """The result: whether anything has ``changed``, and the titles of papers and the names of
    categories that were ``left`` as they are, since their author has rewritten the lines."""

    changed: bool
    left: tuple[str, ...] = ()


@dataclass(frozen=True)
class Lacking:
    """The parts of a digest that lack a text which a model was to write: papers without a summary
    or a translation, and the categories without a report, with the reason."""

    papers: tuple[PaperCell, ...] = ()
    categories: Mapping[str, str] = field(default_factory=dict)

    def reasons(self, left: Collection[str] = ()) -> tuple[str, ...]:
        """The missing texts and why they are missing, one sentence for each reason. Those ``left``
        to the author do not count."""
        found: dict[str, list[str]] = {}
        for paper in self.papers:
            if paper.paper.title in left:
                continue
            for what, text in (("summary", paper.summary), ("translation", paper.translation)):
                if text and text.missing:
                    found.setdefault(f"no {what}: {text.missing}", []).append(paper.paper.title)
        for name, reason in self.categories.items():
            if name not in left:
                found.setdefault(f"no report: {reason}", []).append(name)
        return tuple(f"{reason} ({_few(names)})" for reason, names in found.items())


def lacking(there: Notebook) -> Lacking:
    """The missing texts that the notebook of a digest records."""
    return Lacking(
        tuple(
            found
            for found in notebook.paper_cells(there)
            if found.summary.missing or (found.translation and found.translation.missing)
        ),
        {
            found.report.category: found.report.summary.missing
            for found in notebook.report_cells(there)
            if found.report.summary.missing
        },
    )


def shown_ids(there: Notebook) -> set[str]:
    """The ids of the papers that a digest shows, and of those that its author has removed."""
    status = _status_of(there)
    shown = {found.paper.id for found in notebook.paper_cells(there)}
    return shown | set(status.shown if status else ())


def complete(
    project: Project,
    path: Path,
    digest: Digest,
    status: Status | None = None,
    mended: Mapping[str, Mended] | None = None,
) -> Completed:
    """Bring the notebook at ``path`` up to date: add those entries and news of ``digest`` that it
    lacks, put the texts of ``mended`` (by the papers' ids) and the reports of ``digest`` where others
    are, and let the counts and the status follow. Raises NotebookError, ExecutionError."""
    left: list[str] = []

    def completed(there: Notebook) -> bytes:
        work = _Completion(there, digest, mended or {})
        data = work.data(status)
        left[:] = work.left
        return data

    changed = change(path, project.relative(path), completed)
    if changed:
        # The graph of the categories counts the papers that have joined.
        for result in refresh.refresh(project, [path]):
            if result.error:
                raise result.error
    return Completed(changed, tuple(left))


class _Completion:
    """The changes to one notebook."""

    def __init__(self, there: Notebook, digest: Digest, mended: Mapping[str, Mended]) -> None:
        self.there, self.digest, self.mended = there, digest, mended
        self.form = FORMATS[digest.format]
        self.present = notebook.paper_cells(there)
        self.before = [
            notebook.entry_again(found, digest.lang, digest.hosts) for found in self.present
        ]
        known = {found.paper.id for found in self.present}
        self.joining = [entry for entry in digest.entries if entry.paper.id not in known]
        self.replace: dict[int, CellJson] = {}
        self.insert: dict[int, list[CellJson]] = {}
        self.left: list[str] = []

    def data(self, status: Status | None) -> bytes:
        """The bytes of the notebook with the changes."""
        after = [self._mended(*pair) for pair in zip(self.present, self.before, strict=True)]
        if self.digest.format == "insights":
            self._reports(after)
        self._join()
        self._tell_news()
        self._count()
        self._tell_status(status)
        return cell_edit.change(self.there, replace=self.replace, insert=self.insert)

    def _mended(self, found: PaperCell, entry: Entry) -> Entry:
        """The entry of a paper with the texts that are there now, put into its cell."""
        wanted = self.mended.get(found.paper.id, Mended())
        steps: list[list[dict[str, Any]]] = []
        if (text := wanted.summary) and not text.missing:
            # One who has answered the questions keeps them.
            without = replace(text, questions=entry.summary.questions)
            steps.append([{"summary": text}, {"summary": without}])
        if (other := wanted.translation) and not other.missing:
            steps.append([{"translation": other}])
        for step in steps:
            for texts in step:
                after = replace(entry, **texts)
                if self._put(found, entry, after):
                    entry = after
                    break
            else:
                self.left.append(found.paper.title)
        return entry

    def _put(self, found: PaperCell, before: Entry, after: Entry) -> bool:
        """Change the cell of a paper from ``before`` to ``after``; False where its author has changed
        what would go."""
        old, new = (self.form.entry(entry, found.number) for entry in (before, after))
        text = merged(self._source(found.cell), old, new)
        if text is None:
            return False
        cell = notebook.cell_of(Made(found.cell.id, new, after), found.number)
        self._replace(found.cell, text, _own(cell), new)
        if self.digest.format == "arxiv-table" and (table := self.there.find("digest-table")):
            old, new = (arxiv_table.row(entry, found.number) for entry in (before, after))
            lines = self._source(table).split("\n")
            lines = [new if line.strip() == old else line for line in lines]
            self._replace(table, "\n".join(lines))
        return True

    def _reports(self, after: Sequence[Entry]) -> None:
        """Bring the reports on categories up to date with the entries as they are ``after``, and with
        those that join."""
        lang = self.digest.lang
        for found in notebook.report_cells(self.there):
            name, summary = found.report.category, found.report.summary
            made = self.digest.reports.get(name)
            if made is not None and made.missing:
                # The report that is there is on fewer papers, and stays until there is another.
                made = replace(summary, missing=summary.missing or made.missing)
            now = CategoryReport(name, made or summary)
            old = insights.report_text(found.report, self._of(self.before, name), lang)
            cell = insights.report_cell(
                now, self._of([*after, *self.joining], name), found.number, lang
            )
            text = merged(self._source(found.cell), old, cell.text)
            if text is None:
                self.left.append(name)
            elif text != found.cell.source or now != found.report:
                self._replace(found.cell, text, _own(notebook.cell_of(cell, 0)), cell.text)

    def _of(self, entries: Iterable[Entry], category: str) -> list[Entry]:
        return [one for one in entries if category_of(one.paper, self.digest.lang) == category]

    def _join(self) -> None:
        """Add the cells of the papers that join, and the reports on categories that are new."""
        lang = self.digest.lang
        last = max((found.number for found in self.present), default=0)
        reports = {found.report.category: found.cell for found in notebook.report_cells(self.there)}
        met = set(reports)
        if self.digest.format == "insights":
            self.joining.sort(key=lambda one: _group(one, reports, lang))
        elif self.digest.format == "votes":
            self.joining.sort(key=lambda one: -(one.paper.votes or 0))
        for number, entry in enumerate(self.joining, last + 1):
            category = category_of(entry.paper, lang)
            cells = self.insert.setdefault(self._place(entry, reports.get(category)), [])
            if self.digest.format == "insights" and category not in met:
                met.add(category)
                report = CategoryReport(category, self.digest.reports.get(category, Summary()))
                own = self._of(self.joining, category)
                made = insights.report_cell(report, own, len(met), lang)
                cells.append(notebook.cell_of(made, 0))
            text = self.form.entry(entry, number)
            cells.append(notebook.cell_of(Made(cell_name(entry.paper), text, entry), number))
        if self.digest.format == "arxiv-table":
            self._add_rows(last)

    def _place(self, entry: Entry, report: Cell | None) -> int:
        """The index of the cell that the cell of an entry follows: the last paper, among those of its
        category or with as many votes where the format is ordered by these. ``report`` is that on its
        category, if there is one."""
        before = self.present
        if self.digest.format == "insights" and report is not None:
            category = category_of(entry.paper, self.digest.lang)
            before = [f for f in before if category_of(f.paper, self.digest.lang) == category]
            if not before:
                return _end_of_author(self.there, report.index)
        elif self.digest.format == "votes" and before:
            votes = entry.paper.votes or 0
            before = [found for found in before if (found.paper.votes or 0) >= votes]
            if not before:
                return self.present[0].cell.index - 1
        at = max((found.cell.index for found in before), default=len(self.there.cells))
        return _end_of_author(self.there, at)

    def _add_rows(self, last: int) -> None:
        """Add a row for each entry that joins to the table, if it still is a table."""
        table = self.there.find("digest-table")
        if table is None or not self.joining:
            return
        lines = self._source(table).split("\n")
        rows = [n for n, line in enumerate(lines) if line.lstrip().startswith("|")]
        if rows:
            more = [arxiv_table.row(entry, n) for n, entry in enumerate(self.joining, last + 1)]
            lines[rows[-1] + 1 : rows[-1] + 1] = more
            self._replace(table, "\n".join(lines))

    def _tell_news(self) -> None:
        """Add the news to the cell of the news, or such a cell."""
        if not self.digest.news:
            return
        made = notebook.news_cell(self.digest.news, self.digest.lang)
        there = self.there.find(notebook.NEWS)
        if there is None:
            first = self.present[0].cell.index - 1 if self.present else len(self.there.cells)
            self.insert.setdefault(first, []).insert(0, made)
            return
        lines = [line for line in made["source"].split("\n") if line.startswith("- ")]
        new = [line for line in lines if line not in there.source]
        if new:
            text = "\n\n".join([there.source.rstrip("\n"), "\n".join(new)])
            self._replace(there, text, {}, made["source"])

    def _count(self) -> None:
        """Let the parameters and the front matter follow from the papers that there are."""
        shown = [(found.paper, found.score) for found in self.present]
        shown += [(entry.paper, entry.score) for entry in self.joining]
        values = notebook.paper_parameters(shown, self.digest.lang)
        injected = self.there.tagged(INJECTED)
        old = refresh.literals(injected.source).get("papers") if injected else None
        if isinstance(old, list):
            # In the order that they had.
            now = {row["id"]: row for row in values["papers"]}
            kept = [row for row in old if isinstance(row, dict) and row.get("id") in now]
            known = {row["id"] for row in kept}
            values["papers"] = kept + [row for name, row in now.items() if name not in known]
        self.replace |= parameters_again(self.there, values)

    def _tell_status(self, later: Status | None) -> None:
        """Let the status follow."""
        cell, there = self.there.find(notebook.STATUS), _status_of(self.there)
        if cell is None or not cell.generated or (later is None and there is None):
            return
        now = (there or Status()).followed_by(later) if later else there or Status()
        names = [found.paper.id for found in self.present]
        names += [entry.paper.id for entry in self.joining]
        now = replace(now, shown=tuple(dict.fromkeys((*now.shown, *names))))
        text = now.text(self.digest.lang, len(self.present) + len(self.joining))
        self._replace(cell, text, now.record())

    def _source(self, cell: Cell) -> str:
        """The text of a cell as changed so far."""
        return notebooks.joined(self.replace.get(cell.index, cell.json)["source"]) or ""

    def _replace(
        self, cell: Cell, source: str, own: Mapping[str, Any] | None = None, made: str = ""
    ) -> None:
        """Give a cell the text ``source``, and ``own`` in its metadata; ``made`` is the text that was
        generated, whose lines are marked as such beside those that are."""
        now = copy.deepcopy(dict(self.replace.get(cell.index, cell.json)))
        now["source"] = source
        if own is not None:
            there = now["metadata"].setdefault("weeknotes", {}).setdefault("digest", {})
            marks = f"{there.get('lines') or ''} {line_marks(made)}" if made else ""
            there |= own
            if marks:
                there["lines"] = " ".join(dict.fromkeys(marks.split()))
        self.replace[cell.index] = now


def _few(names: Sequence[str]) -> str:
    more = len(names) - 1
    return f"{names[0]}, and {more} more" if more else names[0]


def _own(cell: CellJson) -> dict[str, Any]:
    """The digest's own metadata in a generated cell."""
    return dict(cell["metadata"]["weeknotes"]["digest"])


def _group(entry: Entry, reports: Collection[str], lang: str) -> tuple[bool, str]:
    """By what entries that join are sorted: those of categories that are there come first."""
    category = category_of(entry.paper, lang)
    return category not in reports, category


def _end_of_author(there: Notebook, at: int) -> int:
    """The last of the author's cells that follow the cell ``at``: what is written under an entry stays
    with it."""
    for cell in there.cells[at:]:
        if notebook.is_made(cell):
            break
        at = cell.index
    return at


def _status_of(there: Notebook) -> Status | None:
    cell = there.find(notebook.STATUS)
    return status_of(notebook.own_metadata(cell)) if cell else None
