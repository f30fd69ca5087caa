"""This module makes the changes of an import to a notebook that exists already.

One that nobody has touched is made anew. In any other, cells that no one has touched follow their
source, new ones are added beside their neighbours, and everything else stays as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from weeknotes.importers.matching import match
from weeknotes.importers.page_cells import (
    CHART_CELL,
    MadeCell,
    MadePage,
    chart_cell,
    front_matter,
    hash_of,
    kept_of,
    note_cell,
    notebook_metadata,
    outputs_hash,
)
from weeknotes.importers.previous_import import (
    Standing,
    before_first,
    identity,
    import_of,
    remember,
    still_known,
    touched,
)
from weeknotes.importers.source_files import natural
from weeknotes.journal import cell_edit, notebooks
from weeknotes.journal.notebooks import Cell, CellJson
from weeknotes.journal.project import Project

Told = Callable[[str, int, str], None]
"""Called with a note's title, its line in the source (0 for none) and what became of it."""


def whole_notebook(page: MadePage, project: Project) -> bytes:
    """The notebook of ``page`` as a first import makes it."""
    names = page.identities()
    cells = [front_matter(page, names, project)]
    if page.plan.chart:
        cells.append(chart_cell(page.plan.chart, page.plan.lang, page.source.name))
    cells += [note_cell(page, made, name) for made, name in zip(page.cells, names, strict=True)]
    return cell_edit.dump(cell_edit.new_notebook(cells, notebook_metadata(page)))


@dataclass
class PageChange:
    """The change of a notebook: ``data`` are its new bytes, None where nothing changes; ``added``,
    ``updated``, ``removed`` and ``kept`` count cells."""

    data: bytes | None = None
    added: int = 0
    updated: int = 0
    removed: int = 0
    kept: int = 0


def changes_between(page: MadePage, here: Standing, data: bytes) -> PageChange:
    """The change that making the notebook ``here`` anew, as ``data``, is for ``page``."""
    names = page.identities()
    present = here.cells_of(page.source.name)
    matched = match(names, page.cells, present)
    texts = {name: made.text for name, made in zip(names, page.cells, strict=True)}
    return PageChange(
        data,
        added=len(names) - len(matched),
        updated=sum(1 for name, cell in matched.items() if texts[name] != cell.source),
        removed=len(present) - len(matched),
    )


@dataclass
class _Edit:
    """Cells to replace, by their index; cells to add, by that of the one before; ids of cells to
    remove."""

    replace: dict[int, CellJson] = field(default_factory=dict)
    insert: dict[int, list[CellJson]] = field(default_factory=dict)
    remove: set[str] = field(default_factory=set)
    result: PageChange = field(default_factory=PageChange)


def amend(
    page: MadePage,
    here: Standing,
    project: Project,
    elsewhere: Mapping[str, str],
    tell: Told,
    *,
    own: bool,
) -> PageChange:
    """The change of a notebook that others have written to as well. ``own`` says that an earlier
    import of the same source made cells in it; without, cells are only added at its end.
    ``elsewhere`` has the notebooks that a cell's text was imported into, by the text's hash. What
    stays as it is although the source says otherwise is reported to ``tell``."""
    source = page.source.name
    names = page.identities()
    known = here.known.get(source, [])
    present = here.cells_of(source) if own else []
    matched = match(names, page.cells, present)
    edit = _Edit()
    foreign = here.part is None or here.part[0] != source
    after = 0 if own else _end(here, source)
    for made, name in zip(page.cells, names, strict=True):
        if cell := matched.get(name):
            after = cell.index
            _update(edit, cell, made, page, name, tell)
        elif name in known:
            tell(_shown(made), made.draft.start, "you took it out, and it stays out")
            edit.result.kept += 1
        elif path := elsewhere.get(hash_of(made.text)):
            tell(_shown(made), made.draft.start, f"imported already, into {path}")
        else:
            place = after or before_first(here.notebook, present)
            edit.insert.setdefault(place, []).append(note_cell(page, made, name, elsewhere=foreign))
            edit.result.added += 1
    _remove(edit, present, {identity(cell) for cell in matched.values()}, tell)
    if own:
        _update_rest(edit, page, here, project, names)
    elif edit.insert:
        first = next(iter(edit.insert.values()))[0]
        # A page that is shared itself has what its source shows nowhere in the data of its notes.
        kept = {} if page.plan.shared else kept_of(page)
        if here.shared:
            edit.replace |= remember(here.notebook, source, names)
        else:
            kept["known"] = list(names)
        first["metadata"]["weeknotes"]["import"] |= kept
    edit.result.data = _applied(edit, here)
    return edit.result


def _end(here: Standing, source: str) -> int:
    """The index of the cell behind which the first cells of ``source`` go: the last one, and on a page
    that sources share, the last one of a source before it in the order of their names."""
    if not here.shared:
        return len(here.notebook.cells)
    given = [(cell, import_of(cell.metadata).get("source")) for cell in here.notebook.cells]
    imported = [(cell, natural(name)) for cell, name in given if isinstance(name, str)]
    before = [cell.index for cell, name in imported if name <= natural(source)]
    return max(before) if before else before_first(here.notebook, [cell for cell, _ in imported])


def _shown(made: MadeCell) -> str:
    return made.draft.title or made.text.strip().split("\n")[0][:60]


def _update(edit: _Edit, cell: Cell, made: MadeCell, page: MadePage, name: str, tell: Told) -> None:
    """Give ``cell`` the text that its source has now, unless its author has changed it."""
    ran = _ran_again(cell, made)
    if made.text == cell.source and identity(cell) == name and not ran:
        return
    if touched(cell):
        edit.result.kept += 1
        if import_of(cell.metadata).get("hash") != hash_of(made.text):
            tell(_shown(made), made.draft.start, "you have changed it since")
        return
    metadata = {**cell.metadata}
    own = {k: v for k, v in metadata["weeknotes"].items() if k not in ("paper", "papers")}
    new = note_cell(page, made, name)
    metadata["weeknotes"] = {**own, **new["metadata"]["weeknotes"]}
    listed = import_of(cell.metadata).get("known")
    if listed:
        metadata["weeknotes"]["import"] = {**metadata["weeknotes"]["import"], "known": listed}
    edit.replace[cell.index] = {
        **cell.json,
        "metadata": metadata,
        "source": made.text,
        **({key: new[key] for key in ("outputs", "execution_count")} if ran else {}),
        **({"id": new["id"]} if "id" in cell.json else {}),
    }
    edit.result.updated += made.text != cell.source or ran


def _ran_again(cell: Cell, made: MadeCell) -> bool:
    """Whether the source has new outputs for a code cell that no one has run here."""
    code = made.draft.code
    if code is None or cell.kind != "code":
        return False
    given = import_of(cell.metadata).get("outputs")
    return given != outputs_hash(code.outputs) and given == outputs_hash(cell.json.get("outputs"))


def _remove(edit: _Edit, present: Sequence[Cell], matched: set[str], tell: Told) -> None:
    """Take out the cells that the source has no longer, unless their author has changed them."""
    for cell in present:
        if identity(cell) in matched:
            continue
        title = cell.source.strip().split("\n")[0].lstrip("# ")[:60]
        if touched(cell):
            tell(title, 0, "no longer in the source; you have changed it, so it stays")
            edit.result.kept += 1
        else:
            tell(title, 0, "no longer in the source, and taken out")
            edit.remove.add(identity(cell))
            edit.result.removed += 1


def _update_rest(
    edit: _Edit, page: MadePage, here: Standing, project: Project, names: Sequence[str]
) -> None:
    """Bring front matter and chart up to date, and remember the ids that the source has given."""
    source = page.source.name
    gone = {n for n in here.known.get(source, []) if n in edit.remove}
    gone |= {identity(here.notebook.cells[n - 1]) for n in edit.replace}
    known = still_known(here.known.get(source, []), names, gone)
    if known != here.known.get(source):
        edit.replace |= remember(here.notebook, source, known)
    front = here.notebook.front_matter_cell
    if front and here.part and here.part[0] == source and not touched(front):
        new = front_matter(page, known, project)
        if new["source"] != front.source:
            edit.replace[front.index] = {**front.json, **new, "id": front.id}
            edit.result.updated += 1
    chart = here.notebook.find(CHART_CELL)
    if page.plan.chart and chart and chart.generated:
        new = chart_cell(page.plan.chart, page.plan.lang, source)
        if new["source"] != chart.source:
            edit.replace[chart.index] = {**new, "id": chart.id}
            edit.result.updated += 1


def _applied(edit: _Edit, here: Standing) -> bytes | None:
    """The notebook after ``edit``; None where that changes nothing."""
    if not (edit.replace or edit.insert or edit.remove):
        return None
    data = cell_edit.change(here.notebook, replace=edit.replace, insert=edit.insert)
    return _without(data, here.notebook.file, edit.remove) if edit.remove else data


def forget(here: Standing, source: str, names: set[str]) -> bytes:
    """The notebook ``here`` without the cells ``names`` of ``source``, and without any record of
    them: should they come back, they are new."""
    left = [name for name in here.known[source] if name not in names]
    edit = remember(here.notebook, source, left)
    data = cell_edit.change(here.notebook, replace=edit)
    return _without(data, here.notebook.file, names)


def _without(data: bytes, file: str, names: set[str]) -> bytes:
    """The notebook ``data`` without the imported cells whose ids are ``names``."""
    notebook = notebooks.parse(data, file)
    return cell_edit.without(
        notebook, {cell.index for cell in notebook.cells if identity(cell) in names}
    )
