"""Postings as text: where each term is, in few characters that compress well and parse fast.

Numbers are written in printable ASCII: one character up to 61, two up to 1,921, three beyond
(`number`). A posting of a term lists the pages of a piece that hold it, in each the documents, in
each the positions::

    page  (document * 2 + last)  (first position * 2 + last)  (step * 2 + last) ...  page ...

where ``last`` is 1 on the last document of the page and on the last position in the document.

A shard holds the terms of some prefixes (`tokens.prefix`), piece after piece::

    =2026                          the piece, by its year
    di ffusion 0C4 stance 1!       words: what follows the prefix, and the posting
    扩散0C4大1!                    pairs: the second character, and the posting
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from weeknotes.text.tokens import is_wide, prefix, tokenise

#: Last characters of a number; none of them has a meaning of its own in a shard.
FINAL = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
#: Characters that say that the number goes on.
MORE = "!\"#$%&'()*+,-/:;<>?@[\\]^_`{|}~"

_SMALL = 4096


@lru_cache(maxsize=1)
def _small_numbers() -> list[str]:
    return [_spell(value) for value in range(_SMALL)]


def number(value: int) -> str:
    """``value`` (not negative) as text."""
    return _small_numbers()[value] if value < _SMALL else _spell(value)


def _spell(value: int) -> str:
    text = ""
    while value >= len(FINAL):
        value, digit = divmod(value - len(FINAL), len(MORE))
        text += MORE[digit]
    return text + FINAL[value]


def page_postings(documents: Sequence[Sequence[str]]) -> tuple[dict[str, str], list[list[int]]]:
    """The postings of one page's documents by term, and where each document's parts end.

    A document is a sequence of folded texts, its parts; positions run through them with a gap between
    two. The ends of all parts but the last are returned.
    """
    numbers = _small_numbers()
    postings: dict[str, str] = {}
    ends: list[list[int]] = []
    # From the last document to the first, since the last one in a page carries the mark.
    for index in range(len(documents) - 1, -1, -1):
        terms, document_ends = _document_terms(documents[index])
        ends.append(document_ends)
        header, last_header = number(index * 2), number(index * 2 + 1)
        for term, positions in terms.items():
            if len(positions) == 1 and positions[0] * 2 + 1 < _SMALL:
                text = numbers[positions[0] * 2 + 1]
            else:
                text = _positions(positions)
            known = postings.get(term)
            postings[term] = header + text + known if known else last_header + text
    return postings, ends[::-1]


def _document_terms(parts: Sequence[str]) -> tuple[dict[str, list[int]], list[int]]:
    terms: dict[str, list[int]] = {}
    ends: list[int] = []
    start = 0
    for part in parts:
        found, length = tokenise(part)
        for term, positions in found.items():
            if start:
                positions = [position + start for position in positions]
            if term in terms:
                terms[term] += positions
            else:
                terms[term] = positions
        start += length + 1
        ends.append(start)
    return terms, ends[:-1]


def _positions(positions: Sequence[int]) -> str:
    steps = []
    before = 0
    for position in positions:
        steps.append((position - before) * 2)
        before = position
    steps[-1] += 1
    return "".join(map(number, steps))


def merge(pages: Iterable[Mapping[str, str]]) -> dict[str, str]:
    """The postings of a piece by term, from those of its pages in order."""
    terms: dict[str, str] = {}
    for index, postings in enumerate(pages):
        page = number(index)
        for term, posting in postings.items():
            known = terms.get(term)
            terms[term] = known + page + posting if known else page + posting
    return terms


def shard_lines(terms: Mapping[str, str], shards: int) -> list[str]:
    """The lines of a piece for each of ``shards`` shards."""
    groups: dict[str, list[str]] = {}
    for term in sorted(terms):
        groups.setdefault(prefix(term), []).append(term)
    filed: list[list[str]] = [[] for _ in range(shards)]
    for group, members in groups.items():
        size = len(group)
        if is_wide(group[0]):
            line = group + "".join([term[size:] + terms[term] for term in members])
        else:
            line = f"{group} " + " ".join([f"{term[size:]} {terms[term]}" for term in members])
        filed[shard_of(group, shards)].append(line + "\n")
    return ["".join(lines) for lines in filed]


def shard_of(group: str, shards: int) -> int:
    """The number of the shard that holds the terms of prefix ``group``; ``shards`` is a power of 2."""
    value = 0
    for character in group:
        value = ((value ^ ord(character)) * 0x9E3779B1) & 0xFFFFFFFF
        value ^= value >> 15
    return value & (shards - 1)
