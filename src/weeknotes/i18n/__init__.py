"""The languages of the interface, one file each; `language` is the door.

A new language is one new file beside ``en.py`` that defines ``LANGUAGE``: it is found by its name.
The interface speaks the journal's language (``lang`` in ``_quarto.yml``); what a page holds keeps its
own.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, lru_cache
from importlib import import_module
from pathlib import Path

from weeknotes.i18n.language import Language

__all__ = ["Language", "language", "languages", "week_title"]

#: The modules of this room that are no language.
_MACHINERY = {"__init__", "dates", "language", "strings", "engine_words"}


@lru_cache(maxsize=1)
def languages() -> tuple[str, ...]:
    """The tags of all languages that the interface has, such as "en", in alphabetical order."""
    return tuple(sorted({path.stem for path in Path(__file__).parent.glob("*.py")} - _MACHINERY))


def language(tag: str) -> Language:
    """The language for ``tag``, a BCP 47 tag such as "ko-KR"; English where the interface has none."""
    primary = tag.lower().replace("_", "-").partition("-")[0]
    return _load(primary if primary in languages() else "en")


def counted(words: Mapping[str, str], key: str, number: int) -> str:
    """The words for ``key`` in the grammatical number that fits ``number``: those of ``KEY.one`` for
    one, where the language has them."""
    return words.get(f"{key}.one", words[key]) if number == 1 else words[key]


@cache
def _load(tag: str) -> Language:
    found: Language = import_module(f"{__name__}.{tag}").LANGUAGE
    return found


def week_title(year: int, number: int, tag: str) -> str:
    """The title of ISO week ``number`` of ``year`` in the language for ``tag``."""
    return language(tag).week_title.format(year=year, number=number)
