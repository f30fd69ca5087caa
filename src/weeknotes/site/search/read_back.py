"""Reading the index as the browser does (`browser/postings.js`): which words it says stand where.

The words of a document are put together again from the places that its terms have in all shards, so
that what the index holds can be searched like a text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from weeknotes.site.search.postings import FINAL, MORE
from weeknotes.text.tokens import END, is_wide

_NUMBER = re.compile(r"[^0-9A-Za-z]*[0-9A-Za-z]")
_PAIR = re.compile(r"([^ -~]|\.)([!-\-/-~]*)")


def pieces(site: Path) -> dict[str, str]:
    """The lines of all shards of the index of the site at ``site``, by the piece that they are of."""
    found: dict[str, list[str]] = {}
    for shard in sorted((site / "search" / "terms").rglob("*.txt")):
        for block in re.split(r"^=", shard.read_text("utf-8", "replace"), flags=re.M)[1:]:
            name, _, lines = block.partition("\n")
            found.setdefault(name, []).append(lines)
    return {name: "".join(lines) for name, lines in found.items()}


def documents(lines: str) -> Iterator[str]:
    """The words of each document of a piece, in their order. What is not of the index's form is left
    out."""
    places: dict[tuple[int, int], list[tuple[int, str]]] = {}
    for term, posting in _terms(lines):
        for page, document, position in places_of(posting):
            places.setdefault((page, document), []).append((position, term))
    for found in places.values():
        yield _joined(sorted(found))


def words(data: str) -> Iterator[str]:
    """The words of ``search/words.txt``, each of which leaves out what it shares with the one
    before."""
    before = ""
    for line in data.split("\n"):
        shared = FINAL.find(line[:1]) if line else 0
        before = before[:shared] + line[1:]
        yield before


def _terms(lines: str) -> Iterator[tuple[str, str]]:
    for line in lines.split("\n"):
        if line and is_wide(line[0]):
            for second, posting in _PAIR.findall(line[1:]):
                yield line[0] + second, posting
        elif line:
            group, *rest = line.split(" ")
            for suffix, posting in zip(rest[::2], rest[1::2], strict=False):
                yield group + suffix, posting


def places_of(posting: str) -> Iterator[tuple[int, int, int]]:
    """Page, document and position of everything in ``posting``."""
    numbers = iter([_value(spelt) for spelt in _NUMBER.findall(posting)])
    for page in numbers:
        more = True
        while more:
            head = next(numbers, 1)
            more = head % 2 == 0
            position = 0
            another = True
            while another:
                step = next(numbers, 1)
                another = step % 2 == 0
                position += step >> 1
                yield page, head >> 1, position


@lru_cache(maxsize=8192)
def _value(spelt: str) -> int:
    value = 0
    factor = 1
    for character in spelt[:-1]:
        value += (MORE.find(character) + len(FINAL)) * factor
        factor *= len(MORE)
    return value + FINAL.index(spelt[-1]) * factor


def _joined(found: list[tuple[int, str]]) -> str:
    """Words with spaces between them, and the first characters of pairs in a row."""
    parts: list[str] = []
    last = -2
    for position, term in found:
        wide = len(term) == 2 and is_wide(term[0]) and (term[1] == END or is_wide(term[1]))
        if not wide or position != last + 1:
            parts.append(" ")
        parts.append(term[0] if wide else term)
        last = position if wide else -2
    return "".join(parts)
