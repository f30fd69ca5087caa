"""Every feature, on pages that hold what must and must not be seen of it (`expected.yml`)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from engine_projects import Results

from weeknotes.engines import sources
from weeknotes.engines.page import Page
from weeknotes.engines.source_reading import read_source
from weeknotes.errors import WeeknotesError
from weeknotes.journal.project import Project

EXPECTED: dict[str, dict[str, list[str]]] = yaml.safe_load(
    Path(__file__).with_name("expected.yml").read_text("utf-8")
)
NBSP = "\u00a0"


def test_every_page_of_the_corpus_is_declared(corpus: Project) -> None:
    assert sources.find(corpus) == sorted(EXPECTED)


@pytest.mark.parametrize("source", sorted(EXPECTED))
def test_page_holds_what_it_must(source: str, corpus_pages: Results) -> None:
    page = corpus_pages[source]
    assert isinstance(page, Page), page
    body = page.body.replace(NBSP, " ")
    expected: dict[str, Any] = EXPECTED[source]
    assert [text for text in expected["must"] if text not in body] == []
    assert [text for text in expected.get("must-not", []) if text in body] == []
    assert [str(warning) for warning in page.warnings] == expected.get("warnings", [])


def test_page_says_what_it_is(corpus_pages: Results) -> None:
    page = corpus_pages["journal/outputs.ipynb"]
    assert isinstance(page, Page)
    assert page.href == "journal/outputs.html"
    assert page.meta["title"] == "Outputs & options"
    assert page.meta["date"] == "2026-11-16"
    assert page.meta["categories"] == ["diffusion", "a: b"]
    assert page.meta["lang"] == "en"
    assert page.meta["author"] == "Weeknotes"


def test_every_local_file_is_an_asset(corpus_pages: Results, corpus: Project) -> None:
    page = corpus_pages["journal/markup.ipynb"]
    assert isinstance(page, Page)
    assert page.assets == {
        "journal/img/clip.mp4": str(corpus.root / "journal/img/clip.mp4"),
        "journal/img/one.png": str(corpus.root / "journal/img/one.png"),
    }
    outputs = corpus_pages["journal/outputs.ipynb"]
    assert isinstance(outputs, Page)
    figures = [path for path in outputs.assets if "outputs_files" in path]
    assert len(figures) == 8
    assert all(Path(outputs.assets[path]).stat().st_size for path in figures)


def test_the_front_matter_alone_is_that_of_the_whole_page(corpus: Project) -> None:
    for source in sources.find(corpus):
        try:
            whole = read_source(corpus.root, source).front
        except WeeknotesError as error:
            with pytest.raises(type(error)):
                read_source(corpus.root, source, front_alone=True)
        else:
            assert read_source(corpus.root, source, front_alone=True).front == whole
