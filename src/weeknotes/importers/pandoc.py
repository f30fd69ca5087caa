"""Calls of pandoc: other markup as Markdown, and bibliographies as CSL-JSON."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from weeknotes.errors import WeeknotesError
from weeknotes.text.pandoc import pandoc_path

_SECONDS = 120
#: A text that pandoc cannot get through (an unclosed brace in BibTeX) must not take all memory.
_LIMIT = ("+RTS", "-M1g", "-RTS")


class PandocError(WeeknotesError):
    """pandoc could not read a text."""


def convert(text: str, source: str, to: str, *options: str) -> str:
    """``text`` in pandoc's format ``source``, written in its format ``to``.

    pandoc is given no file and may read none (``--sandbox``), whatever the text includes. Raises
    PandocError if it cannot read the text.
    """
    try:
        done = subprocess.run(
            [pandoc_path(), *_LIMIT, "--sandbox", f"--from={source}", f"--to={to}", *options],
            input=text.encode("utf-8", "replace"),
            capture_output=True,
            timeout=_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise PandocError(f"pandoc did not read it: {error}") from error
    if done.returncode:
        # Its message is on several lines, of which the last may only point at a column.
        lines = done.stderr.decode("utf-8", "replace").split("\n")
        message = "; ".join(line.strip() for line in lines if line.strip(" ^"))
        raise PandocError(f"pandoc cannot read it: {message[:200]}")
    return done.stdout.decode("utf-8")


def entries(path: Path) -> Mapping[str, Mapping[str, Any]]:
    """The entries of the bibliography at ``path`` (BibTeX, BibLaTeX, CSL-JSON or YAML, RIS), by their
    citation keys. Raises PandocError."""
    try:
        return _read_entries(path, path.stat().st_mtime_ns)
    except OSError as error:
        raise PandocError(f"cannot be read: {error.strerror}", file=path.name) from error


@lru_cache(maxsize=16)
def _read_entries(path: Path, stamp: int) -> Mapping[str, Mapping[str, Any]]:
    """The entries of the bibliography at ``path``, as they were at ``stamp``: each post of a folder
    asks for the same ones."""
    formats = {".bib": "biblatex", ".bibtex": "bibtex", ".ris": "ris", ".json": "csljson"}
    source = formats.get(path.suffix.lower(), "")
    if not source:
        raise PandocError(f"no bibliography that is read: {path.name}")
    text = path.read_text("utf-8", "replace")
    found = json.loads(convert(text, source, "csljson"))
    return {
        str(entry["id"]): entry for entry in found if isinstance(entry, dict) and entry.get("id")
    }
