"""Whether the weeks that a source only numbers are ISO weeks, or the log's own count."""

from __future__ import annotations

import re
from collections.abc import Sequence

from weeknotes.importers.dates.expressions import Expression
from weeknotes.importers.dates.reader import Reader

_TERM = re.compile(
    r"\b(?:fall|spring|summer|winter|autumn|semester|term|quarter|trimester|course|class|internship|"
    r"bootcamp|(?:fa|sp|su|wi|f|s|w|ss|ws)[-_ ]?['’]?[0-9]{2})\b|학기|방학|인턴|学期|學期|实习|暑假|"
    r"寒假|[春夏秋冬]季?学|前期|後期",
    re.I,
)
_LONGEST_TERM = 20
_NEAR = 3


def own_count(
    found: Sequence[Expression], reader: Reader, names: Sequence[str], titles: Sequence[str]
) -> str:
    """Why the numbers of weeks without a year in ``found`` are the log's own count ("Week 1" of a
    term), in words for the report; "" where they are ISO weeks, or where there are none.

    ``titles`` are those of the source, ``names`` those of its file and folders. Weeks that are counted
    from 1 and never reach far are a term's if the source itself does not say the year, or if it
    names a term; beside weeks with dates, the dates decide.
    """
    numbers = [e.number for e in found if e.number and e.yearless]
    if not numbers:
        return ""
    dated = [span.week for e in found if not e.number and (span := reader.span(e))]
    if dated:
        near = any(abs(week.number - number) <= _NEAR for week in dated for number in numbers)
        return "" if near else f"the dates beside them are of other weeks ({dated[0]})"
    if max(numbers) > _LONGEST_TERM:
        return ""
    if term := next((match[0] for text in (*titles, *names) if (match := _TERM.search(text))), ""):
        return f"they are those of a term ({term.strip()!r})"
    written = any(e.year for e in found) or any(_year_in(text) for text in titles)
    if not written and min(numbers) <= 1 + (len(numbers) == 1) * _LONGEST_TERM:
        return "no year is written with them"
    return ""


def _year_in(text: str) -> bool:
    return bool(re.search(r"(?<![0-9])(?:19|20)[0-9]{2}(?![0-9])", text))
