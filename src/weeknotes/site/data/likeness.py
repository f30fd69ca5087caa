"""The similarity of notes: their terms are weighted, and each note is compared with all others.

Notes are compared as vectors of their terms, each term weighted by how often it is in the note and how
rare it is (tf-idf; Manning, Raghavan and Schütze, *Introduction to Information Retrieval*, section
6.2), and the likeness of two notes is the cosine of the angle between them. A term of one note alone
is like nothing else and counts for nothing.

Weights are whole numbers, so that the sums are exact, in whatever order they are worked out.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache

from weeknotes.site.data import note_terms

#: So many related notes are shown at most.
SHOWN = 4
#: The terms that are compared of each note: those of the greatest weight.
_TERMS = 40
#: The length of a vector, and a likeness of 1.
_LENGTH = 1 << 20
ONE = _LENGTH * _LENGTH
#: A likeness below this is chance.
LEAST = ONE * 8 // 100
#: Likenesses that differ by less count as the same.
STEP = ONE >> 14

#: The weights of a note's terms.
Vector = Mapping[int, int]


@lru_cache(maxsize=1)
def _frequency() -> list[float]:
    return [0.0, *(1 + math.log(number) for number in range(1, 256))]


def vector(
    packed: bytes, is_shared: Callable[[int], bool], rarity: Callable[[int], float]
) -> Vector:
    """The terms of a note (``packed`` as `note_terms.pack` does) with their weights: those that
    ``is_shared`` with another note; ``rarity`` is how much a term says."""
    frequency = _frequency()
    keys, numbers = note_terms.unpack(packed)
    weighed = [
        (-int(frequency[number] * rarity(key) * 65536), key)
        for key, number in zip(keys, numbers, strict=True)
        if is_shared(key)
    ]
    weighed = [pair for pair in sorted(weighed)[:_TERMS] if pair[0]]
    length = math.sqrt(sum(weight * weight for weight, _ in weighed)) or 1.0
    return {key: int(-weight * _LENGTH / length) for weight, key in weighed}


def pack(found: Vector) -> bytes:
    """``found`` as bytes: the terms, then their weights."""
    return array("I", found).tobytes() + array("I", found.values()).tobytes()


def unpack(packed: bytes) -> Vector:
    """The vector that `pack` has written."""
    values = array("I")
    values.frombytes(packed)
    half = len(values) // 2
    return dict(zip(values[:half], values[half:], strict=True))


def likenesses(
    note: int, of: Vector, postings: Callable[[int], Iterable[tuple[int, int]]]
) -> dict[int, int]:
    """The likeness of ``note``, whose vector is ``of``, to each other note that it has more in common
    with than by chance; ``postings`` are the notes that have a term, with its weight in each."""
    found: dict[int, int] = {}
    for term, weight in of.items():
        for other, its in postings(term):
            found[other] = found.get(other, 0) + weight * its
    found.pop(note, None)
    return {other: likeness for other, likeness in found.items() if likeness >= LEAST}
