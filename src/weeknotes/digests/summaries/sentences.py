"""Splitting a text into sentences, in English, Korean, Chinese and Japanese.

Full stops end a sentence unless they belong to an abbreviation, an initial, a number or a name such as
``e.g.``; full-width ones end it always. Formulas between dollar signs are not looked into.
"""

from __future__ import annotations

import re

#: Words that end in a full stop within a sentence, in lower case.
_ABBREVIATIONS = frozenset(
    "e.g i.e cf vs viz etc al fig figs eq eqs eqn sec secs ch chap tab ref refs no nos vol pp ed eds "
    "dr prof mr mrs ms st jr sr inc ltd co corp dept univ approx resp ca w.r.t u.s u.k u.s.a a.k.a "
    "i.i.d a.s jan feb mar apr jun jul aug sep sept oct nov dec".split()
)
#: Those of them that may end a sentence too: then a capital letter follows.
_MAY_END = frozenset("etc al u.s u.k u.s.a i.i.d inc ltd co corp".split())
_END = re.compile(
    r"[。！？]+[”’」』）)\]\"']*"
    r"|[.!?…]+[”’\"')\]]*(?=\s|$)"
    r"|(?<=[가-힣])[.!?]+(?=[가-힣A-Z])"
    r"|(?<=[\u4e00-\u9fff])[.!?;]+(?=[\u4e00-\u9fff])"
)
_MATHS = re.compile(r"\$[^$\n]{1,400}\$")
_LAST_WORD = re.compile(r"([^\s()\[\]\"']+)$")
_OPENING = re.compile(r"[\s\"'“‘(\[]*")


def sentences(text: str) -> list[str]:
    """The sentences of ``text`` in order, white space folded; nothing but white space is lost."""
    text = " ".join(text.split())
    masked = _MATHS.sub(lambda maths: "x" * len(maths[0]), text)
    found = []
    start = 0
    for end in _END.finditer(masked):
        if _ends(masked, start, end):
            found.append(text[start : end.end()].strip())
            start = end.end()
    found.append(text[start:].strip())
    return [sentence for sentence in found if sentence]


def _ends(text: str, start: int, end: re.Match[str]) -> bool:
    mark = end[0]
    if not mark.startswith("."):
        return True
    following = text[_OPENING.match(text, end.end()).end() :][:1]  # type: ignore[union-attr]
    before = _LAST_WORD.search(text, start, end.start())
    word = before[1].casefold() if before else ""
    if mark.strip("”’\"')]") == ".":
        if word in _ABBREVIATIONS:
            return word in _MAY_END and (not following or following.isupper())
        # An initial: "J. Smith".
        if len(word) == 1 and word.isalpha() and word.isascii() and before and before[1].isupper():
            return not following
    return not following.islower() or _is_wide(following)


def _is_wide(character: str) -> bool:
    return character >= "\u1100"
