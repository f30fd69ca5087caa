"""The trends of topics, new, rising, steady, falling or resting: the last eight weeks against the
eight before.

Weeks are those of the calendar, so that weeks without notes count too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from weeknotes.journal.weeks import Week

SPAN = 8
NEW, RISING, STEADY, FALLING, RESTING = "new", "rising", "steady", "falling", "resting"
ORDER = (RISING, NEW, STEADY, FALLING, RESTING)
#: A topic rises with so many times the notes that it had before, and falls with so many times fewer.
_STEP = 1.5
#: A topic with fewer notes than this does not rest: it was touched in passing.
_FEWEST = 2
_NOTES = 4


class Dated(Protocol):
    """A note with its ISO week, empty where it has none."""

    @property
    def week(self) -> str: ...


Item = TypeVar("Item", bound=Dated)


@dataclass(frozen=True)
class Trend(Generic[Item]):
    """A topic's last sixteen weeks: ``weeks`` are its numbers of notes, the oldest first,
    ``before`` and ``now`` their sums over eight weeks each, ``years`` those of whole years. Of a
    journal that is younger there are fewer weeks, half of them before and half of them now.
    ``notes`` are those that make it so: of a resting topic its last one, of any other the latest of
    these weeks."""

    topic: str
    state: str
    weeks: tuple[int, ...]
    before: int
    now: int
    years: tuple[tuple[str, int], ...]
    notes: tuple[Item, ...]


def last_weeks(newest: str, count: int = 2 * SPAN) -> list[str]:
    """``count`` ISO weeks up to ``newest``, the oldest first."""
    week = Week.parse(newest)
    return [str(week.shift(-back)) for back in range(count - 1, -1, -1)]


def half_of(oldest: str, newest: str) -> int:
    """The number of weeks that are compared with as many before them: `SPAN`, or half of a journal
    that began in the week ``oldest`` and is younger."""
    days = (Week.parse(newest).start - Week.parse(oldest).start).days
    return max(1, min(SPAN, (days // 7 + 1) // 2))


def trends(notes: Mapping[str, Sequence[Item]], newest: str, half: int = SPAN) -> list[Trend[Item]]:
    """The trends of topics, whose ``notes`` are newest first: rising and new ones, those that stay,
    fall and rest, each kind with the most notes first. The last ``half`` weeks are compared
    with as many before them. Topics that were touched in passing long ago are left out."""
    span = last_weeks(newest, 2 * half)
    years = sorted({note.week[:4] for found in notes.values() for note in found if note.week})
    made = []
    for topic, found in notes.items():
        trend = _trend(topic, [note for note in found if note.week], span, years)
        if trend is not None:
            made.append(trend)
    return sorted(made, key=lambda t: (ORDER.index(t.state), -t.now, -t.before, t.topic))


def _trend(
    topic: str, found: Sequence[Item], span: Sequence[str], years: Sequence[str]
) -> Trend[Item] | None:
    counts = Counter(note.week for note in found)
    half = len(span) // 2
    weeks = tuple(counts[week] for week in span)
    before, now = sum(weeks[:half]), sum(weeks[half:])
    state = _state(before, now, len(found), any(note.week < span[half] for note in found))
    if not state:
        return None
    recent = [note for note in found if note.week >= span[half]]
    by_year = Counter(note.week[:4] for note in found)
    return Trend(
        topic,
        state,
        weeks,
        before,
        now,
        tuple((year, by_year[year]) for year in years),
        tuple((recent or found)[: _NOTES if recent else 1]),
    )


def _state(before: int, now: int, total: int, was_there: bool) -> str:
    if not now:
        return RESTING if total >= _FEWEST else ""
    if not was_there:
        return NEW
    if now >= _STEP * before:
        return RISING
    return FALLING if before >= _STEP * now else STEADY
