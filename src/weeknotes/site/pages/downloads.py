"""The notebooks behind the pages, for download, and where else a page can be opened."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from urllib.parse import quote

from weeknotes.engines.page_settings import page_settings
from weeknotes.engines.source_reading import read_source
from weeknotes.errors import WeeknotesError
from weeknotes.files import stat_of, write_cache
from weeknotes.i18n.strings import Strings
from weeknotes.journal.project import Project
from weeknotes.privacy.cut import mark_notebook, without_parameters
from weeknotes.privacy.includes import FileIncludes
from weeknotes.privacy.private_files import Whole
from weeknotes.privacy.published import published
from weeknotes.site.data.entry_text import is_web_address
from weeknotes.site.data.page_records import Artifact, FileArtifact, PageRecord, Site
from weeknotes.site.pages.shell import Shell
from weeknotes.site.store.state import digest


@dataclass(frozen=True)
class Action:
    """A link under a page: its words, its address, and whether it is a file to keep."""

    text: str
    href: str
    download: bool = False


def notebook_href(page: PageRecord) -> str:
    """The address of the notebook of ``page`` on the site; empty for a page from no notebook."""
    if not page.source.endswith(".ipynb"):
        return ""
    return page.href.removesuffix(".html") + ".ipynb"


def pages(shell: Shell, site: Site) -> Iterator[Artifact]:
    """The notebooks, without what is private in them and without their parameters. One that cannot be
    read is offered as it was last good, as its page is."""
    whole = cache(lambda: Whole(site.project))
    for page in site.pages:
        href = notebook_href(page)
        if href:
            path = site.project.root / page.source
            inputs = f"notebook:{site.project.shows_private} {stat_of(path)} {page.fingerprint}"
            yield FileArtifact(href, inputs, partial(_last_good, site.project, path, whole))


def _last_good(project: Project, path: Path, whole: Callable[[], Whole]) -> bytes:
    name = digest(str(path), str(project.shows_private))
    kept = project.state / "site" / "notebooks" / f"{name}.ipynb"
    try:
        data = public_notebook(project, path, whole())
    except (ValueError, LookupError, TypeError, AttributeError, WeeknotesError):
        return kept.read_bytes()
    write_cache(kept, data)
    return data


def public_notebook(project: Project, path: Path, whole: Whole) -> bytes:
    """The notebook at ``path`` as anyone may have it, written as Jupyter writes one; ``whole`` knows
    which files are private as a whole."""
    notebook = json.loads(path.read_bytes().decode("utf-8-sig"))
    if project.shows_private:
        public = without_parameters(mark_notebook(notebook).notebook)
    else:
        includes = FileIncludes(project.root, path.parent, whole.reason)
        public = published(project.state, notebook, includes, _execute(project, path))
    return (json.dumps(public, indent=1, ensure_ascii=False) + "\n").encode("utf-8", "replace")


def _execute(project: Project, path: Path) -> dict[str, object]:
    """The options that keep cells from the page of the notebook at ``path``."""
    source = path.relative_to(project.root).as_posix()
    front = read_source(project.root, source, front_alone=True).front
    settings = page_settings(project, source, front)
    return {name: settings.execute(name) for name in ("include", "output", "warning")}


def actions(project: Project, strings: Strings, page: PageRecord) -> list[Action]:
    """The links to other forms of ``page``: its notebook, its source where it is edited, and
    JupyterLab.

    "Edit this page" follows Quarto's ``website: repo-url``, ``repo-branch``, ``repo-subdir`` and
    ``repo-actions``; ``weeknotes: jupyterlab`` is the address below which JupyterLab opens files.
    """
    found = []
    href = notebook_href(page)
    if href:
        found.append(Action(strings("download_notebook"), href, download=True))
    edit = _edit_address(project, page)
    if edit:
        found.append(Action(strings("edit_page"), edit))
    lab = str(project.settings.get("jupyterlab") or "")
    if is_web_address(lab):
        found.append(Action(strings("open_lab"), f"{lab.rstrip('/')}/{quote(page.source)}"))
    return found


def _edit_address(project: Project, page: PageRecord) -> str:
    website = project.config.get("website")
    website = website if isinstance(website, dict) else {}
    wanted = website.get("repo-actions") or []
    url = str(website.get("repo-url") or "").rstrip("/")
    if not is_web_address(url) or "edit" not in ([wanted] if isinstance(wanted, str) else wanted):
        return ""
    branch = str(website.get("repo-branch") or "main")
    folder = str(website.get("repo-subdir") or "").strip("/")
    path = f"{folder}/{page.source}" if folder else page.source
    return f"{url}/edit/{quote(branch)}/{quote(path)}"
