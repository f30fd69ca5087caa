"""Asking the index without a browser: the notes that hold a query, best first.

It reads the same postings as `browser/engine.js` and ranks in the same way, so that `weeknotes search`
finds what the site finds, in the same order.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from weeknotes.site.data.page_records import PageRecord
from weeknotes.site.search.index import Index, Searched
from weeknotes.site.search.postings import shard_of
from weeknotes.site.search.query import (
    EXACT,
    GRADES,
    Pair,
    Places,
    Unit,
    Word,
    parse,
    translate,
    wide_unit,
)
from weeknotes.site.search.read_back import places_of
from weeknotes.site.search.times import pages_of, time_of
from weeknotes.text.inflections import one_error_apart
from weeknotes.text.tokens import is_wide

_SECOND = re.compile(r"(?:\.|[^\0-\x7f])([!-\-/-~]+)")
_POSTING = re.compile(r"[!-\-/-~]*")


@dataclass(frozen=True)
class _Document:
    """A document of the index: its page, its number there, and where its title and what it is about
    end."""

    page: Searched
    number: int
    title_end: int
    about_end: int
    tags: tuple[str, ...]


@dataclass(frozen=True)
class Hit:
    """A document that holds the query, or some of it: ``page`` is its page or group of papers,
    ``number`` its place there, ``missing`` how many parts of the query it does not hold."""

    page: Searched
    number: int
    tags: tuple[str, ...]
    missing: int
    order: tuple[int, int, float, int, int]


@dataclass(frozen=True)
class Found:
    """The hits of a query, best first. ``whole`` is false where nothing holds all of it, and the hits
    hold some; ``units`` are what was looked for. ``pages``, apart from the hits, are those of the week
    or day that the query names."""

    hits: tuple[Hit, ...]
    whole: bool
    units: tuple[Unit, ...]
    pages: tuple[PageRecord, ...] = ()


class Finder:
    """The index of one site, ready to be asked."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._documents: list[_Document] = []
        self._starts: list[list[int]] = []
        self._shards: dict[tuple[str, int], dict[str, list[tuple[int, str]]]] = {}
        for year, piece in index.pieces.items():
            pages = index.years[year]
            self._starts.append(
                [self._add(page, row) for page, row in zip(pages, piece.rows, strict=True)]
            )

    def _add(self, page: Searched, row: Sequence[Any]) -> int:
        start = len(self._documents)
        for number, (title_end, about_end, tags, *_) in enumerate(row[6]):
            known = _Document(page, number, title_end, about_end, tuple(tags))
            self._documents.append(known)
        return start

    def search(self, query: str) -> Found:
        """The documents that hold ``query``; where none does, those that hold some of it; and the pages
        of the week or day that it names."""
        return replace(self._holding(query), pages=tuple(self._pages_of_time(query)))

    def _pages_of_time(self, query: str) -> list[PageRecord]:
        time = time_of(query)
        pages = (page for page in self._index.searched if isinstance(page, PageRecord))
        return pages_of(time, pages) if time else []

    def _holding(self, query: str) -> Found:
        units = parse(query)
        if not units:
            return Found((), True, ())
        translate(units, self._index.glossary.folded)
        for unit in units:
            unit.found = self._find(unit)
            for other in unit.others:
                other.found = self._find(other)
            if not any(other.found for other in unit.others):
                self._correct(unit)
            unit.add_others()
        asked = units
        documents = _holding_all(units)
        if not documents:
            asked = [loose for unit in units for loose in self._loosened(unit)]
            documents = _holding_some(asked)
            return Found(self._ranked(documents, asked), False, _with_others(asked))
        return Found(self._ranked(documents, asked), True, _with_others(asked))

    def _ranked(self, documents: Iterable[int], asked: Sequence[Unit]) -> tuple[Hit, ...]:
        """The hits of ``documents``, best first. A figure is part of a note, which is found itself."""
        shown = (n for n in documents if self._documents[n].page.kind != "figure")
        hits = [self._rank(number, asked) for number in shown]
        return tuple(sorted(hits, key=lambda hit: hit.order))

    def text(self, hit: Hit) -> tuple[str, str, list[str], str]:
        """The anchor, the title, the lines about it, and the text of a hit."""
        return self._index.shown(hit.page, hit.number)

    # Looking terms up

    def _find(self, unit: Unit) -> Places:
        """For each document that holds the unit, its places there."""
        found: Places | None = None
        for part in unit.parts:
            here = self._word(part) if isinstance(part, Word) else self._pair(part)
            found = (
                _moved(here, part.offset) if found is None else _followed(found, here, part.offset)
            )
            if not found:
                break
        return found or {}

    def _pair(self, part: Pair) -> Places:
        found: Places = {}
        second = part.text[1:]
        for piece, line in self._lines(part.text[0]):
            if not second:
                for match in _SECOND.finditer(line):
                    self._read(match[1], piece, EXACT, found)
            elif (at := line.find(second)) >= 0:
                posting = _POSTING.match(line, at + len(second))
                self._read(posting[0] if posting else "", piece, EXACT, found)
        return _sorted(found)

    def _word(self, part: Word) -> Places:
        found: Places = {}
        for group in part.groups:
            for piece, line in self._lines(group):
                fields = line.split(" ")
                for suffix, posting in zip(fields[1::2], fields[2::2], strict=False):
                    grade = part.grade(group + suffix)
                    if grade is not None:
                        self._read(posting, piece, grade, found)
        return _sorted(found)

    def _read(self, posting: str, piece: int, grade: int, found: Places) -> None:
        for page, own, position in places_of(posting):
            number = self._starts[piece][page] + own
            found.setdefault(number, []).append(position * GRADES + grade)

    def _lines(self, group: str) -> Iterator[tuple[int, str]]:
        """The lines of a group: the number of the piece, and what follows the group's characters."""
        first = 0
        for volume in self._index.volumes:
            number = shard_of(group, volume.shards)
            if (volume.name, number) not in self._shards:
                text = self._index.shard(volume, number).decode()
                self._shards[volume.name, number] = _groups(text)
            for piece, line in self._shards[volume.name, number].get(group, ()):
                yield first + piece, line
            first += len(volume.years)

    # Where nothing holds the query

    def _correct(self, unit: Unit) -> None:
        """Look for a word that is in no note with one typing error."""
        if unit.exact:
            return
        words = [part for part in unit.parts if isinstance(part, Word) and part.can_be_mistyped]
        unknown = [part for part in words if not self._word(part)]
        if not unknown:
            return
        known = {word for piece in self._index.pieces.values() for word in piece.words}
        for part in unknown:
            part.corrections = frozenset(w for w in known if one_error_apart(part.text, w))
        unit.found = self._find(unit)

    def _loosened(self, unit: Unit) -> Iterator[Unit]:
        """``unit``, or where it is a run of Han or Hangul that is nowhere as a whole, the pieces of it
        that are somewhere."""
        if unit.exact or unit.found or any(isinstance(part, Word) for part in unit.parts):
            yield unit
            return
        start = 0
        while start < len(unit.text) - 1:
            for end in range(len(unit.text) - (start == 0), start + 1, -1):
                smaller = wide_unit(unit.text[start:end])
                smaller.found = self._find(smaller)
                if smaller.found:
                    yield smaller
                    start = end
                    break
            else:
                start += 1

    def _rank(self, number: int, units: Sequence[Unit]) -> Hit:
        document = self._documents[number]
        holding = [unit for unit in units if number in unit.found]
        held = [unit.found[number] for unit in holding]
        translated = sum(unit.is_translated(number) for unit in holding)
        cost = sum(min(_cost(place, document) for place in places) for places in held)
        spread = _span(held) if len(held) > 1 else 0
        far = math.ceil(math.log2(max(1.0, spread / len(held))))
        missing = len(units) - len(held)
        return Hit(
            document.page,
            document.number,
            document.tags,
            missing,
            (missing, translated, cost, far, number),
        )


def _with_others(units: Sequence[Unit]) -> tuple[Unit, ...]:
    """``units`` and the other names that were looked for with them."""
    return tuple(one for unit in units for one in (unit, *unit.others))


def _groups(text: str) -> dict[str, list[tuple[int, str]]]:
    """The lines of a shard by what they are filed under."""
    groups: dict[str, list[tuple[int, str]]] = {}
    piece = -1
    for line in text.split("\n"):
        if line.startswith("="):
            piece += 1
        elif line:
            group = line[0] if is_wide(line[0]) else line[: line.index(" ")]
            groups.setdefault(group, []).append((piece, line[len(group) :]))
    return groups


def _sorted(found: Places) -> Places:
    for places in found.values():
        places.sort()
    return found


def _moved(found: Places, offset: int) -> Places:
    return {n: [place - offset * GRADES for place in places] for n, places in found.items()}


def _followed(found: Places, following: Mapping[int, Iterable[int]], offset: int) -> Places:
    """The places of ``found`` that a place of ``following`` follows ``offset`` positions later."""
    both: Places = {}
    for number, places in found.items():
        grades = {place // GRADES: place % GRADES for place in following.get(number, ())}
        kept = [
            position * GRADES + max(grades[position + offset], place % GRADES)
            for place in places
            if (position := place // GRADES) + offset in grades
        ]
        if kept:
            both[number] = kept
    return both


def _holding_all(units: Sequence[Unit]) -> list[int]:
    fewest, *others = sorted(units, key=lambda unit: len(unit.found))
    return [n for n in fewest.found if all(n in unit.found for unit in others)]


def _holding_some(units: Sequence[Unit]) -> list[int]:
    required = [unit for unit in units if unit.exact]
    numbers = dict.fromkeys(n for unit in units for n in unit.found)
    return [n for n in numbers if all(n in unit.found for unit in required)]


def _cost(place: int, document: _Document) -> float:
    """Title before what a note is about, both before its text; as typed before anything else."""
    position, grade = divmod(place, GRADES)
    field = 0 if position < document.title_end else 1 if position < document.about_end else 4
    return field + grade / 2


def _span(lists: Sequence[Sequence[int]]) -> int:
    """The fewest positions in which all lists have a place."""
    at = [0] * len(lists)
    best = math.inf
    while True:
        low = min(range(len(lists)), key=lambda n: lists[n][at[n]])
        high = max(places[at[n]] for n, places in enumerate(lists))
        best = min(best, (high - lists[low][at[low]]) // GRADES + 1)
        at[low] += 1
        if at[low] == len(lists[low]):
            return int(best)
