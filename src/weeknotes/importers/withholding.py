"""Pages that their source does not publish: drafts, private posts, folders of drafts."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

_FALSE = frozenset(["false", "no", "off", "n", "0", "", "none", "null", "~"])
#: Keys that withhold a page, and what they make of it here.
_WITHHOLDING = {
    "draft": "draft",
    "drafts": "draft",
    "private": "private",
    "hidden": "private",
    "secret": "private",
    "confidential": "private",
    "unlisted": "private",
    "password": "private",
}
#: Keys that withhold a page where they say no.
_PUBLISHING = ("published", "publish", "public", "dg-publish", "share")
#: Keys with a word for it.
_STATES = ("status", "state", "visibility", "post_status", "access")
_WITHHELD_STATES = {
    "draft": "draft",
    "wip": "draft",
    "unpublished": "draft",
    "pending": "draft",
    "private": "private",
    "hidden": "private",
    "secret": "private",
    "unlisted": "private",
    "internal": "private",
}
_FOLDERS = {
    "_drafts": "draft",
    "drafts": "draft",
    "draft": "draft",
    "_draft": "draft",
    "private": "private",
    "_private": "private",
    "secret": "private",
}


def withheld(values: Mapping[str, Any]) -> tuple[str, str]:
    """Whether front matter withholds its page: "draft", "private" or "", and the words that say so."""
    for key, meaning in _WITHHOLDING.items():
        if key in values and str(values[key]).strip().casefold() not in _FALSE:
            shown = "..." if key == "password" else values[key]
            return meaning, f"{key}: {shown}"
    for key in _PUBLISHING:
        if key in values and str(values[key]).strip().casefold() in _FALSE:
            return "draft", f"{key}: {values[key]}"
    for key in _STATES:
        word = str(values.get(key, "")).strip().casefold()
        if word in _WITHHELD_STATES:
            return _WITHHELD_STATES[word], f"{key}: {values[key]}"
    for key in ("tags", "categories", "keywords"):
        listed = values.get(key)
        for word in listed if isinstance(listed, list) else str(listed or "").split():
            if str(word).strip("#, ").casefold() in ("draft", "private"):
                return str(word).strip("#, ").casefold(), f"{key}: {word}"
    return "", ""


def withheld_by_folder(name: str) -> tuple[str, str]:
    """The same for a folder such as ``_drafts`` in the path ``name`` of a source."""
    for part in PurePosixPath(name).parts[:-1]:
        if meaning := _FOLDERS.get(part.casefold()):
            return meaning, f"the folder {part}"
    return "", ""


def withheld_source(values: Mapping[str, Any], name: str) -> tuple[str, str]:
    """The same for a source with the front matter ``values`` at the path ``name``."""
    found = withheld(values)
    return found if found[0] else withheld_by_folder(name)
