"""Checking that an answer is in the language that was asked for: by its script, and in Latin letters by
the small words that every sentence has."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable

from weeknotes.digests.summaries.client import ModelError
from weeknotes.text.main_language import main_language

#: The scripts of languages as Unicode names their letters; all others are written in Latin letters.
_SCRIPTS = {
    tag: script
    for script, tags in (
        ("CYRILLIC", "ru uk bg sr mk be kk ky mn"),
        ("GREEK", "el"),
        ("ARABIC", "ar fa ur"),
        ("HEBREW", "he yi"),
        ("DEVANAGARI", "hi mr ne"),
        ("BENGALI", "bn"),
        ("TAMIL", "ta"),
        ("THAI", "th"),
        ("GEORGIAN", "ka"),
        ("ARMENIAN", "hy"),
    )
    for tag in tags.split()
}
_WIDE = ("ko", "ja", "zh")
_SMALL = {
    "en": "the of and to in is for with that we this on are by from as it be which our",
    "fr": "le la les des du et est une un dans pour que nous sur par avec qui au cette ne",
    "de": "der die das und ist ein eine zu den mit für auf von wir nicht dass des im sind",
    "es": "el la los las de y es una un en para que por con se del como más este",
    "it": "il lo la gli le di e è una un per che con del della sono nel questo si",
    "pt": "os de e é uma um em para que por com da não dos esse este são na se",
    "nl": "de het een en van is dat op te voor met zijn wij niet deze wordt ook",
}
_SMALL_WORDS = {tag: frozenset(words.split()) for tag, words in _SMALL.items()}
#: So many words, or signs of a script that has no spaces, say which language a text is in.
_ENOUGH, _ENOUGH_SIGNS = 8, 24


def check_language(texts: Iterable[str], lang: str) -> None:
    """Raises ModelError where ``texts`` together, or a long one among them, are not in ``lang``.
    Languages of one script are told apart where both have their small words here."""
    texts = list(texts)
    for text in (" ".join(texts), *filter(_is_long, texts)):
        if found := _other_language(text, lang.partition("-")[0].lower()):
            raise ModelError(f"the answer is not in the language asked for ({lang}) but in {found}")


def _is_long(text: str) -> bool:
    wide = sum(unicodedata.east_asian_width(letter) == "W" for letter in text)
    return len(text.split()) >= _ENOUGH or wide >= _ENOUGH_SIGNS


def _other_language(text: str, wanted: str) -> str:
    """The language or the script that ``text`` is in, where it is another than that of ``wanted``."""
    script = _script(text)
    expected = wanted if wanted in _WIDE else _SCRIPTS.get(wanted, "LATIN")
    if not script or (script == expected != "LATIN"):
        return ""
    if script != expected:
        return "en" if script == "LATIN" and expected in _WIDE else script.capitalize()
    words = re.findall(r"[^\W\d_]+", text.casefold())
    shares = {
        tag: sum(word in small for word in words) / len(words)
        for tag, small in _SMALL_WORDS.items()
    }
    best = max(shares, key=lambda tag: shares[tag])
    clear = len(words) >= _ENOUGH and shares[best] >= 0.15
    return best if clear and best != wanted and shares[best] > 1.5 * shares.get(wanted, 0) else ""


def _script(text: str) -> str:
    """The script of most letters: a language of `_WIDE`, or the name of an alphabet."""
    wide = main_language(text)
    if wide in _WIDE:
        return wide
    names = (unicodedata.name(letter, "").partition(" ")[0] for letter in text if letter.isalpha())
    found = Counter(name for name in names if name)
    return max(found, key=lambda name: found[name]) if found else ""
