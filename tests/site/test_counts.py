"""What one page counts, the page that it leads to counts too; and all is in order of time."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from lxml import html
from sample_journal import Journal, data_of

from weeknotes.journal.notes import read
from weeknotes.site.data.reading_state import is_being_read


def tree(sample: Path, href: str) -> Any:
    return html.fromstring((sample / href).read_text("utf-8"))


def number(text: str) -> int:
    found = re.search(r"\d+", text)
    assert found, text
    return int(found[0])


def test_home_counts_papers_as_their_list_does(sample: Path) -> None:
    totals = tree(sample, "index.html").find_class("totals")[0]
    papers = number(totals.xpath("string(a[contains(@href, 'papers')])"))
    assert papers == number(
        tree(sample, "papers.html").xpath("string(//label[1]//*[@class='count'])")
    )


def test_the_record_counts_what_was_read_as_the_list_of_papers_does(site: Path) -> None:
    lead = tree(site, "papers.html").xpath("string(//p[@class='lead'])")
    states = {
        label.xpath("string(input/@value)"): number(label.text_content())
        for label in tree(site, "papers.html").xpath("//label[input[@name='status']]")
    }
    assert number(lead) == states["read"] > 0
    assert (
        states["reading"] == 1
    )  # The shipped journal has a note that says that it is not finished.
    assert sum(states.values()) == 2 * states[""]
    record = tree(site, "record.html")
    [total] = record.xpath("//dt[.='Papers read']/../dd/text()")
    assert int(total) == states["read"]
    waiting = number(record.xpath("string(//h2[@id='waiting']/span)"))
    assert waiting == states["cited"] + states["library"]


def test_a_paper_of_a_digest_is_mentioned_and_one_of_a_week_is_read(journal: Journal) -> None:
    entries = [{"id": key, "type": "book", "title": key} for key in ("aa", "bb", "cc", "dd")]
    (journal.root / "references.json").write_text(json.dumps(entries), "utf-8")
    cite = '<span class="citation" data-cites="{0}">(X)</span>'
    note = '<section id="{0}" class="level2"><h2>{0} ' + cite + "</h2><p>{1}</p></section>"
    digest = note.format("aa", "Its gist.")
    journal.add_page("journal/d.html", "digest", digest, title="D", date="2026-10-02", lang="en")
    body = note.format("bb", "All of it.") + note.format("cc", "읽는 중. 메모만:")
    journal.add_week(date(2026, 10, 5), "ko", body)
    site = journal.compose()
    rows = tree(site, "papers.html").xpath("//tbody/tr")
    states = {row.xpath("string(td[1]/a)"): row.get("data-status") for row in rows}
    assert states == {"aa": "cited", "bb": "read", "cc": "reading", "dd": "library"}
    # Of a note the week is known, and no day of it.
    assert {row.xpath("string(td[5])") for row in rows} == {"2026-W40", "2026-W41", ""}
    assert "5–11 October 2026" in tree(site, "papers/bb.html").text_content()


@pytest.mark.parametrize(
    ("text", "begun"),
    [
        ("<p>Still reading; the proof is left.</p>", True),
        ("<p>还在读，只有笔记。</p>", True),
        ("<p>読書中。途中までのメモ。</p>", True),
        ("<ul><li>읽고 있다: 3장까지</li></ul>", True),
        ("<section class='level3'><h3>Unfinished</h3><p>The rest.</p></section>", True),
        ("<p>The readers are still reading to the end of it.</p>", False),
        ("<p>我在读者那里看到。</p>", False),
        ("<p>The unfinished proof is in the appendix.</p>", False),
    ],
)
def test_a_note_says_that_its_paper_is_being_read(text: str, begun: bool) -> None:
    page = read(f"<section id='n' class='level2'><h2>A note</h2>{text}</section>")
    assert is_being_read(page.notes[0]) is begun


def test_home_counts_the_notes_on_a_topic_as_its_page_does(sample: Path) -> None:
    home = tree(sample, "index.html")
    for item in home.xpath("//dd//li[a[contains(@href, 'topics/')]]"):
        href = item.xpath("string(a/@href)")
        page = tree(sample, unquote(href))
        assert number(item.xpath("string(span)")) == len(
            page.xpath("//ol[contains(@class, 'note-list')]/li")
        ), href


def test_topics_stand_in_order_of_time_a_digest_in_its_week(sample: Path) -> None:
    weeks = list(data_of(sample / "topics.js")["weeks"])
    assert weeks == sorted(weeks)
    assert all(re.fullmatch(r"\d{4}-W\d\d", week) for week in weeks)
    shown = tree(sample, "topics.html").xpath("//select[@name='from']/option/text()")
    assert [text.strip() for text in shown] == weeks


@pytest.mark.browser
def test_a_first_visit_says_that_all_is_new(visit: Callable[..., Any]) -> None:
    page = visit("index.html")
    page.wait_for_selector("html[data-news=settled]", state="attached")
    assert "all is new" in page.inner_text("[data-since-count]")


@pytest.mark.browser
@pytest.mark.parametrize("width", [320, 360, 820, 1280])
@pytest.mark.parametrize(
    "href",
    [
        "index.html",
        "weeks.html",
        "papers.html",
        "topics.html",
        "figures.html",
        "record.html",
        "new.html",
    ],
)
def test_no_page_scrolls_sideways(visit: Callable[..., Any], href: str, width: int) -> None:
    page = visit(href, viewport={"width": width, "height": 740})
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
