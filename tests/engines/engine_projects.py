"""A project of pages that hold every feature, and projects that a test fills."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from weeknotes.engines import builtin, sources
from weeknotes.engines.page import Page
from weeknotes.errors import WeeknotesError
from weeknotes.journal import project
from weeknotes.journal.project import Project

HERE = Path(__file__).parent
SCRIPTS = HERE.parents[1] / "scripts"
STYLE = Path(builtin.__file__).with_name("author-date.csl")
CONFIG = """\
project:
  type: website
  render: ["journal/**"]
author: Weeknotes
lang: en
bibliography: references.json
link-citations: true
"""

Results = dict[str, Page | WeeknotesError]


def copy_corpus(folder: Path) -> Project:
    """The corpus in a folder of its own, with the citation style it names."""
    shutil.copytree(HERE / "corpus", folder)
    shutil.copy(STYLE, folder)
    shutil.copytree(SCRIPTS, folder / "scripts")
    return project.load(folder / "_quarto.yml")


def render_all(of: Project, work: Path, names: Sequence[str] = ()) -> Results:
    """Every source's page or error, by source."""
    names = names or sources.find(of)
    results = list(builtin.render(of, names, work))
    by_source: Results = {}
    for result in results:
        key = result.source if isinstance(result, Page) else str(result.file)
        by_source[key] = result
    return by_source


class Journal:
    """A project that a test fills, and the built-in renderer's answer to it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.write("_quarto.yml", CONFIG)
        entry = {
            "id": "ho2020",
            "type": "book",
            "title": "Diffusion",
            "author": [{"family": "Ho", "given": "J."}],
            "issued": {"date-parts": [[2020]]},
        }
        self.write("references.json", json.dumps([entry]))

    def write(self, name: str, content: str | bytes) -> Path:
        """Put a file into the project."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def notebook(self, name: str, *cells: dict[str, Any] | str, front: str = "title: T") -> Path:
        """Put a notebook into the project; a string is a Markdown cell."""
        first = {"cell_type": "raw", "id": "front-matter", "metadata": {}, "source": ""}
        first["source"] = f"---\n{front}\n---"
        rest = [
            {"cell_type": "markdown", "id": f"md-{i}", "metadata": {}, "source": cell}
            if isinstance(cell, str)
            else cell
            for i, cell in enumerate(cells)
        ]
        notebook = {
            "cells": [first, *rest],
            "metadata": {"language_info": {"name": "python"}},
            "nbformat": 4,
            "nbformat_minor": 5,
        }
        return self.write(name, json.dumps(notebook, ensure_ascii=False))

    @property
    def project(self) -> Project:
        return project.load(self.root / "_quarto.yml")

    def render(self, *names: str) -> Results:
        """Results by source."""
        return render_all(self.project, self.root / ".work", names)

    def page(self, name: str = "journal/a.ipynb") -> Page:
        """The page made from one source; fails where that is an error."""
        result = self.render(name)[name]
        assert isinstance(result, Page), result
        return result

    def error(self, name: str = "journal/a.ipynb") -> WeeknotesError:
        """The error that one source ends in."""
        result = self.render(name)[name]
        assert isinstance(result, WeeknotesError), result
        return result
