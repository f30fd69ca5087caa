"""This module finds the entries that the journal cites, and where, and changes a citation key in
what the author wrote.

Citations are those of pandoc's Markdown ("Pandoc User's Guide", Citation syntax): ``@key``, ``-@key``
and ``@{key}`` in Markdown and raw cells, and in the front matter's ``nocite``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from weeknotes.errors import NotebookError
from weeknotes.files import replace_unchanged
from weeknotes.journal import cell_edit
from weeknotes.journal.notebooks import joined, parse
from weeknotes.journal.project import Project
from weeknotes.text.markdown.citations import citations as read_citations

ALL = "*"
"""The key in ``nocite: "@*"``, which cites every entry."""

_ASCII_HEAD = re.compile(r"[\x21-\x7e]+")
_SUFFIXES = (".ipynb", ".qmd", ".md", ".Rmd")


@dataclass(frozen=True)
class CitationPlace:
    """The place of a citation. ``cell`` counts from 1, and is None in a plain text file; ``line``
    counts from 1 within the cell or the file."""

    file: str
    cell: int | None
    line: int

    def __str__(self) -> str:
        cell = f", cell {self.cell}" if self.cell is not None else ""
        return f"{self.file}{cell}, line {self.line}"


def citations(markdown: str) -> Iterator[tuple[str, int]]:
    """The citation keys in ``markdown`` with the offset at which each key begins, those of front matter
    and comments included. Cross-references (``@fig-…``) are passed over."""
    for found in read_citations(markdown, ("yaml", "comment")):
        if not found.is_cross_reference:
            yield found.key, found.at


def cited_keys(project: Project) -> dict[str, tuple[CitationPlace, ...]]:
    """Every citation key in the journal's notebooks and texts, with the places that cite it.

    A key that a Korean or Chinese word follows without a space is found by itself too. A notebook
    that cannot be read is searched as text, so that nothing cited is missed; ``nocite: "@*"`` is the
    key ALL.
    """
    found: dict[str, list[CitationPlace]] = {}
    for path in _sources(project):
        name = project.relative(path)
        for cell, text in _texts(path):
            for key, offset in citations(text):
                place = CitationPlace(name, cell, text.count("\n", 0, offset) + 1)
                found.setdefault(key, []).append(place)
                head = _ASCII_HEAD.match(key)
                if head and head[0] != key:
                    found.setdefault(head[0], []).append(place)
    return {key: tuple(places) for key, places in found.items()}


def rewrite(project: Project, renamed: Mapping[str, str]) -> list[str]:
    """Change citations of each key of ``renamed`` to its value; the files changed, as the user names
    them.

    Only the keys change: every other byte of a notebook stays as it was. Raises NotebookError,
    before anything is written, for a notebook that cites one of the keys and cannot be read.
    """
    changed: list[tuple[Path, bytes, bytes]] = []
    for path in _sources(project):
        data = path.read_bytes()
        if not any(key.encode() in data or not key.isascii() for key in renamed):
            continue
        new = _rewritten(path, data, project.relative(path), renamed)
        if new != data:
            changed.append((path, data, new))
    for path, data, new in changed:
        if not replace_unchanged(path, data, new):
            raise NotebookError(
                "it was saved meanwhile, and its citations were left as they are",
                file=project.relative(path),
                hint="Run again: weeknotes sync --rename",
            )
    return [project.relative(path) for path, _, _ in changed]


def _rewritten(path: Path, data: bytes, name: str, renamed: Mapping[str, str]) -> bytes:
    if path.suffix != ".ipynb":
        return replaced(data.decode("utf-8", "surrogateescape"), renamed).encode(
            "utf-8", "surrogateescape"
        )
    try:
        notebook = parse(data, name)
    except NotebookError:
        if any(key in renamed for _, text in _raw_texts(data) for key, _ in citations(text)):
            raise
        return data
    cells = {
        cell.index: {**cell.json, "source": source}
        for cell in notebook.cells
        if cell.kind != "code" and (source := replaced(cell.source, renamed)) != cell.source
    }
    return cell_edit.change(notebook, replace=cells) if cells else data


def replaced(markdown: str, renamed: Mapping[str, str]) -> str:
    """``markdown`` with each citation of a key of ``renamed`` changed to its value."""
    for key, offset in reversed(list(citations(markdown))):
        if key in renamed:
            end = offset + len(key)
            markdown = markdown[:offset] + renamed[key] + markdown[end:]
    return markdown


def _sources(project: Project) -> list[Path]:
    """The files that the author wrote: everything under ``journal/``, and the texts beside
    ``_quarto.yml``."""
    journal = project.journal.rglob("*") if project.journal.is_dir() else ()
    paths = [path for path in (*journal, *project.root.glob("*")) if path.suffix in _SUFFIXES]
    return sorted(
        path
        for path in paths
        if path.is_file()
        and not any(part.startswith(".") for part in path.relative_to(project.root).parts)
    )


def _texts(path: Path) -> Iterator[tuple[int | None, str]]:
    """The texts of a file that can hold citations, with the number of the cell."""
    data = path.read_bytes()
    if b"@" not in data:
        return
    if path.suffix != ".ipynb":
        yield None, data.decode("utf-8", "replace")
        return
    try:
        cells = json.loads(data)["cells"]
        texts = [
            (number, joined(cell.get("source")) or "")
            for number, cell in enumerate(cells, start=1)
            if cell.get("cell_type") != "code"
        ]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        yield from _raw_texts(data)
        return
    yield from texts


def _raw_texts(data: bytes) -> Iterator[tuple[int | None, str]]:
    """A broken notebook's lines, JSON's escapes undone as far as they can be."""
    text = data.decode("utf-8", "replace")
    text = re.sub(r"\\u([0-9a-fA-F]{4})", lambda code: chr(int(code[1], 16)), text)
    # Line by line: an unpaired backtick must not hide the rest. A line's own "\n" is a space.
    for line in text.replace("\\n", " \n").replace("`", " ").splitlines():
        yield None, line.strip(' \t"')
