"""Style sheets of the owner's own: `css` in `_quarto.yml`, and files with that ending in `theme`.

They are linked after the site's own style sheet on every page, whichever engine rendered it. The
pages' policy lets them load files of the site alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

from weeknotes.engines.page import PageWarning
from weeknotes.journal.project import Project
from weeknotes.site.data.page_records import Artifact, FileArtifact

_URL = re.compile(r"""url\(\s*(?:"([^"]*)"|'([^']*)'|([^)"'\s]+))\s*\)""", re.I)
_FORMATS = ("html", "html5")
#: Where the looks of a page come from in Quarto, which are the site's own here.
_NO_THEME = frozenset(["default", "none"])


def own_styles(project: Project) -> tuple[str, ...]:
    """The style sheets that are there, as paths from the journal's folder, in their order."""
    return tuple(name for name in _named(project) if _file(project, name))


def artifacts(project: Project) -> list[Artifact]:
    """These style sheets, and the files that they show or set text in, for the site."""
    found: dict[str, Path] = {}
    for name in own_styles(project):
        path = _file(project, name)
        assert path is not None
        found[name] = path
        for address in _URL.finditer(path.read_text("utf-8", "replace")):
            target = unquote(urlsplit(next(filter(None, address.groups()), "")).path)
            relative = _normal(str(PurePosixPath(name).parent / target)) if target else ""
            if relative and (shown := _file(project, relative)):
                found[relative] = shown
    return [_artifact(name, path) for name, path in found.items()]


def warnings(project: Project) -> list[PageWarning]:
    """The warnings about settings for the site's looks in `_quarto.yml` that have no effect,
    whichever engine renders the pages."""
    config = project.config_path.name
    found = []
    for name in _named(project):
        if not _file(project, name):
            message = f"the style sheet {name} is not in the journal"
            found.append(PageWarning(message, config, hint="Name a file of the journal in 'css'."))
    for name in _listed(project, "theme"):
        if not name.endswith(".css") and name not in _NO_THEME:
            message = f"the theme {name} changes nothing: the site has looks of its own"
            hint = "Write rules of your own into a style sheet, and name it in 'css'."
            found.append(PageWarning(message, config, hint=hint))
    return found


def _artifact(name: str, path: Path) -> Artifact:
    stat = path.stat()
    return FileArtifact(name, f"file:{stat.st_mtime_ns} {stat.st_size}", path.read_bytes)


def _named(project: Project) -> list[str]:
    sheets = [*_listed(project, "css")]
    sheets += [name for name in _listed(project, "theme") if name.endswith(".css")]
    return list(dict.fromkeys(_normal(name) for name in sheets))


def _listed(project: Project, key: str) -> Iterator[str]:
    """The values of ``key`` at the top of `_quarto.yml` and in the options of its HTML format."""
    formats = project.config.get("format")
    places: list[Any] = [project.config]
    if isinstance(formats, Mapping):
        places += [formats.get(name) for name in _FORMATS]
    for place in places:
        value = place.get(key) if isinstance(place, Mapping) else None
        if isinstance(value, Mapping):  # Quarto takes one theme for light and one for dark.
            value = [item for part in value.values() for item in _as_list(part)]
        yield from (str(item) for item in _as_list(value))


def _as_list(value: Any) -> list[Any]:
    if value is None:
        return []
    return list(value) if isinstance(value, list) else [value]


def _normal(name: str) -> str:
    if urlsplit(name).scheme or name.startswith("//"):
        return name
    parts: list[str] = []
    for part in PurePosixPath(name.lstrip("/")).parts:
        if part == ".." and parts and parts[-1] != "..":
            parts.pop()
        elif part != ".":
            parts.append(part)
    return "/".join(parts)


def _file(project: Project, name: str) -> Path | None:
    """The file of the journal that is called ``name``, None where there is none within it."""
    if not name or urlsplit(name).scheme or name.startswith(("..", "//", ".weeknotes")):
        return None
    path = project.root / name
    inside = path.is_file() and path.resolve().is_relative_to(project.root.resolve())
    return path if inside else None
