"""Queries that name a week or a day: which pages come first, in a terminal and in the dialog."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import pytest

from weeknotes.site.search.asking import Finder
from weeknotes.site.search.index import Index
from weeknotes.site.search.times import Time, pages_of, time_of

from .conftest import Served
from .searching import Searcher

WEEK = [
    "W48",
    "w 48",
    "week 48",
    "Week-48",
    "48th week",
    "48주",
    "48 주차",
    "제48주",
    "第48周",
    "第48週",
    "48周",
]  # fmt: skip
YEAR_AND_WEEK = [
    "2026-W48",
    "2026w48",
    "2026-W48-3",
    "W48 2026",
    "week 48 of 2026",
    "2026년 48주차",
]
DAY = [
    "26 November",
    "Nov 26",
    "26th of nov.",
    "Thursday, 26 November",
    "11월 26일",
    "11월26일 (목)",
]
DAY += ["11月26日", "11月26号", "11月26日星期四"]
YEAR_AND_DAY = ["2026-11-26", "2026/11/26", "2026. 11. 26.", "20261126", "November 26, 2026"]
YEAR_AND_DAY += ["2026년 11월 26일", "2026年11月26日", "２０２６年１１月２６日", "26 Nov 2026"]
NEITHER = ["W", "48", "week 48 diffusion", '"W48"', "11월", "W480", "26 Novgorod", "2006.11239"]
NEITHER += ["26 Nor", "11월 4주차", "unet week", "2026", ""]


@dataclass(frozen=True)
class Page:
    kind: str
    week: str
    date: str


@pytest.mark.parametrize(
    ("queries", "time"),
    [
        (WEEK, Time(week=48)),
        (YEAR_AND_WEEK, Time(2026, week=48)),
        (DAY, Time(month=11, day=26)),
        (YEAR_AND_DAY, Time(2026, month=11, day=26)),
        (NEITHER, None),
    ],
)
def test_a_whole_query_names_a_week_or_a_day(queries: list[str], time: Time | None) -> None:
    assert {query: time_of(query) for query in queries} == dict.fromkeys(queries, time)


def test_the_newest_week_is_meant_where_no_year_is_said() -> None:
    weeks = [Page("week", w, "") for w in ("2026-W48", "2025-W48", "2026-W53", "2025-W01")]
    newest, older, last, first = weeks
    assert pages_of(Time(week=48), weeks) == [newest]
    assert pages_of(Time(2025, week=48), weeks) == [older]
    assert pages_of(Time(2024, week=48), weeks) == []
    # 1 January 2027 is in the last week of 2026, and 30 December 2024 in the first of 2025.
    assert pages_of(Time(2027, month=1, day=1), weeks) == [last]
    assert pages_of(Time(2024, month=12, day=30), weeks) == [first]
    assert pages_of(Time(month=1, day=1), weeks) == [last]


def test_digests_are_of_a_day_or_stand_for_their_week() -> None:
    week = Page("week", "2026-W48", "2026-11-23")
    monday, tuesday = (Page("digest", "", day) for day in ("2026-11-23", "2026-11-24T08:00"))
    other = [Page("page", "", "2026-11-23"), Page("paper", "", "2026"), Page("digest", "", "")]
    assert pages_of(Time(week=48), [week, monday, *other]) == [week]
    assert pages_of(Time(month=11, day=24), [week, monday, tuesday]) == [week, tuesday]
    assert pages_of(Time(month=11, day=25), [monday, tuesday]) == [monday, tuesday]


@pytest.mark.browser
def test_the_dialog_shows_the_same_page_first(served: Served, browser: Any) -> None:
    finder = Finder(Index(served.site))
    page = browser.new_page()
    search = Searcher(page, served.url)
    for query in (*WEEK, *YEAR_AND_WEEK, *DAY, *YEAR_AND_DAY, *NEITHER):
        asked = search.ask(query)
        pages = finder.search(query).pages
        found = page.locator(".search-page .search-title").all_inner_texts()
        assert (
            found
            == [known.title for known in pages]
            == ["The planted week"] * (query not in NEITHER)
        ), query
        assert len(asked["hits"]) == len(finder.search(query).hits), query
    search.ask("2026-W48")
    first = page.locator("dialog [role=option]").first
    assert "2026-W48" in first.inner_text()
    assert re.search("23\\W+29 November 2026", first.inner_text())
    assert (
        page.locator("[role=status].search-status").inner_text().startswith("That week has a page.")
    )
    page.keyboard.press("ArrowDown")
    assert first.get_attribute("aria-selected") == "true"
    page.keyboard.press("Enter")
    page.wait_for_url("**/journal/2026/2026-W48.html")
    assert not search.errors
    page.close()
