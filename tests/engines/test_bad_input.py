"""What cannot be read or rendered: a clear error for that page, and the others as they should be."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from engine_projects import Journal

from weeknotes.engines import builtin, sources, worker
from weeknotes.engines.page import Page
from weeknotes.errors import LibraryError, NotebookError, ProjectError, RenderError
from weeknotes.text import processor_time

pytestmark = pytest.mark.invalid_notebooks

VALID: dict[str, Any] = {"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


def broken(**changes: Any) -> str:
    return json.dumps({**VALID, **changes})


def cell(**changes: Any) -> dict[str, Any]:
    return {"cell_type": "markdown", "id": "a", "metadata": {}, "source": "x", **changes}


@pytest.mark.parametrize(
    ("content", "message", "cell_number"),
    [
        ("", "the file is empty", None),
        ("  \n", "the file is empty", None),
        ('{"cells": [}', "no valid JSON", None),
        ("[1]", "no nbformat", None),
        ('{"metadata": {}}', "no nbformat", None),
        (broken(nbformat=3), "nbformat 3", None),
        (broken(cells="x"), "no list of cells", None),
        (broken(metadata=[]), "metadata is no mapping", None),
        (broken(cells=[cell(), 5]), "no known type", 2),
        (broken(cells=[cell(cell_type="heading")]), "no known type", 1),
        (broken(cells=[cell(source=5)]), "no source text", 1),
        (broken(cells=[cell(cell_type="code", outputs=[{}])]), "an output of the cell", 1),
    ],
)
def test_a_notebook_that_is_none(
    content: str, message: str, cell_number: int | None, bench: Journal
) -> None:
    bench.write("journal/a.ipynb", content)
    bench.notebook("journal/b.ipynb", "Fine")
    results = bench.render()
    error = results["journal/a.ipynb"]
    assert isinstance(error, NotebookError)
    assert message in str(error)
    assert (error.file, error.cell) == ("journal/a.ipynb", cell_number)
    assert isinstance(results["journal/b.ipynb"], Page)


def test_not_utf_8(bench: Journal) -> None:
    bench.write("journal/a.ipynb", b"\xff\xfe{}")
    bench.write("journal/b.md", b"\xff\xfe")
    assert isinstance(bench.error("journal/a.ipynb"), NotebookError)
    assert "UTF-8" in str(bench.error("journal/b.md"))


@pytest.mark.parametrize(
    ("front", "line", "message"),
    [
        ("title: a: b", 2, "not valid YAML"),
        ("title: T\ntags: [a", 4, "not valid YAML"),
        ("- a\n- b", 1, "must be a mapping"),
    ],
)
def test_front_matter_that_is_not_yaml(front: str, line: int, message: str, bench: Journal) -> None:
    bench.notebook("journal/a.ipynb", "x", front=front)
    error = bench.error()
    assert isinstance(error, RenderError)
    assert message in str(error)
    assert (error.file, error.cell) == ("journal/a.ipynb", 1)
    assert error.line in (line, line - 1)


def test_cell_options_that_are_not_yaml(bench: Journal, code: Callable[..., Any]) -> None:
    bench.notebook("journal/a.ipynb", "x", code("#| label: a: b\nshown()"))
    page = bench.page()
    assert "shown()" in page.body
    (warning,) = page.warnings
    assert "options" in warning.message
    assert (warning.cell, warning.line) == (3, 1)


def test_unknown_citation_says_where(bench: Journal) -> None:
    bench.notebook("journal/a.ipynb", "One\n\nTwo [@nobody1999] and [@ho2020]")
    page = bench.page()
    (warning,) = page.warnings
    assert "nobody1999" in warning.message
    assert warning.problem
    assert (warning.file, warning.cell, warning.line) == ("journal/a.ipynb", 2, 3)
    assert "<strong>nobody1999?</strong>" in page.body


def test_a_particle_that_ran_into_a_key_is_recognised(bench: Journal) -> None:
    bench.notebook("journal/a.ipynb", "논문 @ho2020의 결과, @fig-a는")
    hints = [warning.hint for warning in bench.page().warnings]
    assert [hint and hint.rsplit(": ", 1)[1] for hint in hints] == ["@{ho2020}의", "@{fig-a}는"]


def test_missing_image_says_where_and_is_depended_on(bench: Journal) -> None:
    bench.notebook("journal/a.ipynb", "One\n![Gone](img/gone%20away.png)")
    page = bench.page()
    (warning,) = page.warnings
    assert "img/gone away.png does not exist" in warning.message
    assert warning.problem
    assert (warning.cell, warning.line) == (2, 2)
    assert str(bench.root / "journal/img/gone away.png") in page.dependencies
    assert page.assets == {}


def test_unresolved_reference(bench: Journal) -> None:
    bench.notebook("journal/a.ipynb", "See @fig-nowhere.")
    page = bench.page()
    assert "<strong>?@fig-nowhere</strong>" in page.body
    assert [w.cell for w in page.warnings if "fig-nowhere" in w.message] == [2]


@pytest.mark.slow
def test_fifty_megabytes(bench: Journal, code: Callable[..., Any]) -> None:
    stream = {"name": "stdout", "output_type": "stream", "text": "loop\n" * 10_000_000}
    bench.notebook("journal/a.ipynb", "## Before", code("loop()", stream), "## After")
    bench.notebook("journal/b.ipynb", "many words " * 5_000_000)
    results = bench.render()
    page = results["journal/a.ipynb"]
    assert isinstance(page, Page)
    assert len(page.body) < 200_000
    assert "After" in page.body
    (warning,) = page.warnings
    assert warning.cell == 3
    assert "50,000,000 characters" in warning.message
    error = results["journal/b.ipynb"]
    assert isinstance(error, RenderError)
    assert "too much" in str(error)


def test_an_output_that_is_not_valid(bench: Journal, code: Callable[..., Any]) -> None:
    png = {"output_type": "display_data", "metadata": {}, "data": {"image/png": 5}}
    bench.notebook("journal/a.ipynb", code("x", png))
    assert [warning.cell for warning in bench.page().warnings] == [2]


def test_library_that_is_not_json(bench: Journal) -> None:
    bench.write("references.json", "{")
    bench.notebook("journal/a.ipynb", "x")
    with pytest.raises(LibraryError, match="not CSL-JSON") as caught:
        bench.render()
    assert caught.value.file == "references.json"
    (bench.root / "references.json").unlink()
    with pytest.raises(LibraryError, match="does not exist"):
        bench.render()


def test_bibliography_and_style_that_do_not_exist(bench: Journal) -> None:
    bench.notebook("journal/a.ipynb", "x", front="title: T\nbibliography: none.json")
    bench.notebook("journal/b.ipynb", "x", front="title: T\ncsl: none.csl")
    assert "none.json: the bibliography does not exist" in str(bench.error("journal/a.ipynb"))
    assert "none.csl does not exist" in str(bench.error("journal/b.ipynb"))


def test_folder_metadata_that_is_not_yaml(bench: Journal) -> None:
    bench.write("journal/x/_metadata.yml", "a: b: c")
    bench.notebook("journal/x/a.ipynb", "x")
    bench.notebook("journal/b.ipynb", "x")
    results = bench.render()
    error = results["journal/x/a.ipynb"]
    assert isinstance(error, ProjectError)
    assert "journal/x/_metadata.yml, line 1: not valid YAML" in str(error)
    assert isinstance(results["journal/b.ipynb"], Page)


def test_a_pandoc_that_dies_takes_one_page_with_it(
    bench: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in "abc":
        bench.notebook(f"journal/{name}.ipynb", f"Page {name}")
    convert = worker.Worker.convert

    def dies(self: worker.Worker, job: dict[str, Any], source: str) -> dict[str, Any]:
        if source == "journal/b.ipynb":
            process = self._process
            assert process is not None
            process.kill()
            process.wait()
        return convert(self, job, source)

    monkeypatch.setattr(worker.Worker, "convert", dies)
    results = bench.render()
    assert isinstance(results["journal/b.ipynb"], RenderError)
    assert [type(results[f"journal/{n}.ipynb"]) for n in "ac"] == [Page, Page]


def test_a_page_that_takes_too_long_is_given_up(
    bench: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "SECONDS", 0.01)
    monkeypatch.setattr(worker, "SECONDS_PER_MB", 0.0)
    bench.notebook("journal/a.ipynb", "word *emphasis* " * 50_000)
    assert "took more than" in str(bench.error())


def test_a_page_is_given_up_by_its_work_and_not_by_the_clock(
    bench: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    # By the clock, a process that waits for the processor is late; it has not worked for it.
    monkeypatch.setattr(worker, "SECONDS", 0.05)
    monkeypatch.setattr(processor_time, "_processor_time", lambda pid: 0.0)
    bench.notebook("journal/a.ipynb", "word *emphasis* " * 20_000)
    (page,) = builtin.render(bench.project, sources.find(bench.project), bench.root, 1)
    assert isinstance(page, Page)


def test_brackets_without_end_are_named_and_the_other_pages_are_made(
    bench: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert worker.SECONDS <= 20
    monkeypatch.setattr(worker, "SECONDS", 3.0)
    bench.notebook("journal/a.ipynb", "Fine", "## Open\n\n" + "[" * 40 + " and so on")
    for name in "bcd":
        bench.notebook(f"journal/{name}.ipynb", f"Page {name}")
    results = list(builtin.render(bench.project, sources.find(bench.project), bench.root, 1))
    error = next(result for result in results if isinstance(result, RenderError))
    assert (error.file, error.cell) == ("journal/a.ipynb", 3)
    assert "brackets" in str(error)
    pages = [result.source for result in results if isinstance(result, Page)]
    assert sorted(pages) == [f"journal/{name}.ipynb" for name in "bcd"]
