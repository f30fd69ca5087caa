"""The state of the journal and of its site at the end of the last build.

A build that would change nothing is known by the files alone: those that it could read, and those that
it has written, are as they were. So the command need not even read the configuration to say so. What is
kept is in a file a site under ``.weeknotes/site/``, which may be deleted at any time.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import sys
import time
from array import array
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from weeknotes.engines.surroundings import surroundings
from weeknotes.files import keep_cache
from weeknotes.journal.project import STATE_VARIABLE, Project, state_folder

_FORMAT = 1
_CODE = Path(__file__).parents[1]
#: Folders in which no source is looked for, whatever their size, as in those whose name begins with a
#: dot. What a page is known to depend on counts there too.
_SKIPPED = frozenset(["node_modules", "venv", "env", "renv", "packrat", "rsconnect", "__pycache__"])
_ENVIRONMENT = "pyvenv.cfg"
#: Nanoseconds after a change in which another could leave the same times, and on file systems that keep
#: whole seconds. A state that is so young is not remembered, as git does not trust such an entry of its
#: index ("racy git").
_UNSETTLED, _UNSETTLED_SECONDS = 50_000_000, 2_100_000_000


@dataclass(frozen=True)
class BuildReport:
    """The result of a build.

    ``output`` is the site's folder, ``pages`` the number of its written pages, ``rendered`` how many
    of them the engine made again, ``written`` how many files of the site are new or changed.
    ``problems`` are messages about what is not as its author meant it; ``warnings`` are the others.
    """

    output: Path
    engine: str
    pages: int
    rendered: int
    written: int
    problems: tuple[str, ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True)
class Inputs:
    """All that a build into ``output`` could read, as it was at one ``moment`` (a time in ns): a
    fingerprint, and whether it is ``settled``, so that no change could hide behind it."""

    output: Path
    fingerprint: str
    settled: bool
    moment: int


def inputs_of(root: Path, output: Path) -> Inputs:
    """The journal at ``root`` without its site in ``output``, the code, and the environment."""
    moment = time.time_ns()
    state = hashlib.blake2b(digest_size=16)
    settled = True
    for folder in (str(root), str(_CODE)):
        names: list[str] = []
        numbers = array("q")
        for name, status in _files(folder, str(output)):
            names.append(name)
            if status is None:
                continue
            changed, stored = status.st_mtime_ns, status.st_ctime_ns
            numbers.extend((changed, stored, status.st_size, status.st_ino))
            if changed > stored:
                stored = changed
            if moment - stored < _UNSETTLED_SECONDS and settled:
                settled = not _is_young(stored, moment)
        state.update("\n".join(names).encode("utf-8", "surrogatepass"))
        state.update(numbers.tobytes())
    own = os.environ.get(STATE_VARIABLE)
    state.update(json.dumps([own, _head(root), sys.version, surroundings()]).encode())
    return Inputs(output, state.hexdigest(), settled, moment)


def unchanged(root: Path, output: Path | None) -> BuildReport | Inputs | None:
    """The report of the last build by the built-in renderer into ``output`` (None for the configured
    folder), if another would change nothing now; else the inputs as they are, for that build, or None
    where they were not looked at."""
    path = _path(root, output, shows_private=False)
    try:
        head, names, data = path.read_bytes().split(b"\0", 2)
        known = json.loads(head)
        report = BuildReport(**{**known["report"], "output": Path(known["report"]["output"])})
        kept = array("q", data)
    except (OSError, ValueError, LookupError, TypeError):
        return None
    now = inputs_of(root, report.output)
    if now.fingerprint != known["inputs"] or known["format"] != _FORMAT:
        return now
    if known["others"] != {name: _numbers(name) for name in known["others"]}:
        return now
    if not _is_there(report.output, names.decode("utf-8", "surrogatepass").split("\n"), kept):
        return now
    problems, warnings = tuple(report.problems), tuple(report.warnings)
    return replace(report, rendered=0, written=0, problems=problems, warnings=warnings)


def keep(
    project: Project,
    output: Path | None,
    before: Inputs,
    report: BuildReport,
    files: Mapping[str, tuple[str, list[int] | None]],
    others: Iterable[str],
) -> None:
    """Remember a build for `unchanged`: ``before`` is what it began with, ``files`` are those that it
    has written (with their modification times and sizes), and ``others`` the paths that it depends on
    wherever they are."""
    root = project.root
    stats = [stat for _, stat in files.values() if stat is not None]
    apart = {name: _numbers(name) for name in _apart(str(root), others)}
    young = any(n and _is_young(max(n[:2]), before.moment) for n in apart.values())
    path = _path(root, output and output.resolve(), project.shows_private)
    if not before.settled or young or len(stats) < len(files):
        with contextlib.suppress(OSError):
            path.unlink(missing_ok=True)
        return
    told = {**vars(report), "output": str(report.output)}
    known = {"format": _FORMAT, "inputs": before.fingerprint, "others": apart, "report": told}
    data = array("q", (number for stat in stats for number in stat))
    names = "\n".join(files).encode("utf-8", "surrogatepass")
    keep_cache(path, b"\0".join([json.dumps(known).encode(), names, data.tobytes()]))


def _path(root: Path, output: Path | None, shows_private: bool) -> Path:
    state = state_folder(root, os.environ.get(STATE_VARIABLE, ""))
    name = hashlib.blake2b(os.fsencode(output or ""), digest_size=6).hexdigest()
    return (state / "private" if shows_private else state) / "site" / f"last-{name}"


def _files(root: str, output: str) -> Iterator[tuple[str, os.stat_result | None]]:
    """Every file below ``root`` by its path, with its state, and every folder; in the same order each
    time. A link counts as what it leads to; one that leads nowhere has no state."""
    waiting = [root]
    while waiting:
        folder = waiting.pop()
        try:
            with os.scandir(folder) as entries:
                found = sorted(entries, key=lambda entry: entry.name)
        except OSError:
            continue
        if any(entry.name == _ENVIRONMENT for entry in found):
            continue
        yield folder, None
        for entry in found:
            name = entry.name
            if entry.is_dir(follow_symlinks=False):
                if name[0] != "." and name not in _SKIPPED and entry.path != output:
                    waiting.append(entry.path)
                continue
            try:
                yield name, entry.stat()
            except OSError:
                yield name, None


def _is_there(folder: Path, names: list[str], kept: array[int]) -> bool:
    """Whether the files ``names`` in ``folder`` have the modification times and sizes ``kept``."""
    now: array[int] = array("q")
    base = f"{folder}/"
    try:
        for name in names:
            status = os.stat(base + name)  # noqa: PTH116 (strings, for thousands of files)
            now.append(status.st_mtime_ns)
            now.append(status.st_size)
    except OSError:
        return False
    return now == kept


def _apart(root: str, paths: Iterable[str]) -> list[str]:
    """Those of ``paths`` that `_files` does not come to from ``root``."""
    folders: dict[str, bool] = {root: True}

    def is_seen(folder: str) -> bool:
        if folder not in folders:
            above, _, name = folder.rpartition(os.sep)
            folders[folder] = (
                folder.startswith(f"{root}{os.sep}")
                and is_seen(above)
                and name[:1] != "."
                and name not in _SKIPPED
                and not os.path.islink(folder)  # noqa: PTH114 (strings, for thousands of files)
                and not os.path.exists(f"{folder}{os.sep}{_ENVIRONMENT}")  # noqa: PTH110
            )
        return folders[folder]

    every = set(paths)
    apart = {folder for folder in {p.rpartition(os.sep)[0] for p in every} if not is_seen(folder)}
    return sorted(path for path in every if path.rpartition(os.sep)[0] in apart) if apart else []


def _numbers(name: str) -> list[int] | None:
    try:
        status = os.stat(name)  # noqa: PTH116
    except OSError:
        return None
    return [status.st_mtime_ns, status.st_ctime_ns, status.st_size, status.st_ino]


def _is_young(changed: int, moment: int) -> bool:
    """Whether a file that was ``changed`` at that time could change once more and keep its times."""
    whole = changed % 1_000_000_000 == 0
    return moment - changed < (_UNSETTLED_SECONDS if whole else _UNSETTLED)


def _head(root: Path) -> str:
    if not any((folder / ".git").exists() for folder in (root, *root.parents)):
        return ""
    from weeknotes.text import git

    return git.head(root)
