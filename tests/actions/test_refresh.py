"""Refreshing with real kernels: what the author made stays, byte for byte."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import nbformat
import pytest

from weeknotes.actions import jobs
from weeknotes.actions.create import new_week
from weeknotes.actions.jobs import Job, Outcome
from weeknotes.actions.refresh import Refreshed, refresh
from weeknotes.errors import UsageError
from weeknotes.journal import cell_edit, notebooks
from weeknotes.journal import week_files as weeks_of
from weeknotes.journal.project import Project
from weeknotes.journal.weeks import Week

WEEK = Week(2026, 47)
ENTRY = {
    "id": "ho2020",
    "type": "article",
    "title": "Denoising Diffusion Probabilistic Models",
    "keyword": "diffusion",
    "custom": {"date-added": "2026-11-18"},
}

pytestmark = pytest.mark.kernel


@pytest.fixture
def week(journal: Project) -> Path:
    """This week's notebook, as it is after an execution with an empty library."""
    return new_week(journal, WEEK, execute=False).path


def add_to_library(journal: Project) -> None:
    journal.library_path.write_text(json.dumps([ENTRY]))


def authors_cells(path: Path) -> list[str]:
    """The text in the file of every cell that isn't generated."""
    read = notebooks.read(path)
    pairs = zip(read.cells, read.spans, strict=True)
    return [read.text[start:end] for cell, (start, end) in pairs if not cell.generated]


def test_new_papers_come_in_and_nothing_else_changes(journal: Project, week: Path) -> None:
    assert refresh(journal, [WEEK]) == [Refreshed(week, changed=True)]
    empty, own = week.read_bytes(), authors_cells(week)
    assert b"Nothing was added" in empty
    add_to_library(journal)
    assert refresh(journal) == [Refreshed(week, changed=True)]
    assert b"Denoising Diffusion" in week.read_bytes()
    assert authors_cells(week) == own
    again = week.read_bytes()
    stamp = week.stat().st_mtime_ns
    assert refresh(journal, [week]) == [Refreshed(week, changed=False)]
    assert (week.read_bytes(), week.stat().st_mtime_ns) == (again, stamp)


def saved_by_jupyter(path: Path) -> None:
    """What an afternoon in another editor may leave: other layout, counts, outputs, metadata."""
    whole = json.loads(path.read_text("utf-8"))
    for count, cell in enumerate(whole["cells"], 7):
        cell["metadata"]["editable"] = True
        cell["metadata"]["slideshow"] = {"slide_type": ""}
        cell["source"] = "".join(cell["source"])
        if cell["cell_type"] == "code":
            cell["execution_count"] = count
            cell["metadata"]["execution"] = {"iopub.status.busy": "2026-11-16T09:00:00Z"}
    whole["metadata"] |= {"widgets": {}, "toc-autonumbering": False}
    path.write_text(json.dumps(whole, indent=2), "utf-8", newline="\r\n")


def test_a_notebook_that_was_reordered_added_to_and_cut(journal: Project, week: Path) -> None:
    whole = json.loads(week.read_text("utf-8"))
    front, title, parameters, reading, categories, _, tasks, notes = whole["cells"]
    reading["metadata"]["tags"].append("private")
    mine = cell_edit.new_cell("code", "plot('심장')", id="mine")
    mine["outputs"] = [{"output_type": "stream", "name": "stdout", "text": ["a\n", "b\n"]}]
    mine["metadata"] = {"scrolled": True, "tags": ["keep"]}
    whole["cells"] = [front, tasks, mine, reading, notes, title, parameters]
    assert categories["id"] == "categories"
    week.write_text(json.dumps(whole, ensure_ascii=False), "utf-8")
    saved_by_jupyter(week)
    own, before = authors_cells(week), week.read_bytes()
    add_to_library(journal)
    assert refresh(journal) == [Refreshed(week, changed=True)]
    after = notebooks.read(week)
    assert authors_cells(week) == own
    assert [cell.id for cell in after.cells] == [
        "front-matter",
        "tasks",
        "mine",
        "reading-list",
        "notes",
        "title",
        "parameters",
    ]
    table = after.cells[3]
    assert "Denoising" in str(table.outputs)
    assert table.tags == ("generated", "remove-input", "private")
    assert table.metadata["editable"] is True
    assert table.json["execution_count"] == 10
    old = notebooks.parse(before, "before")
    assert after.text[: after.array[0]] == old.text[: old.array[0]]
    assert after.text[after.array[1] :] == old.text[old.array[1] :]
    assert b"\r\n" in week.read_bytes()


def test_counts_and_layout_alone_are_no_reason_to_write(journal: Project, week: Path) -> None:
    refresh(journal)
    saved_by_jupyter(week)
    before = week.read_bytes()
    assert refresh(journal) == [Refreshed(week, changed=False)]
    assert week.read_bytes() == before


def test_cells_whose_ids_are_gone_are_known_by_their_tags(journal: Project, week: Path) -> None:
    """As after a program that writes nbformat 4.4, and after copying cells in JupyterLab."""
    node = nbformat.read(week, as_version=4)
    for cell in node.cells:
        del cell["id"]
    node.cells.append(node.cells[3])
    node.nbformat_minor = 4
    nbformat.write(node, week)
    add_to_library(journal)
    assert refresh(journal) == [Refreshed(week, changed=True)]
    cells = notebooks.read(week).cells
    assert [cell.id for cell in cells] == [""] * 9
    assert "Denoising" in str(cells[3].outputs)
    assert cells[8].outputs[0]["data"] == cells[3].outputs[0]["data"]


def test_the_template_may_have_changed_since(journal: Project, week: Path) -> None:
    path = journal.templates / "weekly.ipynb"
    text = path.read_text("utf-8")
    path.write_text(text.replace("glance.categories(reading, lang)", "print(week, extra)"), "utf-8")
    path.write_text(path.read_text("utf-8").replace(r"reading = []", r"extra = 7\nreading = []"))
    assert refresh(journal) == [Refreshed(week, changed=True)]
    cells = notebooks.read(week).cells
    assert cells[4].outputs[0]["text"] == ["2026-W47 7\n"]
    assert "extra = 7" in cells[2].source
    path.unlink()
    assert refresh(journal) == [Refreshed(week, changed=False)]


def test_the_authors_title_and_language_count(journal: Project, week: Path) -> None:
    text = week.read_text("utf-8")
    week.write_text(text.replace("lang: en", "lang: ko").replace("Week 47, 2026", "MICCAI", 1))
    assert refresh(journal) == [Refreshed(week, changed=True)]
    read = notebooks.read(week)
    assert 'title = "MICCAI"' in read.cells[2].source
    assert "논문이 없습니다" in str(read.cells[3].outputs)


def test_without_its_parameters_cells_a_notebook_runs_all_the_same(
    journal: Project, week: Path
) -> None:
    whole = json.loads(week.read_text("utf-8"))
    whole["cells"] = [c for c in whole["cells"] if "parameters" not in c["id"]]
    week.write_text(json.dumps(whole))
    add_to_library(journal)
    assert refresh(journal) == [Refreshed(week, changed=True)]
    assert [cell.id for cell in notebooks.read(week).cells if cell.kind == "code"] == [
        "reading-list",
        "categories",
    ]
    assert b"Denoising" in week.read_bytes()


def test_a_notebook_without_generated_cells_is_left_alone(journal: Project, week: Path) -> None:
    whole = json.loads(week.read_text("utf-8"))
    for cell in whole["cells"]:
        cell["metadata"] = {}
    week.write_text(json.dumps(whole))
    before = week.read_bytes()
    assert refresh(journal) == [Refreshed(week, changed=False)]
    assert week.read_bytes() == before


@pytest.mark.invalid_notebooks
def test_one_that_fails_does_not_keep_the_others(journal: Project) -> None:
    paths = [new_week(journal, Week(2026, n), execute=False).path for n in (44, 45, 46, 47)]
    paths[0].write_text("{ half")
    text = paths[2].read_text("utf-8").replace("reading-list", "own")
    text = text.replace("glance.reading(reading, lang)", "1 / 0")
    paths[2].write_text(text)
    broken = paths[0].read_bytes(), paths[2].read_bytes()
    seen: list[tuple[int, int, str]] = []
    results = refresh(journal, workers=2, progress=lambda *step: seen.append(step))
    assert [result.path for result in results] == paths
    assert [result.changed for result in results] == [False, True, False, True]
    assert results[0].error is not None
    assert results[0].error.where == "journal/2026/2026-W44.ipynb, line 1"
    assert results[2].error is not None
    assert "ZeroDivisionError" in str(results[2].error)
    assert results[2].error.where == "journal/2026/2026-W46.ipynb, cell 4, line 3"
    assert (paths[0].read_bytes(), paths[2].read_bytes()) == broken
    assert [step[:2] for step in seen] == [(2, 4), (3, 4), (4, 4)]


def test_a_week_that_is_not_there(journal: Project) -> None:
    with pytest.raises(UsageError, match="no notebook for 2026-W47"):
        refresh(journal, [WEEK])


def outcome_while(monkeypatch: pytest.MonkeyPatch, *saves: Any) -> None:
    """Let the author save the notebook while its cells run, and each time it is looked at again."""
    waiting = list(saves)
    real_run, real_parse = jobs.run_job, notebooks.parse

    def run_job(job: Job) -> Outcome:
        done = real_run(job)
        waiting.pop(0)()
        return done

    def parse(data: bytes, file: str) -> notebooks.Notebook:
        if waiting and len(waiting) < len(saves):
            waiting.pop(0)()
        return real_parse(data, file)

    monkeypatch.setattr(jobs, "run_job", run_job)
    monkeypatch.setattr(notebooks, "parse", parse)


def test_what_is_saved_while_the_kernel_runs_is_kept(
    journal: Project, week: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_to_library(journal)

    def save() -> None:
        """Delete one generated cell, and write a note."""
        whole = json.loads(week.read_text("utf-8"))
        del whole["cells"][4]
        whole["cells"].append(cell_edit.new_cell("markdown", "## New [@ho2020]", id="n"))
        week.write_text(json.dumps(whole, indent=4))

    outcome_while(monkeypatch, save)
    assert refresh(journal) == [Refreshed(week, changed=True)]
    cells = notebooks.read(week).cells
    assert cells[-1].source == "## New [@ho2020]"
    assert "Denoising" in str(cells[3].outputs)
    assert [cell.id for cell in cells].count("categories") == 0
    assert week.read_text().startswith('{\n    "cells"')


def test_a_file_that_keeps_changing_is_left_with_a_message(
    journal: Project, week: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_to_library(journal)
    versions: list[bytes] = []

    def save() -> None:
        whole = json.loads(week.read_text("utf-8"))
        whole["metadata"]["version"] = len(versions)
        versions.append(json.dumps(whole).encode())
        week.write_bytes(versions[-1])

    outcome_while(monkeypatch, *[save] * 40)
    (result,) = refresh(journal)
    assert not result.changed
    assert "keeps saving it" in str(result.error)
    assert week.read_bytes() == versions[-1]


@pytest.mark.invalid_notebooks
def test_a_file_that_is_deleted_or_broken_meanwhile(
    journal: Project, week: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_to_library(journal)
    outcome_while(monkeypatch, lambda: week.write_text("{ half"))
    (result,) = refresh(journal)
    assert "not valid JSON" in str(result.error)
    assert week.read_text() == "{ half"
    assert weeks_of.weeks(journal) == {WEEK: week}
