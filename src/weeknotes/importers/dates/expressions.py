"""Dates, ranges and weeks as people write them over a week's notes.

`find` says what is in a text, which may be meant in several ways: ``01/07/2024`` alone does not
say whether its day or its month comes first. `reader` decides that for a whole source. Numbers are
also read in Chinese (``二〇二四年三月二日``) and in full width, and years in the eras of Japan and
Taiwan.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from weeknotes.library.date_words import ERAS
from weeknotes.text.chinese_numbers import arabic

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
LEADING_WEEKDAY = re.compile(
    r"(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?\b[.,]*\s*|[월화수목금토일]요일[,，]?\s*|"
    r"(?:星期|周|週)[一二三四五六日天][,，]?\s*",
    re.I,
)
"""A weekday before a day, with what separates the two."""
_DASH = (
    r"(?:\s*(?:-{1,3}|–|—|―|−|~{1,2}|〜|～|∼|至|到|부터|から|→|->|"
    r"\bto\b|\bbis\b|\buntil\b|\bau\b)\s*)"
    r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,?\s+)?"
)
_SEP = r"[/.\-]"
_Y = r"(?:(?:19|20)[0-9]{2})"
YEAR = re.compile(rf"(?<![0-9]){_Y}(?![0-9])")
"""A year as written."""
_N = r"[0-9]{1,2}"
_END = r"(?![0-9])"

# One day, in the ways it is written. The groups' names say what is in them; A and B are day and
# month in an order that the text does not tell.
_DAYS = [
    rf"(?P<y>{_Y})\s*(?:年|년)\s*(?P<m>{_N})\s*(?:月|월)\s*(?P<d>{_N})\s*(?:日|号|일)?{_END}",
    rf"(?<![A-Za-z])['’‘]?(?P<yy>[0-9]{{2}})\s*(?:年|년)\s*(?P<m>{_N})\s*(?:月|월)\s*(?P<d>{_N})\s*"
    rf"(?:日|号|일)?{_END}",
    rf"(?P<y>{_Y})(?P<s>\s?{_SEP}\s?)(?P<m>{_N})(?P=s)(?P<d>{_N}){_END}(?!(?:{_SEP}[0-9]))\.?",
    rf"(?P<y>{_Y})(?P<m>[01][0-9])(?P<d>[0-3][0-9]){_END}",
    rf"(?P<A>{_N})(?P<s>{_SEP}\s?)(?P<B>{_N})(?P=s)(?P<y>{_Y}){_END}",
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
    rf"(?P<m>{_N})(?P<dot>[.\-])(?P<d>{_N}){_END}(?![.\-][0-9])\.?",
    rf"(?P<yy>[0-4][0-9])(?P<m>0[1-9]|1[0-2])(?P<d>0[1-9]|[12][0-9]|3[01]){_END}",
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
# A range whose month occurs only once: "1-7 July 2024".
_SHARED_MONTH = _compiled(
    rf"(?<![0-9/.\-])(?P<d>{_N})(?:st|nd|rd|th|\.)?{_DASH}(?P<d2>{_N})(?:st|nd|rd|th|\.)?\s+"
    rf"(?P<mon>{_MONTH})\s*,?\s*(?P<y>{_Y})?{_END}"
)
# A range without spaces, as it is written beside the number of a week: "9.27-10.3". Elsewhere it could
# be anything, such as two sections of a book.
_TIGHT_RANGE = re.compile(
    rf"(?<![0-9/.\-])(?P<m>{_N})\.(?P<d>{_N})\s?[-–~]\s?(?P<m2>{_N})\.(?P<d2>{_N})(?![0-9.])"
)
_AROUND = re.compile(r"[\s\W_]+", re.UNICODE)
# What may be beside a short day without making a number or a fraction of it.
_BESIDE_A_DAY = re.compile(
    r"\b(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?\b\.?|[월화수목금토일]요일|"
    r"(?:星期|周|週)[一二三四五六日天]|\b(?:week|wk)\s+(?:of|beginning|starting|commencing|ending)\b|\bw/[ce]\b",
    re.I,
)
_WIDE_NUMBER = re.compile(r"[〇零○一二三四五六七八九十]+(?=\s*[年月日号號])")
_ERA = re.compile(r"(令和|平成|民[國国])\s*(元|[0-9]{1,3})\s*年")
_FULL_WIDTH = {0xFF10 + n: 0x30 + n for n in range(10)}


def month_of_name(name: str) -> int:
    """The number of the month of this name, in one of the languages that are read; 0 for no month."""
    return _MONTHS.get(name.lower().rstrip("."), 0)


@dataclass(frozen=True)
class Day:
    """A day as written: the year may be missing, and ``a`` and ``b`` may be day and month or month
    and day. ``month`` is 0 where only a day stands (the end of ``7月1日-7日``). One that is ``dotted``
    was written as ``7.1``: its month comes first, unless only the other order makes a range a week."""

    year: int | None
    month: int = 0
    day: int = 0
    a: int = 0
    b: int = 0
    dotted: bool = False

    def swapped(self) -> Day:
        """The same with day and month changed for each other, where it was written as ``1.7``."""
        return replace(self, month=self.day, day=self.month) if self.dotted else self

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
    """A time that a text names: one day, a range of days, or a week.

    ``start`` and ``end`` are equal for one day. A week has its ``number``, or the ``nth`` week of
    ``month``. ``text`` is the words themselves and ``rest`` what is around them.
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
        """Whether no year is in it."""
        days = [day for day in (self.start, self.end) if day]
        return self.year is None and not any(day.year for day in days)

    @property
    def one_day(self) -> bool:
        """Whether it says a single day."""
        return self.start is not None and self.start == self.end


def find(text: str) -> Expression | None:
    """The first day, range or week that ``text`` names; a range or week before a single day."""
    plain = western(re.sub(r"[*_`#]+|<[^<>]*>", " ", text))
    week = _week(plain)
    tight = _tight_range(plain) if week else None
    for found in (_shared_month(plain), _range(plain) or tight, week, _single(plain)):
        if found:
            return _with_year(found) if found.yearless else found
    return None


def western(text: str) -> str:
    """``text`` with the numbers of its dates in digits, and its years counted from Christ's birth."""
    if text.isascii():
        return text
    text = _WIDE_NUMBER.sub(lambda match: arabic(match[0]), text.translate(_FULL_WIDTH))
    return _ERA.sub(lambda m: f"{ERAS[m[1]] + (1 if m[2] == '元' else int(m[2]))}年", text)


def _with_year(found: Expression) -> Expression:
    """``found`` with the year that is beside it: ``2024 W27``, ``W27 of 2024``."""
    year = YEAR.search(found.rest)
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
    for match in _matches(_DAY_PATTERNS + _SHORT_PATTERNS, text, _plausible_in_range):
        dash = _DASH_PATTERN.match(text, match.end())
        if not dash:
            continue
        ends = [pattern.match(text, dash.end()) for pattern in _END_PATTERNS]
        likely = [end for end in ends if end and _plausible_in_range(_day(end))]
        if likely:
            last = max(likely, key=lambda end: end.end())
            return _finish(text, match.start(), last.end(), start=_day(match), end=_day(last))
    return None


def _tight_range(text: str) -> Expression | None:
    match = _TIGHT_RANGE.search(text)
    if not match:
        return None
    first = Day(None, int(match["m"]), int(match["d"]), dotted=True)
    last = Day(None, int(match["m2"]), int(match["d2"]), dotted=True)
    if not (_plausible_in_range(first) and _plausible_in_range(last)):
        return None
    return _finish(text, match.start(), match.end(), start=first, end=last)


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
    # 7.1 or 7/1 is a day only behind a weekday or if nothing else is there: else it is a number or a
    # fraction.
    for match in _matches(_SHORT_PATTERNS, text):
        if LEADING_WEEKDAY.fullmatch(text[: match.start()].lstrip()):
            day = _day(match)
            return _finish(text, match.start(), match.end(), start=day, end=day)
        around = text[: match.start()] + " " + text[match.end() :]
        if not _AROUND.sub("", _BESIDE_A_DAY.sub("", around)):
            day = _day(match)
            return _finish(text, match.start(), match.end(), start=day, end=day)
    return None


def _matches(
    patterns: Sequence[re.Pattern[str]], text: str, plausible: Callable[[Day], bool] | None = None
) -> Iterator[re.Match[str]]:
    """Matches of ``patterns`` that could be days, in the order of the text, longer ones first."""
    plausible = plausible or _plausible
    found = [match for pattern in patterns for match in pattern.finditer(text)]
    found.sort(key=lambda match: (match.start(), match.start() - match.end()))
    return (match for match in found if plausible(_day(match)))


def _plausible(day: Day) -> bool:
    if day.a:
        return 1 <= min(day.a, day.b) <= 12 and 1 <= max(day.a, day.b) <= 31
    return 0 <= day.month <= 12 and 1 <= day.day <= 31


def _plausible_in_range(day: Day) -> bool:
    """Whether it could be an end of a range, in which ``29.7`` is a day too."""
    return _plausible(day) or (day.dotted and _plausible(day.swapped()))


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
    return Day(year, month, int(parts["d"]), dotted=parts.get("dot") == ".")
