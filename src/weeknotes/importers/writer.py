"""Putting what was made of a source into the journal, adding to what is there and replacing nothing
that its author has touched.

Every imported cell carries, in its metadata under ``weeknotes: import``, its source's name, an id
made of the source, the page and its title, and the hash of the text it was given. By these the next
import knows the cell again, and whether its author has changed it since.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from weeknotes import files
from weeknotes.errors import NotebookError
from weeknotes.importers.cut_sources import looks_cut
from weeknotes.importers.matching import corrected_titles, likeness, match
from weeknotes.importers.page_cells import MadePage, hash_of
from weeknotes.importers.page_changes import PageChange, Told, amend, renew, whole_notebook, without
from weeknotes.importers.page_paths import PagePaths
from weeknotes.importers.page_plan import PagePlan
from weeknotes.importers.previous_import import Standing, identity, import_of, touched
from weeknotes.importers.previous_import import read as read_standing
from weeknotes.importers.report import ImportReport, PageResult, Remark
from weeknotes.importers.source_files import Source
from weeknotes.journal import notebooks, week_files
from weeknotes.journal.project import Project

_PICTURE = re.compile(r"assets/images/[^\s\"'<>()]+")
_SURELY_ALIKE = 0.75
# Names that files of many repositories have.
_COMMON_NAMES = frozenset("readme index log journal notes note diary main papers weekly".split())


@dataclass
class _Change:
    """A change to be written to a notebook. ``data`` makes its bytes, and is None if nothing is
    written; ``gone`` means that the file is removed. ``pages`` are the pages that it takes in;
    ``old`` is the text of the notebook when it was read, None for a new one."""

    path: str
    result: PageResult
    data: Callable[[], bytes] | None = None
    pages: list[MadePage] = field(default_factory=list)
    old: str | None = None
    gone: bool = False


class Writer:
    """Plans and writes the notebooks of one import."""

    def __init__(self, project: Project, merge: bool, report: ImportReport) -> None:
        self.project = project
        self.merge = merge
        self.report = report
        self.here: dict[str, Standing] = {}
        self.broken: dict[str, str] = {}
        self.changes: dict[str, _Change] = {}
        self.corrected: dict[str, tuple[str, str]] = {}
        self._look_around()
        weeks = {week: project.relative(p) for week, p in week_files.weeks(project).items()}
        self.paths = PagePaths(project, weeks, self.here, self.broken)

    def _look_around(self) -> None:
        """Read what the journal holds."""
        for path in week_files.notebook_paths(self.project):
            name = self.project.relative(path)
            try:
                self.here[name] = read_standing(notebooks.read(path, name))
            except (NotebookError, OSError) as error:
                self.broken[name] = f"cannot be read: {getattr(error, 'message', error)}"

    def paths_for(self, plans: Sequence[PagePlan], source: Source, form: str) -> list[str]:
        """The path of each of ``plans``, the pages of ``source``, from the project's root."""
        return self.paths.of(plans, source, form)

    def plan(self, pages: Sequence[MadePage], source: Source) -> None:
        """Decide what becomes of the ``pages`` of ``source``, which are all that it gives now."""
        name = source.name
        old = {path: found for path, found in self.here.items() if name in found.known}
        if cut := looks_cut(pages, old, name):
            self.report.left_alone.append(Remark(name, 0, cut))
        own = self._is_own(pages, old, name)
        if own and not cut:
            cells = [cell for found in old.values() for cell in found.cells_of(name)]
            made = (cell for page in pages for cell in page.cells)
            self.corrected |= corrected_titles(made, cells)
        elsewhere = self._elsewhere(pages, old, name)
        for page in pages:
            if page.path in self.broken:
                self.report.failed.append(Remark(page.path, 0, self.broken[page.path]))
            elif page.path in self.changes:
                other = self.changes[page.path]
                if self._may_share(page, other):
                    self._plan_shared(page, other, elsewhere)
                else:
                    what = "week" if page.plan.week else "day"
                    text = f"{other.result.source} has the same {what}; --merge puts them together"
                    self._refuse(page, text)
            elif cut and page.path in old:
                self._plan_nothing(page, old[page.path])
            elif here := self.here.get(page.path):
                self._plan_change(page, here, own and name in here.known, elsewhere)
            else:
                self._plan_new(page)
        if own and pages and not cut:
            covered = {page.path for page in pages}
            for path, found in old.items():
                if path not in covered and path not in self.changes:
                    self._plan_left(path, found, pages, name)

    def _may_share(self, page: MadePage, other: _Change) -> bool:
        """Whether ``page`` may go to the notebook that ``other`` is of, a page of another source of
        this import. The files of a folder are one journal, and none of them is refused because of
        another; files that are named one by one flow together with ``--merge`` only."""
        shared = page.plan.shared and other.pages[0].plan.shared
        here = self.here.get(page.path)
        known = here is not None and page.source.name in here.known
        return shared or known or self.merge or not page.source.place.named

    def _is_own(self, pages: Sequence[MadePage], old: dict[str, Standing], name: str) -> bool:
        """Whether ``old`` comes from earlier imports of this very source. Two clones may have one
        name: theirs is another source if it shares little of what this one gave."""
        known = {n for found in old.values() for n in found.known[name]}
        before = {
            str(import_of(c.metadata).get("hash")) for f in old.values() for c in f.cells_of(name)
        }
        names = [n for page in pages for n in page.identities()]
        texts = [made.text for page in pages for made in page.cells]
        shared = sum(
            1 for n, text in zip(names, texts, strict=True) if n in known or hash_of(text) in before
        )
        fewer = min(len(known), len(names))
        if fewer and 2 * shared >= fewer:
            return True
        # A file that was written anew has little of what it had, but its own name and its page.
        if PurePosixPath(name).stem.lower() not in _COMMON_NAMES and any(
            page.path in old and old[page.path].made_by(name) for page in pages
        ):
            return True
        if fewer > 1:
            return False
        # A title or a note alone has nothing beside it that could tell: the name of its page does, or
        # its text.
        if any(
            page.path in old
            and old[page.path].part == (name, page.format, page.part)
            and not page.plan.week
            for page in pages
        ):
            return True
        return any(
            likeness(made.text, cell.source) >= _SURELY_ALIKE
            for page in pages
            if page.path in old
            for made in page.cells
            for cell in old[page.path].cells_of(name)
        )

    def _elsewhere(
        self, pages: Sequence[MadePage], old: dict[str, Standing], name: str
    ) -> dict[str, str]:
        """The notebooks that texts of this source were imported into and will stay in, by the texts'
        hashes: those that the pages of now do not reach."""
        covered = {page.path for page in pages}
        return {
            digest: path
            for path, found in old.items()
            if path not in covered
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
        self.changes[key] = _Change(page.path, self._result(page, "refused"))
        cells = f"{len(page.cells)} cell{'s' if len(page.cells) != 1 else ''}"
        self.report.left_alone.append(
            Remark(page.source.name, page.plan.start, f"{page.path}: {why}; {cells} not added")
        )

    def _plan_new(self, page: MadePage) -> None:
        change = _Change(page.path, self._result(page, "new", added=len(page.cells)), pages=[page])
        change.data = lambda: whole_notebook(page, self.project)
        self.changes[page.path] = change
        self.paths.made(page.plan, page.path)

    def _plan_nothing(self, page: MadePage, here: Standing) -> None:
        """Leave a notebook as it is."""
        change = _Change(page.path, self._result(page, "unchanged"), pages=[page])
        change.old = here.notebook.text
        self.changes[page.path] = change

    def _plan_change(
        self, page: MadePage, here: Standing, own: bool, elsewhere: dict[str, str]
    ) -> None:
        """Bring the cells of an earlier import of the same source up to date, and add new ones; to a
        notebook of other making only add, and only with ``--merge``."""
        source = page.source.name
        if not own and not self.merge and not (page.plan.shared and here.shared):
            self._refuse(page, "exists already; --merge adds to it")
            return
        tell = self._tell(page)
        if own and here.made_by(source):
            made = renew(page, here, self.project)
        else:
            made = amend(page, here, self.project, elsewhere, tell, own=own)
        result = self._changed(page, made)
        change = _Change(page.path, result, pages=[page], old=here.notebook.text)
        if (data := made.data) is not None:
            change.data = lambda: data
        self.changes[page.path] = change

    def _tell(self, page: MadePage) -> Told:
        """Tells the report what stays as it is although the source of ``page`` says otherwise."""

        def tell(title: str, line: int, what: str) -> None:
            text = f"{page.path}: {title!r}: {what}"
            self.report.left_alone.append(Remark(page.source.name, line, text))

        return tell

    def _plan_shared(self, page: MadePage, change: _Change, elsewhere: dict[str, str]) -> None:
        """Bring what ``page`` gives a notebook that other sources of this import write to as well up
        to date: each in its turn, upon what those before it have changed."""
        now = change.data() if change.data else (change.old or "").encode()
        here = read_standing(notebooks.parse(now, page.path))
        own = page.source.name in here.known
        made = amend(page, here, self.project, elsewhere, self._tell(page), own=own)
        if (data := made.data) is not None:
            change.data = lambda: data
        result = self._changed(page, made)
        self.changes[f"{page.path} {page.source.name}"] = _Change(page.path, result, pages=[page])

    def _plan_left(self, path: str, here: Standing, pages: Sequence[MadePage], source: str) -> None:
        """Decide what becomes of the notebook at ``path``, of which the source gives nothing now: the
        notes that are on another page now leave it, and it is removed with the last of them."""
        present = here.cells_of(source)
        if not present:
            return
        moved: dict[str, str] = {}
        for page in pages:
            names = page.identities()
            left = [cell for cell in present if identity(cell) not in moved]
            for cell in match(names, page.cells, left).values():
                moved[identity(cell)] = page.path
        gone = {identity(c) for c in present if identity(c) in moved and not touched(c)}
        for cell in present:
            if identity(cell) not in gone:
                title = cell.source.strip().split("\n")[0].lstrip("# ")[:60]
                text = f"{path}: {title!r}: no longer in the source; it stays"
                self.report.left_alone.append(Remark(source, 0, text))
        if not gone:
            return
        where = ", ".join(sorted(set(moved.values())))
        whole = len(gone) == len(present) and here.made_by(source)
        self.report.decisions.append(Remark(source, 0, f"{path}: its notes are on {where} now"))
        result = PageResult(
            path, "page", source, "removed" if whole else "changed", removed=len(gone)
        )
        change = _Change(path, result, old=here.notebook.text, gone=whole)
        text = here.notebook.text
        change.data = lambda: without(text.encode(), path, gone)
        self.changes[path] = change

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

    def write(self, progress: Callable[[int, int, str], None] | None) -> None:
        """Write what was planned, each notebook in one step. Notes that move are in their new place
        before they leave the old one."""
        todo = [change for change in self.changes.values() if change.data]
        todo.sort(key=lambda change: not change.pages)
        for number, change in enumerate(todo, 1):
            if error := self._write(change):
                self.report.failed.append(Remark(change.path, 0, error))
            if progress:
                progress(number, len(todo), "writing")

    def _write(self, change: _Change) -> str:
        """Write one notebook; the message where that was not possible, else empty."""
        target = self.project.root / change.path
        if change.gone:
            if target.read_text("utf-8") != change.old:
                return "changed meanwhile; left as it is, import again"
            target.unlink()
            return ""
        assert change.data is not None
        data = change.data()
        target.parent.mkdir(parents=True, exist_ok=True)
        if change.old is None:
            return "" if files.create(target, data) else "appeared meanwhile; left as it is"
        if files.replace_unchanged(target, change.old.encode(), data):
            return ""
        return "changed meanwhile; left as it is, import again"

    def drop_unused(self, picture: str) -> None:
        """Remove ``picture`` (from the project's root) if this import has taken out the last use."""
        used = any(picture in (change.old or "") for change in self.changes.values())
        target = self.project.root / picture
        if used and target.exists():
            paths = week_files.notebook_paths(self.project)
            if not any(picture in path.read_text("utf-8", "replace") for path in paths):
                target.unlink()

    def conclude(self) -> None:
        """Put what became of each page into the report, weeks first."""
        self.report.pages += [change.result for change in self.changes.values()]
        self.report.pages.sort(key=lambda page: (page.kind != "week", page.path))
