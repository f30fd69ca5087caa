"""Pages that Quarto wrote, read back: the HTML is that of Quarto's own source."""

from __future__ import annotations

from engine_projects import Journal

from weeknotes.engines import quarto
from weeknotes.engines.page import Page


def read(bench: Journal, content: str) -> Page:
    """The page that Quarto's HTML with this content is."""
    html = bench.write(
        "_site/journal/a.html",
        '<html><head><meta name="generator" content="quarto-1.10.18"></head><body>'
        f'<div id="quarto-content"><main class="content">{content}</main></div>'
        "<script>x()</script></body></html>",
    )
    page = quarto.read_page(bench.project, bench.root / "_site", html)
    assert page is not None
    return page


def test_the_sign_of_a_reference_that_leads_to_nothing_is_told(bench: Journal) -> None:
    """The sign is that of Quarto's `crossref/refs.lua`."""
    bench.notebook("journal/a.ipynb", "See @fig-gone and **?@notes**.")
    (warning,) = read(bench, "<p>See <strong>?@fig-gone</strong>.</p>").warnings
    assert (warning.cell, warning.line, warning.rule) == (2, 1, "reference-missing")
    assert warning.problem


def test_an_end_tag_that_nothing_opens_ends_no_page(bench: Journal) -> None:
    bench.notebook("journal/a.ipynb", "words")
    content = "<section><h2>One</h2></div><p>two</p></section><div>three</div></div><p>four</p>"
    body = read(bench, f"{content}<!-- </div> --><div><div>five</div></div>").body
    assert [word for word in ("One", "two", "three", "four", "five") if word not in body] == []
    assert body.count("<div>") == 3


def test_a_block_of_the_class_aside_is_told_from_one_in_the_margin(bench: Journal) -> None:
    """The classes are those of Quarto's `layout/columns.lua`."""
    bench.notebook("journal/a.ipynb", "words")
    box = '<div class="no-row-height column-margin column-container">{}</div>'
    one, two = '<div class="margin-aside"><p>a</p></div>', '<div class=""><p>b</p></div>'
    body = read(bench, box.format(one) + box.format(two)).body
    assert '<div class="aside"><p>a</p></div>' in body.replace("\n", "")
    assert '<div class="column-margin"><p>b</p></div>' in body.replace("\n", "")
