from __future__ import annotations

import subprocess
import sys
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weeknotes.errors import UsageError
from weeknotes.journal.weeks import Week, weeks_in

TODAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("text", "week"),
    [
        ("2026-W47", "2026-W47"),
        ("2026-w47", "2026-W47"),
        ("2026W47", "2026-W47"),
        ("2026-W47-5", "2026-W47"),
        ("2026-W7", "2026-W07"),
        ("2026-11-16", "2026-W47"),
        ("2026-11-22", "2026-W47"),
        ("2026-11-23", "2026-W48"),
        ("20261116", "2026-W47"),
        ("2026/11/16", "2026-W47"),
        ("2026.11.6", "2026-W45"),
        ("2026-11-16T23:59:00+09:00", "2026-W47"),
        (" this ", "2026-W47"),
        ("last", "2026-W46"),
        ("NEXT", "2026-W48"),
        # ISO 8601: the week belongs to the year of its Thursday.
        ("2027-01-01", "2026-W53"),
        ("2027-01-03", "2026-W53"),
        ("2024-12-30", "2025-W01"),
        ("2020-12-31", "2020-W53"),
        ("2021-01-04", "2021-W01"),
        ("2022-01-02", "2021-W52"),
    ],
)
def test_reads_what_people_write(text: str, week: str) -> None:
    assert str(Week.parse(text, today=TODAY)) == week


@pytest.mark.parametrize(
    ("today", "last", "following"),
    [
        (date(2027, 1, 1), "2026-W52", "2027-W01"),
        (date(2027, 1, 4), "2026-W53", "2027-W02"),
        (date(2026, 12, 27), "2026-W51", "2026-W53"),
        (date(2025, 12, 29), "2025-W52", "2026-W02"),
    ],
)
def test_last_and_next_at_the_turn_of_a_year(today: date, last: str, following: str) -> None:
    assert str(Week.parse("last", today=today)) == last
    assert str(Week.parse("next", today=today)) == following


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("2025-W53", "2025 ends with week 52"),
        ("2026-W54", "2026 ends with week 53"),
        ("2026-W00", "no such week"),
        ("2026-02-29", "no such date"),
        ("2026-13-01", "no such date"),
        ("2026-1116", "not a week or a date"),
        ("2026111", "not a week or a date"),
        ("16-11-2026", "not a week or a date"),
        ("yesterweek", "not a week or a date"),
        ("", "not a week or a date"),
        ("９９９９-W52", "no such week"),
        ("0000-W01", "no such week"),
        ("9999-12-31", "no such week"),
    ],
)
def test_says_what_is_wrong_and_how_to_write_it(text: str, says: str) -> None:
    with pytest.raises(UsageError, match=says) as caught:
        Week.parse(text, today=TODAY)
    assert "2026-W47" in str(caught.value)
    assert caught.value.exit_code == 2


def test_53_weeks_every_five_or_six_years() -> None:
    long = [year for year in range(2015, 2050) if weeks_in(year) == 53]
    assert long == [2015, 2020, 2026, 2032, 2037, 2043, 2048]


days = st.dates(date(1, 1, 8), date(9999, 12, 12))


@given(days)
def test_a_week_is_seven_days_from_monday_and_holds_its_days(day: date) -> None:
    week = Week.of(day)
    assert day in week
    assert week.start.weekday() == 0
    assert week.end - week.start == timedelta(days=6)
    assert len(week.days) == 7
    assert all(Week.parse(d.isoformat()) == week == Week.parse(str(week)) for d in week.days)


# Ten years before the last week, so that a week ten years on can be named.
@given(st.dates(date(2, 1, 1), date(9985, 12, 31)))
def test_weeks_follow_each_other_without_gap_or_overlap(day: date) -> None:
    week = Week.of(day)
    assert week.next.start == week.end + timedelta(days=1)
    assert week.next.previous == week
    assert week < week.next
    assert str(week) < str(week.next)
    assert week.shift(520).start - week.start == timedelta(weeks=520)


def test_no_week_before_the_first_or_after_the_last() -> None:
    with pytest.raises(UsageError):
        _ = Week(1, 1).previous
    with pytest.raises(UsageError):
        _ = Week(9999, 51).next


def test_importing_it_loads_nothing_heavy() -> None:
    names = "yaml", "json", "nbformat"
    code = f"import sys, weeknotes.journal.weeks; print([m for m in {names} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
