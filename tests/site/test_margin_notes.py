"""Notes in the margin: beside the text where there is room, and never over something else."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from bench.host import serving
from sample_journal import Journal
from shifting import layout_shift
from tests.until import until

pytestmark = pytest.mark.browser

_PARAGRAPH = "<p class='{}'>" + "Words that go over several lines of a wide page. " * 6 + "</p>"
_TERMS = "<mo>+</mo>".join(f"<mi>value{number}</mi>" for number in range(14))
BODY = f"""<section id="n" class="level2"><h2>A note</h2>
{_PARAGRAPH.format("first")}
<div class="aside">A first note, of the paragraph above.</div>
<div class="aside">A second one, which has to be below the first, since both are of one paragraph.</div>
<div class="column-margin"><p>A block of its own.</p></div>
{_PARAGRAPH.format("second")}
<p><span id="eq-wide"><math display="block"><mrow>{_TERMS}</mrow></math></span></p>
<div class="aside">It is about the formula.</div>
<p>A claim<a href="#fn1" class="footnote-ref" id="fnref1" role="doc-noteref"><sup>1</sup></a>.</p>
<ul><li>An item<div class="aside">One of an item.</div></li></ul>
</section>
<section id="footnotes" class="footnotes footnotes-end-of-document" role="doc-endnotes"><hr>
<ol><li id="fn1"><p>What it rests on, in more words than go into a line.</p></li></ol></section>"""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    journal = Journal(tmp_path_factory.mktemp("margins"))
    page = journal.add_week(date(2026, 11, 16), "en", BODY)
    site: Path = journal.compose()
    with serving(site, base="/") as host:
        yield host.url + page.href


def boxes(page: Any, selector: str) -> list[dict[str, float]]:
    return [element.bounding_box() for element in page.locator(selector).all()]


def test_they_are_beside_the_text_and_apart_from_one_another(browser: Any, address: str) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(address)
    page.wait_for_selector(".sidenote")
    until(page, "document.querySelectorAll('.text [style*=top]').length > 2")
    notes = boxes(page, ".aside, .column-margin, .sidenote")
    first, second = boxes(page, "p.first")[0], boxes(page, "p.second")[0]
    right = first["x"] + first["width"]
    assert all(note["x"] > right and note["x"] + note["width"] <= 1280 for note in notes)
    assert abs(notes[0]["y"] - first["y"]) < 8
    assert (
        second["y"] - first["y"] - first["height"] < 60
    )  # The text goes on as if they weren't there.
    [formula] = boxes(page, ".scroll.formula")
    assert formula["x"] + formula["width"] > notes[0]["x"]
    places = sorted((box["y"], box["y"] + box["height"]) for box in [*notes, formula])
    assert all(above[1] <= below[0] for above, below in pairwise(places))
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert layout_shift(page) < 0.05
    page.close()


@pytest.mark.parametrize("width", [320, 820])
def test_they_are_in_the_text_where_there_is_no_room(
    browser: Any, address: str, width: int
) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.goto(address)
    shown = boxes(page, "p.first, .aside, .column-margin, p.second")
    assert all(a["y"] + a["height"] <= b["y"] for a, b in pairwise(shown))
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.close()


def test_an_arrow_says_that_a_formula_scrolls_until_it_was(browser: Any, address: str) -> None:
    context = browser.new_context(
        viewport={"width": 360, "height": 740}, is_mobile=True, has_touch=True
    )
    page = context.new_page()
    page.goto(address)
    box = page.locator(".scroll.formula")
    arrow = "box => getComputedStyle(box, '::after').content"
    height = box.evaluate("box => box.offsetHeight")
    assert box.evaluate(arrow) == '"→"'
    box.evaluate("box => box.scrollBy(40, 0)")
    page.wait_for_selector(".scroll.formula.scrolled")
    assert box.evaluate(arrow) == "none"
    assert box.evaluate("box => box.offsetHeight") == height
    context.close()
