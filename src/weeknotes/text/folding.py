"""Folding text so that forms which a reader takes for the same are the same.

`browser/text.js` folds a query in the same way; what is done here and there must agree, which
`tests/search/test_folding.py` checks.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

#: Letters that no Unicode decomposition takes apart, as readers type them without the keyboard for it.
LETTERS = {
    "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ħ": "h",
    "ı": "i", "ς": "σ",
}  # fmt: skip
#: Invisible characters: soft hyphen, zero-width spaces and joiners, directional and order marks,
#: variation selectors.
INVISIBLE = "\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufe00-\ufe0f\ufeff"

_INVISIBLE = re.compile(f"[{INVISIBLE}]")
_MARKS = re.compile("[\u0300-\u036f]")
_LETTERS = str.maketrans(LETTERS)
_DECOMPOSABLE = re.compile("[\u00c0-\u036f\u0370-\u052f\u1e00-\u1fff]")
_HAN = re.compile("[\u2e80-\u2fdf\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_SPACE = re.compile(r"\s+")


def fold(text: str) -> str:
    """``text`` in lower case, compatibility characters (full-width forms, ligatures, Hangul and Latin
    letters written in parts) in their plain composed form, accents taken off Latin, Greek and
    Cyrillic letters, traditional Han characters simplified, white space folded.

    The forms are those of Unicode Standard Annex 15 (NFKC). Traditional characters are mapped one by
    one, so that a word is the same whatever is beside it.
    """
    text = unicodedata.normalize("NFKC", _INVISIBLE.sub("", text)).lower()
    if _DECOMPOSABLE.search(text):
        text = _MARKS.sub("", unicodedata.normalize("NFD", text))
        text = unicodedata.normalize("NFC", text).translate(_LETTERS)
    if _HAN.search(text):
        text = text.translate(_simplified())
    return _SPACE.sub(" ", text).strip()


@lru_cache(maxsize=1)
def simplified() -> dict[str, str]:
    """Simplified characters by the traditional ones that OpenCC's character tables map to them.

    Characters of the Basic Multilingual Plane only: beyond it stand rare variants that would double
    what a browser has to load.
    """
    import opencc

    blocks = ((0x3400, 0x4DC0), (0x4E00, 0xA000))
    characters = [chr(code) for first, end in blocks for code in range(first, end)]
    # One line a character, so that no phrase table applies.
    converted = opencc.OpenCC("t2s").convert("\n".join(characters)).split("\n")
    return {
        character: simple
        for character, simple in zip(characters, converted, strict=True)
        if simple != character and len(simple) == 1 and ord(simple) < 0x10000
    }


@lru_cache(maxsize=1)
def _simplified() -> dict[int, str]:
    return str.maketrans(simplified())
