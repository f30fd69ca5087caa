"""The small journals beside the checkout, one of each kind that people keep."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from .conftest import SEEDS, Import, Imported

CASES = SEEDS.parent / "cases" / "import"
pytestmark = pytest.mark.skipif(not CASES.is_dir(), reason="../shared/cases/import is not there")


def papers(made: Imported) -> dict[str, dict[str, Any]]:
    """The entries of the library, by their titles."""
    return {entry["title"]: entry for entry in json.loads(made.journal.library_path.read_text())}


def authors(entry: dict[str, Any]) -> list[tuple[str, str]]:
    return [(name["family"], name["given"]) for name in entry["author"]]


def all_text(made: Imported) -> str:
    return "\n\n".join(made.text(name) for name in made.names)


def section_headings(made: Imported) -> None:
    assert list(papers(made)) == ["Lamps that learn"]
    assert papers(made)["Lamps that learn"]["URL"] == "https://arxiv.org/abs/1709.00001"
    doors = next(name for name in made.names if "doors" in name)
    assert "[@" not in made.text(doors)


def meta_info_heading(made: Imported) -> None:
    assert list(papers(made)) == ["Cups that count"]
    assert "### Meta Info" in all_text(made) and "### Key Points" in all_text(made)


def two_parts_of_one_day(made: Imported) -> None:
    (name,) = made.names
    assert "2024-10-18" in name
    assert "First paper of the day" in made.text(name)
    assert "Second paper of the day" in made.text(name)


def front_matter_of_jekyll(made: Imported) -> None:
    (name,) = made.names
    assert "layout" not in made.front(name) and "excerpt" not in made.front(name)
    kept = made.notebook(name)["metadata"]["weeknotes"]["import"]["front-matter"]
    assert "layout: post" in kept and "excerpt: In short." in kept


def authors_as_a_list(made: Imported) -> None:
    assert authors(papers(made)["A paper on lists"]) == [("Bee", "Ann"), ("Dan", "Cho")]


def us_weeks(made: Imported) -> None:
    assert made.names == ["2022/2022-W47.ipynb", "2022/2022-W48.ipynb"]


def weekdays_under_week_numbers(made: Imported) -> None:
    assert made.names == ["2023/2023-W09.ipynb", "2023/2023-W10.ipynb"]
    assert "## Sun Mar 5: Reading" in made.text(made.names[0])
    assert "## Fri Mar 3: Reading" in made.text(made.names[0])
    assert not papers(made)


def missing_picture(made: Imported) -> None:
    assert all_text(made).count("missing-picture.svg") == 1
    assert not made.report.leftover


def voted_page_without_votes(made: Imported) -> None:
    (name,) = made.names
    assert "2023-11-20" in name
    assert list(papers(made)) == ["A paper on bells", "A paper on drums"]


def voted_page_with_title_and_about(made: Imported) -> None:
    (name,) = made.names
    assert "2025-05-09" in name
    assert list(papers(made)) == ["A paper on flutes"]
    assert "A project of two people." in made.text(name)


def file_name_and_picture_differ(made: Imported) -> None:
    assert ["2024-12-25" in name for name in made.names] == [True]


def empty_post(made: Imported) -> None:
    assert not made.names
    assert "2021-01-15.md" in made.report.skipped[0].source


def post_without_title(made: Imported) -> None:
    (name,) = made.names
    assert 'title: "r squared"' in made.front(name)
    assert "date: 2020-07-17" in made.front(name)


def title_with_a_tag_in_it(made: Imported) -> None:
    assert list(papers(made)) == ["About <think> and more"]
    assert "[About &lt;think> and more]" in all_text(made)


def maths_of_arxiv(made: Imported) -> None:
    for maths in ("Ho$^2$P", "$K$ hills", "$x_1$"):
        assert maths in all_text(made)


def a_file_a_paper(made: Imported) -> None:
    found = {entry["id"]: entry for entry in papers(made).values()}
    assert set(found) == {"cho2021bells", "elk2023flutes", "fox2019drums"}
    assert authors(found["cho2021bells"]) == [("Cho", "Dan"), ("Bee", "Ann")]
    assert found["cho2021bells"]["DOI"] == "10.1000/bells.1"
    assert found["elk2023flutes"]["issued"]["date-parts"][0][0] == 2023
    assert all(f"[@{key}]" in all_text(made) for key in found)
    assert all_text(made).count("### Summary") == 3


def obsidian_vault(made: Imported) -> None:
    text = all_text(made)
    assert "## 2024-07-01" in text and "## 2024-07-03" in text
    assert "flute.png" in text and (made.journal.root / "assets/images/2024-W27/flute.png").exists()
    assert "<mark>marked</mark>" in text and "callout-note" in text
    assert "[a private remark]{.private}" in text
    assert "::: {.private}\nTwo private lines" in text


def notion_export(made: Imported) -> None:
    (name,) = made.names
    assert "2024-07-01" in name and "0123" not in name
    assert 'title: "Bells that count"' in made.front(name)
    assert papers(made)["Bells that count"]["URL"] == "https://arxiv.org/abs/2407.00001"
    assert "untitled.png" in made.text(name)


def logseq_journals(made: Imported) -> None:
    text = all_text(made)
    assert "## 2024-07-01" in text and "## 2024-07-03" in text
    assert "[ ] try it" in text and "id::" not in text
    assert len(papers(made)) == 2


def zotero_note(made: Imported) -> None:
    (entry,) = papers(made).values()
    assert entry["id"] == "kim2024bells" and entry["DOI"] == "10.1000/bells.9"
    assert authors(entry) == [("Kim", "Bora"), ("Lee", "Ann")]
    assert "[@kim2024bells]" in all_text(made)
    assert "zotero://open-pdf/library/items/ABCD1234?page=2" in all_text(made)


CHECKS: list[Callable[[Imported], None]] = [
    section_headings,
    meta_info_heading,
    two_parts_of_one_day,
    front_matter_of_jekyll,
    authors_as_a_list,
    us_weeks,
    weekdays_under_week_numbers,
    missing_picture,
    voted_page_without_votes,
    voted_page_with_title_and_about,
    file_name_and_picture_differ,
    empty_post,
    post_without_title,
    title_with_a_tag_in_it,
    maths_of_arxiv,
    a_file_a_paper,
    obsidian_vault,
    notion_export,
    logseq_journals,
    zotero_note,
]


def folder(check: Callable[[Imported], None]) -> str:
    return check.__name__.replace("_", "-")


@pytest.mark.parametrize("check", CHECKS, ids=folder)
def test_a_shared_case_holds_and_again_is_once(
    check: Callable[[Imported], None], take: Import
) -> None:
    made = take(CASES / folder(check))
    assert made.report.ok
    check(made)
    before = made.bytes()
    again = take(CASES / folder(check))
    assert again.report.ok
    assert again.bytes() == before


CORRECTIONS = {
    "correction-of-signs": "Gain: +0.5 points, p > 0.05",
    "correction-of-nesting": "- one\n    - two",
    "correction-of-a-title": "## Learning to wait",
}


@pytest.mark.parametrize("case", CORRECTIONS)
def test_a_shared_correction_arrives(case: str, take: Import, tmp_path: Path) -> None:
    log = tmp_path / "log.md"
    shutil.copyfile(CASES / case / "before" / "log.md", log)
    take(log)
    shutil.copyfile(CASES / case / "after" / "log.md", log)
    made = take(log)
    assert made.report.ok
    text = all_text(made)
    assert CORRECTIONS[case] in text
    assert text.count("## Learning to") == 1


def test_a_folder_without_a_journal_is_refused_and_each_file_named(take: Import) -> None:
    made = take(CASES / "no-journal")
    assert not made.report.ok and not made.names
    assert len(made.report.unrecognised) == 2
    assert all("nearest is " in remark.text for remark in made.report.unrecognised)


def test_every_shared_case_is_tested() -> None:
    tested = {folder(check) for check in CHECKS} | set(CORRECTIONS) | {"no-journal"}
    assert {path.name for path in CASES.iterdir() if path.is_dir()} == tested
