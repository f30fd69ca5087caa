"""The site as one zip that is read and searched from the disk."""

from __future__ import annotations

import base64
import zipfile
from pathlib import Path
from typing import Any

import pytest

from weeknotes.actions.pack import pack
from weeknotes.errors import UsageError
from weeknotes.journal.project import Project
from weeknotes.journal.weeks import Week


def write(journal: Project, week: int, text: str) -> None:
    path = journal.journal / f"2026/2026-W{week}.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"---\ntitle: W{week}\nweek: 2026-W{week}\n---\n\n{text}\n", "utf-8")


@pytest.fixture
def three(journal: Project) -> Project:
    write(journal, 45, "## Alpha\n\nThe wombat digs. 강화 학습")
    write(journal, 46, "## Beta\n\nThe quokka smiles.\n\n[Nobody knows the numbat]{.private}")
    write(journal, 47, "## Gamma\n\nThe bilby hops.")
    return journal


def test_its_search_works_from_the_disk(three: Project, tmp_path: Path, browser: Any) -> None:
    made = pack(three, tmp_path / "all.zip")
    assert made.pages == 3
    with zipfile.ZipFile(made.path) as file:
        file.extractall(tmp_path / "out")
    site = tmp_path / "out/all"
    assert "Packed on" in (site / "README.txt").read_text("utf-8")
    assert not [p for p in site.rglob("*") if p.is_file() and b"numbat" in p.read_bytes()]
    page = browser.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto((site / "journal/2026/2026-W46.html").as_uri())
    page.keyboard.press("/")
    for word, title in (("wombat", "Alpha"), ("강화학습", "Alpha"), ("bilby", "Gamma")):
        page.locator(".search-input").fill(word)
        page.wait_for_function(
            "t => [...document.querySelectorAll('.search-title')].some(e => e.textContent === t)",
            arg=title,
        )
    page.locator(".search-input").fill("quokka")
    page.locator(".search-hits a").first.click()
    page.wait_for_url("file://**/2026-W46.html?highlight=quokka#beta")
    page.wait_for_selector("mark")
    assert errors == []
    page.close()


def test_a_span_holds_its_weeks_alone_and_leaves_the_site_as_it_is(
    three: Project, tmp_path: Path
) -> None:
    before = sorted(three.output_dir.rglob("*"))
    made = pack(three, tmp_path / "span.zip", Week(2026, 46), Week(2026, 46))
    with zipfile.ZipFile(made.path) as file:
        names = file.namelist()
        text = b"".join(file.read(name) for name in names)
    assert "span/journal/2026/2026-W46.html" in names
    assert "span/journal/2026/2026-W45.html" not in names
    assert b"wombat" not in text
    assert b"quokka" in text
    assert sorted(three.output_dir.rglob("*")) == before
    assert pack(three, tmp_path / "span.zip").pages == 3  # One that was made here is replaced.


def test_it_replaces_nothing_else(three: Project, tmp_path: Path) -> None:
    target = tmp_path / "mine.zip"
    target.write_bytes(b"mine")
    with pytest.raises(UsageError, match="no packed journal"):
        pack(three, target)
    assert target.read_bytes() == b"mine"
    with pytest.raises(UsageError, match="no week"):
        pack(three, tmp_path / "none.zip", Week(2020, 1), Week(2020, 2))


def test_one_page_holds_the_site_and_its_search(
    three: Project, tmp_path: Path, browser: Any
) -> None:
    picture = '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="30"/>'
    (three.journal / "2026/box.svg").write_text(picture, "utf-8")
    write(
        three,
        47,
        "## Gamma\n\nThe bilby hops, see [before](2026-W45.md#alpha).\n\n![A box](box.svg)",
    )
    made = pack(three, tmp_path / "all.html")
    assert made.pages == 3
    text = made.path.read_bytes()
    assert b"numbat" not in text and b"Packed on" in text[:400]
    assert text.count(base64.b64encode(picture.encode())) == 1
    page = browser.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda m: errors.append(m.text) if m.type == "error" else None)
    page.goto(made.path.as_uri())
    assert page.locator("html").get_attribute("data-page") == "index.html"
    page.locator(".week-title a").click()
    page.wait_for_url("file://**/all.html#/journal/2026/2026-W47.html")
    page.wait_for_selector("h1:text('W47')")
    assert (
        page.locator(".text img").evaluate("image => image.decode().then(() => image.width)") == 40
    )
    page.locator(".text a", has_text="before").click()
    page.wait_for_selector("h1:text('W45')")
    assert page.locator("details.note").first.get_attribute("open") is not None
    page.go_back()
    page.wait_for_selector("h1:text('W47')")
    page.keyboard.press("/")
    page.locator(".search-input").fill("강화학습")
    page.locator(".search-hits a").first.click()
    page.wait_for_selector("h1:text('W45')")
    page.wait_for_selector("mark:text('강화')")
    page.goto(made.path.as_uri() + "#/papers.html?show=read")
    page.wait_for_selector("h1:text('Papers')")
    assert errors == []
    page.close()
    pack(three, made.path)  # One that was made here is replaced.
    made.path.write_text("mine", "utf-8")
    with pytest.raises(UsageError, match="no packed journal"):
        pack(three, made.path)
