"""The notebooks that pages go to: the ones they are in already, or new ones with names of their own."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePosixPath

from weeknotes.importers import notion_names
from weeknotes.importers.page_cells import part_of, slug
from weeknotes.importers.page_plan import PagePlan
from weeknotes.importers.previous_import import Standing
from weeknotes.importers.source_files import Source
from weeknotes.journal import week_files
from weeknotes.journal.project import Project
from weeknotes.journal.weeks import Week

Part = tuple[str, str, str]
"""A page of a source: the source's name, its format, and the name of the page in it."""
_DAY_AT_FRONT = re.compile(
    r"^(?:(?:19|20)?[0-9]{2}[-_. ]?[0-9]{2}[-_. ]?[0-9]{2})(?=[-_. ]|$)[-_. ]*"
)
# The number of 32 digits that Notion puts behind each name.


class PagePaths:
    """The paths of pages, from the project's root. ``weeks`` has those of weeks; ``here`` and
    ``broken`` are all notebooks of the journal."""

    def __init__(
        self,
        project: Project,
        weeks: dict[Week, str],
        here: Mapping[str, Standing],
        broken: Iterable[str],
    ) -> None:
        self.project = project
        self.weeks = weeks
        self.here = here
        self._parts: dict[Part, str] = {}
        for name, found in here.items():
            if found.part:
                self._parts.setdefault(found.part, name)
        self._taken = {path.lower() for path in (*here, *broken)}

    def rename(self, before: str, now: str) -> None:
        """Remember the pages of the source ``before`` as those of ``now``."""
        for part in [part for part in self._parts if part[0] == before]:
            self._parts.setdefault((now, *part[1:]), self._parts.pop(part))

    def of(self, plans: Sequence[PagePlan], source: Source, form: str) -> list[str]:
        """The path of each of ``plans``, the pages of one source."""
        _tell_apart(plans)
        paths: dict[int, str] = {}
        for number, plan in enumerate(plans):
            part = (source.name, form, part_of(plan))
            if plan.week:
                new = self.project.relative(week_files.path_of(self.project, plan.week))
                paths[number] = self.weeks.get(plan.week, new)
            elif plan.shared:
                paths[number] = self._shared(plan)
            elif part in self._parts:
                paths[number] = self._parts[part]
        left = [number for number in range(len(plans)) if number not in paths]
        paths |= self._renamed(left, plans, source, form, set(paths.values()))
        for number in left:
            if number not in paths:
                paths[number] = self._new(plans[number], source, len(plans))
            self._parts[(source.name, form, part_of(plans[number]))] = paths[number]
        self._taken.update(path.lower() for path in paths.values())
        for number, plan in enumerate(plans):
            _tell_in_title(plan, paths[number], source)
        return [paths[number] for number in range(len(plans))]

    def _shared(self, plan: PagePlan) -> str:
        """The path of a page that several sources share: the same for all of them."""
        folder = f"journal/{plan.date.year}/{plan.date}-" if plan.date else "journal/undated/"
        for number in itertools.count(1):
            path = f"{folder}{slug(plan.slug)}{'' if number == 1 else f'-{number}'}.ipynb"
            if path not in self.here or self.here[path].shared:
                return path
        raise AssertionError

    def _renamed(
        self,
        left: Sequence[int],
        plans: Sequence[PagePlan],
        source: Source,
        form: str,
        used: set[str],
    ) -> dict[int, str]:
        """Pages that the source calls otherwise now: the one of the same day, if there is only one
        on either side. Its notebook keeps its name, which links to it use."""
        mine = [
            (part, path) for part, path in self._parts.items() if part[:2] == (source.name, form)
        ]
        found: dict[int, str] = {}
        for number in left:
            day = str(plans[number].date or "")
            rivals = [n for n in left if str(plans[n].date or "") == day]
            old = [
                path
                for part, path in mine
                if part[2].partition(" ")[0] == day and path not in used and path in self.here
            ]
            if len(old) == 1 and len(rivals) == 1:
                found[number] = old[0]
        return found

    def _new(self, plan: PagePlan, source: Source, pages: int) -> str:
        """A path that no notebook has. The file's name tells pages of one day apart, without the day
        and without repeating the title."""
        prefix = f"{plan.date}-" if plan.date else ""
        name = _name_of(source)
        stem = slug(_DAY_AT_FRONT.sub("", name))
        title = slug(_DAY_AT_FRONT.sub("", plan.slug) if plan.date else plan.slug)
        base = title or stem or ("page" if plan.date else "source")
        names = [base, f"{base}-{stem}" if stem and stem not in base else "", f"{stem}-{title}"]
        if not plan.date and pages == 1:
            names = [stem or base]
        elif not plan.date and stem:
            names = [f"{base}-{stem}" if stem != base else base]
        folder = f"journal/{plan.date.year}" if plan.date else "journal/undated"
        distinct = [name for name in dict.fromkeys(names) if name.strip("-")]
        more = (f"{distinct[-1]}-{number}" for number in itertools.count(2))
        path = next(
            path
            for name in itertools.chain(distinct, more)
            if (path := f"{folder}/{prefix}{name}.ipynb").lower() not in self._taken
        )
        self._taken.add(path.lower())
        return path


def _name_of(source: Source) -> str:
    """The name of a source's file, without the number of a page of Notion; empty where the name is
    only the beginning of the page's title."""
    stem = PurePosixPath(source.name).stem
    if notion_names.short_title_in(stem) and notion_names.has_short_names(source.place.root):
        return ""
    return notion_names.title_in(stem) or stem


def _tell_apart(plans: Sequence[PagePlan]) -> None:
    """Give pages of one source that have the same day and slug slugs of their own."""
    seen: dict[str, int] = {}
    for plan in plans:
        if plan.week:
            continue
        part = part_of(plan)
        seen[part] = seen.get(part, 0) + 1
        if seen[part] > 1:
            plan.slug = f"{plan.slug} {seen[part]}".strip()


def _tell_in_title(plan: PagePlan, path: str, source: Source) -> None:
    """Add the name of the source's file to the title of a page whose notebook has it in its name, as
    one of several of a day has."""
    name = re.sub(r"[-_ ]+", " ", _DAY_AT_FRONT.sub("", _name_of(source))).strip()
    told = slug(name)
    if plan.week or not plan.date or not told or told in slug(plan.title):
        return
    if PurePosixPath(path).stem == f"{plan.date}-{slug(plan.slug)}-{told}":
        plan.title = f"{plan.title} ({name})"
