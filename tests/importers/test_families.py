"""What each family keeps, on three hands of it or more."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from weeknotes.importers.format_table import FORMATS, suffixes

from .conftest import FIXTURES, Import

ALL = sorted(path for path in FIXTURES.rglob("*") if path.suffix.lower() in (".md", *suffixes()))


def family(path: Path) -> str:
    return path.relative_to(FIXTURES).parts[0]


@pytest.mark.parametrize("path", ALL, ids=lambda path: f"{family(path)}-{path.stem}")
def test_every_hand_is_recognised_and_nothing_is_left_over(path: Path, take: Import) -> None:
    made = take(path)
    assert [found.format for found in made.report.sources] == [family(path)]
    assert not made.report.leftover
    assert made.report.ok
    assert made.report.pages


@pytest.mark.parametrize("form", FORMATS)
def test_a_family_has_three_hands(form: str) -> None:
    found = [path for path in ALL if family(path) == form]
    assert len(found) >= 3


def test_folds_of_a_work_log_become_weeks_in_their_order(take: Import) -> None:
    made = take(FIXTURES / "worklog" / "folds.md")
    weeks = [f"2024/2024-W{n}.ipynb" for n in (32, 33, 34, 35)]
    assert made.names == weeks
    assert "## Deep Residual Learning for Image Recognition" in made.text(weeks[2])
    assert "No dates over this part" in made.text(weeks[3])
    said = "\n".join(made.decisions())
    assert "folds.md:38: the heading says 12/08/2024-18/08/2024" in said
    assert "folds.md:61: 2024-W33 is above the part in line 35 already" in said
    assert "folds.md:68: it has no dates: 2024-W35" in said
    assert "week: 2024-W32" in made.front(weeks[0])


def test_notes_of_a_work_log(take: Import) -> None:
    made = take(FIXTURES / "worklog" / "folds.md")
    first = made.cells("2024/2024-W32.ipynb")
    assert first[0] == "**读书笔记 2024**"
    assert first[1].startswith("## Denoising Diffusion Probabilistic Models\n")
    assert "\n\n> 采样需要一千步，太慢了\n\n***" in first[1]
    assert first[2].startswith("## Auto-Encoding Variational Bayes\n")
    second = made.cells("2024/2024-W33.ipynb")
    assert second[0].startswith("## 注意力机制\n\n### 自注意力\n\n每个词看所有的词。")
    assert second[2].startswith("## 本周计划\n\n- [x] 读两篇论文\n- [ ] 写周报")
    assert "Attention Is All You Need" in [r.text for r in made.report.no_address]


def test_headings_of_a_work_log_newest_first(take: Import) -> None:
    made = take(FIXTURES / "worklog" / "headings.md")
    assert made.names == [f"2024/2024-W{n}.ipynb" for n in (31, 32, 33)]
    newest = made.text("2024/2024-W33.ipynb")
    assert "[@neural2020]" in newest
    assert "The text ends here.\n\n***" in newest
    assert "(`plan.md`)" in newest
    assert "> A remark by \\@advisor over\n> two lines." in made.text("2024/2024-W32.ipynb")
    assert "<summary>Proof</summary>" in made.text("2024/2024-W32.ipynb")
    assert "holidays at the sea" in made.text("2024/2024-W31.ipynb")


def test_days_of_a_week_share_its_page(take: Import) -> None:
    made = take(FIXTURES / "worklog" / "days.md")
    assert made.names == [f"2024/2024-W{n}.ipynb" for n in (31, 32, 33)]
    text = made.text("2024/2024-W31.ipynb")
    assert text.index("## 2024.7.29 (월)") < text.index("### 강화 학습 정리")
    assert text.index("### 강화 학습 정리") < text.index("## 2024.7.31 (수)")
    # The half-closed div is closed in its cell.
    assert made.text("2024/2024-W32.ipynb").rstrip().endswith("</div>")


def test_a_post_keeps_its_front_matter_questions_and_tables(take: Import) -> None:
    made = take(FIXTURES / "blog" / "jekyll.md")
    (name,) = made.names
    assert name.startswith("2024/2024-05-17-")
    front = made.front(name)
    assert 'title: "[논문 읽기] 2024-05-17"' in front
    assert 'categories: ["digest", "reading"]' in front
    assert 'tags: ["diffusion", "3D", "a: b"]' in front
    assert "kind: digest" in front and "layout" not in front
    text = made.text(name)
    assert "### Q1. 왜 시간에 따라 잡음을 바꾸는가?" in text
    assert "| VP | 안정적 | 느림 |" in text
    assert "## Latent diffusion [@latent2021]" in text


def test_front_matter_sets_nothing_but_what_a_page_says_of_itself(take: Import) -> None:
    toml, broken = FIXTURES / "blog" / "hugo.md", FIXTURES / "blog" / "2022-11-05-wochenlese.md"
    made = take(toml, broken)
    for name in made.names:
        front = made.front(name)
        assert "bibliography" not in front and "filters" not in front
        kept = made.notebook(name)["metadata"]["weeknotes"]["import"]["front-matter"]
        assert "/etc/passwd" in kept or "evil.lua" in kept
    assert 'title: "Wochenlese: Bilder und Sprache"' in made.front(made.names[0])
    assert 'author: "Jürgen Beispiel, Ana Ejemplo"' not in made.front(made.names[1])
    # A fence for a language in braces would be run by Quarto.
    assert "``` python\n" in made.text(made.names[0])


def test_a_report_has_tags_cited_sources_and_a_chart_of_its_own(take: Import) -> None:
    made = take(FIXTURES / "insights" / "korean.md")
    (name,) = made.names
    assert name == "2024/2024-11-02-insights.ipynb"
    text = made.text(name)
    assert "## 🥳 Computer Vision\n\n[🥳 Computer Vision]{.tag}\n" in text
    assert "(<http://arxiv.org/abs/2410.11111v2>) [@painting2024]" in text
    assert 'categories: ["Computer Vision", "LLM"]' in made.front(name)
    chart = next(c for c in made.notebook(name)["cells"] if c["cell_type"] == "code")
    assert chart["metadata"]["tags"] == ["generated", "remove-input"]
    assert "'Computer Vision': 2, 'LLM': 1" in "".join(chart["source"])
    assert "<svg" in "".join(chart["outputs"][0]["data"]["image/svg+xml"])
    # The old picture is not there: its reference stays, and it is reported.
    assert '"paper_2024-11-02.png"' in text
    assert [r.text for r in made.report.missing_images] == ["paper_2024-11-02.png"]


def test_the_code_of_a_chart_draws_the_picture_that_is_shown(take: Import) -> None:
    made = take(FIXTURES / "insights" / "english.md")
    (name,) = made.names
    chart = next(c for c in made.notebook(name)["cells"] if c["cell_type"] == "code")
    code = "".join(chart["source"]).replace("glance.Display(", "shown = glance.Display(")
    scope: dict[str, object] = {}
    exec(code, scope)
    drawn = scope["shown"].bundle["image/svg+xml"]  # type: ignore[attr-defined]
    assert drawn == "".join(chart["outputs"][0]["data"]["image/svg+xml"])


def test_votes_and_authors_are_data_in_the_order_of_the_source(take: Import) -> None:
    made = take(FIXTURES / "votes" / "korean.md")
    (name,) = made.names
    cells = [c for c in made.notebook(name)["cells"] if c["cell_type"] == "markdown"]
    first, second = (cell["metadata"]["weeknotes"] for cell in cells)
    assert (first["votes"], second["votes"]) == (41, 7)
    assert first["authors"] == ["Minji Kim", "Zhang Wei", "Ana van der Berg"]
    assert first["thumbnail"].endswith("lumen.png")
    assert second["video"].endswith("steps.mp4")
    assert "Vote: 41" in "".join(cells[0]["source"])
    assert "<video controls" in "".join(cells[1]["source"])
    assert "onloadstart" not in made.text(name)
    entries = {e["id"]: e for e in json.loads(made.journal.library_path.read_text("utf-8"))}
    lumen = entries[first["paper"]]
    assert lumen["author"][2] == {"family": "van der Berg", "given": "Ana"}
    assert lumen["custom"]["date-added"] == "2024-01-15"
    assert lumen["number"] == "arXiv:2401.10001"


def test_a_file_of_several_days_gives_several_digests(take: Import) -> None:
    made = take(FIXTURES / "votes" / "english.md")
    assert made.names == [f"2024/2024-01-{day}-daily-papers.ipynb" for day in (16, 17)]
    assert 'title: "HF Daily Papers, 2024-01-16"' in made.front(made.names[0])
    assert 'title: "HF Daily Papers, 2024-01-17"' in made.front(made.names[1])
    first = made.notebook(made.names[0])["cells"][1]["metadata"]["weeknotes"]
    assert (first["votes"], first["authors"]) == (1204, ["A. One", "B. Two", "C. Three"])


def test_a_paper_met_again_is_the_same_paper(take: Import) -> None:
    made = take(FIXTURES / "votes" / "korean.md", FIXTURES / "votes" / "english.md")
    keys = [
        cell["metadata"]["weeknotes"].get("paper")
        for name in made.names
        for cell in made.notebook(name)["cells"][1:]
    ]
    assert keys.count("kim2024lumen") == 2
    assert len(json.loads(made.journal.library_path.read_text("utf-8"))) == 4


def test_a_table_of_arxiv_links_to_notes_in_both_languages(take: Import) -> None:
    made = take(FIXTURES / "arxiv-table" / "zh.md")
    (name,) = made.names
    text = made.text(name)
    assert "| [1](#note-1) | [Patchwork Priors" in text
    assert '### <span id="note-1" lang="zh">反问题的拼接先验</span> [@patchwork2024]' in text
    assert '<div lang="en">\n\nPatchwork Priors for Inverse Problems\n\n</div>' in text
    assert '<div lang="zh">\n\n我们把图像分成小块' in text
    assert "lang: zh" in made.front(name)
    entries = {e["id"]: e for e in json.loads(made.journal.library_path.read_text("utf-8"))}
    assert entries["calm2024"]["keyword"] == "cs.LG"
    assert entries["calm2024"]["abstract"].startswith("The step size")
    assert entries["patchwork2024"]["abstract"].startswith("We cut a picture")


def test_footnotes_of_a_table_that_are_odd(take: Import) -> None:
    made = take(FIXTURES / "arxiv-table" / "ko-2024-04-02.md")
    (name,) = made.names
    assert name == "2024/2024-04-02-arxiv.ipynb"
    text = made.text(name)
    assert "[\\^zz]" in text
    assert "이 문단도 남아야 합니다." in text
    assert text.index("잡음 속의 입술 읽기</span>") < text.index("모래 위를 걷는 로봇</span>")
