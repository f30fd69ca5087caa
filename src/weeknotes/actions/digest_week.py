"""The digest of a week's digests: what they showed, day by day, and the nearest papers of all.

It is made from the notebooks alone, without a network. What it says is generated, and made anew by the
next run; what its author writes in it stays.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from weeknotes.actions import digest_notebook, refresh
from weeknotes.actions.digest_notebook import Layout
from weeknotes.digests import entry_parts as parts
from weeknotes.digests import notebook
from weeknotes.digests.entry import Entry
from weeknotes.digests.entry_cells import is_ticked
from weeknotes.digests.notebook import PaperCell
from weeknotes.errors import UsageError
from weeknotes.i18n import language
from weeknotes.journal import cell_edit, notebooks, week_files
from weeknotes.journal.notebooks import CellJson, Notebook
from weeknotes.journal.project import Project
from weeknotes.journal.weeks import Week
from weeknotes.privacy.cut import cut_notebook
from weeknotes.privacy.private_files import Whole

DAYS, PAPERS = "digest-days", "digest-papers"
FORM = "week"


@dataclass(frozen=True)
class Shown:
    """A paper that a digest of the week showed: its cell, the day, whether it was ticked, and the
    digest's file."""

    found: PaperCell
    day: date
    ticked: bool
    file: str


def make(
    project: Project, week: Week, *, lang: str, top: int, dry_run: bool = False
) -> tuple[Path, str, list[Shown]]:
    """Make the digest of ``week``, or bring it up to date: its path, what became of it, and the papers
    that it names, the nearest first and those ticked before all others.

    Raises UsageError for a week without digests, NotebookError, TemplateError, ExecutionError.
    """
    shown = _shown(project, week)
    path = project.journal / f"{week.year:04d}" / f"{week}-digest.ipynb"
    if not shown:
        raise UsageError(
            f"there is no digest of a day in {week}",
            hint=f"Make them with: weeknotes digest --since {week.start}",
        )
    ranked = sorted(shown, key=lambda one: (not one.ticked, -one.found.score, one.day))[:top]
    if dry_run:
        return path, "planned", ranked
    folder = os.path.dirname(project.relative(path))  # noqa: PTH120
    cells = [
        _cell(DAYS, _by_day(week, shown, lang, folder)),
        _cell(PAPERS, _nearest(ranked, lang, folder)),
    ]
    values = _parameters(week, shown, lang)
    if path.exists():
        changed = digest_notebook.change(
            path, project.relative(path), lambda there: _updated(there, cells, values)
        )
        if changed:
            for result in refresh.refresh(project, [path]):
                if result.error:
                    raise result.error
        return path, "completed" if changed else "unchanged", ranked
    shape = _layout(project)
    own = {"digest": {"week": str(week), "format": FORM}}
    digest_notebook.write(path, shape.template, values, cells, own)
    return path, "made", ranked


def _layout(project: Project) -> Layout:
    own = (project.templates / "digest-week.ipynb").is_file()
    return digest_notebook.layout(project, "digest-week" if own else "list")


def _shown(project: Project, week: Week) -> list[Shown]:
    """The papers of the week's public digests, in order."""
    found: list[Shown] = []
    whole = Whole(project)
    for path in week_files.notebook_paths(project):
        file = project.relative(path)
        data = path.read_bytes()
        if b'"digest"' not in data:
            continue
        there = notebooks.parse(data, file)
        day = _day(there)
        if day is None or day not in week or whole.reason(file):
            continue
        public = set(cut_notebook({"cells": [cell.json for cell in there.cells]}).numbers)
        found += [
            Shown(one, day, is_ticked(one.cell.source), file)
            for one in notebook.paper_cells(there)
            if one.cell.index in public
        ]
    return sorted(found, key=lambda one: one.day)


def _day(there: Notebook) -> date | None:
    try:
        return date.fromisoformat(str(notebook.digest_of(there).get("day")))
    except ValueError:
        return None


def _by_day(week: Week, shown: Sequence[Shown], lang: str, folder: str) -> str:
    """A table with a line a digest."""
    w = language(lang).digest
    rows = [
        f"| {w['day']} | {w['shown']} | {w['ticked']} |",
        "| --- | ---: | ---: |",
    ]
    for file in dict.fromkeys(one.file for one in shown):
        own = [one for one in shown if one.file == file]
        ticked = sum(one.ticked for one in own)
        link = os.path.relpath(file, folder)
        rows.append(f"| [{own[0].day}]({link}) | {len(own)} | {ticked or '–'} |")
    return parts.blocks(f"## {w['by_day']}", "\n".join(rows))


def _nearest(ranked: Sequence[Shown], lang: str, folder: str) -> str:
    """The papers, a numbered line each with what the digest said of it."""
    w = language(lang).digest
    items = []
    for number, one in enumerate(ranked, 1):
        paper = one.found.paper
        entry = Entry(paper, summary=one.found.summary, lang=lang)
        day = f"[{one.day}]({os.path.relpath(one.file, folder)})"
        mark = f"**{w['ticked']}**" if one.ticked else ""
        facts = " · ".join(filter(None, (mark, parts.authors(paper, lang), day)))
        body = parts.blocks(facts, parts.line(entry))
        items.append(
            parts.blocks(f"{number}. {parts.title_link(paper)}", parts.indented(body, "    "))
        )
    return parts.blocks(f"## {w['of_week']}", *items)


def _cell(name: str, text: str) -> CellJson:
    return cell_edit.new_cell("markdown", text, id=name, tags=("generated",))


def _parameters(week: Week, shown: Sequence[Shown], lang: str) -> dict[str, Any]:
    parameters = notebook.paper_parameters(
        [(one.found.paper, one.found.score) for one in shown], lang
    )
    return {
        "day": week.end.isoformat(),
        "title": language(lang).digest["week_title"].format(week.number, week.year),
        "lang": lang,
        "format": FORM,
        **parameters,
    }


def _updated(there: Notebook, cells: Sequence[CellJson], values: dict[str, Any]) -> bytes:
    replace: dict[int, CellJson] = {}
    for cell in cells:
        old = there.find(cell["id"])
        if old is not None and old.generated:
            replace[old.index] = {**old.json, "source": cell["source"]}
    replace |= digest_notebook.parameters_again(there, values)
    return cell_edit.change(there, replace=replace)
