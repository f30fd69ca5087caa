"""This module finds the files of a project that are pages, and the metadata that their folders give
them.

Follows Quarto's rules: `project: render` globs (Quarto documentation, "Project Basics", Render
Targets) and the `_metadata.yml` files of folders ("Project Basics", Directory Metadata).
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import Any

from weeknotes.errors import ProjectError
from weeknotes.journal.project import Project, read_yaml
from weeknotes.privacy.private_files import Whole

SUFFIXES = (".ipynb", ".qmd", ".md")
_SKIPPED_FOLDERS = {"node_modules", "venv", "env", "renv", "packrat", "rsconnect", "__pycache__"}
_GLOB = re.compile(r"[*?\[{]")


def find(project: Project) -> list[str]:
    """The sources of `project` that become pages, as POSIX paths from its root, sorted: those that
    are private as a whole, or drafts, do so only where the project shows what is private.

    Raises ProjectError as `find_all` does.
    """
    names = find_all(project)
    if project.shows_private:
        return names
    withheld = set(Whole(project).among(names))
    return [name for name in names if name not in withheld]


def find_all(project: Project) -> list[str]:
    """The sources of `project`, private ones among them, as POSIX paths from its root, sorted.

    Without `project: render` these are all notebooks, `.qmd` and `.md` files; in any case without
    READMEs, files and folders whose name starts with `_` or `.`, virtual environments and the
    output. Raises ProjectError where `render` isn't a list of globs.
    """
    return list(project.once("sources", lambda: _find_all(project)))


def _find_all(project: Project) -> list[str]:
    included, excluded = _patterns(project)
    return sorted(
        path
        for path in _candidates(project)
        if any(p.fullmatch(path) for p in included) and not any(p.fullmatch(path) for p in excluded)
    )


def unread(project: Project) -> list[str]:
    """The `.qmd` and `.md` files in the journal's folder that become no page because `project: render`
    names no such file; those that it leaves out with `!` are not among them."""
    folder = project.relative(project.journal).rstrip("/") + "/"
    pages = set(find_all(project))
    _, excluded = _patterns(project)
    return sorted(
        path
        for path in _candidates(project)
        if path.startswith(folder)
        and not path.endswith(".ipynb")
        and path not in pages
        and not any(pattern.fullmatch(path) for pattern in excluded)
    )


def unread_message(project: Project, source: str) -> tuple[str, str]:
    """The message about a file that is `unread`, and a hint."""
    config, suffix = project.config_path.name, PurePosixPath(source).suffix
    message = f"it is no page, since 'project: render' in {config} names no '{suffix}' files"
    hint = (
        f'Add "/{project.relative(project.journal)}/**/*{suffix}" to that list, or begin the file\'s '
        "name with '_'."
    )
    return message, hint


def page_href(source: str, output_file: object = None) -> str:
    """The site-relative address of the page made from `source` (`output-file` renames it)."""
    path = PurePosixPath(source)
    if isinstance(output_file, str) and output_file:
        name = PurePosixPath(output_file).name
        return str(path.with_name(name if name.endswith(".html") else name + ".html"))
    return str(path.with_suffix(".html"))


def folder_metadata(project: Project, source: str) -> list[tuple[str, dict[str, Any]]]:
    """The metadata for `source` in `_metadata.yml` files, the outermost folder's first.

    Each comes with its path from the project's root. Raises ProjectError naming a file that cannot
    be read.
    """
    found = []
    for path in metadata_files(project, source):
        try:
            stamp = path.stat().st_mtime_ns
        except OSError:
            continue
        relative = path.relative_to(project.root).as_posix()
        found.append((relative, _read_metadata(path, relative, stamp)))
    return found


def metadata_files(project: Project, source: str) -> list[Path]:
    """The `_metadata.yml` files that `source` obeys where they exist, the outermost folder's first."""
    parts = PurePosixPath(source).parent.parts
    return [
        project.root.joinpath(*parts[:depth], name)
        for depth in range(len(parts) + 1)
        for name in ("_metadata.yml", "_metadata.yaml")
    ]


@lru_cache(maxsize=256)
def _read_metadata(path: Path, relative: str, stamp: int) -> dict[str, Any]:
    try:
        value = read_yaml(path, path.read_bytes())
    except ProjectError as error:
        error.file = relative
        raise
    if value is not None and not isinstance(value, dict):
        raise ProjectError("must be a mapping of keys to values", file=relative)
    return value or {}


def merge(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """`over` laid on `base` as Quarto does it: mappings key by key, lists joined, the rest replaced."""
    result = dict(base)
    for key, value in over.items():
        old = result.get(key)
        if isinstance(old, Mapping) and isinstance(value, Mapping):
            result[key] = merge(old, value)
        elif isinstance(old, list) and isinstance(value, list):
            result[key] = old + [item for item in value if item not in old]
        else:
            result[key] = value
    return result


def _patterns(project: Project) -> tuple[list[re.Pattern[str]], list[re.Pattern[str]]]:
    settings = project.config.get("project") or {}
    globs = settings.get("render") if isinstance(settings, dict) else None
    if globs is None:
        globs = ["**/*"]
    if isinstance(globs, str):
        globs = [globs]
    if not isinstance(globs, list) or not all(isinstance(g, str) for g in globs):
        raise ProjectError(
            "'project: render' must be a list of file names and globs",
            file=project.config_path.name,
        )
    included = [_compile(project, g, smart=False) for g in globs if not g.startswith("!")]
    excluded = [_compile(project, g[1:], smart=True) for g in globs if g.startswith("!")]
    return included or [re.compile(".*")], excluded


def _compile(project: Project, glob: str, smart: bool) -> re.Pattern[str]:
    """A render target as a regular expression over paths from the project's root."""
    smart = smart or bool(_GLOB.search(glob))
    anchored = glob.startswith("/")
    glob = glob.removeprefix("/").removeprefix("./")
    if glob.endswith("/") or (project.root / glob).is_dir():
        glob = glob.rstrip("/") + "/**/*"
    if smart and not anchored:
        glob = "**/" + glob
    return re.compile(_translate(glob))


def _translate(glob: str) -> str:
    """`glob` with `*`, `?`, `[…]`, `{a,b}` and `**` as a regular expression."""
    pattern, i, depth = "", 0, 0
    while i < len(glob):
        char = glob[i]
        if glob.startswith("**/", i):
            pattern, i = pattern + "(?:[^/]+/)*", i + 3
            continue
        if glob.startswith("**", i):
            pattern, i = pattern + ".*", i + 2
            continue
        if char == "[" and "]" in glob[i + 2 :]:
            end = glob.index("]", i + 2)
            inner = glob[i + 1 : end].replace("\\", "\\\\")
            pattern += "[" + ("^" + inner[1:] if inner[0] == "!" else inner) + "]"
            i = end + 1
            continue
        if char == "{":
            pattern, depth = pattern + "(?:", depth + 1
        elif char == "}" and depth:
            pattern, depth = pattern + ")", depth - 1
        elif char == "," and depth:
            pattern += "|"
        else:
            pattern += {"*": "[^/]*", "?": "[^/]"}.get(char) or re.escape(char)
        i += 1
    return pattern + ")" * depth


def _candidates(project: Project) -> list[str]:
    """Every file that an engine could render, leaving out what Quarto never looks at; looked for once
    while a build lasts."""
    return project.once("candidates", lambda: _find_candidates(project))


def _find_candidates(project: Project) -> list[str]:
    """The same, looked for now.

    Paths are strings here: a long journal has a folder of figures for each week.
    """
    root, output = str(project.root), str(project.output_dir)
    found = []
    for folder, subfolders, files in os.walk(root):
        subfolders[:] = [
            name
            for name in subfolders
            if not name.startswith((".", "_"))
            and name not in _SKIPPED_FOLDERS
            and f"{folder}/{name}" != output
            and not os.path.exists(f"{folder}/{name}/pyvenv.cfg")  # noqa: PTH110
        ]
        prefix = "" if folder == root else folder[len(root) :].strip("/") + "/"
        found += [
            prefix + name
            for name in files
            if name.endswith(SUFFIXES)
            and not name.startswith((".", "_"))
            and not re.fullmatch(r"README\.[Rrq]?md", name)
            and not _leads_outside(f"{folder}/{name}", root)
        ]
    return found


def _leads_outside(path: str, root: str) -> bool:
    """Whether ``path`` is a link to a file that is not in the journal at ``root``."""
    if not os.path.islink(path):  # noqa: PTH114
        return False
    return not os.path.realpath(path).startswith(os.path.realpath(root) + os.sep)
