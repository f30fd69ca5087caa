"""Topics, the gallery of figures, and the reading record."""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from lxml import html
from PIL import Image
from sample_journal import Journal, data_of
from tests.until import until

from weeknotes.importers.pictures import PLACEHOLDER, PLACEHOLDER_SVG
from weeknotes.site.data.topics import ranked
from weeknotes.site.html import graph, thumbnails
from weeknotes.site.html.graph import Column
from weeknotes.site.pages import record_page, week_glance
from weeknotes.site.pages.pagination import divide, divide_from_oldest
from weeknotes.site.pages.record_page import Read
from weeknotes.text import charts


def note(title: str, key: str = "", tags: tuple[str, ...] = ()) -> str:
    spans = " ".join(f'<span class="tag">{tag}</span>' for tag in tags)
    cite = f'<span class="citation" data-cites="{key}">(X)</span>' if key else ""
    anchor = title.lower().replace(" ", "-")
    return f'<section id="{anchor}" class="level2"><h2>{title} {cite}</h2><p>{spans}</p></section>'


@pytest.fixture
def tagged(journal: Journal) -> Journal:
    """Three weeks in two years, with notes on three topics in three languages."""
    two = note("One", "a1", ("diffusion", "확산")) + note("Two", "b2", ("diffusion",))
    journal.add_week(date(2026, 11, 16), "en", two)
    journal.add_week(date(2026, 11, 9), "zh", note("Three", "c3", ("变形器 / attention",)))
    journal.add_week(date(2025, 11, 10), "ko", note("Four", "a1"), categories=["diffusion"])
    return journal


def page_of(site: Path, href: str) -> Any:
    return html.fromstring((site / href).read_text("utf-8"))


def test_each_topic_has_a_page_with_its_notes_newest_first(tagged: Journal) -> None:
    site = tagged.compose()
    page = page_of(site, "topics/diffusion.html")
    assert page.xpath('//ol[@class="note-list"]//a/text()') == ["One", "Two", "Four"]
    overview = page_of(site, "topics.html")
    rows = {
        r.xpath("string(th)"): r.xpath("string(td[last()])")
        for r in overview.xpath("//table[@class='bars']//tbody/tr")
    }
    assert rows == {"diffusion": "3", "확산": "1", "变形器 / attention": "1"}
    for href in overview.xpath("//table[@class='bars']//a/@href"):
        assert (site / unquote(href)).exists()


def test_categories_are_topics_of_notes_only_where_no_note_of_the_page_has_tags(
    journal: Journal,
) -> None:
    week = note("Tagged", "a1", ("nerf",)) + note("Bare", "b2")
    journal.add_week(date(2026, 11, 16), "en", week, categories=["cardiac"])
    journal.add_week(date(2026, 11, 9), "en", note("Alone", "c3"), categories=["cardiac"])
    site = journal.compose()
    page = page_of(site, "topics/cardiac.html")
    assert page.xpath('//ol[@class="note-list"]//a/text()') == ["Alone"]
    assert page_of(site, "topics/nerf.html").xpath('//ol[@class="note-list"]//a/text()') == [
        "Tagged"
    ]


def test_every_graph_has_its_numbers_as_a_table(tagged: Journal) -> None:
    site = tagged.compose()
    for href in ("topics.html", "topics-2026.html", "topics/diffusion.html"):
        page = page_of(site, href)
        for box in page.find_class("graph-box"):
            assert box.xpath('.//svg[@role="img"]/title/text()')[0] == box.xpath("string(h2)")
            assert box.xpath(".//details//table//tbody/tr")
    table = page_of(site, "topics.html").find_class("numbers")[0]
    found = [[c.text_content() for c in row] for row in table.xpath(".//tbody/tr")]
    assert [row[0] for row in found] == ["2025", "2026"]
    assert found[1][1] == "2"


def test_the_numbers_of_each_week_are_there_for_any_span(tagged: Journal) -> None:
    data = data_of(tagged.compose() / "topics.js")
    names = [name for name, _ in data["topics"]]
    assert {names[t]: n for t, n in data["weeks"]["2026-W47"]} == {"diffusion": 2, "확산": 1}


def test_a_span_of_weeks_is_chosen(visit: Callable[..., Any]) -> None:
    page = visit("topics.html")
    first = page.locator(".bars tbody tr").first
    before = first.locator("td").last.inner_text()
    page.get_by_label("From").select_option("2026-W47")
    until(
        page,
        "n => document.querySelector('.bars tbody td:last-child').textContent !== n",
        arg=before,
    )
    assert first.locator("td").last.inner_text() == "1"
    assert page.locator(".bars tbody a").first.get_attribute("href").startswith("topics/")


def test_columns_add_up_to_the_height_of_their_sum() -> None:
    svg = html.fromstring(
        str(
            graph.columns(
                [Column("", "W1", {"a": 3, "b": 1, "c": 4})], ["a", "b"], title="T", width=9
            )
        )
    )
    bars = {bar.get("class"): float(bar.get("height")) for bar in svg.xpath(".//rect")}
    assert bars["series-1"] == pytest.approx(3 * bars["series-2"], abs=0.4)
    assert bars["series-rest"] == pytest.approx(4 * bars["series-2"], abs=0.4)
    assert "W1: a 3, b 1, c 4" in svg.xpath("string(.//g/title)")


def test_gallery_shows_each_figure_with_its_note(journal: Journal) -> None:
    files = {}
    for name in ("plot.png", "drawing.svg"):
        path = journal.root / name
        if name.endswith("png"):
            Image.new("RGB", (1200, 600), "#345").save(path)
        else:
            path.write_bytes((Path(__file__).parent / "bodies/chain.svg").read_bytes())
        files[f"assets/images/{name}"] = str(path)
    figures = "".join(
        f'<figure id="fig-{n}"><img src="../../{href}" alt="Figure {n}">'
        f"<figcaption>그림 {n}</figcaption></figure>"
        for n, href in enumerate(files)
    )
    body = f'<section id="seen" class="level2"><h2>Seen</h2>{figures}</section>'
    week = journal.add_week(date(2026, 11, 16), "en", body)
    journal.sources[-1] = replace(week, assets=files)
    site = journal.compose()
    cards = page_of(site, "figures.html").xpath('//ol[contains(@class, "gallery")]/li')
    assert [card.xpath("string(.//p[@class='caption'])") for card in cards] == ["그림 0", "그림 1"]
    small, drawing = (card.xpath(".//img")[0] for card in cards)
    assert small.get("src").startswith("thumbs/") and (site / small.get("src")).exists()
    assert (small.get("width"), small.get("height")) == ("560", "280")
    assert drawing.get("src") == "assets/images/drawing.svg"
    assert all(image.get("loading") == "lazy" for image in (small, drawing))
    links = cards[0].xpath(".//a/@href")
    assert links == ["assets/images/plot.png", "journal/2026/2026-W47.html#fig-0"]


def data_address(size: tuple[int, int]) -> str:
    stream = io.BytesIO()
    Image.effect_noise(size, 60).save(stream, "PNG")
    return f"data:image/png;base64,{base64.b64encode(stream.getvalue()).decode()}"


def test_the_gallery_has_what_stands_outside_notes_and_in_the_page_itself(
    journal: Journal,
) -> None:
    loose = journal.root / "loose.png"
    Image.new("RGB", (300, 200), "#345").save(loose)
    chart = journal.root / "chart.svg"
    chart.write_text(charts.bars({"a": 1}, title="T"), "utf-8")
    missing = journal.root / "missing.svg"
    missing.write_text(PLACEHOLDER_SVG, "utf-8")
    assert week_glance.STANDS_FOR_MISSING == PLACEHOLDER
    files = {"loose.png": loose, "chart.svg": chart, PLACEHOLDER: missing}
    week = journal.add_week(
        date(2026, 11, 16),
        "en",
        "".join(f'<p><img src="../../{name}" alt="Not in a note"></p>' for name in files)
        + f'<img src="{data_address((16, 16))}" alt="An icon">'
        + '<section id="n" class="level2"><h2>N</h2>'
        + f'<img src="{data_address((900, 600))}" alt="Drawn into the page"></section>',
    )
    assets = {name: str(path) for name, path in files.items()}
    journal.sources[-1] = replace(week, assets=assets)
    site = journal.compose()
    frames = page_of(site, "figures.html").xpath('//ol[contains(@class, "gallery")]//a[img]')
    assert [f.xpath("string(img/@alt)") for f in frames] == ["Drawn into the page", "Not in a note"]
    assert [(f[0].get("width"), f[0].get("height")) for f in frames] == [
        ("560", "373"),
        ("300", "200"),
    ]
    with Image.open(site / frames[0].get("href")) as whole:
        assert whole.size == (900, 600)
    with Image.open(site / frames[0][0].get("src")) as small:
        assert small.size == (560, 373)


def test_thumbnails_are_small_and_carry_no_metadata(tmp_path: Path) -> None:
    path = tmp_path / "photo.jpg"
    image = Image.new("RGB", (2000, 1000), "#345")
    exif = Image.Exif()
    exif[0x010E] = "a secret"
    image.save(path, exif=exif)
    made = thumbnails.make(path)
    assert b"a secret" not in made
    with Image.open(io.BytesIO(made)) as small:
        assert small.size == (560, 280)
        assert small.format == "WEBP"
    assert thumbnails.shown_size(str(path)) == (560, 280)
    assert thumbnails.thumbnail_of("a/plot.svg") == "a/plot.svg"


def test_what_is_no_image_stops_no_build(tmp_path: Path) -> None:
    path = tmp_path / "broken.png"
    path.write_bytes(b"\x89PNG\r\n\x1a\nnothing")
    assert thumbnails.make(path) == path.read_bytes()


@pytest.mark.parametrize(
    ("papers", "expected"),
    [
        ([("2026-W46", 1), ("2026-W47", 2)], (2, 2)),
        ([("2026-W44", 1), ("2026-W46", 1), ("2026-W47", 1)], (2, 2)),
        ([("2026-W46", 3), ("2026-W47", 0)], (0, 1)),
        # A year of 53 weeks: 2020-W53 is followed by 2021-W01.
        ([("2020-W52", 1), ("2020-W53", 1), ("2021-W01", 1)], (3, 3)),
        ([], (0, 0)),
    ],
)
def test_streaks(papers: list[tuple[str, int]], expected: tuple[int, int]) -> None:
    assert record_page.streaks([Read(week, "", n) for week, n in papers]) == expected


def test_the_record_counts_papers_and_lists_what_waits(tagged: Journal) -> None:
    library = [
        {"id": "a1", "type": "book", "title": "Read"},
        {"id": "w1", "type": "book", "title": "Waits", "custom": {"date-added": "2026-02-01"}},
        {
            "id": "w0",
            "type": "book",
            "title": "Waits longer",
            "custom": {"date-added": "2025-02-01"},
        },
        {"id": "w2", "type": "book", "title": "Undated"},
    ]
    (tagged.root / "references.json").write_text(json.dumps(library), "utf-8")
    page = page_of(tagged.compose(), "record.html")
    names = page.xpath('//ol[contains(@class, "waiting")]//span[@class="name"]/text()')
    assert names == ["Waits longer", "Waits", "Undated"]
    cells = {a.get("aria-label") for a in page.xpath('//table[@class="calendar"]//a')}
    assert cells == {"2026-W47: 2 papers", "2026-W46: 1 paper", "2025-W46: 1 paper"}


def test_pages_of_a_list() -> None:
    first, *others = divide(list(range(5)), "list.html", 2)
    assert first.items == (0, 1)
    assert [part.href for part in others] == ["list-2.html", "list-3.html"]
    newest, *older = divide_from_oldest(list(range(7)), "g.html", 3)
    assert [newest.href, *(part.href for part in older)] == ["g.html", "g-2.html", "g-1.html"]
    assert [item for part in (newest, *older) for item in part.items] == list(range(7))
    assert divide_from_oldest([], "g.html", 3)[0].items == ()
    assert ranked({"b": 1, "a": 1, "c": 2}) == [("c", 2), ("a", 1), ("b", 1)]
