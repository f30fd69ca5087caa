"""Which headings make papers, and what they are called."""

from __future__ import annotations

import json
from typing import Any

import pytest

from weeknotes.importers.author_names import authors_in
from weeknotes.importers.paper_evidence import is_section_name

from .conftest import Import, Imported


def papers(made: Imported) -> dict[str, dict[str, Any]]:
    """The entries of the library by title."""
    return {e["title"]: e for e in json.loads(made.journal.library_path.read_text("utf-8"))}


POST = """\
---
title: Kettles that wait
date: 2019-04-05
---

## Motivation

- Water boils when nobody looks.
- [Paper](https://arxiv.org/abs/1904.00001)

## Experiments

- Two kettles.
"""


def test_a_post_on_one_paper_is_one_note_with_the_title_of_the_post(take: Import) -> None:
    made = take(POST)
    assert list(papers(made)) == ["Kettles that wait"]
    assert papers(made)["Kettles that wait"]["URL"] == "https://arxiv.org/abs/1904.00001"
    (cell,) = made.cells(made.names[0])
    assert cell.startswith("## Kettles that wait [@kettles2019]\n\n### Motivation\n")
    assert "### Experiments" in cell
    assert not made.report.leftover


def test_a_section_without_a_paper_cites_none_of_the_same_name(take: Import) -> None:
    take(POST)
    other = POST.replace("Kettles that wait", "Pots").replace(
        "- [Paper](https://arxiv.org/abs/1904.00001)\n", ""
    )
    made = take(other, name="pots.md")
    assert "@" not in made.text(next(n for n in made.names if "pots" in n))
    assert not any(r.text in ("Motivation", "Experiments") for r in made.report.no_address)


@pytest.mark.parametrize(
    ("below", "cited"),
    [
        ("arXiv: https://arxiv.org/abs/1904.00002", True),
        ("*Ann Bee, ICML 2019* ([pdf](https://arxiv.org/pdf/1904.00002))", True),
        ("![](a.png)\n\n[Paper](https://arxiv.org/abs/1904.00002) | [Code](https://x.org/y)", True),
        ("- Authors: A. Bee\n- Year: 2019\n- arXiv:1904.00002", True),
        ("作者：王小明\n链接：https://arxiv.org/abs/1904.00002", True),
        ("They wait.\n\nSee also [another](https://arxiv.org/abs/1904.00002).", False),
        ("- They wait.\n- [a link](https://arxiv.org/abs/1904.00002)", False),
        ("이 논문은 기다림을 다룬다.\n\n[참고](https://arxiv.org/abs/1904.00002)", False),
    ],
)
def test_an_address_right_below_a_title_is_its_papers(
    below: str, cited: bool, take: Import
) -> None:
    text = f"---\ntitle: Weekly digest\n---\n\n## On waiting for water\n\n{below}\n"
    made = take(text, name="2019-04-07.md")
    assert ("On waiting for water" in papers(made)) is cited


@pytest.mark.parametrize(
    "name",
    [
        "Introduction",
        "1. Introduction",
        "3.2 Results & Discussion",
        "🔑 Key Points:",
        "Meta Info",
        "What is it about?",
        "Mon Mar 6: Reading",
        "2024-10-18",
        "Daily Papers (2024-10-18)",
        "서론",
        "주요 결과",
        "相关工作",
        "本周计划",
        "関連研究",
    ],
)
def test_names_of_sections(name: str) -> None:
    assert is_section_name(name)


@pytest.mark.parametrize(
    "title",
    ["Attention Is All You Need", "Denoising Diffusion", "水的等待", "물을 기다리며", "BERT"],
)
def test_titles_are_no_names_of_sections(title: str) -> None:
    assert not is_section_name(title)


def test_a_title_that_is_an_address_is_taken_from_the_text(take: Import) -> None:
    text = (
        "---\ntitle: Weekly digest\ndate: 2019-04-05\n---\n\n## https://arxiv.org/abs/1904.00003\n\n"
        "Title: Spoons at rest\n\n## [Link](https://arxiv.org/abs/1904.00004)\n\nNo title.\n"
    )
    made = take(text)
    assert set(papers(made)) == {"Spoons at rest", "arXiv:1904.00004"}


@pytest.mark.parametrize(
    ("written", "names"),
    [
        ("['Ann Bee', \"Cho O'Dan\"]", ("Ann Bee", "Cho O'Dan")),
        ('["Bee, Ann", "Dan, Cho"]', ("Ann Bee", "Cho Dan")),
        ("Bee, Ann; Dan, Cho; van der Elk, Eve", ("Ann Bee", "Cho Dan", "Eve van der Elk")),
        ("Bee, Ann and Dan, Cho", ("Ann Bee", "Cho Dan")),
        ("Bee, A., Dan, C. D.", ("A. Bee", "C. D. Dan")),
        ("Ann Bee, Cho Dan, et al.", ("Ann Bee", "Cho Dan")),
        ("Ann Bee et al", ("Ann Bee",)),
        ("Ann Bee¹, Cho Dan*, Eve Elk (MIT)", ("Ann Bee", "Cho Dan", "Eve Elk")),
        ("김보라, 이안 외 3명", ("김보라", "이안")),
        ("王小明、李安等", ("王小明", "李安")),
        ("Ann Bee, Ann Bee & Cho Dan", ("Ann Bee", "Cho Dan")),
    ],
)
def test_lists_of_authors(written: str, names: tuple[str, ...]) -> None:
    assert authors_in(written) == names


def test_words_in_angle_brackets_are_words(take: Import) -> None:
    title = "[Why <think> is <br>slow](https://arxiv.org/abs/2504.00001)"
    text = f"## Daily Papers (2025-04-11)\n\n### {title}\n\nVote: 3\n"
    made = take(text, name="11.md")
    assert list(papers(made)) == ["Why <think> is slow"]
