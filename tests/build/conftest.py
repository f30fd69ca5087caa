"""A small journal that renders quickly, and ways to look at the site made of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from weeknotes.journal import cell_edit, project
from weeknotes.journal.project import Project
from weeknotes.site.build import render
from weeknotes.site.last_build import BuildReport

PIXEL = (
    b'<svg xmlns="http://www.w3.org/2000/svg" width="40" height="30" viewBox="0 0 40 30">'
    b'<rect width="40" height="30" fill="#789"/></svg>\n'
)
LIBRARY = [
    {
        "id": "ho2020denoising",
        "type": "paper-conference",
        "title": "Denoising Diffusion Probabilistic Models",
        "author": [{"family": "Ho", "given": "Jonathan"}],
        "issued": {"date-parts": [[2020]]},
    },
    {
        "id": "ronneberger2015unet",
        "type": "paper-conference",
        "title": "U-Net",
        "author": [{"family": "Ronneberger", "given": "Olaf"}],
        "issued": {"date-parts": [[2015]]},
    },
]


def front_matter(week: str) -> str:
    return f"---\ntitle: Week {week}\nweek: {week}\nlang: en\n---"


def write_week(root: Path, week: str, *texts: str) -> Path:
    """A notebook for ``week`` with a Markdown cell for each of ``texts``."""
    cells = [cell_edit.new_cell("raw", front_matter(week), id="front-matter")]
    cells += [
        cell_edit.new_cell("markdown", text, id=f"cell-{n}") for n, text in enumerate(texts, 1)
    ]
    path = root / "journal" / week[:4] / f"{week}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(cell_edit.dump(cell_edit.new_notebook(cells, {})))
    return path


@pytest.fixture
def three_weeks(journal: Project) -> Project:
    """A journal of three weeks that cite two papers and show a figure."""
    root = journal.root
    (root / "references.json").write_text(json.dumps(LIBRARY), "utf-8")
    figure = root / "assets" / "images" / "2026-W46" / "box.svg"
    figure.parent.mkdir(parents=True)
    figure.write_bytes(PIXEL)
    write_week(root, "2026-W45", "## Noise [@ho2020denoising]\n\n- 확산 모델의 시작")
    write_week(
        root,
        "2026-W46",
        "## A net [@ronneberger2015unet]\n\n![A box](../../assets/images/2026-W46/box.svg)",
    )
    write_week(root, "2026-W47", "## Tasks\n\n- [ ] read\n- [x] write", "## Plans\n\n心脏的形状")
    return project.load(journal.config_path)


@pytest.fixture
def build() -> Callable[[Project], BuildReport]:
    """Builds with the built-in renderer, reading the configuration again as a new command does."""
    return lambda journal: render(project.load(journal.config_path), engine="builtin")


def snapshot(folder: Path) -> dict[str, bytes]:
    """Every file below ``folder`` with its bytes."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
