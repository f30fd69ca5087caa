"""The words of the site with numbers, names and dates filled in."""

from __future__ import annotations

from datetime import date

from weeknotes.i18n import language


class Strings:
    """The words of the site in one language.

    ``lang`` is a BCP 47 tag. ``Strings.lang`` is the language that was chosen: the given tag, or "en"
    where the interface has no words in it.
    """

    def __init__(self, lang: str) -> None:
        self._language = language(lang)
        known = lang.lower().replace("_", "-").partition("-")[0] == self._language.tag
        self.lang = lang if known else "en"

    def __call__(self, key: str, *values: object) -> str:
        """The words for ``key`` with ``values`` filled in."""
        return self._language.site[key].format(*values)

    def count(self, key: str, number: int, *values: object) -> str:
        """``number`` with the words for ``key`` in the grammatical number that fits it, and
        ``values`` filled in."""
        site = self._language.site
        form = f"{key}.one" if number == 1 and f"{key}.one" in site else f"{key}.other"
        return site[form].format(number, *values)

    def span(self, start: str, end: str) -> str:
        """The days from ``start`` to ``end`` (ISO 8601 dates, inclusive), such as
        "16–22 November 2026"."""
        return self._language.dates.span(date.fromisoformat(start), date.fromisoformat(end))

    def short_span(self, start: str, end: str) -> str:
        """The days from ``start`` to ``end`` without the year, such as "30 Nov – 6 Dec"."""
        return self._language.dates.short_span(date.fromisoformat(start), date.fromisoformat(end))

    def month(self, day: str) -> str:
        """The month of ``day`` (an ISO 8601 date) in short, such as "Nov"."""
        return self._language.dates.month(date.fromisoformat(day).month)

    def day(self, day: str) -> str:
        """One day (an ISO 8601 date), such as "16 November 2026"; a text that is no date is returned
        as it is."""
        try:
            value = date.fromisoformat(day[:10])
        except ValueError:
            return day
        return self._language.dates.day(value)
