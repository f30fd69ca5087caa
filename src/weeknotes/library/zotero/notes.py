"""Writing a child note on items of Zotero: once, updated by version, no note of others touched.

Follows the Web API v3 documentation, "Write Requests": new items are sent with the library version that
was read (``If-Unmodified-Since-Version``), so that a request repeated after a broken connection makes
no second note; a changed note is sent with its own version. A note of Weeknotes is known by its tag,
and by a second tag with a fingerprint of the text that was written: where the text is another now, a
person has changed it, and it is left as it is.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from weeknotes.library.zotero.client import Client, ZoteroAccessError, ZoteroUnavailableError

TAG = "weeknotes"
_FINGERPRINT = f"{TAG}:"
_BATCH = 50
"""Items a write request: the most the web API takes."""
_ROUNDS = 4


@dataclass
class PushedNotes:
    """The keys of the items (in Zotero) whose notes were written, were so already, or are left as they
    are since a person has changed them or they have changed meanwhile; and refusals with the reason."""

    created: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)


def push(client: Client, wanted: Mapping[str, str], *, dry_run: bool = False) -> PushedNotes:
    """Bring the notes on the items of ``client``'s library to what ``wanted`` says: HTML by item key.

    With ``dry_run`` nothing is written, and the result says what would be. Raises ZoteroError.
    """
    created: set[str] = set()
    updated: set[str] = set()
    for number in range(_ROUNDS):
        result = PushedNotes()
        present, version = _present(client)
        new: dict[str, str] = {}
        for key, html in wanted.items():
            note = present.get(key)
            if note is None:
                new[key] = html
            elif fingerprint(str(note.get("note") or "")) != _written(note):
                result.left.append(key)
            elif _written(note) == fingerprint(html):
                listed = result.created if key in created else result.unchanged
                (result.updated if key in updated else listed).append(key)
            elif dry_run or _update(client, note, html):
                updated.add(key)
                result.updated.append(key)
            else:
                result.left.append(key)
        if dry_run:
            result.created += new
            return result
        if not new:
            return result
        # Of a request whose answer was lost it is not known whether it was carried out: the next
        # round sees. Updates have moved the library, so that new notes wait for that round as well.
        created.update(new)
        if (not result.updated or number) and _create(client, new, version, result):
            return result
    raise ZoteroUnavailableError(
        f"the library {client.ref.name} changes faster than notes can be written to it",
        hint="Run it again when whatever is changing it has ended.",
    )


def fingerprint(html: str) -> str:
    """A digest of the words and links of a note, whatever Zotero's editor makes of its HTML."""
    from lxml import html as reader

    if not html.strip():
        return ""
    root = reader.fragment_fromstring(html, create_parent="div")
    links = [str(link.get("href") or "") for link in root.iter("a")]
    words = " ".join("".join(root.itertext()).split())
    return hashlib.blake2b(json.dumps([words, links]).encode(), digest_size=8).hexdigest()


def _present(client: Client) -> tuple[dict[str, dict[str, Any]], int]:
    """The notes of Weeknotes by the key of their item, and the version of the library."""
    found: dict[str, dict[str, Any]] = {}
    start = 0
    while True:
        params = {"itemType": "note", "tag": TAG, "limit": 100, "start": start}
        reply = client.get("items", params)
        assert reply is not None
        for one in reply.data:
            data = one.get("data") if isinstance(one, dict) else None
            if isinstance(data, dict) and data.get("parentItem") and _written(data):
                found.setdefault(str(data["parentItem"]), data)
        start += len(reply.data)
        if not reply.data or start >= reply.total:
            return found, reply.version


def _written(note: Mapping[str, Any]) -> str:
    """The fingerprint that the note was written with; empty where it is none of Weeknotes."""
    tags = [str(tag.get("tag") or "") for tag in note.get("tags") or () if isinstance(tag, dict)]
    if TAG not in tags:
        return ""
    return next(
        (tag.removeprefix(_FINGERPRINT) for tag in tags if tag.startswith(_FINGERPRINT)), ""
    )


def _tags(html: str, others: list[dict[str, Any]] | None = None) -> list[dict[str, Any]]:
    kept = [
        tag
        for tag in others or []
        if tag.get("tag") != TAG and not str(tag.get("tag")).startswith(_FINGERPRINT)
    ]
    return [
        *kept,
        {"tag": TAG, "type": 1},
        {"tag": f"{_FINGERPRINT}{fingerprint(html)}", "type": 1},
    ]


def _update(client: Client, note: Mapping[str, Any], html: str) -> bool:
    """Write a changed note; False where it has changed in Zotero meanwhile."""
    tags = _tags(html, list(note.get("tags") or ()))
    response = client.write(
        "PATCH", f"items/{note['key']}", {"note": html, "tags": tags}, int(note["version"])
    )
    return response is not None


def _create(client: Client, new: Mapping[str, str], version: int, result: PushedNotes) -> bool:
    """Write new notes; False where the library has changed since it was read."""
    listed = list(new.items())
    for start in range(0, len(listed), _BATCH):
        batch = listed[start : start + _BATCH]
        body = [
            {
                "itemType": "note",
                "parentItem": key,
                "note": html,
                "tags": _tags(html),
                "collections": [],
                "relations": {},
            }
            for key, html in batch
        ]
        answer = client.write("POST", "items", body, version)
        if answer is None:
            return False
        for number, (key, _) in enumerate(batch):
            failure = (answer.data.get("failed") or {}).get(str(number))
            if failure is None:
                result.created.append(key)
            else:
                result.refused[key] = str(failure.get("message") or failure.get("code"))
        version = answer.version
    return True


def check_rights(client: Client) -> None:
    """Raise ZoteroAccessError where the key may not write to the library, before anything is tried."""
    rights = client.key_rights() or {}
    access = rights.get("access") or {}
    if client.ref.kind == "user":
        mine = access.get("user") or {}
    else:
        groups = access.get("groups") or {}
        mine = groups.get(client.ref.id) or groups.get("all") or {}
    if not mine.get("write"):
        raise ZoteroAccessError(
            f"the API key may not write to {client.ref.name}",
            hint="Allow it at https://www.zotero.org/settings/keys: “Allow write access” (and notes).",
        )
