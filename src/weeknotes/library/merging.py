"""Merging a library to which two people have added papers.

git, which merges lines, sees a conflict where two entries are neighbours.
"""

from __future__ import annotations

from typing import Any

from weeknotes.library import store
from weeknotes.library.store import Entry
from weeknotes.text.three_way import merge_values


def merge(base: bytes | None, ours: bytes, theirs: bytes, name: str) -> bytes | None:
    """The library that two sides have made of ``base`` (CSL-JSON), in the form in which it is written;
    None where both gave one field of an entry another value. A paper that both added counts from the
    earlier day. Raises LibraryError."""
    before, mine, other = (store.parse(data or b"[]", name) for data in (base, ours, theirs))
    merged: dict[str, Entry] = {}
    for key in dict.fromkeys([*mine, *other]):
        entry, disputed = _entry(before.get(key), mine.get(key), other.get(key))
        if disputed:
            return None
        if entry is not None:
            merged[key] = entry
    return store.dump(merged)


def _entry(
    base: Entry | None, ours: Entry | None, theirs: Entry | None
) -> tuple[Entry | None, list[str]]:
    """An entry merged, None where it is gone, and the fields on which the sides don't agree."""
    if ours is None or theirs is None:
        left = ours or theirs
        return (None if left == base else left), []
    merged, disputed = merge_values(base or {}, ours, theirs)
    days = sorted(day for day in (store.date_added(ours), store.date_added(theirs)) if day)
    if "/custom/date-added" in disputed:
        own: dict[str, Any] = {**store.custom(merged), "date-added": days[0]}
        merged = {**merged, "custom": own}
    # What Zotero says of an entry comes with the next `weeknotes sync`.
    known = ("/custom/date-added", "/custom/zotero")
    return merged, [path for path in disputed if not path.startswith(known)]
