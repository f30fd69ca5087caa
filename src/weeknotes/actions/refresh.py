"""Running the generated cells of notebooks again, and replacing those alone.

The cells are run in a notebook of their own, made for that; what comes out is spliced into the
author's file, of which every other byte stays as it was.
"""

from __future__ import annotations

import ast
import contextlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from weeknotes import files
from weeknotes.actions import create, templates, week_layout
from weeknotes.actions.jobs import Job, Outcome, outcomes
from weeknotes.actions.templates import INJECTED, PARAMETERS, Template
from weeknotes.errors import NotebookError, UsageError, WeeknotesError
from weeknotes.journal import cell_edit, notebooks, week_files
from weeknotes.journal.notebooks import TITLE_TAG, Cell, CellJson, Notebook
from weeknotes.journal.project import Project
from weeknotes.journal.weeks import Week
from weeknotes.library.store import Library
from weeknotes.progress import Progress

_FROM_META = ("title", "author", "lang")
_TRIES = 5


@dataclass(frozen=True)
class Refreshed:
    """The result for one notebook: ``changed`` on disk, or ``error``, and then it is as it was."""

    path: Path
    changed: bool
    error: WeeknotesError | None = None


def refresh(
    project: Project,
    which: Iterable[Week | Path] | None = None,
    *,
    workers: int = 1,
    scheduler: str | None = None,
    progress: Progress | None = None,
) -> list[Refreshed]:
    """Run the generated code cells of notebooks again, with parameters as they would be given today.

    ``which`` names weeks or paths of notebooks, None all weeks of the journal. ``workers`` processes
    run them, each with one kernel at a time, or a Dask cluster whose ``scheduler`` has that address
    (``tcp://host:8786``; needs the extra ``cluster``). A cell's source comes from the template's cell
    of that id where there is one. Cells that the author deleted stay deleted; where nothing changes,
    the file is not written.

    Returns what became of each notebook, in order; an error in one does not keep the others from
    being done. Raises UsageError for a week that the journal doesn't have or an address at which no
    scheduler answers, and LibraryError.
    """
    weeks = week_files.weeks(project)
    paths = _paths(weeks, which)
    for folder in {path.parent for path in paths}:
        files.sweep(folder)
    by_path = {path: week for week, path in weeks.items()}
    library = Library.load(project.library_path)
    results: dict[Path, Refreshed] = {}
    jobs: dict[Path, Job] = {}
    old: dict[Path, bytes] = {}
    for path in paths:
        try:
            old[path] = path.read_bytes()
            notebook = notebooks.parse(old[path], project.relative(path))
            if job := _job(project, library, path, notebook, by_path.get(path)):
                jobs[path] = job
            else:
                results[path] = Refreshed(path, changed=False)
        except (WeeknotesError, OSError) as error:
            results[path] = Refreshed(path, changed=False, error=as_ours(error, project, path))
    for path, outcome in outcomes(jobs, workers, scheduler):
        job = jobs[path] if path in by_path else None
        results[path] = _apply(project, path, old[path], outcome, job)
        if progress:
            progress(len(results), len(paths), project.relative(path))
    return [results[path] for path in paths]


def _paths(weeks: Mapping[Week, Path], which: Iterable[Week | Path] | None) -> list[Path]:
    """The notebooks that ``which`` names, each once. Raises UsageError."""
    if which is None:
        return list(weeks.values())
    paths = []
    for item in which:
        if isinstance(item, Week) and item not in weeks:
            hint = f"Make it with: weeknotes new {item}"
            raise UsageError(f"the journal has no notebook for {item}", hint=hint)
        paths.append(weeks[item] if isinstance(item, Week) else item)
    return list(dict.fromkeys(paths))


def _keys(notebook: Notebook) -> dict[int, str]:
    """The code cells that a refresh may replace: what each is called, by its index.

    Copies of the parameters share a key; copies of other cells, and cells whose id Jupyter has
    changed, have keys of their own.
    """
    keys: dict[int, str] = {}
    for cell in notebook.cells:
        if cell.kind != "code":
            continue
        if INJECTED in cell.tags:
            keys[cell.index] = INJECTED
        elif cell.generated and PARAMETERS in cell.tags:
            keys[cell.index] = PARAMETERS
        elif cell.generated:
            key, number = cell.name or "cell", 1
            while key in keys.values():
                number += 1
                key = f"{cell.name or 'cell'}-{number}"
            keys[cell.index] = key
    return keys


def _job(
    project: Project, library: Library, path: Path, notebook: Notebook, week: Week | None
) -> Job | None:
    """The job to run for ``notebook``; None if it has no generated code cells beside parameters."""
    keys = {
        index: key for index, key in _keys(notebook).items() if key not in (INJECTED, PARAMETERS)
    }
    if not keys:
        return None
    template = _template_of(project, notebook)
    own = notebook.tagged(PARAMETERS)
    first = _source(template, PARAMETERS, own.source if own else "")
    position = own.index if own else 1
    known = templates.assigned(first, notebook.file, position)
    values = _parameters(project, library, notebook, week)
    if known:
        values = {name: value for name, value in values.items() if name in known}
    cells = [cell_edit.new_cell("code", first, id="parameters", tags=[PARAMETERS])]
    for index, key in keys.items():
        cell = notebook.cells[index - 1]
        cells.append(cell_edit.new_cell("code", _source(template, cell.name, cell.source), id=key))
    return Job(
        file=notebook.file,
        notebook=cell_edit.new_notebook(cells, {}),
        parameters=values,
        keys=(PARAMETERS, *keys.values()),
        positions=(position, *keys),
        folder=str(path.parent),
        helpers=str(project.templates),
    )


def _template_of(project: Project, notebook: Notebook) -> Template | None:
    """The template that ``notebook`` was made from, if the journal still has it."""
    own = notebook.metadata.get("weeknotes")
    name = own.get("template") if isinstance(own, dict) else None
    if not isinstance(name, str) or not (project.templates / f"{name}.ipynb").is_file():
        return None
    return templates.load(project, name)


def _source(template: Template | None, name: str, otherwise: str) -> str:
    """The source of the template's code cell called ``name``."""
    if template is None:
        return otherwise
    find = template.notebook.tagged if name == PARAMETERS else template.notebook.find
    cell = find(name)
    return cell.source if cell and cell.kind == "code" else otherwise


def _parameters(
    project: Project, library: Library, notebook: Notebook, week: Week | None
) -> dict[str, Any]:
    """The parameters for ``notebook``: what it was given, and what has changed since.

    Title, author and language are those of its front matter, which the author may have changed. What
    was carried over is not looked up again: it is in the notebook as it was that week.
    """
    cell = notebook.tagged(INJECTED) or notebook.tagged(PARAMETERS)
    given = literals(cell.source) if cell else {}
    if week is None:
        return given
    carried = given.get("carry_over")
    fresh = create.parameters(project, week, library, carried=carried)
    meta = notebook.front_matter
    fresh |= {name: meta[name] for name in _FROM_META if isinstance(meta.get(name), str)}
    return {**given, **fresh}


def literals(source: str) -> dict[str, Any]:
    """The values that the statements of ``source`` give to names, where they are literals."""
    values = {}
    try:
        body = ast.parse(source).body
    except (SyntaxError, ValueError):
        return {}
    for statement in body:
        if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
            with contextlib.suppress(ValueError, TypeError, RecursionError):
                values[statement.targets[0].id] = ast.literal_eval(statement.value)
    return values


def _apply(
    project: Project, path: Path, old: bytes, outcome: Outcome, job: Job | None
) -> Refreshed:
    """Put the cells of ``outcome`` into the notebook at ``path``, which held ``old`` when they were
    run: into what it holds now, if it was saved since. ``job`` is that of a week, whose parameters and
    title are laid out (`week_layout`); None for other notebooks."""
    if outcome.error:
        return Refreshed(path, changed=False, error=outcome.error)
    file = project.relative(path)
    try:
        for _ in range(_TRIES):
            notebook = notebooks.parse(old, file)
            new = _laid_out(project, notebook, outcome, job) if job else _spliced(notebook, outcome)
            if new == old:
                return Refreshed(path, changed=False)
            if files.replace_unchanged(path, old, new):
                return Refreshed(path, changed=True)
            old = path.read_bytes()
    except (WeeknotesError, OSError) as error:
        return Refreshed(path, changed=False, error=as_ours(error, project, path))
    busy = NotebookError("another program keeps saving it; it was left as it is", file=file)
    return Refreshed(path, changed=False, error=busy)


def _spliced(notebook: Notebook, outcome: Outcome) -> bytes:
    replace = {
        index: _merged(notebook.cells[index - 1], outcome.cells[key])
        for index, key in _keys(notebook).items()
        if key in outcome.cells
    }
    return cell_edit.change(notebook, replace=replace)


def _laid_out(project: Project, notebook: Notebook, outcome: Outcome, job: Job) -> bytes:
    """The bytes of the notebook of a week with the cells of ``outcome``, its parameters once, and its
    title as front matter has it. One that was made before this layout was is brought up to it; what its
    author deleted since stays away."""
    older = week_layout.is_older(notebook)
    values, template = job.parameters, str(job.notebook["cells"][0]["source"])
    once = any(key == PARAMETERS for key in _keys(notebook).values())
    twice = (
        {c.index for c in notebook.cells if c.generated and INJECTED in c.tags} if once else set()
    )
    if twice:
        data = cell_edit.without(notebook, twice)
        notebook = notebooks.parse(data, notebook.file)
    replace = {}
    for index, key in _keys(notebook).items():
        cell = notebook.cells[index - 1]
        if key in (PARAMETERS, INJECTED):
            text = week_layout.parameters_source(template if key == PARAMETERS else "", values)
            made = {**cell.json, "source": text}
        elif key in outcome.cells:
            made = _merged(cell, outcome.cells[key])
        else:
            continue
        replace[index] = cell_edit.collapsed(made) if older else made
    title = str(values.get("title") or "")
    for cell in notebook.cells:
        if cell.generated and TITLE_TAG in cell.tags and title:
            replace[cell.index] = {**cell.json, "source": week_layout.title_source(title)}
    insert = {}
    if older and title and week_layout.takes_title(project) and not week_layout.has_title(notebook):
        front = notebook.front_matter_cell
        insert[front.index if front else 0] = [week_layout.title_cell(title)]
    return cell_edit.change(notebook, replace=replace, insert=insert)


def _merged(cell: Cell, made: CellJson) -> CellJson:
    """``cell`` with the source and the outputs of ``made``, and all else as its author has it.

    Its execution count stays too, if it has one: it tells the order in which the notebook was run.
    """
    count = cell.json.get("execution_count") or made["execution_count"]
    outputs = [_counted(output, count) for output in made["outputs"]]
    merged = {**cell.json, "source": made["source"], "outputs": outputs, "execution_count": count}
    here = [_counted(output, count) for output in cell.outputs]
    same = cell_edit.same_cell(merged, {**cell.json, "outputs": here, "execution_count": count})
    return cell.json if same else merged


def _counted(output: dict[str, Any], count: int | None) -> dict[str, Any]:
    return {**output, "execution_count": count} if "execution_count" in output else output


def as_ours(error: WeeknotesError | OSError, project: Project, path: Path) -> WeeknotesError:
    """``error`` as one that names the notebook at ``path``."""
    if isinstance(error, WeeknotesError):
        return error
    return NotebookError(f"cannot be read or written: {error}", file=project.relative(path))
