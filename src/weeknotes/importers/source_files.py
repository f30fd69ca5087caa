"""The files to be imported: finding them, and reading each as lines of text."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from weeknotes.errors import WeeknotesError

SUFFIXES = (".md", ".markdown", ".mdown", ".mkd", ".txt")
LARGEST = 20_000_000
"""Bytes. A text from here on is no journal that someone wrote."""

_PASSED_OVER = frozenset({"node_modules", "_site", "_freeze", "__pycache__", "venv"})
# What cannot be in a notebook that is rendered as HTML (Unicode's C0 and C1 controls, but for tab
# and line feed), and the marks that a byte order mark leaves inside a text.
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufeff\ufffe\uffff]")
_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))


class SourceError(WeeknotesError):
    """A source cannot be read, or is not text."""


_WIDEST_SPACE = 200


@dataclass(frozen=True)
class SourcePlace:
    """A file to import: where it is, the folder that nothing it names may lead out of, and the name
    it is known by from one import to the next. ``named`` says that the user named this very file."""

    path: Path
    root: Path
    name: str
    named: bool


@dataclass(frozen=True)
class Source:
    """A source as read: its lines without their line ends, tabs at their beginnings as spaces."""

    place: SourcePlace
    lines: tuple[str, ...]

    @property
    def name(self) -> str:
        """The name of the source in the report."""
        return self.place.name


@dataclass(frozen=True)
class Folder:
    """A folder that is imported as a whole: its path, the top of the clone that it is in, and what the
    names of its sources begin with. ``archive`` says that it was unpacked from one."""

    path: Path
    root: Path
    prefix: str
    archive: bool = False


def folder_of(path: Path, *, archive: bool = False) -> Folder:
    """The folder ``path`` as an import names it."""
    path = path.resolve()
    root = (_repository(path) or path).resolve()
    prefix = f"{_name(path, root)}/" if path != root else f"{root.name}/"
    return Folder(path, root, prefix, archive)


def find(
    paths: Sequence[Path],
    skip: Path,
    suffixes: tuple[str, ...] = SUFFIXES,
    accepts: Callable[[Path], bool] = lambda path: True,
) -> Iterator[SourcePlace]:
    """The files that ``paths`` name, each once: files as named, and of folders those with one of
    ``suffixes``.

    The order is that of ``paths``, and in a folder that of the names, numbers by their value. Hidden
    folders are passed over, and so are links that lead out of the folder, and the journal ``skip``
    where a folder holds it, and files that ``accepts`` turns down. Raises SourceError for a path that
    is not there.
    """
    seen: set[Path] = set()
    for path in paths:
        if not path.exists():
            raise SourceError("no such file or folder", file=str(path))
        root = _repository(path) or (path if path.is_dir() else path.parent)
        root = root.resolve()
        found = _texts(path.resolve(), skip, suffixes) if path.is_dir() else iter([path.resolve()])
        for file in found:
            inside = file.is_relative_to(root) and accepts(file) if path.is_dir() else True
            if file not in seen and inside:
                seen.add(file)
                yield SourcePlace(file, root, _name(file, root), named=not path.is_dir())


def read(place: SourcePlace, convert: Callable[[SourcePlace], str] | None = None) -> Source:
    """The text of ``place``, as ``convert`` makes Markdown of it where it is given. Raises
    SourceError if the file is not UTF-8 (or UTF-16 with a byte order mark), or has LARGEST bytes or
    more."""
    try:
        if place.path.stat().st_size >= LARGEST:
            raise SourceError(
                f"too large: {place.path.stat().st_size / 1e6:.0f} MB", file=place.name
            )
        data = b"" if convert else place.path.read_bytes()
    except OSError as error:
        raise SourceError(f"cannot be read: {error.strerror}", file=place.name) from error
    if convert:
        return Source(place, lines_of(convert(place)))
    return Source(place, lines_of(_decode(data, place.name)))


def lines_of(text: str) -> tuple[str, ...]:
    """``text`` in lines: CRLF and CR are line ends, control characters are gone, and white space at
    a line's beginning is spaces, with a tab stop every four columns (CommonMark, 2.2)."""
    text = _CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return tuple(_untabbed(line) for line in text.split("\n"))


def _untabbed(line: str) -> str:
    """``line`` with spaces for the tabs of its indent, and without the thousands of them that programs
    sometimes leave around a text, over which patterns take very long."""
    text = line.lstrip(" \t")
    head = line[: len(line) - len(text)]
    text = text.rstrip() if len(text) - len(text.rstrip()) > _WIDEST_SPACE else text
    return (head.expandtabs(4) if "\t" in head else head)[:_WIDEST_SPACE] + text


def _decode(data: bytes, name: str) -> str:
    mark, encoding = next((pair for pair in _BOMS if data.startswith(pair[0])), (b"", "utf-8"))
    data = data.removeprefix(mark)
    if not mark and data[:4096].count(0) > len(data[:4096]) / 20:
        raise SourceError("not text", file=name, hint="Name files of Markdown or plain text.")
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise SourceError(
            "not UTF-8 text",
            file=name,
            line=data.count(b"\n", 0, error.start) + 1,
            hint="Save it as UTF-8, or convert it: iconv -f GB18030 -t UTF-8 FILE",
        ) from error


def _texts(folder: Path, skip: Path, suffixes: tuple[str, ...]) -> Iterator[Path]:
    for parent, folders, names in os.walk(folder):
        here = Path(parent)
        folders[:] = sorted(
            (
                name
                for name in folders
                if not name.startswith(".")
                and name not in _PASSED_OVER
                and here / name != skip
                and not (here / name).is_symlink()
            ),
            key=natural,
        )
        for name in sorted(names, key=natural):
            if name.lower().endswith(suffixes) and not name.startswith("."):
                yield (here / name).resolve()


def natural(name: str) -> list[tuple[int, int, str]]:
    """A key that sorts ``week 9`` before ``week 10``."""
    parts = re.findall(r"([0-9]+)|([^0-9]+)", name)
    return [(0, int(number), "") if number else (1, 0, text.lower()) for number, text in parts]


def _repository(path: Path) -> Path | None:
    """The top of the git clone that ``path`` is in, if it is in one."""
    start = path.resolve()
    for folder in (start, *start.parents) if start.is_dir() else start.parents:
        if (folder / ".git").exists():
            return folder
    return None


def _name(file: Path, root: Path) -> str:
    """``file`` from the folder above ``root`` on, which names the repository: ``log/README.md``."""
    return f"{root.name}/{file.relative_to(root).as_posix()}" if root.name else file.name
