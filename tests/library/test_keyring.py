"""The keys of web services come from the system's keyring, whatever goes wrong with that."""

from __future__ import annotations

import sys
from types import ModuleType

import pytest

from weeknotes.library import system_keyring


def keyring(monkeypatch: pytest.MonkeyPatch, stored: dict[tuple[str, str], str]) -> None:
    module = ModuleType("keyring")

    def get_password(service: str, user: str) -> str | None:
        if user == "locked":
            raise RuntimeError("the keyring is locked")
        return stored.get((service, user))

    module.get_password = get_password  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "keyring", module)


def test_a_key_is_found_by_its_user(monkeypatch: pytest.MonkeyPatch) -> None:
    keyring(monkeypatch, {("weeknotes", "zotero"): " abc\n", ("other", "model"): "xyz"})
    assert system_keyring.password("zotero") == "abc"
    assert system_keyring.password("model") == ""


def test_a_locked_or_missing_keyring_holds_no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    keyring(monkeypatch, {})
    assert system_keyring.password("locked") == ""
    monkeypatch.setitem(sys.modules, "keyring", None)
    assert system_keyring.password("zotero") == ""
