"""What one page counts, the page that it leads to counts too; and all is in order of time."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from lxml import html
from sample_journal import data_of


def tree(sample: Path, href: str) -> Any:
    return html.fromstring((sample / href).read_text("utf-8"))


def number(text: str) -> int:
    found = re.search(r"\d+", text)
    assert found, text
    return int(found[0])


def test_home_counts_papers_as_their_list_does(sample: Path) -> None:
    totals = tree(sample, "index.html").find_class("totals")[0]
    papers = number(totals.xpath("string(a[contains(@href, 'papers')])"))
    assert papers == number(
        tree(sample, "papers.html").xpath("string(//label[1]//*[@class='count'])")
    )


def test_home_counts_the_notes_on_a_topic_as_its_page_does(sample: Path) -> None:
    home = tree(sample, "index.html")
    for item in home.xpath("//dd//li[a[contains(@href, 'topics/')]]"):
        href = item.xpath("string(a/@href)")
        page = tree(sample, unquote(href))
        assert number(item.xpath("string(span)")) == len(
            page.xpath("//ol[contains(@class, 'note-list')]/li")
        ), href


def test_topics_stand_in_order_of_time_a_digest_in_its_week(sample: Path) -> None:
    weeks = list(data_of(sample / "topics.js")["weeks"])
    assert weeks == sorted(weeks)
    assert all(re.fullmatch(r"\d{4}-W\d\d", week) for week in weeks)
    shown = tree(sample, "topics.html").xpath("//select[@name='from']/option/text()")
    assert [text.strip() for text in shown] == weeks


@pytest.mark.browser
def test_a_first_visit_says_that_all_is_new(visit: Callable[..., Any]) -> None:
    page = visit("index.html")
    page.wait_for_selector("html[data-news=settled]", state="attached")
    assert "everything is new" in page.inner_text("[data-since-count]")


@pytest.mark.browser
@pytest.mark.parametrize("width", [320, 360, 820, 1280])
@pytest.mark.parametrize(
    "href",
    [
        "index.html",
        "weeks.html",
        "papers.html",
        "topics.html",
        "figures.html",
        "record.html",
        "new.html",
    ],
)
def test_no_page_scrolls_sideways(visit: Callable[..., Any], href: str, width: int) -> None:
    page = visit(href, viewport={"width": width, "height": 740})
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
