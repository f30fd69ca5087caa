"""Syncing with Zotero: what comes, what goes, what stays, and under which key."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pypandoc
import pytest

from weeknotes.checks.library_rules import judge
from weeknotes.errors import LibraryError
from weeknotes.journal.project import Project
from weeknotes.library.store import Library
from weeknotes.library.zotero.config import LibraryRef

from .zotero_server import KEY, FakeLibrary, ZoteroServer

Run = Callable[..., Any]
Week = Callable[..., Path]


def creators(*families: str) -> list[dict[str, str]]:
    return [{"creatorType": "author", "lastName": name, "firstName": "A."} for name in families]


def fill(library: FakeLibrary, count: int) -> list[str]:
    """Papers with a title each; their Zotero keys."""
    return [
        library.add(
            title=f"Paper number {n}", creators=creators(f"Author{n}"), date=str(2000 + n % 25)
        )
        for n in range(count)
    ]


def entries(journal: Project) -> dict[str, dict[str, Any]]:
    return Library.load(journal.library_path).entries


def titles(journal: Project) -> dict[str, str]:
    return {key: entry["title"] for key, entry in entries(journal).items()}


def test_a_first_sync_brings_everything_once(
    journal: Project, zotero: ZoteroServer, run: Run
) -> None:
    fill(zotero.library, 240)
    zotero.library.add("note", note="<p>alone</p>")
    parent = zotero.library.add(title="With a PDF", creators=creators("Ho"), date="2020-06-19")
    zotero.library.add("attachment", title="PDF", parentItem=parent)
    progress: list[tuple[int, int, str]] = []
    report = run(progress=lambda *step: progress.append(step))
    assert len(report.added) == len(entries(journal)) == 241
    assert entries(journal)["ho2020pdf"]["issued"] == {"date-parts": [[2020, 6, 19]]}
    assert "@article{ho2020pdf," in (journal.root / "references.bib").read_text()
    assert progress[-1][:2] == (242, 242)
    assert [step[0] for step in progress] == sorted(step[0] for step in progress)


def test_a_first_sync_takes_at_most_eleven_requests_a_thousand(
    zotero: ZoteroServer, run: Run
) -> None:
    fill(zotero.library, 1000)
    assert run().requests <= 12


def test_nothing_changed_takes_one_request(
    zotero: ZoteroServer, run: Run, journal: Project
) -> None:
    fill(zotero.library, 120)
    run()
    before = journal.library_path.read_bytes()
    zotero.forget()
    report = run()
    assert report.requests == zotero.requests == 1
    assert not report.changes
    assert journal.library_path.read_bytes() == before


def test_only_what_changed_is_fetched(zotero: ZoteroServer, run: Run, journal: Project) -> None:
    keys = fill(zotero.library, 300)
    run()
    zotero.forget()
    for key in keys[10:70]:
        zotero.library.change(key, title=f"New title of {key}")
    zotero.library.delete(keys[0])
    zotero.library.trash(keys[1])
    fresh = zotero.library.add(title="Fresh", creators=creators("Kim"), date="2026")
    report = run()
    assert (len(report.added), len(report.changed), len(report.removed)) == (1, 60, 2)
    fetched = [one.params["itemKey"].split(",") for one in zotero.log if "itemKey" in one.params]
    assert sorted(map(len, fetched)) == [12, 50]
    assert any(fresh in keys for keys in fetched)
    assert len(entries(journal)) == 299


def test_a_key_stays_whatever_happens_to_the_item(
    zotero: ZoteroServer, run: Run, journal: Project
) -> None:
    key = zotero.library.add(title="확산 모형", creators=creators("김"), date="2021")
    run()
    zotero.library.change(key, title="Something else", creators=creators("이"), date="1999")
    report = run()
    assert titles(journal) == {"kim2021hwaksan": "Something else"}
    assert report.changed == ("kim2021hwaksan",)
    # A clone has no local state.
    (journal.state / "zotero.sqlite3").unlink()
    assert not run().changes
    assert list(entries(journal)) == ["kim2021hwaksan"]


def test_zoteros_own_keys_are_taken(zotero: ZoteroServer, run: Run, journal: Project) -> None:
    zotero.library.add(title="A", citationKey="ho2020")
    zotero.library.add(title="B", extra="Citation Key: kim2021")
    zotero.library.add(title="C", citationKey="not a key", creators=creators("Lee"), date="2022")
    report = run()
    assert titles(journal) == {"ho2020": "A", "kim2021": "B", "lee2022c": "C"}
    assert report.made == ("lee2022c",)
    assert "'not a key'" in report.to_text()


def test_two_items_with_one_key_stop_nothing(
    zotero: ZoteroServer, run: Run, journal: Project
) -> None:
    zotero.library.add(title="First paper", citationKey="ho2020")
    run()
    zotero.library.add(title="Second paper", citationKey="ho2020")
    zotero.library.add(title="Third paper", date="2021")
    report = run()
    # The key is that of the item that has it already.
    assert titles(journal)["ho2020"] == "First paper"
    assert sorted(titles(journal).values()) == ["First paper", "Second paper", "Third paper"]
    assert [w for w in report.warnings if "First paper" in w and "Second paper" in w]
    again = run()
    assert again.warnings == report.warnings
    assert not again.changes


def test_of_two_new_items_with_one_key_the_newer_has_it(
    zotero: ZoteroServer, run: Run, journal: Project
) -> None:
    zotero.library.add(title="Older twin", citationKey="twin2020")
    newer = zotero.library.add(title="Newer twin", citationKey="twin2020")
    report = run()
    assert titles(journal)["twin2020"] == "Newer twin"
    assert sorted(titles(journal).values()) == ["Newer twin", "Older twin"]
    assert len(report.warnings) == 1 and newer in report.warnings[0]
    # Mended in Zotero: the warning goes, and the made key still resolves.
    made = next(key for key, title in titles(journal).items() if title == "Older twin")
    zotero.library.change(next(iter(zotero.library.items)), citationKey="other2020")
    assert not run().warnings
    assert Library.load(journal.library_path).keys[made] == "other2020"


def test_a_paper_in_two_libraries_is_one_whichever_holds_it(
    zotero: ZoteroServer, run: Run, journal: Project
) -> None:
    """The same DOI in a user's and a group's library: one entry, one key, also when one goes."""
    group = zotero.libraries["groups/7"] = FakeLibrary()
    zotero.rights[KEY].add("groups/7")
    both = LibraryRef("user", "1"), LibraryRef("group", "7")
    paper = {"title": "Shared rain", "DOI": "10.1000/rain.7", "date": "2020"}
    mine = zotero.library.add(**paper)
    run(*both)
    (key,) = titles(journal)
    group.add(**paper | {"title": "Shared rain, the other record"}, key="GRPP2222")
    assert not run(*both).changes
    assert list(titles(journal)) == [key]
    zotero.library.delete(mine)
    run(*both)
    assert list(titles(journal)) == [key]
    assert entries(journal)[key]["custom"]["zotero"]["library"] == "groups/7"
    zotero.library.add(**paper)
    run(*both)
    assert list(titles(journal)) == [key]


def test_two_entries_of_one_paper_become_one_and_both_keys_resolve(
    zotero: ZoteroServer, run: Run, journal: Project
) -> None:
    """A library of version 0.1.0, which held a paper of two libraries twice."""
    group = zotero.libraries["groups/7"] = FakeLibrary()
    zotero.rights[KEY].add("groups/7")
    paper = {"title": "Shared rain", "DOI": "10.1000/rain.7"}
    mine, theirs = zotero.library.add(**paper), group.add(**paper, key="GRPP2222")
    old = [
        {"id": key, "type": "article-journal", **paper, "custom": {"zotero": where}}
        for key, where in (
            ("rain2020", {"library": "users/1", "key": mine}),
            ("rain2020a", {"library": "groups/7", "key": theirs}),
        )
    ]
    journal.library_path.write_text(json.dumps(old))
    run(LibraryRef("user", "1"), LibraryRef("group", "7"))
    library = Library.load(journal.library_path)
    assert list(library.entries) == ["rain2020"]
    assert library.keys["rain2020a"] == "rain2020"


def test_keys_that_bibtex_cannot_read_are_kept_with_an_alias(
    zotero: ZoteroServer, run: Run, journal: Project
) -> None:
    keys = ["rain#1", "rain<1", "rain^2", "rain|3", "rain—4", "rain\u200b5", "rain🌧6", "비#7"]
    for key in keys:
        zotero.library.add(title=f"About {key}", citationKey=key)
    run()
    library = Library.load(journal.library_path)
    assert sorted(library.entries) == sorted(keys)
    read = subprocess.run(
        [pypandoc.get_pandoc_path(), "-f", "biblatex", "-t", "csljson"],
        input=(journal.root / "references.bib").read_bytes(),
        capture_output=True,
        check=True,
    )
    found = {entry["id"] for entry in json.loads(read.stdout)}
    assert len(found) == len(keys)
    # What stands in references.bib resolves in references.json to the same entry.
    assert {library.keys[key] for key in found} == set(keys)
    findings = [one for one in judge(journal, library) if one.rule == "library-key"]
    assert len(findings) == len(keys)
    assert not run().changes


def test_keys_of_the_version_before_stay(zotero: ZoteroServer, run: Run, journal: Project) -> None:
    """Keys that 0.1.0 made, some of which it would make otherwise today."""
    people = {
        "nguyn2020harbours": ("Nguyễn", "Ann"),
        "trn2020harbours": ("Trần", "Ann"),
        "ganghyeongmin2020harbours": ("", "강형민"),
        "meemhahmeemdal2020harbours": ("محمد", "Ann"),
        "podcaster2020": ("Podcast", "Ann"),
    }
    old = []
    for key, (family, given) in people.items():
        creator = (
            {"creatorType": "author", "lastName": family, "firstName": given}
            if family
            else {"creatorType": "author", "name": given}
        )
        number = zotero.library.add(title=f"Harbours {key}", date="2020", creators=[creator])
        where = {"library": "users/1", "key": number}
        old.append({"id": key, "type": "book", "title": "x", "custom": {"zotero": where}})
    journal.library_path.write_text(json.dumps(old))
    run()
    assert sorted(titles(journal)) == sorted(people)
    run(full=True)
    assert sorted(titles(journal)) == sorted(people)


def test_an_entry_that_zotero_does_not_know_stays(
    zotero: ZoteroServer, run: Run, journal: Project
) -> None:
    mine = [{"id": "mine1999", "type": "book", "title": "By hand"}]
    journal.library_path.write_text(json.dumps(mine))
    zotero.library.add(title="A", citationKey="ho2020")
    run()
    assert titles(journal) == {"mine1999": "By hand", "ho2020": "A"}
    zotero.library.add(title="Another", citationKey="mine1999")
    report = run()
    assert len(titles(journal)) == 3
    assert titles(journal)["mine1999"] == "By hand"
    assert "By hand" in report.warnings[0] and "Another" in report.warnings[0]


def test_a_paper_added_before_keeps_its_key(
    zotero: ZoteroServer, run: Run, journal: Project
) -> None:
    mine = {
        "id": "ddpm",
        "type": "article",
        "title": "Denoising",
        "DOI": "10.48550/arXiv.2006.11239",
        "custom": {"date-added": "2026-01-02"},
    }
    journal.library_path.write_text(json.dumps([mine]))
    zotero.library.add(
        "preprint", title="Denoising!", repository="arXiv", archiveID="arXiv:2006.11239v2"
    )
    report = run()
    assert titles(journal) == {"ddpm": "Denoising!"}
    assert entries(journal)["ddpm"]["custom"]["date-added"] == "2026-01-02"
    assert report.changed == ("ddpm",)


@pytest.mark.parametrize("fate", ["deleted", "trashed", "moved", "merged"])
def test_what_is_cited_is_never_lost(
    zotero: ZoteroServer, run: Run, journal: Project, week: Week, fate: str
) -> None:
    library = zotero.library
    inside = library.collection("Diffusion")
    keys = [
        library.add(title=f"Paper {name}", citationKey=name, collections=[inside])
        for name in ("cited", "uncited", "other")
    ]
    ref = LibraryRef("user", "1", ("Diffusion",))
    run(ref)
    week("## Paper [@cited]\n\n- a bullet")
    for key in keys[:2]:
        if fate == "deleted":
            library.delete(key)
        elif fate == "trashed":
            library.trash(key)
        elif fate == "moved":
            library.change(key, collections=[])
        else:
            library.trash(key)
            old = [f"http://zotero.org/users/1/items/{one}" for one in keys[:2]]
            library.change(keys[2], relations={"dc:replaces": old})
    for _ in range(2):
        report = run(ref)
        reason = "merged into other" if fate == "merged" else fate
        assert report.kept == (("cited", reason),)
        assert reason in report.to_text()
        assert set(entries(journal)) == {"cited", "other"}
        assert entries(journal)["cited"]["custom"]["zotero"]["status"] == fate
    if fate in ("trashed", "moved"):
        library.change(keys[0], deleted=0, collections=[inside])
        assert run(ref).kept == ()
        assert "status" not in entries(journal)["cited"]["custom"]["zotero"]


def test_a_cited_paper_deleted_and_added_again_keeps_its_key(
    zotero: ZoteroServer, run: Run, journal: Project, week: Week
) -> None:
    paper = {"title": "Denoising", "DOI": "10.1000/x", "creators": creators("Ho"), "date": "2020"}
    key = zotero.library.add(**paper)
    run()
    week("[@ho2020denoising]")
    zotero.library.delete(key)
    run()
    zotero.library.add(**paper)
    report = run()
    assert list(entries(journal)) == ["ho2020denoising"]
    assert report.kept == ()
    assert "status" not in entries(journal)["ho2020denoising"]["custom"]["zotero"]


def test_a_key_changed_in_zotero_is_listed_then_renamed(
    zotero: ZoteroServer, run: Run, journal: Project, week: Week
) -> None:
    key = zotero.library.add(title="A", citationKey="old")
    uncited = zotero.library.add(title="B", citationKey="b1")
    run()
    path = week("## A [@old]\n\n@old와 `@old`", "@older")
    zotero.library.change(key, citationKey="new")
    zotero.library.change(uncited, citationKey="b2")
    for _ in range(2):
        report = run()
        assert [(one.old, one.new) for one in report.renames] == [("old", "new")]
        assert report.renames[0].places == (
            "journal/2026/2026-W47.ipynb, cell 1, line 1",
            "journal/2026/2026-W47.ipynb, cell 1, line 3",
        )
        library = Library.load(journal.library_path)
        assert library.keys == {"old": "old", "new": "old", "b2": "b2", "b1": "b2"}
    report = run(rename=True)
    assert report.rewritten == ("journal/2026/2026-W47.ipynb",)
    assert "[@new]" in path.read_text()
    assert "`@old`" in path.read_text()
    library = Library.load(journal.library_path)
    assert library.keys == {"new": "new", "old": "new", "b2": "b2", "b1": "b2"}
    assert run().renames in ((), report.renames)


def test_a_citation_before_a_korean_particle_counts(
    zotero: ZoteroServer, run: Run, journal: Project, week: Week
) -> None:
    key = zotero.library.add(title="A", citationKey="old")
    run()
    week("@old와 다르다")
    zotero.library.delete(key)
    assert run().kept == (("old", "deleted"),)


def test_tags_and_collections_become_keywords(
    zotero: ZoteroServer, run: Run, journal: Project
) -> None:
    thesis = zotero.library.collection("Thesis")
    chapter = zotero.library.collection("Chapter 2", thesis)
    zotero.library.add(
        title="A",
        citationKey="a",
        collections=[chapter],
        tags=[{"tag": "diffusion"}, {"tag": "R, D", "type": 1}, {"tag": "확산"}],
        dateAdded="2026-11-16T12:00:00Z",
    )
    run()
    entry = entries(journal)["a"]
    assert entry["keyword"] == "diffusion, R; D, 확산, Chapter 2"
    assert entry["custom"]["collections"] == ["Thesis/Chapter 2"]
    assert entry["custom"]["date-added"] == "2026-11-16"
    assert entry["custom"]["zotero"]["library"] == "users/1"
    zotero.library.rename_collection(thesis, "Dissertation")
    assert run().changed == ("a",)
    assert entries(journal)["a"]["custom"]["collections"] == ["Dissertation/Chapter 2"]


def test_only_the_collections_that_are_named_are_taken(
    zotero: ZoteroServer, run: Run, journal: Project
) -> None:
    thesis = zotero.library.collection("Thesis")
    chapter = zotero.library.collection("Chapter 2", thesis)
    zotero.library.add(title="In", citationKey="a", collections=[chapter])
    zotero.library.add(title="Out", citationKey="b")
    run(LibraryRef("user", "1", ("thesis",)))
    assert list(entries(journal)) == ["a"]
    before = journal.library_path.read_bytes()
    zotero.library.collections[chapter].update(deleted=True, version=99)
    zotero.library.version = 99
    assert run(LibraryRef("user", "1", ("Thesis",)), dry_run=True).removed == ("a",)
    with pytest.raises(LibraryError, match=r"no collection 'Theses'"):
        run(LibraryRef("user", "1", ("Theses",)))
    assert journal.library_path.read_bytes() == before


def test_user_and_group_libraries_come_together(
    zotero: ZoteroServer, run: Run, journal: Project
) -> None:
    zotero.libraries["groups/7"] = FakeLibrary()
    zotero.rights[KEY].add("groups/7")
    zotero.library.add(title="Mine", citationKey="a")
    zotero.libraries["groups/7"].add(title="Ours", citationKey="b")
    refs = (LibraryRef("user", "1"), LibraryRef("group", "7"))
    assert run(*refs).added == ("a", "b")
    zotero.forget()
    assert run(*refs).requests == 2
    zotero.libraries["groups/7"].change(next(iter(zotero.libraries["groups/7"].items)), title="New")
    assert run(*refs).changed == ("b",)
    # A library that is no longer asked for takes nothing with it.
    assert not run(LibraryRef("user", "1")).changes
    assert set(entries(journal)) == {"a", "b"}


def test_a_dry_run_shows_a_diff_and_writes_nothing(
    zotero: ZoteroServer, run: Run, journal: Project
) -> None:
    zotero.library.add(title="A", citationKey="a")
    key = zotero.library.add(title="B", citationKey="b")
    run()
    before = journal.library_path.read_bytes()
    zotero.library.change(key, title="B improved")
    zotero.library.add(title="C", citationKey="c")
    for _ in range(2):
        report = run(dry_run=True)
        assert '-    "title": "B",' in report.diff
        assert '+    "title": "B improved",' in report.diff
        assert '+    "title": "C",' in report.diff
        assert '"A"' not in report.diff
        assert journal.library_path.read_bytes() == before
    assert run().changed == ("b",)


def test_full_starts_over_and_comes_to_the_same(
    zotero: ZoteroServer, run: Run, journal: Project
) -> None:
    fill(zotero.library, 130)
    run()
    before = journal.library_path.read_bytes()
    zotero.forget()
    report = run(full=True)
    assert zotero.requests > 2
    assert not report.changes
    assert journal.library_path.read_bytes() == before


def test_the_library_moves_while_it_is_read(
    zotero: ZoteroServer, run: Run, journal: Project
) -> None:
    keys = fill(zotero.library, 250)

    def meddle(number: int) -> None:
        if number == 4:
            zotero.library.delete(keys[3])
            zotero.library.change(keys[5], title="Changed in between")
            zotero.library.add(title="Late", citationKey="late")

    zotero.before = meddle
    run()
    assert len(entries(journal)) == 250
    assert "late" in entries(journal)
    assert "Changed in between" in titles(journal).values()
    assert "Paper number 3" not in titles(journal).values()


def test_the_report_is_plain_json(zotero: ZoteroServer, run: Run) -> None:
    zotero.library.add(title="A", citationKey="a")
    report = json.loads(json.dumps(run().to_dict()))
    assert report["added"] == ["a"]
    assert report["requests"] >= 2


def test_until_citations_follow_both_keys_show_the_paper(
    zotero: ZoteroServer, run: Run, journal: Project, week: Week
) -> None:
    from weeknotes.engines import builtin
    from weeknotes.engines.page import Page
    from weeknotes.journal import project

    config = journal.config_path.read_text()
    journal.config_path.write_text(f"bibliography: references.json\n{config}")
    key = zotero.library.add(
        title="A paper", creators=creators("Ho"), date="2020", citationKey="old"
    )
    run()
    week("By the old key [@old].\n\nBy the new key [@new].")
    zotero.library.change(key, citationKey="new")
    run()
    source = "journal/2026/2026-W47.ipynb"
    for _ in ("before", "after"):
        reloaded = project.load(journal.config_path)
        (page,) = builtin.render(reloaded, [source], journal.root / "work", workers=1)
        assert isinstance(page, Page)
        assert page.warnings == ()
        assert page.body.count("Ho 2020") == 2
        run(rename=True)
