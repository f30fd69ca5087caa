"""New weeks: a template run through papermill into the journal."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from weeknotes import files
from weeknotes.actions import carried_tasks, templates, week_layout
from weeknotes.engines.page_settings import date_in
from weeknotes.errors import ExecutionError, NotebookError, UsageError, WeeknotesError
from weeknotes.i18n import week_title
from weeknotes.journal import cell_edit, notebooks, week_files
from weeknotes.journal.project import Project
from weeknotes.journal.weeks import Week
from weeknotes.library.store import Library, people_of
from weeknotes.privacy.includes import FileIncludes
from weeknotes.privacy.private_files import Whole
from weeknotes.privacy.readings import agreed

DEFAULT_TEMPLATE = "weekly"

_MARKUP = re.compile(r"</?(?:i|b|em|strong|sub|sup|sc|span)\b[^<>]*>")
_NAMES_KEPT = 4


@dataclass(frozen=True)
class Created:
    """The notebook of a week; ``existed`` says that it was there before and is as it was."""

    path: Path
    existed: bool


def new_week(
    project: Project, week: Week, *, template: str = DEFAULT_TEMPLATE, execute: bool = True
) -> Created:
    """Make the notebook of ``week``, unless the journal has one, wherever under ``journal/``.

    Runs the template (only fills it in when ``execute`` is false) and writes the result to
    ``journal/2026/2026-W47.ipynb`` in one step: whatever fails or is killed, the notebook is there
    whole or not at all, and one that another process wrote meanwhile stays. The same journal,
    template and library give the same bytes. Raises TemplateError for a template that is missing or
    does not know a parameter, ExecutionError naming the cell that failed, NotebookError when the
    tasks of the week before cannot be read, LibraryError, OSError.
    """
    target = week_files.path_of(project, week)
    files.sweep(target.parent)
    existing = week_files.weeks(project).get(week)
    if existing or target.exists():
        return Created(existing or target, existed=True)
    source = templates.load(project, template)
    if source.makes != "week":
        raise UsageError(
            f"the template '{template}' is not for weeks: its front matter has no week",
            hint='Give it a line: week: "{{week}}"',
        )
    values = parameters(project, week, Library.load(project.library_path))
    source.check(values)
    filled = source.filled(values)
    # papermill takes half a second to import, which a week that exists need not wait for.
    from weeknotes.actions import kernels

    with made_folder(target.parent):
        made = kernels.run(
            filled,
            values,
            file=source.file,
            execute=execute,
            cwd=target.parent,
            helpers=source.folder,
        )
        data = cell_edit.dump(week_layout.laid_out(project, made, values))
        _check(data, source.file)
        return Created(target, existed=not files.create(target, data))


def parameters(
    project: Project, week: Week, library: Library, *, carried: str | None = None
) -> dict[str, Any]:
    """The parameters of a template for ``week``: plain JSON values, in a fixed order.

    ``carried`` is what to carry over, None to look for it in the week before.
    """
    return {
        "week": str(week),
        "start": week.start.isoformat(),
        "end": week.end.isoformat(),
        "title": week_title(week.year, week.number, project.lang),
        "author": project.author,
        "lang": project.lang,
        "carry_over": carry_over(project, week) if carried is None else carried,
        "reading": reading(library, week, hidden_papers(project)),
    }


def carry_over(project: Project, week: Week) -> str:
    """The tasks left undone in the week before, as a Markdown task list.

    The week before is the latest earlier one that the journal has: a holiday loses no task. Raises
    NotebookError if its notebook cannot be read, rather than pass its tasks over.
    """
    earlier = [(w, path) for w, path in week_files.weeks(project).items() if w < week]
    if not earlier:
        return ""
    before, path = max(earlier)
    cells = []
    for one in (path, *_beside(project, before, week)):
        notebook = notebooks.read(one, project.relative(one))
        if not Whole(project).reason(project.relative(one)):
            cells += public_cells(project, one, notebook)
    return carried_tasks.unticked(cells, str(before))


def _beside(project: Project, before: Week, week: Week) -> list[Path]:
    """The notebooks of no week whose ``date`` is in the week ``before``, or after it and before
    ``week``: what was noted in them in that time. Digests are none of them."""
    known = set(week_files.weeks(project).values())
    known |= {path for paths in week_files.others(project).values() for path in paths}
    found = []
    for path in week_files.notebook_paths(project):
        if path in known or week_files.is_copy(path):
            continue
        with contextlib.suppress(WeeknotesError, OSError, ValueError):
            meta = notebooks.read(path, project.relative(path)).front_matter
            written = date_in(meta, project.relative(path), path.stat().st_mtime)
            day = date.fromisoformat(written.iso if written else "")
            own = str(meta.get("kind") or "page")
            if before.start <= day < week.start and own in ("page", "note", "week"):
                found.append(path)
    return found


def public_cells(
    project: Project, path: Path, notebook: notebooks.Notebook
) -> list[notebooks.Cell]:
    """The cells of ``notebook`` without what is private in them."""
    includes = FileIncludes(project.root, path.parent, Whole(project).reason)
    cells = {"cells": [cell.json for cell in notebook.cells]}
    cut, _ = agreed(project.state, cells, includes)
    return [
        replace(notebook.cells[n - 1], source=notebooks.joined(cell["source"]) or "", json=cell)
        for n, cell in zip(cut.numbers, cut.notebook["cells"], strict=True)
    ]


def hidden_papers(project: Project) -> frozenset[str]:
    """The citation keys of the papers that only private notes cite, and that show nowhere."""
    from weeknotes.engines import sources
    from weeknotes.privacy.private_items import private_papers

    return private_papers(project, sources.find_all(project))


def reading(
    library: Library, week: Week, hidden: Collection[str] = frozenset()
) -> list[dict[str, Any]]:
    """The papers added to ``library`` in ``week``, without those in ``hidden``: key, title, authors (at
    most four), year, tags and address of each."""
    added = library.added_between(week.start, week.end)
    return [summary(entry) for entry in added if entry["id"] not in hidden]


def summary(entry: Mapping[str, Any]) -> dict[str, Any]:
    """The data about a paper of the library that a template gets: key, title in plain words,
    authors (at most four), year, tags and address."""
    people, more = people_of(entry)
    names = [name for one in people if (name := _name(one))][:_NAMES_KEPT]
    keywords = str(entry.get("keyword") or "").split(",")
    doi = str(entry.get("DOI") or "")
    return {
        "key": str(entry["id"]),
        "title": _MARKUP.sub("", " ".join(str(entry.get("title") or "").split())),
        "authors": [*names, "et al."] if more and names else names,
        "year": _year(entry.get("issued")),
        "tags": list(dict.fromkeys(word.strip() for word in keywords if word.strip())),
        "url": f"https://doi.org/{doi}" if doi else str(entry.get("URL") or ""),
    }


def _name(name: Any) -> str:
    """A CSL name as a list of authors gives it: the family name, all of a Korean or Chinese one."""
    if not isinstance(name, dict):
        return ""
    family, given = str(name.get("family") or ""), str(name.get("given") or "")
    if re.search("[\u1100-\u11ff\u3040-\u9fff\uac00-\ud7a3]", family):
        return family + given
    particle = str(name.get("non-dropping-particle") or "")
    return f"{particle} {family}".strip() or str(name.get("literal") or "") or given


def _year(issued: Any) -> int | None:
    """The year of a CSL date, None for one without."""
    if not isinstance(issued, dict):
        return None
    with contextlib.suppress(LookupError, TypeError, ValueError):
        return int(issued["date-parts"][0][0])
    found = re.search(r"\b\d{4}\b", str(issued.get("raw") or issued.get("literal") or ""))
    return int(found[0]) if found else None


@contextlib.contextmanager
def made_folder(folder: Path) -> Iterator[None]:
    """``folder``, made if need be, and gone again if nothing came of it."""
    missing = [f for f in (folder, *folder.parents) if not f.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    try:
        yield
    except BaseException:
        for made in missing:
            with contextlib.suppress(OSError):
                made.rmdir()
        raise


def _check(data: bytes, file: str) -> None:
    """Raise ExecutionError unless ``data`` is a notebook that can be read back."""
    try:
        notebooks.parse(data, file)
    except NotebookError as error:
        raise ExecutionError(
            error.message, file=file, cell=error.cell, line=error.line, hint=error.hint
        ) from error
