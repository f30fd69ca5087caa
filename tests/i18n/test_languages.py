"""Each language of the interface is one file, and says all that the others say."""

from __future__ import annotations

import re
from dataclasses import fields
from datetime import date

import pytest

from weeknotes.i18n import Language, language, languages, week_title
from weeknotes.i18n.strings import Strings

TABLES = ("site", "search", "rendered", "library_table", "labels", "colours", "digest")


def _placeholders(text: str) -> list[str]:
    """What is filled in. Those without a name are counted: a language may take them in another order,
    or a total for what is left."""
    return sorted(re.sub(r"\d+", "", found) for found in re.findall(r"\{[^{}]*\}", text))


def test_the_languages_are_found_by_their_files() -> None:
    assert set(languages()) >= {"en", "ja", "ko", "zh"}


@pytest.mark.parametrize("tag", languages())
def test_a_language_says_all_that_english_says(tag: str) -> None:
    own, english = language(tag), language("en")
    assert own.tag == tag
    for name in TABLES:
        mine, theirs = getattr(own, name), getattr(english, name)
        singular = {key for key in theirs if key.endswith(".one")}
        assert set(theirs) - singular <= set(mine) <= set(theirs), name
        for key, text in mine.items():
            assert text.strip(), (name, key)
            assert _placeholders(text) == _placeholders(theirs[key]), (name, key)
    for variant in own.rendered_variants.values():
        assert set(variant) == set(english.rendered)


@pytest.mark.parametrize("tag", languages())
def test_no_field_of_a_language_is_forgotten(tag: str) -> None:
    own = language(tag)
    optional = {"rendered_variants"}
    assert all(getattr(own, one.name) for one in fields(Language) if one.name not in optional)


def test_a_language_without_a_file_speaks_english() -> None:
    assert language("tlh").tag == "en"
    assert Strings("tlh").lang == "en"
    assert language("zh_TW").tag == "zh"


@pytest.mark.parametrize(
    ("tag", "title", "day", "span", "short"),
    [
        (
            "en",
            "Week 53, 2026",
            "28 December 2026",
            "28 December 2026 – 3 January 2027",
            "28 Dec – 3 Jan",
        ),
        (
            "ko",
            "2026년 53주차",
            "2026년 12월 28일",
            "2026년 12월 28일 – 2027년 1월 3일",
            "12월 28일 – 1월 3일",
        ),
        (
            "zh",
            "2026年第53周",
            "2026年12月28日",
            "2026年12月28日 – 2027年1月3日",
            "12月28日 – 1月3日",
        ),
        (
            "ja",
            "2026年第53週",
            "2026年12月28日",
            "2026年12月28日 – 2027年1月3日",
            "12月28日 – 1月3日",
        ),
    ],
)
def test_weeks_and_days(tag: str, title: str, day: str, span: str, short: str) -> None:
    strings = Strings(tag)
    assert week_title(2026, 53, tag) == title
    assert strings.day("2026-12-28") == day
    assert strings.span("2026-12-28", "2027-01-03") == span
    assert strings.short_span("2026-12-28", "2027-01-03") == short
    assert language(tag).dates.day(date(2026, 12, 28)) == day
