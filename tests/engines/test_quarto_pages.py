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


def test_the_sign_of_a_shortcode_that_leads_to_nothing_is_told(bench: Journal) -> None:
    """The signs are those of Quarto's `shortcodes-handlers.lua`."""
    bench.notebook("journal/a.ipynb", "See {{< meta gone >}} and **?meta of mine**.")
    (warning,) = read(bench, "<p>See <strong>?meta:gone</strong>.</p>").warnings
    assert (warning.cell, warning.line, warning.rule) == (2, 1, "markdown-shortcode")


def test_notes_and_entries_of_the_margin_follow_the_paragraph_that_refers_to_them(
    bench: Journal,
) -> None:
    """Quarto collects them where its columns begin; the classes are those of `layout/columns.lua`."""
    bench.notebook("journal/a.ipynb", "words")
    entry = '<div id="ref-{0}" class="csl-entry">entry {0}</div>'
    box = '<div class="no-row-height column-margin column-container">{}</div>'
    cited = '<p>{0} <span class="citation" data-cites="{0}">({0})</span></p>'
    content = cited.format("one") + box.format(entry.format("one") + entry.format("two"))
    body = read(bench, content + "<p>between</p>" + cited.format("two") + "<p>last</p>").body
    order = ["one <span", "entry one", "between", "two <span", "entry two", "last"]
    assert [body.index(words) for words in order] == sorted(body.index(words) for words in order)


def test_a_video_on_another_host_is_a_link(bench: Journal) -> None:
    """The form is that of Quarto's `video.lua`: the page's policy would leave an empty player."""
    bench.notebook("journal/a.ipynb", "words")
    video = '<video class="video-js"><source src="https://example.org/a.mp4"></video>'
    body = read(bench, f'<div class="quarto-video">{video}</div>').body
    assert '<a class="video" href="https://example.org/a.mp4">https://example.org/a.mp4</a>' in body
    assert "<video" not in body
