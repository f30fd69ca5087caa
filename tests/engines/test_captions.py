"""Captions of tables and figures that code cells make, and names of files above their code."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import lxml.html
import pytest
from engine_projects import Journal

PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="

HTML = "<table>{}<thead><tr><th>a</th></tr></thead><tbody><tr><td>1</td></tr></tbody></table>"


def shown(text: str, kind: str = "text/html") -> dict[str, Any]:
    return {"output_type": "display_data", "metadata": {}, "data": {kind: text}}


def captions(bench: Journal) -> list[str]:
    root = lxml.html.fromstring(f"<div>{bench.page().body}</div>")
    return [c.text_content().replace("\u00a0", " ").strip() for c in root.iter("caption")]


@pytest.mark.parametrize(
    "output", [shown(HTML.format("")), shown("| a |\n|---|\n| 1 |", "text/markdown")]
)
def test_a_caption_without_a_label_is_shown(
    bench: Journal, code: Callable[..., Any], output: dict[str, Any]
) -> None:
    bench.notebook("journal/a.ipynb", code("#| tbl-cap: What *it* counts\nframe", output))
    assert captions(bench) == ["What it counts"]


def test_a_labelled_table_keeps_the_caption_that_its_html_has(
    bench: Journal, code: Callable[..., Any]
) -> None:
    table = shown(HTML.format("<caption>Counted by <b>hand</b></caption>"))
    bench.notebook("journal/a.ipynb", code("#| label: tbl-x\nframe", table), "See @tbl-x.")
    assert captions(bench) == ["Table 1: Counted by hand"]


def test_the_name_of_a_file_stands_above_its_code(bench: Journal, code: Callable[..., Any]) -> None:
    bench.notebook("journal/a.ipynb", code("#| filename: lens.py\nfocus = 12"))
    root = lxml.html.fromstring(f"<div>{bench.page().body}</div>")
    (box,) = root.find_class("code-with-filename")
    assert box.text_content().split() == ["lens.py", "focus", "=", "12"]


@pytest.mark.parametrize(
    ("options", "outputs", "lost"),
    [
        ("#| fig-cap: Nothing below", [], "fig-cap"),
        ("#| tbl-cap: Of plain words", ["text"], "tbl-cap"),
        ("#| lst-cap: Without a label", [], "lst-cap"),
        ("#| fig-cap: [One, Two, Three]", ["png", "png"], "fig-cap"),
        ("#| title: Of a dashboard", ["text"], "title"),
        ("#| fig-cap: 그림 **설명**은 $x$", ["png"], None),
        ("#| fig-cap: Below\n#| label: fig-a", ["png"], None),
        ("#| lst-cap: Of hidden code\n#| echo: false", ["text"], None),
        ("#| fig-cap: Hidden as a whole\n#| include: false", ["text"], None),
    ],
)
def test_a_caption_that_no_page_shows_is_named_with_its_cell(
    options: str, outputs: list[str], lost: str | None, bench: Journal
) -> None:
    kinds = {
        "png": {"output_type": "display_data", "metadata": {}, "data": {"image/png": PNG}},
        "text": {"output_type": "stream", "name": "stdout", "text": "words\n"},
    }
    cell = {
        "cell_type": "code",
        "id": "c1",
        "metadata": {},
        "execution_count": 1,
        "source": f"{options}\nx",
        "outputs": [kinds[name] for name in outputs],
    }
    bench.notebook("journal/a.ipynb", cell)
    told = [(w.cell, w.message.split("'")[1]) for w in bench.page().warnings]
    assert told == ([(2, lost)] if lost else [])
