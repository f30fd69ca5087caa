"""A command that would change nothing says so by the files alone, and only then."""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.build.conftest import PIXEL, snapshot, write_week

from weeknotes.cli import main
from weeknotes.journal.project import Project
from weeknotes.site.last_build import BuildReport, unchanged

Build = Callable[[Project], BuildReport]


def settled(journal: Project, build: Build) -> BuildReport:
    """A build, and another for which the files of the journal are old enough to be trusted."""
    build(journal)
    time.sleep(0.06)
    return build(journal)


def known(journal: Project) -> BuildReport | None:
    found = unchanged(journal.root, None)
    return found if isinstance(found, BuildReport) else None


def changes(journal: Project) -> dict[str, Callable[[], object]]:
    root, site = journal.root, journal.output_dir
    week = root / "journal/2026/2026-W45.ipynb"
    return {
        "a source": lambda: week.write_bytes(week.read_bytes().replace(b"Noise", b"Noose")),
        "a new source": lambda: write_week(root, "2026-W44", "## New"),
        "a source that is gone": (root / "journal/2026/2026-W44.ipynb").unlink,
        "a figure": lambda: (root / "assets/images/2026-W46/box.svg").write_bytes(PIXEL + b" "),
        "the library": lambda: (root / "references.json").write_text("[]", "utf-8"),
        "what a folder says": lambda: (root / "journal/_metadata.yml").write_text("lang: ko\n"),
        "the configuration": lambda: journal.config_path.write_text(
            journal.config_path.read_text("utf-8") + "\nauthor: Someone\n", "utf-8"
        ),
        "a page of the site": lambda: (site / "weeks.html").write_text("spoilt", "utf-8"),
        "a page that is gone": (site / "index.html").unlink,
        "the site": lambda: shutil.rmtree(site),
    }


def test_each_kind_of_change_is_seen(three_weeks: Project, build: Build) -> None:
    assert known(three_weeks) is None, "there is no site yet"
    settled(three_weeks, build)
    for name, change in changes(three_weeks).items():
        assert known(three_weeks) is not None, f"before: {name}"
        change()
        assert known(three_weeks) is None, name
        settled(three_weeks, build)
    assert (three_weeks.output_dir / "index.html").exists()


def test_what_is_young_is_not_trusted(three_weeks: Project, build: Build) -> None:
    """Another change within the clock's step would leave the same times."""
    settled(three_weeks, build)
    write_week(three_weeks.root, "2026-W45", "## Changed")
    build(three_weeks)
    assert known(three_weeks) is None
    settled(three_weeks, build)
    assert known(three_weeks) is not None


@pytest.mark.parametrize("folder", [".hidden", "linked", "outside"])
def test_files_apart_from_the_journal_count_where_a_page_shows_them(
    three_weeks: Project, build: Build, tmp_path: Path, folder: str
) -> None:
    root = three_weeks.root
    place = root / ".hidden" if folder == ".hidden" else tmp_path / "outside"
    place.mkdir()
    if folder == "linked":
        (root / "linked").symlink_to(place)
    (place / "box.svg").write_bytes(PIXEL)
    (place / "part.md").write_text("From apart.\n", "utf-8")
    if folder == "outside":
        three_weeks.config_path.write_text(
            three_weeks.config_path.read_text("utf-8").replace(
                "bibliography: references.json", f"bibliography: {place}/refs.json"
            )
        )
        shutil.copy(root / "references.json", place / "refs.json")
    else:
        write_week(root, "2026-W45", f"## Shown\n\n![A box](/{folder}/box.svg)")
    settled(three_weeks, build)
    assert known(three_weeks) is not None
    name = "refs.json" if folder == "outside" else "box.svg"
    (place / name).write_bytes((place / name).read_bytes() + b"\n")
    assert known(three_weeks) is None


def test_a_commit_counts(three_weeks: Project, build: Build) -> None:
    root = three_weeks.root
    (root / ".gitignore").write_text("_site\n.weeknotes\n", "utf-8")
    run = ["git", "-c", "user.name=A", "-c", "user.email=a@example.org"]
    for command in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "Begin"]):
        subprocess.run([*run, *command], cwd=root, check=True)
    settled(three_weeks, build)
    assert known(three_weeks) is not None
    subprocess.run([*run, "commit", "-qm", "Empty", "--allow-empty"], cwd=root, check=True)
    assert known(three_weeks) is None


def test_the_environment_counts(
    three_weeks: Project, build: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = '::: {.content-visible when-profile="draft"}\nDrafted words.\n:::'
    page = write_week(three_weeks.root, "2026-W45", f"## Shown\n\nAlways.\n\n{words}")
    settled(three_weeks, build)
    assert known(three_weeks) is not None
    monkeypatch.setenv("QUARTO_PROFILE", "draft")
    assert known(three_weeks) is None
    build(three_weeks)
    shown = three_weeks.output_dir / page.relative_to(three_weeks.root).with_suffix(".html")
    assert "Drafted words." in shown.read_text("utf-8")


def test_the_command_says_the_same_without_building(
    three_weeks: Project,
    build: Build,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Problems and warnings are said again, with the same exit code."""
    write_week(three_weeks.root, "2026-W45", "## Cited [@nobody2020nothing]\n\n![](gone.png)")
    report = settled(three_weeks, build)
    assert report.problems
    monkeypatch.chdir(three_weeks.root / "journal")
    monkeypatch.setattr("weeknotes.site.build.render", lambda *_, **__: pytest.fail("it built"))
    before = snapshot(three_weeks.root)
    assert main(["render", "--engine", "builtin"]) == 1
    said = capsys.readouterr()
    assert all(problem in said.err for problem in report.problems)
    assert "_site: 3 pages, nothing has changed" in said.out
    assert snapshot(three_weeks.root) == before


@pytest.mark.invalid_notebooks
def test_a_source_that_cannot_be_read_is_tried_again(three_weeks: Project, build: Build) -> None:
    (three_weeks.root / "journal/2026/2026-W46.ipynb").write_bytes(b"nothing")
    settled(three_weeks, build)
    assert known(three_weeks) is None


@pytest.mark.parametrize("by_files", [True, False], ids=["by the files", "by the build"])
def test_a_program_that_was_missing_is_used_once_it_is_there(
    three_weeks: Project,
    build: Build,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    by_files: bool,
) -> None:
    """Somebody who installs what the message asks for sees the diagram after the next build."""
    monkeypatch.setenv("PATH", str(tmp_path))
    page = write_week(three_weeks.root, "2026-W45", "## Drawn\n\n```{dot}\ndigraph { a }\n```")
    report = settled(three_weeks, build)
    assert any("'dot' is not on PATH" in warning for warning in report.warnings)
    assert known(three_weeks) is not None
    program = tmp_path / "dot"
    program.write_text(f"#!/bin/sh\ncat <<END\n{PIXEL.decode()}END\n", "utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    if by_files:
        assert known(three_weeks) is None
        return
    assert not build(three_weeks).warnings
    shown = three_weeks.output_dir / page.relative_to(three_weeks.root).with_suffix(".html")
    assert "<svg" in shown.read_text("utf-8")


@pytest.mark.parametrize("named", ["_quarto.yml", "the page"])
def test_a_page_follows_each_bibliography_that_it_cites(
    three_weeks: Project, build: Build, tmp_path: Path, named: str
) -> None:
    """Also one beside the library, in the journal or outside of it."""
    entry = "@book{{lee2021bells, title = {{{}}}, author = {{Lee, Ann}}, year = 2021}}\n"
    config = three_weeks.config_path
    beside = tmp_path / "beside.bib" if named == "_quarto.yml" else config.parent / "own.bib"
    beside.write_text(entry.format("Bells that count"), "utf-8")
    page = three_weeks.root / "journal" / "bells.md"
    page.write_text("---\ntitle: Bells\n---\n\n## Counting [@lee2021bells]\n\nThey do.\n", "utf-8")
    if named == "_quarto.yml":
        text = config.read_text("utf-8").replace(
            "bibliography: references.json", f"bibliography: [references.json, {beside}]"
        )
        config.write_text(text, "utf-8")
    else:
        page.write_text(
            page.read_text("utf-8").replace("---\n\n", "bibliography: ../own.bib\n---\n\n")
        )
    assert not settled(three_weeks, build).problems
    shown = three_weeks.output_dir / "journal" / "bells.html"
    assert "Bells that count" in shown.read_text("utf-8")
    beside.write_text(entry.format("Bells that measure"), "utf-8")
    build(three_weeks)
    assert "Bells that measure" in shown.read_text("utf-8")
