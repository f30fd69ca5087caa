"""The search across languages: asked for one name of a thing, it finds all, those as typed first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from weeknotes.errors import ProjectError
from weeknotes.journal.project import Project
from weeknotes.site.data.glossary import Glossary, configured, glossary_of, learned
from weeknotes.site.search.asking import Finder
from weeknotes.site.search.index import Index
from weeknotes.site.search.marking import marks
from weeknotes.site.search.query import parse, translate

from .conftest import Served
from .searching import Searcher


@pytest.fixture(scope="module")
def searcher(served: Served, browser: Any) -> Iterator[Searcher]:
    page = browser.new_page()
    yield Searcher(page, served.url)
    page.close()


@pytest.fixture(scope="module")
def finder(served: Served) -> Finder:
    return Finder(Index(served.site))


def titles(finder: Finder, query: str) -> list[str]:
    return [finder.text(hit)[1] for hit in finder.search(query).hits]


@pytest.mark.parametrize(
    ("query", "first", "others"),
    [
        ("bettong", {"In English", "用繁體"}, {"한국어로", "用中文"}),
        ("Bettongs", {"In English", "用繁體"}, {"한국어로", "用中文"}),
        ("쥐캥거루", {"한국어로"}, {"In English", "用中文", "用繁體"}),
        ("长鼻袋鼠", {"用中文", "用繁體"}, {"In English", "한국어로"}),
        ("長鼻袋鼠", {"用中文", "用繁體"}, {"In English", "한국어로"}),
        ("빌비", {"Named by its tag"}, {"In the text alone"}),
        ("greaterbilby", {"Named by its tag", "In the text alone"}, set()),
        ("쥐캥거루 model", {"In English"}, set()),
    ],
)
def test_all_names_are_found_and_the_one_as_typed_first(
    finder: Finder, query: str, first: set[str], others: set[str]
) -> None:
    found = titles(finder, query)
    assert set(found[: len(first)]) == first
    assert set(found[len(first) :]) == others


def test_a_phrase_in_quotes_is_looked_for_as_it_is(finder: Finder) -> None:
    assert titles(finder, '"쥐캥거루"') == ["한국어로"]


@pytest.mark.browser
@pytest.mark.parametrize(
    "query",
    ["bettong", "쥐캥거루", "長鼻袋鼠", "빌비", "쥐캥거루 model", '"쥐캥거루"', "bettong 빌비"],
)
def test_the_browser_finds_the_same_in_the_same_order(
    query: str, searcher: Searcher, finder: Finder
) -> None:
    there = searcher.ask(query)
    here = finder.search(query)
    assert [[hit.page.href, hit.number] for hit in here.hits] == there["hits"]
    assert not searcher.errors


@pytest.mark.browser
def test_a_hit_says_by_which_other_name_it_was_found(searcher: Searcher) -> None:
    searcher.ask("쥐캥거루")
    hits = searcher.page.locator("dialog [role=option]")
    said = {
        hit.locator(".search-title").inner_text(): hit.locator(".search-name").all_inner_texts()
        for hit in hits.all()
    }
    assert said["한국어로"] == []
    assert said["In English"] == ["found as “bettong”"]
    assert said["用中文"] == ["found as “长鼻袋鼠”"]


@pytest.mark.browser
def test_the_browser_marks_the_other_names(searcher: Searcher) -> None:
    searcher.ask("쥐캥거루")
    marked = searcher.page.locator(".search-hits mark").all_inner_texts()
    assert {"쥐캥거루", "bettong", "长鼻袋鼠"} <= set(marked)


def test_the_terminal_marks_the_other_names(finder: Finder) -> None:
    units = finder.search("쥐캥거루").units
    text = "A bettong, 长鼻袋鼠."
    assert [text[start:end] for start, end, _ in marks(text, units)] == ["bettong", "长鼻袋鼠"]


def test_names_of_several_words() -> None:
    glossary = [["flow matching", "흐름 정합", "流匹配"]]
    units = parse("flow matching loss")
    translate(units, glossary)
    assert [[other.text for other in unit.others] for unit in units] == [
        ["흐름 정합", "流匹配"],
        ["흐름 정합", "流匹配"],
        [],
    ]
    (alone,) = parse("flow")
    translate([alone], glossary)
    assert not alone.others


def test_tags_with_two_names_teach_them() -> None:
    tags = [
        "확산 (diffusion)",
        "分割/segmentation",
        "MRI (cardiac)",
        "A/B",
        "확산（扩散）",
        "plain",
        "C++",
    ]
    assert list(learned(tags)) == [
        ("分割", "segmentation"),
        ("확산", "diffusion"),
        ("확산", "扩散"),
    ]


def test_groups_that_share_a_name_are_one(served: Served) -> None:
    site = served.site
    settings = {"glossary": ["확산 = diffusion", ["扩散", "Diffusion"], "a = b"]}
    project = replace(site.project, config={**site.project.config, "weeknotes": settings})
    assert configured(project) == [("확산", "diffusion"), ("扩散", "Diffusion"), ("a", "b")]
    glossary = Glossary((("확산", "diffusion", "扩散"),))
    assert glossary.others("DIFFUSION") == ("확산", "扩散")
    assert glossary.others("擴散") == ("확산", "diffusion")
    assert glossary.others("확산 (diffusion)") == ("扩散",)
    assert ("빌비", "greaterbilby") in glossary_of(site).groups


@pytest.mark.parametrize("value", ["확산 = diffusion", [["one"]], ["one"], [{"a": "b"}]])
def test_a_glossary_that_is_no_list_of_names_is_named(value: Any, tmp_path: Path) -> None:
    path = tmp_path / "_quarto.yml"
    project = Project(tmp_path, path, {"weeknotes": {"glossary": value}})
    with pytest.raises(ProjectError, match="glossary"):
        configured(project)


def test_the_page_of_a_topic_lists_its_other_names(served: Served) -> None:
    page = (served.project.output_dir / "topics/bettong.html").read_text("utf-8")
    names = page[page.index('class="other-names"') :]
    names = names[: names.index("</p>")]
    assert "쥐캥거루" in names and "长鼻袋鼠" in names and "?q=bettong" in names
