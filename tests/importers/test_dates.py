"""Dates, ranges and weeks as people write them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weeknotes.importers.dates import expressions as dates
from weeknotes.importers.dates import reader
from weeknotes.journal.weeks import Week

TODAY = date(2026, 11, 20)


def read(text: str, *others: str, hints: tuple[str, ...] = ()) -> reader.Span | None:
    expressions = [e for t in (text, *others) if (e := dates.find(t))]
    found = dates.find(text)
    return reader.reader(expressions, hints=hints, today=TODAY).span(found) if found else None


@pytest.mark.parametrize(
    "text",
    [
        "01/07/2024-07/07/2024",
        "07/01/2024-07/07/2024",
        "2024-07-01 - 2024-07-07",
        "2024-07-01~07-07",
        "2024.7.1~7.7",
        "2024. 7. 1. ~ 2024. 7. 7.",
        "20240701-20240707",
        "01.07.2024 – 07.07.2024",
        "24.07.01 ~ 24.07.07",
        "7月1日-7月7日",
        "7月1日-7日",
        "2024年7月1日至7月7日",
        "2024 年 7 月 1 日 - 7 月 7 日",
        "2024년 7월 1일(월) ~ 7월 7일(일)",
        "2024년 7월 1일 ~ 7일",
        "7/1-7/7",
        "Jul 1 - Jul 7, 2024",
        "July 1–7, 2024",
        "1-7 July 2024",
        "Mon 1 July 2024 to Sun 7 July 2024",
        "2024년 7월 1주차",
        "2024년 7월 첫째 주",
        "2024年7月第1周",
        "2024年第27周",
        "2024-W27",
        "2024 Week 27",
        "Week 27, 2024",
        "W27 2024",
        "2024년 27주차",
        "KW 27 2024",
    ],
)
def test_a_week_is_read_however_it_is_written(text: str) -> None:
    span = read(text)
    assert span is not None
    assert (span.start, span.end) == (date(2024, 7, 1), date(2024, 7, 7))
    assert span.week == Week(2024, 27)


@pytest.mark.parametrize("text", ["Week 27", "W27", "第27周", "27주차", "7월 1주차"])
def test_a_week_without_a_year_takes_it_from_its_neighbours_or_the_title(text: str) -> None:
    assert read(text) is None
    for span in (read(text, "2024-07-08"), read(text, hints=("工作记录 2024",))):
        assert span is not None and span.week == Week(2024, 27)


@pytest.mark.parametrize(
    "text", ["3D Gaussian 2024", "GPT-4: 1-2 things", "v1.2.3", "3.5 GPT", "Table 7", "W99"]
)
def test_numbers_that_are_no_dates_are_none(text: str) -> None:
    assert dates.find(text) is None


def test_other_dates_tell_which_of_day_and_month_comes_first() -> None:
    span = read("01/07/2024-07/07/2024", "07/08/2024-07/14/2024", "07/15/2024-07/21/2024")
    # Read month first it would be half a year: the weeks around it don't make that a week.
    assert span is not None and span.week == Week(2024, 27)
    american = read("07/08/2024-07/14/2024", "07/15/2024-07/21/2024")
    assert american is not None and american.start == date(2024, 7, 8)


def test_a_week_over_the_turn_of_the_year() -> None:
    for text in ("30/12/2024-05/01/2025", "2024.12.30~1.5", "12月30日-1月5日"):
        span = read(text, "2024-12-23")
        assert span is not None and span.week == Week(2025, 1), text


def test_a_week_that_begins_on_sunday_is_filed_where_most_of_its_days_lie() -> None:
    span = read("2024-06-30 - 2024-07-06")
    assert span is not None and span.week == Week(2024, 27)


@given(st.dates(date(2000, 1, 3), date(2040, 1, 1)), st.sampled_from(["/", ".", "-"]))
def test_a_full_week_is_read_whichever_order_it_is_written_in(day: date, mark: str) -> None:
    monday = day - timedelta(days=day.weekday())
    sunday = monday + timedelta(days=6)
    for form in (f"%d{mark}%m{mark}%Y", f"%m{mark}%d{mark}%Y", f"%Y{mark}%m{mark}%d"):
        span = read(f"{monday.strftime(form)} ~ {sunday.strftime(form)}")
        assert span is not None and span.week == Week.of(monday), form


@given(st.text(max_size=60))
def test_no_text_is_too_odd_to_look_at(text: str) -> None:
    read(text)
