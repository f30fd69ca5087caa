"""Messages about what pandoc found in a page, and about a page that it took too long for."""

from __future__ import annotations

import re
from typing import Any

from weeknotes.engines.document import Document
from weeknotes.engines.worker import TookTooLongError
from weeknotes.errors import RenderError

_MANY_BRACKETS = 8
"""Brackets open at once from which on they are a likely cause of a page that takes for ever."""


def explained(document: Document, error: TookTooLongError) -> RenderError:
    """`error` with the cell that pandoc most probably got stuck in: that with the most brackets open
    at once, each of which doubles the time that it takes."""
    cells = [cell for cell in document.source.cells if cell.kind != "code"]
    deepest = max(cells, key=lambda cell: _open_brackets(cell.text), default=None)
    if deepest is None or _open_brackets(deepest.text) < _MANY_BRACKETS:
        return error
    return RenderError(
        f"{error.message}: too many brackets are open at once",
        file=error.file,
        cell=deepest.number,
        hint="Close them, or write \\[ for a bracket that is none of Markdown's.",
    )


def _open_brackets(text: str) -> int:
    """The most square brackets that are open at once in a paragraph of `text`."""
    most = 0
    for paragraph in re.split(r"\n[ \t]*\n", text):
        depth = 0
        for bracket in re.findall(r"\\.|[][]", paragraph):
            depth = max(0, depth + {"[": 1, "]": -1}.get(bracket, 0))
            most = max(most, depth)
    return most


def report(document: Document, result: dict[str, Any], with_library: bool) -> None:
    """Turn what pandoc found missing into warnings."""
    if result["differs"]:
        document.warn(
            "what is marked private can be read in two ways, and is left out in both",
            hint="See which mark is meant with: weeknotes check",
            problem=True,
        )
    for key in result["missing"] if with_library else ():
        hint = _particle_hint(key) or "Check the key, or add the paper to your library."
        message = f"citation key '{key}' is not in the library"
        document.problem(message, f"@{key}", hint, rule="citation-unknown")
    for label in result["unresolved"]:
        message = f"nothing on the page is labelled '{label}'"
        document.problem(message, f"@{label}", _particle_hint(label), rule="reference-missing")
    for note in result["notes"]:
        document.warn(note, rule="markdown-engine")


def _particle_hint(key: str) -> str | None:
    """A hint for a citation key into which a Korean particle has run: `@ho2020의`; None for any
    other key."""
    match = re.fullmatch(r"([ -~]+[\w])([가-힣]+)", key)
    return f"Set it off from what follows with braces: @{{{match[1]}}}{match[2]}" if match else None
