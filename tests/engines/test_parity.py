"""Quarto and the built-in renderer make the same pages, anchors, citations and numbers."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import lxml.html
import pytest
import yaml
from engine_projects import SCRIPTS, STYLE, Journal, Results, copy_corpus

from weeknotes.engines import quarto, sources
from weeknotes.engines.page import Page
from weeknotes.errors import NotebookError
from weeknotes.journal import project
from weeknotes.journal.project import Project

REPOSITORY = Path(__file__).resolve().parents[2]
EXPECTED = yaml.safe_load(Path(__file__).with_name("expected.yml").read_text("utf-8"))

pytestmark = [
    pytest.mark.quarto,
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("quarto") is None, reason="needs the command: quarto"),
]


def outline(body: str) -> list[str]:
    """`body` line by line, an element each: its depth, tag, attributes and text.

    Mathematics is compared by its TeX, since pandoc's MathML differs between versions.
    """
    body = re.sub(
        r"<math.*?<annotation[^>]*>(.*?)</annotation>.*?</math>",
        lambda match: f"<math>{' '.join(match[1].split())}</math>",
        body,
        flags=re.DOTALL,
    )
    lines: list[str] = []

    def add(element: lxml.html.HtmlElement, depth: int) -> None:
        attributes = [
            f"{name}={' '.join(sorted(value.split())) if name == 'class' else value}"
            for name, value in sorted(element.attrib.items())
        ]
        text = " ".join((element.text or "").split())
        lines.append("  " * depth + " ".join([element.tag, *attributes, text]).strip())
        for child in element:
            add(child, depth + 1)
            if tail := " ".join((child.tail or "").split()):
                lines.append("  " * depth + f"… {tail}")

    add(lxml.html.fragment_fromstring(body, create_parent="div"), 0)
    return lines


@pytest.fixture(scope="module")
def quarto_pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Page]:
    folder = tmp_path_factory.mktemp("quarto")
    return _with_quarto(copy_corpus(folder / "project"), folder / "out")


def _with_quarto(of: Project, output: Path) -> dict[str, Page]:
    assert quarto.run(of, output) == ()
    pages = [quarto.read_page(of, output, path) for path in sorted(output.rglob("*.html"))]
    return {page.source: page for page in pages if page}


@pytest.mark.parametrize("source", sorted(EXPECTED))
def test_engines_agree(source: str, quarto_pages: dict[str, Page], corpus_pages: Results) -> None:
    ours = corpus_pages[source]
    assert isinstance(ours, Page), ours
    theirs = quarto_pages[source]
    assert outline(theirs.body) == outline(ours.body)
    assert sorted(theirs.assets) == sorted(ours.assets)
    assert (theirs.href, theirs.meta["title"]) == (ours.href, ours.meta["title"])


def test_engines_agree_on_the_journal_in_this_repository(tmp_path: Path) -> None:
    folder = tmp_path / "journal-copy"
    folder.mkdir()
    for name in ("journal", "assets"):
        shutil.copytree(REPOSITORY / name, folder / name)
    shutil.copy(REPOSITORY / "references.json", folder)
    shutil.copy(STYLE, folder)
    shutil.copytree(SCRIPTS, folder / "scripts")
    shutil.copy(Path(__file__).parent / "corpus" / "_quarto.yml", folder)
    of = project.load(folder / "_quarto.yml")
    theirs = _with_quarto(of, tmp_path / "out")
    from engine_projects import render_all

    ours = render_all(of, tmp_path / "work")
    assert sorted(theirs) == sorted(ours) == sources.find(of)
    for source, page in ours.items():
        assert isinstance(page, Page), page
        assert outline(theirs[source].body) == outline(page.body), source


@pytest.mark.invalid_notebooks
def test_a_broken_source_does_not_stop_the_others(tmp_path: Path) -> None:
    of = copy_corpus(tmp_path / "project")
    for path in (of.root / "journal").glob("*.ipynb"):
        if path.name != "korean.ipynb":
            path.unlink()
    (of.root / "journal" / "broken.ipynb").write_text("{ no JSON")
    errors = quarto.run(of, tmp_path / "out")
    assert [type(error) for error in errors] == [NotebookError]
    assert errors[0].file == "journal/broken.ipynb"
    assert quarto.read_page(of, tmp_path / "out", tmp_path / "out/journal/korean.html")


def test_a_failure_is_told_in_quartos_own_words(tmp_path: Path) -> None:
    of = copy_corpus(tmp_path / "project")
    with (of.root / "_quarto.yml").open("a") as config:
        config.write("\nfilters: [missing-filter.lua]\n")
    from weeknotes.errors import RenderError

    with pytest.raises(RenderError, match=r"missing-filter\.lua"):
        quarto.run(project.load(of.config_path), tmp_path / "out")


def test_figures_have_the_same_addresses_where_parameters_are_cut(
    tmp_path: Path, code: Callable[..., Any]
) -> None:
    svg = "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>"
    figure = {"output_type": "display_data", "metadata": {}, "data": {"image/svg+xml": svg}}
    bench = Journal(tmp_path)
    bench.notebook(
        "journal/a.ipynb",
        code("a = 1", id="p", tags=["parameters"]),
        code("a = 2", id="i", tags=["injected-parameters"]),
        code("b = 3", id="r", tags=["remove-cell"]),
        code("draw()", figure, id="f"),
    )
    shutil.copytree(SCRIPTS, tmp_path / "scripts")
    with (tmp_path / "_quarto.yml").open("a") as config:
        config.write("\nipynb-filters: [scripts/ipynb_filter.py]\n")
    assert quarto.run(bench.project, tmp_path / "out") == ()
    theirs = quarto.read_page(bench.project, tmp_path / "out", tmp_path / "out/journal/a.html")
    assert theirs is not None
    assert theirs.assets
    assert set(theirs.assets) == set(bench.page().assets)
