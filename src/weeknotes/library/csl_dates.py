"""Dates as people and Zotero write them, as CSL dates ("CSL-JSON schema", date-variable)."""

from __future__ import annotations

import datetime
import re
from typing import Any

CslDate = dict[str, Any]

_NONE = re.compile(
    r"n\.?\s*d\.?|no date|undated|s\.?\s*d\.?|o\.?\s*J\.?|미상|不详|不明|无日期", re.I
)
_CIRCA = re.compile(r"^(?:c\.|ca\.?|circa|around|~|약|约)\s*|[?~]$", re.I)
_ISO = re.compile(r"(-?\d{4})(?:[-/.](\d{1,2})(?:[-/.](\d{1,2}))?)?(?:[T ]\d{2}:\d{2}.*)?")
_CJK = re.compile(r"(\d{4})\s*[년年](?:\s*(\d{1,2})\s*[월月](?:\s*(\d{1,2})\s*[일日])?)?")
_DMY = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})")
_YEARS = re.compile(r"(-?\d{4})\s*(?:[-–—/]|--|to|bis|부터|至|~)\s*(\d{2}|\d{4})")
_YEAR = re.compile(r"(?<!\d)(\d{4})(?!\d)")
_MONTHS = {
    name: number
    for number, name in enumerate(
        "jan feb mar apr may jun jul aug sep oct nov dec".split(), start=1
    )
}
_MONTH = r"(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_MONTHS_OF = re.compile(rf"\b{_MONTH}\s*[-–/]\s*{_MONTH}\s*,?\s*(\d{{4}})\b", re.I)
_MONTH_DAY = re.compile(rf"\b{_MONTH}\s+(\d{{1,2}})(?:st|nd|rd|th)?\s*,?\s+(\d{{4}})\b", re.I)
_DAY_MONTH = re.compile(rf"\b(\d{{1,2}})(?:st|nd|rd|th|\.)?\s+{_MONTH}\s*,?\s+(\d{{4}})\b", re.I)
_MONTH_YEAR = re.compile(rf"\b{_MONTH}\s*,?\s*(\d{{4}})\b|\b(\d{{4}})\s*,?\s+{_MONTH}", re.I)
_SEASON = re.compile(r"\b(spring|summer|autumn|fall|winter)\b", re.I)
_SEASONS = {"spring": 1, "summer": 2, "autumn": 3, "fall": 3, "winter": 4}


def parse_date(text: str, parsed: str = "") -> CslDate | None:
    """A date as typed ("March 2020", "2019-2021", "c. 1999", "2020年3月", "n.d.") as a CSL date.

    ``parsed`` is what the service read in it (Zotero's ``meta.parsedDate``); it decides where the
    order of day and month is open. A text that holds no year stays as ``literal``; None when there
    is no text.
    """
    text = " ".join(text.split())
    if not text:
        return None
    if _NONE.fullmatch(text):
        return {"literal": "n.d."}
    bare = _CIRCA.sub("", text).strip()
    date = _range(bare) or _single(bare, parsed)
    if date is None:
        return {"literal": text}
    if bare != text:
        date["circa"] = True
    return date


def iso_day(text: str) -> CslDate | None:
    """The day of an ISO 8601 time (``2024-01-02T03:04:05Z``) as a CSL date, or None."""
    found = _ISO.match(text)
    parts = _checked(found.groups()) if found else None
    return {"date-parts": [parts]} if parts else None


def local_day(text: str) -> str:
    """The local calendar day (``2026-11-16``) of an ISO 8601 time in UTC; empty if it isn't one."""
    try:
        moment = datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        return ""
    if moment.tzinfo is not None:
        moment = moment.astimezone()
    return moment.date().isoformat()


def _range(text: str) -> CslDate | None:
    ends = text.split("/")
    if len(ends) == 2:
        found = [_ISO.fullmatch(end.strip()) for end in ends]
        # "2020/03" is a month; a range's second half is a year or more.
        parts = [_checked(end.groups()) for end in found if end]
        if len(parts) == 2 and parts[0] and parts[1]:
            return {"date-parts": parts}
    if found_years := _YEARS.fullmatch(text):
        first, last = found_years.groups()
        last = last if len(last) == 4 else first[:-2] + last
        # "2020-03" is a month, "2019-21" and "1998-99" are ranges.
        if int(last) > int(first) and not (len(found_years[2]) == 2 and int(found_years[2]) <= 12):
            return {"date-parts": [[int(first)], [int(last)]]}
    if months := _MONTHS_OF.search(text):
        year = int(months[3])
        numbers = [_MONTHS[months[n].lower()] for n in (1, 2)]
        return {"date-parts": [[year, number] for number in numbers]}
    return None


def _single(text: str, parsed: str) -> CslDate | None:
    for pattern in (_ISO, _CJK):
        if (found := pattern.fullmatch(text)) and (parts := _checked(found.groups())):
            return {"date-parts": [parts]}
    if found := _MONTH_DAY.search(text):
        parts = _checked((found[3], str(_MONTHS[found[1].lower()]), found[2]))
        return {"date-parts": [parts]} if parts else None
    if found := _DAY_MONTH.search(text):
        parts = _checked((found[3], str(_MONTHS[found[2].lower()]), found[1]))
        return {"date-parts": [parts]} if parts else None
    if found := _MONTH_YEAR.search(text):
        year, month = (found[2], found[1]) if found[2] else (found[3], found[4])
        return {"date-parts": [[int(year), _MONTHS[month.lower()]]]}
    if season := _SEASON.search(text):
        if year_found := _YEAR.search(text):
            number = _SEASONS[season[1].lower()]
            return {"date-parts": [[int(year_found[1])]], "season": number}
        return None
    if (found := _DMY.fullmatch(text)) and (parts := _day_and_month(found, parsed)):
        return {"date-parts": [parts]}
    if found := _ISO.fullmatch(parsed):
        parts = _checked(found.groups())
        return {"date-parts": [parts]} if parts else None
    if found := _CJK.search(text) or _YEAR.search(text):
        parts = _checked((*found.groups(), None, None)[:3])
        return {"date-parts": [parts]} if parts else None
    return None


def _day_and_month(found: re.Match[str], parsed: str) -> list[int] | None:
    """A numeric date whose order is open: as the service read it, else as far as it is sure."""
    first, second, year = (int(part) for part in found.groups())
    if (read := _ISO.fullmatch(parsed)) and (parts := _checked(read.groups())):
        return parts
    if first > 12 >= second:
        return [year, second, first]
    if second > 12 >= first:
        return [year, first, second]
    return [year, first, second] if first == second else [year]


def _checked(groups: tuple[str | None, ...]) -> list[int] | None:
    """Year, month and day as far as they are given and can be; None without a year."""
    numbers = [int(part) for part in groups if part is not None]
    # A date without a day is "2020-03-00" in Zotero's database.
    while len(numbers) > 1 and numbers[-1] == 0:
        numbers.pop()
    if not numbers or numbers[0] == 0:
        return None
    if len(numbers) > 1 and not 1 <= numbers[1] <= 12:
        return None
    if len(numbers) > 2 and not 1 <= numbers[2] <= 31:
        return None
    return numbers
