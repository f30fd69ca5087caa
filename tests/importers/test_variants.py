"""Other people's ways of the same kinds of journals: what decides is what they mean."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from .conftest import Import

ARXIV = "https://arxiv.org/abs/"


@dataclass(frozen=True)
class Way:
    """A folder, and what comes of it: names of pages, titles of papers, texts that pages have."""

    files: dict[str, str]
    pages: tuple[str, ...]
    papers: tuple[str, ...] = ()
    has: tuple[str, ...] = field(default=())


WAYS = {
    "bold days under the weeks of a term": Way(
        {
            "log.md": "# Log winter '23\n\n## Week 2\n\n**Monday 3/6**\n\n- Read A\n\n"
            "**Tuesday 3/7: meeting**\n- Met\n\n## Week 1\n\n**Fri 3/3:**\n\n- Read C\n"
        },
        ("2023-W09", "2023-W10"),
        has=("## Monday 3/6\n\n- Read A", "## Tuesday 3/7: meeting\n\n- Met", "## Fri 3/3"),
    ),
    "days on lines of their own under weeks": Way(
        {
            "log.md": "# 연구 일지 2023년 1학기\n\n## 2주차\n\n3월 13일 (월)\n- 읽음\n\n"
            "## 1주차\n\n3월 6일 (월)\n- 봄\n"
        },
        ("2023-W10", "2023-W11"),
        has=("## 3월 13일 (월)\n\n- 읽음", "## 3월 6일 (월)\n\n- 봄"),
    ),
    "a term in the title that looks like a week": Way(
        {
            "log.md": "# Log w23\n\n## Week 2\n\n### Mon 3/6: read\n\n"
            "- A\n\n## Week 1\n\n### Fri 3/3\n\n- C\n",
        },
        ("2023-W09", "2023-W10"),
        has=("## Mon 3/6: read", "## Fri 3/3"),
    ),
    "a day in the week of a range": Way(
        {
            "log.md": "# Log\n\n## 2024-10-14 ~ 2024-10-20\n\n"
            "**One thing**\n\nA\n\n## 2024-10-18\n\nB\n",
        },
        ("2024-W42",),
        has=("## 2024-10-18\n\nB",),
    ),
    "sections on information, in Korean": Way(
        {
            "2024-02-02-x.md": f"---\ntitle: 세는 컵\n---\n\n### 논문 정보\n\n"
            f"- [arXiv]({ARXIV}2402.00001)\n\n### 핵심\n\n- 셈\n",
        },
        ("2024-02-02",),
        ("세는 컵",),
    ),
    "sections on information, in Chinese": Way(
        {
            "2024-02-02-x.md": f"---\ntitle: 会数的杯子\n---\n\n### 基本信息\n\n"
            f"- 链接：{ARXIV}2402.00002\n\n### 要点\n\n- 数\n",
        },
        ("2024-02-02",),
        ("会数的杯子",),
    ),
    "a title, and the address under its first section": Way(
        {
            "2024-01-02-x.md": f"# Lamps that wait\n\n## Introduction\n\n"
            f"* A\n* [Link]({ARXIV}2401.00009)\n\n## End\n\n* B\n",
        },
        ("2024-W01",),
        ("Lamps that wait",),
    ),
    "a post with a section on a paper, and no field of a blog": Way(
        {
            "nets.md": f"---\ntitle: Nets\ndate: 2017-05-07\n---\n\n"
            f"## [A paper on nets]({ARXIV}1705.00003)\n\n- Good.\n",
        },
        ("2017-05-07-nets",),
        ("A paper on nets",),
    ),
    "daily papers, and what they are below them": Way(
        {
            "README.md": f"# Daily Papers\n\n## Daily Papers (2025-05-09)\n\n"
            f"### [A paper on flutes]({ARXIV}2505.00001)\n\nVote: 1\n\n- One.\n\n## About\n\nBy two.\n"
        },
        ("2025-05-09",),
        ("A paper on flutes",),
        ("## [A paper on flutes]", "## About\n\nBy two."),
    ),
    "a post without a title in a folder of its own": Way(
        {"2024-03-03-on-bells/index.md": "---\ntags: [a]\n---\n\nA line.\n"},
        ("2024-03-03-on-bells",),
    ),
    "notes called after a week and a day": Way(
        {"2024-W27.md": "# Plan\n\nRead.\n", "2024-07-03.md": "Read more.\n"},
        ("2024-W27",),
        has=("Read.", "Read more."),
    ),
}


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_a_way_of_keeping_a_journal(way: Way, take: Import, tmp_path: Path) -> None:
    folder = tmp_path / "repo"
    for name, text in way.files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    made = take(folder)
    assert made.report.ok and not made.report.leftover
    assert len(made.names) == len(way.pages)
    assert all(page in name for page, name in zip(way.pages, made.names, strict=True))
    found = [entry["title"] for entry in json.loads(made.journal.library_path.read_text("utf-8"))]
    assert found == list(way.papers)
    text = "\n\n".join(made.text(name) for name in made.names)
    assert all(part in text for part in way.has)
    before = made.bytes()
    assert take(folder).bytes() == before


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (
            "HISTORY.md",
            "# History\n\n## v1.2 (2024-06-01)\n\n- New\n\n## v1.1 (2024-05-01)\n\n- Old\n",
        ),
        ("CHANGES.md", "# 변경\n\n## 1.2 (2024-06-01)\n\n- 새\n\n## 1.1 (2024-05-01)\n\n- 옛\n"),
    ],
)
def test_a_change_log_of_short_versions_is_no_journal(
    name: str, text: str, take: Import, tmp_path: Path
) -> None:
    (tmp_path / "knobs").mkdir()
    (tmp_path / "knobs" / name).write_text(text, "utf-8")
    made = take(tmp_path / "knobs")
    assert not made.report.ok and not made.names
    assert "nearest is worklog" in made.report.unrecognised[0].text
