"""What composing makes of what was written: tags that lead somewhere, charts in the page's colours,
a link where a page may load nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any
from urllib.parse import unquote

import pytest
from lxml import html
from sample_journal import Journal

from weeknotes.actions import glance
from weeknotes.journal.notes import read
from weeknotes.site.html import markup
from weeknotes.site.pages.home_page import excerpt
from weeknotes.site.pages.week_glance import STANDS_FOR_MISSING
from weeknotes.text import charts

WEEK = "journal/2026/2026-W47.html"
MONDAY = date(2026, 11, 16)


def composed(journal: Journal, body: str, href: str = WEEK, **meta: Any) -> Any:
    """The page at ``href`` of a site whose one week is ``body``."""
    journal.add_week(MONDAY, "en", body, **meta)
    return html.fromstring((journal.compose() / href).read_text("utf-8"))


def note(inside: str, heading: str = "One") -> str:
    return f'<section id="one" class="level2"><h2>{heading}</h2>{inside}</section>'


def test_tags_lead_to_their_topics(journal: Journal) -> None:
    body = note(
        '<p><span class="tag">diffusion</span> <span class="tag">잡음 / noise</span></p>',
        'One <span class="tag">in the heading</span>',
    )
    week = composed(journal, body, categories=["diffusion", "nowhere"])
    site = journal.root / "_site"
    links = {a.text: a.get("href") for a in week.xpath("//main//a[@class='tag']")}
    assert set(links) == {"diffusion", "잡음 / noise"}
    targets = {text: (site / WEEK).parent / unquote(href) for text, href in links.items()}
    assert all("One" in path.read_text("utf-8") for path in targets.values())
    # A heading is what folds, and there can be no link in it; what is no topic leads nowhere.
    assert week.xpath("string(//summary//span[@class='tag'])") == "in the heading"
    assert week.xpath("//ul[@class='tags']//span[@class='tag']/text()") == ["nowhere"]
    home = html.fromstring((site / "index.html").read_text("utf-8"))
    shown = home.xpath("//ol[@class='entries']//a[@class='tag']/text()")
    assert shown == ["in the heading", "diffusion", "잡음 / noise"]


def with_chart(journal: Journal, svg: str, below: str = "", name: str = "cell-categories") -> Any:
    path = journal.root / "chart.svg"
    path.write_text(svg, "utf-8")
    cell = (
        f'<div id="{name}" class="cell"><div class="cell-output"><p>'
        '<img src="2026-W47_files/c.svg" alt=""></p></div></div>'
    )
    week = journal.add_week(
        MONDAY, "en", cell + below + note('<p><span class="tag">diffusion</span></p>')
    )
    assets = {"journal/2026/2026-W47_files/c.svg": str(path)}
    journal.sources[-1] = replace(week, assets=assets)
    return html.fromstring((journal.compose() / WEEK).read_text("utf-8"))


def test_the_chart_of_a_week_is_drawn_in_the_pages_own_colours_and_text(journal: Journal) -> None:
    entries = [
        {"title": "A", "key": "a", "tags": ["diffusion", "<b> & 모델"]},
        {"title": "B", "key": "b", "tags": ["diffusion"]},
    ]
    display = glance.categories(entries)
    assert display is not None
    page = with_chart(journal, display.bundle["image/svg+xml"])
    table = page.xpath("//details[@class='glance']//table[@class='bars']")[0]
    assert table.xpath("string(caption)") == "Papers added this week, by category"
    rows = [[cell.text_content() for cell in row] for row in table.iter("tr")]
    assert rows == [["diffusion", "", "2"], ["<b> & 모델", "", "1"]]
    assert table.xpath(".//a/@href") == ["../../topics/diffusion.html"]
    assert not page.xpath("//main//img")


def test_nothing_stands_for_the_missing_picture_of_the_same_numbers(journal: Journal) -> None:
    made = charts.bars({"a": 1}, title="T")
    figure = '<figure><img src="{}" alt="x"><figcaption>x</figcaption></figure>'
    stand_in = figure.format("../../" + STANDS_FOR_MISSING)

    def figures(svg: str, below: str) -> int:
        page = with_chart(journal, svg, below, "cell-category-graph")
        return len(page.xpath("//main//figure"))

    assert figures(made, stand_in) == 0
    assert figures(made, figure.format("../../plot.png")) == 1
    assert figures("<svg/>", stand_in) == 1


def test_any_other_drawing_stays_as_it_is(journal: Journal) -> None:
    made = charts.bars({"a": 1}, title="T")
    for svg in ("<svg><rect/></svg>", made.replace("</g>", "<circle r='3'/><rect/></g>")):
        assert len(with_chart(journal, svg).xpath("//main//img")) == 1


def test_a_chart_can_be_read_again() -> None:
    counts = {"확산 모델": 3, 'a "b" <c>': 1, "zero": 0}
    found = charts.read_bars(charts.bars(counts, title="가 & b"))
    assert found is not None
    assert (found.title, dict(found.rows)) == ("가 & b", counts)


MEDIA = [
    ('<img src="https://x.example/a.png" alt="A plot">', "A plot (image on x.example)"),
    ('<img src="//x.example/a.png" alt="">', "image on x.example"),
    ('<video src="http://x.example/a.mp4" controls></video>', "video on x.example"),
    ('<video><source src="https://x.example/a.webm"></video>', "video on x.example"),
    ('<iframe src="https://x.example/embed"></iframe>', "page on x.example"),
]


@pytest.mark.parametrize(("medium", "words"), MEDIA)
def test_what_another_host_has_is_linked_and_not_loaded(
    journal: Journal, medium: str, words: str
) -> None:
    page = composed(journal, note(f"<p>Before {medium} after</p>"))
    (link,) = page.find_class("elsewhere")
    assert link.text_content() == words
    assert link.get("href").split("://")[1].startswith("x.example/")
    assert not page.xpath("//main//*[@src]")
    assert page.xpath("string(//details//p)").split() == ["Before", *words.split(), "after"]


def test_what_its_owner_allows_is_loaded(journal: Journal) -> None:
    journal.website = "\nweeknotes:\n  allow-hosts: [https://*.x.org, https://y.org:8080]\n"
    sources = ["https://img.x.org/a.png", "https://y.org:8080/b.png", "https://y.org/c.png"]
    page = composed(journal, note("".join(f'<img src="{s}" alt="">' for s in sources)))
    assert page.xpath("//main//img/@src") == sources[:2]
    assert [a.get("href") for a in page.find_class("elsewhere")] == sources[2:]


def test_footnotes_have_a_heading_in_the_pages_language(journal: Journal) -> None:
    notes = '<section id="footnotes" role="doc-endnotes"><ol><li>1</li></ol></section>'
    journal.add_week(MONDAY, "ko", note("<p>글</p>") + notes)
    page = html.fromstring((journal.compose() / WEEK).read_text("utf-8"))
    assert page.xpath("string(//section[@id='footnotes']/h2)") == "각주"


def test_cells_below_an_empty_corner_head_their_rows() -> None:
    head = "<thead><tr><th></th><th>a</th></tr></thead>"
    tree = markup.parse(f"<table>{head}<tbody><tr><td>x</td><td>1</td></tr></tbody></table>")
    markup.settle_tables(tree)
    assert [c.get("scope") for c in tree.iter("th")] == [None, "row"]
    plain = markup.parse(
        f"<table>{head.replace('<th></th>', '<th>n</th>')}<tbody><tr><td>x</td></tr></tbody></table>"
    )
    markup.settle_tables(plain)
    assert not plain.xpath(".//tbody//th")


@pytest.mark.parametrize(
    ("text", "length", "expected"),
    [
        ("one two <em>marginal</em> cost", 14, "one two…"),
        ("one two three", 9, "one two…"),
        ("一层短轴切面里的三个结构", 5, "一层短轴切…"),
        ("short", 9, "short"),
    ],
)
def test_an_excerpt_ends_with_a_word(text: str, length: int, expected: str) -> None:
    tree = markup.parse(f"<p>{text}</p>")
    paragraph = tree[0]
    markup.truncate(paragraph, length)
    assert paragraph.text_content() == expected


@pytest.mark.parametrize(
    "facts",
    [
        "<p>Votes: 9</p><p>Authors: Alec Radford, Jong Wook Kim, Chris Hallacy, Aditya Ramesh</p>",
        "<p><strong>추천 이유:</strong> 확산, 잡음, 영상, 분할, 심장, 궤적, 스케줄, 생성, 모델</p>",
        '<p>Ze Liu, Yutong Lin, Yue Cao, Han Hu · cs.CV · <a href="https://a.org/1">PDF</a></p>',
    ],
)
def test_the_excerpt_of_a_digest_is_what_it_says_of_the_paper(facts: str) -> None:
    said = "The cost grows with the number of pixels, and not with its square."
    page = read(f'<section id="n" class="level2"><h2>Swin</h2>{facts}<p>{said}</p></section>')
    assert excerpt(page.notes[0]) == said


def test_the_glance_is_folded_until_its_reader_opens_it(visit: Callable[..., Any]) -> None:
    glance_open = "document.querySelector('.glance').open"
    page = visit(WEEK, viewport={"width": 1280, "height": 800})
    assert page.evaluate(glance_open) is False
    page.get_by_text("The week at a glance").click()
    assert page.get_by_role("cell", name="Ho, Jain, Abbeel").is_visible()
    page.wait_for_timeout(50)
    page.reload()
    assert page.evaluate(glance_open) is True
    assert visit(WEEK, viewport={"width": 390, "height": 740}).evaluate(glance_open) is False


def test_a_heading_with_nothing_under_it_is_no_note(journal: Journal) -> None:
    page = composed(journal, '<section id="tasks" class="level2"><h2>Tasks</h2></section>')
    assert page.xpath("//main//h2/text()") == ["Tasks"]
    assert not page.xpath("//details[contains(@class, 'note')]")
    home = html.fromstring((journal.root / "_site/index.html").read_text("utf-8"))
    assert "Nothing is written in it yet." in home.text_content()
    assert home.xpath("string(//p[@class='totals'])") == "1 week · 0 notes"
