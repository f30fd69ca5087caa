"""Putting what was made of a source into the journal, adding to what is there and replacing nothing
that its author has touched.

Every imported cell carries, in its metadata under ``weeknotes: import``, its source's name, an id
made of the source, the page and its title, and the hash of the text it was given. By these the next
import knows the cell again, and whether its author has changed it since.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from weeknotes import files
from weeknotes.errors import NotebookError
from weeknotes.importers.loss_check import stream
from weeknotes.importers.page_cells import (
    CHART_CELL,
    MadeCell,
    MadePage,
    chart_cell,
    front_matter,
    hash_of,
    note_cell,
    slug,
)
from weeknotes.importers.page_plan import PagePlan
from weeknotes.importers.previous_import import Standing, before_first, identity, remember, touched
from weeknotes.importers.previous_import import read as read_standing
from weeknotes.importers.report import ImportReport, PageResult, Remark
from weeknotes.importers.source_files import Source
from weeknotes.journal import cell_edit, notebooks, week_files
from weeknotes.journal.notebooks import Cell, CellJson
from weeknotes.journal.project import Project

_PICTURE = re.compile(r"assets/images/[^\s\"'<>()]+")
_METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


@dataclass
class _Change:
    """What is to be written to a notebook: a new one, or the bytes of a changed one. ``pages`` are
    those that it takes in; ``more`` are cells that other sources of the same import add at its end;
    ``old`` is what a changed one held when it was read."""

    path: str
    result: PageResult
    make: Callable[[], bytes] | None
    new: bool
    pages: list[MadePage] = field(default_factory=list)
    more: list[CellJson] = field(default_factory=list)
    old: str = ""


@dataclass
class _Edit:
    """Cells to replace, by their index, cells to add, by that of the one before, and counts."""

    replace: dict[int, CellJson] = field(default_factory=dict)
    insert: dict[int, list[CellJson]] = field(default_factory=dict)
    updated: int = 0
    kept: int = 0


class Writer:
    """Plans and writes the notebooks of one import."""

    def __init__(self, project: Project, merge: bool, report: ImportReport) -> None:
        self.project = project
        self.merge = merge
        self.report = report
        self.weeks = {week: project.relative(p) for week, p in week_files.weeks(project).items()}
        self.here: dict[str, Standing] = {}
        self.broken: dict[str, str] = {}
        self.changes: dict[str, _Change] = {}
        self._parts: dict[tuple[str, str, str], str] = {}
        self._hashes: dict[tuple[str, str], str] = {}
        self._look_around()
        self._taken = {path.lower() for path in (*self.here, *self.broken, *self._parts.values())}

    def path_for(self, plan: PagePlan, source: Source, form: str) -> str:
        """Where the page ``plan`` stands or shall stand, from the project's root."""
        if plan.week:
            new = self.project.relative(week_files.path_of(self.project, plan.week))
            return self.weeks.get(plan.week, new)
        part = (source.name, form, f"{plan.date or ''} {plan.slug}")
        if part in self._parts:
            return self._parts[part]
        stem = slug(PurePosixPath(source.name).stem) or "source"
        name = slug(plan.slug) or stem
        folder = f"journal/{plan.date.year}" if plan.date else "journal/undated"
        prefix = f"{plan.date}-" if plan.date else ""
        names = [
            f"{prefix}{name}",
            f"{prefix}{name}-{stem}" if stem != name else f"{prefix}{name}-2",
        ]
        names = names if plan.date else names[::-1]
        more = (f"{names[-1]}-{number}" for number in itertools.count(2))
        candidates = itertools.chain(names, more)
        path = next(
            p for n in candidates if (p := f"{folder}/{n}.ipynb").lower() not in self._taken
        )
        self._taken.add(path.lower())
        self._parts[part] = path
        return path

    def plan(self, page: MadePage) -> None:
        """Decide what becomes of ``page``."""
        if page.path in self.broken:
            self.report.failed.append(Remark(page.path, 0, self.broken[page.path]))
        elif page.path in self.changes:
            self._plan_together(page, self.changes[page.path])
        elif here := self.here.get(page.path):
            self._plan_change(page, here)
        else:
            self._plan_new(page)

    def write(self, progress: Callable[[int, int, str], None] | None) -> None:
        """Write what was planned, each notebook in one step."""
        todo = [change for change in self.changes.values() if change.make]
        for number, change in enumerate(todo, 1):
            assert change.make is not None
            target = self.project.root / change.path
            data = change.make()
            target.parent.mkdir(parents=True, exist_ok=True)
            if not change.new:
                if not files.replace_unchanged(target, change.old.encode(), data):
                    text = "changed meanwhile; left as it is, import again"
                    self.report.failed.append(Remark(change.path, 0, text))
            elif not files.create(target, data):
                self.report.failed.append(
                    Remark(change.path, 0, "appeared meanwhile; left as it is")
                )
            if progress:
                progress(number, len(todo), "writing")

    def conclude(self) -> None:
        """Put what became of each page into the report, weeks first."""
        self.report.pages += [change.result for change in self.changes.values()]
        self.report.pages.sort(key=lambda page: (page.kind != "week", page.path))

    def _look_around(self) -> None:
        """Read what the journal holds."""
        for path in week_files.notebook_paths(self.project):
            name = self.project.relative(path)
            try:
                self.here[name] = read_standing(notebooks.read(path, name))
            except (NotebookError, OSError) as error:
                self.broken[name] = f"cannot be read: {getattr(error, 'message', error)}"
                continue
            here = self.here[name]
            if here.part:
                self._parts.setdefault(here.part, name)
            for source in here.known:
                for digest in here.hashes:
                    self._hashes.setdefault((source, digest), name)

    def _result(self, page: MadePage, state: str, **counts: int) -> PageResult:
        notes = sum(1 for made in page.cells if made.draft.title)
        week = str(page.plan.week or "")
        return PageResult(page.path, page.plan.kind, page.source.name, state, week, notes, **counts)

    def _refuse(self, page: MadePage, why: str) -> None:
        key = f"{page.path} {page.source.name}"
        self.changes[key] = _Change(page.path, self._result(page, "refused"), None, new=False)
        cells = f"{len(page.cells)} cell{'s' if len(page.cells) != 1 else ''}"
        self.report.left_alone.append(
            Remark(page.source.name, page.plan.start, f"{page.path}: {why}; {cells} not added")
        )

    def _plan_together(self, page: MadePage, change: _Change) -> None:
        """Add ``page`` to what another source of this import gives the same week."""
        here = self.here.get(page.path)
        if here and here.known.get(page.source.name):
            # It was added before: this import has nothing to say that the next one would not.
            names = page.identities()
            if set(names) <= here.known[page.source.name]:
                self._other(page, change, "unchanged", [])
                return
        if not self.merge:
            self._refuse(page, f"{change.result.source} makes this week; --merge adds to it")
            return
        names = page.identities()
        known = here.known.get(page.source.name, set()) if here else set()
        cells = [
            note_cell(page, made, name)
            for made, name in zip(page.cells, names, strict=True)
            if name not in known
        ]
        if cells:
            cells[0]["metadata"]["weeknotes"]["import"]["known"] = sorted(names)
        self._other(page, change, "changed" if cells else "unchanged", cells)

    def _other(self, page: MadePage, change: _Change, state: str, cells: list[CellJson]) -> None:
        change.more += cells
        if cells and change.make is None:
            here = self.here[page.path]
            change.make = lambda: cell_edit.change(
                here.notebook, insert={len(here.notebook.cells): change.more}
            )
        result = self._result(page, state, added=len(cells))
        key = f"{page.path} {page.source.name}"
        self.changes[key] = _Change(page.path, result, None, new=False, pages=[page])

    def taken(self) -> tuple[set[str], set[str]]:
        """The citation keys and the pictures of all pages but those refused."""
        keys: set[str] = set()
        pictures: set[str] = set()
        for change in self.changes.values():
            for page in change.pages:
                for made in page.cells:
                    data = made.draft.data
                    keys.update(data.get("papers", ()), filter(None, [data.get("paper")]))
                    pictures.update(_PICTURE.findall(made.text))
        return keys, pictures

    def _plan_new(self, page: MadePage) -> None:
        names = page.identities()
        cells = [front_matter(page, names, self.project)]
        if page.plan.chart:
            cells.append(chart_cell(page.plan.chart, page.plan.lang))
        cells += [note_cell(page, made, name) for made, name in zip(page.cells, names, strict=True)]
        own = {"source": page.source.name, "format": page.format}
        own["part"] = f"{page.plan.date or ''} {page.plan.slug}"
        structure = [text for block in page.plan.structure if (text := block.text.strip())]
        metadata = {
            **_METADATA,
            "weeknotes": {"import": {**own, **page.plan.front, "structure": structure}},
        }
        self.changes[page.path] = _Change(
            page.path,
            self._result(page, "new", added=len(names)),
            None,
            new=True,
            pages=[page],
        )
        change = self.changes[page.path]
        change.make = lambda: cell_edit.dump(
            cell_edit.new_notebook([*cells, *change.more], metadata)
        )
        if page.plan.week:
            self.weeks[page.plan.week] = page.path

    def _plan_change(self, page: MadePage, here: Standing) -> None:
        """Bring the cells of an earlier import of the same source up to date, and add new ones; to a
        notebook of other making only add, and only with ``--merge``."""
        names = page.identities()
        known = here.known.get(page.source.name, set())
        # Two clones may have one name: theirs is another source if it shares little of what this gave.
        own = bool(known) and 2 * len(known & set(names)) >= min(len(known), len(names))
        if not own and not self.merge:
            self._refuse(page, "exists already; --merge adds to it")
            return
        edit = self._edit(page, here, names, known, own)
        if edit.insert and own:
            edit.replace |= remember(here.notebook, page.source.name, known | set(names))
        elif edit.insert:
            first = next(iter(edit.insert.values()))[0]
            first["metadata"]["weeknotes"]["import"]["known"] = sorted(names)
        state = "changed" if edit.insert or edit.replace else "unchanged"
        added = sum(map(len, edit.insert.values()))
        result = self._result(page, state, added=added, updated=edit.updated, kept=edit.kept)
        planned = _Change(page.path, result, None, new=False, pages=[page], old=here.notebook.text)
        self.changes[page.path] = planned

        def make() -> bytes:
            end = len(here.notebook.cells)
            insert = {**edit.insert, end: [*edit.insert.get(end, ()), *planned.more]}
            return cell_edit.change(here.notebook, replace=edit.replace, insert=insert)

        planned.make = make if state == "changed" else None

    def _edit(
        self, page: MadePage, here: Standing, names: Sequence[str], known: set[str], own: bool
    ) -> _Edit:
        """What ``page`` changes in the notebook that stands in its place."""
        edit = _Edit()
        present = {name: cell for cell in here.notebook.cells if (name := identity(cell))}
        after = 0 if own else len(here.notebook.cells)
        for made, name in zip(page.cells, names, strict=True):
            if name in present:
                after = present[name].index
                if change := self._update(present[name], made, page):
                    edit.replace[after] = change
                    edit.updated += 1
                elif touched(present[name]):
                    edit.kept += 1
            elif name in known:
                self._left(page, made, "you took it out, and it stays out")
                edit.kept += 1
            elif elsewhere := self._elsewhere(page, made):
                self._left(page, made, f"imported already, into {elsewhere}")
            else:
                place = after or before_first(here.notebook, present.values())
                edit.insert.setdefault(place, []).append(note_cell(page, made, name))
        chart = here.notebook.find(CHART_CELL)
        if own and page.plan.chart and chart and chart.generated:
            new = chart_cell(page.plan.chart, page.plan.lang)
            if new["source"] != chart.source:
                edit.replace[chart.index] = {**new, "id": chart.id}
                edit.updated += 1
        return edit

    def _update(self, cell: Cell, made: MadeCell, page: MadePage) -> CellJson | None:
        """``cell`` with the text that its source has now; None where it has it already, or where its
        author has changed it."""
        if made.text == cell.source:
            return None
        if stream(cell.source).startswith(stream(made.text)):
            # The source was cut, which is no reason to take away what it once gave.
            return None
        if touched(cell):
            self._left(page, made, "you have changed it since")
            return None
        metadata = {**cell.metadata}
        own = dict(metadata["weeknotes"])
        metadata["weeknotes"] = {**own, **made.draft.data}
        metadata["weeknotes"]["import"] = {**own["import"], "hash": hash_of(made.text)}
        return {**cell.json, "metadata": metadata, "source": made.text}

    def _left(self, page: MadePage, made: MadeCell, why: str) -> None:
        what = made.draft.title or made.text.strip().split("\n")[0][:60]
        self.report.left_alone.append(
            Remark(page.source.name, made.draft.start, f"{page.path}: {what!r}: {why}")
        )

    def _elsewhere(self, page: MadePage, made: MadeCell) -> str:
        """Another notebook that this very cell was imported into earlier."""
        path = self._hashes.get((page.source.name, hash_of(made.text)), "")
        return path if path != page.path else ""
