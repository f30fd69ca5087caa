"""The notebook of a digest: made from a template through papermill, and completed later.

What its author has written stays byte for byte: a later run adds cells, and replaces those that were
generated, and in a paper's cell no more than the words that say what is missing
(`weeknotes.actions.digest_completion`).
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from weeknotes import files
from weeknotes.actions import create, refresh, templates, week_layout
from weeknotes.actions.templates import INJECTED, PARAMETERS, Template
from weeknotes.digests import notebook
from weeknotes.digests.entry import Digest
from weeknotes.digests.formats import FORMATS
from weeknotes.digests.status import Status
from weeknotes.errors import NotebookError, UsageError, WeeknotesError
from weeknotes.journal import cell_edit, frontmatter, notebooks, week_files
from weeknotes.journal.notebooks import CellJson, Notebook
from weeknotes.journal.project import Project

TEMPLATE = "digest"
ENTRIES = "{{entries}}"
_TRIES = 5


@dataclass(frozen=True)
class Layout:
    """The layout of a digest: the form of its entries and the template around them."""

    format: str
    template: Template


def layout(project: Project, name: str) -> Layout:
    """The layout that ``--format NAME`` asks for: one of the five forms, or a template of one's own,
    ``notebooks/NAME.ipynb``, whose metadata may name a form (``weeknotes: digest: format:``).

    Raises UsageError for a name that is neither, TemplateError for a template that cannot be read.
    """
    if name in FORMATS:
        own = f"{TEMPLATE}-{name}"
        there = (project.templates / f"{own}.ipynb").is_file()
        return Layout(name, templates.load(project, own if there else TEMPLATE))
    if not (project.templates / f"{name}.ipynb").is_file():
        known = [*FORMATS, *(path.stem for path in project.templates.glob("*.ipynb"))]
        near = difflib.get_close_matches(name.lower(), known, 1)
        meant = f"Did you mean '{near[0]}'? " if near else ""
        raise UsageError(
            f"there is no format called '{name}'",
            hint=f"{meant}There are {', '.join(FORMATS)}, and each template in notebooks/.",
        )
    template = templates.load(project, name)
    form = str(notebook.digest_of(template.notebook).get("format") or "list")
    return Layout(form if form in FORMATS else "list", template)


def write_new(
    path: Path, digest: Digest, title: str, shape: Layout, status: Status, author: str = ""
) -> bool:
    """Make the notebook of ``digest`` at ``path``, run its template, and write it in one step; False
    where another program has written one meanwhile."""
    entries = notebook.cells(digest)
    whole = replace(status, shown=tuple(entry.paper.id for entry in digest.entries))
    text = whole.text(digest.lang, len(digest.entries))
    above = [notebook.status_cell(text, whole.record())]
    above += [notebook.news_cell(digest.news, digest.lang)] if digest.news else []
    # The heading of the day stays the first of all.
    at = 1 if entries and entries[0]["id"] == notebook.DAY else 0
    entries[at:at] = above
    values = notebook.parameters(digest, title) | {"author": author}
    own = {"digest": {"day": digest.day.isoformat(), "format": digest.format}}
    return write(path, shape.template, values, entries, own)


def write(
    path: Path,
    source: Template,
    values: Mapping[str, Any],
    entries: Sequence[CellJson],
    own: Mapping[str, Any],
) -> bool:
    """Fill ``source`` with ``values`` and ``entries``, run it, and write the notebook, with ``own`` in
    its metadata under ``weeknotes``, in one step; False where there is one meanwhile."""
    cell = source.notebook.tagged(PARAMETERS)
    known = templates.assigned(cell.source, source.file, cell.index) if cell else frozenset()
    filled = source.filled(values)
    metadata = {**filled["metadata"], "weeknotes": {**filled["metadata"]["weeknotes"], **own}}
    whole = cell_edit.new_notebook(_with_entries(filled["cells"], entries), metadata)
    # papermill takes half a second to import, which a digest that is there need not wait for.
    from weeknotes.actions import kernels

    with create.made_folder(path.parent):
        given = {name: value for name, value in values.items() if name in known}
        made = kernels.run(whole, given, file=source.file, cwd=path.parent, helpers=source.folder)
        made["cells"] = week_layout.with_code_collapsed(made["cells"])
        return files.create(path, cell_edit.dump(made))


def _with_entries(cells: Sequence[CellJson], entries: Sequence[CellJson]) -> list[CellJson]:
    """``cells`` of a template with ``entries`` where it has their placeholder, or at its end."""
    made: list[CellJson] = []
    placed = False
    for cell in cells:
        source = notebooks.joined(cell["source"]) or ""
        if cell["cell_type"] == "markdown" and source.strip() == ENTRIES:
            made += [] if placed else entries
            placed = True
        else:
            made.append(cell)
    return made if placed else [*made, *entries]


def change(path: Path, file: str, make: Callable[[Notebook], bytes]) -> bool:
    """Let ``make`` change the notebook at ``path``, read anew where it was saved meanwhile; whether
    anything has changed. Raises NotebookError."""
    for _ in range(_TRIES):
        old = path.read_bytes()
        new = make(notebooks.parse(old, file))
        if new == old:
            return False
        if files.replace_unchanged(path, old, new):
            return True
    raise NotebookError("another program keeps saving it; it was left as it is", file=file)


def collapse_older(project: Project) -> list[refresh.Refreshed]:
    """Collapse the code that Weeknotes made in digests of before it was collapsed (`week_layout`);
    returns those that were changed, or could not be."""
    done = []
    weeks = set(week_files.weeks(project).values())
    for path in week_files.notebook_paths(project):
        file = project.relative(path)
        try:
            if path in weeks or not _is_digest(notebooks.read(path, file)):
                continue
            if change(path, file, week_layout.collapse_digest):
                done.append(refresh.Refreshed(path, changed=True))
        except (WeeknotesError, OSError) as error:
            done.append(refresh.Refreshed(path, False, refresh.as_ours(error, project, path)))
    return done


def _is_digest(there: Notebook) -> bool:
    return bool(notebook.digest_of(there)) or there.front_matter.get("kind") == "digest"


def parameters_again(there: Notebook, new: Mapping[str, Any]) -> dict[int, CellJson]:
    """The cells of a digest in which its parameters are, with the values of ``new`` for those that it
    has: that of the parameters, and the front matter, where its author has left the values alone."""
    from weeknotes.actions import kernels

    injected = there.tagged(INJECTED)
    if injected is None:
        return {}
    old = refresh.literals(injected.source)
    changed = {name: value for name, value in new.items() if name in old and old[name] != value}
    if not changed:
        return {}
    source = kernels.parameters_source({**old, **changed})
    cells = {injected.index: {**injected.json, "source": source}}
    for cell in there.cells[:1]:
        if cell.kind == "raw" and frontmatter.split(cell.source):
            lines = [_line_again(line, old, changed) for line in cell.source.split("\n")]
            cells[cell.index] = {**cell.json, "source": "\n".join(lines)}
    return cells


def _line_again(line: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> str:
    """A line of front matter with the value of ``new``, if it has that of ``old``. Of a list to which
    its author has added, the author's items stay."""
    name = line.partition(":")[0]
    if name not in new or not isinstance(new[name], list | dict):
        return line
    try:
        there = frontmatter.parse(f"---\n{line}\n---\n").get(name)
    except NotebookError:
        return line
    value = new[name]
    if there != old[name]:
        if not isinstance(there, list) or not isinstance(value, list):
            return line
        kept = [one for one in there if one not in old[name] or one in value]
        value = [*kept, *(one for one in value if one not in (*there, *old[name]))]
    return templates.fill_yaml(f"{name}: {{{{value}}}}", {"value": value})
