"""What a build makes, makes again, and leaves alone."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.build.conftest import LIBRARY, snapshot, write_week

from weeknotes.engines import builtin
from weeknotes.journal.project import Project
from weeknotes.site import writing
from weeknotes.site.last_build import BuildReport

Build = Callable[[Project], BuildReport]


def page(journal: Project, week: str) -> str:
    return (journal.output_dir / "journal" / week[:4] / f"{week}.html").read_text("utf-8")


def test_every_week_is_a_page_and_the_derived_pages_are_there(
    three_weeks: Project, build: Build
) -> None:
    report = build(three_weeks)
    assert (report.pages, report.rendered, report.problems) == (3, 3, ())
    site = snapshot(three_weeks.output_dir)
    assert {"index.html", "weeks.html", "404.html"} <= site.keys()
    assert "assets/images/2026-W46/box.svg" in site
    assert "확산 모델의 시작" in page(three_weeks, "2026-W45")
    assert "心脏的形状" in page(three_weeks, "2026-W47")


def test_nothing_is_written_when_nothing_has_changed(three_weeks: Project, build: Build) -> None:
    build(three_weeks)
    times = {path: path.stat().st_mtime_ns for path in three_weeks.output_dir.rglob("*")}
    again = build(three_weeks)
    assert (again.rendered, again.written) == (0, 0)
    assert times == {path: path.stat().st_mtime_ns for path in three_weeks.output_dir.rglob("*")}


def test_without_calls_that_only_some_systems_have(
    three_weeks: Project, build: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on Windows: no stat by an open folder, no exchange of folders."""
    monkeypatch.setattr("os.supports_dir_fd", set())
    monkeypatch.setattr("weeknotes.site.publish.exchange", lambda one, other: False)
    assert build(three_weeks).written
    again = build(three_weeks)
    assert (again.rendered, again.written) == (0, 0)
    write_week(three_weeks.root, "2026-W45", "## Changed\n\nfrisch")
    assert build(three_weeks).rendered == 1
    assert "frisch" in page(three_weeks, "2026-W45")


def made_of_now(files: dict[str, bytes]) -> dict[str, bytes]:
    """``files`` without the history, which tells of earlier builds where there is no git."""
    return {name: data for name, data in files.items() if not name.startswith("history/")}


@pytest.mark.parametrize(
    "change",
    [
        lambda root: write_week(root, "2026-W45", "## Changed [@ronneberger2015unet]\n\nfrisch"),
        lambda root: write_week(root, "2026-W44", "## An earlier one\n\nwritten late"),
        lambda root: (root / "journal/2026/2026-W46.ipynb").unlink(),
        lambda root: (root / "assets/images/2026-W46/box.svg").write_bytes(b"<svg/>"),
        lambda root: (root / "references.json").write_text(
            json.dumps([LIBRARY[0] | {"title": "Another title"}, LIBRARY[1]])
        ),
        lambda root: (root / "_quarto.yml").write_text(
            (root / "_quarto.yml").read_text().replace("Reading log", "Another log")
        ),
        lambda root: (root / "journal/_metadata.yml").write_text("lang: ko\n"),
        lambda root: shutil.rmtree(root / "_site/journal"),
    ],
    ids=["edited", "added", "removed", "figure", "library", "configuration", "metadata", "site"],
)
def test_a_build_after_a_change_equals_a_build_from_nothing(
    three_weeks: Project, build: Build, change: Callable[[Path], object]
) -> None:
    build(three_weeks)
    change(three_weeks.root)
    build(three_weeks)
    after = snapshot(three_weeks.output_dir)
    shutil.rmtree(three_weeks.state)
    shutil.rmtree(three_weeks.output_dir)
    build(three_weeks)
    assert made_of_now(after) == made_of_now(snapshot(three_weeks.output_dir))


def changed(journal: Project, text: str) -> None:
    write_week(journal.root, "2026-W45", f"## Noise [@ho2020denoising]\n\n{text}")


def test_the_site_in_place_stays_whole_while_the_next_is_made(
    three_weeks: Project, build: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    for text in ("first", "second", "third"):
        changed(three_weeks, text)
        build(three_weeks)
    before = snapshot(three_weeks.output_dir)
    seen = []
    leak = writing._leak

    def look(*args: Any) -> Any:
        seen.append(snapshot(three_weeks.output_dir))
        return leak(*args)

    monkeypatch.setattr(writing, "_leak", look)
    changed(three_weeks, "fourth")
    build(three_weeks)
    assert seen == [before]
    assert "fourth" in page(three_weeks, "2026-W45")


def test_whatever_lies_in_the_spare_site_the_next_one_is_right(
    three_weeks: Project, build: Build, tmp_path: Path
) -> None:
    for text in ("first", "second"):
        changed(three_weeks, text)
        build(three_weeks)
    [spare] = (three_weeks.state / "site/builtin").glob("spare-*")
    (spare / "journal/2026/2026-W45.html").write_text("half of a page")
    (spare / "weeks.html").unlink()
    (spare / "index.html").unlink()
    (spare / "index.html").mkdir()
    (spare / "index.html/deep").write_text("in the way")
    (spare / "left/over").mkdir(parents=True)
    (spare / "assets").rename(spare / "moved")
    (spare / "theme").rename(tmp_path / "theme")
    (spare / "theme").symlink_to(tmp_path / "theme")
    kept = snapshot(tmp_path / "theme")
    changed(three_weeks, "third")
    build(three_weeks)
    made = snapshot(three_weeks.output_dir)
    shutil.rmtree(three_weeks.output_dir)
    shutil.rmtree(three_weeks.state)
    build(three_weeks)
    assert made_of_now(made) == made_of_now(snapshot(three_weeks.output_dir))
    assert kept == snapshot(tmp_path / "theme")


def test_one_changed_week_renders_one_page(three_weeks: Project, build: Build) -> None:
    build(three_weeks)
    write_week(three_weeks.root, "2026-W45", "## Noise [@ho2020denoising]\n\n- 새로운 생각")
    report = build(three_weeks)
    assert report.rendered == 1
    assert "새로운 생각" in page(three_weeks, "2026-W45")
    assert "새로운 생각" in (three_weeks.output_dir / "weeks.html").read_text("utf-8")


def test_what_is_saved_while_the_engine_works_is_rendered_next(
    three_weeks: Project, build: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = builtin.render

    def render_then_save(*words: object, **options: object) -> object:
        results = list(real(*words, **options))  # type: ignore[arg-type]
        write_week(three_weeks.root, "2026-W45", "## Saved meanwhile")
        return iter(results)

    with monkeypatch.context() as patch:
        patch.setattr(builtin, "render", render_then_save)
        build(three_weeks)
    assert build(three_weeks).rendered == 1
    assert "Saved meanwhile" in page(three_weeks, "2026-W45")


def test_an_image_that_appears_later_is_taken_in(three_weeks: Project, build: Build) -> None:
    write_week(three_weeks.root, "2026-W47", "## Plan\n\n![Later](../../assets/images/later.svg)")
    report = build(three_weeks)
    assert any("later.svg" in problem and "2026-W47" in problem for problem in report.problems)
    (three_weeks.root / "assets/images/later.svg").write_bytes(b"<svg/>")
    report = build(three_weeks)
    assert report.problems == ()
    assert (three_weeks.output_dir / "assets/images/later.svg").read_bytes() == b"<svg/>"


def test_home_follows_the_newest_week_that_is_renamed(three_weeks: Project, build: Build) -> None:
    build(three_weeks)
    week = three_weeks.root / "journal/2026/2026-W47.ipynb"
    week.rename(week.with_name("2026-W47-last.ipynb"))
    build(three_weeks)
    home = (three_weeks.output_dir / "index.html").read_text("utf-8")
    assert "2026-W47-last.html" in home
    assert "2026-W47.html" not in home


def test_two_notebooks_of_one_week_are_named(three_weeks: Project, build: Build) -> None:
    path = write_week(three_weeks.root, "2026-W46", "## Again")
    path.rename(path.with_name("2026-W46-copy.ipynb"))
    write_week(three_weeks.root, "2026-W46", "## The first")
    (problem,) = build(three_weeks).problems
    assert "2026-W46.ipynb" in problem
    assert "2026-W46-copy.ipynb" in problem


def test_two_sources_of_one_address_are_named(three_weeks: Project, build: Build) -> None:
    """The first by name is the page, and is so again when the other is gone."""
    second = three_weeks.root / "journal" / "2026" / "2026-W45.md"
    second.write_text("---\ntitle: Another\nweek: 2026-W45\n---\n\n## Something else\n", "utf-8")
    config = three_weeks.config_path
    config.write_text(config.read_text("utf-8").replace('"/journal/**/*.ipynb"', '"/journal/**"'))
    report = build(three_weeks)
    assert [
        "2026-W45.md: its page would be journal/2026/2026-W45.html" in p for p in report.problems
    ] == [True]
    assert "확산 모델의 시작" in page(three_weeks, "2026-W45")
    second.unlink()
    assert build(three_weeks).problems == ()
    assert "확산 모델의 시작" in page(three_weeks, "2026-W45")


def test_an_unknown_citation_is_named_with_its_cell(three_weeks: Project, build: Build) -> None:
    write_week(three_weeks.root, "2026-W47", "## A plan", "## What? [@nobody1999]")
    (problem,) = build(three_weeks).problems
    assert "nobody1999" in problem
    assert "journal/2026/2026-W47.ipynb, cell 3" in problem


@pytest.mark.invalid_notebooks
@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b'{"cells": 3}',
        "\ufeff{\x00".encode("utf-16"),
        b'{"cells": [{"cell_type": "poem"}], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}',
        json.dumps(
            {
                "cells": [
                    {
                        "cell_type": "raw",
                        "id": "a",
                        "metadata": {},
                        "source": "---\ntitle: [\n---",
                    }
                ],
                "metadata": {},
                "nbformat": 4,
                "nbformat_minor": 5,
            }
        ).encode(),
    ],
    ids=["empty", "cut", "shape", "utf-16", "cell", "yaml"],
)
def test_a_broken_week_is_named_and_stays_as_it_was_last_good(
    three_weeks: Project, build: Build, content: bytes
) -> None:
    build(three_weeks)
    before = page(three_weeks, "2026-W46")
    (three_weeks.root / "journal/2026/2026-W46.ipynb").write_bytes(content)
    write_week(three_weeks.root, "2026-W45", "## The others still build")
    report = build(three_weeks)
    assert len(report.problems) == 1
    assert "journal/2026/2026-W46.ipynb" in report.problems[0]
    assert page(three_weeks, "2026-W46") == before
    assert "The others still build" in page(three_weeks, "2026-W45")
    assert build(three_weeks).problems == report.problems, "still said when nothing has changed"


@pytest.mark.invalid_notebooks
def test_a_broken_week_that_was_never_good_is_left_out(three_weeks: Project, build: Build) -> None:
    (three_weeks.root / "journal/2026/2026-W46.ipynb").write_bytes(b"nothing")
    report = build(three_weeks)
    assert (report.pages, len(report.problems)) == (2, 1)
    assert not (three_weeks.output_dir / "journal/2026/2026-W46.html").exists()
