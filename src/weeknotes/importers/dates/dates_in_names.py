"""Days and months in the names of files and folders, and months in short lines of text."""

from __future__ import annotations

import re
from datetime import date

from weeknotes.importers.dates.expressions import find, month_of_name, western
from weeknotes.importers.dates.reader import single_day

_DAY = re.compile(
    r"(?<![0-9])((?:19|20)[0-9]{2})([-_. ]?)(0[1-9]|1[0-2])\2(0[1-9]|[12][0-9]|3[01])(?![0-9])"
)
_SHORT_DAY = re.compile(r"^([0-9]{2})([-_.]?)(0[1-9]|1[0-2])\2(0[1-9]|[12][0-9]|3[01])(?=[-_. ]|$)")
_MONTH = re.compile(r"(?<![0-9])((?:19|20)[0-9]{2})[-_./ ]?(0[1-9]|1[0-2])(?![0-9])")
_WIDE_MONTH = re.compile(
    r"(?<![0-9])((?:(?:19|20)?[0-9]{2}))\s*[年년]\s*([0-9]{1,2})\s*[月월](?!\s*[0-9])"
)
_NAMED_MONTH = re.compile(
    r"\b([A-Za-zäöüéèûçãõ]{3,10})\.?,?\s+((?:19|20)[0-9]{2}|['’‘][0-9]{2})\b|"
    r"\b((?:19|20)[0-9]{2}),?\s+([A-Za-z]{3,10})\b"
)


def day_in_name(stem: str) -> date | None:
    """The day in the name of a file without its suffix: ``2024-07-01``, ``2024_07_01 Title``,
    ``20240701``, ``200122 Title``."""
    if match := _DAY.search(stem):
        return _date(int(match[1]), int(match[3]), int(match[4]))
    if match := _SHORT_DAY.match(stem):
        century = 2000 if int(match[1]) < 70 else 1900
        return _date(century + int(match[1]), int(match[3]), int(match[4]))
    found = find(stem.replace("_", " "))
    return single_day(stem.replace("_", " ")) if found and not found.yearless else None


def without_day(stem: str) -> str:
    """The name of a file without the day that it begins with."""
    for pattern in (_SHORT_DAY, re.compile("^" + _DAY.pattern)):
        if match := pattern.match(stem):
            return stem[match.end() :].strip(" -_.") or stem
    return stem


def month_in(text: str) -> date | None:
    """The first day of the month in ``text``: ``December 2021``, ``2021-12``, ``2021年12月``."""
    if match := _WIDE_MONTH.search(western(text)):
        return _date(_full(match[1]), int(match[2]), 1)
    for match in _NAMED_MONTH.finditer(text):
        name, year = (match[1], match[2]) if match[1] else (match[4], match[3])
        if month := month_of_name(name):
            return _date(_full(year), month, 1)
    if match := _MONTH.search(text):
        return _date(int(match[1]), int(match[2]), 1)
    return None


def _full(year: str) -> int:
    """The year that ``2024``, ``24`` or ``'24`` is."""
    digits = int(year.strip("'’‘"))
    return digits if digits > 99 else 2000 + digits


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
