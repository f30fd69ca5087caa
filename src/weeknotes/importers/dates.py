"""Dates, ranges and weeks as people write them over a week's notes.

`find` reads every way a text may be meant, since ``01/07/2024`` alone does not say whether its day
or its month comes first; `Reader` decides for a whole source, where the other dates tell.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from weeknotes.errors import UsageError
from weeknotes.weeks import Week, weeks_in

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan janvier enero januar gennaio",
            "february feb février fevrier febrero februar febbraio",
            "march mar mars marzo märz maerz",
            "april apr avril abril aprile",
            "may mai mayo maggio",
            "june jun juin junio juni giugno",
            "july jul juillet julio juli luglio",
            "august aug août aout agosto",
            "september sep sept septembre septiembre settembre",
            "october oct octobre octubre oktober ottobre okt",
            "november nov novembre noviembre",
            "december dec décembre decembre diciembre dezember dicembre dez",
        ),
        1,
    )
    for name in names.split()
}
_MONTH = "(?:" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")\.?(?![a-z])"
_WEEKDAY = (
    r"(?:\s*[(（]?\s*(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?\s*[)）]?(?![a-z])|"
    r"\s*[(（]\s*(?:[월화수목금토일]|周?[一二三四五六日天])(?:요일)?\s*[)）]|\s*(?:星期|周)[一二三四五六日天]|"
    r"\s*[월화수목금토일]요일)?"
)
_DASH = (
    r"(?:\s*(?:-{1,3}|–|—|―|−|~{1,2}|〜|～|∼|至|到|부터|から|→|->|"
    r"\bto\b|\bbis\b|\buntil\b|\bau\b)\s*)"
    r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,?\s+)?"
)
_SEP = r"[/.\-]"
_Y = r"(?:(?:19|20)[0-9]{2})"
_N = r"[0-9]{1,2}"
_END = r"(?![0-9])"

# One day, in the ways it is written. The groups' names say what is in them; A and B are day and
# month in an order that the text does not tell.
_DAYS = [
    rf"(?P<y>{_Y})\s*(?:年|년)\s*(?P<m>{_N})\s*(?:月|월)\s*(?P<d>{_N})\s*(?:日|号|일)?{_END}",
    rf"(?P<y>{_Y})(?P<s>\s?{_SEP}\s?)(?P<m>{_N})(?P=s)(?P<d>{_N}){_END}(?!(?:{_SEP}[0-9]))\.?",
    rf"(?P<y>{_Y})(?P<m>[01][0-9])(?P<d>[0-3][0-9]){_END}",
    rf"(?P<A>{_N})(?P<s>{_SEP})(?P<B>{_N})(?P=s)(?P<y>{_Y}){_END}",
    rf"(?P<yy>[0-9]{{2}})(?P<s>\.\s?|-)(?P<m>{_N})(?P=s)(?P<d>{_N}){_END}",
    rf"(?P<yy>[1-4][0-9])/(?P<m>{_N})/(?P<d>0?[0-9]|1[0-7]){_END}",
    rf"(?P<A>{_N})(?P<s>/)(?P<B>{_N})(?P=s)(?P<yy>[0-9]{{2}}){_END}",
    rf"(?P<d>{_N})(?:st|nd|rd|th|\.)?\s+(?:of\s+)?(?P<mon>{_MONTH})\s*,?\s*(?P<y>{_Y})?{_END}",
    rf"(?P<mon>{_MONTH})\s+(?P<d>{_N})(?:st|nd|rd|th)?{_END}(?:\s*,?\s*(?P<y>{_Y}){_END})?",
    rf"(?P<m>{_N})\s*(?:月|월)\s*(?P<d>{_N})\s*(?:日|号|일)?{_END}",
]
# Shorter ways, of which only one day of a range or a whole heading is made.
_SHORT_DAYS = [
    rf"(?P<A>{_N})/(?P<B>{_N}){_END}(?!/)",
    rf"(?P<m>{_N})[.\-](?P<d>{_N}){_END}(?![.\-][0-9])\.?",
]
_LAST_DAY = rf"(?P<d>{_N})(?:st|nd|rd|th)?\s*(?:日|号|일)?{_END}"
_WEEKS = [
    rf"(?P<y>{_Y})\s*(?:年|년)\s*(?P<m>{_N})\s*(?:月|월)\s*第?\s*(?P<nth>[1-6一二三四五六]|첫째|둘째|셋째|넷째|다섯째)"
    r"\s*(?:周|週|주차|주)",
    rf"(?P<m>{_N})\s*(?:月|월)\s*第?\s*(?P<nth>[1-6一二三四五六]|첫째|둘째|셋째|넷째|다섯째)\s*(?:周|週|주차|주)",
    rf"(?P<y>{_Y})\s*[-_ ]?\s*W(?P<w>{_N}){_END}",
    rf"(?P<y>{_Y})\s*(?:年|년)?\s*,?\s*(?:第\s*(?P<w>{_N})\s*[周週]|(?P<w2>{_N})\s*주차?)",
    rf"(?:calendar\s+)?(?:week|wk|kw|semaine|semana|woche)\s*(?:no\.?|nr\.?|#)?\s*(?P<w>{_N}){_END}"
    rf"(?:\s*[,/(]?\s*(?:of\s+)?(?P<y>{_Y}){_END})?",
    rf"\bW(?P<w>{_N}){_END}(?:\s*[,/ ]\s*(?P<y>{_Y}){_END})?",
    rf"第\s*(?P<w>{_N})\s*[周週](?:\s*[,，(（]\s*(?P<y>{_Y}){_END})?",
    rf"(?P<w>{_N})\s*주차",
]
_NTH = {"一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6} | {
    "첫째": 1,
    "둘째": 2,
    "셋째": 3,
    "넷째": 4,
    "다섯째": 5,
}


def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.I)


_DAY_PATTERNS = [_compiled(rf"(?<![0-9]){pattern}{_WEEKDAY}") for pattern in _DAYS]
_SHORT_PATTERNS = [_compiled(rf"(?<![0-9/.\-]){pattern}{_WEEKDAY}") for pattern in _SHORT_DAYS]
_WEEK_PATTERNS = [_compiled(rf"(?<![0-9A-Za-z]){pattern}") for pattern in _WEEKS]
_DASH_PATTERN = _compiled(_DASH)
_END_PATTERNS = [_compiled(pattern + _WEEKDAY) for pattern in (*_DAYS, *_SHORT_DAYS, _LAST_DAY)]
# A range whose month stands only once: "1-7 July 2024".
_SHARED_MONTH = _compiled(
    rf"(?<![0-9/.\-])(?P<d>{_N})(?:st|nd|rd|th|\.)?{_DASH}(?P<d2>{_N})(?:st|nd|rd|th|\.)?\s+"
    rf"(?P<mon>{_MONTH})\s*,?\s*(?P<y>{_Y})?{_END}"
)
# Days that still look like a week's notes, or two.
_LONGEST_WEEK = 14
_AROUND = re.compile(r"[\s\W_]+", re.UNICODE)


@dataclass(frozen=True)
class Day:
    """A day as written: the year may be missing, and ``a`` and ``b`` may be day and month or month
    and day. ``month`` is 0 where only a day stands (the end of ``7月1日-7日``)."""

    year: int | None
    month: int = 0
    day: int = 0
    a: int = 0
    b: int = 0

    def read(self, day_first: bool, year: int | None, month: int = 0) -> date | None:
        """The date it is when read that way, None where there is no such date."""
        own_month, own_day = self.month, self.day
        if self.a:
            own_day, own_month = (self.a, self.b) if day_first else (self.b, self.a)
        try:
            return date(self.year or year or 0, own_month or month, own_day)
        except ValueError:
            return None


@dataclass(frozen=True)
class Expression:
    """What a text says of a time: one day, a range of days, or a week.

    ``start`` and ``end`` are equal for one day. A week has its ``number``, or the ``nth`` week of
    ``month``. ``text`` is the words themselves and ``rest`` what stands around them.
    """

    text: str
    rest: str
    start: Day | None = None
    end: Day | None = None
    number: int = 0
    nth: int = 0
    month: int = 0
    year: int | None = None

    @property
    def ambiguous(self) -> bool:
        """Whether it says a day and a month without saying which is which."""
        return bool(self.start and self.start.a) or bool(self.end and self.end.a)

    @property
    def yearless(self) -> bool:
        """Whether no year stands in it."""
        days = [day for day in (self.start, self.end) if day]
        return self.year is None and not any(day.year for day in days)

    @property
    def one_day(self) -> bool:
        """Whether it says a single day."""
        return self.start is not None and self.start == self.end


@dataclass(frozen=True)
class Span:
    """The days from ``start`` to ``end``, both included."""

    start: date
    end: date

    @property
    def days(self) -> int:
        """How many days it is long, both ends counted."""
        return (self.end - self.start).days + 1

    @property
    def week(self) -> Week:
        """The ISO week that most of its days lie in; of several, the first."""
        counts: dict[Week, int] = {}
        for n in range(min(self.days, 21)):
            week = Week.of(self.start + timedelta(days=n))
            counts[week] = counts.get(week, 0) + 1
        return max(counts, key=lambda week: (counts[week], -week.year * 60 - week.number))


def find(text: str) -> Expression | None:
    """The first day, range or week that ``text`` names; a range or week before a single day."""
    plain = re.sub(r"[*_`#]+|<[^<>]*>", " ", text)
    for found in (_shared_month(plain), _range(plain), _week(plain), _single(plain)):
        if found:
            return _with_year(found) if found.yearless else found
    return None


def _with_year(found: Expression) -> Expression:
    """``found`` with the year that stands beside it: ``2024 W27``, ``W27 of 2024``."""
    year = re.search(rf"(?<![0-9]){_Y}(?![0-9])", found.rest)
    if not year:
        return found
    rest = " ".join((found.rest[: year.start()] + found.rest[year.end() :]).split())
    return replace(found, year=int(year[0]), rest=rest)


def _finish(text: str, first: int, last: int, **parts: Any) -> Expression:
    rest = _AROUND.sub(" ", text[:first] + " " + text[last:]).strip()
    return Expression(text[first:last].strip(), rest, **parts)


def _shared_month(text: str) -> Expression | None:
    match = _SHARED_MONTH.search(text)
    if not match:
        return None
    year = int(match["y"]) if match["y"] else None
    month = _MONTHS[match["mon"].lower().rstrip(".")]
    first, last = Day(year, month, int(match["d"])), Day(year, month, int(match["d2"]))
    return _finish(text, match.start(), match.end(), start=first, end=last)


def _range(text: str) -> Expression | None:
    for match in _matches(_DAY_PATTERNS + _SHORT_PATTERNS, text):
        dash = _DASH_PATTERN.match(text, match.end())
        if not dash:
            continue
        ends = [pattern.match(text, dash.end()) for pattern in _END_PATTERNS]
        likely = [end for end in ends if end and _plausible(_day(end))]
        if likely:
            last = max(likely, key=lambda end: end.end())
            return _finish(text, match.start(), last.end(), start=_day(match), end=_day(last))
    return None


def _week(text: str) -> Expression | None:
    for pattern in _WEEK_PATTERNS:
        if match := pattern.search(text):
            parts = match.groupdict()
            number = int(parts.get("w") or parts.get("w2") or 0)
            nth = parts.get("nth") or ""
            if not nth and not 1 <= number <= 53:
                continue
            return _finish(
                text,
                match.start(),
                match.end(),
                number=number,
                nth=_NTH.get(nth) or int(nth or 0),
                month=int(parts.get("m") or 0),
                year=int(parts["y"]) if parts.get("y") else None,
            )
    return None


def _single(text: str) -> Expression | None:
    for match in _matches(_DAY_PATTERNS, text):
        day = _day(match)
        return _finish(text, match.start(), match.end(), start=day, end=day)
    # 7.1 or 7/1 alone is a day only where nothing else stands: else it is a number or a fraction.
    for match in _matches(_SHORT_PATTERNS, text):
        if not _AROUND.sub("", text[: match.start()] + text[match.end() :]):
            day = _day(match)
            return _finish(text, match.start(), match.end(), start=day, end=day)
    return None


def _matches(patterns: Sequence[re.Pattern[str]], text: str) -> Iterator[re.Match[str]]:
    """Matches of ``patterns`` that could be days, in the order of the text, longer ones first."""
    found = [match for pattern in patterns for match in pattern.finditer(text)]
    found.sort(key=lambda match: (match.start(), match.start() - match.end()))
    return (match for match in found if _plausible(_day(match)))


def _plausible(day: Day) -> bool:
    if day.a:
        return 1 <= min(day.a, day.b) <= 12 and 1 <= max(day.a, day.b) <= 31
    return 0 <= day.month <= 12 and 1 <= day.day <= 31


def _day(match: re.Match[str]) -> Day:
    parts = match.groupdict()
    year = int(parts["y"]) if parts.get("y") else None
    if parts.get("yy"):
        year = 2000 + int(parts["yy"])
    if parts.get("A"):
        return Day(year, a=int(parts["A"]), b=int(parts["B"]))
    month = int(parts.get("m") or 0)
    if parts.get("mon"):
        month = _MONTHS[parts["mon"].lower().rstrip(".")]
    return Day(year, month, int(parts["d"]))


@dataclass(frozen=True)
class Reader:
    """How the dates of one source are read: the order of day and month, and the year of those that
    have none. ``told`` says how that was decided."""

    day_first: bool
    year: int | None
    told: str = ""
    told_year: str = ""

    def span(self, expression: Expression) -> Span | None:
        """The days that ``expression`` stands for; None where it cannot be told."""
        if expression.number or expression.nth:
            return self._week(expression)
        orders = (self.day_first, not self.day_first)
        spans = [span for order in orders if (span := _span(expression, order, self.year))]
        likely = [span for span in spans if span.days <= _LONGEST_WEEK]
        return next(iter(likely or spans), None)

    def _week(self, expression: Expression) -> Span | None:
        year = expression.year or self.year
        if year is None:
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
    """How to read the dates of a source that holds ``expressions``.

    The order of day and month is the one in which more of them are weeks: a range of up to two weeks,
    best from a Monday to a Sunday. The year of dates without one is that of the others, or stands in
    ``hints`` (the source's title and path), or is the latest before ``today`` in which the first
    range begins on a Monday.
    """
    found = list(expressions)
    scores = {order: sum(_likeness(e, order) for e in found) for order in (True, False)}
    day_first = scores[True] >= scores[False]
    ambiguous = [e for e in found if e.ambiguous]
    told = ""
    if ambiguous:
        order = "day first" if day_first else "month first"
        why = (
            "no date tells, and day first is more common"
            if scores[True] == scores[False]
            else "that makes weeks of its ranges"
        )
        told = f"dates such as {ambiguous[0].text} are read {order}: {why}"
    year, told_year = _year(found, hints, day_first, today or date.today())
    return Reader(day_first, year, told, told_year)


def _likeness(expression: Expression, day_first: bool) -> float:
    """How much ``expression``, read in that order, looks like a week of notes."""
    if not expression.ambiguous:
        return 0
    span = _span(expression, day_first, 2024 if expression.yearless else None)
    if span is None:
        return -2
    if span.days == 1:
        return 0.1
    if span.days > _LONGEST_WEEK:
        return -1
    return 1 + (span.days == 7) + (span.start.weekday() == 0 and not expression.yearless)


def _year(
    found: Sequence[Expression], hints: Sequence[str], day_first: bool, today: date
) -> tuple[int | None, str]:
    yearless = [e for e in found if e.yearless]
    if not yearless:
        return None, ""
    what = f"the year of {yearless[0].text}"
    known = [e.year or (e.start and e.start.year) or (e.end and e.end.year) for e in found]
    years = [year for year in known if year]
    if years:
        return years[0], f"{what} is that of the other dates, {years[0]}"
    for hint in hints:
        if match := re.search(rf"(?<![0-9]){_Y}(?![0-9])", hint):
            return int(match[0]), f"{what} is {match[0]}, from {hint.strip()!r}"
    for year in range(today.year, today.year - 12, -1):
        span = next((s for e in yearless if (s := _span(e, day_first, year))), None)
        if span and span.days > 1 and span.start.weekday() == 0 and span.end <= today:
            return year, f"{what} stands nowhere; it is the latest that makes it begin on a Monday"
    return None, ""


def single_day(text: str, *, today: date | None = None) -> date | None:
    """The day that ``text``, a title or a file's name, names; None where it names none."""
    expression = find(text)
    if expression is None or expression.start is None:
        return None
    span = replace(reader([expression], today=today), year=None).span(expression)
    return span.start if span else None
