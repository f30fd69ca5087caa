"""This module finds the papers of the library that have a note, for the news of a digest."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import date

from weeknotes.errors import WeeknotesError
from weeknotes.journal import notebooks, week_files
from weeknotes.journal.project import Project
from weeknotes.journal.weeks import Week
from weeknotes.library.citation_use import citations
from weeknotes.library.store import Library
from weeknotes.privacy.cut import cut_notebook
from weeknotes.privacy.private_files import Whole


@dataclass(frozen=True)
class Noted:
    """The latest week with a note on a paper, and where its notebook is, from the journal's folder."""

    week: Week
    path: str

    def href_from(self, day: date) -> str:
        """The address of the week's notebook from the folder of the digest of ``day``."""
        return os.path.relpath(self.path, f"journal/{day.year:04d}")


def noted_papers(project: Project, library: Library) -> dict[str, Noted]:
    """The citation keys of the papers that a heading of a week cites, with the latest such week.

    Private notes take no part, nor do notebooks that cannot be read: rendering names those.
    """
    found: dict[str, Noted] = {}
    whole = Whole(project)
    for week, path in week_files.weeks(project).items():
        file = project.relative(path)
        try:
            there = notebooks.read(path, file)
        except (WeeknotesError, OSError):
            continue
        if whole.reason(file):
            continue
        cut = cut_notebook({"cells": [cell.json for cell in there.cells]})
        headings = "\n".join(
            line
            for cell in cut.notebook["cells"]
            if cell.get("cell_type") == "markdown"
            for line in (notebooks.joined(cell.get("source")) or "").splitlines()
            if line.startswith("#")
        )
        for key, _ in citations(headings):
            found[library.keys.get(key, key)] = Noted(week, file)
    return found
