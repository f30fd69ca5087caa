"""One item of the configured Zotero libraries, and what hangs under it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from weeknotes.library import csl
from weeknotes.library.csl_dates import local_day
from weeknotes.library.keys import is_citable, zotero_key
from weeknotes.library.store import Entry
from weeknotes.library.zotero.client import Client, Connection, NotSupported, ZoteroError, of_owner
from weeknotes.library.zotero.config import LibraryRef, ZoteroSettings


def fetch(
    settings: ZoteroSettings, key: str, *, sleep: Callable[[float], None] = time.sleep
) -> Entry:
    """The item ``key`` as a CSL-JSON item, from the first configured library that has it. Its ``id``
    is Zotero's own citation key for it, or empty. Raises ZoteroError."""
    with Connection(settings, sleep=sleep) as connection:
        for ref in settings.libraries:
            client = of_owner(Client(ref, connection))
            if (found := _item(client, key)) is not None:
                return _entry(client.ref, key, found)
    names = ", ".join(ref.name for ref in settings.libraries)
    raise ZoteroError(f"there is no item {key} in {names}", hint="Check the key in Zotero.")


def children(
    settings: ZoteroSettings, library: str, key: str, *, sleep: Callable[[float], None] = time.sleep
) -> list[dict[str, Any]]:
    """The ``data`` of the attachments and notes of an item, and of the attachments' annotations.

    ``library`` is the name of a configured library (``users/1``). Raises ZoteroError.
    """
    with Connection(settings, sleep=sleep) as connection:
        for ref in settings.libraries:
            if ref.name != library and not (ref.kind == "user" and library.startswith("users/")):
                continue
            client = of_owner(Client(ref, connection))
            if client.ref.name == library or settings.local:
                return _children(client, key)
    raise ZoteroError(
        f"{library}, where the item comes from, is not configured",
        hint="Add it under 'weeknotes: zotero: libraries:' in _quarto.yml.",
    )


def _item(client: Client, key: str) -> dict[str, Any] | None:
    try:
        reply = client.get("items", {"itemKey": key, "limit": 1})
    except NotSupported:
        return None
    assert reply is not None
    found = [one for one in reply.data if isinstance(one, dict) and one.get("key") == key]
    data = found[0].get("data") if found else None
    if not isinstance(data, dict) or data.get("itemType") in csl.NOT_CITABLE:
        return None
    return data


def _entry(ref: LibraryRef, key: str, data: dict[str, Any]) -> Entry:
    entry = csl.to_csl(data)
    own = entry.pop("custom", {})
    own["zotero"] = {**own.get("zotero", {}), "library": ref.name, "key": key}
    if day := local_day(str(data.get("dateAdded") or "")):
        own["date-added"] = day
    if tags := csl.tags_of(data):
        entry["keyword"] = ", ".join(dict.fromkeys(tag.replace(",", ";") for tag in tags))
    name = zotero_key(data)
    return {**entry, "id": name if is_citable(name) else "", "custom": own}


def _children(client: Client, key: str) -> list[dict[str, Any]]:
    found = _listed(client, f"items/{key}/children")
    annotations: list[dict[str, Any]] = []
    for one in found:
        if one.get("itemType") == "attachment":
            annotations += _listed(client, f"items/{one.get('key')}/children")
    return found + annotations


def _listed(client: Client, path: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    start = 0
    while True:
        try:
            reply = client.get(path, {"limit": 100, "start": start})
        except NotSupported:
            raise ZoteroError(
                "Zotero no longer has this item",
                hint="Run weeknotes sync to see what became of it.",
            ) from None
        assert reply is not None
        found += [one["data"] for one in reply.data if isinstance(one.get("data"), dict)]
        start += len(reply.data)
        if not reply.data or start >= reply.total:
            return [one for one in found if not one.get("deleted")]
