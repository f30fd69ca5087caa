"""Recognising the cells of an earlier import in what the same source gives now.

A cell is the same if it has the same id, or else the same text, the same paper, or a text much like
it: a note whose title was corrected has another id and is still the same note.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from weeknotes.importers.markdown.text import plain
from weeknotes.importers.page_cells import MadeCell, hash_of
from weeknotes.importers.previous_import import identity, import_of, touched
from weeknotes.journal.notebooks import Cell

ALIKE = 0.6
"""The share of pairs of letters (Dice's coefficient) from which on two texts are alike."""
_COMPARED = 4000
_CITATION = re.compile(r" ?(?<!\\)\[@[^\]]*\](?: \{[^{}]*\})?$")


def match(
    names: Sequence[str], made: Sequence[MadeCell], present: Iterable[Cell]
) -> dict[str, Cell]:
    """The cell of ``present`` that each of ``made`` is, by its name in ``names``; each cell once."""
    left = {identity(cell): cell for cell in present}
    found: dict[str, Cell] = {}
    new = dict(zip(names, made, strict=True))

    def take(name: str, cell: Cell) -> None:
        found[name] = cell
        del left[identity(cell)]
        del new[name]

    for name in list(new):
        if name in left:
            take(name, left[name])
    hashes = {import_of(cell.metadata).get("hash"): cell for cell in left.values()}
    for name, one in list(new.items()):
        cell = hashes.pop(hash_of(one.text), None)
        if cell is not None:
            take(name, cell)
    papers = _by_paper(left.values())
    for name, one in list(new.items()):
        key = one.draft.data.get("paper")
        cell = papers.pop(str(key), None) if key else None
        if cell is not None:
            take(name, cell)
    for name, cell in _alike(new, left):
        if name in new and identity(cell) in left:
            take(name, cell)
    return found


def corrected_titles(
    made: Iterable[MadeCell], present: Iterable[Cell]
) -> dict[str, tuple[str, str]]:
    """The titles that a source has corrected, by the citation key of the paper: as the last import gave
    it, and as it is now. A note that its author has changed, or one of several on a paper, tells
    nothing."""
    new: dict[str, list[str]] = {}
    for one in made:
        if key := one.draft.data.get("paper"):
            new.setdefault(str(key), []).append(one.draft.title)
    old = _by_paper(present)
    found: dict[str, tuple[str, str]] = {}
    for key, titles in new.items():
        cell = old.get(key)
        if cell is None or len(titles) != 1 or touched(cell):
            continue
        heading = _CITATION.sub("", cell.source.split("\n")[0].lstrip("# "))
        before = html.unescape(plain(heading))
        if before and titles[0] and before != titles[0]:
            found[key] = (before, titles[0])
    return found


def _by_paper(cells: Iterable[Cell]) -> dict[str, Cell]:
    """Cells by the key of the paper that they are on, where only one is on it."""
    found: dict[str, list[Cell]] = {}
    for cell in cells:
        if key := _own(cell).get("paper"):
            found.setdefault(str(key), []).append(cell)
    return {key: alike[0] for key, alike in found.items() if len(alike) == 1}


def _own(cell: Cell) -> dict[str, Any]:
    own = cell.metadata.get("weeknotes")
    return own if isinstance(own, dict) else {}


def _alike(new: Mapping[str, MadeCell], left: Mapping[str, Cell]) -> list[tuple[str, Cell]]:
    """The pairs that are alike, the most alike first. A cell that its author has changed is compared
    by its title alone, so that no new note is taken for it."""
    pairs = []
    texts = {name: _pairs(one.text) for name, one in new.items()}
    titles = {name: _pairs(one.text.split("\n")[0]) for name, one in new.items()}
    for number, cell in enumerate(left.values()):
        by_title = touched(cell)
        mine = _pairs(cell.source.split("\n")[0] if by_title else cell.source)
        for place, name in enumerate(new):
            score = dice(mine, (titles if by_title else texts)[name])
            if score >= ALIKE:
                pairs.append((-score, abs(place - number), name, cell))
    return [(name, cell) for _, _, name, cell in sorted(pairs, key=lambda pair: pair[:3])]


def likeness(one: str, other: str) -> float:
    """The similarity of two texts: Dice's coefficient of their pairs of letters, 0 to 1."""
    return dice(_pairs(one), _pairs(other))


def dice(one: Counter[str], other: Counter[str]) -> float:
    """Dice's coefficient of two bags of pairs."""
    size = one.total() + other.total()
    return 2 * (one & other).total() / size if size else 0.0


def _pairs(text: str) -> Counter[str]:
    plain = re.sub(r"[\W_]+", " ", text[:_COMPARED].casefold())
    return Counter(plain[n : n + 2] for n in range(len(plain) - 1))
