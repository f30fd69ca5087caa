"""Notes that fold: their summary, and what stands below it."""

from __future__ import annotations

import pytest

from weeknotes.site.html import folds, markup

CITATION = '<span class="citation" data-cites="k">(<a href="#ref-k">K 2020</a>)</span>'


def folded(heading: str, rest: str = "<p>Text.</p>") -> str:
    """The HTML of a note with this heading, folding."""
    tree = markup.parse(f'<section id="a" class="level2"><h2>{heading}</h2>{rest}</section>')
    folds.fold_sections(tree, {"a": "reading"}, lambda anchor: f"page#{anchor}")
    return markup.serialise(tree)


@pytest.mark.parametrize(
    ("heading", "summary", "below"),
    [
        ("Plain <em>words</em>", "Plain <em>words</em>", ""),
        (f"Title {CITATION}", "Title", CITATION),
        (
            f'Title {CITATION} <span class="tag">x</span>',
            'Title  <span class="tag">x</span>',
            CITATION,
        ),
        (
            f"On {CITATION}, again",
            "On " + CITATION.replace('<a href="#ref-k">', "").replace("</a>", "") + ", again",
            CITATION,
        ),
        (CITATION, CITATION.replace('<a href="#ref-k">', "").replace("</a>", ""), CITATION),
        (
            '<a href="https://www.example.org/a/">A paper</a>',
            "A paper",
            '<a href="https://www.example.org/a/">example.org/a</a>',
        ),
        ('See <a href="w.html">last week</a>', "See last week", '<a href="w.html">last week</a>'),
    ],
)
def test_links_of_a_heading_stand_below_the_summary(heading: str, summary: str, below: str) -> None:
    line = f'<p class="byline">{below}</p>' if below else ""
    assert folded(heading) == (
        '<details id="a" class="level2 note reading" open="" data-fold="page#a">'
        f"<summary><h2>{summary}</h2></summary>{line}<p>Text.</p></details>"
    )


def test_a_line_of_tags_is_told_from_text_with_a_tag() -> None:
    tags = '<p><span class="tag">x</span> <span class="tag">y</span></p>'
    assert '<p class="tag-line">' in folded("Title", tags)
    assert '<p class="tag-line">' in folded(f"Title {CITATION}", tags)
    assert "tag-line" not in folded("Title", '<p>About <span class="tag">x</span></p>')


def test_a_section_without_a_heading_does_not_fold() -> None:
    tree = markup.parse('<section id="a"><p>Text</p></section>')
    folds.fold_sections(tree, {"a": "note"}, str)
    assert markup.serialise(tree) == '<section id="a"><p>Text</p></section>'


def test_the_label_of_a_permanent_link_says_a_formula_once() -> None:
    formula = (
        "<math><semantics><msup><mi>x</mi><mn>2</mn></msup>"
        '<annotation encoding="application/x-tex">x^2</annotation></semantics></math>'
    )
    tree = markup.parse(f'<section id="a"><h2>The case of {formula}</h2></section>')
    folds.add_permanent_links(tree, lambda anchor: f"#{anchor}", lambda title: f"Link: {title}")
    (link,) = tree.iter("a")
    assert link.get("aria-label") == "Link: The case of x²"
