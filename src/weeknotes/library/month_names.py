"""The names of months in many languages, whole, shortened or misspelt.

``month_names.json`` holds the names by month, made from babel's data, and under "ambiguous" those that
are another month's in another language.
"""

from __future__ import annotations

import difflib
import json
from functools import cache
from importlib import resources

from weeknotes.library import date_words as words


def is_month(name: str) -> bool:
    """Whether ``name``, of one word or several in small letters, is the name of one month alone."""
    return name in _table()[0]


def month_of(word: str, language: str, hint: int | None) -> int | None:
    """The number of the month that ``word``, in small letters, is; None where it is none.

    ``language`` (such as "cs") decides which month a name such as "listopad" is; without it, the month
    ``hint`` does if it is one of these, and otherwise most of the languages do. A word that begins the
    names of one month alone counts as that month, and so does a word that is nearly its English name.
    """
    names, ambiguous = _table()
    if word in names:
        return names[word]
    if word in ambiguous:
        languages = ambiguous[word]
        if language in languages:
            return languages[language]
        numbers = list(languages.values())
        return hint if hint in numbers else max(numbers, key=numbers.count)
    if len(word) < 3 or word in words.SEASONS or word in words.FILLERS:
        return None
    # "Octob" and "Saus": the beginning of one month's names alone; "Feburary": nearly a name.
    begun = {number for name, number in names.items() if name.startswith(word)}
    if not begun and len(word) > 5:
        begun = {names[near] for near in difflib.get_close_matches(word, words.ENGLISH, 1, 0.85)}
    return begun.pop() if len(begun) == 1 else None


@cache
def _table() -> tuple[dict[str, int], dict[str, dict[str, int]]]:
    """The months by their names, and the names that are another month's in another language."""
    text = resources.files("weeknotes.library").joinpath("month_names.json").read_text("utf-8")
    table = json.loads(text)
    names = {name: int(number) for number, listed in table["months"].items() for name in listed}
    return names | words.MORE_MONTHS, table["ambiguous"]
