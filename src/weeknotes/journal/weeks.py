"""ISO 8601 weeks: reading the ways people name one, and counting on from it.

A week begins on Monday and belongs to the year that its Thursday is in, so that 2026-12-31 and
2027-01-03 are both in 2026-W53 (ISO 8601, "Week dates").
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from weeknotes.errors import UsageError

EXAMPLES = "Write a week as 2026-W47, any of its days as 2026-11-16, or this, last or next."

_WEEK = re.compile(r"(\d{4})-?W(\d{1,2})(?:-?([1-7]))?", re.IGNORECASE)
_DATE = re.compile(r"(\d{4})([-/.]?)(\d{1,2})\2(\d{1,2})(?:[T ].*)?", re.IGNORECASE)
_DAYS = {"yesterday": -1, "today": 0, "this": 0, "now": 0, "tomorrow": 1}
_RELATIVE = {"last": -1, "previous": -1, "this": 0, "current": 0, "today": 0, "now": 0, "next": 1}


@dataclass(frozen=True, order=True)
class Week:
    """An ISO week. Sorts by time, and prints as ``2026-W47``.

    Raises UsageError for a week that its year does not have.
    """

    year: int
    number: int

    def __post_init__(self) -> None:
        try:
            last = weeks_in(self.year)
            if 1 <= self.number <= last:
                date.fromisocalendar(self.year, self.number, 7)
                return
        except (ValueError, OverflowError):
            raise UsageError(f"no such week: {self}", hint=EXAMPLES) from None
        raise UsageError(
            f"no such week: {self} (the year {self.year} ends with week {last})", hint=EXAMPLES
        )

    def __str__(self) -> str:
        return f"{self.year:04d}-W{self.number:02d}"

    @classmethod
    def of(cls, day: date) -> Week:
        """The week that ``day`` is in."""
        year, number, _ = day.isocalendar()
        return cls(year, number)

    @classmethod
    def parse(cls, text: str, *, today: date | None = None) -> Week:
        """The week that ``text`` names.

        ``text`` is a week (``2026-W47``, ``2026W47``, ``2026-W47-3``), a date in the order year,
        month, day (``2026-11-16``, ``20261116``, ``2026/11/16``), or ``last``, ``this`` or ``next``,
        which count from ``today``, by default the local date. Raises UsageError, with examples, for
        anything else and for dates and weeks that do not exist.
        """
        words = text.strip()
        if words.lower() in _RELATIVE:
            return cls.of(today or date.today()).shift(_RELATIVE[words.lower()])
        if match := _WEEK.fullmatch(words):
            return cls(int(match[1]), int(match[2]))
        if match := _DATE.fullmatch(words):
            if not match[2] and len(match[3] + match[4]) != 4:
                raise UsageError(f"not a week or a date: {text!r}", hint=EXAMPLES)
            try:
                return cls.of(date(int(match[1]), int(match[3]), int(match[4])))
            except ValueError as error:
                raise UsageError(f"no such date: {text!r} ({error})", hint=EXAMPLES) from None
        raise UsageError(f"not a week or a date: {text!r}", hint=EXAMPLES)

    @property
    def start(self) -> date:
        """Its Monday."""
        return date.fromisocalendar(self.year, self.number, 1)

    @property
    def end(self) -> date:
        """Its Sunday."""
        return date.fromisocalendar(self.year, self.number, 7)

    @property
    def days(self) -> tuple[date, ...]:
        """Its seven days, Monday first."""
        return tuple(self.start + timedelta(days=n) for n in range(7))

    @property
    def previous(self) -> Week:
        """The week before."""
        return self.shift(-1)

    @property
    def next(self) -> Week:
        """The week after."""
        return self.shift(1)

    def shift(self, weeks: int) -> Week:
        """The week that many ``weeks`` later, or earlier when negative."""
        try:
            return Week.of(self.start + timedelta(weeks=weeks))
        except OverflowError:
            raise UsageError(f"there is no week {weeks} weeks from {self}", hint=EXAMPLES) from None

    def __contains__(self, day: date) -> bool:
        return self.start <= day <= self.end


def parse_day(text: str, *, today: date | None = None) -> date:
    """The day that ``text`` names: a date in the order year, month, day, ``today`` (also ``this``),
    ``yesterday`` or ``tomorrow``. Raises UsageError for anything else, a week too."""
    words = text.strip().lower()
    if words in _DAYS:
        return (today or date.today()) + timedelta(days=_DAYS[words])
    match = _DATE.fullmatch(words)
    if match and (match[2] or len(match[3] + match[4]) == 4):
        try:
            return date(int(match[1]), int(match[3]), int(match[4]))
        except ValueError as error:
            raise UsageError(f"no such date: {text!r} ({error})", hint=EXAMPLES) from None
    raise UsageError(f"not a day: {text!r}", hint="Write a day as 2026-11-16, today or tomorrow.")


def weeks_in(year: int) -> int:
    """The number of weeks in the ISO ``year``, 52 or 53: 28 December is always in the last one."""
    return date(year, 12, 28).isocalendar().week
