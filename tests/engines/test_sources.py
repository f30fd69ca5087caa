"""Which files are pages, and what folders say about them."""

from __future__ import annotations

import pytest
from engine_projects import CONFIG, Journal

from weeknotes.engines import sources
from weeknotes.engines.page_settings import common_warnings, config_warnings, site_warnings
from weeknotes.errors import ProjectError

FILES = (
    "index.qmd",
    "README.md",
    "about.md",
    "notes.txt",
    "journal/2026/a.ipynb",
    "journal/2026/b.qmd",
    "journal/2026/_draft.ipynb",
    "journal/2026/.ipynb_checkpoints/a-checkpoint.ipynb",
    "journal/2026/README.md",
    "notebooks/weekly.ipynb",
    "_site/index.md",
    "env/lib/site-packages/x/readme2.md",
)


@pytest.mark.invalid_notebooks
@pytest.mark.parametrize(
    ("render", "expected"),
    [
        (
            None,
            "about.md index.qmd journal/2026/a.ipynb journal/2026/b.qmd notebooks/weekly.ipynb",
        ),
        (["journal/**/*.ipynb"], "journal/2026/a.ipynb"),
        (["journal/**"], "journal/2026/a.ipynb journal/2026/b.qmd"),
        (["journal/"], "journal/2026/a.ipynb journal/2026/b.qmd"),
        (["*.qmd"], "index.qmd journal/2026/b.qmd"),
        (["/*.qmd"], "index.qmd"),
        (["*.{md,qmd}", "!journal/"], "about.md index.qmd"),
        (["journal/2026/[ab].ipynb"], "journal/2026/a.ipynb"),
        (["!notebooks/"], "about.md index.qmd journal/2026/a.ipynb journal/2026/b.qmd"),
        (["about.md"], "about.md"),
    ],
)
def test_render_targets(render: list[str] | None, expected: str, bench: Journal) -> None:
    targets = "" if render is None else f"  render: {render}\n"
    bench.write("_quarto.yml", f"project:\n  type: website\n{targets}")
    for name in FILES:
        bench.write(name, "")
    assert sources.find(bench.project) == expected.split()


def test_render_targets_that_are_no_list(bench: Journal) -> None:
    bench.write("_quarto.yml", "project:\n  render: {a: b}\n")
    with pytest.raises(ProjectError, match="render"):
        sources.find(bench.project)


def test_front_matter_over_folder_over_project(bench: Journal) -> None:
    bench.write("_quarto.yml", CONFIG + "categories: [all]\nsubtitle: project\nkind: project\n")
    bench.write("journal/_metadata.yml", "categories: [folder]\nsubtitle: folder\nlang: ko\n")
    bench.write("journal/x/_metadata.yml", "subtitle: inner\n")
    bench.notebook("journal/x/a.ipynb", "x", front="title: T\ncategories: [own]\ndate: 2026-11-16")
    page = bench.page("journal/x/a.ipynb")
    assert page.meta["categories"] == ["all", "folder", "own"]
    assert page.meta["subtitle"] == "inner"
    assert page.meta["lang"] == "ko"
    assert page.meta["kind"] == "project"
    assert page.meta["date"] == "2026-11-16"
    assert str(bench.root / "journal/_metadata.yml") in page.dependencies


@pytest.mark.parametrize(
    ("front", "cell", "title", "body"),
    [
        ("title: Given", "# Heading\n\nx", "Given", "<h1>Heading</h1>"),
        ("week: 2026-W47", "# The *first* one {#id}\n\nx", "The first one", "<p>x</p>"),
        (r"title: 'On $\alpha_2^{-1}$ and CO~2~'", "x", "On α₂⁻¹ and CO₂", "<p>x</p>"),
        ("week: 2026-W47", "Underlined\n=====\n\nx", "Underlined", "<p>x</p>"),
        ("week: 2026-W47", "Text\n\n# Later", "a", "<h1>Later</h1>"),
    ],
)
def test_title(front: str, cell: str, title: str, body: str, bench: Journal) -> None:
    bench.notebook("journal/a.ipynb", cell, front=front)
    page = bench.page()
    assert page.meta["title"] == title
    assert body in page.body


def test_output_file_names_the_page(bench: Journal) -> None:
    bench.notebook("journal/a.ipynb", "x", front="title: T\noutput-file: other")
    assert bench.page().href == "journal/other.html"


def test_keys_without_effect_are_named(bench: Journal) -> None:
    bench.write(
        "_quarto.yml",
        CONFIG
        + "website:\n  title: T\n  sidebar: {}\nfilters: [x.lua]\nmystery: 1\n"
        + "format:\n  html:\n    theme: cosmo\n    html-math-method: katex\n    include-in-header: x\n",
    )
    named = " ".join(warning.message for warning in config_warnings(bench.project))
    for key in ("filters", "mystery", "katex", "include-in-header"):
        assert f"{key}'" in named
    for key in ("theme", "title", "bibliography", "sidebar"):
        assert f"{key}'" not in named
    (warning,) = site_warnings(bench.project)
    assert "'sidebar'" in warning.message


def test_the_file_of_an_active_profile_is_named(
    bench: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Quarto adds it to the configuration; nothing of it may be missing in silence."""
    bench.write("_quarto-draft.yml", "website:\n  title: D\n")
    assert config_warnings(bench.project) == ()
    monkeypatch.setenv("QUARTO_PROFILE", "other draft")
    (warning,) = config_warnings(bench.project)
    assert (warning.file, "does not read it" in warning.message) == ("_quarto-draft.yml", True)


def test_what_the_site_shows_is_not_named(bench: Journal) -> None:
    website = "website:\n  title: T\n  navbar: {left: []}\n  page-footer: x\n  reader-mode: false\n"
    bench.write("_quarto.yml", CONFIG + website)
    assert config_warnings(bench.project) == ()
    assert site_warnings(bench.project) == ()


def test_looks_of_a_single_page_are_named(bench: Journal) -> None:
    front = "title: T\nformat: {html: {css: a.css, theme: default}}"
    bench.notebook("journal/a.ipynb", "x", front=front)
    (warning,) = bench.page().warnings
    assert "'css' changes nothing" in warning.message


def test_front_matter_may_hold_fields_of_the_author(bench: Journal) -> None:
    bench.notebook("journal/a.ipynb", "x", front="title: T\nmood: fine\nfilters: [x.lua]")
    (warning,) = bench.page().warnings
    assert "'filters'" in warning.message
    assert warning.cell == 1


def test_words_of_front_matter_that_no_page_shows_are_named() -> None:
    front = {"title": "A", "subtitle": "Words under it", "abstract": "", "description": "d"}
    (warning,) = common_warnings("journal/a.md", front, 1)
    assert (warning.message, warning.cell) == (
        "no page shows the 'subtitle' of its front matter",
        1,
    )
