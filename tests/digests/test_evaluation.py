"""What the digests had shown of what joined the library."""

from datetime import date

import pytest

from weeknotes.digests.evaluation import evaluate
from weeknotes.digests.ledger import Ledger
from weeknotes.digests.paper import paper_of
from weeknotes.library.store import Library


def entry(key, added, issued, **fields):
    return {
        "id": key,
        "type": "article",
        "title": f"On the strokes of bells, part {key}",
        "issued": {"date-parts": [issued]},
        "custom": {"date-added": added},
        **fields,
    }


def library(*entries):
    return Library({one["id"]: one for one in entries})


@pytest.fixture
def ledger(tmp_path):
    ledger = Ledger(tmp_path)
    for number, day in ((1, date(2026, 9, 1)), (2, date(2026, 9, 2)), (3, date(2026, 10, 1))):
        paper = paper_of(
            {"id": f"2609.0000{number}", "title": f"A paper numbered {number} in a row"}
        )
        ledger.show(paper, day)
    return ledger


def arxiv(number):
    return {"archive": "arXiv", "archive_location": f"2609.0000{number}"}


def test_recall_is_of_the_papers_that_could_have_been_shown(ledger):
    found = evaluate(
        library(
            entry("one", "2026-09-03", [2026, 9, 1], **arxiv(1)),
            entry("two", "2026-10-03", [2026, 9, 2], DOI="10.48550/arXiv.2609.00002"),
            entry("missed", "2026-10-04", [2026, 9, 20], **arxiv(9)),
            entry("classic", "2026-10-05", [2015, 3, 1]),
            entry("before", "2026-08-01", [2026, 7, 1]),
            entry("undated", "2026-10-05", []),
        ),
        ledger,
    )
    assert [(one.key, one.shown is not None) for one in found.joined] == [
        ("one", True),
        ("two", True),
        ("missed", False),
    ]
    assert found.recall == pytest.approx(2 / 3, abs=1e-3) and found.older == 2
    assert [row["recall"] for row in found.to_dict()["months"]] == [1.0, 0.5]
    assert [row["key"] for row in found.to_dict()["missed"]] == ["missed"]


def test_a_paper_that_was_shown_after_it_had_joined_was_missed(ledger):
    found = evaluate(library(entry("late", "2026-09-20", [2026, 9], **arxiv(3))), ledger)
    assert found.recall == 0


def test_the_table_has_a_row_a_month_and_names_what_was_missed(ledger):
    text = evaluate(
        library(
            entry("one", "2026-09-03", [2026, 9, 1], **arxiv(1)),
            entry("missed", "2026-10-04", [2026, 9, 20], **arxiv(9)),
        ),
        ledger,
    ).to_text()
    assert "2026-09         1       1    100%" in text
    assert "2026-10         1       0      0%" in text
    assert "all             2       1     50%" in text
    assert "part missed [missed]" in text and "█" in text


def test_without_digests_or_later_papers_it_says_so(tmp_path, ledger):
    assert evaluate(library(), Ledger(tmp_path)).to_text() == "There is no digest yet."
    said = evaluate(library(entry("old", "2026-09-03", [2001])), ledger).to_text()
    assert "no paper has joined" in said and "1 older" in said


def test_a_year_alone_may_be_within_the_digests(ledger):
    found = evaluate(library(entry("year", "2026-11-01", [2026], **arxiv(8))), ledger)
    assert [one.key for one in found.joined] == ["year"]
