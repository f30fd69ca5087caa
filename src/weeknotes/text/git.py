"""Reading a repository's history with git, which need not be there.

A clone comes from outside: nothing that its configuration names may run.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

_QUIET = [
    *("-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-c", "gpg.program=false"),
    *("-c", "log.showSignature=false", "-c", "core.pager=cat", "-c", "diff.external="),
    *("-c", "core.quotePath=false"),
]
_SECONDS = 120
_CHANGE = re.compile(r":\d+ (\d+) [0-9a-f]+ ([0-9a-f]+) ([A-Z])\d*\t(.+)")


@dataclass(frozen=True)
class FileVersion:
    """A file as a commit left it: the commit's day (its author's, an ISO date), the path from the
    folder that was asked about, and the name of its content, empty where the commit removed it."""

    day: str
    path: str
    blob: str


def head(root: Path) -> str:
    """The commit that is checked out in ``root``; empty where there is no repository."""
    if _repository(root) is None:
        return ""
    return run(root, "rev-parse", "HEAD").decode("ascii", "replace").strip()


def file_versions(root: Path, patterns: Sequence[str]) -> list[FileVersion]:
    """The changes of each commit on the way to HEAD to the files below ``root`` that ``patterns``
    (git's pathspecs) name, the oldest first; a merge counts as one change."""
    text = run(
        root,
        *("log", "--reverse", "--first-parent", "-m", "--raw", "--no-abbrev", "--no-renames"),
        *("--relative", "--format=%x01%as", "--", *patterns),
    ).decode("utf-8", "replace")
    return list(_changes(text))


def _changes(text: str) -> Iterator[FileVersion]:
    day = ""
    for line in text.splitlines():
        if line.startswith("\x01"):
            # A day never comes before that of an earlier commit, whatever a clock said.
            day = max(day, line[1:])
        elif (match := _CHANGE.fullmatch(line)) and match[1] not in ("120000", "160000"):
            gone = match[3] == "D"
            yield FileVersion(day, match[4].strip('"'), "" if gone else match[2])


def content(root: Path, blob: str) -> bytes:
    """The content called ``blob``."""
    return run(root, "cat-file", "blob", blob)


def _repository(root: Path) -> Path | None:
    """The folder of the repository that ``root`` is in, whoever owns it; None where there is none."""
    here = root.resolve()
    return next((one for one in (here, *here.parents) if (one / ".git").exists()), None)


def run(root: Path, *arguments: str) -> bytes:
    """The output of a git command in ``root``; empty where it fails or there is no git."""
    own = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    try:
        done = subprocess.run(
            ["git", "-c", f"safe.directory={_repository(root) or root}", *_QUIET, *arguments],
            cwd=root,
            env={**own, "GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0"},
            capture_output=True,
            timeout=_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return b""
    return done.stdout if done.returncode == 0 else b""
