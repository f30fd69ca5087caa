"""A week is the file that is called after it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from weeknotes.journal import project as projects
from weeknotes.journal import week_files
from weeknotes.journal.weeks import Week
from weeknotes.scaffold import init

WEEK = Week.parse("2026-W20")


def notebook(path: Path, week: str = "2026-W20") -> Path:
    source = f"---\ntitle: T\nweek: {week}\n---"
    cell = {"cell_type": "raw", "id": "a", "metadata": {}, "source": source}
    path.parent.mkdir(parents=True, exist_ok=True)
    content = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [cell]}
    path.write_text(json.dumps(content) + "\n")
    return path


@pytest.mark.parametrize(
    "name",
    [
        "2026-W20-Copy1.ipynb",
        "2026-W20 (conflicted copy).ipynb",
        "2026-W20 (Kim's conflicted copy 2026-05-14).ipynb",
        "2026-W20.sync-conflict-20260514-101010-ABCDEFG.ipynb",
        "2026-W20 copy.ipynb",
        "2026-W20 2.ipynb",
        "2026-W2.ipynb",
        "0-draft.ipynb",
    ],
)
def test_the_exactly_named_file_wins_and_the_other_is_told(name: str, tmp_path: Path) -> None:
    init(tmp_path)
    project = projects.load(tmp_path / "_quarto.yml")
    other = notebook(project.journal / "2026" / name)
    assert week_files.weeks(project)[WEEK] == other
    own = notebook(project.journal / "zz" / "2026-W20.ipynb")
    assert week_files.weeks(project) == {WEEK: own}
    assert week_files.others(project) == {WEEK: [other]}
    (notice,) = week_files.notices(project)
    assert name in notice
    assert "2026-W20.ipynb" in notice
