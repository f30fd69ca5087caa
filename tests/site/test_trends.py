"""Trends: the last eight weeks against the eight before."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from lxml import html
from tests.site.sample_journal import Journal

from weeknotes.site.data.trends import half_of, last_weeks, trends

MONDAY = date(2026, 11, 16)


class At:
    """A note of a week, so many weeks before 2026-W47."""

    def __init__(self, back: int) -> None:
        year, number, _ = (MONDAY - timedelta(weeks=back)).isocalendar()
        self.week = f"{year}-W{number:02}"


@pytest.mark.parametrize(
    ("back", "state", "before", "now"),
    [
        ([0], "new", 0, 1),
        ([0, 7], "new", 0, 2),
        ([0, 1, 8], "rising", 1, 2),
        ([0, 40], "rising", 0, 1),
        ([0, 8], "steady", 1, 1),
        ([7, 8, 15], "falling", 2, 1),
        ([0, 1, 2, 3, 8, 9, 10], "steady", 3, 4),
        ([0, 1, 8, 9, 10], "falling", 3, 2),
        ([8, 9], "resting", 2, 0),
        ([60, 70], "resting", 0, 0),
    ],
)
def test_the_state_of_a_topic(back: list[int], state: str, before: int, now: int) -> None:
    (trend,) = trends({"a": [At(n) for n in back]}, "2026-W47")
    assert (trend.state, trend.before, trend.now) == (state, before, now)
    assert len(trend.weeks) == 16
    shown = [note.week for note in trend.notes]
    assert shown == [At(n).week for n in back if n < 8] or shown == [At(back[0]).week]


@pytest.mark.parametrize(
    ("oldest", "half"),
    [("2026-W47", 1), ("2026-W46", 1), ("2026-W38", 5), ("2026-W32", 8), ("2015-W01", 8)],
)
def test_of_a_young_journal_halves_are_compared(oldest: str, half: int) -> None:
    assert half_of(oldest, "2026-W47") == half


def test_a_topic_of_the_first_weeks_of_a_young_journal_is_not_new() -> None:
    (trend,) = trends({"a": [At(7), At(0)]}, "2026-W47", 4)
    assert (trend.state, trend.before, trend.now, len(trend.weeks)) == ("steady", 1, 1, 8)


def test_a_topic_that_was_touched_once_long_ago_has_no_trend() -> None:
    assert trends({"a": [At(30)]}, "2026-W47") == []


def test_weeks_are_those_of_the_calendar() -> None:
    weeks = last_weeks("2027-W02", 4)
    assert weeks == ["2026-W52", "2026-W53", "2027-W01", "2027-W02"]


def test_the_page_of_topics_shows_trends_and_their_notes(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    tag = '<p><span class="tag">{}</span></p><p>T.</p>'
    section = f'<section id="n" class="level2"><h2>{{}}</h2>{tag}</section>'
    journal.add_week(MONDAY, "en", section.format("Newest note", "fresh"))
    for back in (60, 61):
        journal.add_week(MONDAY - timedelta(weeks=back), "en", section.format(f"N{back}", "asleep"))
    page = html.parse(str(journal.compose() / "topics.html"))
    found = {
        heading.get("id"): [
            (li.xpath("string(.//a)"), li.xpath(".//ul//a/text()")) for li in heading.getnext()
        ]
        for heading in page.xpath("//section[@aria-labelledby='trends']/h3")
    }
    assert found == {
        "trend-new": [("fresh", ["Newest note"])],
        "trend-resting": [("asleep", ["N60"])],
    }
    graphs = page.xpath(
        "//ul[@class='trends']//*[local-name()='svg']/*[local-name()='title']/text()"
    )
    assert "fresh: 1 note, 0 before" in graphs
    assert "asleep, 2025: 2, 2026: 0" in graphs
