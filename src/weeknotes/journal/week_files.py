"""The weeks of a journal, and the notebook of each."""

from __future__ import annotations

import re
from pathlib import Path

from weeknotes.journal import notebooks
from weeknotes.errors import WeeknotesError
from weeknotes.journal.project import Project
from weeknotes.journal.weeks import Week

_NAME = re.compile(r"\d{4}-W\d{2}", re.IGNORECASE)


def path_of(project: Project, week: Week) -> Path:
    """The path of a new notebook for ``week``: ``journal/2026/2026-W47.ipynb``, by ISO year."""
    return project.journal / f"{week.year:04d}" / f"{week}.ipynb"


def notebook_paths(project: Project) -> list[Path]:
    """Every notebook under ``journal/``, sorted; without those that Quarto passes over too, whose
    name or folder begins with a dot or an underscore, such as Jupyter's checkpoints."""
    return sorted(
        path
        for path in project.journal.rglob("*.ipynb")
        if not any(part[0] in "._" for part in path.relative_to(project.journal).parts)
    )


def weeks(project: Project) -> dict[Week, Path]:
    """The notebook of each week that the journal holds, by week, oldest first.

    A notebook is a week's by its name, wherever under ``journal/`` it stands, or by the ``week`` of
    its front matter, unless that gives it another ``kind``. Of several for one week the first by
    path counts. Notebooks that cannot be read, and have another name, are passed over here:
    rendering the journal names them.
    """
    found: dict[Week, Path] = {}
    for path in notebook_paths(project):
        week = _by_name(path) or _by_front_matter(path)
        if week:
            found.setdefault(week, path)
    return dict(sorted(found.items()))


def _by_name(path: Path) -> Week | None:
    if not _NAME.fullmatch(path.stem):
        return None
    try:
        return Week.parse(path.stem)
    except WeeknotesError:
        return None


def _by_front_matter(path: Path) -> Week | None:
    try:
        data = path.read_bytes()
        if b"week" not in data:
            return None
        meta = notebooks.parse(data, path.name).front_matter
        if "week" not in meta or meta.get("kind", "week") != "week":
            return None
        return Week.parse(str(meta["week"]))
    except (WeeknotesError, OSError):
        return None
