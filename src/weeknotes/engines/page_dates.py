"""The date of a page as people write it in front matter, as an ISO 8601 date where it is certain.

Lists, the feed and the search sort by the date, so that it must be one: of a date such as
``06-03-2026``, which may be in March or in June, the year alone is certain, unless the page's week or
its file's name decides.
"""

from __future__ import annotations

import contextlib
import datetime
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from weeknotes.errors import WeeknotesError
from weeknotes.journal.weeks import Week

MOVING = ("today", "now", "last-modified")
"""Dates that Quarto takes from the clock, or from the file."""
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ]\d{1,2}:.*)?", re.S)
_SHORT = re.compile(r"(\d{1,4})\s*([-/.])\s*(\d{1,2})\s*\2\s*(\d{1,4})\.?")
_WEEK = re.compile(r"(?<!\d)\d{4}-?W\d{2}(?!\d)")
_ORDINAL = re.compile(r"(?<=\d)(?:st|nd|rd|th|er|º|ª)\b", re.I)
_WEEKDAY = re.compile(
    r"[(（]?\s*(?:[月火水木金土日]曜日?|(?:星期|周|週)[一二三四五六日天]|[월화수목금토일]요일)\s*[)）]?"
    r"|[(（]\s*[一二三四五六日天月火水木金土월화수목금토일]\s*[)）]"
    r"|[(（]?\b(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b\.?,?[)）]?",
    re.I,
)
#: Signs and short words of a date that are neither a day nor a month nor a year.
_FORM = re.compile(r"[年月日号號년월일]|\b(?:of|the|de|del|d)\b", re.I)


@dataclass(frozen=True)
class PageDate:
    """The date of a page according to its front matter.

    ``iso`` is the date as far as it is certain: "2026-03-06", "2026-03", "2026", or empty. ``written``
    is what the author wrote, where ``iso`` does not say all of it. ``readings`` are the days that it
    may be, where there are several.
    """

    iso: str
    written: str = ""
    readings: tuple[datetime.date, ...] = ()

    @property
    def problem(self) -> str:
        """The problem with the date, as a message; empty for a date that is a whole, certain
        day."""
        if len(self.readings) > 1:
            days = " or ".join(day.isoformat() for day in self.readings)
            return f"'date: {self.written}' may be {days}"
        if not self.written or len(self.iso) == 10:
            return ""
        return f"'date: {self.written}' must be a date such as 2026-11-16"


HINT = "Write the year, the month and the day, as in 2026-11-16: pages are sorted by it."
"""What to do about a date with a problem."""


def page_date(
    text: str, *, week: str = "", source: str = "", lang: str = "", changed: float | None = None
) -> PageDate:
    """The date that ``text``, the `date` of front matter, is.

    Of several readings, that in the page's ``week`` counts, or that in the name of its file,
    ``source``. ``changed`` is when the file was changed, in seconds, for `today` and `last-modified`;
    ``lang`` is the language of the page, for the names of months.
    """
    text = " ".join(text.split())
    if text.lower() in MOVING:
        day = datetime.date.fromtimestamp(changed).isoformat() if changed is not None else ""
        return PageDate(day)
    if (match := _ISO.fullmatch(text)) and (day_there := _day(*match.groups())):
        return PageDate(day_there.isoformat())
    if match := _SHORT.fullmatch(_WEEKDAY.sub("", text).strip()):
        readings = tuple(sorted(set(_readings(match))))
        if len(readings) > 1:
            decided = list(_decided(readings, week, source))
            if len(decided) == 1:
                return PageDate(decided[0].isoformat())
            years = {day.year for day in readings}
            return PageDate(str(years.pop()) if len(years) == 1 else "", text, readings)
        if readings:
            return PageDate(readings[0].isoformat())
    return _in_words(text, lang)


def _in_words(text: str, lang: str) -> PageDate:
    # The names of months are a table that most dates don't need.
    from weeknotes.library.csl_dates import parse_date

    parts = (parse_date(text, language=lang) or {}).get("date-parts") or [[]]
    if not parts[0] or not 1000 <= parts[0][0] <= 9999:
        return PageDate("", text)
    iso = "-".join([f"{parts[0][0]:04}", *(f"{part:02}" for part in parts[0][1:])])
    rest = _FORM.sub(" ", _WEEKDAY.sub(" ", _ORDINAL.sub(" ", text)))
    numbers, words = re.findall(r"\d+", rest), re.findall(r"[^\W\d_]+", rest)
    told = len(parts) == 1 and len(parts[0]) == 3
    told = told and len(numbers) + len(words) <= 3 and len(words) <= 1
    return PageDate(iso, "" if told else text)


def _readings(match: re.Match[str]) -> Iterator[datetime.date]:
    """The days that three numbers may be. A year of two digits may come first or last; a point parts
    days from months where the day comes first."""
    first, second, third = match[1], match[3], match[4]
    orders = [(third, second, first), (third, first, second), (first, second, third)]
    if len(first) > 2:
        orders = [(first, second, third)]
    elif len(third) > 2:
        orders = orders[:1] if match[2] == "." else orders[:2]
    for year, month, day in orders:
        if len(year) in (2, 4) and len(day) <= 2:
            found = _day(year if len(year) == 4 else f"20{year}", month, day)
            if found:
                yield found


def _decided(readings: Iterable[datetime.date], week: str, source: str) -> Iterator[datetime.date]:
    """The days of ``readings`` that are in the page's week, or in the name of the file."""
    in_name = _WEEK.search(source)
    name = week or (in_name[0] if in_name else "")
    named = None
    with contextlib.suppress(WeeknotesError):
        if name:
            named = Week.parse(name)
    for day in readings:
        if (named and day in named) or day.isoformat() in source:
            yield day


def _day(year: str, month: str, day: str) -> datetime.date | None:
    try:
        return datetime.date(int(year), int(month), int(day))
    except ValueError:
        return None
