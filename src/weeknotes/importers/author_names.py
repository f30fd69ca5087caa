"""Names of authors as sources list them, and as CSL-JSON has them."""

from __future__ import annotations

import ast
import re

_OTHERS = re.compile(
    r"[,，、;；]?\s*(?:\bet\s+al\b\.?|\band\s+others\b|\bothers\b|외\s*[0-9]*\s*(?:명|인)|等(?:人)?(?=\s*$))",
    re.I,
)
_INITIALS = re.compile(r"(?:[A-Z]\.?[\s-]?){1,4}")
_JUNIOR = re.compile(r"(?:jr|sr|ii|iii|iv)\.?", re.I)
_AFFILIATION = re.compile(
    r"\s*[*†‡§¶⋆∗✉#¹²³⁴-⁹⁰\^]+.*$|(?<=[^\W\d_])[0-9](?:\s*,\s*[0-9])*$|\s*[(（][^()（）]*[)）]\s*$"
)
_PARTICLES = frozenset("van von der den de del della di da dos la le ter ten bin al el ibn".split())


def authors_in(text: str) -> tuple[str, ...]:
    """The names in a list of authors, each once (feeds often give a name twice), with the given name
    first.

    Reads lists as Python and JSON print them, names separated by commas, semicolons, "and" and the
    signs of Korean and Chinese, and ``Last, First; Last, First``. "et al." and marks of affiliation
    are left out.
    """
    names = [_given_first(name) for name in _listed(text)]
    return tuple(dict.fromkeys(name for name in names if name))


def _listed(text: str) -> list[str]:
    """The names of a list, as they are written in it."""
    text = text.strip()
    if text[:1] in "[(" and text[-1:] in "])":
        try:
            found = ast.literal_eval(text)
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            found = None
        if isinstance(found, list | tuple) and found:
            return [str(name) for name in found if isinstance(name, str)]
        text = text[1:-1]
    text = _OTHERS.sub("", text)
    if re.search(r"[;；]", text):
        return re.split(r"\s*[;；]\s*(?:and\s+)?", text)
    people = re.split(r"\s+(?:and|&|und|et)\s+", text)
    if len(people) > 1 and all(len(p.split(",")) == 2 for p in people):
        # BibTeX: Last, First and Last, First.
        return people
    parts = [p for p in re.split(r"\s*(?:[,，、]|\band\b|&| · |\|)\s*", text) if p]
    if len(parts) > 1 and len(parts) % 2 == 0 and all(map(_INITIALS.fullmatch, parts[1::2])):
        # Last, F., Last, F.
        return [f"{last}, {first}" for last, first in zip(parts[::2], parts[1::2], strict=True)]
    return parts


def _given_first(name: str) -> str:
    """A name without marks and quotes, as ``First Last``."""
    name = _AFFILIATION.sub("", " ".join(name.split())).strip(" '\"“”‘’[]()*_")
    if not name or not any(char.isalpha() for char in name) or _OTHERS.fullmatch(name):
        return ""
    last, comma, first = name.partition(",")
    if not comma or not first.strip():
        return last.strip()
    if _JUNIOR.fullmatch(first.strip()):
        return f"{last.strip()}, {first.strip()}"
    if re.search("[\u3040-\u9fff\uac00-\ud7a3]", name):
        return last.strip() + first.strip()
    return f"{first.strip()} {last.strip()}"


def csl_name(name: str) -> dict[str, str]:
    """A name as a CSL name: the last word is the family name, with the particles before it; a
    Korean, Chinese or Japanese name without a space stays whole."""
    if match := re.fullmatch(r"([^,]+),\s*([^,]+)", name.strip()):
        return {"family": " ".join(match[1].split()), "given": " ".join(match[2].split())}
    words = name.split()
    if len(words) < 2:
        return {"literal": name}
    if re.search("[\u3040-\u9fff\uac00-\ud7a3]", name):
        return {"literal": name}
    cut = len(words) - 1
    while cut > 1 and words[cut - 1].lower() in _PARTICLES:
        cut -= 1
    return {"family": " ".join(words[cut:]), "given": " ".join(words[:cut])}
