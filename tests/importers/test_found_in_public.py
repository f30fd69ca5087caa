"""Habits of people whose journals had not been seen when the formats were written."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from .conftest import Import

NOTEBOOK = {"metadata": {}, "nbformat": 4, "nbformat_minor": 5}


def formats(made: object) -> list[str]:
    return [found.format for found in made.report.sources]  # type: ignore[attr-defined]


def folder(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    return root


def entries(made: object) -> dict[str, dict[str, object]]:
    path = made.journal.library_path  # type: ignore[attr-defined]
    return {entry["title"]: entry for entry in json.loads(path.read_text("utf-8"))}


@pytest.mark.parametrize(
    "text",
    [
        "2024-07-01\n\nRead on bells.\n\n2024-07-03\n\nRang one.\n",
        "1 July 2024\nRead on bells.\n\n3 July 2024\nRang one.\n\n5 July 2024\nTwo.\n",
        "2024년 7월 1일\n종을 읽었다.\n\n2024년 7월 3일\n하나를 울렸다.\n",
        "2024年7月1日\n\n读了钟的论文。\n\n2024年7月3日\n\n敲了一个。\n",
    ],
)
def test_a_diary_of_two_or_three_days_is_a_log(text: str, take: Import, tmp_path: Path) -> None:
    made = take(folder(tmp_path / "d", {"diary.md": text}))
    assert formats(made) == ["worklog"]
    assert made.names == ["2024/2024-W27.ipynb"]
    assert made.text(made.names[0]).count("## ") >= 2


def test_one_date_over_a_text_is_no_diary_and_is_said_to_be_near_one(
    take: Import, tmp_path: Path
) -> None:
    made = take(folder(tmp_path / "d", {"letter.md": "2024-07-01\n\nDear all, come.\n"}))
    assert not made.report.ok
    assert "nearest is worklog" in str(made.report.unrecognised[0])


@pytest.mark.parametrize(
    "title, name",
    [
        ("Log", "log.md"),
        ("Research log, fall 2023", "log.md"),
        ("Log", "log-w23.md"),
        ("연구 일지, 2023년 2학기", "log.md"),
        ("Internship 2023", "log.md"),
    ],
)
def test_weeks_of_a_term_are_no_iso_weeks(title: str, name: str, take: Import) -> None:
    made = take(f"# {title}\n\n## Week 1\n\na\n\n## Week 2\n\nb\n", name=name)
    assert all(path.startswith("undated/") for path in made.names)
    assert len(made.report.undated) == 2
    assert any("counted by the log itself" in text for text in made.decisions())


def test_weeks_with_a_year_in_the_title_are_iso_weeks(take: Import) -> None:
    made = take("# Reading 2024\n\n## Week 1\n\na\n\n## Week 2\n\nb\n")
    assert made.names == ["2024/2024-W01.ipynb", "2024/2024-W02.ipynb"]


def test_weeks_beside_one_with_dates_are_counted_from_it(take: Import) -> None:
    made = take("# Log\n\n## Week 1 (9/25/2023-10/1/2023)\n\na\n\n## Week 2\n\nb\n")
    assert made.names == ["2023/2023-W39.ipynb", "2023/2023-W40.ipynb"]


def test_a_range_with_dots_beside_the_number_of_a_week(take: Import) -> None:
    made = take("# Log 2021\n\n## Week 1 (9.27-10.3)\n\na\n\n## Week 2 (10.4-10.10)\n\nb\n")
    assert made.names == ["2021/2021-W39.ipynb", "2021/2021-W40.ipynb"]


def test_a_file_a_week_is_dated_by_its_first_commit(take: Import, tmp_path: Path) -> None:
    repo = folder(tmp_path / "log", {"week3.md": "# Week 3\n\n- counted bells\n"})

    def git(*words: str) -> None:
        date = "2023-10-12T12:00:00"
        subprocess.run(
            ["git", "-c", "user.name=a", "-c", "user.email=a@b.example", *words],
            cwd=repo,
            check=True,
            capture_output=True,
            env={"GIT_AUTHOR_DATE": date, "GIT_COMMITTER_DATE": date, "PATH": "/usr/bin:/bin"},
        )

    git("init", "-q")
    git("add", ".")
    git("commit", "-qm", "a")
    assert take(repo).names == ["2023/2023-W41.ipynb"]


@pytest.mark.parametrize(
    "text",
    [
        "**Bells under water**\nhttps://arxiv.org/abs/2401.00001\n\nThey hum.\n",
        "__Bells under water__\n\nPaper: https://arxiv.org/abs/2401.00001\n\nThey hum.\n",
        "#[Bells under water](https://arxiv.org/abs/2401.00001)\n\n## Ideas\n\nThey hum.\n",
    ],
)
def test_a_first_line_that_is_the_title(text: str, take: Import, tmp_path: Path) -> None:
    made = take(folder(tmp_path / "p", {"a.md": text}))
    assert formats(made) == ["paper"]
    assert list(entries(made)) == ["Bells under water"]
    assert "## " in made.text(made.names[0]).split("They hum")[0]


def test_a_bold_first_line_titles_a_post_without_a_title(take: Import) -> None:
    text = "---\nlayout: post\n---\n**Bells under water**\n\nThey hum.\n\n## Why\n\nAir.\n"
    made = take(text, name="2024-05-01-b.md")
    assert 'title: "Bells under water"' in made.front(made.names[0])


def test_a_link_to_the_paper_in_the_first_line(take: Import, tmp_path: Path) -> None:
    text = (
        "[Paper](https://arxiv.org/pdf/2401.00001) | [Talk](https://x.example)\n\n## Part 1\n\nA.\n"
    )
    made = take(folder(tmp_path / "p", {"012_bells.md": text}))
    assert formats(made) == ["paper"]
    assert list(entries(made)) == ["bells"]


def test_front_matter_that_no_mark_opens(take: Import, tmp_path: Path) -> None:
    hexo = "title: Bells\ndate: 2016-03-03 17:34:05\ntags:\n - sound\n---\n\nThey hum.\n"
    pelican = "Title: Bells: a start\nDate: 2016-04-03\nTags: sound, water\nSlug: b\n\nThey ring.\n"
    made = take(folder(tmp_path / "b", {"a.md": hexo, "b.md": pelican}))
    assert formats(made) == ["blog", "blog"]
    assert made.names == ["2016/2016-03-03-bells.ipynb", "2016/2016-04-03-bells-a-start.ipynb"]
    assert made.cells(made.names[1])[0].strip().endswith("They ring.")


def test_lines_of_keys_that_are_no_front_matter_stay(take: Import) -> None:
    made = take("Title: Bells\nAuthors: A. Cho\n\nThey hum.\n", name="2024-05-01-b.md")
    assert "Authors: A. Cho" in made.text(made.names[0])


TABLE = """\
## Updated on 2024.03.05

## Sound

|Publish Date|Title|Authors|PDF|Code|
|---|---|---|---|---|
|**2024-03-01**|**Bells under water**|Ann Bee et.al.|[2403.00001v1](http://arxiv.org/abs/2403.00001v1)|null|
|**2024-03-01**|**Drums of paper**|Dan Cho et.al.|[2403.00002v1](http://arxiv.org/abs/2403.00002v1)|[x](https://x.example)|
|**2024-02-29**|**Flutes without holes**|Eun Kim et.al.|[2402.00003v1](http://arxiv.org/abs/2402.00003v1)|null|
"""


def test_a_table_with_a_row_a_paper_and_no_footnotes(take: Import) -> None:
    made = take(TABLE, name="README-daily.md")
    assert formats(made) == ["arxiv-table"]
    found = entries(made)
    assert set(found) == {"Bells under water", "Drums of paper", "Flutes without holes"}
    assert found["Drums of paper"]["author"] == [{"family": "Cho", "given": "Dan"}]
    (name,) = made.names
    assert name.startswith("2024/2024-03-05")
    assert f"**Bells under water** [@{found['Bells under water']['id']}] |" in made.text(name)
    assert set(made.report.papers_new) == {entry["id"] for entry in found.values()}
    before = made.bytes()
    assert take(TABLE, name="README-daily.md").bytes() == before


def test_a_table_whose_titles_are_links(take: Import) -> None:
    rows = "".join(
        f"| [종소리의 연구 {n}](https://arxiv.org/abs/2403.0000{n}) | 2024 |\n" for n in (1, 2, 3)
    )
    made = take(f"# 논문 2024-03-05\n\n| 논문 | 해 |\n|---|---|\n{rows}", name="t.md")
    assert set(entries(made)) == {f"종소리의 연구 {n}" for n in (1, 2, 3)}


def test_footnotes_and_references_alone_make_no_digest(take: Import, tmp_path: Path) -> None:
    text = "# A guide\n\nText[^1], [^2].\n\n## References\n\n- [a](https://x.org)\n\n[^1]: b\n[^2]: c\n"
    made = take(folder(tmp_path / "g", {"guide.md": text}))
    assert not made.report.sources


def test_a_notebook_whose_title_has_an_address_below(take: Import, tmp_path: Path) -> None:
    cells = [
        "# Bells under water",
        "https://arxiv.org/abs/2401.00001\n\nThey hum.\n\n## Why\n\nAir.",
    ]
    notebook = {
        **NOTEBOOK,
        "cells": [
            {"cell_type": "markdown", "metadata": {}, "source": text, "id": f"c{n}"}
            for n, text in enumerate(cells)
        ],
    }
    made = take(folder(tmp_path / "n", {"2024-10-05.ipynb": json.dumps(notebook)}))
    (key,) = made.report.papers_new
    (name,) = made.names
    assert name == "2024/2024-10-05-bells-under-water.ipynb"
    assert made.text(name).startswith(f"## Bells under water [@{key}]\n")
    assert "### Why" in made.text(name)


def test_a_section_of_a_post_with_an_address_below_its_heading(take: Import) -> None:
    text = "---\ntitle: Two\n---\n\nHello.\n\n## Bells {#b}\n\nPaper: <https://arxiv.org/abs/2401.00001>\n\nHum.\n"
    made = take(text, name="2024-01-02-two.qmd")
    (key,) = made.report.papers_new
    assert f"## Bells [@{key}] {{#b}}" in made.text(made.names[0])
    before = made.bytes()
    assert take(text, name="2024-01-02-two.qmd").bytes() == before


def test_thousands_of_spaces_take_no_time(take: Import, tmp_path: Path) -> None:
    text = "---\ntitle: Gap\n---\n\nA.\n\n" + "\t" * 16_000 + "\n\n" + " " * 9_000 + "B.\n"
    made = take(folder(tmp_path / "s", {"2024-01-02-gap.md": text}))
    assert "B." in made.text(made.names[0])


def test_a_backslash_in_org_that_is_before_no_letter(take: Import) -> None:
    made = take('* Paths\n\nIn %HOME%\\.cargo, and "a\\_b" and $x\\,y$.\n', name="2024-01-02-a.org")
    text = made.text(made.names[0])
    assert "%HOME%\\\\.cargo" in text
    assert "$x\\,y$" in text


@pytest.mark.parametrize(
    "address",
    [
        "https://www.aclweb.org/anthology/2020.acl-main.204/",
        "https://ojs.aaai.org/index.php/AAAI/article/view/1",
        "https://www.science.org/doi/10.1126/x",
        "https://pubmed.ncbi.nlm.nih.gov/123/",
        "https://eprint.iacr.org/2024/001",
    ],
)
def test_addresses_of_publishers_are_those_of_papers(address: str, take: Import) -> None:
    made = take(f"# [Bells under water]({address})\n\nThey hum.\n", name="a.md")
    assert list(entries(made)) == ["Bells under water"]


def test_a_table_of_contents_as_github_links_it(take: Import) -> None:
    text = (
        "---\ntitle: Bells\n---\n\n- [a](#1-first-steps)\n- [b](#왜-종인가)\n- [c](#updated-20240305)\n"
        "- <a href='#faq--more'>d</a>\n- [e](#own)\n- [f](#nowhere)\n\n## 1. First steps\n\nA.\n\n"
        "## 왜 종인가?\n\nB.\n\n## Updated 2024.03.05\n\nC.\n\n## FAQ & more\n\nD.\n"
    )
    made = take(text, name="2024-01-02-b.md")
    shown = made.text(made.names[0])
    for link in (
        "[a](#first-steps)",
        "[b](#왜-종인가)",
        "[c](#updated-2024.03.05)",
        "[f](#nowhere)",
    ):
        assert link in shown
    assert 'href="#faq-more"' in shown
    assert not made.report.leftover
    before = made.bytes()
    assert take(text, name="2024-01-02-b.md").bytes() == before


def test_a_note_that_better_notes_keeps_in_step_with_a_file(take: Import, tmp_path: Path) -> None:
    mark = '<span class="highlight" data-annotation="%7B%7D" ztype="zhighlight">'
    link = '<a href="zotero://open-pdf/library/items/RHWL?page=1">“Bells under water”</a></span>'
    text = (
        "---\ntags: []\nparent: 'Bells under water: a study'\ncollections:\n    - PEFT\n"
        "version: 9141\nlibraryID: 1\nitemKey: NJK8CNGD\n\n---\n"
        f"# {mark}{link}\n\n종은 물속에서도 울린다.\n\n## Method\n\nAir.\n"
    )
    made = take(folder(tmp_path / "z", {"NJK8.md": text}))
    assert formats(made) == ["paper"]
    assert list(entries(made)) == ["Bells under water: a study"]
    shown = made.text(made.names[0])
    (key,) = made.report.papers_new
    assert shown.startswith(f"## Bells under water: a study [@{key}]")
    assert "zotero://open-pdf/library/items/RHWL?page=1" in shown
    assert "종은 물속에서도 울린다." in shown
    assert not made.report.leftover
    before = made.bytes()
    assert take(tmp_path / "z").bytes() == before


def test_formulas_of_org_that_are_environments_of_tex(take: Import) -> None:
    text = (
        "#+title: Bells\n\n* Key\n\nThe objective is:\n\n\\begin{equation}\n"
        "  \\theta^{\\star} = \\arg \\max_\\theta J(\\theta)\n\\end{equation}\n\nand\n\n"
        "\\begin{align*}\n a &= b \\\\\n c &= d\n\\end{align*}\n\n- gradient :: $\\nabla J\n"
        "  \\approx \\sum_i\n  x_i$\n\nAs \\cite{cho2020} has it.\n"
    )
    made = take(text, name="2024-01-02-a.org")
    shown = made.text(made.names[0])
    assert "$$\\theta^{\\star} = \\arg \\max_\\theta J(\\theta)$$" in shown
    assert "\\begin{aligned}" in shown and "c &= d" in shown
    assert "$\\nabla J \\approx \\sum_i x_i$" in shown
    assert "cho2020" in shown


def test_front_matter_with_authors_and_a_year_is_an_entry(take: Import, tmp_path: Path) -> None:
    text = '+++\ntitle = "Bells, tuned"\nauthors = "Ann Bee, Dan Cho"\nyear = 2018\n+++\n\na\n'
    made = take(folder(tmp_path / "p", {"beeBells2018.md": text}))
    (entry,) = entries(made).values()
    assert entry["issued"] == {"date-parts": [[2018]]}
    assert [name["family"] for name in entry["author"]] == ["Bee", "Cho"]  # type: ignore[attr-defined]


def test_days_with_long_titles_under_weeks_of_a_term(take: Import) -> None:
    log = (
        "# Log\n\n## Week 2\n\n### Mon Jan 16: Reading about bells under water, and on drums\n\n"
        "https://arxiv.org/abs/2211.13892\n\n- two\n\n## Week 1\n\n"
        "### Fri Jan 13: First readings\n\n- one\n"
    )
    made = take(log, name="log-w23.md")
    assert made.names == ["2023/2023-W02.ipynb", "2023/2023-W03.ipynb"]
    assert "## Mon Jan 16: Reading about bells" in made.text(made.names[1])
    assert not any("Mon Jan" in title for title in entries(made))


def test_a_short_title_without_an_address_is_one_entry(take: Import, tmp_path: Path) -> None:
    front = '+++\ntitle = "{}"\nauthors = "Ann Bee"\nyear = 1965\n+++\n\nText.\n'
    files = {"bell.md": front.format("Bell"), "template.md": front.format("Title")}
    made = take(folder(tmp_path / "p", files))
    assert list(entries(made)) == ["Bell"]
    before = made.bytes()
    assert take(tmp_path / "p").bytes() == before
