"""The items of Zotero's libraries that the journal's library asks for, as entries.

An item is known by its library and its Zotero key, which its entry holds (``custom: zotero:``), so
that its citation key is found again on any clone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from weeknotes.errors import LibraryError
from weeknotes.library import csl
from weeknotes.library.csl_dates import local_day
from weeknotes.library.keys import is_citable, zotero_key
from weeknotes.library.store import Entry, custom
from weeknotes.library.zotero.config import LibraryRef
from weeknotes.library.zotero.mirror import Copy, Item

Identity = tuple[str, str]
"""A Zotero item: the name of its library (``users/1``) and its key."""


@dataclass(frozen=True)
class Wanted:
    """An item that the library asks for: its entry, and Zotero's own citation key, "" for none.
    ``added`` is the time (ISO 8601) at which it was added, ``version`` its version."""

    identity: Identity
    entry: Entry
    own_key: str
    added: str = ""
    version: int = 0


@dataclass
class Holdings:
    """The items that Zotero's libraries hold.

    ``fate`` says why an item that is there is not wanted ("trashed", "moved"), ``replaced`` which item
    another (``users/1/KEY``) was merged into.
    """

    wanted: list[Wanted] = field(default_factory=list)
    fate: dict[Identity, str] = field(default_factory=dict)
    replaced: dict[str, Identity] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)

    def take(self, ref: LibraryRef, copy: Copy) -> None:
        """Add what ``copy`` holds of the library ``ref``."""
        paths = _collection_paths(copy.collections())
        chosen = _chosen(ref, paths)
        for item in copy.items():
            identity = (ref.name, item.key)
            if item.data.get("itemType") in csl.NOT_CITABLE or item.data.get("parentItem"):
                continue
            for replaced in _replaces(item.data):
                self.replaced[replaced] = identity
            in_collections = [str(key) for key in item.data.get("collections") or ()]
            if item.data.get("deleted"):
                self.fate[identity] = "trashed"
            elif chosen is not None and not chosen.intersection(in_collections):
                self.fate[identity] = "moved"
            else:
                names = sorted(paths[key] for key in in_collections if key in paths)
                self.wanted.append(self._read(ref, item, names))

    def _read(self, ref: LibraryRef, item: Item, collections: list[str]) -> Wanted:
        entry = csl.to_csl(item.data, item.meta)
        tags = [*csl.tags_of(item.data), *(path.rsplit("/", 1)[-1] for path in collections)]
        if tags:
            keywords = dict.fromkeys(" ".join(tag.replace(",", ";").split()) for tag in tags)
            entry["keyword"] = ", ".join(keywords)
        own = entry.pop("custom", {})
        own["zotero"] = {**own.get("zotero", {}), "library": ref.name, "key": item.key}
        if collections:
            own["collections"] = collections
        if day := local_day(str(item.data.get("dateAdded") or "")):
            own["date-added"] = day
        entry["custom"] = own
        identity = (ref.name, item.key)
        key = zotero_key(item.data)
        if key and not is_citable(key):
            self.warnings.append(
                f"Zotero's citation key {key!r} of {name_of(identity, entry)} cannot be "
                "cited; it has one made here"
            )
            key = ""
        added = str(item.data.get("dateAdded") or "")
        return Wanted(identity, entry, key, added, item.version)


def holdings(copies: Sequence[tuple[LibraryRef, Copy]]) -> Holdings:
    """The items that ``copies`` hold, in their order.

    Raises LibraryError when a collection that is asked for does not exist.
    """
    found = Holdings()
    for ref, copy in copies:
        found.take(ref, copy)
    return found


def identity_of(entry: Entry) -> Identity | None:
    """The Zotero item that ``entry`` comes from, or None."""
    zotero = custom(entry).get("zotero")
    if not isinstance(zotero, dict) or not zotero.get("key"):
        return None
    return str(zotero.get("library") or ""), str(zotero["key"])


def name_of(identity: Identity, entry: Entry) -> str:
    """An item as a message names it: its title, library and key."""
    title = " ".join(str(entry.get("title") or "untitled").split())
    return f"“{title[:80]}” ({identity[0]}, item {identity[1]})"


def two_items(key: str, holder: Wanted, other: Wanted) -> str:
    """The warning that ``other`` claims a citation key that ``holder`` has."""
    return (
        f"two Zotero items have the citation key '{key}': {name_of(holder.identity, holder.entry)} "
        f"keeps it, {name_of(other.identity, other.entry)} has another one here; give it a key of "
        "its own in Zotero, or merge the two there"
    )


def two_entries(key: str, entry: Entry, one: Wanted) -> str:
    """The warning that an item claims the citation key of another entry."""
    identity = identity_of(entry)
    title = str(entry.get("title") or "untitled")
    mine = name_of(identity, entry) if identity else f"“{title[:80]}” in references.json"
    return (
        f"the citation key '{key}' stands for {mine}, and Zotero gives it to "
        f"{name_of(one.identity, one.entry)}, which has another one here; give one of them another "
        "citation key"
    )


def _collection_paths(collections: Mapping[str, tuple[str, str]]) -> dict[str, str]:
    """The path ("Thesis/Chapter 2") of each collection, by its key."""
    paths: dict[str, str] = {}
    for key in collections:
        names: list[str] = []
        seen: set[str] = set()
        at = key
        while at in collections and at not in seen:
            seen.add(at)
            names.append(" ".join(collections[at][0].replace("/", "∕").split()))
            at = collections[at][1]
        paths[key] = "/".join(reversed(names))
    return paths


def _chosen(ref: LibraryRef, paths: Mapping[str, str]) -> set[str] | None:
    """The keys of the collections that are wanted, with those under them; None for all items."""
    if not ref.collections:
        return None
    chosen: set[str] = set()
    for wanted in ref.collections:
        found = {
            key
            for key, path in paths.items()
            if path.casefold() == wanted.casefold()
            or path.casefold().startswith(wanted.casefold() + "/")
        }
        if not found:
            known = ", ".join(sorted(set(paths.values()))[:12]) or "none"
            raise LibraryError(
                f"Zotero's {ref.name} has no collection '{wanted}'",
                hint=f"Correct 'collections' in _quarto.yml; there are: {known}. Nothing was changed.",
            )
        chosen |= found
    return chosen


def _replaces(data: Mapping[str, Any]) -> list[str]:
    """The items (``users/1/KEY``) that were merged into this one (``dc:replaces``)."""
    relations = data.get("relations")
    found = relations.get("dc:replaces") if isinstance(relations, dict) else None
    addresses = found if isinstance(found, list) else [found] if found else []
    parts = [str(address).rstrip("/").split("/") for address in addresses]
    return ["/".join((*part[-4:-2], part[-1])) for part in parts if len(part) >= 4]
