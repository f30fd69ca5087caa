"""Days, spans of days and months as each language writes them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Protocol


class Dates(Protocol):
    """The way in which one language writes dates."""

    def day(self, value: date) -> str:
        """One day, such as "16 November 2026"."""

    def month(self, number: int) -> str:
        """The month ``number`` (1 to 12) in short, such as "Nov"."""

    def span(self, first: date, last: date) -> str:
        """The days from ``first`` to ``last``, inclusive, such as "16–22 November 2026"."""

    def short_span(self, first: date, last: date) -> str:
        """The days from ``first`` to ``last`` without the year, such as "30 Nov – 6 Dec"."""


@dataclass(frozen=True)
class EuropeanDates:
    """Day, name of the month, year. ``months`` are the twelve names, separated by spaces."""

    months: str

    def day(self, value: date) -> str:
        return f"{value.day} {self._name(value)} {value.year}"

    def month(self, number: int) -> str:
        return self.months.split()[number - 1][:3]

    def span(self, first: date, last: date) -> str:
        if (first.year, first.month) == (last.year, last.month):
            return f"{first.day}–{self.day(last)}"
        opening = f"{first.day} {self._name(first)}"
        if first.year != last.year:
            opening += f" {first.year}"
        return f"{opening} – {self.day(last)}"

    def short_span(self, first: date, last: date) -> str:
        close = f"{last.day} {self.month(last.month)}"
        if first.month == last.month:
            return f"{first.day}–{close}"
        return f"{first.day} {self.month(first.month)} – {close}"

    def _name(self, value: date) -> str:
        return self.months.split()[value.month - 1]


@dataclass(frozen=True)
class EastAsianDates:
    """Year, month, day, each with the word that follows its number."""

    year: str
    month_word: str
    day_word: str

    def day(self, value: date) -> str:
        return f"{value.year}{self.year}{self._month_and_day(value)}{self.day_word}"

    def month(self, number: int) -> str:
        return f"{number}{self.month_word.strip()}"

    def span(self, first: date, last: date) -> str:
        opening = f"{first.year}{self.year}{self._month_and_day(first)}"
        if (first.year, first.month) == (last.year, last.month):
            return f"{opening}–{last.day}{self.day_word}"
        close = f"{self._month_and_day(last)}{self.day_word}"
        if first.year != last.year:
            close = f"{last.year}{self.year}{close}"
        return f"{opening}{self.day_word} – {close}"

    def short_span(self, first: date, last: date) -> str:
        opening = self._month_and_day(first)
        if first.month == last.month:
            return f"{opening}–{last.day}{self.day_word}"
        return f"{opening}{self.day_word} – {self._month_and_day(last)}{self.day_word}"

    def _month_and_day(self, value: date) -> str:
        return f"{value.month}{self.month_word}{value.day}"
