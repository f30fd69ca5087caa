"""Front matter that Quarto refuses, or takes for something else than was meant."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from tests.checks.conftest import WEEK, Journal
from tests.privacy.conftest import cell, write

from weeknotes.engines.jupyter_markdown import as_pandoc

#: What Quarto 1.7 stops at.
REFUSED = [
    "a:\n\tb: 1",
    "title: A: B",
    "title: @ho",
    "title: [A] note",
    'title: "A" b',
    "title: *x",
    "title: !x y",
    "title: !!str 3",
    "title: 2026",
    "title: true",
    "title: [a]",
    "lang: 3",
    "lang: [ko]",
    "toc: maybe",
    "toc: 3",
    "aliases: [a, 1]",
    "format: nosuch",
    "format: {a: b}",
    "format:\n  html:\n    toc: maybe",
    "date-format: 3",
    "toc-depth: two",
    "filters: 3",
    "filters: [gone.lua]",
    "css: 3",
    "theme: [a, 1]",
    "bibliography: gone.bib",
    "template: gone.html",
    "metadata-files: [gone.yml]",
]
#: What it takes, and shows in another way than was meant, or not at all.
MISTAKEN = [
    "title: A\ntitle: B",
    "date: soon",
    "date: 2026-13-45",
    "date: 2026-02-30",
    "categories: {a: b}",
    "draft: later",
    "private: 3",
    "number-sections: 3",
    "execute: 3",
    "author: 3",
    "lang: ko_KR",
    "csl: gone.csl",
    'title: ""',
]
#: What is as it must be.
TAKEN = [
    "date: today",
    "date: 2026-11-09T10:00:00+09:00",
    "date: 11/09/2026",
    "date: November 9, 2026",
    "categories: [2024, 3D]",
    "keywords: one",
    "subtitle: 3",
    "lang: zh-Hant-TW",
    "crossref: false",
    "format: html",
    "format: acm-pdf",
    "format:\n  html:\n    toc: true\n    css: [a.css]",
    "toc-depth: 2",
    "theme: {light: flatly, dark: darkly}",
    "filters: [quarto]",
    "css: a.css",
    "author:\n  - name: Kim\n    affiliation: X\n  - Ho",
    "title: |\n  On two\n  lines",
    "weeknotes: {check: {image-alt: off}}",
    "anything: [1, {a: b}]",
]


def put(journal: Journal, text: str) -> None:
    lines = text if text.startswith("title") or "\ntitle" in text else f"title: A\n{text}"
    write(journal.root / WEEK, cell("raw", "front-matter", f"---\n{lines}\n---"))


@pytest.mark.parametrize("text", REFUSED + MISTAKEN)
def test_what_is_refused_or_mistaken_is_found(sound: Journal, text: str) -> None:
    put(sound, text)
    found = [f for f in sound.found() if f.rule.startswith("front-matter")]
    assert len(found) == 1
    assert found[0].cell == 1
    assert found[0].line
    assert found[0].hint


@pytest.mark.parametrize("text", TAKEN)
def test_what_is_taken_raises_no_alarm(sound: Journal, text: str) -> None:
    put(sound, text)
    assert [f for f in sound.found() if f.rule.startswith("front-matter")] == []


@pytest.mark.quarto
@pytest.mark.slow
@pytest.mark.skipif(shutil.which("quarto") is None, reason="needs the command: quarto")
@pytest.mark.parametrize(
    "text", ["title: 2026", "lang: 3", "date: 2026-11-09\ndate-format: 3", "title: !!str 3"]
)
def test_quarto_still_refuses_what_is_found(sound: Journal, tmp_path: Path, text: str) -> None:
    put(sound, text)
    page = tmp_path / "alone" / "page.ipynb"
    page.parent.mkdir()
    (page.parent / "_quarto.yml").write_text("project: {type: website}\n", "utf-8")
    page.write_bytes((sound.root / WEEK).read_bytes())
    command = ["quarto", "render", page.name, "--to", "html"]
    assert subprocess.run(command, cwd=page.parent, capture_output=True).returncode != 0


#: Raw cells whose lines of `---` Quarto takes for front matter, and by which rule they are found.
RULED = {
    "text\n\n---\nNote: this is text\n\nmore\n\n---\n\nend": "front-matter-invalid",
    "text\n\n---\n- item\n- item\n\n---\n\nend": "front-matter-invalid",
    "One\n---\ntext\n\nTwo\n---\nmore": "front-matter-invalid",
    "text\n\n---\nsubtitle: Later\n---\n\nmore": "front-matter-place",
}
UNRULED = [
    "text\n\n---\n\nmore\n\n---\n\nend",
    "One\n---\n\ntext\n\nTwo\n---\n\nmore",
    "text\n\n---\nmore: text",
    "```\n---\na: [\n---\n```",
    "<!--\n---\na: [\n---\n-->",
]


@pytest.mark.parametrize(("text", "rule"), RULED.items(), ids=list(RULED))
def test_rules_that_quarto_takes_for_front_matter(sound: Journal, text: str, rule: str) -> None:
    sound.put("words", cells=[cell("raw", "r", text)])
    found = sound.found()
    assert [(f.rule, f.cell) for f in found] == [(rule, 4)]
    assert text.split("\n")[(found[0].line or 0) - 1] == "---"


@pytest.mark.parametrize("text", [*RULED, *UNRULED])
def test_rules_that_are_rules(sound: Journal, text: str) -> None:
    sound.put(text)
    assert sound.found() == []


@pytest.mark.quarto
@pytest.mark.slow
@pytest.mark.skipif(shutil.which("quarto") is None, reason="needs the command: quarto")
@pytest.mark.parametrize("text", [*RULED, *UNRULED])
def test_quarto_stops_where_it_is_said_to(sound: Journal, tmp_path: Path, text: str) -> None:
    page = tmp_path / "alone" / "page.ipynb"
    write(page, cell("raw", "front", "---\ntitle: A\n---"), cell("raw", "a", text))
    (page.parent / "_quarto.yml").write_text("project: {type: website}\n", "utf-8")
    command = ["quarto", "render", page.name, "--to", "html"]
    done = subprocess.run(command, cwd=page.parent, capture_output=True)
    assert (done.returncode != 0) == (RULED.get(text) == "front-matter-invalid")
    # In a cell of Markdown they are rules, as JupyterLab shows them.
    write(page, cell("raw", "front", "---\ntitle: A\n---"), cell("markdown", "a", as_pandoc(text)))
    assert subprocess.run(command, cwd=page.parent, capture_output=True).returncode == 0


def test_a_folders_metadata_is_looked_at_too(sound: Journal) -> None:
    (sound.root / "journal/_metadata.yml").write_text("lang: en\ntoc: maybe\n", "utf-8")
    found = [(f.rule, f.file, f.line) for f in sound.found()]
    assert found == [("front-matter-value", "journal/_metadata.yml", 2)]


def test_a_page_may_bring_its_own_bibliography(sound: Journal) -> None:
    (sound.root / "journal/2026/own.bib").write_text("@book{own2020,\n  title={X}\n}\n", "utf-8")
    sound.put("[@own2020]", bibliography="own.bib")
    assert sound.found() == []
