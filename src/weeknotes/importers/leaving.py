"""What the sources of an import give now and have given before: the notebooks that each has let go of,
and whether it is the very source that gave them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import PurePosixPath

from weeknotes.importers.matching import match
from weeknotes.importers.page_cells import MadePage
from weeknotes.importers.previous_import import Standing, identity
from weeknotes.importers.source_files import Source
from weeknotes.journal.notebooks import Cell

_WEEK = re.compile(r"([0-9]{4})-W([0-9]{2})")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass
class Given:
    """The ``pages`` that ``source`` gives now. ``old`` are the notebooks that it has written to
    before, ``own`` says that they are of this very source, and ``cut`` why it looks cut off."""

    pages: Sequence[MadePage]
    source: Source
    old: dict[str, Standing]
    cut: str = ""
    own: bool = False

    @property
    def name(self) -> str:
        """The name of the source."""
        return self.source.name

    @property
    def covered(self) -> set[str]:
        """The paths of its pages."""
        return {page.path for page in self.pages}


@dataclass(frozen=True)
class Leaving:
    """Why a source has let go of a notebook, in words for the report. ``cells`` are the ids of the
    cells that go, None for all that it gave."""

    why: str
    cells: frozenset[str] | None = None


def settle_folders(sources: Sequence[Given]) -> None:
    """A file that was written anew is of the source that its name says if the files beside it are: a
    folder is another one as a whole, or not at all."""
    known = [one for one in sources if one.old]
    certain = [one for one in known if one.own]
    for one in known:
        if one.own or one.source.place.named:
            continue
        root = one.source.place.root
        beside = sum(1 for other in known if other is not one and other.source.place.root == root)
        same = sum(1 for other in certain if other.source.place.root == root)
        one.own = bool(same) and 2 * same >= beside


def leaving_of(one: Given) -> Iterator[tuple[str, Leaving]]:
    """The notebooks that ``one`` has written to and gives nothing to now, by their paths."""
    for path, found in one.old.items():
        if path in one.covered or not (present := found.cells_of(one.name)):
            continue
        moved = _moved(one.pages, present)
        gone = frozenset(id for id in moved if id)
        where = ", ".join(sorted(set(moved.values())))
        if len(gone) == len(present):
            yield path, Leaving(f"its notes are on {where} now")
        elif _is_taken_out(path, one):
            yield path, Leaving("its source has it no longer")
        elif gone:
            yield path, Leaving(f"notes of it are on {where} now", gone)


def _moved(pages: Sequence[MadePage], present: Sequence[Cell]) -> dict[str, str]:
    """The pages that cells of earlier are on now, by the ids of the cells."""
    moved: dict[str, str] = {}
    for page in pages:
        left = [cell for cell in present if identity(cell) not in moved]
        for cell in match(page.identities(), page.cells, left).values():
            moved[identity(cell)] = page.path
    return moved


def _is_taken_out(path: str, one: Given) -> bool:
    """Whether a page that its source gives no longer was taken out of it: the source still has an older
    one, or is named after a day or a week, and so is on that alone. Where the oldest are missing, they
    were only moved away, as they are from a log that is cut from time to time, or from a file of the
    day."""
    if re.search(r"[0-9]", PurePosixPath(one.name).stem):
        return True
    left = [other for other in one.old if other in one.covered]
    day = _day_of(path)
    return any(day is None or ((d := _day_of(other)) is not None and d < day) for other in left)


def _day_of(path: str) -> date | None:
    """The day that the notebook at ``path`` is of, or the first one of its week, by its name."""
    name = path.rpartition("/")[2]
    with suppress(ValueError):
        return _read_day(name)
    return None


def _read_day(name: str) -> date | None:
    if match := _WEEK.match(name):
        return date.fromisocalendar(int(match[1]), int(match[2]), 1)
    return date.fromisoformat(found[0]) if (found := _DAY.match(name)) else None
