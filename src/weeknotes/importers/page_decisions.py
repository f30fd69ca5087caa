"""This module decides what an import does to each notebook of the journal.

A notebook that nobody has touched is a function of the sources that it was made of: where this import
has read all of them, it is made anew, as a first import would make it, and it is removed if none of
them gives it any more. To every other notebook cells are added, brought up to date and taken out, and
what a person has changed in it stays.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

from weeknotes.importers.cut_sources import looks_cut
from weeknotes.importers.gone_sources import GoneSources
from weeknotes.importers.leaving import Given, Leaving, leaving_of, settle_folders
from weeknotes.importers.matching import corrected_titles
from weeknotes.importers.page_cells import MadePage
from weeknotes.importers.page_changes import (
    PageChange,
    Told,
    amend,
    changes_between,
    forget,
    whole_notebook,
)
from weeknotes.importers.previous_import import Standing, identity, touched
from weeknotes.importers.previous_import import read as read_standing
from weeknotes.importers.report import ImportReport, PageResult, Remark
from weeknotes.importers.same_source import is_own
from weeknotes.importers.source_files import Source
from weeknotes.journal import notebooks
from weeknotes.journal.project import Project


@dataclass
class Change:
    """A change to be written to a notebook. ``data`` makes its bytes, and is None if nothing is
    written; ``gone`` means that the file is removed. ``pages`` are the pages that it takes in;
    ``old`` is the text of the notebook when it was read, None for a new one."""

    path: str
    result: PageResult
    data: Callable[[], bytes] | None = None
    pages: list[MadePage] = field(default_factory=list)
    old: str | None = None
    gone: bool = False


class Decisions:
    """What becomes of each notebook of the journal: ``changes``, by its path, or by its path and the
    source where several write to one. ``corrected`` has the titles that sources have corrected."""

    def __init__(
        self,
        project: Project,
        here: dict[str, Standing],
        broken: Mapping[str, str],
        report: ImportReport,
        *,
        merge: bool,
    ) -> None:
        self.project = project
        self.here = here
        self.broken = broken
        self.merge = merge
        self.report = report
        self.changes: dict[str, Change] = {}
        self.corrected: dict[str, tuple[str, str]] = {}
        self._anew: set[str] = set()
        self._leaving: dict[tuple[str, str], Leaving] = {}

    def decide(
        self,
        given: Sequence[tuple[Sequence[MadePage], Source]],
        asked: Collection[str],
        gone: GoneSources,
    ) -> None:
        """Decide for the pages that each source of the import gives, in this order, and for what the
        sources in ``gone`` have given earlier. ``asked`` are the names of all sources of the import,
        those too that could not be read."""
        self._rename(given, gone.renamed)
        sources = [self._about(pages, source, gone) for pages, source in given]
        settle_folders(sources)
        for one in sources:
            if one.own and not one.cut:
                cells = [cell for found in one.old.values() for cell in found.cells_of(one.name)]
                made = (cell for page in one.pages for cell in page.cells)
                self.corrected |= corrected_titles(made, cells)
                self._leaving |= {(path, one.name): why for path, why in leaving_of(one)}
        self._find_gone(gone)
        by_name = {one.name: one for one in sources}
        self._anew = {path for path in self.here if self._may_be_made_anew(path, by_name)}
        for one in sources:
            for page in one.pages:
                self._plan(page, one)
        for path in list(self.here):
            self._settle(path)
        self._name_what_stays(by_name, asked, gone)

    def _rename(
        self, given: Sequence[tuple[Sequence[MadePage], Source]], renamed: Mapping[str, str]
    ) -> None:
        """Take what the sources in ``renamed`` have given under their former names for their own."""
        for pages, source in given:
            if not (before := renamed.get(source.name)):
                continue
            names: dict[str, str] = {}
            for page in pages:
                names |= dict(zip(page.identities(before), page.identities(), strict=True))
            for path, found in self.here.items():
                if before in found.known:
                    self.here[path] = found.renamed(before, source.name, names)
            self.report.decisions.append(Remark(source.name, 0, f"it was {before} before"))

    def _about(self, pages: Sequence[MadePage], source: Source, gone: GoneSources) -> Given:
        name = source.name
        old = {path: found for path, found in self.here.items() if name in found.known}
        cut = looks_cut(pages, old, source)
        if cut:
            self.report.left_alone.append(Remark(name, 0, cut))
        own = name in gone.renamed or is_own(pages, old, name)
        return Given(pages, source, old, cut, own)

    def _find_gone(self, gone: GoneSources) -> None:
        for path, found in self.here.items():
            for name in gone.gone & found.known.keys():
                self._leaving[path, name] = Leaving("its source is gone")

    def _may_be_made_anew(self, path: str, given: Mapping[str, Given]) -> bool:
        """Whether nobody has touched a notebook, and this import knows all that it comes from."""

        def settled(name: str) -> bool:
            if leaving := self._leaving.get((path, name)):
                return leaving.cells is None
            one = given.get(name)
            return one is not None and one.own and not one.cut and path in one.covered

        here = self.here[path]
        return all(map(settled, here.known)) and here.untouched

    def _plan(self, page: MadePage, one: Given) -> None:
        here = self.here.get(page.path)
        if page.path in self.broken:
            self.report.failed.append(Remark(page.path, 0, self.broken[page.path]))
        elif other := self.changes.get(page.path):
            if self._may_share(page, other):
                self._plan_shared(page, other, one)
            else:
                what = "week" if page.plan.week else "day"
                text = f"{other.result.source} has the same {what}; --merge puts them together"
                self._refuse(page, text)
        elif here is None:
            self._plan_new(page)
        elif one.cut and page.path in one.old:
            change = Change(page.path, self._result(page, "unchanged"), pages=[page])
            change.old = here.disk
            self.changes[page.path] = change
        elif page.path in self._anew and (
            one.name in here.known or self.merge or not page.source.place.named
        ):
            self._plan_new(page)
            self.changes[page.path].old = here.disk
        else:
            self._plan_change(page, here, one)

    def _may_share(self, page: MadePage, other: Change) -> bool:
        """Whether ``page`` may go to the notebook that ``other`` is of, a page of another source of
        this import. The files of a folder are one journal, and none of them is refused because of
        another; files that are named one by one flow together with ``--merge`` only."""
        shared = page.plan.shared and other.pages[0].plan.shared
        here = self.here.get(page.path)
        known = here is not None and page.source.name in here.known
        return shared or known or self.merge or not page.source.place.named

    def _elsewhere(self, one: Given) -> dict[str, str]:
        """The notebooks that texts of a source were imported into and will stay in, by the texts'
        hashes: those that its pages of now do not reach."""
        return {
            digest: path
            for path, found in one.old.items()
            if path not in one.covered and (path, one.name) not in self._leaving
            for digest in found.hashes
        }

    def _result(self, page: MadePage, state: str, **counts: int) -> PageResult:
        notes = sum(1 for made in page.cells if made.draft.title)
        week = str(page.plan.week or "")
        return PageResult(page.path, page.plan.kind, page.source.name, state, week, notes, **counts)

    def _changed(self, page: MadePage, made: PageChange) -> PageResult:
        return self._result(
            page,
            "unchanged" if made.data is None else "changed",
            added=made.added,
            updated=made.updated,
            removed=made.removed,
            kept=made.kept,
        )

    def _refuse(self, page: MadePage, why: str) -> None:
        key = f"{page.path} {page.source.name}"
        self.changes[key] = Change(page.path, self._result(page, "refused"))
        cells = f"{len(page.cells)} cell{'s' if len(page.cells) != 1 else ''}"
        self.report.left_alone.append(
            Remark(page.source.name, page.plan.start, f"{page.path}: {why}; {cells} not added")
        )

    def _plan_new(self, page: MadePage) -> None:
        change = Change(page.path, self._result(page, "new", added=len(page.cells)), pages=[page])
        change.data = lambda: whole_notebook(page, self.project)
        self.changes[page.path] = change

    def _plan_change(self, page: MadePage, here: Standing, one: Given) -> None:
        """Bring the cells of an earlier import of the same source up to date, and add new ones; to a
        notebook of other making only add, and only with ``--merge``."""
        own = one.own and one.name in here.known
        if not own and not self.merge and not (page.plan.shared and here.shared):
            self._refuse(page, "exists already; --merge adds to it")
            return
        made = amend(page, here, self.project, self._elsewhere(one), self._tell(page), own=own)
        self._record(page, here.disk, made, here)

    def _record(self, page: MadePage, disk: str, made: PageChange, here: Standing) -> None:
        """Record that ``made`` is done to a notebook that is ``disk`` as a file. One whose source has
        another name now is written though nothing else has changed."""
        if made.data is None and here.notebook.text != disk:
            made.data = here.notebook.text.encode("utf-8", "surrogatepass")
        change = Change(page.path, self._changed(page, made), pages=[page], old=disk)
        if (data := made.data) is not None:
            change.data = lambda: data
        self.changes[page.path] = change

    def _tell(self, page: MadePage) -> Told:
        """Tells the report what stays as it is although the source of ``page`` says otherwise."""

        def tell(title: str, line: int, what: str) -> None:
            text = f"{page.path}: {title!r}: {what}"
            self.report.left_alone.append(Remark(page.source.name, line, text))

        return tell

    def _plan_shared(self, page: MadePage, change: Change, one: Given) -> None:
        """Bring what ``page`` gives a notebook that other sources of this import write to as well up
        to date: each in its turn, upon what those before it have changed."""
        now = change.data() if change.data else (change.old or "").encode()
        here = read_standing(notebooks.parse(now, page.path))
        own = page.source.name in here.known
        made = amend(page, here, self.project, self._elsewhere(one), self._tell(page), own=own)
        if (data := made.data) is not None:
            change.data = lambda: data
        result = self._changed(page, made)
        self.changes[f"{page.path} {page.source.name}"] = Change(page.path, result, pages=[page])

    def _settle(self, path: str) -> None:
        """Decide what is left to decide for the notebook at ``path`` when all sources have been asked:
        whether one that is made anew differs, and what the sources that let go of it take along."""
        here = self.here[path]
        leaving = {
            name: why for name in here.known if (why := self._leaving.get((path, name))) is not None
        }
        for name, one in leaving.items():
            self.report.decisions.append(Remark(name, 0, f"{path}: {one.why}"))
        if path not in self._anew:
            for name, one in leaving.items():
                self._take_out(path, name, one)
        elif path in self.changes:
            self._compare(path, here)
        else:
            cells = sum(len(here.cells_of(name)) for name in here.known)
            source = ", ".join(here.known)
            result = PageResult(path, "page", source, "removed", removed=cells)
            self.changes[path] = Change(path, result, lambda: b"", old=here.disk, gone=True)

    def _compare(self, path: str, here: Standing) -> None:
        """Say in the report what making the notebook at ``path`` anew has changed in it."""
        first = self.changes[path]
        if first.data is None:
            return
        data = first.data()
        same = data == here.disk.encode("utf-8", "surrogatepass")
        first.data = None if same else (lambda: data)
        for change in [c for c in self.changes.values() if c.path == path and c.pages]:
            (page,) = change.pages
            if page.source.name not in here.known and not same:
                state = "changed" if here.known else "new"
                change.result = self._result(page, state, added=len(page.cells))
                continue
            made = changes_between(page, here, data)
            if same or (change is not first and not (made.added or made.updated or made.removed)):
                made.data = None
            change.result = self._changed(page, made)

    def _take_out(self, path: str, name: str, leaving: Leaving) -> None:
        """Take the cells out that the source ``name`` has let go of, but for those that a person has
        changed. A page that only this source has written stays as a whole if a person has."""
        here = self.here[path]
        change = self.changes.get(path)
        text = here.disk
        if change:
            text = (
                (change.data().decode("utf-8", "surrogatepass"))
                if change.data
                else (change.old or "")
            )
        now = read_standing(notebooks.parse(text.encode("utf-8", "surrogatepass"), path))
        present = now.cells_of(name)
        whole = set(here.known) == {name} and leaving.why == "its source is gone"
        going = {
            identity(cell)
            for cell in present
            if not whole
            and not touched(cell)
            and (leaving.cells is None or identity(cell) in leaving.cells)
        }
        staying = [cell for cell in present if identity(cell) not in going]
        for cell in staying:
            title = cell.source.strip().split("\n")[0].lstrip("# ")[:60]
            self.report.left_alone.append(
                Remark(name, 0, f"{path}: {title!r}: no longer in the source; it stays")
            )
        if not going:
            return
        data = forget(now, name, going)
        result = PageResult(path, "page", name, "changed", removed=len(going))
        if change:
            change.data = lambda: data
            self.changes[f"{path} {name} left"] = Change(path, result)
        else:
            self.changes[path] = Change(path, result, lambda: data, old=here.disk)

    def _name_what_stays(
        self, given: Mapping[str, Given], asked: Collection[str], gone: GoneSources
    ) -> None:
        """Name in the report the pages that a source of this import gives no longer, and that stay."""
        for path, found in self.here.items():
            for name in found.known:
                one = given.get(name)
                if (path, name) in self._leaving or not found.cells_of(name):
                    continue
                if name in gone.missing:
                    why = gone.missing[name]
                elif name in asked and (one is None or not one.pages):
                    why = "the source gives nothing now"
                elif one and one.own and not one.cut and path not in one.covered:
                    why = "the source has it no longer"
                else:
                    continue
                self.report.left_alone.append(Remark(name, 0, f"{path} stays, though {why}"))
