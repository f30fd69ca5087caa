"""The five documents that the families are modelled on, where they lie beside the checkout."""

from __future__ import annotations

from pathlib import Path

import pytest

from weeknotes.engines import builtin
from weeknotes.engines.page import Page
from weeknotes.journal.project import Project

from .conftest import SEEDS, Import

pytestmark = pytest.mark.skipif(not SEEDS.is_dir(), reason="../shared/seeds is not there")


def seed(number: str) -> Path:
    return next(SEEDS.glob(f"{number}_*.txt"))


def test_all_five_are_imported_with_nothing_left_over(take: Import) -> None:
    made = take(SEEDS)
    assert sorted(f.format for f in made.report.sources) == [
        "arxiv-table",
        "blog",
        "insights",
        "votes",
        "worklog",
    ]
    assert made.report.ok and not made.report.leftover and not made.report.cleaned
    assert made.names == [
        "2023/2023-03-03-daily-digest.ipynb",
        "2023/2023-12-21-daily-papers.ipynb",
        "2024/2024-02-01-arxiv.ipynb",
        "2024/2024-10-13-insights.ipynb",
        "2024/2024-W27.ipynb",
        "2024/2024-W28.ipynb",
        "2024/2024-W29.ipynb",
    ]
    before = made.bytes()
    assert take(SEEDS).bytes() == before


def test_the_work_log_gives_its_weeks_in_order_with_every_decision(take: Import) -> None:
    made = take(seed("003"))
    assert [(p.week, p.notes) for p in made.report.pages] == [
        ("2024-W27", 3),
        ("2024-W28", 14),
        ("2024-W29", 5),
    ]
    decided = [(r.line, r.text) for r in made.report.decisions]
    assert len(decided) == 2
    assert decided[0][1].endswith("read day first: that makes weeks of its ranges")
    assert decided[1][0] == 244 and "2024-W29" in decided[1][1] and "line 241" in decided[1][1]
    assert len(made.report.no_address) == 22
    assert made.report.images["missing"] == 18


def test_papers_votes_and_sources_are_recognised(take: Import) -> None:
    made = take(seed("001"), seed("002"), seed("004"))
    assert len(made.report.papers_new) == 33
    votes = made.notebook("2023/2023-12-21-daily-papers.ipynb")
    counted = [cell["metadata"]["weeknotes"]["votes"] for cell in votes["cells"][1:]]
    assert counted == [29, 24, 19, 12, 11, 7, 6, 5, 5, 5, 4, 4, 3, 3, 3]
    report = made.notebook("2024/2024-10-13-insights.ipynb")
    chart = next(cell for cell in report["cells"] if cell["cell_type"] == "code")
    assert "'Computer Vision': 2" in "".join(chart["source"])
    table = made.text("2024/2024-02-01-arxiv.ipynb")
    assert all(f"[{n}](#note-{n})" in table and f'id="note-{n}"' in table for n in range(1, 7))


def test_their_pages_render_without_a_warning(
    take: Import, journal: Project, tmp_path: Path
) -> None:
    made = take(SEEDS)
    sources = [f"journal/{name}" for name in made.names]
    pages = list(builtin.render(journal, sources, tmp_path / "work"))
    for page in pages:
        assert isinstance(page, Page)
        assert not page.warnings
        assert "[@" not in page.body and "\\" not in page.body.replace("\\\\", "")
