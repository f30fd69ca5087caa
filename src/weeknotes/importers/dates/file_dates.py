"""The dates of a source's file: in its name, in its folders, and in git."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from pathlib import Path, PurePosixPath

from weeknotes.importers.dates.dates_in_names import day_in_name
from weeknotes.importers.source_files import SourcePlace
from weeknotes.text import git

_MANY_FILES = 10
"""A commit that adds more files than these brought a collection, whose files are older."""
_FOLDERS_OF_A_DAY = re.compile(
    r"(?:^|/)((?:19|20)[0-9]{2})/(0?[1-9]|1[0-2])/(0?[1-9]|[12][0-9]|3[01])(?=/|$)"
)


def year_hints(place: SourcePlace) -> Iterator[str]:
    """The texts that may give the year of a source's dates, the likeliest first: the name of its
    file, those of its folders from the nearest on, and the day of its first commit."""
    path = PurePosixPath(place.name)
    yield path.stem.replace("_", " ")
    for folder in reversed(path.parts[:-1]):
        yield folder.replace("_", " ")
    commits = _commits(place.path, place.root)
    if commits:
        yield f"its first commit, of {commits[-1][1]}"


def day_of_file(place: SourcePlace) -> tuple[date | None, str]:
    """The day in the name of a source's file or of its folders, and where it was found."""
    path = PurePosixPath(place.name)
    if day := day_in_name(path.stem):
        return day, "the file's name"
    for folder in reversed(path.parts[:-1]):
        if day := day_in_name(folder):
            return day, f"the folder {folder}"
    if match := _FOLDERS_OF_A_DAY.search(place.path.parent.as_posix()):
        try:
            return date(int(match[1]), int(match[2]), int(match[3])), "its folders"
        except ValueError:
            return None, ""
    return None, ""


def day_of_commit(place: SourcePlace) -> tuple[date | None, str]:
    """The day on which git has first seen the file of a source, unless it came with many others."""
    commits = _commits(place.path, place.root)
    if not commits:
        return None, ""
    first, day = commits[-1]
    if _files_in(first, place.root) > _MANY_FILES:
        return None, ""
    return date.fromisoformat(day), "its first commit"


@lru_cache(maxsize=4096)
def _commits(path: Path, root: Path) -> tuple[tuple[str, str], ...]:
    """The commits that touched ``path``, the newest first, with their authors' days."""
    if not (root / ".git").exists():
        return ()
    text = git.run(root, "log", "--follow", "--format=%H %as", "--", str(path)).decode(
        "utf-8", "replace"
    )
    lines = [
        line.split() for line in text.splitlines() if re.match(r"[0-9a-f]{40,64} [0-9-]+$", line)
    ]
    return tuple((commit, day) for commit, day in lines)


@lru_cache(maxsize=4096)
def _files_in(commit: str, root: Path) -> int:
    names = git.run(root, "diff-tree", "--root", "--no-commit-id", "--name-only", "-r", commit)
    return len(names.splitlines())


def is_committed(place: SourcePlace) -> bool:
    """Whether the last commit of the clone has the file of a source as it is."""
    if not (place.root / ".git").exists():
        return False
    path = place.path.relative_to(place.root).as_posix()
    there = git.run(place.root, "rev-parse", f"HEAD:{path}").strip()
    return bool(there) and there == git.run(place.root, "hash-object", "--", path).strip()
