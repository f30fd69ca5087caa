"""Putting a site in place: the last good one stays until the new one is whole.

A site is gathered in a staging folder beside the output folder, with hard links to the files that did
not change, and the two then change places in one step.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from weeknotes.errors import RenderError

#: Marks a folder as a site that may be replaced as a whole.
MARKER = ".weeknotes-site"
_AT_FDCWD = -100
_RENAME_EXCHANGE = 2


def stat_of(path: Path | str) -> list[int] | None:
    """Modification time (ns) and size of the file at ``path``; None where there is none."""
    try:
        status = os.stat(path)  # noqa: PTH116 (strings, for thousands of files)
    except OSError:
        return None
    return [status.st_mtime_ns, status.st_size]


@contextlib.contextmanager
def staged(output: Path) -> Iterator[Path]:
    """A new, empty folder that takes the place of ``output`` when the block ends without an error.

    Raises RenderError where ``output`` holds something that is not a site of ours.
    """
    recover(output)
    refuse_foreign(output)
    staging = _beside(output, "new")
    shutil.rmtree(staging, ignore_errors=True)
    staging.mkdir(parents=True)
    try:
        yield staging
        (staging / MARKER).write_bytes(b"")
        _swap(staging, output)
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def recover(output: Path) -> None:
    """Undo a replacement that was cut off between its two renames."""
    aside = _beside(output, "old")
    if not aside.exists():
        return
    if output.exists():
        shutil.rmtree(aside, ignore_errors=True)
    else:
        aside.rename(output)


def refuse_foreign(output: Path) -> None:
    """Raise RenderError unless ``output`` is missing, empty, or a site that was built before."""
    if not output.exists() or (output / MARKER).exists():
        return
    if not output.is_dir():
        raise RenderError("the site's folder is a file", file=str(output))
    names = {entry.name for entry in output.iterdir()}
    made_by_quarto = "site_libs" in names or {"search.json", "index.html"} <= names
    if names and not made_by_quarto:
        raise RenderError(
            "this folder holds files that are no site of Weeknotes, and would be replaced",
            file=str(output),
            hint="Name an empty or new folder with --output-dir.",
        )


def link_or_copy(source: Path | str, target: Path | str) -> None:
    """Make ``target`` the same file as ``source``, or a copy of it where links can't be made."""
    try:
        os.link(source, target)
    except OSError as error:
        if error.errno == errno.ENOENT:
            raise
        shutil.copy2(source, target)


def _beside(output: Path, role: str) -> Path:
    return output.parent / f".{output.name}.{role}"


def _swap(staging: Path, output: Path) -> None:
    """Make ``staging`` the output folder; what was there before ends up in ``staging``, or is gone."""
    if not output.exists():
        staging.rename(output)
        return
    if _exchange(staging, output):
        return
    aside = _beside(output, "old")
    output.rename(aside)
    staging.rename(output)
    shutil.rmtree(aside, ignore_errors=True)


def _exchange(one: Path, other: Path) -> bool:
    """Let two folders change names in one step (renameat2(2), Linux); False where it can't be done."""
    try:
        rename = ctypes.CDLL(None, use_errno=True).renameat2
    except (OSError, AttributeError):
        return False
    done: int = rename(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _RENAME_EXCHANGE)
    return done == 0
