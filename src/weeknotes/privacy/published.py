"""A notebook as anyone may download it: no more than what its page shows, and the code behind it.

Without its private parts, it is still without what the author keeps from the page: cells and outputs
that are removed there, HTML comments, conditional content that is not shown, the metadata of cells,
papermill's parameters, and the state of widgets.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from weeknotes.privacy import marks
from weeknotes.privacy.cut import source_of, tags_of, without_parameters
from weeknotes.privacy.includes import Includes
from weeknotes.privacy.marks import Span, merged
from weeknotes.privacy.readings import agreed
from weeknotes.text.markdown import read

#: Tags of cells that no page shows, and of those whose outputs none shows.
_REMOVED = frozenset({"remove-cell", "remove_cell", "hide-cell"})
_WITHOUT_OUTPUT = frozenset({"remove-output", "remove_output", "hide-output"})
#: Metadata of a cell that say how it is shown.
_METADATA = ("tags", "lang", "raw_mimetype", "format", "collapsed", "jupyter", "scrolled")


def published(
    state: Path, notebook: Mapping[str, Any], includes: Includes | None = None
) -> dict[str, Any]:
    """``notebook`` as it is offered for download. ``state`` is the folder for what is remembered."""
    cut, _ = agreed(state, notebook, includes)
    public = without_parameters(cut.notebook)
    cells = (cell for cell in public["cells"] if not _is_removed(cell))
    return {**public, "cells": [_published_cell(cell) for cell in cells]}


def unshown_spans(text: str) -> list[Span]:
    """The stretches of a Markdown text that no reader sees: comments, and conditional content that is
    not shown."""
    if "<!--" not in text:
        return marks.hidden_spans(text)
    comments = ((r.start, r.end) for r in read(text).of("comment"))
    return merged([*comments, *marks.hidden_spans(text)])


def _is_removed(cell: Any) -> bool:
    if _REMOVED.intersection(tags_of(cell)):
        return True
    return _says_no(cell, "include")


def _published_cell(cell: Any) -> Any:
    if not isinstance(cell, dict):
        return cell
    text = source_of(cell)
    metadata = cell.get("metadata")
    kept = (
        {k: v for k, v in metadata.items() if k in _METADATA} if isinstance(metadata, dict) else {}
    )
    result = {**cell, "metadata": kept}
    if cell.get("cell_type") == "code":
        if _WITHOUT_OUTPUT.intersection(tags_of(cell)) or _says_no(cell, "output"):
            result["outputs"] = []
    elif text and (spans := unshown_spans(text)):
        result["source"] = marks.without(text, spans)
    return result


def _says_no(cell: Any, option: str) -> bool:
    """Whether an option of a code cell is off, in its metadata or in its first lines."""
    metadata = cell.get("metadata") if isinstance(cell, dict) else None
    if isinstance(metadata, Mapping) and metadata.get(option) is False:
        return True
    text = source_of(cell) if isinstance(cell, dict) and cell.get("cell_type") == "code" else ""
    return any(value in ("false", "no", "off") for value in _options(text or "", option))


def _options(code: str, option: str) -> Iterator[str]:
    for line in code.split("\n"):
        name, colon, value = line.strip().partition(":")
        if not line.lstrip().startswith(("#|", "//|", "--|", "%|", "%%|")):
            return
        if colon and name.lstrip("#/-%|").strip(" |") == option:
            yield value.strip().casefold()
