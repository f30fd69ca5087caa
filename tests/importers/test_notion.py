"""Exports of Notion: the names of their files, pages in HTML, asides, and dates in numbers."""

from __future__ import annotations

from pathlib import Path

import pytest

from weeknotes.importers.notion_names import has_short_names, short_title_in, title_in

from .conftest import FIXTURES, Import

NUMBER = "0123456789abcdef0123456789abcdef"


def page(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    "stem, title",
    [
        (f"Bells {NUMBER}", "Bells"),
        ("Bells 01234567-89ab-cdef-0123-456789abcdef", "Bells"),
        (f"Bells {NUMBER}_all", "Bells"),
        (NUMBER, "Untitled"),
        ("Bells 01234", None),
    ],
)
def test_the_number_in_the_name_of_a_page(stem: str, title: str | None) -> None:
    assert title_in(stem) == title


def test_short_names_make_an_export_where_most_files_have_them(
    tmp_path: Path, take: Import
) -> None:
    export = tmp_path / "export"
    page(export, "Bells that 0a1b2.md", "# Bells that count\n\nDate: July 1, 2024\n\nThey ring.\n")
    page(export, "Flutes of 1b2c3.md", "# Flutes of ice\n\nThey melt.\n")
    page(export, "Things 2c3d4.csv", "Name,Note\nTin_cup_1,a|b\n")
    made = take(export)
    assert {found.format for found in made.report.sources} == {"notion"}
    assert made.names == [
        *("2024/2024-07-01-bells-that-count.ipynb", "undated/flutes-of-ice.ipynb"),
        "undated/things.ipynb",
    ]
    assert r"| Tin\_cup\_1 | a\|b |" in made.text("undated/things.ipynb")


def test_words_that_look_like_a_short_number_make_no_export(tmp_path: Path) -> None:
    assert short_title_in("On being faded") == "On being"
    for name in ("On being faded", "Notes on bells", "Kettles"):
        page(tmp_path, f"{name}.md", "text\n")
    assert not has_short_names(tmp_path)


def test_a_page_in_html(take: Import) -> None:
    made = take(next((FIXTURES / "notion").glob("Kettles*.html")))
    name = "2024/2024-07-03-kettles-at-night.ipynb"
    assert made.names == [name]
    text = made.text(name)
    assert "::: {.callout-warning}\n⚠️ Lids must be **on**.\n:::" in text
    assert "- Why at night\n\n" in text and "The street is quiet." in text
    assert "- [ ] buy a lid" in text
    assert "$$\np = \\rho g h\n$$" in text
    assert r"It costs \$5 and rings at \@July 4, 2024." in text
    assert "``` python\nrings = 2\n```" in text
    assert "| Tin" in text and "- Heard: Yes" in text
    assert "https://example.org/tape_1" in text and "What we heard after dark" in text
    assert 'tags: ["kettles", "nights"]' in made.front(name)
    assert "Weather" not in text and "Weather" in str(made.notebook(name)["metadata"])


def test_an_aside_is_a_callout_and_in_code_it_is_none(take: Import) -> None:
    aside = "<aside>\n💡 Count *twice*.\n\n- or once\n</aside>"
    text = f"# Bells\n\n{aside}\n\n```\n<aside>\nx\n</aside>\n```\n"
    made = take(text, name=f"Bells {NUMBER}.md")
    shown = made.text("undated/bells.ipynb")
    assert shown.startswith("::: {.callout-tip}\n💡 Count *twice*.\n\n- or once\n:::")
    assert "<aside>\nx\n</aside>" in shown
    assert not made.report.leftover


def test_an_aside_that_is_not_closed_stays_text(take: Import) -> None:
    made = take("# Bells\n\n<aside>\n💡 Count.\n\nmore\n", name=f"Bells {NUMBER}.md")
    assert "Count." in made.text("undated/bells.ipynb")
    assert not made.report.leftover


@pytest.mark.parametrize("other, day", [("10/30/2024", "2024-07-09"), ("30/10/2024", "2024-09-07")])
def test_dates_in_numbers_are_read_as_the_whole_export_has_them(
    other: str, day: str, tmp_path: Path, take: Import
) -> None:
    export = tmp_path / "export"
    page(export, f"A {NUMBER}.md", "# A\n\nDate: 07/09/2024 1:30 PM\n\none\n")
    page(export, f"B {NUMBER[::-1]}.md", f"# B\n\nDate: {other}\n\ntwo\n")
    assert f"2024/{day}-a.ipynb" in take(export).names


@pytest.mark.parametrize(
    "line",
    [
        "생성 일시: 2024년 7월 1일 오후 3:04",
        "创建时间: 2024年7月1日 15:04",
        "作成日時: 2024年7月1日 15:04",
        "Créé le: 1 juillet 2024 15:04",
        "Erstellt am: 1. Juli 2024 15:04",
        "Lecture Date: July 1, 2024 → July 2, 2024",
    ],
)
def test_the_day_in_properties_of_other_languages(line: str, take: Import) -> None:
    made = take(f"# Bells\n\n{line}\n\nThey ring.\n", name=f"Bells {NUMBER}.md")
    assert made.names == ["2024/2024-07-01-bells.ipynb"]
