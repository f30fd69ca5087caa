"""WEEKNOTES_STATE: caches and locks outside of the journal, also on another file system."""

from __future__ import annotations

import filecmp
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from weeknotes.actions.create import new_week
from weeknotes.checks.runner import check
from weeknotes.errors import ProjectError
from weeknotes.journal import project
from weeknotes.journal.weeks import Week
from weeknotes.scaffold import init
from weeknotes.site.build import render


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[Path]:
    """A folder on another file system, where this machine has one."""
    shared = Path("/dev/shm")
    other = shared.is_dir() and shared.stat().st_dev != tmp_path.stat().st_dev
    with tempfile.TemporaryDirectory(dir=shared if other else tmp_path) as folder:
        yield Path(folder)


def test_nothing_of_it_is_in_the_journal_and_the_site_is_the_same(
    journal: project.Project, elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    new_week(journal, Week(2026, 47), execute=False)
    usual = journal.root.parent / "usual"
    render(journal, engine="builtin", output=usual)
    (journal.root / ".weeknotes").rename(journal.root.parent / "gone")

    monkeypatch.setenv("WEEKNOTES_STATE", str(elsewhere))
    assert render(journal, engine="builtin").rendered == 1
    assert render(journal, engine="builtin").rendered == 0, "what is remembered is not found again"
    check(journal, [])
    assert not (journal.root / ".weeknotes").exists()
    assert journal.state.parent == elsewhere
    assert (journal.state / "check").is_dir()
    same = filecmp.dircmp(usual, journal.output_dir)
    assert not same.left_only + same.right_only + same.diff_files

    (journal.root / "journal/2026/2026-W47.ipynb").unlink()
    new_week(journal, Week(2026, 46), execute=False)
    render(journal, engine="builtin")
    assert not (journal.output_dir / "journal/2026/2026-W47.html").exists()
    assert (journal.output_dir / "journal/2026/2026-W46.html").exists()


def test_two_journals_of_one_name_do_not_share_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WEEKNOTES_STATE", str(tmp_path / "state"))
    for parent in ("one", "other"):
        init(tmp_path / parent / "log")
    states = {project.find(tmp_path / parent / "log").state for parent in ("one", "other")}
    assert len(states) == 2


@pytest.mark.parametrize("place", ["state", "./state", "{root}", "{root}/cache"])
def test_a_place_in_the_journal_or_a_relative_one_is_refused(
    place: str, journal: project.Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WEEKNOTES_STATE", place.format(root=journal.root))
    with pytest.raises(ProjectError, match="WEEKNOTES_STATE"):
        render(journal, engine="builtin")


def test_the_usual_folder_may_be_named_and_an_empty_name_is_none(
    journal: project.Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = journal.root / ".weeknotes"
    for place in ("", "  ", str(usual)):
        monkeypatch.setenv("WEEKNOTES_STATE", place)
        assert journal.state == usual
