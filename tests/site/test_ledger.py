"""The ledger: open tasks and questions, when they were first asked, and whether they were answered."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from lxml import html
from tests.site.sample_journal import Journal

from weeknotes.journal.notes import read
from weeknotes.site.data.tasks_and_questions import Ask, asks_in


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
        ("<p><strong>问 2：什么是坍缩？</strong> 先验被照抄。</p>", [("什么是坍缩？", True)]),
        ("<p>问：为什么慢？</p><p>答 1：因为大。</p>", [("为什么慢？", True)]),
        ("<p>以后改网络时先问：我动的是哪一个？</p>", []),
        ("<p>물음: 왜 느린가?</p>", [("왜 느린가?", False)]),
        (
            "<p>Questions to answer before Friday: what is left? And with noise?</p>",
            [("what is left? And with noise?", False)],
        ),
        ("<p><strong>疑问。</strong> 大小固定的状态够吗</p>", [("大小固定的状态够吗", False)]),
        (
            "<p><strong>Q2. Why smoother?</strong> A guess. 要验证：按 t 画损失。</p>",
            [("Why smoother?", False), ("按 t 画损失。", False)],
        ),
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


def found(body: str, title: str = "A note") -> list[Ask]:
    page = read(f'<section id="n" class="level2"><h2>{title}</h2>{body}</section>')
    return [ask for note in page.notes for ask in asks_in(note)]


@pytest.mark.parametrize(
    ("text", "kind", "label", "rest"),
    [
        (
            "Doubt: the theorem needs smooth paths.",
            "question",
            "Doubt",
            "the theorem needs smooth paths.",
        ),
        (
            "의문: 잡음이 작을 때는 맞지 않는다.",
            "question",
            "의문",
            "잡음이 작을 때는 맞지 않는다.",
        ),
        ("疑问：低噪声处最难学。", "question", "疑问", "低噪声处最难学。"),
        ("要検証：小さな刻みで足りるか。", "question", "要検証", "小さな刻みで足りるか。"),
        ("Unfinished: the last proof.", "task", "Unfinished", "the last proof."),
        ("미완: 표 3 다시 그리기", "task", "미완", "표 3 다시 그리기"),
        ("未完成：附录的推导", "task", "未完成", "附录的推导"),
        ("未完了：付録の導出", "task", "未完了", "付録の導出"),
        ("<strong>To try.</strong> Look at one slice.", "task", "To try", "Look at one slice."),
        ("Decision needed: mesh or voxels", "decision", "Decision needed", "mesh or voxels"),
        (
            "결정이 필요합니다: 격자인가 복셀인가",
            "decision",
            "결정이 필요합니다",
            "격자인가 복셀인가",
        ),
        ("需要决定：用哪个数据集", "decision", "需要决定", "用哪个数据集"),
        ("要決定：どのデータを使うか", "decision", "要決定", "どのデータを使うか"),
    ],
)
def test_a_marked_line_keeps_its_word(text: str, kind: str, label: str, rest: str) -> None:
    [ask] = found(f"<ul><li>{text}</li></ul>")
    assert (ask.kind, ask.label, ask.text, ask.closed) == (kind, label, rest, False)


@pytest.mark.parametrize(
    "text",
    [
        "The reviewer has no doubt: it holds.",
        "결정계수는 0.9이다.",
        "这个问题很难。",
        "Decision trees need 40 votes.",
        "未完成的工作很多",
    ],
)
def test_a_word_within_a_sentence_marks_nothing(text: str) -> None:
    assert found(f"<p>{text}</p>") == []


def test_a_marker_in_the_middle_of_a_paragraph_has_the_sentence_before_it() -> None:
    [ask] = found("<p>The target has one scale. 要验证：按 t 分桶画损失。</p>")
    assert (ask.label, ask.text) == ("要验证", "按 t 分桶画损失。")
    assert ask.context == "The target has one scale."


def test_a_question_that_refers_back_has_the_sentence_before_it() -> None:
    [ask] = found(
        "<p>First one thing. The wall is thin.</p><p>Q: Does that matter for the loss?</p>"
    )
    assert ask.context == "The wall is thin."


@pytest.mark.parametrize(
    ("body", "closed"),
    [
        ("<p>Decision needed: mesh or voxels</p><p>Decided: voxels.</p>", True),
        ("<p>결정이 필요합니다: 격자인가</p><p>결정: 복셀로 한다.</p>", True),
        ("<p>需要决定：用哪个 决定：第一个</p>", True),
        ('<p><span class="decision decided">mesh or voxels</span></p>', True),
        ('<p><span class="decision">mesh or voxels</span></p>', False),
    ],
)
def test_a_decision_is_closed_by_what_was_decided(body: str, closed: bool) -> None:
    assert [(ask.kind, ask.closed) for ask in found(body)] == [("decision", closed)]


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("의문", "question"),
        ("Open questions", "question"),
        ("Unfinished", "task"),
        ("待办", "task"),
    ],
)
def test_the_items_under_a_heading_that_is_a_marker(title: str, kind: str) -> None:
    list_ = "<ul><li>The first thing</li><li>The second one</li></ul>"
    asks = found(f'<section class="level3"><h3>{title}</h3>{list_}</section>')
    assert [(a.kind, a.text) for a in asks] == [(kind, "The first thing"), (kind, "The second one")]


def test_what_is_written_for_the_reader_asks_without_markers() -> None:
    body = (
        "<p>We move to flows. Should we keep the old loss?</p><p>표본 수는 결정이 필요합니다.</p>"
    )
    asks = found(body, "For you")
    assert [(a.kind, a.text, a.to_reader) for a in asks] == [
        ("question", "Should we keep the old loss?", True),
        ("decision", "표본 수는 결정이 필요합니다.", True),
    ]


def test_formulas_in_a_question_stay_readable() -> None:
    math = "<math><msub><mi>x</mi><mi>t</mi></msub><mo>=</mo><mfrac><mi>a</mi><mi>b</mi></mfrac></math>"
    assert found(f"<p>Q: Why is {math}?</p>")[0].text == "Why is x_t = a/b?"


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
    asked = "Why linear? A note"  # A question is read with the title of its note.
    assert rows(journal) == [[asked, "Answered", "2026-W41", "1", "2026-W42"]]


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


def test_an_entry_leads_to_its_own_paragraph(journal: Journal) -> None:
    note = "<p>Some text.</p><ul><li>Q: Why is the path straight?</li></ul><p>Doubt: it bends.</p>"
    journal.add_week(date(2026, 10, 5), "en", week(task("Plot it"), note))
    journal.compose()
    ledger: Any = html.fromstring((journal.root / "_site/open.html").read_text("utf-8"))
    for row in ledger.xpath("//tbody/tr"):
        href = row.xpath("./td[1]//a/@href")[0]
        path, _, anchor = href.partition("#")
        page: Any = html.fromstring((journal.root / "_site" / path).read_text("utf-8"))
        element = page.get_element_by_id(anchor)
        assert element.tag in ("li", "p")
        asked = row.xpath("./td[1]/a")[0].text_content()
        assert element.text_content().removeprefix("Q: ").strip() == asked.strip()


def test_the_ledger_begins_with_what_is_open(journal: Journal) -> None:
    journal.add_week(date(2026, 10, 5), "en", week(task("Plot it") + task("Ask Park", True)))
    journal.compose()
    page: Any = html.fromstring((journal.root / "_site/open.html").read_text("utf-8"))
    chosen = page.xpath("//input[@name='status'][@checked]/..")[0]
    assert chosen.text_content().split() == ["Open", "1"]
    closed = page.xpath("//input[@value='closed']/..")[0]
    assert closed.text_content().split() == ["Closed", "1"]
    assert [row[0] for row in rows(journal)] == ["Plot it", "Ask Park"]


def test_the_front_lists_questions_and_decisions_by_themselves(journal: Journal) -> None:
    said = "<p>We move on.</p><p>Q: Which data?</p><p>Decision needed: mesh or voxels</p>"
    body = f'<section id="for-you" class="level2"><h2>For you</h2>{said}</section>'
    journal.add_week(date(2026, 10, 5), "en", body + week(task("Plot it") + task("Ask", True)))
    journal.compose()
    page: Any = html.fromstring((journal.root / "_site/index.html").read_text("utf-8"))
    front = page.find_class("front")[0]
    assert front.find_class("text")[0].text_content().split() == ["We", "move", "on."]
    lists = {
        part.find("h2").text_content().split()[0]: [
            li.text_content().strip() for li in part.iter("li")
        ]
        for part in front.find_class("listed")
    }
    assert lists == {
        "Questions": ["Which data?"],
        "Decisions": ["mesh or voxels"],
        "Done": ["Ask"],
        "Promised": ["Plot it"],
    }
