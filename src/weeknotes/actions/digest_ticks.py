"""This module takes the papers that were ticked in digests: they join the library, and their notes
begin.

A tick is taken once. The digest itself is not changed: it stays as its author left it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from weeknotes import files
from weeknotes.actions.add import begin_notes, join
from weeknotes.digests import notebook
from weeknotes.digests.day_papers import entry_of
from weeknotes.digests.entry_cells import added_lines, is_ticked
from weeknotes.digests.ledger import Ledger
from weeknotes.digests.notebook import PaperCell
from weeknotes.errors import WeeknotesError
from weeknotes.journal import notebooks, week_files
from weeknotes.journal.notebooks import Notebook
from weeknotes.journal.project import Project
from weeknotes.journal.weeks import Week
from weeknotes.privacy.cut import cut_notebook
from weeknotes.privacy.private_files import Whole

_TICKED = re.compile(rb"\[[xX]\]")


@dataclass(frozen=True)
class Ticked:
    """A ticked paper, the notebook that it was ticked in, and what its author wrote under it."""

    found: PaperCell
    file: str
    text: str


@dataclass
class TickReport:
    """The papers that were taken: citation key and title, with the notebook of the week in which their
    notes begin, and the keys that got one. ``left`` says what was not taken, and why."""

    taken: list[tuple[str, str]] = field(default_factory=list)
    week: str = ""
    stubs: tuple[str, ...] = ()
    left: list[str] = field(default_factory=list)

    def to_dict(self) -> dict[str, Any]:
        """The report as plain JSON values."""
        return {
            "taken": [{"key": key, "title": title} for key, title in self.taken],
            "week": self.week,
            "stubs": list(self.stubs),
            "left": self.left,
        }

    def to_text(self) -> str:
        """The report for a person to read."""
        if not self.taken:
            return "Nothing new is ticked in the digests."
        lines = [f"Taken from a digest as @{key}: {title}" for key, title in self.taken]
        if self.stubs:
            lines.append(f"Notes begun in {self.week}: {', '.join(self.stubs)}")
        return "\n".join(lines)


def take_ticked(
    project: Project, *, week: str | None = None, today: date | None = None
) -> TickReport:
    """Take the papers that were ticked in the journal's digests and not taken before.

    Each joins the library, if it is not there, and its note begins in ``week`` (this week if None)
    with what was written under the entry; a note on it that the week has already stays alone. What is
    private is left where it is. Raises NotebookError, LibraryError, DigestError.
    """
    today = today or date.today()
    target = Week.parse(week, today=today) if week else Week.of(today)
    report = TickReport()
    ticked = list(_ticked(project, report))
    if _untaken(Ledger.load(project), ticked):
        with files.locked(project.state / "digest.lock"):
            ledger = Ledger.load(project)
            _take(project, _untaken(ledger, ticked), target, today, ledger, report)
    return report


def _untaken(ledger: Ledger, ticked: Iterable[Ticked]) -> list[Ticked]:
    """The papers of ``ticked`` that no earlier run has taken."""
    return [
        one
        for one in ticked
        if not ((shown := ledger.find(one.found.paper)) is not None and shown.key)
    ]


def _take(
    project: Project,
    new: Sequence[Ticked],
    target: Week,
    today: date,
    ledger: Ledger,
    report: TickReport,
) -> None:
    """Let the papers of ``new`` join the library, begin their notes, and enter that in the ledger."""
    if not new:
        return
    keys: dict[str, str] = {}
    for ticked in new:
        joined = join(project, [entry_of(ticked.found.paper)], today)
        (key,) = joined.keys
        # The same paper may be ticked in two digests of a day.
        keys[key] = "\n\n".join(filter(None, (keys.get(key, ""), ticked.text)))
        title = " ".join(str(joined.library.entries[key].get("title")).split())
        if (key, title) not in report.taken:
            report.taken.append((key, title))
    library = joined.library
    report.week, report.stubs = begin_notes(
        project, target, [library.entries[key] for key in keys], keys
    )
    # Last: a tick that was taken halfway is taken again, and finds paper and note where they are.
    for ticked in new:
        (key,) = join(project, [entry_of(ticked.found.paper)], today).keys
        ledger.show(ticked.found.paper, _day_of(project, ticked, today))
        ledger.tick(ticked.found.paper, today, key)
    ledger.save()


def _ticked(project: Project, report: TickReport) -> Iterator[Ticked]:
    """The ticked papers of all digests, in order."""
    whole = Whole(project)
    for path in week_files.notebook_paths(project):
        file = project.relative(path)
        try:
            there = _digest(path, file)
            cells = notebook.paper_cells(there) if there else []
        except WeeknotesError as error:
            # One that cannot be read keeps no other from being taken.
            report.left.append(str(error))
            continue
        ticked = [found for found in cells if is_ticked(found.cell.source)]
        if there is None or not ticked:
            continue
        if whole.reason(file):
            report.left.append(f"{file}: it is private; its ticks are not taken")
            continue
        public = _public_texts(there)
        for found in ticked:
            if found.cell.index not in public:
                report.left.append(
                    f"{file}, cell {found.cell.index}: it is private; its tick is not taken"
                )
                continue
            yield Ticked(found, file, _written_under(there, found, public))


def _digest(path: Path, file: str) -> Notebook | None:
    """The notebook at ``path`` if it is a digest with a tick in it. Raises NotebookError."""
    data = path.read_bytes()
    if not _TICKED.search(data) or b'"digest"' not in data:
        return None
    there = notebooks.parse(data, file)
    return there if notebook.digest_of(there) else None


def _public_texts(there: Notebook) -> dict[int, str]:
    """The sources of the cells without what is private in them, by their index."""
    cut = cut_notebook({"cells": [cell.json for cell in there.cells]})
    return {
        number: notebooks.joined(cell.get("source")) or ""
        for number, cell in zip(cut.numbers, cut.notebook["cells"], strict=True)
    }


def _written_under(there: Notebook, found: PaperCell, public: dict[int, str]) -> str:
    """The text that the author wrote in a paper's cell, and in cells of one's own below it."""
    texts = [added_lines(public[found.cell.index], found.lines)]
    for cell in there.cells[found.cell.index :]:
        if notebook.is_made(cell):
            break
        texts.append(public.get(cell.index, "").strip("\n"))
    return "\n\n".join(text for text in texts if text.strip())


def _day_of(project: Project, ticked: Ticked, today: date) -> date:
    """The day of the digest that a paper was ticked in."""
    own = notebook.digest_of(notebooks.read(project.root / ticked.file, ticked.file))
    try:
        return date.fromisoformat(str(own.get("day")))
    except ValueError:
        return today
