"""Entries that are parsed when they are asked for are those of the library."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from weeknotes.errors import LibraryError
from weeknotes.library.on_demand import EntriesOnDemand, entries_of, items_of
from weeknotes.library.store import Library

ENTRIES = [
    {"id": "kim2020", "title": "확산, 𝛼 and “tides”", "author": [{"family": "Kim"}]},
    {"id": "a b", "title": 'brackets ]}, "quotes" \\', "other-ids": "one two", "volume": 3},
    {"id": "é", "abstract": "\ud800 is no character", "custom": {"id": "kim2020"}},
]


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("plain", [False, True])
def test_they_are_those_of_the_library(tmp_path: Path, indent: int | None, plain: bool) -> None:
    path = tmp_path / "references.json"
    entries = ENTRIES[:2] if plain else ENTRIES
    path.write_text(f" {json.dumps(entries, indent=indent, ensure_ascii=not plain)}\n\t", "utf-8")
    found = entries_of(path)
    assert isinstance(found, EntriesOnDemand)
    assert list(found.items()) == list(Library.load(path).entries.items())
    assert "one" not in found


def test_each_is_changed_on_the_way(tmp_path: Path) -> None:
    path = tmp_path / "references.json"
    path.write_text(json.dumps(ENTRIES[:2]), "utf-8")
    found = entries_of(path, lambda entry: {**entry, "seen": True})
    assert [entry["seen"] for entry in found.values()] == [True, True]
    assert "seen" not in entries_of(path)["kim2020"]


@pytest.mark.parametrize(
    "text",
    [
        "[{}]",
        "[1]",
        "{}",
        '[{"id": "a"}',
        '[{"id": "a"},]',
        '[{"id": "a"}] x',
        "[,]",
        '[{"id" "a"}]',
    ],
)
def test_what_is_wrong_is_said_as_ever(tmp_path: Path, text: str) -> None:
    path = tmp_path / "references.json"
    path.write_text(text, "utf-8")
    with pytest.raises(LibraryError) as expected:
        Library.load(path)
    with pytest.raises(LibraryError) as found:
        entries_of(path)
    assert str(found.value) == str(expected.value)


def test_repeated_keys_and_numbers_as_keys(tmp_path: Path) -> None:
    path = tmp_path / "references.json"
    path.write_text('[{"id": "a"}, {"id": "a"}]', "utf-8")
    with pytest.raises(LibraryError, match="two entries"):
        entries_of(path)
    path.write_text('[{"id": 7}]', "utf-8")
    assert entries_of(path) == {"7": {"id": "7"}}
    path.write_text("", "utf-8")
    assert entries_of(path) == {}
    assert entries_of(tmp_path / "none.json") == {}


def test_an_empty_array_has_no_items() -> None:
    items = items_of(b" [ ] ")
    assert items is not None and len(items) == 0
