"""The settings of git for a journal: merging notebooks by cells, and leaving out of commits what
changes without anybody having written anything.

``.gitattributes`` goes with the journal and names the drivers; what they run is in the configuration of
each clone, since a repository must not be able to run programs. Where a driver is not configured, git
merges and compares as it always does.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from weeknotes import files
from weeknotes.errors import WeeknotesError

#: Line ends stay as they were committed: nothing converts an author's notebook on checkout. The filter
#: has a name of ours, so that an nbstripout which somebody has set up for all repositories is not run:
#: it would take the figures out.
ATTRIBUTES = (
    "*.ipynb -text merge=weeknotes diff=jupyternotebook filter=weeknotes",
    "references.json -text merge=weeknotes",
    "references.bib -text merge=weeknotes",
    # Lines that two branches add to the ledger of digests belong side by side.
    "digests/ledger/*.jsonl -text merge=union",
)
IGNORED = (
    "_site/",
    "._site.*/",
    ".weeknotes/",
    ".quarto/",
    ".venv/",
    ".ipynb_checkpoints/",
    "__pycache__/",
    # What a command that was killed while writing may leave beside a notebook.
    ".*.tmp",
)
#: Metadata that the filter takes out, beside execution counts and the state of widgets. Outputs stay,
#: as figures are part of the journal, and so do cell ids, by which cells are merged and replaced.
_STRIPPED = (
    # That of Python, which JupyterLab writes down anew for each person.
    "metadata.language_info.version",
    "metadata.papermill",
    "cell.metadata.papermill",
)
_KEY = "merge.weeknotes.driver"


@dataclass(frozen=True)
class GitSetup:
    """The outcome of a setup: what was done, a line each, and what could be had beside it."""

    done: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()


def set_up(folder: Path) -> GitSetup:
    """Make ``folder`` a repository, unless it is in one, and give it the settings.

    What is set up already is left alone. Raises WeeknotesError where there is no git, or where it
    refuses; OSError.
    """
    if shutil.which("git") is None:
        raise WeeknotesError("git is not on PATH", hint="Install it: https://git-scm.com")
    done = []
    if not is_repository(folder):
        _git(folder, "init", "--quiet", "--initial-branch=main")
        done.append("a repository, with the branch main")
    for name, wanted in ((".gitattributes", ATTRIBUTES), (".gitignore", IGNORED)):
        if _add_lines(folder / name, wanted):
            done.append(name)
    wanted_settings, hints = _settings()
    for key, value, what in wanted_settings:
        if _git(folder, "config", "--local", "--get", key, quiet=True) != value:
            _git(folder, "config", "--local", key, value)
            if what:
                done.append(what)
    return GitSetup(tuple(done), tuple(hints))


def is_repository(folder: Path) -> bool:
    """Whether ``folder`` is in a repository of git, and there is a git that says so."""
    return _git(folder, "rev-parse", "--is-inside-work-tree", quiet=True) == "true"


def is_set_up(folder: Path) -> bool:
    """Whether git merges the notebooks of the journal in ``folder`` by cells, with a Python that is
    there: an environment may have been removed since."""
    attribute = _git(folder, "check-attr", "merge", "journal/x.ipynb", quiet=True)
    command = _git(folder, "config", "--get", _KEY, quiet=True)
    if not attribute.endswith(": weeknotes") or not command:
        return False
    python = re.search(r" m (\S+|'[^']*') -m weeknotes;", command)
    return python is None or Path(python[1].strip("'")).exists()


def driver() -> str:
    """The shell command that git runs to merge a file. Where no Weeknotes can be started any more, it
    merges by lines as git itself does."""
    python = shlex.quote(Path(sys.executable).as_posix())
    return (
        'm() { "$@" hook merge %O %A %B %P; case $? in 0) exit 0;; 3) exit 1;; esac; }; '
        f"m {python} -m weeknotes; m weeknotes; "
        "git merge-file -L ours -L base -L theirs %A %O %B"
    )


def _settings() -> tuple[list[tuple[str, str, str]], list[str]]:
    """The settings (key, value, and what they are, said once each), and hints on programs that are not
    there."""
    found = [
        ("merge.weeknotes.name", "notebooks by cells, the library by entries", ""),
        (_KEY, driver(), "merges notebooks by cells, and the library by entries"),
    ]
    hints = []
    if shutil.which("nbstripout"):
        keys = shlex.quote(" ".join(_STRIPPED))
        clean = f"nbstripout --keep-output --keep-id --unix-newlines --extra-keys {keys}"
        what = "nbstripout: no execution counts and no state of widgets in commits; outputs stay"
        found += [
            ("filter.weeknotes.clean", clean, what),
            ("filter.weeknotes.smudge", "cat", ""),
        ]
    else:
        hints.append(
            "nbstripout would keep execution counts out of commits: pipx install nbstripout"
        )
    if shutil.which("git-nbdiffdriver"):
        what = "nbdime shows what changed in notebooks: git diff"
        found.append(
            ("diff.jupyternotebook.command", "git-nbdiffdriver diff --ignore-details", what)
        )
    else:
        hints.append("nbdime would show changes of notebooks cell by cell: pipx install nbdime")
    return found, hints


def _add_lines(path: Path, wanted: tuple[str, ...]) -> bool:
    """Add the ``wanted`` lines that ``path`` lacks to its end: for the files that a line is about, what
    is said last counts. False where it has them all."""
    old = path.read_bytes() if path.exists() else b""
    there = {line.strip() for line in old.decode("utf-8", "replace").splitlines()}
    missing = [line for line in wanted if line not in there]
    if not missing:
        return False
    end = b"\r\n" if b"\r\n" in old else b"\n"
    lines = [line.encode() + end for line in missing]
    new = old + (end if old and not old.endswith(b"\n") else b"") + b"".join(lines)
    if path.exists():
        return files.replace_unchanged(path, old, new)
    return files.create(path, new)


def _git(folder: Path, *words: str, quiet: bool = False) -> str:
    """The output of git; empty where it fails and that is an answer (``quiet``). Raises
    WeeknotesError."""
    own = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    try:
        done = subprocess.run(
            ["git", *words],
            cwd=folder,
            env=own,
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="replace",
            check=False,
        )
    except OSError:
        if quiet:
            return ""
        raise
    if done.returncode and not quiet:
        raise WeeknotesError(f"git {words[0]}: {done.stderr.strip() or done.returncode}")
    return done.stdout.strip() if not done.returncode else ""
