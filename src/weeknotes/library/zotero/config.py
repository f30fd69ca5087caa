"""This module reads the settings for Zotero from ``_quarto.yml``, and finds the API key.

The key is never read from a file that git tracks: it comes from ``ZOTERO_API_KEY`` or the system
keyring (service ``weeknotes``, user ``zotero``).
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from weeknotes.errors import ProjectError
from weeknotes.journal.project import Project
from weeknotes.library import system_keyring
from weeknotes.library.api_key import ApiKey

WEB = "https://api.zotero.org"
LOCAL = "http://127.0.0.1:23119/api"
_KEYRING_USER = "zotero"
_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_LIBRARY_KEYS = {"user", "group", "collections"}
_KEYS = _LIBRARY_KEYS | {"libraries", "local"}
_SHAPE = "weeknotes:\n    zotero:\n      libraries:\n        - user: 1234567"


@dataclass(frozen=True)
class LibraryRef:
    """A user's or a group's library, and the collections of it that are wanted (paths such as
    ``Thesis/Chapter 2``, with all that is under them); none named means all of it."""

    kind: str
    id: str
    collections: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """``users/1234567`` or ``groups/42``, as in Zotero's addresses."""
        return f"{self.kind}s/{self.id}"


@dataclass(frozen=True)
class ZoteroSettings:
    """The address of Zotero, the libraries to mirror, and the API key."""

    libraries: tuple[LibraryRef, ...]
    local: bool = False
    endpoint: str = WEB
    key: ApiKey = field(default_factory=lambda: ApiKey(""))


def settings(project: Project, environment: Mapping[str, str] | None = None) -> ZoteroSettings:
    """The settings of ``project``; ``environment`` is ``os.environ`` unless given.

    Raises ProjectError when ``weeknotes: zotero:`` is missing or wrong, and when it holds a key.
    """
    environment = os.environ if environment is None else environment
    file = project.config_path.name
    raw = project.settings.get("zotero")
    if not raw:
        raise ProjectError("no Zotero library is configured", file=file, hint=f"Add:\n  {_SHAPE}")
    if not isinstance(raw, dict):
        raise ProjectError("'zotero' must be a mapping", file=file, hint=f"Write:\n  {_SHAPE}")
    _refuse_keys(raw, file)
    local = raw.get("local", False)
    if not isinstance(local, bool):
        raise ProjectError(f"'local' must be true or false, not {local!r}", file=file)
    libraries = _libraries(raw, file, local)
    endpoint = environment.get("ZOTERO_ENDPOINT") or (LOCAL if local else WEB)
    key = ApiKey(
        ""
        if local
        else environment.get("ZOTERO_API_KEY", "").strip() or system_keyring.password(_KEYRING_USER)
    )
    if key and not (key.reveal().isascii() and key.reveal().isalnum()):
        raise ProjectError(
            "ZOTERO_API_KEY holds something that is no Zotero key",
            hint="A key is letters and digits alone, from https://www.zotero.org/settings/keys",
        )
    _check_endpoint(endpoint, key)
    return ZoteroSettings(libraries, local, endpoint.rstrip("/"), key)


def _refuse_keys(raw: Mapping[str, Any], file: str) -> None:
    for name in raw:
        if "key" in str(name).lower() or "token" in str(name).lower():
            raise ProjectError(
                f"'{name}' under 'zotero' must not be in a file that git tracks",
                file=file,
                hint="Take it out, revoke it at https://www.zotero.org/settings/keys if it was "
                "ever committed, and set ZOTERO_API_KEY instead.",
            )
        if name not in _KEYS:
            known = ", ".join(sorted(_KEYS))
            raise ProjectError(
                f"unknown key '{name}' under 'zotero'", file=file, hint=f"Known: {known}"
            )


def _libraries(raw: Mapping[str, Any], file: str, local: bool) -> tuple[LibraryRef, ...]:
    listed = raw.get("libraries")
    if listed is None:
        listed = [{name: raw[name] for name in _LIBRARY_KEYS if name in raw}]
    if not isinstance(listed, list) or not all(isinstance(one, dict) and one for one in listed):
        raise ProjectError(
            "'libraries' must be a list of user and group libraries",
            file=file,
            hint=f"Write:\n  {_SHAPE}",
        )
    refs = tuple(_library(one, file, local) for one in listed)
    names = [ref.name for ref in refs]
    for name in names:
        if names.count(name) > 1:
            raise ProjectError(
                f"the Zotero library {name} is named twice",
                file=file,
                hint="Name it once, with all its collections.",
            )
    return refs


def _library(one: Mapping[str, Any], file: str, local: bool) -> LibraryRef:
    kinds = [kind for kind in ("user", "group") if kind in one]
    unknown = set(one) - _LIBRARY_KEYS
    if len(kinds) != 1 or unknown:
        raise ProjectError(
            "a Zotero library is given by 'user' or by 'group'"
            + (f", not by {', '.join(sorted(map(repr, unknown)))}" if unknown else ""),
            file=file,
            hint=f"Write:\n  {_SHAPE}",
        )
    number = str(one[kinds[0]]).strip()
    if number == "me" and kinds == ["user"]:
        number = "0"
    if not number.isascii() or not number.isdigit():
        raise ProjectError(
            f"'{kinds[0]}' must be a number (or 'me'), not {one[kinds[0]]!r}",
            file=file,
            hint="Your user ID is shown at https://www.zotero.org/settings/keys, a group's in the "
            "address of its page.",
        )
    paths = one.get("collections") or []
    paths = [paths] if isinstance(paths, str) else paths
    if not isinstance(paths, list):
        raise ProjectError("'collections' must be a list of paths", file=file)
    cleaned = ("/".join(p.strip() for p in str(path).split("/") if p.strip()) for path in paths)
    return LibraryRef(kinds[0], number, tuple(path for path in cleaned if path))


def _check_endpoint(endpoint: str, key: ApiKey) -> None:
    parts = urlsplit(endpoint)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ProjectError(f"ZOTERO_ENDPOINT is not an http address: {endpoint!r}")
    if key and parts.scheme == "http" and parts.hostname not in _LOOPBACK:
        raise ProjectError(
            f"the API key is not sent to {parts.hostname} without encryption",
            hint="Give ZOTERO_ENDPOINT an https address.",
        )
