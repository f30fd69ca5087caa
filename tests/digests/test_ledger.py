"""The ledger: one paper is one, whatever it is called, and two branches join."""

from __future__ import annotations

import subprocess
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from weeknotes.digests.ledger import Ledger
from weeknotes.digests.paper import paper_of
from weeknotes.errors import DigestError
from weeknotes.journal.project import Project

FRIDAY, MONDAY = date(2026, 11, 27), date(2026, 11, 30)
TITLE = "Lamps that learn to see in the dark"


@pytest.mark.parametrize(
    "other",
    [
        {"id": "2611.00001v3", "title": "Another title altogether"},
        {"id": "https://arxiv.org/pdf/2611.00001v2.pdf", "title": "x"},
        {"id": "10.48550/arXiv.2611.00001", "title": "x"},
        {"id": "10.1000/lamp", "title": "x", "doi": "10.1000/LAMP"},
        {"id": "https://lab.example/7", "title": "LAMPS that learn – to see in the dark."},
        {"id": "10.1101/2026.11.01.1", "title": TITLE},
    ],
)
def test_one_paper_is_one_whatever_it_is_called(journal: Project, other: dict[str, str]) -> None:
    ledger = Ledger.load(journal)
    ledger.show(paper_of({"id": "2611.00001v1", "title": TITLE, "doi": "10.1000/lamp"}), FRIDAY)
    ledger.save()
    found = Ledger.load(journal).find(paper_of(other))
    assert found and (found.id, found.day) == ("arxiv:2611.00001", FRIDAY)


@pytest.mark.parametrize(
    "other",
    [
        {"id": "2611.00002", "title": TITLE},
        {"id": "10.1000/other", "title": TITLE, "doi": "10.1000/other"},
        {"id": "2611.00003", "title": "Lamps that learn to see in the light"},
    ],
)
def test_two_papers_are_two(journal: Project, other: dict[str, str]) -> None:
    ledger = Ledger.load(journal)
    ledger.show(paper_of({"id": "2611.00001", "title": TITLE, "doi": "10.1000/lamp"}), FRIDAY)
    assert ledger.find(paper_of(other)) is None


def test_a_short_title_tells_nothing(journal: Project) -> None:
    ledger = Ledger.load(journal)
    ledger.show(paper_of({"id": "https://a.example/1", "title": "Editorial"}), FRIDAY)
    assert ledger.find(paper_of({"id": "https://b.example/2", "title": "Editorial"})) is None


def test_what_a_source_adds_is_known_from_then_on(journal: Project) -> None:
    ledger = Ledger.load(journal)
    ledger.show(paper_of({"id": "2611.00001", "title": TITLE}), FRIDAY)
    ledger.show(paper_of({"id": "10.1000/lamp", "title": TITLE}), MONDAY)
    ledger.save()
    again = Ledger.load(journal)
    assert len(again.papers) == 1
    found = again.find(paper_of({"id": "10.1000/lamp", "title": "Renamed"}))
    assert found and found.day == FRIDAY


def test_saving_what_was_read_changes_no_byte(journal: Project) -> None:
    ledger = Ledger.load(journal)
    ledger.show(paper_of({"id": "2611.00001", "title": TITLE}), FRIDAY)
    ledger.answered(FRIDAY, "arxiv", "done")
    ledger.tell(paper_of({"id": "2611.00001v2", "title": TITLE}), date(2026, 12, 1))
    assert len(ledger.save()) == 2
    assert Ledger.load(journal).save() == []


def test_a_better_answer_counts_and_a_worse_one_does_not(journal: Project) -> None:
    ledger = Ledger.load(journal)
    for state in ("open", "done", "failed"):
        ledger.answered(FRIDAY, "arxiv", state)
    assert ledger.state(FRIDAY, "arxiv") == "done"


def test_two_branches_join_in_git(journal: Project) -> None:
    """Both show papers of their own and one in common, on different days, and one ticks it."""

    def git(*words: str) -> None:
        who = [
            "-c",
            "user.name=x",
            "-c",
            "user.email=x@example.org",
            "-c",
            "init.defaultBranch=main",
        ]
        subprocess.run(["git", *who, *words], cwd=journal.root, check=True, capture_output=True)

    def shows(name: str, day: date, tick: bool) -> None:
        ledger = Ledger.load(journal)
        common = paper_of({"id": "2611.00001", "title": TITLE})
        ledger.show(common, day)
        ledger.show(paper_of({"id": name, "title": f"{name} of its own"}), day)
        ledger.answered(FRIDAY, "hf", "done" if tick else "failed")
        if tick:
            ledger.tick(common, MONDAY, "kim2026lamps")
        ledger.save()
        git("add", "-A")
        git("commit", "-m", name)

    git("init")
    git("add", "-A")
    git("commit", "-m", "start")
    git("checkout", "-b", "other")
    shows("2611.00002", FRIDAY, tick=False)
    git("checkout", "main")
    shows("2611.00003", date(2026, 11, 26), tick=True)
    git("merge", "other")
    ledger = Ledger.load(journal)
    assert sorted(ledger.papers) == ["arxiv:2611.00001", "arxiv:2611.00002", "arxiv:2611.00003"]
    common = ledger.papers["arxiv:2611.00001"]
    assert (common.day, common.ticked, common.key) == (date(2026, 11, 26), MONDAY, "kim2026lamps")
    assert ledger.state(FRIDAY, "hf") == "done"


def test_a_line_that_is_none_is_named(journal: Project) -> None:
    path = journal.root / "digests" / "ledger" / "2026-11.jsonl"
    path.parent.mkdir(parents=True)
    path.write_text('{"day": "2026-11-27", "sources": {}}\n{"paper": \n')
    with pytest.raises(DigestError, match=r"2026-11\.jsonl, line 2"):
        Ledger.load(journal)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 5), st.integers(1, 28)), max_size=12))
def test_the_order_of_lines_does_not_matter(
    tmp_path_factory: pytest.TempPathFactory, shows: list[tuple[int, int]]
) -> None:
    def saved(order: list[tuple[int, int]]) -> bytes:
        root: Path = tmp_path_factory.mktemp("ledger")
        (root / "_quarto.yml").write_text("title: x")
        project = Project(root, root / "_quarto.yml", {})
        ledger = Ledger.load(project)
        for number, day in order:
            paper = paper_of({"id": f"2611.0000{number}", "title": f"{TITLE}, part {number}"})
            ledger.show(paper, date(2026, 11, day))
        ledger.save()
        path = root / "digests" / "ledger" / "2026-11.jsonl"
        return path.read_bytes() if path.exists() else b""

    assert saved(shows) == saved(shows[::-1])
