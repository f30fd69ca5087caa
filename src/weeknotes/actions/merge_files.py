"""git's merge driver (gitattributes(5), "Defining a custom merge driver") for the files of a journal:
notebooks are merged by cells, the library by entries, all else as git does it."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from weeknotes import files
from weeknotes.errors import WeeknotesError
from weeknotes.journal import notebook_merge
from weeknotes.library import bibtex, merging
from weeknotes.text.three_way import OURS, THEIRS


@dataclass(frozen=True)
class Merged:
    """The result of a merge: whether the file holds ``conflict`` marks, and what to do about it."""

    conflict: bool
    message: str = ""


def merge(base: Path, ours: Path, theirs: Path, name: str) -> Merged:
    """Merge the versions of the file ``name`` into ``ours``, which git then takes.

    ``base`` is empty where both sides began the file. What cannot be merged by cells or entries is
    merged by lines, with git's marks where both changed the same ones; no line of either side is lost.
    Raises OSError where neither can be done.
    """
    try:
        made, merged = _merged(base.read_bytes(), ours.read_bytes(), theirs.read_bytes(), name)
    except (WeeknotesError, ValueError, LookupError, TypeError, AttributeError, AssertionError):
        made = None
    if made is None:
        return _by_lines(base, ours, theirs, name)
    files.write_atomic(ours, made)
    return merged


def _merged(base: bytes, ours: bytes, theirs: bytes, name: str) -> tuple[bytes | None, Merged]:
    kind = PurePosixPath(name).suffix
    if kind == ".json":
        return merging.merge(base or None, ours, theirs, name), Merged(False)
    if bibtex.is_derived(ours) and bibtex.is_derived(theirs):
        # The library that it is derived from is merged by itself.
        return ours, Merged(False, "to renew it: weeknotes check --fix")
    if kind != ".ipynb":
        return None, Merged(False)
    done = notebook_merge.merge(base or None, ours, theirs, name)
    if done.conflicts:
        cells = ", ".join(map(str, done.conflicts))
        where = f"cell{'' if len(done.conflicts) == 1 else 's'} {cells}"
        return done.data, Merged(
            True,
            f"both sides changed the same lines of {where}: open it, keep what is right, take the "
            "lines of <<<<<<<, ======= and >>>>>>> out, and git add it",
        )
    again = []
    if done.rerun:
        again.append(f"run cell {', '.join(map(str, done.rerun))} again: both sides changed it")
    if done.stale:
        again.append(
            f"to run its generated cells again: weeknotes refresh {PurePosixPath(name).stem}"
        )
    return done.data, Merged(False, "; ".join(again))


def _by_lines(base: Path, ours: Path, theirs: Path, name: str) -> Merged:
    labels = [word for label in (OURS, "base", THEIRS) for word in ("-L", label)]
    command = ["git", "merge-file", "--quiet", *labels, str(ours), str(base), str(theirs)]
    done = subprocess.run(command, check=False, stdin=subprocess.DEVNULL)
    if not 0 <= done.returncode < 128:
        raise OSError(f"{name}: git merge-file ended with {done.returncode}")
    return Merged(done.returncode > 0)
