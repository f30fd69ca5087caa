"""Putting what was made of a source into the journal, adding to what is there and replacing nothing
that its author has touched.

Every imported cell carries, in its metadata under ``weeknotes: import``, its source's name, an id
made of the source, the page and its title, and the hash of the text it was given. By these the next
import knows the cell again, and whether its author has changed it since.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from functools import cached_property

from weeknotes import files
from weeknotes.errors import NotebookError
from weeknotes.importers.gone_sources import GoneSources
from weeknotes.importers.page_cells import MadePage
from weeknotes.importers.page_decisions import Change, Decisions
from weeknotes.importers.page_paths import PagePaths
from weeknotes.importers.page_plan import PagePlan
from weeknotes.importers.previous_import import Standing
from weeknotes.importers.previous_import import read as read_standing
from weeknotes.importers.report import ImportReport, Remark
from weeknotes.importers.source_files import Source
from weeknotes.journal import notebooks, week_files
from weeknotes.journal.project import Project

_PICTURE = re.compile(r"assets/images/[^\s\"'<>()]+")


class Writer:
    """Plans and writes the notebooks of one import."""

    def __init__(self, project: Project, merge: bool, report: ImportReport) -> None:
        self.project = project
        self.merge = merge
        self.report = report
        self.here: dict[str, Standing] = {}
        self.broken: dict[str, str] = {}
        self.changes: dict[str, Change] = {}
        self.corrected: dict[str, tuple[str, str]] = {}
        self._given: list[tuple[Sequence[MadePage], Source]] = []
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

    def known_texts(self) -> dict[str, list[str]]:
        """The texts that earlier imports of each source have put into the journal, by its name."""
        texts: dict[str, list[str]] = {}
        for found in self.here.values():
            for name in found.known:
                texts.setdefault(name, []).extend(cell.source for cell in found.cells_of(name))
        return texts

    def rename(self, before: str, now: str) -> None:
        """Take the pages of the source ``before`` for those of the source ``now``, which it is."""
        self.paths.rename(before, now)

    def plan(self, pages: Sequence[MadePage], source: Source) -> None:
        """Take in the ``pages`` of ``source``, which are all that it gives now."""
        self._given.append((pages, source))

    def decide(self, asked: Collection[str], gone: GoneSources) -> None:
        """Decide what becomes of every notebook, now that all sources have been read: those whose
        names are ``asked``. ``gone`` has those that are not there any more."""
        decisions = Decisions(self.project, self.here, self.broken, self.report, merge=self.merge)
        decisions.decide(self._given, asked, gone)
        self.changes, self.corrected = decisions.changes, decisions.corrected

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

    def cites(self, key: str) -> bool:
        """Whether anything in the journal names the citation key ``key``, after this import."""
        word = re.compile(rf"(?<![A-Za-z0-9_]){re.escape(key)}(?![A-Za-z0-9_])")
        return any(map(word.search, self._texts))

    @cached_property
    def _texts(self) -> list[str]:
        """The texts of all notebooks as this import leaves them, and of the other pages."""
        texts = {path: found.disk for path, found in self.here.items()}
        for change in self.changes.values():
            if change.gone:
                texts.pop(change.path, None)
            elif change.data:
                texts[change.path] = change.data().decode("utf-8", "surrogatepass")
        root = self.project.root
        others = [
            *(self.project.root / path for path in self.broken),
            *(p for end in ("md", "qmd") for p in root.glob(f"*.{end}")),
            *(p for end in ("md", "qmd") for p in self.project.journal.rglob(f"*.{end}")),
        ]
        return [*texts.values(), *(path.read_text("utf-8", "replace") for path in others)]

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

    def _write(self, change: Change) -> str:
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
