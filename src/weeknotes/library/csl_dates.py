"""Dates as people and Zotero write them, as CSL dates ("CSL-JSON schema", date-variable).

The year is never lost: what else is written is read as far as it is sure. Libraries were weighed
and left out: dateparser fills a missing day with today's, reads no ranges and no years before
Christ, and takes seconds for some texts; babel takes 1.7 s to load the months of all languages. The
names of the months are therefore a table made from babel's data (`month_names`).
"""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from weeknotes.library import date_words as words
from weeknotes.library.month_names import is_month, month_of
from weeknotes.text.chinese_numbers import with_arabic_dates

CslDate = dict[str, Any]


@dataclass(frozen=True)
class _Parts:
    """The parts of a date that a text gives. ``whole`` is false if the text says other things
    too."""

    year: int | None = None
    month: int | None = None
    day: int | None = None
    season: int | None = None
    bce: bool = False
    whole: bool = True

    @property
    def date_parts(self) -> list[int]:
        """Year, month and day as far as they are known and can be; empty without a year."""
        if not self.year:
            return []
        parts = [-self.year if self.bce else self.year]
        if self.month and 1 <= self.month <= 12:
            parts.append(self.month)
            if self.day and 1 <= self.day <= _days(self.year, self.month):
                parts.append(self.day)
        return parts

    @property
    def says_something(self) -> bool:
        return any((self.year, self.month, self.day, self.season))


def parse_date(text: str, parsed: str = "", language: str = "") -> CslDate | None:
    """A date as typed ("March 2020", "2019-2021", "c. 1999", "2020年3月", "n.d.") as a CSL date.

    ``parsed`` is what the service read in it (Zotero's ``meta.parsedDate``): a hint that decides
    where the order of day and month is open. ``language`` is that of the item, which decides which
    month a name such as "listopad" is. A text that holds no year stays as ``literal``; None when
    there is no text. Years before Christ are negative: 44 BC is -44.
    """
    text = " ".join(unicodedata.normalize("NFC", _ascii_digits(text)).split())
    text = with_arabic_dates(text)
    if not text:
        return None
    if words.NONE.fullmatch(text):
        return {"literal": "n.d."}
    if quoted := words.QUOTED.fullmatch(text):
        return {"literal": quoted[1]}
    bare = text if words.DECADE.fullmatch(text) else _bare(text)
    hint = _iso_parts(parsed)
    date = _Reader(hint, language).date(bare)
    if date is None and hint and hint[0] > 0 and str(hint[0]) in text:
        date = {"date-parts": [hint]}
    if date is None:
        return {"literal": text}
    if _is_circa(text):
        date["circa"] = True
    return date


def iso_day(text: str) -> CslDate | None:
    """The day of an ISO 8601 time (``2024-01-02T03:04:05Z``) as a CSL date, or None."""
    parts = _iso_parts(words.TIME.sub("", text.strip()))
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


def _ascii_digits(text: str) -> str:
    """``text`` with the digits of every script (full-width, Arabic, …) as ASCII digits."""
    if text.isascii():
        return text
    return "".join(
        letter
        if letter.isascii() or (digit := unicodedata.decimal(letter, None)) is None
        else str(digit)
        for letter in text
    )


def _bare(text: str) -> str:
    """``text`` without what only comments on a date: a time, brackets, "circa"."""
    text = words.TIME.sub("", words.COPYRIGHT.sub("", words.BRACKETED.sub(r" \1 ", text).strip()))
    return words.CIRCA.sub("", words.CIRCA.sub("", text.strip())).strip(" ,;")


def _is_circa(text: str) -> bool:
    text = words.BRACKETED.sub(r" \1 ", text).strip()
    if words.CIRCA.search(text):
        return True
    # "2011-05-25~/2012-06-26" (ISO 8601-2): either end may be uncertain.
    return re.search(r"\d[?~%](?=/)", text) is not None


def _iso_parts(text: str) -> list[int]:
    """An ISO 8601 date as far as it says something: "2007-00-06" is 2007; empty if it is none."""
    found = words.ISO.fullmatch(text)
    if not found:
        return []
    year, month, day = (int(part or 0) for part in found.groups())
    return _Parts(abs(year), month or None, day or None, bce=year < 0).date_parts


def _days(year: int, month: int) -> int:
    if month == 2:
        return 29 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 28
    return 30 if month in (4, 6, 9, 11) else 31


class _Reader:
    """Reads one date, with what its surroundings say."""

    def __init__(self, hint: list[int], language: str) -> None:
        self._hint = hint
        self._month_hint = hint[1] if len(hint) > 1 else None
        self._language = language.lower().split("-")[0]

    def date(self, text: str) -> CslDate | None:
        """The CSL date that ``text`` is, or None where it holds no year."""
        text = words.ERA.sub(_of_era, text)
        if words.THAI.search(text):
            text = words.THAI_YEAR.sub(lambda year: str(int(year[0]) - 543), text)
        if decade := self._decade(text):
            return decade
        one = self._numeric(text)
        if one is None:
            if found := self._range(text):
                return found
            one = self._read(text)
        if not one.date_parts:
            return None
        date: CslDate = {"date-parts": [one.date_parts]}
        if one.season and not one.month:
            date["season"] = one.season
        return date

    def _decade(self, text: str) -> CslDate | None:
        """Decades, centuries and quarters: the first and the last year or month."""
        if found := words.DECADE.fullmatch(text):
            if found[3]:
                return {"date-parts": [[int(found[3])], [int(found[3]) + 9]]}
            size = len(found[2])
            if len(found[1]) + size == 4:
                first = int(found[1]) * 10**size
                return {"date-parts": [[first], [first + 10**size - 1]]}
        if quarter := words.QUARTER.search(text):
            year = self._read(words.QUARTER.sub(" ", text)).year
            number = next(part for part in quarter.groups() if part)
            start = "1234一二三四".index(number) % 4 * 3 + 1
            return {"date-parts": [[year, start], [year, start + 2]]} if year else None
        return None

    def _range(self, text: str) -> CslDate | None:
        """``text`` as the two ends of a range: "29 June-1 July 2011", "Jan/Feb 2010", "1998-99"."""
        for separator in words.SEPARATORS:
            for found in separator.finditer(text):
                ends = text[: found.start()].strip(" ,?~%"), text[found.end() :].strip(" ,?~%")
                if date := self._ends(*ends):
                    return date
        return self._list(text)

    def _list(self, text: str) -> CslDate | None:
        """Several months in a row, from the first to the last: "November, December 1988"."""
        parts = [part.strip() for part in words.BETWEEN_MONTHS.split(text) if part.strip()]
        ends = [self._end(part) for part in parts]
        if len(ends) < 2 or not all(end.whole and end.month for end in ends):
            return None
        return self._ends(parts[0], parts[-1])

    def _ends(self, left: str, right: str) -> CslDate | None:
        right = right.removesuffix("까지").strip()
        left = re.sub(r"^(?:from|von|between|de|du)\s+", "", left, flags=re.I)
        if (year := re.search(r"(?<!\d)\d{4}$", left)) and re.fullmatch(r"\d{2}", right):
            right = year[0][:2] + right  # "1998-99", "Winter 2019/20"
        first, last = self._end(left), self._end(right)
        if last.bce and left.isdigit():
            first = _Parts(int(left), bce=True)
        if not (first.whole and last.whole and first.says_something and last.says_something):
            return None
        first, last = _completed(first, last)
        one, other = first.date_parts, last.date_parts
        if not one or not other or one > other or (one == other and first.season == last.season):
            return None
        date: CslDate = {"date-parts": [one] if one == other else [one, other]}
        if first.season and not first.month:
            date["season"] = first.season
        return date

    def _end(self, text: str) -> _Parts:
        """One end of a range; a lone number of one or two digits is a day."""
        if re.fullmatch(r"\d{1,2}(?:st|nd|rd|th|\.|일|日)?", text):
            return _Parts(day=int(re.sub(r"\D", "", text)))
        if found := re.fullmatch(r"(\d{1,2}),?\s+(\d{4})", text):  # the end of "June 22-26, 2015"
            return _Parts(int(found[2]), day=int(found[1]))
        return self._numeric(text) or self._read(text)

    def _numeric(self, text: str) -> _Parts | None:
        """A date in numbers alone; None if ``text`` is none."""
        text = text.strip()
        if found := words.ISO.fullmatch(text):
            year, month, day = (int(part or 0) for part in found.groups())
            if month <= 12:
                return _Parts(abs(year), month or None, day or None, bce=year < 0)
            return None  # "2019-21" is a range
        if (found := words.COMPACT.fullmatch(text)) and 1 <= int(found[2]) <= 12:
            return _Parts(int(found[1]), int(found[2]), int(found[3] or 0) or None)
        if found := words.CJK.fullmatch(text):
            year, month, day = (int(part or 0) for part in found.groups())
            return _Parts(year, month or None, day or None)
        if found := words.YEAR_FIRST.fullmatch(text):
            year, month, day = (int(part or 0) for part in found.groups())
            if month > 12 >= day > 0:
                month, day = day, month
            if month <= 12:
                return _Parts(year, month or None, day or None)
            return None
        if found := words.ROMAN_MONTH.fullmatch(text):
            if number := words.ROMAN.get(found[2]):
                return _Parts(int(found[3]), number, int(found[1]))
        elif found := words.YEAR_LAST.fullmatch(text):
            return self._year_last(found)
        return None

    def _year_last(self, found: re.Match[str]) -> _Parts | None:
        """ "06/2007" and "15.6.2007"; a year of two digits needs a day and a month before it."""
        year = int(found[3].lstrip("'’"))
        if len(found[3]) < 4:
            if not found[1]:
                return None
            year = _full_year(year)
        if not found[1]:
            month = int(found[2])
            return _Parts(year, month if month <= 12 else None)
        first, second = int(found[1]), int(found[2])
        if len(self._hint) == 3 and sorted(self._hint[1:]) == sorted((first, second)):
            return _Parts(year, self._hint[1], self._hint[2])
        if first > 12 or first == second:
            return _Parts(year, second, first)
        if second > 12:
            return _Parts(year, first, second)
        # A point parts days from months where the day comes first; no English date has one.
        return _Parts(year, second, first) if "." in found[0] else _Parts(year)

    def _read(self, text: str) -> _Parts:
        """The parts of a date that the words and numbers of ``text`` give."""
        bce = words.BEFORE_CHRIST.search(text) is not None
        era = bce or words.AFTER_CHRIST.search(text) is not None
        if era:
            text = words.AFTER_CHRIST.sub(" ", words.BEFORE_CHRIST.sub(" ", text)).strip()
        if found := words.DAY_WITHIN.search(text):
            return _Parts(int(found[1]), int(found[3]), int(found[4]), whole=found[0] == text)
        text = words.CJK_YEAR.sub(r"\1 ", text)
        if found := words.CJK.search(text) or words.CJK_MONTH.search(text):
            named = ([None, *found.groups()])[-3:]
            rest = (text[: found.start()] + " " + text[found.end() :]).strip(" ,.")
            named[0] = named[0] or next(iter(re.findall(r"\d{4}", rest)), None)
            year, month, day = (int(part) if part else 0 for part in named)
            return _Parts(
                year or None,
                month or None,
                day or None,
                bce=bce,
                whole=not re.sub(r"^\d{4}$", "", rest),
            )
        return self._tokens(text, bce, era)

    def _tokens(self, text: str, bce: bool, era: bool) -> _Parts:
        numbers: list[str] = []
        month = season = None
        whole = True
        for word, number in _words(text):
            if number:
                numbers.append(number)
            elif month is None and (named := month_of(word, self._language, self._month_hint)):
                month = named
            elif season is None and word in words.SEASONS:
                season = words.SEASONS[word]
            elif word not in words.FILLERS and word not in ",.;()'’|":
                whole = False
        if short := re.search(r"['’](\d\d)$", text):
            numbers = [*numbers[:-1], str(_full_year(int(short[1])))]
        year, rest = _year_of(numbers, era)
        day = next((int(n) for n in rest if len(n) <= 2 and 1 <= int(n) <= 31), None)
        whole = whole and len(rest) <= (1 if day else 0)
        return _Parts(year, month, day if month or not year else None, season, bce, whole)


def _full_year(year: int) -> int:
    """A year of two digits in this century, or in the last one if it would be to come."""
    this = datetime.date.today().year
    return year + this - this % 100 - (100 if year > this % 100 else 0)


def _of_era(found: re.Match[str]) -> str:
    year = 1 if found[2] == "元" else int(found[2])
    return f"{words.ERAS[found[1]] + year}年"


def _words(text: str) -> Iterator[tuple[str, str]]:
    """The words of ``text`` in small letters, and its numbers; names of months of several words are
    one word."""
    tokens = [
        (found[0].lower().rstrip("."), found[1] or "") for found in words.TOKEN.finditer(text)
    ]
    at = 0
    while at < len(tokens):
        for size in (3, 2):
            several = " ".join(word for word, _ in tokens[at : at + size])
            if is_month(several):
                yield several, ""
                at += size
                break
        else:
            yield tokens[at]
            at += 1


def _year_of(numbers: list[str], era: bool) -> tuple[int | None, list[str]]:
    """The year among ``numbers``, and the others."""
    four = [number for number in numbers if len(number) == 4]
    likely = [number for number in four if 1000 <= int(number) <= 2200]
    if era and not four:
        four = sorted(numbers, key=int)[-1:]
    if not four and len(numbers) == 1 and len(numbers[0]) == 3:
        four = numbers
    if not four:
        return None, numbers
    year = (likely or four)[0]
    rest = list(numbers)
    rest.remove(year)
    return int(year), rest


def _completed(first: _Parts, last: _Parts) -> tuple[_Parts, _Parts]:
    """Both ends of a range, each with what only the other says: "22-26 June 2015"."""
    if last.bce and not first.bce and first.year and last.year and first.year > last.year:
        first = replace(first, bce=True)
    if last.year and not first.year and not first.month and last.month:
        first = replace(first, month=last.month)
    if first.month and not last.month and last.day:
        last = replace(last, month=first.month)
    # "Dec 31-Jan 2 2010" begins in the year before.
    turn = int(first.month is not None and last.month is not None and first.month > last.month)
    if first.year and not last.year:
        last = replace(last, year=first.year + turn, bce=first.bce)
    elif last.year and not first.year:
        first = replace(first, year=last.year - turn, bce=last.bce)
    return first, last
