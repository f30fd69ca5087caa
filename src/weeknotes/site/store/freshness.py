"""The sources that have changed since the last build, and must be rendered again."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from weeknotes.engines.surroundings import surroundings
from weeknotes.files import code_fingerprint, keep_cache, stat_of
from weeknotes.journal.project import Project
from weeknotes.site.store.state import PageStore, digest
from weeknotes.text.printable import printable

#: A control character, or half of a surrogate pair, written out or as JSON escapes it.
_CONTROLS = re.compile(
    rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|\\u00[0-189]|\\u[dD][89a-fA-F]|\xc2[\x80-\x9f]"
)


def library_of(project: Project) -> Mapping[str, dict[str, Any]]:
    """The library's entries by citation key, made fit to be shown."""
    return project.once("library", lambda: _library(project))


def _library(project: Project) -> Mapping[str, dict[str, Any]]:
    if not project.library_path.exists():
        return {}
    from weeknotes.library.on_demand import entries_of

    # Rare enough to be looked for in the file, before every entry is gone through.
    if _CONTROLS.search(project.library_path.read_bytes()):
        return entries_of(project.library_path, lambda entry: printable(_with_safe_address(entry)))
    return entries_of(project.library_path, _with_safe_address)


def _with_safe_address(entry: dict[str, Any]) -> dict[str, Any]:
    if str(entry.get("URL") or "https:").startswith(("https:", "http:")):
        return entry
    return {name: value for name, value in entry.items() if name != "URL"}


def note_basis(project: Project, store: PageStore) -> bool:
    """Bring ``store`` up to date with what all pages are on; True where that has changed."""
    basis = digest(project.config_path.read_bytes(), code_fingerprint(), surroundings())
    if basis == store.basis:
        return False
    store.basis = basis
    store.changed = True
    return True


def stale_sources(project: Project, store: PageStore, names: Sequence[str]) -> list[str]:
    """The sources whose pages must be rendered, bringing ``store`` up to date on the way."""
    if note_basis(project, store):
        store.sources = {}
    moved = _library_moved(project, store)
    # Most dependencies are those of many pages.
    known_stat = lru_cache(maxsize=None)(stat_of)
    return [name for name in names if _is_stale(project, store, name, moved, known_stat)]


def _library_moved(project: Project, store: PageStore) -> dict[str, str] | None:
    """The fingerprints of all entries where the library has changed since the last build, else None."""
    stat = stat_of(project.library_path)
    if stat is not None and stat == store.library_stat:
        return None
    data = project.library_path.read_bytes() if stat else b""
    store.library_stat = stat
    store.changed = True
    fingerprint = digest(data)
    if fingerprint == store.library_fingerprint:
        return None
    store.library_fingerprint = fingerprint
    return dict(entry_fingerprints(project, fingerprint))


def entry_fingerprints(project: Project, library: str) -> Mapping[str, str]:
    """For each entry of the library, by citation key, a digest that changes when anything in it does.
    They are remembered with the fingerprint of the ``library``, where that is known."""
    return project.once("entry fingerprints", lambda: _entry_fingerprints(project, library))


def _entry_fingerprints(project: Project, library: str) -> dict[str, str]:
    path = project.state / "library.json"
    version = f"{code_fingerprint()} {library}"
    try:
        known = json.loads(path.read_bytes()) if library else {}
    except (OSError, ValueError):
        known = {}
    if isinstance(known, dict) and known.get("version") == version:
        return dict(known["entries"])
    entries = {key: _entry_fingerprint(entry) for key, entry in library_of(project).items()}
    if library:
        data = json.dumps({"version": version, "entries": entries}, ensure_ascii=False)
        keep_cache(path, data.encode("utf-8", "surrogatepass"))
    return entries


def _entry_fingerprint(entry: Mapping[str, Any]) -> str:
    return digest(json.dumps(entry, sort_keys=True, ensure_ascii=False))


def _is_stale(
    project: Project,
    store: PageStore,
    name: str,
    moved: dict[str, str] | None,
    known_stat: Callable[[str], list[int] | None],
) -> bool:
    state = store.sources.get(name)
    if state is None:
        return True
    path = f"{project.root}/{name}"
    stat = stat_of(path)
    if state.stat is None or stat != state.stat:
        try:
            data = Path(path).read_bytes()
        except OSError:
            return True
        if digest(data) != state.sha:
            return True
        state.stat = stat
        store.touch(name)
    if any(known_stat(file) != known for file, known in state.dependencies.items()):
        return True
    return moved is not None and any(
        moved.get(key, "") != fingerprint for key, fingerprint in state.cited.items()
    )
