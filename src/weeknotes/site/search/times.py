"""Queries that name a week or a day of the journal, and the pages of that time.

A reader who types ``W44``, ``44주차`` or ``10月26日`` wants a page, not the notes with these letters.
The patterns are the browser's as well: `engine_modules` writes them into its tables, which
`browser/times.js` reads, so that a page and a terminal understand the same queries.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Protocol, TypeVar

from weeknotes.journal.weeks import Week
from weeknotes.text.folding import fold

#: The English months; a query may name one by its first letters, three at least.
MONTHS = (
    "january february march april may june july august september october november december".split()
)
_YEAR = "([12][0-9]{3})"
_TWO = "([0-9]{1,2})"
_ORDINAL = "(?:st|nd|rd|th)?"
_MONTH = "([a-z]{3,9})\\.?"
#: A day of the week may be before or after a date, as calendars write it.
_BEFORE = "(?:(?:mon|tue|tues|wed|wednes|thu|thur|thurs|fri|sat|satur|sun)(?:day)?\\.?,? )?"
_AFTER = "(?: ?\\(?(?:[월화수목금토일](?:요일)?|(?:周|星期)[一二三四五六日天])\\)?)?"
#: The forms in which a whole folded query may name a week or a day, each with what its groups say:
#: y(ear), w(eek), m(onth), d(ay). They mean the same in Python and in JavaScript.
FORMS = [
    ["yw", f"(?:{_YEAR}[ ./-]?)?(?:w|wk|week)[ .-]?{_TWO}(?:-[1-7])?"],
    ["wy", f"(?:w|wk|week)[ .-]?{_TWO},? (?:of )?{_YEAR}"],
    ["wy", f"{_TWO}(?:st|nd|rd|th) week(?:,? (?:of )?{_YEAR})?"],
    ["yw", f"(?:{_YEAR}년? ?)?(?:제 ?)?{_TWO} ?(?:주차|주째|주|번째 ?주)"],
    ["yw", f"(?:{_YEAR}年? ?)?第? ?{_TWO} ?(?:周|週)目?"],
    ["ymd", f"{_YEAR} ?- ?{_TWO} ?- ?{_TWO}"],
    ["ymd", f"{_YEAR} ?/ ?{_TWO} ?/ ?{_TWO}"],
    ["ymd", f"{_YEAR}\\. ?{_TWO}\\. ?{_TWO}\\.?"],
    ["ymd", f"{_YEAR}([0-9]{{2}})([0-9]{{2}})"],
    ["ymd", f"(?:{_YEAR} ?[年년] ?)?{_TWO} ?[月월] ?{_TWO} ?[日号號일]?{_AFTER}"],
    ["dmy", f"{_BEFORE}{_TWO}{_ORDINAL} (?:of )?{_MONTH}(?:,? {_YEAR})?"],
    ["mdy", f"{_BEFORE}{_MONTH} {_TWO}{_ORDINAL}(?:,? {_YEAR})?"],
]
#: What the journal's pages are that a time may name; papers and figures are no pages of a time.
KINDS = ("week", "digest")
_FORMS = [(names, re.compile(pattern)) for names, pattern in FORMS]


class Dated(Protocol):
    """What is asked of a page: its kind, its week (``2026-W44``) and its day (ISO), either empty."""

    @property
    def kind(self) -> str: ...
    @property
    def week(self) -> str: ...
    @property
    def date(self) -> str: ...


Page = TypeVar("Page", bound=Dated)


@dataclass(frozen=True)
class Time:
    """A ``week`` of the year, or a ``month`` and a ``day`` (0 for none); ``year`` is 0 where the query
    names none."""

    year: int = 0
    week: int = 0
    month: int = 0
    day: int = 0

    def names(self, week: Week) -> bool:
        """Whether it names this week, or one of its days."""
        if self.week:
            return self.week == week.number and self.year in (0, week.year)
        return any(self.is_on(day) for day in week.days)

    def is_on(self, day: date) -> bool:
        """Whether it is this day."""
        return (self.month, self.day) == (day.month, day.day) and self.year in (0, day.year)


def time_of(query: str) -> Time | None:
    """The week or day that the whole ``query`` names; None for any other query."""
    folded = fold(query)
    for names, pattern in _FORMS:
        match = pattern.fullmatch(folded)
        if not match:
            continue
        said = dict(zip(names, match.groups(), strict=True))
        month = said.get("m") or "0"
        number = int(month) if month.isdigit() else _month(month)
        if "w" not in said and not number:
            continue
        return Time(
            int(said.get("y") or 0), int(said.get("w") or 0), number, int(said.get("d") or 0)
        )
    return None


def pages_of(time: Time, pages: Iterable[Page]) -> list[Page]:
    """Those of ``pages`` that ``time`` names: the week, and digests of just that day; digests of the
    week where there is nothing else. Without a year it is the newest such week."""
    dated = [(week, page) for page in pages if page.kind in KINDS and (week := _week(page))]
    named = [(week, page) for week, page in dated if time.names(week)]
    if not named:
        return []
    newest = max(week for week, _ in named)
    found = [page for week, page in named if week == newest]
    weeks = [page for page in found if page.kind == "week"]
    digests = [page for page in found if page.kind != "week"]
    on_day = [page for page in digests if (day := _day(page)) and time.is_on(day)]
    return (weeks + on_day) or digests


def _week(page: Dated) -> Week | None:
    if page.week:
        return Week.parse(page.week)
    day = _day(page)
    return Week.of(day) if day else None


def _day(page: Dated) -> date | None:
    try:
        return date.fromisoformat(page.date[:10])
    except ValueError:
        return None


def _month(name: str) -> int:
    return next((n for n, month in enumerate(MONTHS, 1) if month.startswith(name)), 0)
