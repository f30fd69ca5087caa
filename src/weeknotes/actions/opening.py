"""Opening a notebook where its author works: in JupyterLab, in an editor, or as a page of the site."""

from __future__ import annotations

import os
import shlex
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from weeknotes.errors import UsageError
from weeknotes.journal import week_files
from weeknotes.journal.project import Project
from weeknotes.journal.weeks import Week

PLACES = ("lab", "editor", "site")
_EDITORS = ("WEEKNOTES_EDITOR", "VISUAL", "EDITOR")


@dataclass(frozen=True)
class Opening:
    """The way in which something is opened: by the program ``command``, or by the browser at
    ``address``."""

    place: str
    path: Path
    command: tuple[str, ...] = ()
    address: str = ""


def notebook_of(project: Project, name: str) -> Path:
    """The notebook that ``name`` means: a week as `Week.parse` takes it, or a path in the journal.

    Raises UsageError where there is none.
    """
    path = Path(name)
    if path.suffix in (".ipynb", ".md", ".qmd"):
        if not path.is_file():
            raise UsageError(f"there is no file {name}", hint="weeknotes list names the notebooks.")
        return path.resolve()
    week = Week.parse(name)
    found = week_files.weeks(project).get(week)
    if found is None:
        raise UsageError(
            f"the journal has no notebook for {week}", hint=f"Make it with: weeknotes new {week}"
        )
    return found


def opening(
    project: Project,
    path: Path,
    place: str | None = None,
    environment: Mapping[str, str] | None = None,
) -> Opening:
    """The way to open ``path`` in ``place``, one of PLACES. By default that is the place named by
    ``weeknotes: open:`` in the configuration, else JupyterLab, the editor or the site, whichever is
    found first.

    Raises UsageError where that place is not there.
    """
    environment = os.environ if environment is None else environment
    wanted = place or project.settings.get("open")
    if wanted is not None and wanted not in PLACES:
        raise UsageError(
            f"'open: {wanted}' in the configuration is no place to open a notebook in",
            hint=f"There are: {', '.join(PLACES)}.",
        )
    places = (str(wanted),) if wanted else PLACES
    for one in places:
        if found := _in(project, path, one, environment):
            return found
    raise UsageError(_MISSING[places[-1]], hint=_HINTS[places[-1]])


def _in(project: Project, path: Path, place: str, environment: Mapping[str, str]) -> Opening | None:
    if place == "lab":
        command = _lab(environment)
        # Given a file, JupyterLab serves that file's folder alone, without the figures in assets/.
        shown = f"--LabApp.default_url=/lab/tree/{quote(project.relative(path))}"
        return Opening(place, path, (*command, shown)) if command else None
    if place == "editor":
        words = next((environment[n] for n in _EDITORS if environment.get(n, "").strip()), "")
        return Opening(place, path, (*shlex.split(words), str(path))) if words else None
    page = project.output_dir / Path(project.relative(path)).with_suffix(".html")
    return Opening(place, page, address=page.as_uri()) if page.is_file() else None


def _lab(environment: Mapping[str, str]) -> tuple[str, ...] | None:
    """The command that starts JupyterLab: that of this environment, or of the PATH."""
    for name in ("jupyter-lab", "jupyter-lab.exe"):
        own = Path(sys.executable).parent / name
        if own.is_file():
            return (str(own),)
    found = shutil.which("jupyter-lab", path=environment.get("PATH"))
    return (found,) if found else None


_MISSING = {
    "lab": "JupyterLab is not installed",
    "editor": "no editor is named",
    "site": "the site has no page for it",
}
_HINTS = {
    "lab": "Install it with: pip install 'weeknotes[lab]'",
    "editor": "Set EDITOR, as in: export EDITOR='code --wait'",
    "site": "Build it with: weeknotes render",
}
