"""The plain scan that searches are judged against: reads every note's text for every query.

It shares no code with the index. A note holds a query when it holds all of its parts, each anywhere
in its title, its text, or the lines that say what it is about:

- Han and Hangul: the characters one after the other, spaces between Hangul left out;
- a word: as a whole, or as the start of a word with ``*``; alternatives stand between ``|``;
- a phrase, in quotes: the words one after the other, with a space or a hyphen, dot, slash, colon or
  underscore between them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field

import opencc

_WIDE = "\u3041-\u30ff\u3400-\u9fff\uac00-\ud7a3"
_BETWEEN_HANGUL = re.compile("(?<=[\uac00-\ud7a3]) (?=[\uac00-\ud7a3])")
_WORD = re.compile(rf"[^\W_{_WIDE}]+")
_CONVERTER = opencc.OpenCC("t2s")
_SIMPLE: dict[str, str] = {}


def plain(text: str) -> str:
    """``text`` as a reader would type it: lower case, no accents, simplified characters."""
    text = unicodedata.normalize("NFKC", text).casefold().replace("ø", "o")
    text = "".join(c for c in unicodedata.normalize("NFD", text) if not "\u0300" <= c <= "\u036f")
    text = unicodedata.normalize("NFC", text)
    text = "".join(_simple(c) if "\u3400" <= c <= "\u9fff" else c for c in text)
    return _BETWEEN_HANGUL.sub("", " ".join(text.split()))


def _simple(character: str) -> str:
    if character not in _SIMPLE:
        _SIMPLE[character] = _CONVERTER.convert(character)
    return _SIMPLE[character]


@dataclass
class Scanned:
    """A note as the scan reads it: its lines, and the words in them."""

    page: str
    anchor: str
    title: str
    lines: list[str]
    words: set[str] = field(init=False)

    def __post_init__(self) -> None:
        self.lines = [plain(line) for line in self.lines]
        self.words = {word for line in self.lines for word in _WORD.findall(line)}

    def holds(self, parts: Iterable[str]) -> bool:
        """Whether all of ``parts`` stand in the note."""
        return all(self._holds(part) for part in parts)

    def _holds(self, part: str) -> bool:
        if part.startswith('"'):
            return self._holds_phrase(plain(part.strip('"')))
        if re.search(f"[{_WIDE}]", part):
            wanted = plain(part)
            return any(wanted in line for line in self.lines)
        return any(self._holds_word(form) for form in part.split("|"))

    def _holds_word(self, form: str) -> bool:
        if form.endswith("*"):
            return any(word.startswith(form[:-1]) for word in self.words)
        return form in self.words

    def _holds_phrase(self, phrase: str) -> bool:
        if re.search(f"[{_WIDE}]", phrase):
            return any(phrase in line for line in self.lines)
        words = r"[\s\-_./:]".join(re.escape(word.rstrip("*")) for word in phrase.split(" "))
        end = "" if phrase.endswith("*") else rf"(?![^\W_{_WIDE}])"
        pattern = re.compile(rf"(?<![^\W_{_WIDE}]){words}{end}")
        return any(pattern.search(line) for line in self.lines)


def parts_of(query: str) -> list[str]:
    """What a note must hold for ``query`` when nothing more is said of it."""
    if query[:1] in '"“「':
        return ['"' + query.strip('"“”「」') + '"']
    wide = re.compile(f"[{_WIDE}]")
    return [part if wide.search(part) else f"{plain(part)}*" for part in query.split()]
