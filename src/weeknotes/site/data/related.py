"""Related notes: for each note the others that are most like it, whatever languages they are in.

Notes are compared as vectors of their terms (`terms`), each term weighted by how often it stands in
the note and how rare it is (tf-idf; Manning, Raghavan and Schütze, *Introduction to Information
Retrieval*, section 6.2), and the likeness of two notes is the cosine of the angle between them.

How rare a term is, is counted over the years before the newest one. So a change in the newest year,
where nearly all changes are, moves the lists of those notes alone that are like the changed ones.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from weeknotes.site.data import note_terms
from weeknotes.site.data.cache import once_a_site
from weeknotes.site.data.note_index import facts_of
from weeknotes.site.data.page_records import PageRecord, Site

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: So many related notes are shown at most.
SHOWN = 4
#: A likeness below this is chance.
_LEAST = 0.08
#: The terms that are compared of each note: those of the greatest weight.
_TERMS = 40
#: So many rows of the matrix of all pairs are held at once.
_ROWS = 64

#: Where a note stands: the address of its page, and its anchor there.
Place = tuple[str, str]


@dataclass(frozen=True)
class Relation:
    """A related note: its page, its anchor and title there, and how like the two are (0 to 1)."""

    page: PageRecord
    anchor: str
    title: str
    likeness: float


@once_a_site
def related_of(site: Site) -> Mapping[Place, tuple[Relation, ...]]:
    """The notes related to each note of ``site``, the most like first. Tasks are no notes here, nor is
    what a digest that was made says of its papers: nobody has written it."""
    facts = facts_of(site)
    places: list[tuple[PageRecord, int]] = []
    packed: list[bytes] = []
    for page in site.pages:
        if page.digest:
            continue
        for number, (note, known) in enumerate(zip(page.notes, facts.of(page).notes, strict=True)):
            if note.kind != "tasks" and note.anchor:
                places.append((page, number))
                packed.append(known.terms)
    settled = _settled_years([page for page, _ in places])
    rows = nearest(packed, [place in settled for place in range(len(places))])
    found: dict[Place, tuple[Relation, ...]] = {}
    for (page, number), row in zip(places, rows, strict=True):
        relations = []
        for other, likeness in row:
            other_page, other_number = places[other]
            note = other_page.notes[other_number]
            relations.append(Relation(other_page, note.anchor, note.title, likeness))
        found[page.href, page.notes[number].anchor] = tuple(relations)
    return found


def _settled_years(pages: Sequence[PageRecord]) -> set[int]:
    """Those of ``pages`` from a year before the newest; all of them where there is only one year."""
    years = [(page.week or page.date)[:4] for page in pages]
    newest = max(years, default="")
    return {n for n, year in enumerate(years) if year < newest} or set(range(len(pages)))


def nearest(packed: Sequence[bytes], settled: Sequence[bool]) -> list[list[tuple[int, float]]]:
    """For each note the numbers of those most like it, with their likeness, the most like first.

    ``packed`` are the notes' terms; ``settled`` says of each note whether its terms tell how rare a
    term is.
    """
    import numpy as np

    if not packed:
        return []
    rows, columns, weights = _matrix(packed, settled)
    count = len(packed)
    order = np.argsort(columns, kind="stable")
    starts = np.searchsorted(columns[order], np.arange(columns.max(initial=0) + 2))
    ends = np.searchsorted(rows, np.arange(count + 1))
    found: list[list[tuple[int, float]]] = []
    for first in range(0, count, _ROWS):
        last = min(count, first + _ROWS)
        block = slice(ends[first], ends[last])
        # Each term of a note of the block meets every note that has it.
        lengths = starts[columns[block] + 1] - starts[columns[block]]
        own = np.repeat(np.arange(block.start, block.stop), lengths)
        within = np.arange(len(own)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
        other = order[np.repeat(starts[columns[block]], lengths) + within]
        cells = (rows[own] - first) * count + rows[other]
        likeness = np.bincount(
            cells, weights=weights[own] * weights[other], minlength=(last - first) * count
        ).reshape(last - first, count)
        likeness[np.arange(last - first), np.arange(first, last)] = 0
        found += _best(likeness)
    return found


def _best(likeness: NDArray[Any]) -> list[list[tuple[int, float]]]:
    """The greatest values of each row with their columns; of equals the first column."""
    import numpy as np

    rows, columns = np.nonzero(likeness >= _LEAST)
    values = np.round(likeness[rows, columns], 4)
    order = np.lexsort((columns, -values, rows))
    rank = np.arange(len(rows)) - np.searchsorted(rows, rows)
    chosen = order[rank < SHOWN]
    best: list[list[tuple[int, float]]] = [[] for _ in likeness]
    chosen_rows, chosen_columns = rows[chosen].tolist(), columns[chosen].tolist()
    for row, column, value in zip(
        chosen_rows, chosen_columns, values[chosen].tolist(), strict=True
    ):
        best[row].append((column, value))
    return best


def _matrix(
    packed: Sequence[bytes], settled: Sequence[bool]
) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    """The notes' weighted terms as a sparse matrix in coordinates: rows in order, columns, weights;
    each row has the length 1."""
    import numpy as np

    unpacked = [note_terms.unpack(data) for data in packed]
    sizes = np.array([len(keys) for keys, _ in unpacked])
    rows = np.repeat(np.arange(len(packed)), sizes)
    distinct, columns = np.unique(
        np.concatenate([keys for keys, _ in unpacked]), return_inverse=True
    )
    numbers = np.concatenate([found for _, found in unpacked]).astype(np.float64)
    counted = np.asarray(settled)[rows]
    having = np.bincount(columns[counted], minlength=len(distinct))
    rarity = np.log((1 + sum(settled)) / (1 + having))
    weights = (1 + np.log(numbers)) * rarity[columns]
    # A term of one note alone is like nothing else.
    shared = np.flatnonzero((np.bincount(columns)[columns] > 1) & (weights > 0))
    rows, columns, weights = rows[shared], columns[shared], weights[shared]
    # By rows, then by falling weight: faster in one number, far below whose steps all weights are.
    order = np.argsort(rows * 1000.0 - weights, kind="stable")
    sizes = np.bincount(rows, minlength=len(packed))
    rank = np.arange(len(rows)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    kept = order[rank < _TERMS]
    rows, columns, weights = rows[kept], columns[kept], weights[kept]
    lengths = np.sqrt(np.bincount(rows, weights=weights**2, minlength=len(packed)))
    return rows, columns, weights / np.maximum(lengths, 1e-12)[rows]
