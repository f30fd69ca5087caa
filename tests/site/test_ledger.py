"""The ledger: open tasks and questions, when they were first asked, and whether they were answered."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from lxml import html
from tests.site.sample_journal import Journal

from weeknotes.journal.notes import read
from weeknotes.site.data.tasks_and_questions import asks_in


def asked(body: str) -> list[tuple[str, str, bool]]:
    page = read(f'<section id="n" class="level2"><h2>A note</h2>{body}</section>')
    return [(ask.kind, ask.text, ask.closed) for note in page.notes for ask in asks_in(note)]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<ul><li>Q: Why linear?</li></ul>", [("Why linear?", False)]),
        ("<ul><li>Q: Why linear? A: It is not.</li></ul>", [("Why linear?", True)]),
        ("<ul><li>Q: Why?<ul><li>A: So.</li></ul></li></ul>", [("Why?", True)]),
        ("<p>Q: Why?</p><p>A: So.</p>", [("Why?", True)]),
        ("<p>Q: Why?</p><p>Another thing.</p>", [("Why?", False)]),
        (
            "<p><strong>Q1. 为什么要预测噪声?</strong></p><p>因为方差相同。</p>",
            [("为什么要预测噪声?", True)],
        ),
        ("<p><strong>Q1. Why?</strong> Because.</p>", [("Why?", True)]),
        ("<p><strong>Q1. Why?</strong></p>", [("Why?", False)]),
        ("<ul><li>의문: 분산은 왜 고정인가?</li></ul>", [("분산은 왜 고정인가?", False)]),
        ("<p>要验证：小步长是否足够</p>", [("小步长是否足够", False)]),
        (
            '<p>I wonder <span class="question">whether it holds</span>.</p>',
            [("whether it holds", False)],
        ),
        ('<p><span class="question answered">Does it?</span></p>', [("Does it?", True)]),
        ("<p>The Q-value is low, and the IQ: 3.</p>", []),
    ],
)
def test_questions_and_their_answers(body: str, expected: list[tuple[str, bool]]) -> None:
    assert asked(body) == [("question", text, closed) for text, closed in expected]


def test_tasks_are_no_questions() -> None:
    item = '<li><input type="checkbox"{}>{}</li>'
    body = f"<ul>{item.format(' checked', 'read')}{item.format('', 'Q: ask?')}</ul>"
    assert asked(body) == [("task", "read", True), ("task", "Q: ask?", False)]


def week(tasks: str, note: str = "<p>Text.</p>") -> str:
    return (
        f'<section id="a" class="level2"><h2>A note</h2>{note}</section>'
        f'<section id="tasks" class="level2"><h2>Tasks</h2><ul>{tasks}</ul></section>'
    )


def task(text: str, done: bool = False) -> str:
    return f'<li><input type="checkbox"{" checked" if done else ""}>{text}</li>'


def rows(journal: Journal) -> list[list[str]]:
    page: Any = html.fromstring((journal.root / "_site/open.html").read_text("utf-8"))
    return [
        [" ".join(cell.text_content().split()) for cell in row] for row in page.xpath("//tbody/tr")
    ]


def test_a_task_is_one_entry_however_often_it_is_carried_over(journal: Journal) -> None:
    for number in range(6):
        journal.add_week(
            date.fromordinal(date(2026, 10, 5).toordinal() + 7 * number),
            "en",
            week(task("Plot it") + task("Ask Park", number == 2) * (number < 3)),
        )
    journal.compose()
    found = {row[0]: row[1:] for row in rows(journal)}
    assert found["Plot it"] == ["Overdue", "2026-W41", "5", "2026-W46"]
    assert found["Ask Park"] == ["Done", "2026-W41", "2", "2026-W43"]


def test_a_question_is_closed_by_the_note_that_answers_it(journal: Journal) -> None:
    journal.add_week(date(2026, 10, 5), "en", week("", "<p>Q: Why linear?</p>"))
    journal.add_week(date(2026, 10, 12), "en", week("", "<p>Q: Why linear? A: By habit.</p>"))
    journal.compose()
    assert rows(journal) == [["Why linear?", "Answered", "2026-W41", "1", "2026-W42"]]


def test_what_is_written_for_the_reader_comes_first_at_home(journal: Journal) -> None:
    body = (
        '<section id="for-you" class="level2"><h2>For you</h2><p>Please decide on the data.</p>'
        "</section>" + week(task("Plot it"))
    )
    journal.add_week(date(2026, 10, 5), "en", body)
    journal.compose()
    page: Any = html.fromstring((journal.root / "_site/index.html").read_text("utf-8"))
    section = page.find_class("for-you")[0]
    assert "Please decide on the data." in section.text_content()
    assert not page.xpath("//ol[@class='entries']//h3[contains(., 'For you')]")
    assert "1 open task · 0 open questions" in page.text_content()
