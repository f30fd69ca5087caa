"""The terms of a note, counted, for comparing notes in any mixture of languages.

What carries over from one language to another are the papers that a note cites, its tags, and the
titles of those papers.
"""

from __future__ import annotations

import zlib
from array import array
from collections import Counter
from collections.abc import Mapping
from typing import Any

from weeknotes.journal.records import Note
from weeknotes.text.folding import fold
from weeknotes.text.terms import words

#: How much a cited paper, a tag and a word of the title count against a word of the text.
_CITED, _TAG, _TITLE = 6, 4, 3
#: So many different terms are kept of a note, the most frequent ones.
_MOST = 250
_MOST_OF_ONE = 255


def count(note: Note, library: Mapping[str, Mapping[str, Any]]) -> Counter[int]:
    """The number of times that each term occurs in ``note``, by the CRC-32 of the term."""
    found: Counter[str] = Counter(words(note.text))
    for word in words(note.title):
        found[word] += _TITLE
    for key in note.cites:
        found[f"@{key}"] += _CITED
        for word in words(str(library.get(key, {}).get("title", ""))):
            found[word] += 1
    for tag in note.tags:
        found[f"#{fold(tag)}"] += _TAG
    return Counter({zlib.crc32(term.encode()): n for term, n in found.most_common(_MOST)})


def pack(counted: Mapping[int, int]) -> bytes:
    """``counted`` in five bytes a term: 32 bits for the term, 8 for its number (at most 255)."""
    keys = array("I", sorted(counted))
    return keys.tobytes() + bytes(min(_MOST_OF_ONE, counted[key]) for key in keys)


def unpack(packed: bytes) -> tuple[array[int], bytes]:
    """The terms in order, and their numbers, as `pack` has written them."""
    size = len(packed) // 5
    keys = array("I")
    keys.frombytes(packed[: 4 * size])
    return keys, packed[4 * size :]
