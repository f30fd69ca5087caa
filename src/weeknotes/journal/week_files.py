"""The weeks of a journal, and the notebook of each."""

from __future__ import annotations

import re
from pathlib import Path

from weeknotes.journal import notebooks
from weeknotes.errors import WeeknotesError
from weeknotes.journal.project import Project
from weeknotes.journal.weeks import Week

_COPY = re.compile(
    r"\d{4}-W\d{2}(?:-Copy\d*|[ _-]?\(.*\)|.*sync-conflict.*|.*conflicted.*| (?:- )?copy.*| \d+|~.*)",
    re.IGNORECASE,
)
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

    A notebook is a week's by its name, wherever under ``journal/`` it is, or by the ``week`` of its
    front matter, unless that gives it another ``kind``. Of several for one week, the one that is called
    exactly after it counts, then another by its name, and a copy (`is_copy`) last. Notebooks that
    cannot be read, and have another name, are passed over here: rendering the journal names them.
    """
    return {week: paths[0] for week, paths in _all(project).items()}


def others(project: Project) -> dict[Week, list[Path]]:
    """The notebooks of each week beside the one that counts: copies, mostly, of which nothing is
    taken and into which nothing is written."""
    return {week: paths[1:] for week, paths in _all(project).items() if len(paths) > 1}


def notices(project: Project) -> list[str]:
    """A message for each notebook that is for a week and does not count."""
    return [
        f"{project.relative(path)} is left alone: the week {week} is {project.relative(first)}"
        for week, (first, *rest) in _all(project).items()
        for path in rest
    ]


def is_copy(path: Path) -> bool:
    """Whether a notebook is called like a copy of a week's, as JupyterLab, file managers and programs
    that synchronise folders name them."""
    return bool(_COPY.fullmatch(path.stem))


def _all(project: Project) -> dict[Week, list[Path]]:
    found: dict[Week, list[tuple[int, Path]]] = {}
    for path in notebook_paths(project):
        named = _by_name(path)
        week = named or _by_front_matter(path)
        if week:
            rank = 0 if path.stem == str(week) else 1 if named else 3 if is_copy(path) else 2
            found.setdefault(week, []).append((rank, path))
    return {week: [path for _, path in sorted(entries)] for week, entries in sorted(found.items())}


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
