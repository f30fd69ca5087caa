"""Pictures that are pasted become files of their week, and nothing else changes."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from weeknotes.assist import pictures
from weeknotes.errors import UsageError
from weeknotes.journal import project as projects
from weeknotes.journal.project import Project
from weeknotes.journal.weeks import Week

PNG = b"\x89PNG\r\n\x1a\n" + b"one"
OTHER = b"\x89PNG\r\n\x1a\n" + b"other"
WEEK = "journal/2026/2026-W47.ipynb"


@pytest.fixture
def journal(tmp_path: Path) -> Project:
    """A journal with nothing in it but its configuration."""
    (tmp_path / "journal").mkdir()
    (tmp_path / "_quarto.yml").write_text("project: {type: website}\n", "utf-8")
    return projects.find(tmp_path)


@pytest.mark.parametrize(
    ("document", "folder"),
    [
        (WEEK, "2026-W47"),
        ("journal/2026/2026-W47-Copy1.ipynb", "2026-W47"),
        ("journal/2026/2026-11-27-meeting.ipynb", "2026-W48"),
        ("journal/thoughts.md", str(Week.of(date.today()))),
        ("journal/2026-W99.md", str(Week.of(date.today()))),
        ("journal/2026-13-45-x.md", str(Week.of(date.today()))),
    ],
)
def test_it_is_kept_with_its_week(journal: Project, document: str, folder: str) -> None:
    kept = pictures.save(journal, document, "plot.png", PNG)
    assert kept.file == f"assets/images/{folder}/plot.png"
    assert (journal.root / kept.file).read_bytes() == PNG
    there = (journal.root / document).parent / kept.link
    assert there.resolve() == (journal.root / kept.file).resolve()


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("image.png", "figure"),
        ("", "figure"),
        ("...", "figure"),
        ("../../../etc/passwd", "passwd"),
        ("C:\\Users\\me\\My Plot.PNG", "my-plot"),
        ("측정 (1).png", "측정-1"),
        ("CON.png", "figure-con"),
        (".hidden.png", "hidden"),
        ("a/b\0c\n.png", "b-c"),
        ("x" * 300 + ".png", "x" * 60),
    ],
)
def test_odd_names_become_plain_ones(journal: Project, name: str, stem: str) -> None:
    kept = pictures.save(journal, WEEK, name, PNG)
    assert kept.file == f"assets/images/2026-W47/{stem}.png"
    assert [p for p in journal.root.rglob("*") if p.is_file() and p.read_bytes() == PNG] == [
        journal.root / kept.file
    ]


def test_nothing_is_overwritten_and_the_same_is_kept_once(journal: Project) -> None:
    first = pictures.save(journal, WEEK, "plot.png", PNG)
    second = pictures.save(journal, WEEK, "Plot.jpeg", OTHER)
    again = pictures.save(journal, WEEK, "plot.png", PNG)
    assert (first.link, second.link, again.link) == (
        "../../assets/images/2026-W47/plot.png",
        "../../assets/images/2026-W47/plot-2.png",
        "../../assets/images/2026-W47/plot.png",
    )
    assert (journal.root / first.file).read_bytes() == PNG


@pytest.mark.parametrize(
    ("data", "suffix"),
    [
        (PNG, ".png"),
        (b"\xff\xd8\xff\xe0JFIF", ".jpg"),
        (b"GIF89a..", ".gif"),
        (b"RIFF\0\0\0\0WEBPVP8 ", ".webp"),
        (b'<?xml version="1.0"?>\n<!-- by a plotter -->\n<svg xmlns="x"></svg>', ".svg"),
    ],
)
def test_the_format_is_that_of_the_bytes(journal: Project, data: bytes, suffix: str) -> None:
    assert pictures.save(journal, WEEK, "plot.exe", data).file.endswith(f"/plot{suffix}")


@pytest.mark.parametrize(
    "data", [b"", b"<html><svg></svg></html>", b"MZ\x90", b"%PDF-1.7", b"#!/bin/sh"]
)
def test_what_is_no_picture_is_refused(journal: Project, data: bytes) -> None:
    with pytest.raises(UsageError, match="no picture"):
        pictures.save(journal, WEEK, "plot.png", data)
    assert not (journal.root / "assets" / "images" / "2026-W47").exists()


def test_a_folder_that_leads_out_of_the_journal_is_refused(
    journal: Project, tmp_path: Path
) -> None:
    elsewhere = tmp_path.parent / f"{tmp_path.name}-elsewhere"
    elsewhere.mkdir()
    images = journal.root / "assets" / "images"
    images.mkdir(parents=True, exist_ok=True)
    (images / "2026-W47").symlink_to(elsewhere)
    with pytest.raises(UsageError, match="leads out of the journal"):
        pictures.save(journal, WEEK, "plot.png", PNG)
    assert list(elsewhere.iterdir()) == []


def test_a_link_in_the_way_is_not_followed(journal: Project, tmp_path: Path) -> None:
    secret = tmp_path.parent / f"{tmp_path.name}-secret.png"
    secret.write_bytes(PNG)
    folder = journal.root / "assets" / "images" / "2026-W47"
    folder.mkdir(parents=True)
    (folder / "plot.png").symlink_to(secret)
    kept = pictures.save(journal, WEEK, "plot.png", PNG)
    assert kept.file == "assets/images/2026-W47/plot-2.png"
