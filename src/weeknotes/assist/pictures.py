"""Pictures that an author pastes or drops: each is a file of its week, ``assets/images/<week>/``."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path, PurePosixPath

from weeknotes import files
from weeknotes.actions.pages import slug
from weeknotes.errors import UsageError, WeeknotesError
from weeknotes.journal.project import Project
from weeknotes.journal.weeks import Week

LARGEST = 20_000_000
"""Bytes. A larger picture would be as large on its page."""

_WEEK = re.compile(r"\d{4}-W\d{2}")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_SVG = re.compile(rb"\s*(?:<\?xml[^>]*>|<!--.*?-->|<!DOCTYPE[^>]*>|\s)*<svg[\s>]", re.S)
_MOST = 1000
#: Names that mean no file on Windows ("Naming Files, Paths, and Namespaces").
_RESERVED = re.compile(r"con|prn|aux|nul|(?:com|lpt)\d")
#: Names that say nothing: those of what is pasted.
_NAMELESS = re.compile(r"image(?:-\d+)?|untitled|unnamed|clipboard|blob|")


@dataclass(frozen=True)
class Picture:
    """A picture in ``file`` (POSIX, from the root); ``link`` leads there from the document."""

    file: str
    link: str


def save(project: Project, document: str, name: str, data: bytes) -> Picture:
    """Keep the picture ``data``, called ``name`` where it came from, among those of the week that
    ``document`` (POSIX, from the root) is of. No file is overwritten: another of that name gets a
    number, and the same picture is kept once.

    Raises UsageError for what is no picture that a page can show, one of LARGEST bytes or more, or a
    folder that leads out of the journal; OSError.
    """
    if len(data) >= LARGEST:
        raise UsageError(
            f"the picture has {len(data) / 1e6:.1f} MB, and {LARGEST / 1e6:.0f} are the most",
            hint="Make it smaller, or save it as JPEG or WebP.",
        )
    suffix = _suffix(data)
    folder = project.root / "assets" / "images" / _week(document)
    if not folder.resolve().is_relative_to(project.root):
        raise UsageError(
            f"{project.relative(folder)} leads out of the journal, and nothing was saved",
            hint="Put a folder there instead of a link.",
        )
    path = _kept(folder, _stem(name), suffix, data)
    file = path.relative_to(project.root).as_posix()
    # It has no character that an address in Markdown gives a meaning to.
    return Picture(file, posixpath.relpath(file, PurePosixPath(document).parent.as_posix()))


def _kept(folder: Path, stem: str, suffix: str, data: bytes) -> Path:
    """The file in ``folder`` that holds ``data``, made if none of its name does."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(1, _MOST):
        path = folder / (f"{stem}-{number}{suffix}" if number > 1 else f"{stem}{suffix}")
        if files.create(path, data) or (not path.is_symlink() and path.read_bytes() == data):
            return path
    raise UsageError(f"{folder.name} has {_MOST} pictures called {stem}", hint="Give it a name.")


def _week(document: str) -> str:
    """The week that a document is of: by its name, by the day in its name, or else this week."""
    stem = PurePosixPath(document).stem
    try:
        if week := _WEEK.match(stem):
            return str(Week.parse(week[0]))
        if day := _DAY.match(stem):
            return str(Week.of(date.fromisoformat(day[0])))
    except (WeeknotesError, ValueError):
        pass
    return str(Week.of(date.today()))


def _stem(name: str) -> str:
    """A name for the file: letters, digits and hyphens of the one that the picture has."""
    stem = slug(PurePosixPath(name.replace("\\", "/")).stem)
    return (
        f"figure-{stem}"
        if _RESERVED.fullmatch(stem)
        else ("figure" if _NAMELESS.fullmatch(stem) else stem)
    )


def _suffix(data: bytes) -> str:
    """The suffix of the format that ``data`` is in, whatever it is called. Raises UsageError."""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return ".png"
    if data.startswith(b"\xff\xd8\xff"):
        return ".jpg"
    if data.startswith((b"GIF87a", b"GIF89a")):
        return ".gif"
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return ".webp"
    if _SVG.match(data[:4096].removeprefix(b"\xef\xbb\xbf")):
        return ".svg"
    raise UsageError(
        "this is no picture that a page can show", hint="PNG, JPEG, GIF, WebP and SVG are taken."
    )
