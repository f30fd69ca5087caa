"""The words of a query in a text: where they are, and a stretch of the text that shows most of them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache

from weeknotes.site.search.query import Pair, Unit, Word
from weeknotes.text.folding import fold
from weeknotes.text.tokens import tokens

_WIDE = re.compile("[\u1100-\u11ff\u3040-\ud7ff]")
_CUT = re.compile(r"[^\W_]{2}")


def marks(text: str, units: Sequence[Unit]) -> list[tuple[int, int, int]]:
    """The places in ``text`` that ``units`` ask for: start, end, and the number of the unit, in
    order and without overlaps."""
    atoms = {position: (word, start, end) for position, word, start, end in _atoms(text)}
    found: list[tuple[int, int, int]] = []
    for number, unit in enumerate(units):
        for first, (_, start, _) in atoms.items():
            ends = [_matched(atoms, first, part) for part in unit.parts]
            if all(ends):
                found.append((start, max(end for end in ends if end), number))
    apart: list[tuple[int, int, int]] = []
    for mark in sorted(found, key=lambda mark: (mark[0], -mark[1])):
        if not apart or mark[0] >= apart[-1][1]:
            apart.append(mark)
        elif mark[1] > apart[-1][1]:
            apart[-1] = (apart[-1][0], mark[1], apart[-1][2])
    return apart


def excerpt(
    text: str, found: Sequence[tuple[int, int, int]], width: int = 160
) -> tuple[str, list[tuple[int, int]]]:
    """A stretch of ``text`` of about ``width`` columns that shows the most of ``found``, on one line,
    and where the marks are in it."""
    wide = len(_WIDE.findall(text)) > len(text) / 4
    length = width // 2 if wide else width
    start = 0
    if found:
        kinds = [
            len({n for s, e, n in found if s >= mark[0] and e <= mark[0] + length * 3 // 4})
            for mark in found
        ]
        start = max(0, found[kinds.index(max(kinds))][0] - length // 4)
    end = min(len(text), start + length)
    start, end = _edge(text, start, 1, wide), _edge(text, end, -1, wide)
    before, after = "… " * (start > 0), " …" * (end < len(text))
    shown = before + "".join(" " if c.isspace() else c for c in text[start:end]) + after
    shift = len(before) - start
    inside = [(s + shift, e + shift) for s, e, _ in found if s >= start and e <= end]
    return shown, inside


def _edge(text: str, at: int, step: int, wide: bool) -> int:
    """The next place from ``at`` where a word ends, if one is near."""
    for place in range(at, at + 16 * step, step):
        if not 0 < place < len(text) or wide or not _CUT.fullmatch(text[place - 1 : place + 1]):
            return min(max(place, 0), len(text))
    return at


def _matched(atoms: dict[int, tuple[str, int, int]], first: int, part: Pair | Word) -> int | None:
    """The end in the text of what ``part`` of a unit that begins at ``first`` stands for, or None."""
    at = first + part.offset
    if isinstance(part, Word):
        known = atoms.get(at)
        return known[2] if known and part.grade(known[0]) is not None else None
    end = None
    for number, character in enumerate(part.text):
        known = atoms.get(at + number)
        if known is None or known[0] != character:
            return None
        end = known[2]
    return end


def _atoms(text: str) -> Iterator[tuple[int, str, int, int]]:
    """The words, and single characters of Han and Hangul, of ``text``: position, folded form, and the
    place in ``text``."""
    folded: list[str] = []
    places: list[tuple[int, int]] = []
    for start, end in _clusters(text):
        part = _folded(text[start:end])
        if part == " " and (not folded or folded[-1] == " "):
            part = ""
        if part:
            folded.append(part)
        places += [(start, end)] * len(part)
    whole = "".join(folded)
    for token in tokens(whole):
        if not token.wide:
            yield token.position, token.text, places[token.start][0], places[token.end - 1][1]
            continue
        position = token.position
        for at in range(token.start, token.end):
            if whole[at] != " ":
                yield position, whole[at], *places[at]
                position += 1


@lru_cache(maxsize=4096)
def _folded(cluster: str) -> str:
    return " " if cluster.isspace() else fold(cluster)


def _clusters(text: str) -> Iterator[tuple[int, int]]:
    """Characters with what belongs to them: combining marks, and letters of a Hangul syllable."""
    start = 0
    for at in range(1, len(text) + 1):
        if at == len(text) or not _belongs(text[at - 1], text[at]):
            yield start, at
            start = at


def _belongs(before: str, character: str) -> bool:
    if character < "\u0300":
        return False
    if "\u1160" <= character <= "\u11ff":
        return "\u1100" <= before <= "\u11ff"
    return unicodedata.category(character)[0] == "M"
