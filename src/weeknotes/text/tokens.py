"""Taking folded text apart into terms with positions.

A word (letters and digits of any script with spaces between words) is a term at one position. Of Han,
kana and Hangul every character has a position and is a term together with the character that follows
it, so that any stretch of two or more characters can be looked up, and one character as the start of
its pairs. `browser/text.js` reads a query in the same way.

Positions follow each other where a phrase may go on: over a space, or a hyphen within a word. At
other punctuation, and at a space between two Han characters, one position is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

#: Written without spaces between words: Han, kana, Bopomofo.
HAN = (
    "\u3005\u3007\u3021-\u3029\u3038-\u303b\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff"
    "\u3105-\u312f\u31a0-\u31bf\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\U00020000-\U000323af"
)
#: Hangul syllables and letters. Spaces between words are written more or less as one likes.
HANGUL = "\u1100-\u11ff\u3131-\u318e\ua960-\ua97c\uac00-\ud7a3\ud7b0-\ud7fb"
#: Joins the parts of one word, number, key or file name when no space is beside it.
JOINERS = "-_./'’·:+@&#‐‑–"
#: Stands for "nothing follows" in the second place of a pair.
END = "."

_TOKEN = re.compile(f"([{HAN}]+)|([{HANGUL}]+(?: [{HANGUL}]+)*)|([^\\W_{HAN}{HANGUL}]+)")
_HAN, _HANGUL, _WORD = 1, 2, 3
_WIDE = re.compile(f"[{HAN}{HANGUL}]")
_FIRST_WIDE = "\u1100"


def tokenise(folded: str) -> tuple[dict[str, list[int]], int]:
    """The terms of ``folded`` with their positions in ascending order, and the position after the
    last."""
    terms: dict[str, list[int]] = {}
    position = 0
    end = 0
    before = 0
    for match in _TOKEN.finditer(folded):
        kind = match.lastindex or 0
        start = match.start()
        if before and start > end and _interrupts(folded[end:start], before, kind):
            position += 1
        token = match[0]
        if kind == _WORD:
            terms.setdefault(token, []).append(position)
            position += 1
        else:
            if kind == _HANGUL:
                token = token.replace(" ", "")
            for pair in map(str.__add__, token, token[1:] + END):
                terms.setdefault(pair, []).append(position)
                position += 1
        before = kind
        end = match.end()
    return terms, position


@dataclass(frozen=True)
class Token:
    """A word, or a run of Han or Hangul, of folded text: its first position and where it is in the
    text. A ``wide`` one takes as many positions as it has characters."""

    text: str
    wide: bool
    position: int
    start: int
    end: int


def tokens(folded: str) -> Iterator[Token]:
    """The tokens of ``folded`` in order, with the positions that `tokenise` gives their terms."""
    position = end = before = 0
    for match in _TOKEN.finditer(folded):
        kind = match.lastindex or 0
        start = match.start()
        if before and start > end and _interrupts(folded[end:start], before, kind):
            position += 1
        text = match[0].replace(" ", "") if kind == _HANGUL else match[0]
        yield Token(text, kind != _WORD, position, start, match.end())
        position += 1 if kind == _WORD else len(text)
        before, end = kind, match.end()


def prefix(term: str) -> str:
    """The key by which ``term`` is filed: its first two characters, or the one Han or Hangul
    character that a pair starts with."""
    return term[0] if is_wide(term[0]) else term[:2]


def is_wide(character: str) -> bool:
    """Whether ``character`` is one of those that are filed in pairs."""
    return character >= _FIRST_WIDE and bool(_WIDE.match(character))


def _interrupts(separator: str, before: int, after: int) -> bool:
    """Whether a phrase can't go on over ``separator``."""
    if separator == " ":
        return before == after == _HAN
    return not (before == after == _WORD and len(separator) == 1 and separator in JOINERS)
