"""The library on disk: reading it, its one stable form, and what is wrong with a bad one."""

from __future__ import annotations

import datetime
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weeknotes.errors import LibraryError
from weeknotes.library import store
from weeknotes.library.store import Library

HO = {
    "id": "ho2020",
    "type": "article",
    "title": "Denoising Diffusion Probabilistic Models",
    "author": [{"family": "Ho", "given": "Jonathan"}],
    "issued": {"date-parts": [[2020]]},
    "custom": {"date-added": "2026-11-16"},
}
KIM = {
    "id": "kim2021",
    "type": "book",
    "title": "확산 모형",
    "custom": {"date-added": "2026-11-22"},
}


def write(folder: Path, text: str) -> Path:
    path = folder / "references.json"
    path.write_text(text, encoding="utf-8")
    return path


def test_entries_are_keyed_by_citation_key(tmp_path: Path) -> None:
    library = Library.load(write(tmp_path, json.dumps([KIM, HO])))
    assert library.entries["ho2020"]["title"] == "Denoising Diffusion Probabilistic Models"
    assert library.get("kim2021") == KIM
    assert library.get("nobody1999") is None


def test_a_missing_or_empty_file_is_an_empty_library(tmp_path: Path) -> None:
    assert Library.load(tmp_path / "none.json").entries == {}
    assert Library.load(write(tmp_path, "\n")).entries == {}


def test_equal_libraries_have_equal_bytes_whatever_their_order(tmp_path: Path) -> None:
    shuffled = [dict(reversed(list(HO.items()))), KIM]
    one = Library.load(write(tmp_path, json.dumps([KIM, HO]))).dump()
    other = Library.load(write(tmp_path, json.dumps(shuffled, ensure_ascii=True))).dump()
    assert one == other
    assert one.decode().index("ho2020") < one.decode().index("kim2021")
    assert "확산 모형" in one.decode()
    assert one.endswith(b"]\n")


def test_saving_again_changes_nothing(tmp_path: Path) -> None:
    library = Library.load(write(tmp_path, json.dumps([HO, KIM])))
    assert library.save() is True
    assert library.save() is False
    assert Library.load(tmp_path / "references.json").entries == library.entries


def test_added_between_includes_both_days_and_is_in_order(tmp_path: Path) -> None:
    library = Library.load(write(tmp_path, json.dumps([KIM, HO, {"id": "undated"}])))
    week = (datetime.date(2026, 11, 16), datetime.date(2026, 11, 22))
    assert [entry["id"] for entry in library.added_between(*week)] == ["ho2020", "kim2021"]
    assert library.added_between(datetime.date(2026, 11, 17), datetime.date(2026, 11, 21)) == []


def test_other_keys_resolve_to_the_same_entry(tmp_path: Path) -> None:
    entry = {**HO, "other-ids": "ho2020ddpm ddpm"}
    library = Library.load(write(tmp_path, json.dumps([entry])))
    assert library.get("ddpm") == library.get("ho2020") == entry
    assert library.keys == {"ho2020": "ho2020", "ho2020ddpm": "ho2020", "ddpm": "ho2020"}


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ('[\n{"id": "a",}\n]', 2, "not valid JSON"),
        ('{"id": "a"}', 1, "array"),
        ('[{"id": "a"},\n {"title": "b"}]', None, "item 2 has no citation key"),
        ('["a"]', None, "item 1 must be an object"),
        ('[{"id": "a"},\n {"id": "b"},\n {"id": "a"}]', 3, "'a'"),
        ("[" * 100_000, None, "nested too deeply"),
    ],
)
def test_a_bad_library_is_named_with_its_line(
    tmp_path: Path, text: str, line: int | None, says: str
) -> None:
    with pytest.raises(LibraryError) as caught:
        Library.load(write(tmp_path, text))
    assert says in str(caught.value)
    assert caught.value.file == "references.json"
    assert caught.value.line == line


def test_a_library_that_is_not_utf8_names_the_line(tmp_path: Path) -> None:
    (tmp_path / "references.json").write_bytes(b'[\n{"id": "\xff"}]')
    with pytest.raises(LibraryError, match="UTF-8") as caught:
        Library.load(tmp_path / "references.json")
    assert caught.value.line == 2


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(
    st.dictionaries(
        st.text(min_size=1).filter(str.strip), st.dictionaries(st.text(), _json, max_size=4)
    )
)
def test_what_is_dumped_is_read_back(entries: dict[str, dict[str, object]]) -> None:
    entries = {key: {**entry, "id": key} for key, entry in entries.items()}
    data = store.dump(entries)
    assert store.parse(data, "references.json") == entries
    assert store.dump(store.parse(data, "references.json")) == data
