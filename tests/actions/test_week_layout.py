"""How a week reads where it is written, and older weeks that are brought up to it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from weeknotes.actions import kernels, week_layout
from weeknotes.actions.create import new_week
from weeknotes.actions.refresh import refresh
from weeknotes.checks.runner import check
from weeknotes.cli import main
from weeknotes.engines.quarto_filter import filtered
from weeknotes.journal import cell_edit, notebooks
from weeknotes.journal.project import Project
from weeknotes.journal.weeks import Week
from weeknotes.site.build import render

W47 = Week(2026, 47)
ENTRY = {
    "id": "ho2020",
    "type": "article",
    "title": "Denoising",
    "author": [{"family": "Ho", "given": "J"}],
    "keyword": "diffusion",
    "custom": {"date-added": "2026-11-18"},
}


def hidden(cell: notebooks.Cell) -> bool:
    return cell.metadata.get("jupyter") == {"source_hidden": True}


def older(path: Path) -> bytes:
    """Make the week at ``path`` one that was made before: parameters twice, as rows, nothing collapsed,
    no title; and saved by another program, whose layout is its own."""
    whole = json.loads(path.read_bytes())
    cells = [cell for cell in whole["cells"] if cell["id"] != "title"]
    for cell in cells:
        cell["metadata"].pop("jupyter", None)
    at = next(n for n, cell in enumerate(cells) if cell["id"] == "parameters")
    values = {
        "week": "2026-W47",
        "carry_over": "- [ ] old",
        "reading": [{"key": "ho2020", "title": "x"}],
    }
    injected: Any = cell_edit.new_cell(
        "code",
        kernels.parameters_source(values),
        id="injected-parameters",
        tags=["injected-parameters", "generated", "remove-cell"],
    )
    cells.insert(at + 1, injected)
    cells.append(cell_edit.new_cell("markdown", "## Mine\n\n손대지 마세요  \n", id="mine"))
    whole["cells"] = cells
    data = json.dumps(whole, indent=3).encode()
    path.write_bytes(data)
    return data


def authors_bytes(path: Path) -> list[str]:
    read = notebooks.read(path)
    pairs = zip(read.cells, read.spans, strict=True)
    return [read.text[start:end] for cell, (start, end) in pairs if not cell.generated]


@pytest.fixture
def week(journal: Project) -> Path:
    journal.library_path.write_text(json.dumps([ENTRY]))
    return new_week(journal, W47, execute=False).path


def test_the_title_is_the_first_thing_in_sight(week: Path) -> None:
    cells = notebooks.read(week).cells
    seen = [cell for cell in cells if not hidden(cell)]
    assert seen[0].source == "# Week 47, 2026"
    assert [cell.id for cell in cells if hidden(cell)] == [
        "front-matter",
        "parameters",
        "reading-list",
        "categories",
    ]
    assert sum("parameters" in tag for cell in cells for tag in cell.tags) == 1
    assert 'reading = ["ho2020"]' in cells[2].source.replace("'", '"')


@pytest.mark.kernel
def test_an_older_week_is_brought_up_and_its_author_finds_every_byte(
    journal: Project, week: Path
) -> None:
    before = older(week)
    own = authors_bytes(week)
    (done,) = refresh(journal)
    assert done.changed and done.error is None
    assert authors_bytes(week) == own
    cells = notebooks.read(week).cells
    assert [cell.id for cell in cells][:4] == [
        "front-matter",
        "title",
        "parameters",
        "reading-list",
    ]
    assert [hidden(cell) for cell in cells[:5]] == [False, False, True, True, True]
    assert 'carry_over = "- [ ] old"' in cells[2].source
    assert "Denoising" in str(cells[3].outputs)
    text = week.read_bytes()
    assert text.endswith(before[before.rindex(b'"metadata": {\n      "kernelspec"') :])
    assert not refresh(journal)[0].changed


@pytest.mark.kernel
def test_what_its_author_took_away_or_opened_stays_so(journal: Project, week: Path) -> None:
    refresh(journal)
    whole = json.loads(week.read_bytes())
    whole["cells"] = [cell for cell in whole["cells"] if cell["id"] != "title"]
    for cell in whole["cells"]:
        cell["metadata"].pop("jupyter", None)
    week.write_text(json.dumps(whole), "utf-8")
    held = week.read_bytes()
    assert not refresh(journal)[0].changed
    assert week.read_bytes() == held


@pytest.mark.kernel
def test_the_title_follows_the_front_matter(journal: Project, week: Path) -> None:
    week.write_text(week.read_text("utf-8").replace("Week 47, 2026", "심장의 모양 *α*", 1), "utf-8")
    refresh(journal)
    assert notebooks.read(week).cells[1].source == "# 심장의 모양 *α*"


@pytest.mark.kernel
def test_the_cells_run_again_by_hand_show_the_same(journal: Project, week: Path) -> None:
    refresh(journal)
    notebook = notebooks.read(week)
    shown = notebook.cells[3].outputs
    code = [cell.json for cell in notebook.cells if cell.kind == "code"]
    plain = cell_edit.new_notebook(code, notebook.metadata)
    again = kernels.run(plain, {}, file="week", cwd=week.parent)
    assert again["cells"][1]["outputs"][0]["data"]["text/html"] == "".join(
        shown[0]["data"]["text/html"]
    )


def test_an_older_script_of_quarto_keeps_the_title_out(journal: Project) -> None:
    script = journal.root / "scripts" / "ipynb_filter.py"
    script.write_bytes(script.read_bytes().replace(b"notebook-title", b"other"))
    cells = notebooks.read(new_week(journal, W47, execute=False).path).cells
    assert cells[1].id == "parameters"


def test_no_page_shows_it(journal: Project, week: Path) -> None:
    """Neither the built-in renderer, nor what Quarto reads, nor the notebook to download."""
    whole = json.loads(week.read_bytes())
    whole["cells"][1]["source"] = ["# Seen here alone"]
    week.write_text(json.dumps(whole) + "\n", "utf-8")
    render(journal, engine="builtin")
    site = [p for p in journal.output_dir.rglob("*") if p.is_file()]
    assert not [p for p in site if b"Seen here alone" in p.read_bytes()]
    assert b"Seen here alone" not in filtered(journal, week.read_bytes(), week.parent)
    assert [f for f in check(journal).findings if f.file.endswith(".ipynb")] == []


def test_the_page_is_the_same_with_it_and_without(journal: Project, week: Path) -> None:
    page = journal.output_dir / "journal/2026/2026-W47.html"
    render(journal, engine="builtin")
    whole = json.loads(week.read_bytes())
    del whole["cells"][1]
    for cell in whole["cells"]:
        cell["metadata"].pop("jupyter", None)
    held = page.read_text("utf-8")
    week.write_text(json.dumps(whole) + "\n", "utf-8")
    assert render(journal, engine="builtin").rendered == 1
    assert page.read_text("utf-8") == held


def test_jupyterlab_has_nothing_to_write_into_a_new_week(week: Path) -> None:
    """It writes what the kernel says of its language."""
    from ipykernel.ipkernel import IPythonKernel

    assert notebooks.read(week).metadata["language_info"] == dict(IPythonKernel.language_info)


def test_the_parameters_cell_of_a_template_keeps_what_is_its_own() -> None:
    template = '# mine\nweek = "x"  # a week\nlang: str = "en"\nextra = [\n  1,\n]\nreading = []'
    values = {"week": "2026-W47", "lang": "ko", "reading": [{"key": "a"}], "more": "\\"}
    source = week_layout.parameters_source(template, values)
    assert source.startswith('# mine\nweek = "2026-W47"\nlang = "ko"\nextra = [\n  1,\n]\n')
    found: dict[str, Any] = {}
    exec(source, found)
    assert (found["reading"], found["more"], found["extra"]) == (["a"], "\\", [1])
    for odd in ("a = b = 1; week = 2", "week = (1,\n 2); x = 3", "not python at all"):
        made = week_layout.parameters_source(odd, {"week": "w"})
        assert made.endswith('week = "w"')


def test_refresh_all_collapses_the_code_of_older_digests(
    journal: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The author's cells keep their bytes; what the author unfolds afterwards stays unfolded."""
    path = journal.root / "journal" / "2026" / "2026-11-16-digest.ipynb"
    path.parent.mkdir(parents=True)
    tags = {"parameters": ["parameters", "generated"], "graph": ["generated", "remove-input"]}
    cells = [cell_edit.new_cell("raw", "---\ntitle: D\nkind: digest\n---", id="front-matter")]
    cells += [cell_edit.new_cell("code", "1", id=name, tags=own) for name, own in tags.items()]
    cells += [cell_edit.new_cell("code", "mine = 1", id="mine")]
    path.write_text(json.dumps(cell_edit.new_notebook(cells, {}), indent=3) + "\n", "utf-8")
    before = authors_bytes(path)
    monkeypatch.chdir(journal.root)
    assert main(["refresh", "--all", "--quiet"]) == 0
    assert authors_bytes(path) == before
    read = notebooks.read(path)
    assert [cell.id for cell in read.cells if hidden(cell)] == ["parameters", "graph"]
    text = path.read_text("utf-8").replace('"source_hidden": true', '"source_hidden": false', 1)
    path.write_text(text, "utf-8")
    assert main(["refresh", "--all", "--quiet"]) == 0
    assert path.read_text("utf-8") == text
