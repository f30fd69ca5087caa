"""New weeks, made with a real kernel where cells are run."""

from __future__ import annotations

import json
import multiprocessing
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from weeknotes.actions import kernels
from weeknotes.actions.create import Created, carry_over, new_week, reading
from weeknotes.errors import ExecutionError, NotebookError, TemplateError
from weeknotes.i18n import week_title
from weeknotes.journal import cell_edit, notebooks, project
from weeknotes.journal import week_files as weeks_of
from weeknotes.journal.project import Project
from weeknotes.journal.weeks import Week
from weeknotes.library.store import Library

WEEK = Week(2026, 47)

ENTRIES = [
    {
        "id": "ho2020",
        "type": "article",
        "title": "Denoising <i>Diffusion</i> Probabilistic Models",
        "author": [
            {"family": f, "given": "X"} for f in ("Ho", "Jain", "Abbeel", "Fourth", "Fifth")
        ],
        "issued": {"date-parts": [[2020, 6]]},
        "DOI": "10.48550/arXiv.2006.11239",
        "keyword": "diffusion, generative models",
        "custom": {"date-added": "2026-11-16"},
    },
    {
        "id": "kim2026",
        "type": "article",
        "title": 'A title with "quotes" & <script>',
        "author": [
            {"family": "김", "given": "민지"},
            {"family": "Gogh", "non-dropping-particle": "van"},
        ],
        "issued": {"raw": "spring 2026"},
        "keyword": "심장, diffusion",
        "custom": {"date-added": "2026-11-22"},
    },
    {
        "id": "late2026",
        "type": "book",
        "title": "Next week",
        "custom": {"date-added": "2026-11-23"},
    },
]


def template(journal: Project, *cells: dict[str, Any]) -> None:
    """Make the weekly template one of these cells, after its own front matter and parameters."""
    path = journal.templates / "weekly.ipynb"
    head = [cell.json for cell in notebooks.read(path).cells[:2]]
    path.write_bytes(cell_edit.dump(cell_edit.new_notebook([*head, *cells], {})))


def write_week(journal: Project, week: Week, *sources: str, front_matter: str = "") -> Path:
    cells = [cell_edit.new_cell("markdown", source, id="m") for source in sources]
    if front_matter:
        cells.insert(0, cell_edit.new_cell("raw", f"---\n{front_matter}\n---", id="r"))
    path = weeks_of.path_of(journal, week)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(cell_edit.dump(cell_edit.new_notebook(cells, {})))
    return path


@pytest.mark.kernel
def test_a_new_week_holds_what_the_week_is_about(journal: Project) -> None:
    journal.library_path.write_text(json.dumps(ENTRIES))
    write_week(journal, Week(2026, 46), "## Tasks\n\n- [x] done\n- [ ] 부록 읽기")
    made = new_week(journal, WEEK)
    assert made == Created(journal.journal / "2026" / "2026-W47.ipynb", existed=False)
    notebook = notebooks.read(made.path)
    assert notebook.front_matter == {
        "title": "Week 47, 2026",
        "date": "2026-11-16",
        "week": "2026-W47",
        "lang": "en",
        "author": "Kim Minji",
        "categories": [],
    }
    assert [cell.id for cell in notebook.cells] == [
        "front-matter",
        "title",
        "parameters",
        "reading-list",
        "categories",
        "for-you",
        "tasks",
        "notes",
    ]
    parameters = notebook.cells[2]
    assert parameters.tags == ("parameters", "generated", "remove-cell")
    values: dict[str, Any] = {}
    exec(parameters.source, values)
    assert (values["week"], values["start"], values["end"]) == (
        "2026-W47",
        "2026-11-16",
        "2026-11-22",
    )
    assert values["carry_over"] == "- [ ] 부록 읽기"
    assert values["reading"] == ["ho2020", "kim2026"]
    assert notebook.cells[6].source.startswith("## Tasks\n\n- [ ] 부록 읽기\n")
    table, figure = (cell.outputs[0]["data"] for cell in notebook.cells[3:5])
    html = "".join(table["text/html"])
    assert "Denoising Diffusion Probabilistic Models" in html
    assert "Ho, Jain, Abbeel et al." in html
    assert "김민지, van Gogh" in html
    assert "&lt;script&gt;" in html
    assert "kim2026" in "".join(table["text/plain"])
    assert "심장" in "".join(figure["image/svg+xml"])
    assert notebook.metadata == {
        "kernelspec": {
            "display_name": "Python 3 (ipykernel)",
            "language": "python",
            "name": "python3",
        },
        "language_info": kernels.LANGUAGE_INFO,
        "weeknotes": {"template": "weekly"},
    }
    assert [p.name for p in made.path.parent.iterdir() if p.name.startswith(".")] == []


@pytest.mark.kernel
def test_the_same_input_gives_the_same_bytes(journal: Project) -> None:
    code = "import sys, time\nfor n in range(50):\n    print(n)\n    sys.stdout.flush()\nn"
    template(journal, cell_edit.new_cell("code", code, id="chatty", tags=["generated"]))
    first = new_week(journal, WEEK).path
    data = first.read_bytes()
    first.unlink()
    assert new_week(journal, WEEK).path.read_bytes() == data
    assert b"papermill" not in data


@pytest.mark.kernel
@pytest.mark.parametrize(
    ("source", "says", "line"),
    [
        ("x = 1\n\nraise ValueError('심장 <b>')", "ValueError: 심장 <b>", 3),
        ("def f():\n    return 1 / 0\n\nf()", "ZeroDivisionError", 2),
        ("x = = 1", "SyntaxError", 1),
        ("import sys\nsys.exit()", "SystemExit", None),
        ("import os\nos._exit(3)", "kernel", None),
    ],
)
def test_a_cell_that_fails_leaves_nothing_and_is_named(
    journal: Project, source: str, says: str, line: int | None
) -> None:
    before = sorted(journal.root.rglob("*"))
    template(
        journal,
        cell_edit.new_cell("markdown", "text", id="text"),
        cell_edit.new_cell("code", source, id="bad"),
        cell_edit.new_cell("code", "1", id="after"),
    )
    with pytest.raises(ExecutionError, match=says) as caught:
        new_week(journal, WEEK)
    assert caught.value.file == "notebooks/weekly.ipynb"
    if says != "kernel":
        assert "'bad'" in caught.value.message
        assert (caught.value.cell, caught.value.line) == (4, line)
    assert sorted(journal.root.rglob("*")) == before


def test_a_parameter_that_the_template_does_not_know(journal: Project) -> None:
    path = journal.templates / "weekly.ipynb"
    path.write_text(path.read_text("utf-8").replace(r'"carry_over = \"\"\n",', ""), "utf-8")
    with pytest.raises(TemplateError, match="does not know the parameter 'carry_over'"):
        new_week(journal, WEEK)
    assert not list(journal.journal.rglob("*.ipynb"))


def test_without_running_anything(journal: Project) -> None:
    template(journal, cell_edit.new_cell("code", "raise SystemError", id="c", tags=["generated"]))
    made = new_week(journal, WEEK, execute=False)
    notebook = notebooks.read(made.path)
    assert notebook.front_matter["week"] == "2026-W47"
    assert [cell.outputs for cell in notebook.cells if cell.kind == "code"] == [[], []]
    assert 'week = "2026-W47"' in notebook.cells[2].source


def test_outputs_that_the_template_was_saved_with_do_not_come_along(journal: Project) -> None:
    stale = cell_edit.new_cell("code", "1", id="c")
    stale["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "stale"}]
    template(journal, stale)
    assert b"stale" not in new_week(journal, WEEK, execute=False).path.read_bytes()


def test_a_week_that_exists_is_left_as_it_is(journal: Project) -> None:
    path = write_week(journal, WEEK, "mine")
    before = path.read_bytes()
    assert new_week(journal, WEEK, execute=False) == Created(path, existed=True)
    assert path.read_bytes() == before


@pytest.mark.parametrize("name", ["archive/2026-W47.ipynb", "2026/2026-w47.ipynb", "holiday.ipynb"])
def test_a_week_that_stands_elsewhere_exists_too(journal: Project, name: str) -> None:
    path = journal.journal / name
    made = write_week(journal, WEEK, "mine", front_matter="week: 2026-W47\ntitle: x")
    path.parent.mkdir(exist_ok=True)
    made.rename(path)
    assert new_week(journal, WEEK, execute=False) == Created(path, existed=True)


@pytest.mark.parametrize(
    "name", [".ipynb_checkpoints/2026-W47-checkpoint.ipynb", "_old/2026-W47.ipynb", "digest.ipynb"]
)
def test_checkpoints_drafts_and_digests_are_no_weeks(journal: Project, name: str) -> None:
    path = journal.journal / name
    made = write_week(journal, WEEK, front_matter="week: 2026-W47\nkind: digest")
    path.parent.mkdir(exist_ok=True)
    made.rename(path)
    assert not new_week(journal, WEEK, execute=False).existed


@pytest.mark.invalid_notebooks
def test_a_broken_notebook_of_that_week_is_not_written_over(journal: Project) -> None:
    path = write_week(journal, WEEK)
    path.write_text("{ half")
    assert new_week(journal, WEEK, execute=False).existed
    assert path.read_text() == "{ half"


@pytest.mark.invalid_notebooks
def test_tasks_that_cannot_be_read_are_not_passed_over(journal: Project) -> None:
    write_week(journal, Week(2026, 46)).write_text("{ half")
    with pytest.raises(NotebookError) as caught:
        new_week(journal, WEEK, execute=False)
    assert caught.value.file == "journal/2026/2026-W46.ipynb"


def test_tasks_come_from_the_latest_earlier_week_there_is(journal: Project) -> None:
    write_week(journal, Week(2026, 40), "- [ ] old")
    write_week(journal, Week(2026, 44), "- [ ] before the holiday")
    write_week(journal, Week(2026, 48), "- [ ] later")
    assert carry_over(journal, WEEK) == "- [ ] before the holiday"
    assert carry_over(journal, Week(2026, 40)) == ""
    write_week(journal, Week(2026, 45), "- [ ] x", front_matter="private: true")
    assert carry_over(journal, WEEK) == ""


def test_the_turn_of_the_year(journal: Project) -> None:
    path = new_week(journal, Week.parse("2027-01-02"), execute=False).path
    assert path == journal.journal / "2026" / "2026-W53.ipynb"
    meta = notebooks.read(path).front_matter
    assert (meta["date"], meta["title"]) == ("2026-12-28", "Week 53, 2026")
    write_week(journal, Week(2026, 53), "- [ ] carried")
    assert carry_over(journal, Week.parse("2027-01-04")) == "- [ ] carried"


def test_titles_in_the_language_of_the_journal() -> None:
    titles = [week_title(WEEK.year, WEEK.number, lang) for lang in ("en", "ko-KR", "zh-Hant", "de")]
    assert titles == ["Week 47, 2026", "2026년 47주차", "2026年第47周", "Week 47, 2026"]


def test_a_configuration_with_every_character(journal: Project) -> None:
    author = '김 "M": {{week}} # \\ 扩'
    text = f"title: x\nauthor: {json.dumps(author, ensure_ascii=False)}\nlang: zh\n"
    journal.config_path.write_text(text, "utf-8")
    changed = project.find(journal.root)
    meta = notebooks.read(new_week(changed, WEEK, execute=False).path).front_matter
    assert (meta["author"], meta["lang"], meta["title"]) == (author, "zh", "2026年第47周")


def test_what_was_added_in_the_week(journal: Project) -> None:
    journal.library_path.write_text(json.dumps(ENTRIES))
    assert reading(Library.load(journal.library_path), WEEK) == [
        {
            "key": "ho2020",
            "title": "Denoising Diffusion Probabilistic Models",
            "authors": ["Ho", "Jain", "Abbeel", "Fourth"],
            "year": 2020,
            "tags": ["diffusion", "generative models"],
            "url": "https://doi.org/10.48550/arXiv.2006.11239",
        },
        {
            "key": "kim2026",
            "title": 'A title with "quotes" & <script>',
            "authors": ["김민지", "van Gogh"],
            "year": 2026,
            "tags": ["심장", "diffusion"],
            "url": "",
        },
    ]
    assert date.fromisoformat("2026-11-23") not in WEEK


@pytest.mark.kernel
def test_another_python3_kernel_does_not_take_its_place(
    journal: Project,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    kernel = tmp_path / "data" / "kernels" / "python3"
    kernel.mkdir(parents=True)
    spec = {"argv": ["/bin/false"], "display_name": "Python 3", "language": "python"}
    (kernel / "kernel.json").write_text(json.dumps(spec))
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "data"))
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "data"))
    code = "import os, sys\nos.write(1, b'stray')\nos.write(2, b'stray')\nsys.executable"
    template(journal, cell_edit.new_cell("code", code, id="c"))
    (output,) = notebooks.read(new_week(journal, WEEK).path).cells[3].outputs
    assert output["data"]["text/plain"] == [repr(sys.executable)]
    assert "stray" not in "".join(capfd.readouterr())


def test_of_two_processes_at_once_one_alone_makes_the_week(journal: Project) -> None:

    context = multiprocessing.get_context("fork")
    for number in range(40, 46):
        week = Week(2026, number)
        barrier, queue = context.Barrier(3), context.SimpleQueue()
        processes = [
            context.Process(target=_race, args=(journal.root, week, n, barrier, queue))
            for n in range(3)
        ]
        for process in processes:
            process.start()
        won = dict(queue.get() for _ in processes)
        for process in processes:
            process.join()
        (winner,) = [n for n, existed in won.items() if not existed]
        meta = notebooks.read(weeks_of.path_of(journal, week)).front_matter
        assert meta["author"] == f"author {winner}"


def _race(root: Path, week: Week, number: int, barrier: Any, queue: Any) -> None:
    """Make ``week`` as one of several authors, and say whether it was there already."""
    mine = project.find(root)
    mine.config["author"] = f"author {number}"
    barrier.wait()
    queue.put((number, new_week(mine, week, execute=False).existed))
