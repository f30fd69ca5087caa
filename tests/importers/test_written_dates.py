"""Dates in words, in two digits, and such as do not say which of day and month is which."""

from __future__ import annotations

from datetime import date

import pytest

from weeknotes.importers.dates import expressions, reader
from weeknotes.importers.dates.dates_in_names import day_in_name, month_in

from .conftest import Import


@pytest.mark.parametrize(
    "text",
    [
        "24년 10월 5일",
        "'24년 10월 5일 (토)",
        "24年10月5日",
        "二〇二四年十月五日",
        "二零二四年十月五日",
        "令和6年10月5日",
        "民國113年10月5日",
        "２０２４年１０月５日",
        "241005",
        "5. 10. 2024",
    ],
)
def test_a_day_is_read_however_its_numbers_are_written(text: str) -> None:
    assert reader.single_day(text) == date(2024, 10, 5)


@pytest.mark.parametrize("text", ["三年后", "第24年", "Fig. 241005", "lr 0.5", "29.7", "二十"])
def test_other_numbers_are_no_days(text: str) -> None:
    assert reader.single_day(text) is None


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("1.7 - 7.7", date(2024, 7, 1), date(2024, 7, 7)),
        ("7.1 ~ 7.7", date(2024, 7, 1), date(2024, 7, 7)),
        ("29.7. - 4.8.", date(2024, 7, 29), date(2024, 8, 4)),
    ],
)
def test_of_two_numbers_with_a_dot_the_month_is_the_one_that_makes_a_week(
    text: str, first: date, last: date
) -> None:
    found = expressions.find(text)
    assert found is not None
    span = reader.reader([found], hints=["2024"]).span(found)
    assert span == reader.Span(first, last)


def test_names_of_files() -> None:
    assert day_in_name("일기 24년 10월 5일") == date(2024, 10, 5)
    assert day_in_name("二〇二四年十月五日") == date(2024, 10, 5)
    assert day_in_name("10월 5일") is None
    assert month_in("October '24") == month_in("二〇二四年十月") == month_in("24년 10월")


@pytest.mark.parametrize("title", ["연구 '24년", "연구 24년도", "周报 二〇二四年", "周报 24年"])
def test_the_year_of_a_title(title: str, take: Import) -> None:
    made = take(f"# {title}\n\n## 10월 5일\n하나\n\n## 10월 8일\n둘\n")
    assert made.names == ["2024/2024-W40.ipynb", "2024/2024-W41.ipynb"]


def test_days_with_their_weekdays_before_them(take: Import) -> None:
    log = "# Log\n\n## Week 1\n### Mon 9/30\nfirst\n### Wed, 10/2\nsecond\n## Week 2\n### Tue 10/8\nx\n"
    made = take(log, name="autumn-2024.md")
    assert made.names == ["2024/2024-W40.ipynb", "2024/2024-W41.ipynb"]


def test_weeks_that_are_named_after_their_first_day(take: Import) -> None:
    made = take("# Log 2024\n\n## Week of 10/7\na\n\n## Week of 10/14\nb\n")
    assert made.names == ["2024/2024-W41.ipynb", "2024/2024-W42.ipynb"]


def test_days_that_could_be_months_are_read_so_that_they_are_close_together(take: Import) -> None:
    made = take("# Log 2024\n\n## 10/1\na\n\n## 10/8\nb\n\n## 10/10\nc\n")
    assert made.names == ["2024/2024-W40.ipynb", "2024/2024-W41.ipynb"]
    assert any("closer together" in text for text in made.decisions())


def test_a_private_daily_note_is_on_a_page_of_its_day(take: Import) -> None:
    made = take("---\npublish: false\n---\nfor [[me]]\n", name="2024-10-05.md", format="obsidian")
    assert made.names == ["2024/2024-10-05-page.ipynb"]
    assert "draft: true" in made.front(made.names[0])
