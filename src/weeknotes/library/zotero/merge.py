"""This module merges Zotero's items into the library.

Pure: entries in, entries out. `wanted` says which items these are.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from weeknotes.library.citation_use import ALL
from weeknotes.library.identifiers import identities
from weeknotes.library.keys import KeysInUse, is_readable, make_key, readable_form
from weeknotes.library.store import Entry, custom, other_ids
from weeknotes.library.works import Works
from weeknotes.library.zotero.config import LibraryRef
from weeknotes.library.zotero.mirror import Copy
from weeknotes.library.zotero.selection import (
    Holdings,
    Identity,
    Wanted,
    holdings,
    identity_of,
    two_entries,
    two_items,
)

# The citation key of each item, and the further keys that resolve to it.
_Keys = Mapping[Identity, tuple[str, tuple[str, ...]]]
_MadeKeys = dict[Identity, tuple[str, tuple[str, ...]]]


@dataclass
class Merged:
    """The library after a sync, and what became of it. Lists hold citation keys."""

    entries: dict[str, Entry] = field(default_factory=dict)
    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    kept: dict[str, str] = field(default_factory=dict)
    """Entries that are no longer in Zotero but cited: why ("deleted", "trashed", "moved", …)."""
    made: list[str] = field(default_factory=list)
    renames: dict[str, str] = field(default_factory=dict)
    """Zotero's new citation key for each key that the journal cites."""
    warnings: list[str] = field(default_factory=list)


def merge(
    existing: Mapping[str, Entry],
    copies: Sequence[tuple[LibraryRef, Copy]],
    cited: Collection[str],
    *,
    rename: bool = False,
) -> Merged:
    """``existing`` with the items of ``copies`` in it.

    ``cited`` holds the keys that the journal cites, ``*`` for all. With ``rename`` an entry takes
    Zotero's new key for it, and ``renames`` says which citations must follow; without, it keeps the
    one that is cited, and the new one resolves too. Where two items claim one citation key, one of
    them keeps it, and a warning names both. Raises LibraryError when a collection that is asked for
    does not exist.
    """
    return _Merge(existing, cited, rename, frozenset(ref.name for ref, _ in copies)).run(copies)


class _Merge:
    def __init__(
        self,
        existing: Mapping[str, Entry],
        cited: Collection[str],
        rename: bool,
        libraries: frozenset[str],
    ) -> None:
        self._existing = existing
        self._cited = cited
        self._rename = rename
        self._libraries = libraries
        self._by_identity = {
            identity: key
            for key, entry in existing.items()
            if (identity := identity_of(entry)) is not None
        }
        # A user's library by another name: "me" of the local API is a number on the web.
        self._elsewhere = {
            identity[1]: identity
            for identity in self._by_identity
            if identity[0].startswith("users/") and identity[0] not in libraries
        }
        self._aliases = {
            other: key for key, entry in existing.items() for other in other_ids(entry)
        }
        self._result = Merged()
        self._zotero = Holdings()
        self._twins: dict[Identity, list[Wanted]] = {}
        self._denied: set[Identity] = set()

    def run(self, copies: Sequence[tuple[LibraryRef, Copy]]) -> Merged:
        self._zotero = holdings(copies)
        self._result.warnings += self._zotero.warnings
        self._recognise(self._zotero.wanted)
        wanted = self._without_copies(self._zotero.wanted)
        keys = self._keys_for(wanted)
        entries = self._result.entries
        for one in wanted:
            key, others = keys[one.identity]
            before = self._previous(one.identity, keys)
            entries[key] = self._written(one, key, others, before)
        self._keep_the_rest(keys)
        self._drop_shadowed_aliases()
        self._count(keys)
        return self._result

    def _without_copies(self, wanted: list[Wanted]) -> list[Wanted]:
        """``wanted`` with one of each paper that several libraries hold: under the same key of its
        own, or with the same identifier. One that the library knows already comes first."""
        kept: dict[Identity, Wanted] = {}
        by_name: dict[str, Wanted] = {}
        for one in sorted(wanted, key=lambda one: one.identity not in self._by_identity):
            names = _names_of_work(one.entry)
            found = (by_name[name] for name in sorted(names) if name in by_name)
            first = next((other for other in found if _copies(other, one)), None)
            if first is None and (same := by_name.get(f"key:{one.own_key}")) and _copies(same, one):
                first = same if Works([same.entry]).find(one.entry) else None
            if first is not None:
                self._twins.setdefault(first.identity, []).append(one)
                continue
            kept[one.identity] = one
            for name in {*names, *([f"key:{one.own_key}"] if one.own_key else [])}:
                by_name.setdefault(name, one)
        return [one for one in wanted if one.identity in kept]

    def _recognise(self, wanted: list[Wanted]) -> None:
        for one in wanted:
            if one.identity in self._by_identity or not one.identity[0].startswith("users/"):
                continue
            if (elsewhere := self._elsewhere.get(one.identity[1])) is not None:
                self._by_identity[one.identity] = self._by_identity.pop(elsewhere)

    # Citation keys

    def _keys_for(self, wanted: list[Wanted]) -> _MadeKeys:
        """The citation key of each item, and the further keys that resolve to it."""
        keys: _MadeKeys = {}
        newcomers = []
        for one in wanted:
            known = self._by_identity.get(one.identity)
            if known is None:
                newcomers.append(one)
            else:
                keys[one.identity] = self._known_key(one, known)
        self._adopt(newcomers, keys, {one.identity for one in wanted})
        for one in newcomers:
            if one.identity not in keys and one.own_key:
                keys[one.identity] = (one.own_key, ())
        self._settle(wanted, keys)
        taken = KeysInUse(name.lower() for made in keys.values() for name in (made[0], *made[1]))
        taken.update(name.lower() for key in self._existing for name in self._names(key))
        for one in newcomers:
            if one.identity not in keys:
                made = make_key(one.entry, taken)
                taken.add(made)
                keys[one.identity] = (made, ())
                self._result.made.append(made)
        self._add_aliases(keys, taken)
        return keys

    def _add_aliases(self, keys: _MadeKeys, taken: KeysInUse) -> None:
        """Let the keys of an item's copies in other libraries resolve to it, and give a key that
        BibTeX cannot read another one beside it."""
        for identity, (key, others) in keys.items():
            names = list(others)
            for twin in self._twins.get(identity, ()):
                known = self._by_identity.get(twin.identity)
                names += [*(self._names(known) if known else ()), twin.own_key]
            if not any(map(is_readable, (key, *names))):
                names.append(readable_form(key, taken))
                taken.add(names[-1].lower())
            kept = dict.fromkeys(name for name in names if name and name != key)
            keys[identity] = (key, tuple(kept))

    def _names(self, key: str) -> tuple[str, ...]:
        return (key, *other_ids(self._existing[key]))

    def _known_key(self, one: Wanted, known: str) -> tuple[str, tuple[str, ...]]:
        """The key of an item that is in the library already as ``known``."""
        others = other_ids(self._existing[known])
        if not one.own_key:
            return known, others
        cited = {name for name in self._names(known) if self._is_cited(name)} - {one.own_key}
        self._result.renames |= dict.fromkeys(cited, one.own_key)
        if cited and not self._rename and one.own_key != known:
            return known, tuple(dict.fromkeys((*others, one.own_key)))
        # The key it had resolves for good: other branches and papers may cite it.
        kept = dict.fromkeys(name for name in (*others, known) if name != one.own_key)
        return one.own_key, tuple(kept)

    def _is_cited(self, key: str) -> bool:
        return key in self._cited

    def _adopt(
        self,
        newcomers: list[Wanted],
        keys: _MadeKeys,
        present: set[Identity],
    ) -> None:
        """Give items the key of an entry that is the same paper: added by hand or by its identifier,
        or from a Zotero item that has been deleted and added again, or merged into this one."""
        free = {
            key: entry for key, entry in self._existing.items() if identity_of(entry) not in present
        }
        works = Works(free.values())
        for one in newcomers:
            found = works.find(one.entry)
            same_key = free.get(one.own_key)
            if found is None and same_key is not None and _may_be_same(same_key, one.entry):
                found = same_key
            if found is None or found["id"] not in free:
                continue
            identity = identity_of(found)
            del free[found["id"]]
            keys[one.identity] = self._known_key(one, found["id"])
            if identity is not None:
                self._by_identity.pop(identity, None)
            self._by_identity[one.identity] = found["id"]

    def _settle(self, wanted: list[Wanted], keys: _MadeKeys) -> None:
        """Take a citation key that would stand for two papers from the one with less right to it.

        That one keeps the key it had, or is given a new one; nothing else waits for it.
        """
        for _ in wanted:
            disputed = self._disputed(wanted, keys)
            for one, message in disputed:
                self._denied.add(one.identity)
                self._result.warnings.append(message)
                for old in [old for old, new in self._result.renames.items() if new == one.own_key]:
                    del self._result.renames[old]
                del keys[one.identity]
                if (known := self._by_identity.get(one.identity)) is not None:
                    others = other_ids(self._existing[known])
                    kept = tuple(name for name in others if name != one.own_key)
                    keys[one.identity] = (known, kept)
            if not disputed:
                return

    def _disputed(self, wanted: list[Wanted], keys: _Keys) -> list[tuple[Wanted, str]]:
        """The items that must do without the key they claim, each with the reason."""
        found: dict[Identity, tuple[Wanted, str]] = {}
        claims: dict[str, list[Wanted]] = {}
        for one in wanted:
            if one.identity in keys:
                names = {keys[one.identity][0]}
                names |= (
                    {one.own_key} if one.own_key and one.identity not in self._denied else set()
                )
                for name in names:
                    claims.setdefault(name, []).append(one)
        for key, claimants in claims.items():
            holders = sorted(claimants, key=lambda one: self._right(key, one, keys), reverse=True)
            for one in holders[1:]:
                found[one.identity] = (one, two_items(key, holders[0], one))
            one = holders[0]
            if one.own_key != key or one.identity in self._denied:
                continue
            other = self._other_entry(key, one, keys)
            if other is not None:
                found[one.identity] = (one, two_entries(key, other, one))
        return list(found.values())

    def _right(self, key: str, one: Wanted, keys: _Keys) -> tuple[bool, bool, str, int, str]:
        """A sort key for the claim of an item to ``key``: one that has the key already comes first,
        then the newer one."""
        has_it = self._by_identity.get(one.identity) == key
        given = keys[one.identity][0] == key
        return has_it and given, given, one.added, one.version, one.identity[1]

    def _other_entry(self, key: str, one: Wanted, keys: _Keys) -> Entry | None:
        """An entry of another paper that ``key`` stands for, and goes on standing for."""
        entry = self._existing.get(key)
        if entry is not None and self._by_identity.get(one.identity) != key:
            source = identity_of(entry)
            stays = source is None or source not in keys or keys[source][0] == key
            if stays and not self._goes(key, entry):
                return entry
        if key in self._aliases and self._is_cited(key):
            entry = self._existing[self._aliases[key]]
            if self._by_identity.get(one.identity) != entry["id"]:
                return entry
        return None

    def _goes(self, key: str, entry: Entry) -> bool:
        """Whether an entry that Zotero no longer has leaves the library: nothing cites it."""
        identity = identity_of(entry)
        if identity is None or identity[0] not in self._libraries:
            return False
        return not any(map(self._is_cited, self._names(key))) and ALL not in self._cited

    # Writing

    def _previous(self, identity: Identity, keys: _Keys) -> Entry | None:
        known = self._by_identity.get(identity)
        return self._existing.get(known) if known is not None else None

    def _written(
        self, one: Wanted, key: str, others: tuple[str, ...], before: Entry | None
    ) -> Entry:
        entry = {**one.entry, "id": key}
        if others:
            entry["other-ids"] = " ".join(others)
        if before is not None:
            old = {
                name: value
                for name, value in custom(before).items()
                if name not in ("zotero", "collections")
            }
            # The day it came stays what it first was, whatever time zone the next sync runs in.
            entry["custom"] = {**entry["custom"], **old}
        return entry

    def _keep_the_rest(self, keys: _Keys) -> None:
        """Entries that Zotero does not have, or no longer: its own go unless they are cited."""
        twins = {twin.identity for listed in self._twins.values() for twin in listed}
        done = {
            self._by_identity[identity]
            for identity in (*keys, *twins)
            if identity in self._by_identity
        }
        key_of = {identity: key for identity, (key, _) in keys.items()}
        for key, entry in self._existing.items():
            if key in done:
                continue
            identity = identity_of(entry)
            if identity is None or identity[0] not in self._libraries:
                self._result.entries.setdefault(key, entry)
            elif self._goes(key, entry):
                if key not in self._result.entries:
                    self._result.removed.append(key)
            else:
                self._result.entries.setdefault(key, self._marked(key, entry, identity, key_of))

    def _marked(
        self, key: str, entry: Entry, identity: Identity, key_of: Mapping[Identity, str]
    ) -> Entry:
        status = self._zotero.fate.get(identity, "deleted")
        zotero = {
            name: value
            for name, value in custom(entry)["zotero"].items()
            if name not in ("status", "replaced-by")
        }
        successor = key_of.get(self._zotero.replaced.get("/".join(identity), ("", "")))
        if successor and status != "moved":
            status = "merged"
            zotero["replaced-by"] = successor
        self._result.kept[key] = f"merged into {successor}" if status == "merged" else status
        return {**entry, "custom": {**custom(entry), "zotero": {**zotero, "status": status}}}

    def _drop_shadowed_aliases(self) -> None:
        """A further key gives way to the entry whose own key it is."""
        entries = self._result.entries
        for key, entry in entries.items():
            others = other_ids(entry)
            left = [other for other in others if other not in entries]
            if len(left) != len(others):
                kept = {name: value for name, value in entry.items() if name != "other-ids"}
                entries[key] = {**kept, "other-ids": " ".join(left)} if left else kept

    def _count(self, keys: _Keys) -> None:
        came_from = {key: self._by_identity.get(identity) for identity, (key, _) in keys.items()}
        for key, entry in sorted(self._result.entries.items()):
            before = self._existing.get(came_from.get(key) or key)
            if before is None:
                self._result.added.append(key)
            elif before != entry:
                self._result.changed.append(key)
        self._result.made.sort()
        self._result.removed.sort()


def _may_be_same(one: Entry, other: Entry) -> bool:
    """Whether two entries with one citation key can be one paper: Works finds no contradiction."""
    return Works([one]).find(other) is not None or str(one.get("title")) == str(other.get("title"))


def _copies(one: Wanted, other: Wanted) -> bool:
    """Whether two items may be one paper in two libraries; two in one library stay two."""
    return one.identity[0] != other.identity[0]


def _names_of_work(entry: Entry) -> set[str]:
    """The identifiers of the paper itself (``doi:…``, ``arxiv:…``)."""
    return {name for name in identities(entry) if not name.startswith("zotero:")}
