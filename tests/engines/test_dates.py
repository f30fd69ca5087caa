"""The date of a page, as people write it, and text that runs from right to left."""

from __future__ import annotations

import os
from datetime import datetime

import lxml.html
import pytest
from engine_projects import Journal

from weeknotes.engines.page_dates import page_date
from weeknotes.engines.text_direction import runs_left


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2025-10-02", "2025-10-02"),
        ("2025-10-02T09:30:00+09:00", "2025-10-02"),
        ("2025-10-2", "2025-10-02"),
        ("2025/10/02", "2025-10-02"),
        ("20251002", "2025-10-02"),
        ("October 2, 2025", "2025-10-02"),
        ("Thu, 2 Oct 2025", "2025-10-02"),
        ("the 2nd of October 2025", "2025-10-02"),
        ("2. Oktober 2025", "2025-10-02"),
        ("2 octobre 2025", "2025-10-02"),
        ("2025년 10월 2일 (목)", "2025-10-02"),
        ("2025. 10. 2.", "2025-10-02"),
        ("2025.10.02(목)", "2025-10-02"),
        ("2025年10月2日 星期四", "2025-10-02"),
        ("22/10/2025", "2025-10-22"),
        ("10/22/2025", "2025-10-22"),
        ("2.10.2025", "2025-10-02"),
        ("10/10/2025", "2025-10-10"),
    ],
)
def test_a_date_that_can_be_meant_in_one_way_is_known(text: str, iso: str) -> None:
    found = page_date(text)
    assert (found.iso, found.written, found.problem) == (iso, "", "")


@pytest.mark.parametrize(
    ("text", "iso", "told"),
    [
        ("02-10-2025", "2025", "2025-02-10 or 2025-10-02"),
        ("2/10/2025", "2025", "2025-02-10 or 2025-10-02"),
        ("25-10-02", "", "2002-10-25 or 2025-10-02"),
        ("October 2025", "2025-10", "must be a date such as"),
        ("2025-02-30", "2025-02", "must be a date such as"),
        ("next Tuesday", "", "must be a date such as"),
    ],
)
def test_another_date_is_kept_as_it_is_written_and_told(text: str, iso: str, told: str) -> None:
    found = page_date(text)
    assert (found.iso, found.written) == (iso, text)
    assert told in found.problem


def test_words_beside_a_date_are_kept() -> None:
    found = page_date("2 October 2025 (night shift)")
    assert (found.iso, found.written) == ("2025-10-02", "2 October 2025 (night shift)")
    assert found.problem == ""


def test_the_week_or_the_name_of_the_file_decides_between_two_readings() -> None:
    assert page_date("02-10-2025", week="2025-W40").iso == "2025-10-02"
    assert page_date("02-10-2025", source="journal/2025-02-10-lamp.ipynb").iso == "2025-02-10"
    assert page_date("02-10-2025", source="journal/2025-W40.ipynb").iso == "2025-10-02"
    assert page_date("02-10-2025", week="2025-W01").readings


def test_a_date_that_moves_is_that_of_the_file(bench: Journal) -> None:
    path = bench.notebook("journal/a.ipynb", "Text.", front="title: T\ndate: last-modified")
    os.utime(path, (moment := datetime(2025, 10, 2, 12).timestamp(), moment))
    assert bench.page().meta["date"] == "2025-10-02"


def test_an_open_date_is_a_warning_and_a_certain_one_is_none(bench: Journal) -> None:
    bench.notebook("journal/a.ipynb", "Text.", front='title: T\ndate: "October 2, 2025"')
    page = bench.page()
    assert (page.meta["date"], page.warnings) == ("2025-10-02", ())
    bench.notebook("journal/a.ipynb", "Text.", front="title: T\ndate: 02-10-2025")
    page = bench.page()
    assert (page.meta["date"], page.meta["date-written"]) == ("2025", "02-10-2025")
    (warning,) = page.warnings
    assert (warning.cell, warning.rule) == (1, "front-matter-value")


@pytest.mark.parametrize(
    ("lang", "left"),
    [
        ("ar", True),
        ("he-IL", True),
        ("fa", True),
        ("en", False),
        ("az-Arab", True),
        ("ug-Latn", False),
    ],
)
def test_languages_that_run_from_right_to_left_are_known(lang: str, left: bool) -> None:
    assert runs_left(lang) is left


def directions(body: str) -> dict[str, str | None]:
    root = lxml.html.fragment_fromstring(body, create_parent="div")
    return {e.text_content().strip(): e.get("dir") for e in root.iter("p", "h2", "li", "td", "ul")}


def test_each_block_says_that_it_runs_from_right_to_left(bench: Journal) -> None:
    bench.notebook(
        "journal/a.ipynb",
        "## שלום\n\nהמנורה חמה `code` מאוד.\n\nA word in Hebrew is מנורה.\n\n- א\n- ב\n\n"
        "| a | ב |\n|---|---|\n| one | שתיים |\n",
    )
    found = directions(bench.page().body)
    assert found["שלום"] == found["המנורה חמה code מאוד."] == found["א"] == found["שתיים"] == "rtl"
    assert found["א\nב"] == "rtl"
    assert found["A word in Hebrew is מנורה."] is None
    assert found["one"] is None


def test_in_a_page_in_arabic_a_paragraph_that_begins_in_latin_runs_so_too(bench: Journal) -> None:
    bench.notebook(
        "journal/a.ipynb", "Python لغة سهلة.\n\nOnly English.", front="title: T\nlang: ar"
    )
    found = directions(bench.page().body)
    assert found == {"Python لغة سهلة.": "rtl", "Only English.": None}
