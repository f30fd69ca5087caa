"""The name of an ISO week in each language."""

from __future__ import annotations


def week_title(year: int, number: int, lang: str) -> str:
    """The name of ISO week ``number`` of ``year`` in ``lang``, a BCP 47 tag; in English for a language
    without a name of its own here."""
    match lang.lower().partition("-")[0]:
        case "ko":
            return f"{year}년 {number}주차"
        case "zh":
            return f"{year}年第{number}周"
        case _:
            return f"Week {number}, {year}"
