"""Files that a Markdown text includes (``{{< include notes.md >}}``), as far as privacy is concerned:
which of them are private as a whole, and what the others hold."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from weeknotes.text.markdown import CODE, read

_INCLUDE = re.compile(r"^[ \t]*\{\{<\s*include\s+(.+?)\s*>\}\}[ \t]*$", re.M)
_FRONT_MATTER = re.compile(r"\A\s*---[ \t]*\r?\n.*?^(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.S | re.M)
_DEPTH = 10

Reason = Callable[[str], str]


@dataclass(frozen=True)
class Include:
    """A line that includes a file: its place in the text, and the file's name as it is written."""

    start: int
    end: int
    name: str


class Includes:
    """Knows no file. `FileIncludes` does."""

    def withheld(self, name: str) -> bool:
        """Whether the file that is included as ``name`` is private as a whole."""
        return False

    def text(self, name: str) -> str:
        """The Markdown that including ``name`` gives; empty where it cannot be read."""
        return ""


class FileIncludes(Includes):
    """The files that a source in ``folder`` of the journal at ``root`` includes. ``reason`` says why a
    file, POSIX from the root, is private as a whole, or is empty."""

    def __init__(self, root: Path, folder: Path, reason: Reason) -> None:
        self._root = root.resolve()
        self._folder = folder
        self._reason = reason

    def withheld(self, name: str) -> bool:
        path = self._path(self._folder, name)
        return path is not None and bool(self._reason(path.relative_to(self._root).as_posix()))

    def text(self, name: str) -> str:
        return self._text(self._folder, name, ())

    def _path(self, folder: Path, name: str) -> Path | None:
        try:
            path = ((self._root if name.startswith("/") else folder) / name.lstrip("/")).resolve()
            return path if path.is_relative_to(self._root) and path.is_file() else None
        except (OSError, ValueError):
            return None

    def _text(self, folder: Path, name: str, around: tuple[Path, ...]) -> str:
        path = self._path(folder, name)
        if path is None or path in around or len(around) >= _DEPTH:
            return ""
        if self._reason(path.relative_to(self._root).as_posix()):
            return ""
        try:
            text = path.read_text("utf-8-sig", "replace").replace("\r\n", "\n")
        except OSError:
            return ""
        text = _FRONT_MATTER.sub("", text, count=1)
        parts, position = [], 0
        for include in includes_in(text):
            inner = self._text(path.parent, include.name, (*around, path))
            parts += [text[position : include.start], "\n", inner, "\n"]
            position = include.end
        return "".join([*parts, text[position:]])


def includes_in(text: str) -> Iterator[Include]:
    """The includes in ``text``, without those that are shown as code."""
    if "{{<" not in text:
        return
    structure = read(text)
    for match in _INCLUDE.finditer(text):
        if not structure.inside(match.start(1), CODE):
            yield Include(match.start(), match.end(), match[1].strip("\"'"))
