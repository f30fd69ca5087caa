"""Putting a site in place: the last good one stays until the new one is whole.

A site is gathered in a staging folder, with hard links to the files that did not change, and that
folder and the output folder then change places in one step.
"""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from weeknotes.errors import RenderError
from weeknotes.files import exchange, rename

#: Marks a folder as a site that may be replaced as a whole.
_DOCUMENTS = frozenset([".docx", ".odt", ".pdf", ".typ", ".rtf", ".epub", ".pptx"])
MARKER = ".weeknotes-site"


@contextlib.contextmanager
def staged(output: Path, spare: Path | None = None) -> Iterator[Path]:
    """A folder that takes the place of ``output`` when the block ends without an error.

    It is new and empty, or ``spare`` where that can be moved there. ``spare`` holds whatever an
    earlier build left in it, and afterwards the site that was replaced, so that the next build finds
    nearly all its files where they belong. Its files may be the very files of ``output``: one that
    is to be changed must be unlinked first.

    Raises RenderError where ``output`` holds something that is not a site of ours, or it cannot be
    written.
    """
    recover(output)
    refuse_foreign(output)
    kept = spare if spare and _device(spare) == _device(output) else None
    staging = kept or _beside(output, "new")
    if not kept:
        shutil.rmtree(staging, ignore_errors=True)
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        staging.mkdir(parents=True, exist_ok=True)
        yield staging
        mark(staging)
        _swap(staging, output)
    except BaseException as error:
        shutil.rmtree(staging, ignore_errors=True)
        if isinstance(error, OSError) and _is_about(error, staging, output):
            raise RenderError(
                f"the site cannot be written: {_told(error, staging)}",
                file=str(output),
                hint="What stood there is as it was.",
            ) from error
        raise
    if not kept:
        shutil.rmtree(staging, ignore_errors=True)


def mark(folder: Path) -> None:
    """Mark ``folder`` as a site that may be replaced as a whole."""
    (folder / MARKER).write_bytes(b"")


def _is_about(error: OSError, *folders: Path) -> bool:
    """Whether ``error`` is about one of ``folders``. A full disk says only that a write failed: what
    else is written here names its file."""
    where = error.filename
    return where is None or any(Path(where).is_relative_to(folder) for folder in folders)


def _told(error: OSError, staging: Path) -> str:
    """The reason, and the file of the site where that is known."""
    reason = error.strerror or str(error)
    if error.filename is None or not Path(error.filename).is_relative_to(staging):
        return reason
    return f"{reason} ({Path(error.filename).relative_to(staging)})"


def _device(path: Path) -> int:
    """The file system that ``path`` is on, or would be."""
    existing = next(folder for folder in (path, *path.absolute().parents) if folder.exists())
    return existing.stat().st_dev


def recover(output: Path) -> None:
    """Undo a replacement that was cut off between its two renames."""
    aside = _beside(output, "old")
    if not aside.exists():
        return
    if output.exists():
        shutil.rmtree(aside, ignore_errors=True)
    else:
        rename(aside, output)


def refuse_foreign(output: Path) -> None:
    """Raise RenderError unless ``output`` is missing, empty, or a site that was built before."""
    if not output.exists() or (output / MARKER).exists():
        return
    if not output.is_dir():
        raise RenderError("the site's folder is a file", file=str(output))
    names = {entry.name for entry in output.iterdir()}
    made_by_quarto = "site_libs" in names or {"search.json", "index.html"} <= names
    if names and not made_by_quarto and not _holds_documents_alone(output):
        raise RenderError(
            "this folder holds files that are no site of Weeknotes, and would be replaced",
            file=str(output),
            hint="Name an empty or new folder with --output-dir.",
        )


def _holds_documents_alone(output: Path) -> bool:
    """Whether all that ``output`` holds was made of the sources beside it in another format, as
    ``quarto render --to docx`` does; Quarto before 1.8 leaves nothing else that says so."""
    if not (output.parent / "_quarto.yml").is_file():
        return False
    for path in output.rglob("*"):
        source = output.parent / path.relative_to(output)
        made = path.suffix in _DOCUMENTS and any(
            source.with_suffix(suffix).is_file() for suffix in (".ipynb", ".qmd", ".md")
        )
        if not path.is_dir() and not made:
            return False
    return True


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
    """Make ``staging`` the output folder; what was there before, if anything, becomes ``staging``."""
    if not output.exists():
        rename(staging, output)
        return
    if exchange(staging, output):
        return
    aside = _beside(output, "old")
    rename(output, aside)
    try:
        rename(staging, output)
    except OSError:
        rename(aside, output)
        raise
    # The new site is in place; where the old one can't be kept for the next build, that makes more.
    with contextlib.suppress(OSError):
        rename(aside, staging)
