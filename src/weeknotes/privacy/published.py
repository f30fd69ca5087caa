"""A notebook as anyone may download it: no more than what its page shows, and the code behind it.

Without its private parts, it is still without what the author keeps from the page: cells and outputs
that are removed there, comments, conditional content that is not shown, the metadata of cells,
papermill's parameters, and the state of widgets.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from weeknotes.privacy import marks
from weeknotes.privacy.cells import source_of, tags_of
from weeknotes.privacy.class_names import FALSE
from weeknotes.privacy.cut import joined_cells, openings_of, without_parameters
from weeknotes.privacy.front_words import without_comments
from weeknotes.privacy.includes import Includes
from weeknotes.privacy.marks import Span, unshown_spans
from weeknotes.privacy.options import option_value
from weeknotes.privacy.readings import agreed

#: Tags of cells that no page shows, and of those whose outputs none shows.
_REMOVED = frozenset({"remove-cell", "remove_cell", "hide-cell"})
_WITHOUT_OUTPUT = frozenset({"remove-output", "remove_output", "hide-output"})
#: Metadata of a cell that say how it is shown.
_METADATA = ("tags", "lang", "raw_mimetype", "format", "collapsed", "jupyter", "scrolled")


def published(
    state: Path,
    notebook: Mapping[str, Any],
    includes: Includes | None = None,
    execute: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """``notebook`` as it is offered for download. ``state`` is the folder for what is remembered, and
    ``execute`` what the page says of the options `include`, `output` and `warning` of its cells."""
    cut, _ = agreed(state, notebook, includes)
    public = without_parameters(cut.notebook)
    numbered = list(enumerate(public["cells"], 1))
    openings = openings_of(numbered)
    document = joined_cells(numbered, openings, includes)
    unshown: dict[int, list[Span]] = {}
    for number, span in document.in_texts(unshown_spans(document.text)):
        unshown.setdefault(number, []).append(span)
    cells = []
    for number, cell in numbered:
        options = _Options(cell, execute or {})
        spans = unshown.get(number, [])
        if options.removed or (spans and options.is_code):
            continue
        opening = openings.get(number, 0)
        cells.append(_published_cell(cell, options, spans, opening))
    return {**public, "cells": cells}


class _Options:
    """The options that keep a cell, or some of its outputs, from the page."""

    def __init__(self, cell: Any, execute: Mapping[str, Any]) -> None:
        self._cell = cell if isinstance(cell, dict) else {}
        self._execute = execute
        self.is_code = self._cell.get("cell_type") == "code"

    @property
    def removed(self) -> bool:
        """Whether no page shows the cell."""
        return bool(_REMOVED.intersection(tags_of(self._cell))) or self._is_off("include")

    @property
    def without_output(self) -> bool:
        """Whether no page shows what the cell gave."""
        return bool(_WITHOUT_OUTPUT.intersection(tags_of(self._cell))) or self._is_off("output")

    @property
    def without_warnings(self) -> bool:
        """Whether no page shows what the cell wrote to the standard error stream."""
        return "hide-warnings" in tags_of(self._cell) or self._is_off("warning")

    def _is_off(self, option: str) -> bool:
        """Whether an option is off, among those that the code begins with, else in the metadata, else
        for the page."""
        if not self.is_code:
            return False
        value = option_value(source_of(self._cell) or "", option)
        metadata = self._cell.get("metadata")
        if value is None and isinstance(metadata, Mapping):
            value = metadata.get(option)
        if value is None:
            value = self._execute.get(option)
        return str(value).strip().casefold() in FALSE


def _published_cell(cell: Any, options: _Options, unshown: list[Span], opening: int) -> Any:
    if not isinstance(cell, dict):
        return cell
    text = source_of(cell)
    metadata = cell.get("metadata")
    kept = (
        {k: v for k, v in metadata.items() if k in _METADATA} if isinstance(metadata, dict) else {}
    )
    result = {**cell, "metadata": kept}
    if options.is_code:
        outputs = cell.get("outputs")
        if options.without_output:
            result["outputs"] = []
        elif options.without_warnings and isinstance(outputs, list):
            result["outputs"] = [o for o in outputs if not _is_warning(o)]
        return result
    if not text or not (unshown or opening):
        return result
    front = without_comments(text[:opening]) if opening else ""
    rest = [(start - opening, end - opening) for start, end in unshown]
    result["source"] = front + marks.without(text[opening:], rest)
    return result


def _is_warning(output: Any) -> bool:
    return isinstance(output, dict) and output.get("name") == "stderr"
