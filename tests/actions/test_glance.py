from __future__ import annotations

import re
import subprocess
import sys
from typing import Any

import lxml.etree
import lxml.html
import pytest
from hypothesis import given
from hypothesis import strategies as st

from weeknotes.actions import glance
from weeknotes.text import charts

SVG = "{http://www.w3.org/2000/svg}"


def paper(key: str, *tags: str, **members: Any) -> dict[str, Any]:
    entry = {"key": key, "title": f"On {key}", "authors": ["Ho"], "year": 2020, "url": ""}
    return entry | {"tags": list(tags)} | members


def test_the_table_says_what_was_added() -> None:
    entries = [
        paper(
            "ho2020", authors=["Ho", "Jain", "Abbeel", "Fourth"], url="https://doi.org/10.1/x?a&b"
        ),
        paper("kim2026", title="A <b>title</b>", authors=[], year=None, url="javascript:alert(1)"),
    ]
    shown = glance.reading(entries)._repr_mimebundle_()
    table = lxml.html.fromstring(shown["text/html"])
    cells = [[cell.text_content() for cell in row.findall("td")] for row in table.iter("tr")]
    assert cells[1:] == [
        ["On ho2020", "Ho, Jain, Abbeel et al.", "2020", "ho2020"],
        ["A <b>title</b>", "–", "–", "kim2026"],
    ]
    assert [link.get("href") for link in table.iter("a")] == ["https://doi.org/10.1/x?a&b"]
    assert "- A <b>title</b> (–, –) [@kim2026]" in shown["text/plain"]


@pytest.mark.parametrize(
    ("lang", "caption", "nothing"),
    [
        ("en-GB", "Added to the library this week", "Nothing was added"),
        ("ko", "이번 주 서재에 추가된 논문", "추가된 논문이 없습니다"),
        ("zh-Hant", "本周加入文献库的论文", "没有论文加入"),
        ("de", "Added to the library this week", "Nothing was added"),
    ],
)
def test_it_speaks_the_language_of_the_page(lang: str, caption: str, nothing: str) -> None:
    assert caption in glance.reading([paper("a")], lang)._repr_mimebundle_()["text/html"]
    assert nothing in glance.reading([], lang)._repr_mimebundle_()["text/html"]
    assert nothing in repr(glance.reading([], lang))


def test_a_week_without_papers_says_so_once() -> None:
    assert glance.categories([]) is None
    untagged = glance.categories([paper("a")], "ko")
    assert "분류가 없습니다" in repr(untagged)


def test_the_chart_counts_tags_the_most_frequent_first() -> None:
    entries = [
        paper("a", "확산", "CT"),
        paper("b", "확산"),
        paper("c", "心脏", "确定性"),
        paper("d", "CT"),
    ]
    shown = glance.categories(entries, "ko")
    assert shown is not None
    bundle = shown._repr_mimebundle_()
    svg = lxml.etree.fromstring(bundle["image/svg+xml"])
    texts = [element.text for element in svg.iter(f"{SVG}text")]
    assert texts == ["CT", "2", "확산", "2", "心脏", "1", "确定性", "1"]
    widths = [float(bar.get("width")) for bar in svg.iter(f"{SVG}rect")]
    assert widths == pytest.approx([widths[0], widths[0], widths[0] / 2, widths[0] / 2], abs=0.1)
    assert svg.get("{http://www.w3.org/XML/1998/namespace}lang") == "ko"
    assert "확산" in bundle["text/plain"]


def test_rare_tags_share_a_bar() -> None:
    shown = glance.categories([paper("a", *(f"tag {n:02}" for n in range(30)))], "zh")
    svg = lxml.etree.fromstring(shown._repr_mimebundle_()["image/svg+xml"])
    texts = [element.text for element in svg.iter(f"{SVG}text")]
    assert len(texts) == 24
    assert texts[-2:] == ["其他 (19)", "19"]


@given(st.dictionaries(st.text(max_size=60), st.integers(0, 10**6), max_size=8), st.text())
def test_a_chart_of_anything_is_well_formed_and_stays_in_its_frame(
    counts: dict[str, int], title: str
) -> None:
    svg = lxml.etree.fromstring(charts.bars(counts, title=title))
    width, height = float(svg.get("width")), float(svg.get("height"))
    bars = list(svg.iter(f"{SVG}rect"))
    assert len(bars) == len(counts)
    for bar in bars:
        assert float(bar.get("x")) >= 0
        assert float(bar.get("x")) + float(bar.get("width")) <= width
        assert 0 <= float(bar.get("y")) <= height - float(bar.get("height"))
    assert len(charts.text_bars(counts).split("\n")) == max(len(counts), 1)


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("ground", ["#ffffff", "#000000", "#1e1e1e"])
def test_the_colours_stand_out_on_light_and_dark_grounds(ground: str) -> None:
    svg = charts.bars({"a": 1}, title="t")
    text, bar = (re.search(rf'<{tag}[^>]*fill="(#\w{{6}})"', svg) for tag in ("g", "rect"))
    assert text
    assert bar
    for colour, least in ((text[1], 4.5 if ground != "#1e1e1e" else 3), (bar[1], 3)):
        pair = sorted([luminance(colour), luminance(ground)])
        assert (pair[1] + 0.05) / (pair[0] + 0.05) >= least, colour


def test_showing_a_week_loads_nothing_heavy() -> None:
    names = ("numpy", "pandas", "matplotlib", "yaml", "nbformat", "IPython")
    code = f"import sys, weeknotes.actions.glance; print([m for m in {names} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
