"""Texts as weighted terms: the sparse matrix that the ranking works on.

Terms are those of related notes (`weeknotes.text.terms`) and pairs of neighbouring words, with the
authors and categories beside them; weights are tf-idf (Manning, Raghavan and Schütze, *Introduction to
Information Retrieval*, section 6.2), each row of length 1. A term counts only where a candidate has it,
and how rare it is is counted over the candidates: what is written in a script that they do not have
says nothing of them, and must not be learned from.
"""

from __future__ import annotations

import re
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from weeknotes.text.folding import fold
from weeknotes.text.terms import words
from weeknotes.text.tokens import HAN, HANGUL

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: How much a word of the title, and a pair of neighbouring words, count against a word of the text;
#: chosen on months and lists other than those of the published figure (docs/digests.md).
TITLE, PAIR = 5.0, 0.4
#: How much an author and a category count.
AUTHOR, CATEGORY = 1.0, 1.0
#: With fewer candidates than this the library helps to tell which terms are rare.
_ENOUGH = 100
_WIDE = re.compile(f"[{HAN}{HANGUL}]")

Counted = dict[int, float]


@dataclass(frozen=True)
class Document:
    """A text to be compared: title, further text, and the names beside it."""

    title: str
    text: str = ""
    authors: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()


@dataclass(frozen=True)
class Matrix:
    """Rows of weighted terms in compressed form: the values of row ``i`` are
    ``values[starts[i]:starts[i + 1]]``, in the columns ``columns[...]`` of ``width``."""

    starts: NDArray[Any]
    columns: NDArray[Any]
    values: NDArray[Any]
    width: int

    def __len__(self) -> int:
        return len(self.starts) - 1

    @property
    def rows(self) -> NDArray[Any]:
        """The row of each value."""
        import numpy as np

        return np.repeat(np.arange(len(self)), np.diff(self.starts))

    def times(self, vector: NDArray[Any], rows: NDArray[Any]) -> NDArray[Any]:
        """The product with a vector of ``width`` numbers; ``rows`` is `rows`, worked out once."""
        import numpy as np

        return np.bincount(rows, self.values * vector[self.columns], minlength=len(self))

    def transposed_times(self, vector: NDArray[Any], rows: NDArray[Any]) -> NDArray[Any]:
        """The product of the transposed matrix with a vector of a number a row."""
        import numpy as np

        return np.bincount(self.columns, self.values * vector[rows], minlength=self.width)


def term_id(term: str) -> int:
    """The CRC-32 of ``term``, the same in each run."""
    return zlib.crc32(term.encode("utf-8", "surrogatepass"))


def author_term(name: str) -> str:
    """The term of an author: the folded name, without the order of its parts."""
    return "@" + " ".join(sorted(re.findall(r"\w+", fold(name))))


def pairs(terms: Sequence[str]) -> Iterator[str]:
    """Neighbouring words joined; pairs of Chinese or Korean characters are pairs already."""
    for first, second in pairwise(terms):
        if not (_WIDE.match(first) or _WIDE.match(second)):
            yield f"{first} {second}"


def count(document: Document) -> Counted:
    """The weight of each term in ``document``, by the term's CRC-32."""
    found: dict[str, float] = {}
    for text, weight in ((document.title, TITLE), (document.text, 1.0)):
        terms = list(words(text))
        for term, number in Counter(terms).items():
            found[term] = found.get(term, 0.0) + weight * number
        for term, number in Counter(pairs(terms)).items():
            found[term] = found.get(term, 0.0) + PAIR * weight * number
    for name in document.authors:
        found[author_term(name)] = AUTHOR
    for category in document.categories:
        found[f"#{category.casefold()}"] = CATEGORY
    return {term_id(term): number for term, number in found.items()}


def matrices(
    candidates: Sequence[Document], others: Iterable[Document], background: Iterable[Document] = ()
) -> tuple[Matrix, Matrix, Matrix]:
    """The weighted terms of ``candidates``, of ``others`` and of ``background``.

    The columns are the terms of the candidates; how rare a term is, is counted over the candidates and
    the background, and where these are few over the others too.
    """
    import numpy as np

    raw = _counted(candidates)
    known, columns = np.unique(raw.columns, return_inverse=True)
    own = Matrix(raw.starts, columns, raw.values, len(known))
    rest = _restricted(_counted(others), known)
    behind = _restricted(_counted(background), known)
    width, base = len(known), float(len(own) + len(behind))
    having = np.bincount(own.columns, minlength=width).astype(float)
    having += np.bincount(behind.columns, minlength=width)
    share = max(0.0, 1 - base / _ENOUGH)
    if share and len(rest):
        having += share * np.bincount(rest.columns, minlength=width)
        base += share * len(rest)
    # The second part keeps something of a term that each of a few candidates has.
    rarity = np.log((1 + base) / (1 + having)) + 0.5 * share
    return _weighted(own, rarity), _weighted(rest, rarity), _weighted(behind, rarity)


def _counted(documents: Iterable[Document]) -> Matrix:
    """The counts of ``documents`` as a matrix whose columns are the terms' CRC-32s."""
    import numpy as np

    rows = [_row(document) for document in documents]
    starts = np.cumsum([0, *(len(columns) for columns, _ in rows)])
    if not rows:
        return Matrix(starts, np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32), 0)
    columns, values = zip(*rows, strict=True)
    return Matrix(starts, np.concatenate(columns), np.concatenate(values), 0)


@lru_cache(maxsize=8192)
def _row(document: Document) -> tuple[NDArray[Any], NDArray[Any]]:
    """The counts of ``document``, kept for the next day of the same run."""
    import numpy as np

    found = count(document)
    return (
        np.fromiter(found.keys(), dtype=np.int64, count=len(found)),
        np.fromiter(found.values(), dtype=np.float32, count=len(found)),
    )


def _restricted(raw: Matrix, known: NDArray[Any]) -> Matrix:
    """``raw`` without the terms that are not ``known`` (ascending)."""
    import numpy as np

    places = np.minimum(np.searchsorted(known, raw.columns), max(0, len(known) - 1))
    kept = known[places] == raw.columns if len(known) else np.zeros(len(places), dtype=bool)
    sizes = np.bincount(raw.rows[kept], minlength=len(raw))
    starts = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    return Matrix(starts, places[kept], raw.values[kept], len(known))


def _weighted(matrix: Matrix, rarity: NDArray[Any]) -> Matrix:
    """``matrix`` with tf-idf weights, each row of length 1. Counts below one stay as they are."""
    import numpy as np

    counts = matrix.values.astype(np.float64)
    values = np.where(counts >= 1, 1 + np.log(np.maximum(counts, 1)), counts)
    values *= rarity[matrix.columns]
    rows = matrix.rows
    lengths = np.sqrt(np.bincount(rows, values**2, minlength=len(matrix)))
    return Matrix(
        matrix.starts, matrix.columns, values / np.maximum(lengths, 1e-12)[rows], matrix.width
    )
