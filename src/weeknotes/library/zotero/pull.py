"""Bringing the local copy of a Zotero library up to date.

The algorithm is that of the Web API documentation, "Syncing": what changed since the last library
version, the changed items by their keys, what was deleted, and another round when the library moved
meanwhile. A first fetch goes by pages of 100 instead, which takes half the requests.
"""

from __future__ import annotations

import math
from typing import Any

from weeknotes.library.zotero.client import Client, NotSupported, Reply, ZoteroUnavailableError
from weeknotes.library.zotero.mirror import Copy, Mirror
from weeknotes.progress import Progress

PAGE = 100
"""Items a page: the most the web API gives."""
KEYS = 50
"""Item keys a request: the most the web API takes."""
ROUNDS = 8
_TRASH_TOO = {"includeTrashed": 1}


def pull(
    client: Client, mirror: Mirror, *, full: bool = False, progress: Progress | None = None
) -> Copy:
    """Bring the copy of ``client``'s library up to date, and return it.

    ``full`` starts over. Raises ZoteroError; what was fetched until then is kept.
    """
    return _Pull(client, mirror, full, progress or (lambda done, total, what: None)).run()


class _Pull:
    def __init__(self, client: Client, mirror: Mirror, full: bool, progress: Progress) -> None:
        self._client = client
        self._mirror = mirror
        self._full = full
        self._progress = progress
        known = mirror.sources(client.ref.name)
        self._source = self._first_source(known)
        self._without_versions = "local" in known and self._source == "local"
        self._copy = self._open()
        self._moved = False
        self._target = 0

    def _first_source(self, known: list[str]) -> str:
        if not self._client.settings.local:
            return self._client.settings.endpoint
        locals_ = [source for source in known if source.startswith("local")]
        return locals_[-1] if locals_ else "local"

    def _open(self) -> Copy:
        copy = self._mirror.library(self._client.ref.name, self._source)
        if self._full:
            copy.clear()
        return copy

    def run(self) -> Copy:
        if self._without_versions and (found := self._read_whole()):
            return found
        for _ in range(ROUNDS):
            if self._round():
                return self._copy
        raise ZoteroUnavailableError(
            f"the library {self._client.ref.name} changes faster than it can be read",
            hint="What was fetched is kept. Run it again when whatever is changing it has ended.",
        )

    def _round(self) -> bool:
        """One round; True when the copy is then whole."""
        self._moved = False
        since = self._copy.version
        listing = self._ask(
            "items/top",
            {"format": "versions", "since": since, **_TRASH_TOO},
            expect=dict,
            since=since or None,
        )
        if listing is None:
            return True
        if self._other_server(listing):
            return False
        target = listing.version
        if self._client.settings.local and not listing.server:
            return self._read_whole() is not None
        if since > target:
            # The library was restored from a backup, or is another one: versions say nothing.
            self._copy.clear()
            return False
        self._target = target
        listed = {key: version for key, version in listing.data.items() if _is_version(version)}
        collections = self._collections(since)
        self._fetch(listed, first=since == 0)
        gone, gone_collections = self._deleted(since, listed)
        trashed = [str(one.get("key")) for one in collections if _is_trashed(one)]
        self._copy.finish(
            target,
            gone=gone,
            collections=[one for one in collections if not _is_trashed(one)],
            gone_collections=[*gone_collections, *trashed],
        )
        return not self._moved

    def _ask(
        self, path: str, params: dict[str, Any], expect: type = list, since: int | None = None
    ) -> Reply | None:
        return self._client.get(path, params, expect=expect, since=since)

    def _reply(self, path: str, params: dict[str, Any], expect: type = list) -> Reply:
        reply = self._ask(path, params, expect)
        assert reply is not None  # only a conditional request has no answer
        if reply.version and reply.version != self._target:
            self._moved = True
        return reply

    def _other_server(self, reply: Reply) -> bool:
        """Whether a local Zotero with another database answers; its own copy is then taken."""
        if not self._client.settings.local or not reply.server:
            return False
        source = f"local:{reply.server}"
        if source == self._source:
            return False
        self._source = source
        self._copy = self._open()
        return True

    def _collections(self, since: int) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        while True:
            page = {"since": since, "limit": PAGE, "start": len(found), **_TRASH_TOO}
            reply = self._reply("collections", page)
            found += reply.data
            if not reply.data or len(found) >= reply.total:
                return found

    def _deleted(self, since: int, listed: dict[str, int]) -> tuple[list[str], list[str]]:
        """The keys of the items and of the collections that are gone."""
        if since:
            try:
                deleted = self._reply("deleted", {"since": since}, dict).data
            except NotSupported:
                pass
            else:
                return list(deleted.get("items") or ()), list(deleted.get("collections") or ())
            listed = self._reply("items/top", {"format": "versions", **_TRASH_TOO}, dict).data
        present = self._all_collections() if since else set()
        # On a first fetch the listing and the collections are whole; what isn't there is gone.
        collections = [key for key in self._copy.collections() if since and key not in present]
        return [key for key in self._copy.versions() if key not in listed], collections

    def _all_collections(self) -> set[str]:
        return set(self._reply("collections", {"format": "versions"}, dict).data)

    def _missing(self, listed: dict[str, int]) -> list[str]:
        have = self._copy.versions()
        return [key for key, version in listed.items() if have.get(key, -1) < version]

    def _fetch(self, listed: dict[str, int], first: bool) -> None:
        missing = self._missing(listed)
        total = len(missing)
        if first:
            self._fetch_pages(len(listed), len(missing))
            missing = self._missing(listed)
        for start in range(0, len(missing), KEYS):
            keys = missing[start : start + KEYS]
            self._progress(total - len(missing) + start, total, self._client.ref.name)
            reply = self._reply("items", {"itemKey": ",".join(keys), "limit": KEYS, **_TRASH_TOO})
            self._copy.put(reply.data)
        left = self._missing(listed)
        if left and not self._moved:
            raise ZoteroUnavailableError(
                f"Zotero lists {len(left)} items that it does not hand out, such as {left[0]}",
                hint="What was fetched is kept. Run it again later.",
            )
        if total:
            self._progress(total, total, self._client.ref.name)

    def _fetch_pages(self, total: int, missing: int) -> None:
        """Fetch by pages, in the order in which items were added, which new ones do not disturb."""
        offset = self._copy.offset
        if math.ceil(missing / KEYS) <= math.ceil((total - offset) / PAGE):
            return
        while offset < total:
            self._progress(offset, total, self._client.ref.name)
            page = {"limit": PAGE, "start": offset, "sort": "dateAdded", "direction": "asc"}
            reply = self._reply("items/top", {**page, **_TRASH_TOO})
            if not reply.data:
                return
            offset += len(reply.data)
            self._copy.put(reply.data, offset)

    def _read_whole(self) -> Copy | None:
        """Read everything from a local API that sends no server ID (Zotero 7 and 8).

        Versions are of no use there: an item changed on this computer keeps the version it had at
        the last sync with zotero.org. Two requests, since this server gives as many as there are.
        None when the server turns out to have an ID.
        """
        reply = self._ask("items/top", dict(_TRASH_TOO))
        assert reply is not None
        if self._other_server(reply):
            return None
        self._target = reply.version
        self._progress(0, len(reply.data), self._client.ref.name)
        collections = self._reply("collections", {}).data
        self._copy.put(reply.data)
        present = {str(item.get("key")) for item in reply.data if isinstance(item, dict)}
        kept = {str(one.get("key")) for one in collections if isinstance(one, dict)}
        self._copy.finish(
            reply.version,
            gone=[key for key in self._copy.versions() if key not in present],
            collections=collections,
            gone_collections=[key for key in self._copy.collections() if key not in kept],
        )
        self._progress(len(reply.data), len(reply.data), self._client.ref.name)
        return self._copy


def _is_trashed(collection: Any) -> bool:
    data = collection.get("data") if isinstance(collection, dict) else None
    return isinstance(data, dict) and bool(data.get("deleted"))


def _is_version(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
