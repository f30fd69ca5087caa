"""The filter that each notebook goes through before Quarto reads it, and what has to be taken out of
Quarto's output: it keeps private content from Quarto, and rewrites what Quarto would tear apart.

Seen in Quarto 1.7: `ipynb-filters` get a notebook on standard input, are run in its folder, and are
not told its name. What they answered is kept in the user's cache until the notebook or the script
gets another modification time, counted in seconds; a folder's `_metadata.yml` and included files play
no part in that. A page whose filtered front matter says `draft: true` is left out of listings and
the site map, but its title is still in a page of its own.
"""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from typing import Any

from weeknotes.engines import for_advisor
from weeknotes.engines.frames import frames_of
from weeknotes.engines.prepared import Preparation
from weeknotes.engines.quarto_source import rewritten
from weeknotes.engines.source_reading import OLD_FORMAT, parse_notebook
from weeknotes.engines.stills import Stills
from weeknotes.errors import NotebookError
from weeknotes.files import keep_cache
from weeknotes.journal.project import Project
from weeknotes.privacy.cells import metadata_marks, source_of
from weeknotes.privacy.cut import cut_notebook, without_parameters
from weeknotes.privacy.includes import FileIncludes
from weeknotes.privacy.private_files import Whole, said_in, withheld

FILTER = "scripts/ipynb_filter.py"
_STUB = "---\ntitle: Private\ndraft: true\n---"


def filtered(project: Project, data: bytes, folder: Path) -> bytes:
    """The notebook ``data`` in ``folder`` as Quarto gets it: without its parameters and its private
    content, its cells prepared and what Quarto would tear apart rewritten, and empty where all of it
    is private.

    Raises ValueError for what is not a notebook, so that Quarto stops.
    """
    try:
        notebook = parse_notebook("notebook", data)
    except NotebookError as error:
        raise ValueError(error.message) from error
    notebook.pop(OLD_FORMAT, None)
    whole = Whole(project)
    place = _relative(project, folder)
    if withheld([_front_matter(notebook), *whole.above(place)]):
        stub = {"cell_type": "raw", "id": "front-matter", "metadata": {}, "source": _STUB}
        return _dump({**notebook, "cells": [stub]})

    includes = FileIncludes(project.root, folder, whole.reason)
    cut = without_parameters(cut_notebook(notebook, includes).notebook)
    # Problems with it are reported where the pages are read back, which have a name there.
    stills = Stills(project.state / "stills")
    preparation = Preparation("notebook", project.lang, stills, frames_of(project))
    cells = preparation.cells(cut["cells"], range(1, len(cut["cells"]) + 1))
    for cell in cells:
        if cell["cell_type"] == "markdown":
            tags = cell.get("metadata", {}).get("tags")
            own = for_advisor.marked(source_of(cell) or "", tags if isinstance(tags, list) else [])
            cell["source"] = rewritten(own)
    return _dump({**cut, "cells": cells})


def withdraw(project: Project, output: Path, sources: Iterable[str]) -> list[str]:
    """Remove the pages of ``sources``, private as a whole, from what Quarto wrote to ``output``, or
    left there from an earlier time. Returns the site-relative paths that are gone."""
    gone = []
    for source in sources:
        stem = PurePosixPath(source).with_suffix("")
        for name in (f"{stem}.html", f"{stem}_files", f"{stem}.out.ipynb", source):
            path = output / name
            if path.is_dir():
                shutil.rmtree(path)
            elif path.exists():
                path.unlink()
            else:
                continue
            gone.append(name)
    return gone


def withdraw_unfinished(project: Project, output: Path, begun: float) -> list[str]:
    """Remove what Quarto wrote to ``output`` in a run that ended before its post-render hook did.

    No one has searched it, and its pages are as Quarto makes them. ``begun`` is the time at which that
    run began (`last_begun`). Returns the paths that are gone, relative to ``output``; none where that
    run was completed, or where another has begun since, whose files these are.
    """
    last = _last(project)
    if not begun or last.get("time") != begun or last.get("end", 0.0) >= begun:
        return []
    gone = []
    for path in sorted(output.rglob("*")):
        stat = path.lstat()
        if not path.is_dir() and max(stat.st_mtime, stat.st_ctime) >= begun - 1:
            path.unlink()
            gone.append(path.relative_to(output).as_posix())
    note_end(project)
    return gone


def last_begun(project: Project) -> float:
    """The time at which Quarto's last run began, in seconds since 1970; 0 where none is known."""
    return float(_last(project).get("time", 0.0))


def refresh_filter(project: Project) -> bool:
    """Make Quarto filter every notebook again where something that it does not look at has changed:
    a folder's metadata, an included file, or a notebook within the second in which it was last read.

    Returns whether it will. Quarto's pre-render hook calls this.
    """
    from weeknotes.engines.sources import find_all
    from weeknotes.files import stat_of

    script = project.root / FILTER
    if not script.exists():
        return False
    now = time.time()
    last = _last(project)
    beside = _beside(project)
    # Of a notebook saved in the second in which Quarto read it, the next save would not be seen.
    begun, ended = last.get("time", 0) - 2, last.get("end", now) + 2
    notebooks = project.journal.rglob("*.ipynb")
    hurried = any(begun < path.stat().st_mtime < ended for path in notebooks)
    stats = {source: stat_of(project.root / source) for source in find_all(project)}
    memory = {"time": now, "beside": beside, "stats": stats}
    keep_cache(_memory(project), json.dumps(memory).encode())
    if last.get("beside") == beside and not hurried:
        return False
    moment = max(now, script.stat().st_mtime + 1)
    os.utime(script, (moment, moment))
    return True


def note_end(project: Project) -> dict[str, list[int] | None]:
    """Remember that Quarto is done now; returns the stats of the sources when it began, as far as they
    are known. Quarto's post-render hook calls this."""
    last = {**_last(project), "end": time.time()}
    keep_cache(_memory(project), json.dumps(last).encode())
    stats = last.get("stats")
    return stats if isinstance(stats, dict) else {}


def _memory(project: Project) -> Path:
    return project.state / "quarto-filter.json"


def _last(project: Project) -> dict[str, Any]:
    """The record of the last run; empty if it is missing or has no known form."""
    try:
        last = json.loads(_memory(project).read_bytes())
    except (OSError, ValueError):
        return {}
    if not isinstance(last, dict):
        return {}
    times = (last.get("time", 0.0), last.get("end", 0.0))
    return last if all(isinstance(moment, float) for moment in times) else {}


def _beside(project: Project) -> list[list[Any]]:
    """The state of the files that the filter's answers depend on, besides the notebooks
    themselves."""
    files = [project.config_path, *project.root.glob("_*.*")]
    for pattern in ("_metadata.y*ml", "*.md", "*.qmd"):
        files += project.journal.rglob(pattern)
    found = []
    for path in sorted(set(files)):
        stat = path.stat()
        found.append([path.relative_to(project.root).as_posix(), stat.st_mtime_ns, stat.st_size])
    return found


def _front_matter(notebook: dict[str, Any]) -> dict[str, bool]:
    """The notebook's own YAML, as far as it says whether the notebook is private."""
    cells = notebook.get("cells")
    texts = ((cell, source_of(cell)) for cell in (cells if isinstance(cells, list) else ()))
    metadata = notebook.get("metadata")
    if isinstance(metadata, dict) and metadata_marks(metadata):
        return {"private": True}
    return said_in(text for cell, text in texts if text and cell["cell_type"] != "code")


def _relative(project: Project, path: Path) -> str:
    """``path`` from the project's root, POSIX; empty for the root, and for what is not in it."""
    try:
        name = path.resolve().relative_to(project.root).as_posix()
    except ValueError:
        return ""
    return "" if name == "." else name


def _dump(notebook: dict[str, Any]) -> bytes:
    # In ASCII, since Quarto decodes what it reads in pieces of 64 KiB, and a character of several bytes
    # that is across two of them would be lost; and with lists of lines, since it loses the line
    # breaks of a source that is one string, and stops at a text of an output that is one.
    for cell in notebook["cells"]:
        cell["source"] = _lines(cell["source"])
        if isinstance(outputs := cell.get("outputs"), list):
            cell["outputs"] = [_with_lines(output) for output in outputs]
    return json.dumps(notebook).encode("ascii")


def _lines(text: str | list[str]) -> list[str]:
    return "".join(text).splitlines(keepends=True)


def _with_lines(output: Any) -> Any:
    """An output whose texts are lists of lines, as Jupyter saves them."""
    if not isinstance(output, dict):
        return output
    if isinstance(output.get("text"), str):
        output = {**output, "text": _lines(output["text"])}
    data = output.get("data")
    if isinstance(data, dict):
        texts = {
            mime: _lines(value)
            for mime, value in data.items()
            if isinstance(value, str) and (mime.startswith("text/") or mime == "image/svg+xml")
        }
        output = {**output, "data": {**data, **texts}}
    return output
