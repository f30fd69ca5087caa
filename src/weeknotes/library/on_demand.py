"""The entries of a long library, each parsed when it is asked for.

A library of 20,000 papers has 29 MB of JSON, and takes five times as much as objects; where processes
are forked, each makes its own copy of those that it touches. So a build keeps the bytes of the file
alone, with the place of each entry in them: pages of memory that nobody writes to stay shared.
"""

from __future__ import annotations

import json
import re
from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple, overload

from weeknotes.library.store import Entry, Library

_SPACE = re.compile(r"[ \t\n\r]*")
#: Entries that stay parsed: what composes a page asks for those on it several times.
_KEPT = 64


class Head(NamedTuple):
    """What tells entries apart: the values of ``id`` and ``other-ids``, as they are in the file."""

    id: Any
    other_ids: Any


class Items(Sequence[Entry]):
    """The objects of a JSON array in ``data`` (UTF-8), which are at ``spans``: the first byte of each
    and the one behind it, by turns. Take them as read-only."""

    def __init__(self, data: bytes, spans: array[int], heads: Sequence[Head]) -> None:
        self._data = data
        self._spans = spans
        self.heads = heads
        self._parsed = lru_cache(maxsize=_KEPT)(self._parse)

    def __len__(self) -> int:
        return len(self.heads)

    @overload
    def __getitem__(self, number: int) -> Entry: ...
    @overload
    def __getitem__(self, number: slice) -> list[Entry]: ...
    def __getitem__(self, number: int | slice) -> Entry | list[Entry]:
        if isinstance(number, slice):
            return [self[one] for one in range(*number.indices(len(self)))]
        return self._parsed(range(len(self))[number])

    def _parse(self, number: int) -> Entry:
        start, end = self._spans[2 * number : 2 * number + 2]
        entry: Entry = json.loads(self._data[start:end].decode())
        return entry


class EntriesOnDemand(Mapping[str, Entry]):
    """The entries of a library by citation key, in the order of the file; each is changed by ``fit``
    when it is parsed. Take them as read-only."""

    def __init__(self, items: Items, fit: Callable[[Entry], Entry] | None = None) -> None:
        self._items = items
        self._fit = fit
        self._numbers = {str(head.id): number for number, head in enumerate(items.heads)}

    def __getitem__(self, key: str) -> Entry:
        entry = self._items[self._numbers[key]]
        return self._fit(entry) if self._fit else entry

    def __iter__(self) -> Iterator[str]:
        return iter(self._numbers)

    def __len__(self) -> int:
        return len(self._numbers)

    def __contains__(self, key: object) -> bool:
        return key in self._numbers


def entries_of(path: Path, fit: Callable[[Entry], Entry] | None = None) -> Mapping[str, Entry]:
    """The entries of the library in ``path``, as `Library.load` has them, each changed by ``fit``;
    none when there is no such file. Raises LibraryError, as that does."""
    try:
        items = items_of(path.read_bytes())
    except OSError:
        items = None
    if items is not None:
        keys = [head.id for head in items.heads]
        if all(isinstance(key, str) and key.strip() for key in keys) and len(set(keys)) == len(
            keys
        ):
            return EntriesOnDemand(items, fit)
    # What is wrong with a library, or unusual, is said or mended in one place.
    entries = Library.load(path).entries
    return {key: fit(entry) for key, entry in entries.items()} if fit else entries


@lru_cache(maxsize=1)
def items_of(data: bytes) -> Items | None:
    """The objects of the JSON array in ``data`` (UTF-8); None where it isn't such an array. A build
    asks for those of one library more than once."""
    try:
        text = data.decode()
        return _split(data, text)
    except (ValueError, RecursionError):
        return None


def _split(data: bytes, text: str) -> Items | None:
    """`items_of`. Raises ValueError or RecursionError where it is no JSON."""
    scan = json.JSONDecoder().raw_decode
    spans, heads = array("Q"), []
    at = _behind(text, _after_space(text, 0), "[")
    done, before = 0, 0  # Up to here the text takes so many bytes.
    following = _after_space(text, at)
    ended = text[following : following + 1] == "]"
    while not ended:
        start = _after_space(text, at)
        item, end = scan(text, start)
        if not isinstance(item, dict):
            return None
        heads.append(Head(item.get("id"), item.get("other-ids")))
        first = before + len(text[done:start].encode())
        before = first + len(text[start:end].encode())
        done = end
        spans.extend((first, before))
        following = _after_space(text, end)
        ended = text[following : following + 1] == "]"
        at = following if ended else _behind(text, following, ",")
    if _after_space(text, following + 1) != len(text):
        return None
    return Items(data, spans, heads)


def _after_space(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at


def _behind(text: str, at: int, sign: str) -> int:
    """The place behind ``sign``. Raises ValueError where it isn't at ``at``."""
    if text[at : at + 1] != sign:
        raise ValueError(f"no {sign!r}")
    return at + 1
