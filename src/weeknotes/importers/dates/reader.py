"""This module decides how the dates of one source are read: whether the day or the month comes
first, and the year of those that have none."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise

from weeknotes.errors import UsageError
from weeknotes.importers.dates.expressions import YEAR, Expression, find, western
from weeknotes.journal.weeks import Week, weeks_in

# Days that still look like a week's notes, or two.
_LONGEST_WEEK = 14
_MONDAY, _SUNDAY = 0, 6


# A year in two digits: behind an apostrophe, or behind a term ("f22", "Spring 23", "2nd sem. 21").
_SHORT_YEAR = re.compile(
    r"(?<![\w'’])['’‘]([0-4][0-9])(?![0-9\w])|(?<![^\W_])(?:f|s|w|fa|sp|su|wi|ss|ws|au|fall|spring|summer|"
    r"winter|autumn|sem(?:ester)?\.?|term|year|ay)[-_ ]?['’]?([0-4][0-9])(?![0-9])|"
    r"(?<![0-9])['’‘]?([0-4][0-9])\s*(?:년|年)(?!\s*[전간前间間])",
    re.I,
)


@dataclass(frozen=True)
class Span:
    """The days from ``start`` to ``end``, both included."""

    start: date
    end: date

    @property
    def days(self) -> int:
        """The number of days, including both ends."""
        return (self.end - self.start).days + 1

    @property
    def week(self) -> Week:
        """The ISO week that most of its days are in; of several, the first."""
        counts: dict[Week, int] = {}
        for n in range(min(self.days, 21)):
            week = Week.of(self.start + timedelta(days=n))
            counts[week] = counts.get(week, 0) + 1
        return max(counts, key=lambda week: (counts[week], -week.year * 60 - week.number))


@dataclass(frozen=True)
class Reader:
    """The way to read the dates of one source: the order of day and month, and the year of those
    that have none. ``told`` and ``told_year`` say in words how these were decided; ``guessed`` is
    true if the year is only the likeliest one for the first of those dates. ``counts`` says that weeks
    with a number and no year are the log's own count, which no calendar knows."""

    day_first: bool
    year: int | None
    told: str = ""
    told_year: str = ""
    guessed: bool = False
    counts: bool = False

    def span(self, expression: Expression) -> Span | None:
        """The days that ``expression`` stands for; None where it cannot be told."""
        if expression.number or expression.nth:
            return self._week(expression)
        orders = (self.day_first, not self.day_first)
        spans = [span for order in orders if (span := _span(expression, order, self.year))]
        likely = [span for span in spans if span.days <= _LONGEST_WEEK]
        if not likely and (swapped := _span(_swapped(expression), True, self.year)):
            likely = [swapped] if swapped.days <= _LONGEST_WEEK else []
        return next(iter(likely or spans), None)

    def _week(self, expression: Expression) -> Span | None:
        year = expression.year or self.year
        if year is None or (self.counts and expression.number and expression.yearless):
            return None
        try:
            if expression.nth:
                week = _nth_week(year, expression.month, expression.nth)
            elif expression.number > weeks_in(year):
                return None
            else:
                week = Week(year, expression.number)
        except (UsageError, ValueError):
            return None
        return Span(week.start, week.end)


def _nth_week(year: int, month: int, nth: int) -> Week:
    """The ``nth`` week of a month, whose first is the one that holds the month's first Thursday, as
    ISO 8601 and Korea's KS X ISO 8601 count."""
    first = date(year, month, 1)
    thursday = first + timedelta(days=(3 - first.weekday()) % 7)
    return Week.of(thursday).shift(nth - 1)


def _swapped(expression: Expression) -> Expression:
    """``expression`` with the days before the months, where it was written as ``1.7 - 7.7``."""
    first, last = expression.start, expression.end
    return replace(expression, start=first and first.swapped(), end=last and last.swapped())


def _span(expression: Expression, day_first: bool, year: int | None) -> Span | None:
    first, last = expression.start, expression.end
    if first is None or last is None:
        return None
    end_year = last.year or first.year or expression.year or year
    start = first.read(day_first, end_year)
    if start is None:
        return None
    if first == last:
        return Span(start, start)
    end = last.read(day_first, start.year if not last.year else end_year, start.month)
    if end and end < start and not last.year:
        # From one year into the next: 12/30-1/5; or from one month into the next: 7月29日-4日.
        end = last.read(day_first, start.year + 1, start.month) if last.month or last.a else None
        if end is None and (following := start.replace(day=28) + timedelta(days=4)):
            end = last.read(day_first, following.year, following.month)
    if end and end < start and not first.year and last.year:
        start = first.read(day_first, last.year - 1) or start
    return Span(start, end) if end and start <= end else None


def reader(
    expressions: Iterable[Expression], *, hints: Sequence[str] = (), today: date | None = None
) -> Reader:
    """The way to read the dates of a source that holds ``expressions``.

    The order of day and month is the one in which more of them are weeks: a range of up to two weeks,
    best from a Monday to a Sunday. The year of dates without one is that of the others, or is in
    ``hints`` (the source's title and path), or is the latest before ``today`` in which the first
    range begins on a Monday.
    """
    found = list(expressions)
    scores = {order: sum(_likeness(e, order) for e in found) for order in (True, False)}
    day_first = scores[True] >= scores[False]
    ambiguous = [e for e in found if e.ambiguous]
    told = ""
    if ambiguous:
        why = "that makes weeks of its ranges"
        if scores[True] == scores[False]:
            steps = {order: _steps(found, order) for order in (True, False)}
            day_first = steps[True] <= steps[False]
            why = "no date decides it, and day first is more common"
            if steps[True] != steps[False]:
                why = "its days are then closer together"
        order = "day first" if day_first else "month first"
        told = f"dates such as {ambiguous[0].text} are read {order}: {why}"
    year, told_year, guessed = _year(found, hints, day_first, today or date.today())
    return Reader(day_first, year, told, told_year, guessed)


def _likeness(expression: Expression, day_first: bool) -> float:
    """A score for how much ``expression``, read in that order, looks like a week of notes."""
    if not expression.ambiguous:
        return 0
    span = _span(expression, day_first, 2024 if expression.yearless else None)
    if span is None:
        return -2
    if span.days == 1:
        return 0.1
    if span.days > _LONGEST_WEEK:
        return -1
    whole = span.start.weekday() in (_MONDAY, _SUNDAY) and not expression.yearless
    return 1 + (span.days == 7) + whole


def _steps(found: Sequence[Expression], day_first: bool) -> int:
    """The number of days from each of ``found`` to the next, read in that order, all together."""
    spans = [_span(e, day_first, 2024 if e.yearless else None) for e in found]
    return sum(abs((b.start - a.start).days) for a, b in pairwise(filter(None, spans)))


def _year(
    found: Sequence[Expression], hints: Sequence[str], day_first: bool, today: date
) -> tuple[int | None, str, bool]:
    yearless = [e for e in found if e.yearless]
    if not yearless:
        return None, "", False
    what = f"the year of {yearless[0].text}"
    known = [e.year or (e.start and e.start.year) or (e.end and e.end.year) for e in found]
    years = [year for year in known if year]
    if years:
        return years[0], f"{what} is that of the other dates, {years[0]}", False
    for hint in hints:
        if year := year_in(hint):
            return year, f"{what} is {year}, from {hint.strip()!r}", False
    for year in range(today.year, today.year - 12, -1):
        spans = [s for e in yearless if (s := _span(e, day_first, year))]
        span = spans[0] if spans else None
        if span and span.days > 1 and span.start.weekday() == _MONDAY and span.end <= today:
            why = f"{what} is nowhere; {year} is the latest in which it begins on a Monday"
            return year, why, True
    return None, "", False


def year_in(text: str) -> int | None:
    """The year that a title or a file's name says: ``2022``, ``'22``, ``fall 22``, ``f22``, ``22년``,
    ``二〇二二年``; None where it says none."""
    text = western(text)
    if match := YEAR.search(text):
        return int(match[0])
    match = _SHORT_YEAR.search(text)
    return 2000 + int(match[1] or match[2] or match[3]) if match else None


def single_day(text: str, *, today: date | None = None) -> date | None:
    """The day that ``text``, a title or a file's name, names; None where it names none."""
    expression = find(text)
    if expression is None or expression.start is None:
        return None
    span = replace(reader([expression], today=today), year=None).span(expression)
    return span.start if span else None
