"""The journal that this repository holds, for tests that build it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from weeknotes.journal import project

REPOSITORY = Path(__file__).resolve().parents[2]
#: What the fixture ``open_page`` gives: it opens a page of the site in a browser of its own.
Open = Callable[..., Any]


def shipped(root: Path) -> project.Project:
    """A copy of the shipped journal in the new folder ``root``."""
    root.mkdir()
    for name in ("_quarto.yml", "references.json", "references.bib"):
        shutil.copy(REPOSITORY / name, root / name)
    for name in ("journal", "assets", "notebooks", "scripts"):
        shutil.copytree(REPOSITORY / name, root / name)
    return project.load(root / "_quarto.yml")
