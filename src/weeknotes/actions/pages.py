"""Notebooks beside the weeks: a day, a meeting, an experiment, a paper in depth, from a template."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from weeknotes import files
from weeknotes.actions import create, templates
from weeknotes.actions.create import Created
from weeknotes.actions.templates import Template
from weeknotes.errors import LibraryError, NotebookError, TemplateError, UsageError
from weeknotes.files import replace_unchanged
from weeknotes.i18n import language
from weeknotes.journal import cell_edit, note_places, notebooks, week_files
from weeknotes.journal.notebooks import CellJson, Notebook, joined
from weeknotes.journal.project import Project
from weeknotes.journal.weeks import Week
from weeknotes.library.citation_use import citations
from weeknotes.library.store import Entry, Library, other_ids
from weeknotes.text import untrusted

NOTE_TEMPLATE = "note"
_TRIES = 5
_MOST_WORDS = 8
_LONGEST_NAME = 60


def new_page(
    project: Project,
    source: Template,
    day: date,
    *,
    title: str = "",
    paper: Entry | None = None,
    execute: bool = True,
) -> Created:
    """Make ``journal/2026/2026-11-27-meeting.ipynb`` from ``source``, unless it is there.

    It is called after ``day`` and the ``title``, the citation key of ``paper``, or else the template.
    Raises UsageError for a template that makes something else, TemplateError, ExecutionError, OSError.
    """
    if source.makes != "page":
        raise UsageError(
            f"the template '{source.name}' makes no notebook of its own", hint=_HINTS[source.makes]
        )
    key = str(paper["id"]) if paper else ""
    name = slug(title or key or source.name) or source.name
    target = project.journal / f"{day.year:04d}" / f"{day.isoformat()}-{name}.ipynb"
    if target.exists():
        return Created(target, existed=True)
    values = page_parameters(project, day, title or _title(project, source, day, paper))
    values |= paper_parameters(paper, project.lang) if paper else {}
    _refuse_unknown(source, values)
    filled = source.filled(values)
    known = source.own_parameters
    given = {name: value for name, value in values.items() if name in known}
    with create.made_folder(target.parent):
        made = _run(source, filled, given, target.parent, execute=execute)
        return Created(target, existed=not files.create(target, cell_edit.dump(made)))


_HINTS = {
    "week": "Name the week: weeknotes new 2026-W47 --template NAME",
    "digest": "It is for digests: weeknotes digest",
    "cells": "It is for a note in a week: weeknotes note KEY --template NAME",
}


def _run(
    source: Template, filled: dict[str, Any], given: Mapping[str, Any], cwd: Path, *, execute: bool
) -> dict[str, Any]:
    if not source.has_code:
        return filled
    # papermill takes half a second to import, which a template of text need not wait for.
    from weeknotes.actions import kernels

    return kernels.run(
        filled, given, file=source.file, execute=execute, cwd=cwd, helpers=source.folder
    )


def page_parameters(project: Project, day: date, title: str) -> dict[str, Any]:
    """The values that the text of a template for ``day`` can be filled with."""
    week = Week.of(day)
    return {
        "title": title,
        "date": day.isoformat(),
        "week": str(week),
        "start": week.start.isoformat(),
        "end": week.end.isoformat(),
        "author": project.author,
        "lang": project.lang,
    }


def paper_parameters(entry: Entry, lang: str) -> dict[str, Any]:
    """The values that the text of a template about a paper can be filled with. ``paper`` (its
    title), ``authors`` and ``abstract``, which is folded, are Markdown that shows the library's
    text literally."""
    summary = create.summary(entry)
    abstract = str(entry.get("abstract") or "").strip()
    fold = untrusted.folded(untrusted.label("abstract", lang), untrusted.escaped(abstract))
    return {
        "key": summary["key"],
        "paper": untrusted.title_markdown(str(entry.get("title") or entry["id"])),
        "authors": untrusted.escaped(language(lang).comma.join(summary["authors"])),
        "year": str(summary["year"] or ""),
        "url": summary["url"],
        "abstract": fold if abstract else "",
    }


def _refuse_unknown(source: Template, values: Mapping[str, Any]) -> None:
    papers = {"key", "paper", "authors", "year", "url", "abstract"} - values.keys()
    if missing := sorted(source.placeholders & papers):
        raise TemplateError(
            f"the template is about a paper, and none is named ('{missing[0]}')",
            file=source.file,
            hint=f"Name one: weeknotes note KEY --template {source.name}",
        )


def _title(project: Project, source: Template, day: date, paper: Entry | None) -> str:
    if paper:
        return create.summary(paper)["title"] or str(paper["id"])
    words = language(project.lang)
    name = words.labels.get(f"template_{source.name}", source.name.capitalize())
    said = words.dates.day(day)
    return said if source.name == "day" else f"{name}{words.comma}{said}"


def slug(text: str) -> str:
    """``text`` as a part of the name of a file, on every system: letters and digits with hyphens."""
    folded = unicodedata.normalize("NFC", text).casefold()
    words = re.findall(r"\w+", folded.replace("_", " "))[:_MOST_WORDS]
    return "-".join(words)[:_LONGEST_NAME].strip("-")


# A note on a paper of the library


@dataclass(frozen=True)
class BegunNote:
    """The note on the paper ``key`` in ``file``, with the cell that it begins in; ``existed`` where it
    was there before and is as it was."""

    key: str
    title: str
    file: str
    cell: int
    existed: bool

    def to_dict(self) -> dict[str, Any]:
        """The note as plain JSON values."""
        return dict(vars(self))

    def to_text(self) -> str:
        """The note for a person to read."""
        what = "is there already" if self.existed else "begun"
        return f"note on @{self.key} {what}: {self.file}, cell {self.cell}"


def begin_note(
    project: Project, key: str, *, week: Week, day: date, template: str = NOTE_TEMPLATE
) -> BegunNote:
    """Begin a note on the paper ``key`` of the library, with the cells of ``template``, at the end of
    the notebook of ``week``, which is made if it isn't there; or, where the template is one of a
    notebook, in a notebook of its own for ``day``. A note that is there stays alone.

    Raises LibraryError for a key that the library does not have, TemplateError, NotebookError.
    """
    entry = _entry(project, key)
    source = templates.load(project, template)
    title = create.summary(entry)["title"]
    if source.makes == "page":
        made = new_page(project, source, day, paper=entry)
        return BegunNote(str(entry["id"]), title, project.relative(made.path), 1, made.existed)
    if source.makes != "cells":
        raise UsageError(f"the template '{template}' is for no note", hint=_HINTS[source.makes])
    path = week_files.weeks(project).get(week) or create.new_week(project, week).path
    file = project.relative(path)
    for _ in range(_TRIES):
        old = path.read_bytes()
        notebook = notebooks.parse(old, file)
        if there := _cell_of(notebook, entry):
            return BegunNote(str(entry["id"]), title, file, there, True)
        cells = _cells(project, source, notebook, entry, week)
        new = cell_edit.change(notebook, insert={len(notebook.cells): cells})
        if replace_unchanged(path, old, new):
            return BegunNote(str(entry["id"]), title, file, len(notebook.cells) + 1, False)
    raise NotebookError("another program keeps saving it; no note was begun", file=file)


def note_text(project: Project, key: str, *, day: date, template: str = NOTE_TEMPLATE) -> str:
    """The Markdown of a note on the paper ``key`` of the library, with the cells of ``template``, for
    an editor to put into a notebook of ``day``. Raises LibraryError, TemplateError, UsageError."""
    entry = _entry(project, key)
    source = templates.load(project, template)
    if source.makes != "cells":
        raise UsageError(f"the template '{template}' is for no note", hint=_HINTS[source.makes])
    values = page_parameters(project, day, "") | paper_parameters(entry, project.lang)
    cells = source.filled(values)["cells"]
    texts = [str(joined(c["source"])) for c in cells if c["cell_type"] == "markdown"]
    return "\n\n".join(texts)


def _entry(project: Project, key: str) -> Entry:
    """The library's entry ``key``, which may be another key of it. Raises LibraryError."""
    import difflib

    library = Library.load(project.library_path)
    name = key.removeprefix("@")
    entry = library.get(name)
    if entry is None:
        known = {k.casefold(): k for k in library.keys}
        close = difflib.get_close_matches(name.casefold(), known, n=1)
        meant = f"Did you mean {known[close[0]]}? " if close else ""
        raise LibraryError(
            f"there is no entry '{name}' in references.json",
            hint=f"{meant}List them with: weeknotes list papers",
        )
    return entry


def _cell_of(notebook: Notebook, entry: Entry) -> int | None:
    """The cell whose heading cites ``entry``."""
    names = {str(entry["id"]), *other_ids(entry)}
    for heading in note_places.headings(notebook):
        if names & {key for key, _ in citations(heading.text)}:
            return heading.cell.index
    return None


def _cells(
    project: Project, source: Template, notebook: Notebook, entry: Entry, week: Week
) -> list[CellJson]:
    lang = str(notebook.front_matter.get("lang") or project.lang)
    values = page_parameters(project, week.start, str(notebook.front_matter.get("title") or ""))
    values |= paper_parameters(entry, lang)
    filled = source.filled(values)["cells"]
    return [
        {**cell, "id": f"note-{entry['id']}" if number == 0 else cell["id"]}
        for number, cell in enumerate(filled)
        if cell["cell_type"] == "markdown"
    ]
