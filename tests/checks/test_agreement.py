"""What `weeknotes render` warns of, `weeknotes check` finds, and the reverse."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from weeknotes.checks.findings import Finding
from weeknotes.checks.runner import check
from weeknotes.engines import builtin, sources
from weeknotes.engines.page import Page, PageWarning
from weeknotes.journal import project as projects
from weeknotes.scaffold import init

SHARED = Path(__file__).parents[2].parent / "shared" / "cases" / "written"
PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="

#: Rules about what a page shows, of which both commands must say the same.
READING = frozenset(
    "citation-unknown reference-missing image-missing image-outside markdown-math output-interactive"
    " cell-id-duplicate merge-unfinished notebook-format markdown-shortcode page-failed".split()
)


def markdown(text: str, **more: Any) -> dict[str, Any]:
    return {"cell_type": "markdown", "metadata": {}, "source": text, **more}


def code(text: str, *outputs: dict[str, Any]) -> dict[str, Any]:
    shown = [{"output_type": "display_data", "metadata": {}, "data": data} for data in outputs]
    return {
        "cell_type": "code",
        "metadata": {},
        "source": text,
        "execution_count": None,
        "outputs": shown,
    }


#: Cells by name; `None` for the rules where both have nothing to say.
CASES: dict[str, tuple[list[dict[str, Any]], set[str]]] = {
    "a label that is no figure's": (
        [markdown("![A](a.png){#fig-a}\nwith words below. See @fig-a.")],
        {"reference-missing"},
    ),
    "a figure": ([markdown("![A](a.png){#fig-a}\n\nwords. See @fig-a.")], set()),
    "parts of a figure": (
        [
            code(
                "#| label: fig-both\n#| fig-cap: Both\n#| fig-subcap:\n#|   - one\n#|   - two\nshow()",
                {"image/png": PNG},
                {"image/png": PNG},
            ),
            markdown("The second is @fig-both-2, and @fig-both-3 is none."),
        ],
        {"reference-missing"},
    ),
    "an anchor of a heading with maths": (
        [markdown("## The case of $\\beta^2$ words\n\n[to it](#the-case-of-beta2-words)")],
        set(),
    ),
    "a citation in code and one that is none": (
        [markdown("`@nobody`, me@nobody.org and [@nobody2020]")],
        {"citation-unknown"},
    ),
    "an interactive figure": (
        [code("fig", {"application/vnd.plotly.v1+json": {"data": [], "layout": {}}})],
        {"output-interactive"},
    ),
    "a formula that nothing can set": ([markdown("so $\\unheard{x}$")], {"markdown-math"}),
    "a missing image": ([markdown("![x](gone.png)")], {"image-missing"}),
    "a missing attachment": ([markdown("![x](attachment:a%20b.png)")], {"image-missing"}),
    "an attachment": (
        [markdown("![x](attachment:a%20b.png)", attachments={"a b.png": {"image/png": PNG}})],
        set(),
    ),
    "an unfinished merge": (
        [markdown("<<<<<<< HEAD\na\n=======\nb\n>>>>>>> x")],
        {"merge-unfinished"},
    ),
    "a shortcode of nobody's": ([markdown("{{< nobodys >}}")], {"markdown-shortcode"}),
    "an include of nothing": ([markdown("{{< include gone.md >}}")], set()),
    "backslashes": ([markdown("C:\\\\new and \\textbf{x}")], set()),
}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    init(tmp_path)
    return tmp_path


def both(home: Path) -> tuple[list[PageWarning], list[Finding]]:
    """What the renderer warns of, and what is found."""
    project = projects.load(home / "_quarto.yml")
    warnings: list[PageWarning] = []
    for result in builtin.render(project, sources.find(project), home / ".work"):
        if isinstance(result, Page):
            warnings += result.warnings
        else:
            message = PageWarning(
                result.message, str(result.file), problem=True, rule="page-failed"
            )
            warnings.append(message)
    return warnings, list(check(projects.load(home / "_quarto.yml")).findings)


def disagreements(warnings: list[PageWarning], findings: list[Finding]) -> list[str]:
    """What only one of them says, by file and cell."""
    found = {(f.file, f.cell) for f in findings}
    wrong = [f"check is silent: {w}" for w in warnings if (w.file, w.cell) not in found]
    told = {(w.rule, w.file, w.cell) for w in warnings}
    for finding in findings:
        if finding.rule in READING and (finding.rule, finding.file, finding.cell) not in told:
            wrong.append(f"render is silent: {finding}")
    return wrong


@pytest.mark.parametrize("name", CASES)
def test_check_and_render_say_the_same(name: str, home: Path) -> None:
    cells, rules = CASES[name]
    (home / "journal" / "a.png").write_bytes(b"x")
    front = {"cell_type": "raw", "metadata": {}, "source": "---\ntitle: T\n---"}
    notebook = {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": {},
        "cells": [{"id": f"c{n}", **cell} for n, cell in enumerate([front, *cells])],
    }
    path = home / "journal" / "a.ipynb"
    path.write_text(json.dumps(notebook) + "\n")
    warnings, findings = both(home)
    assert disagreements(warnings, findings) == []
    assert {finding.rule for finding in findings} & READING == rules


@pytest.mark.invalid_notebooks
def test_check_and_render_say_the_same_of_the_written_cases(home: Path) -> None:
    if not SHARED.is_dir():
        pytest.skip("needs ../shared/cases/written beside the repository")
    for path in SHARED.iterdir():
        if path.name != "README.md":
            shutil.copy(path, home / "journal")
    warnings, findings = both(home)
    assert disagreements(warnings, findings) == []
    assert warnings
