"""The main language of a text by itself, recognised by its script.

`weeknotes.text.languages` is for a passage of a page, which is in the language of its surroundings
unless its script plainly says another.
"""

from __future__ import annotations

import re

_HANGUL = re.compile("[\uac00-\ud7a3\u1100-\u11ff\u3130-\u318f]")
_KANA = re.compile("[\u3040-\u30ff]")
_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_LATIN = re.compile("[A-Za-z\u00c0-\u024f]+")


def main_language(text: str) -> str:
    """A BCP 47 tag: ``ko``, ``ja``, ``zh`` or ``en``; empty where ``text`` has no letters of theirs.

    A sign of a wide script counts as half a word, so that a Chinese sentence with English terms in
    it is Chinese, and an English one that cites a Chinese word English.
    """
    hangul, kana, han = (len(script.findall(text)) for script in (_HANGUL, _KANA, _HAN))
    latin = len(_LATIN.findall(text))
    wide = {"ko": hangul, "ja": kana + (han if kana > han / 4 else 0), "zh": han}
    best = max(wide, key=lambda tag: (wide[tag], tag))
    if wide[best] and wide[best] / 2 >= latin:
        return best
    return "en" if latin else (best if wide[best] else "")
