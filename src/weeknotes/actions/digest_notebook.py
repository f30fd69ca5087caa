"""The notebook of a digest: made from a template through papermill, and completed later.

What its author has written stays byte for byte: a later run adds cells, and replaces those that were
generated, and in a paper's cell no more than the words that say what is missing.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files as package_files
from pathlib import Path
from typing import Any

from weeknotes import files
from weeknotes.actions import create, refresh, templates
from weeknotes.actions.templates import INJECTED, PARAMETERS, Template
from weeknotes.digests import notebook
from weeknotes.digests.entry import Digest, Entry, Summary
from weeknotes.digests.entry_cells import cell_name, line_marks
from weeknotes.digests.formats import FORMATS, Made
from weeknotes.digests.notebook import PaperCell
from weeknotes.errors import NotebookError, TemplateError, UsageError
from weeknotes.i18n import language
from weeknotes.journal import cell_edit, notebooks
from weeknotes.journal.notebooks import Cell, CellJson, Notebook
from weeknotes.journal.project import Project
from weeknotes.text.untrusted import escaped

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
        return Layout(name, _load(project, own if there else TEMPLATE))
    try:
        template = templates.load(project, name)
    except TemplateError as error:
        if (project.templates / f"{name}.ipynb").is_file():
            raise
        raise UsageError(
            f"there is no format called '{name}'",
            hint=f"There are {', '.join(FORMATS)}, and each template in notebooks/.",
        ) from error
    form = str(notebook.digest_of(template.notebook).get("format") or "list")
    return Layout(form if form in FORMATS else "list", template)


def _load(project: Project, name: str) -> Template:
    """The template of digests; a journal that has none gets that of a new one."""
    if (project.templates / f"{name}.ipynb").is_file():
        return templates.load(project, name)
    packaged = package_files("weeknotes") / "scaffold" / "templates" / f"{TEMPLATE}.ipynb"
    file = f"notebooks/{TEMPLATE}.ipynb"
    return Template(TEMPLATE, file, notebooks.parse(packaged.read_bytes(), file))


def write_new(
    path: Path, digest: Digest, title: str, shape: Layout, status: str, author: str = ""
) -> bool:
    """Make the notebook of ``digest`` at ``path``, run its template, and write it in one step; False
    where another program has written one meanwhile."""
    entries = notebook.cells(digest)
    above = [notebook.status_cell(status)] if status else []
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
        made = kernels.run(whole, given, file=source.file, cwd=path.parent)
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


def complete(
    project: Project,
    path: Path,
    digest: Digest,
    status: str,
    mended: Mapping[str, Summary],
) -> bool:
    """Add those entries and news of ``digest`` that the notebook at ``path`` lacks, put the summaries
    ``mended`` (by the papers' ids) where they were missing, and bring the rest up to date."""
    file = project.relative(path)
    changed = change(path, file, lambda there: _completed(there, digest, status, mended))
    if changed:
        # The graph of the categories counts the papers that have joined.
        for result in refresh.refresh(project, [path]):
            if result.error:
                raise result.error
    return changed


def _completed(
    there: Notebook, digest: Digest, status: str, mended: Mapping[str, Summary]
) -> bytes:
    present = notebook.paper_cells(there)
    known = {found.paper.id for found in present}
    joining = [entry for entry in digest.entries if entry.paper.id not in known]
    form = FORMATS[digest.format]
    last = max((found.number for found in present), default=0)
    added = [
        notebook.cell_of(Made(cell_name(entry.paper), form.entry(entry, number), entry), number)
        for number, entry in enumerate(joining, last + 1)
    ]
    at = max((found.cell.index for found in present), default=len(there.cells))
    at = _end_of_author(there, at)
    replace: dict[int, CellJson] = {}
    insert: dict[int, list[CellJson]] = {at: added}
    for found in present:
        if summary := mended.get(found.paper.id):
            entry = notebook.entry_again(found, summary, digest.lang, digest.hosts)
            replace |= _mended(there, found, entry, digest.format, replace)
    if joining:
        replace |= _new_rows(there, digest, joining, last, replace)
        if injected := there.tagged(INJECTED):
            replace[injected.index] = _more_papers(injected, joining)
    if (old := there.find(notebook.STATUS)) and old.generated and status:
        replace[old.index] = {**old.json, "source": status}
    if digest.news and there.find(notebook.NEWS) is None:
        before = present[0].cell.index - 1 if present else at
        insert.setdefault(before, []).append(notebook.news_cell(digest.news, digest.lang))
    return cell_edit.change(there, replace=replace, insert=insert)


def _end_of_author(there: Notebook, at: int) -> int:
    """The last of the author's cells that follow the cell ``at``: what stands under an entry stays
    with it."""
    for cell in there.cells[at:]:
        if notebook.is_made(cell):
            break
        at = cell.index
    return at


def _mended(
    there: Notebook,
    found: PaperCell,
    entry: Entry,
    form: str,
    replaced: Mapping[int, CellJson],
) -> dict[int, CellJson]:
    """The cells in which the words on a missing or older summary stand, with those of ``entry``."""
    before = notebook.entry_again(found, found.summary, entry.lang, entry.hosts)
    old_text = FORMATS[form].entry(before, found.number)
    new_text = FORMATS[form].entry(entry, found.number)
    changes = {found.cell.index: _rewritten(found, old_text, new_text, entry)}
    table = there.find("digest-table")
    if form == "arxiv-table" and table is not None:
        from weeknotes.digests.formats import arxiv_table

        cell = replaced.get(table.index, table.json)
        old, new = (arxiv_table.row(one, found.number) for one in (before, entry))
        source = notebooks.joined(cell["source"]) or ""
        changes[table.index] = {**cell, "source": source.replace(old, new)}
    return changes


def _rewritten(found: PaperCell, old: str, new: str, entry: Entry) -> CellJson:
    """A paper's cell with the made lines that differ between ``old`` and ``new`` replaced, and all
    other lines as they are. One that its author has rewritten there stays as it is."""
    start = 0
    old_lines, new_lines = old.split("\n"), new.split("\n")
    while start < min(len(old_lines), len(new_lines)) and old_lines[start] == new_lines[start]:
        start += 1
    end = 0
    while (
        end < min(len(old_lines), len(new_lines)) - start
        and old_lines[-1 - end] == new_lines[-1 - end]
    ):
        end += 1
    gone = "\n".join(old_lines[start : len(old_lines) - end])
    come = "\n".join(new_lines[start : len(new_lines) - end])
    source = found.cell.source
    if not gone.strip() or source.count(gone) != 1:
        return found.cell.json
    made = notebook.cell_of(Made(found.cell.id, new, entry), found.number)
    own = {
        **found.cell.metadata["weeknotes"]["digest"],
        "lines": line_marks(new),
        "summary": made["metadata"]["weeknotes"]["digest"]["summary"],
    }
    metadata = copy.deepcopy(found.cell.metadata)
    metadata["weeknotes"]["digest"] = own
    return {**found.cell.json, "source": source.replace(gone, come), "metadata": metadata}


def _new_rows(
    there: Notebook,
    digest: Digest,
    joining: Sequence[Entry],
    last: int,
    replaced: Mapping[int, CellJson],
) -> dict[int, CellJson]:
    """The table of an arXiv digest with a row for each entry that joins, if it still is a table."""
    table = there.find("digest-table")
    if digest.format != "arxiv-table" or table is None:
        return {}
    from weeknotes.digests.formats import arxiv_table

    cell = replaced.get(table.index, table.json)
    lines = (notebooks.joined(cell["source"]) or "").split("\n")
    rows = [n for n, line in enumerate(lines) if line.lstrip().startswith("|")]
    if not rows:
        return {}
    more = [arxiv_table.row(entry, number) for number, entry in enumerate(joining, last + 1)]
    lines[rows[-1] + 1 : rows[-1] + 1] = more
    return {table.index: {**cell, "source": "\n".join(lines)}}


def _more_papers(injected: Cell, joining: Sequence[Entry]) -> CellJson:
    """The cell of parameters with ``joining`` among the papers."""
    from weeknotes.actions import kernels

    values: dict[str, Any] = refresh.literals(injected.source)
    if not isinstance(values.get("papers"), list):
        return injected.json
    values["papers"] += [notebook.row(entry.paper, entry.score) for entry in joining]
    return {**injected.json, "source": kernels.parameters_source(values)}


def missing_summaries(there: Notebook) -> list[PaperCell]:
    """The papers of a digest whose summary could not be had when it was made."""
    return [found for found in notebook.paper_cells(there) if found.summary.missing]


def status_text(
    lang: str,
    announced: int,
    sources: Sequence[str],
    shown: int,
    known: int,
    lacking: Sequence[str],
) -> str:
    """A line that says what a digest is made of, and which sources could not be reached."""
    w = language(lang).digest
    parts = [
        w["announced"].format(announced, w["comma"].join(sources), shown),
        w["known"].format(known) if known else "",
        w["not_reached"].format(w["comma"].join(lacking)) if lacking else "",
    ]
    text = " ".join(filter(None, parts))
    kind = "digest-status digest-missing" if lacking else "digest-status"
    return f'<span class="{kind}">{escaped(text)}</span>'
