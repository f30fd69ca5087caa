"""The list that a source gives for a day, and the interface of every source."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Protocol, TypeVar

from weeknotes.digests.paper import Paper
from weeknotes.errors import DigestError
from weeknotes.library.web_client import Web

Item = TypeVar("Item")

_FRESH = 3600.0
_LATE = 12 * 3600.0


@dataclass(frozen=True)
class Listing:
    """The papers that ``source`` announced on ``day``.

    ``updates`` are new versions of papers announced before, which are no news by themselves.
    ``settled`` says that the list will not grow any more; one that may is asked for again by the next
    run. ``remark`` tells why a list is empty or what it lacks, empty where there is nothing to tell.
    """

    source: str
    day: date
    papers: tuple[Paper, ...] = ()
    updates: tuple[Paper, ...] = ()
    settled: bool = True
    remark: str = ""


class Source(Protocol):
    """A source of papers."""

    @property
    def name(self) -> str:
        """The source's name in the command line, the configuration and the ledger."""
        ...

    def listings(self, days: Sequence[date], web: Web, today: date) -> list[Listing | Failure]:
        """The list of each of ``days``, in order. What cannot be had now is a Failure."""
        ...


@dataclass(frozen=True)
class Failure:
    """The list of a day that a source could not give, and why; the next run asks for it again."""

    source: str
    day: date
    reason: str


def an_hour_ago() -> float:
    """The time since which an answer that may change counts, in seconds of the epoch."""
    return time.time() - _FRESH


def since_over(day: date) -> float:
    """The time since which the list of ``day`` counts: since the day has been over everywhere, if it
    has been, or since an hour ago."""
    over = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=1)
    return min(over.timestamp() + _LATE, an_hour_ago())


def read_each(items: Iterable[Item], read: Callable[[Item], Paper]) -> tuple[list[Paper], str]:
    """The papers that ``read`` makes of ``items``, and a remark on those that it cannot read.

    One entry that makes no sense does not cost a day. Raises DigestError where none makes any: then
    the service has changed, and an empty list would hide it.
    """
    papers: list[Paper] = []
    problems: list[str] = []
    for item in items:
        try:
            papers.append(read(item))
        except DigestError as error:
            problems.append(error.message)
    if problems and not papers:
        raise DigestError(f"none of its {len(problems)} entries can be read: {problems[0]}")
    if not problems:
        return papers, ""
    entries = "entry" if len(problems) == 1 else "entries"
    return papers, f"{len(problems)} {entries} left out: {problems[0]}"
