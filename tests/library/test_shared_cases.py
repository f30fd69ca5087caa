"""The small cases beside the checkout, where they are there."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pypandoc
import pytest

from weeknotes.actions.add import add
from weeknotes.journal.project import Project
from weeknotes.library.store import Library
from weeknotes.library.zotero.config import LibraryRef

from .zotero_server import KEY, FakeLibrary, ZoteroServer

CASES = Path(__file__).parents[3] / "shared" / "cases" / "library"
pytestmark = pytest.mark.skipif(not CASES.is_dir(), reason="the cases are not beside this checkout")
Synced = Callable[..., dict[str, dict[str, Any]]]


@pytest.fixture
def synced(zotero: ZoteroServer, run: Callable[..., Any], journal: Project) -> Synced:
    """The library after a sync with what a case's file holds, by title."""

    def sync(name: str, *refs: LibraryRef) -> dict[str, dict[str, Any]]:
        for item in json.loads((CASES / name).read_bytes()):
            zotero.library.add(**item["data"])
        run(*refs)
        entries = Library.load(journal.library_path).entries
        return {entry["title"]: entry for entry in entries.values()}

    return sync


def test_dates(synced: Synced) -> None:
    found = [entry["issued"]["date-parts"] for _, entry in sorted(synced("dates.json").items())]
    assert found[:8] == [
        [[2007, 6]],
        [[2009, 6, 15]],
        [[2018, 3]],
        [[1996, 11, 15]],
        [[2011, 6, 29], [2011, 7, 1]],
        [[2015, 6, 22], [2015, 6, 26]],
        [[2020, 3, 5]],
        [[2008, 3]],
    ]


def test_names(synced: Synced) -> None:
    keys = sorted(entry["id"] for entry in synced("names-vietnamese.json").values())
    assert [key[:8] for key in keys] == ["dang2020", "nguyen20", "pham2020", "tran2020"]


def test_keys_with_signs(synced: Synced, journal: Project) -> None:
    assert len(synced("keys-with-signs.json")) == 6
    done = subprocess.run(
        [pypandoc.get_pandoc_path(), "-f", "biblatex", "-t", "csljson"],
        input=(journal.root / "references.bib").read_bytes(),
        capture_output=True,
        check=True,
    )
    assert len(json.loads(done.stdout)) == 6


def test_one_item_twice(synced: Synced, run: Callable[..., Any], journal: Project) -> None:
    synced("one-item-twice.json")
    assert len(Library.load(journal.library_path).entries) == 3
    warnings = run().warnings
    assert any(all(w in text for w in ("twin2020", "TWIN2222", "TWIN3333")) for text in warnings)


def test_fields(synced: Synced) -> None:
    found = synced("fields-of-schema-41.json")
    book, part, talk = (found[t] for t in ("An old book", "A part of a study", "A talk"))
    assert book["original-date"] == {"date-parts": [[1931]]}
    assert (book["original-publisher"], book["original-publisher-place"]) == ("Old House", "Wien")
    assert (part["PMID"], part["PMCID"]) == ("12345678", "PMC1234567")
    assert (part["part-number"], part["part-title"]) == ("2", "Later")
    assert (talk["event-place"], talk["publisher-place"]) == ("Busan", "New York")


def test_extra(synced: Synced) -> None:
    (entry,) = synced("extra-with-names.json").values()
    assert entry["editor"] == [{"family": "Kim", "given": "Minji"}]
    assert (entry["event-place"], entry["note"]) == ("Seoul", "A free line")


def test_two_libraries(
    synced: Synced, run: Callable[..., Any], zotero: ZoteroServer, journal: Project
) -> None:
    group = zotero.libraries["groups/7"] = FakeLibrary()
    zotero.rights[KEY].add("groups/7")
    both = LibraryRef("user", "1"), LibraryRef("group", "7")
    for item in json.loads((CASES / "doi-in-two-libraries.json").read_bytes()):
        group.add(**item["data"])
    (entry,) = synced("doi-in-two-libraries.json", *both).values()
    zotero.library.delete("SAME2222")
    run(*both)
    assert list(Library.load(journal.library_path).entries) == [entry["id"]]


def test_a_doi_with_angle_brackets(synced: Synced) -> None:
    (entry,) = synced("doi-with-angle-brackets.json").values()
    assert entry["DOI"] == "10.1002/(SICI)1097-4571(199806)49:8<693::AID-ASI4>3.0.CO;2-O"


@pytest.mark.parametrize(
    ("name", "titles"),
    [
        ("euc-kr.bib", ["파도의 무게"]),
        ("gbk.bib", ["海浪的重量"]),
        ("cp1252.bib", ["“Größe” – naïve"]),
        ("capitals.bib", ["Hidden Markov Models for Rain"]),
        ("no-key.bib", ["A paper with a key", "A paper without a key"]),
        ("round-brackets.bib", ["A paper in round brackets"]),
        ("two.ris", ["A paper in RIS", "바다의 책"]),
        ("endnote.xml", ["A paper in XML"]),
    ],
)
def test_files(journal: Project, name: str, titles: list[str]) -> None:
    report = add(journal, str(CASES / name))
    assert sorted(title for _, title in report.added) == titles
    assert report.exit_code == 0
