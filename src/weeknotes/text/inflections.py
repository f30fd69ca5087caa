"""English words that belong together: inflected forms, and words that one typing error sets apart.

`site/search/browser/text.js` does the same in a reader's browser with the same tables;
`tests/search/test_terminal.py` holds the two together.
"""

from __future__ import annotations

import re
from functools import lru_cache

#: Forms of one word that its spelling does not tell.
FAMILIES = [
    line.split()
    for line in (
        "write wrote written",
        "show showed shown",
        "find found",
        "choose chose chosen",
        "take took taken",
        "give gave given",
        "see saw seen",
        "know knew known",
        "draw drew drawn",
        "grow grew grown",
        "fall fell fallen",
        "build built",
        "hold held",
        "keep kept",
        "lead led",
        "learn learned learnt",
        "lose lost",
        "make made",
        "mean meant",
        "send sent",
        "spend spent",
        "teach taught",
        "think thought",
        "understand understood",
        "bring brought",
        "begin began begun",
        "break broke broken",
        "come came",
        "become became",
        "do does did done",
        "go goes went gone",
        "get got gotten",
        "run ran",
        "have has had",
        "use uses used using",
        "matrix matrices",
        "index indices indexes",
        "vertex vertices",
        "axis axes",
        "basis bases",
        "criterion criteria",
        "phenomenon phenomena",
        "child children",
        "person people",
        "mouse mice",
        "foot feet",
        "half halves",
        "spectrum spectra",
        "maximum maxima",
        "minimum minima",
        "optimum optima",
        "appendix appendices",
        "formula formulae",
        "datum data",
        "hypothesis hypotheses",
        "thesis theses",
        "analysis analyses",
    )
]
#: Words that end as inflected ones do.
UNCHANGED = frozenset(
    "bias atlas alias canvas gas has was lens this thus series species embed hundred indeed".split()
)
_WORD = re.compile("[a-z]+")
_DOUBLED = re.compile(r"([^aeious])\1$")


def stem(word: str) -> str:
    """The stem that the inflected forms of an English word share: without plural, -ed and -ing."""
    if len(word) < 4 or not _WORD.fullmatch(word) or word in UNCHANGED:
        return word
    base = _DOUBLED.sub(r"\1", _without_ending(word))
    return base[:-1] if len(base) > 3 and base.endswith("e") else base


def _without_ending(word: str) -> str:
    if word.endswith("sis") and len(word) > 5:
        return word[:-2]
    if word.endswith(("ies", "ied")) and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("xes", "ches", "shes", "sses", "zzes")):
        return word[:-2]
    if re.search("[^su]s$", word) and not word.endswith("is"):
        return word[:-1]
    if re.search("[^e]ed$", word):
        return _cut(word, 2)
    return _cut(word, 3) if word.endswith("ing") else word


def _cut(word: str, count: int) -> str:
    rest = word[:-count]
    return rest if len(rest) > 2 and re.search("[aeiouy]", rest) else word


@lru_cache(maxsize=1)
def _families() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for forms in FAMILIES:
        for form in (*forms, stem(forms[0])):
            found[form] = forms
    return found


def relatives(word: str) -> list[str]:
    """``word`` and the forms of it that its spelling does not tell, such as irregular verbs."""
    families = _families()
    return [word, *(families.get(word) or families.get(stem(word)) or [])]


def one_error_apart(a: str, b: str) -> bool:
    """Whether one letter added, left out, changed, or exchanged with its neighbour makes ``a`` into
    ``b``."""
    if a == b or abs(len(a) - len(b)) > 1:
        return False
    start = 0
    while start < min(len(a), len(b)) and a[start] == b[start]:
        start += 1
    most = min(len(a), len(b)) - start
    ends = 0
    while ends < most and a[-1 - ends] == b[-1 - ends]:
        ends += 1
    left, right = a[start : len(a) - ends], b[start : len(b) - ends]
    if len(left) <= 1 and len(right) <= 1:
        return True
    return len(left) == len(right) == 2 and left == right[::-1]
