"""What a note or an output brings along styles itself, and takes nothing over."""

from __future__ import annotations

import pytest
from lxml import html

from weeknotes.site.html.contained_styles import contained, loads
from weeknotes.site.html.sanitize import inert, without_remote


@pytest.mark.parametrize(
    "body",
    [
        '<p style="position:fixed;top:0;color:red">x</p>',
        '<p style="position : sticky">x</p>',
        '<p style="position:f\\69xed">x</p>',
        '<p style="position:/**/fixed">x</p>',
        "<p style='top:0;position:fixed !important'>x</p>",
        "<style>p {position: fixed}</style><p>x</p>",
        "<style>p {position: \\66 ixed}</style><p>x</p>",
        "<dialog open>x</dialog>",
        '<div popover="manual" id="a">x</div>',
        '<button popovertarget="a">x</button>',
    ],
)
def test_nothing_lies_over_the_page(body: str) -> None:
    left = inert(body)
    assert "x" in left
    assert not any(
        word in left for word in ("fixed", "sticky", "<dialog", "popover", "66", "69xed")
    )


@pytest.mark.parametrize(
    "css", ["body {visibility: hidden}", "* {display: none}", "@media print {p {color: red}}"]
)
def test_rules_hold_within_their_parent(css: str) -> None:
    assert inert(f"<div><style>{css}</style>x</div>") == (
        f"<div><style>@scope {{\n{css}\n}}</style>x</div>"
    )


@pytest.mark.parametrize(
    "css",
    [
        "a {} } body {visibility: hidden} p {",
        "a {",
        "a {content: 'b} } body {c: d}",
        "a\\} } body {b: c} d {",
        '@\\69mport "https://e.org/a.css";',
        '@im\\port "a.css";',
        "a {b: c} <!-- }",
    ],
)
def test_rules_that_could_reach_further_are_left_out(css: str) -> None:
    assert contained(css) == ""


def test_what_styles_itself_stays_as_it_is() -> None:
    body = '<table style="border: 1px solid"><tr><td style="color:red">x</td></tr></table>'
    assert inert(body) == body


@pytest.mark.parametrize(
    "body",
    [
        "<style>@\\69mport url(https://e.org)</style>",
        "<style>p {background: u\\72l(https://e.org/a.png)}</style>",
        '<p style="background:url(//e.org/a.png)">x</p>',
        '<svg><image href="https://e.org/a.png"/></svg>',
        '<svg><filter id="f"><feImage xlink:href="https://e.org/a.png"/></filter></svg>',
        '<svg><use href="https://e.org/a.svg#b"/></svg>',
        '<svg><rect fill="url(https://e.org/a.svg#b)"/></svg>',
        '<img srcset="https://e.org/a.png 2x">',
        '<video poster="https://e.org/a.png"></video>',
        '<table background="https://e.org/a.png"></table>',
    ],
)
def test_a_letter_loads_nothing(body: str) -> None:
    tree = html.fragment_fromstring(body, create_parent="div")
    without_remote(tree)
    assert "e.org" not in html.tostring(tree, encoding="unicode")


def test_what_is_written_out_in_a_letter_stays() -> None:
    body = '<div><a href="https://e.org">a</a><img src="data:image/png;base64,AAAA"></div>'
    tree = html.fragment_fromstring(body)
    without_remote(tree)
    assert html.tostring(tree, encoding="unicode") == body
    assert not loads("p {background: url(data:image/png;base64,AAAA); color: red}")
