"""Dates as people write them, in the languages that Zotero speaks."""

from __future__ import annotations

import json
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weeknotes.library.csl_dates import parse_date


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("11/1998", [1998, 11]),
        ("07 1987", [1987, 7]),
        ("3.1987", [1987, 3]),
        ("2004 May 9", [2004, 5, 9]),
        ("9th May, 2004", [2004, 5, 9]),
        ("May 9, '04", [2004, 5, 9]),
        ("2004. 5. 9.", [2004, 5, 9]),
        ("2004.5", [2004, 5]),
        ("2004年5月9日", [2004, 5, 9]),
        ("2004년 5월", [2004, 5]),
        ("5월 2004", [2004, 5]),
        ("２００４年５月", [2004, 5]),
        ("平成16年5月9日", [2004, 5, 9]),
        ("二〇〇四年五月九日", [2004, 5, 9]),
        ("二零零四年十一月", [2004, 11]),
        ("民國九十三年", [2004]),
        ("พ.ศ. 2547", [2004]),
        ("9 พฤษภาคม 2547", [2004, 5, 9]),
        ("2547 (พ.ศ.)", [2004]),
        ("民國93年", [2004]),
        ("9 mai 2004", [2004, 5, 9]),
        ("1er août 2004", [2004, 8, 1]),
        ("9. Mai 2004", [2004, 5, 9]),
        ("Jänner 2004", [2004, 1]),
        ("9 de mayo de 2004", [2004, 5, 9]),
        ("maggio 2004", [2004, 5]),
        ("maio 2004", [2004, 5]),
        ("9 мая 2004 г.", [2004, 5, 9]),
        ("травень 2004", [2004, 5]),
        ("květen 2004", [2004, 5]),
        ("9 maja 2004", [2004, 5, 9]),
        ("Μαΐου 2004", [2004, 5]),
        ("mayıs 2004", [2004, 5]),
        ("tháng năm 2004", [2004, 5]),
        ("พฤษภาคม 2004", [2004, 5]),
        ("พฤษภาคม พ.ศ. 2547", [2004, 5]),
        ("مايو ٢٠٠٤", [2004, 5]),
        ("9.V.2004", [2004, 5, 9]),
        ("20040509", [2004, 5, 9]),
        ("2004-05-09T08:30:00Z", [2004, 5, 9]),
        ("9.5.2004", [2004, 5, 9]),
        ("19/5/2004", [2004, 5, 19]),
        ("5/9/2004", [2004]),
        ("2004-00-09", [2004]),
        ("00/2004", [2004]),
        ("2004-02-30", [2004, 2]),
        ("2004-17-40", [2004]),
        ("[2004]", [2004]),
        ("©2004", [2004]),
        ("cop. 2004", [2004]),
        ("first published 2004, reprinted", [2004]),
        ("Decision of 2004", [2004]),
        ("2004-05-09, 10:35 am", [2004, 5, 9]),
        ("2004-05-09 10:51:58 UTC", [2004, 5, 9]),
        ("2004-05-09/..", [2004, 5, 9]),
        ("2004/05/09/", [2004, 5, 9]),
        ("[1990]2002", [1990]),
        ("AD 79", [79]),
        ("480 BC", [-480]),
        ("480 B.C.E.", [-480]),
        ("480 v. Chr.", [-480]),
        ("기원전 480년", [-480]),
        ("公元前480年", [-480]),
        ("-0480", [-480]),
    ],
)
def test_a_day_a_month_or_a_year(text: str, parts: list[int]) -> None:
    assert parse_date(text) == {"date-parts": [parts]}


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("30 September-2 October 2004", [2004, 9, 30], [2004, 10, 2]),
        ("9–12 May 2004", [2004, 5, 9], [2004, 5, 12]),
        ("May 9-12, 2004", [2004, 5, 9], [2004, 5, 12]),
        ("2004 May 9-12", [2004, 5, 9], [2004, 5, 12]),
        ("9. bis 12. Mai 2004", [2004, 5, 9], [2004, 5, 12]),
        ("May/June 2004", [2004, 5], [2004, 6]),
        ("Nov. 2004 – Jan. 2005", [2004, 11], [2005, 1]),
        ("December 2004/January 2005", [2004, 12], [2005, 1]),
        ("2004년 5월 9일~12일", [2004, 5, 9], [2004, 5, 12]),
        ("2004-05-09/2004-06-12", [2004, 5, 9], [2004, 6, 12]),
        ("2004-05-09 - 2004-06-12", [2004, 5, 9], [2004, 6, 12]),
        ("2004-2007", [2004], [2007]),
        ("1998-99", [1998], [1999]),
        ("1998/99", [1998], [1999]),
        ("from 2004 to 2007", [2004], [2007]),
        ("1990s", [1990], [1999]),
        ("199X", [1990], [1999]),
        ("Q2 2004", [2004, 4], [2004, 6]),
        ("58-50 BC", [-58], [-50]),
    ],
)
def test_a_range_keeps_both_ends(text: str, first: list[int], last: list[int]) -> None:
    assert parse_date(text) == {"date-parts": [first, last]}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Spring 2004", {"date-parts": [[2004]], "season": 1}),
        ("Été 2004", {"date-parts": [[2004]], "season": 2}),
        ("2004 가을", {"date-parts": [[2004]], "season": 3}),
        ("2004年冬", {"date-parts": [[2004]], "season": 4}),
        ("Winter 2004/05", {"date-parts": [[2004], [2005]], "season": 4}),
        ("c. 2004", {"date-parts": [[2004]], "circa": True}),
        ("2004?", {"date-parts": [[2004]], "circa": True}),
        (
            "2004-05-09~/2004-06-12",
            {"date-parts": [[2004, 5, 9], [2004, 6, 12]], "circa": True},
        ),
        ("forthcoming", {"literal": "forthcoming"}),
        ("“in press”", {"literal": "in press"}),
        ("미상", {"literal": "n.d."}),
    ],
)
def test_seasons_uncertain_dates_and_words(text: str, expected: dict[str, object]) -> None:
    assert parse_date(text) == expected


def test_a_name_that_is_two_months_is_read_by_its_language() -> None:
    assert parse_date("listopad 2004", language="hr-HR") == {"date-parts": [[2004, 10]]}
    assert parse_date("listopad 2004", language="pl") == {"date-parts": [[2004, 11]]}
    assert parse_date("listopad 2004", "2004-10-00") == {"date-parts": [[2004, 10]]}


def test_what_the_service_read_is_a_hint_and_not_the_truth() -> None:
    assert parse_date("11/1998", "1998-00-11") == {"date-parts": [[1998, 11]]}
    assert parse_date("4/5/2004", "2004-05-04") == {"date-parts": [[2004, 5, 4]]}
    assert parse_date("4/5/2004", "1999-01-01") == {"date-parts": [[2004]]}
    assert parse_date("no year at all", "2004-05-04") == {"literal": "no year at all"}


_words = st.text(st.characters(categories=["Lu", "Ll", "Lo", "Zs", "Po"]), max_size=12)


@given(_words, st.integers(1000, 2199), _words)
def test_the_year_is_never_lost(before: str, year: int, after: str) -> None:
    date = parse_date(f"{before} {year} {after}") or {}
    first = date.get("date-parts", [[None]])[0][0]
    # Between quotation marks a date is words; "v. Chr." and its like count backwards.
    assert str(year) in str(first) or str(year) in date.get("literal", "") or _is_era(before)


def _is_era(before: str) -> bool:
    return any(era in before for era in ("令和", "平成", "昭和", "大正", "明治", "民", "พ.ศ"))


def test_all_months_of_cldr_are_read() -> None:
    """Every name of a month in every language of the table, with a year and a day beside it."""
    file = resources.files("weeknotes.library").joinpath("month_names.json")
    table = json.loads(file.read_text("utf-8"))["months"]
    assert sum(map(len, table.values())) > 900
    wrong = [
        (name, parse_date(f"9 {name} 2004"))
        for number, names in table.items()
        for name in names
        if parse_date(f"9 {name} 2004") != {"date-parts": [[2004, int(number), 9]]}
    ]
    assert not wrong


@pytest.mark.parametrize("text", ["2004Q2", "Q2 2004", "2Q 2004", "2004年第二季度", "2004년 2분기"])
def test_a_quarter_keeps_its_year(text: str) -> None:
    assert parse_date(text) == {"date-parts": [[2004, 4], [2004, 6]]}


def test_a_year_with_a_digit_unknown_is_a_decade() -> None:
    assert parse_date("200?") == {"date-parts": [[2000], [2009]], "circa": True}
