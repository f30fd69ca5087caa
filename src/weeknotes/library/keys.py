"""Citation keys: Zotero's own, or one that is made once and then kept.

A made key is the first author's family name, the year and the first significant word of the title, in
ASCII: ``ho2020denoising``, ``kim2021hwaksan``. A letter keeps it apart from another of that name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from weeknotes.library.store import Entry
from weeknotes.text.romanise import ascii_letters, surname, surname_within

# What pandoc takes as a citation key: "Pandoc User's Guide", Citation syntax. Keys with other signs
# can be cited as @{key}; those that would end it, or a BibTeX entry's head, cannot be.
_UNCITABLE = re.compile(r"[\s{}\[\]@,;\"'\\%~()=\x00-\x1f\x7f]")
_READABLE_SIGNS = frozenset(".:?!/*_+-&$`")
_EXTRA_KEY = re.compile(r"^[ \t]*citation[ -]?key[ \t]*:[ \t]*(\S.*?)[ \t]*$", re.I | re.M)
_STOPWORDS = frozenset(
    "a an the on of for in to and or with by from at as is are be do does how what why when towards "
    "toward using via into over under its it we our can de la le les des du un une el los las der die "
    "das ein eine und zur zum il lo gli den det en et".split()
)
_WORD = re.compile(
    r"[가-힣]+|[㐀-䶿一-鿿豈-﫿\U00020000-\U0003ffff]{1,2}|[぀-ヿ]{1,4}|(?:[^\W_가-힣㐀-鿿぀-ヿ]|[\u064b-\u065f\u0900-\u0903\u093a-\u094f\u0e31-\u0e4e])+"
)
_NAME_LENGTH, _WORD_LENGTH = 24, 20


def zotero_key(data: Mapping[str, Any]) -> str:
    """The citation key that Zotero itself gives an item; empty when it gives none.

    ``data`` is the ``data`` object of Zotero's API. Zotero 8 has the field ``citationKey``; before
    that Better BibTeX wrote a line ``Citation Key: …`` into Extra.
    """
    key = str(data.get("citationKey") or "").strip()
    if not key:
        line = _EXTRA_KEY.search(str(data.get("extra") or ""))
        key = line[1] if line else ""
    return key


def is_citable(key: str) -> bool:
    """Whether ``key`` can be cited, if need be as ``@{key}``."""
    return bool(key) and not _UNCITABLE.search(key)


def is_readable(key: str) -> bool:
    """Whether ``key`` can also begin an entry of a ``.bib`` file: letters, digits and a few signs.

    One key with another sign (``# < > ^ |``, a dash, an emoji, a letter of no width) makes the whole
    file unreadable for pandoc (seen with 3.9).
    """
    return bool(key) and all(
        letter.isalpha() or letter.isnumeric() or letter in _READABLE_SIGNS for letter in key
    )


def readable_form(key: str, taken: KeysInUse) -> str:
    """A readable citation key like ``key`` that is not ``taken`` (small letters)."""
    plain = "".join(letter for letter in key if letter.isascii() and is_readable(letter))
    stem = plain.strip("".join(_READABLE_SIGNS)) or "item"
    return taken.next_of(stem) if stem.lower() in taken else stem


class KeysInUse(set[str]):
    """Citation keys in use, in small letters, to which keys are only ever added."""

    def __init__(self, keys: Iterable[str] = ()) -> None:
        super().__init__(keys)
        self._used: dict[str, int] = {}

    def next_of(self, stem: str) -> str:
        """``stem`` with the first letters after it that make it a new key."""
        # What was in use is so still: the search goes on where it ended the last time.
        number = self._used.get(stem, 0)
        while (key := stem + _letters(number)).lower() in self:
            number += 1
        self._used[stem] = number
        return key


def make_key(entry: Entry, taken: KeysInUse) -> str:
    """A new citation key for ``entry``: ASCII letters and digits, starting with a letter.

    ``taken`` holds the keys in use, in small letters (BibTeX and some file systems do not tell
    capitals from small letters); the key made is not among them.
    """
    name = _name_of(entry)
    word = _significant_word(_plain(entry.get("title")))
    stem = f"{name or word or 'item'}{_year_of(entry)}{word if name else ''}"
    if not stem[0].isalpha():
        stem = f"x{stem}"
    return taken.next_of(stem) if stem in taken else stem


def _letters(number: int) -> str:
    """0, 1, … 25, 26 as ``a``, ``b``, … ``z``, ``aa``."""
    head, tail = divmod(number, 26)
    return (_letters(head - 1) if head else "") + chr(ord("a") + tail)


def _name_of(entry: Entry) -> str:
    for role in ("author", "editor", "director", "composer", "host", "contributor", "translator"):
        people = entry.get(role)
        for person in people if isinstance(people, list) else []:
            if isinstance(person, dict) and (name := _person(person)):
                return name
    return ""


def _person(person: Mapping[str, Any]) -> str:
    family = str(person.get("family") or "")
    if family:
        return (surname_within(family) or surname(family))[:_NAME_LENGTH]
    whole = str(person.get("literal") or person.get("given") or "")
    if known := surname_within(whole):
        return known
    # An institution, or a name in one field: its first words, as many as fit.
    name = ""
    for word in _WORD.findall(whole):
        if name and len(name) + len(ascii_letters(word)) > 12:
            break
        name += ascii_letters(word) if word.lower() not in _STOPWORDS else ""
    return name[:_NAME_LENGTH]


def _year_of(entry: Entry) -> str:
    date = entry.get("issued")
    parts = date.get("date-parts") if isinstance(date, dict) else None
    try:
        year = int(parts[0][0])  # type: ignore[index]
    except (TypeError, ValueError, IndexError, KeyError):
        return "nd"
    return str(year) if year > 0 else f"bc{-year}"


def _significant_word(title: str) -> str:
    first = ""
    for word in _WORD.findall(title):
        letters = ascii_letters(word)
        if len(letters) > 1 and letters not in _STOPWORDS:
            return letters[:_WORD_LENGTH]
        first = first or letters
    return first[:_WORD_LENGTH]


def _plain(title: Any) -> str:
    """A title without its markup and TeX commands."""
    return re.sub(r"<[^<>]*>|\\[A-Za-z]+|['’]", "", str(title or ""))
