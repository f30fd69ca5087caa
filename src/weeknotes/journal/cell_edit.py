"""Changing some cells of a notebook without moving a byte of the others, and writing new ones.

A notebook belongs to its author: Jupyter may have saved it with other spaces, another order of keys,
outputs and metadata that Weeknotes knows nothing of. So a change is made in the file's own text, in
the span of each cell that is replaced, and never by writing the parsed notebook again.
"""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from weeknotes.errors import NotebookError
from weeknotes.journal.notebooks import CellJson, Notebook, joined, parse

# Outputs that Jupyter writes as one string (nbformat.v4.rwbase); other text is split into lines.
_SPLIT = re.compile(r"text/|image/svg\+xml$|application/javascript$")
_CELL_ID = re.compile(r"[^A-Za-z0-9_-]+")


def new_cell(
    kind: str,
    source: str,
    *,
    id: str,
    tags: Sequence[str] = (),
    metadata: Mapping[str, Any] | None = None,
) -> CellJson:
    """A cell of nbformat 4.5. What Weeknotes may replace later needs the tag ``generated``.

    Characters that a cell id may not hold become hyphens (nbformat, "Cell ids").
    """
    own = dict(metadata or {})
    if tags:
        own["tags"] = list(tags)
    cell: CellJson = {
        "cell_type": kind,
        "id": _CELL_ID.sub("-", id)[:64] or "cell",
        "metadata": own,
        "source": source,
    }
    if kind == "code":
        cell |= {"execution_count": None, "outputs": []}
    return cell


def collapsed(cell: CellJson) -> CellJson:
    """``cell`` with its source collapsed (``jupyter.source_hidden``)."""
    jupyter = cell["metadata"].get("jupyter")
    own = {**(jupyter if isinstance(jupyter, Mapping) else {}), "source_hidden": True}
    return {**cell, "metadata": {**cell["metadata"], "jupyter": own}}


def is_collapsed(cell: CellJson) -> bool:
    """Whether the metadata of ``cell`` say that its source is collapsed, or that it is not."""
    jupyter = cell["metadata"].get("jupyter")
    return isinstance(jupyter, Mapping) and "source_hidden" in jupyter


def new_notebook(cells: Iterable[CellJson], metadata: Mapping[str, Any]) -> dict[str, Any]:
    """A notebook of nbformat 4.5 with ``cells``, their ids made distinct."""
    taken: set[str] = set()
    return {
        "cells": [_distinct(cell, taken) for cell in cells],
        "metadata": dict(metadata),
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def dump(notebook: Mapping[str, Any]) -> bytes:
    """``notebook`` as Jupyter writes it, so that opening and saving it changes nothing."""
    whole = {**notebook, "cells": [_lines(cell) for cell in notebook["cells"]]}
    return _encode(json.dumps(whole, indent=1, sort_keys=True, ensure_ascii=False) + "\n")


def change(
    notebook: Notebook,
    *,
    replace: Mapping[int, CellJson] | None = None,
    insert: Mapping[int, Sequence[CellJson]] | None = None,
) -> bytes:
    """The bytes of ``notebook`` with some cells replaced and others added.

    ``replace`` maps a cell's index (from 1) to what to put there; ``insert`` maps the index of
    a cell to the cells that are to follow it, with 0 for the top, and the number of cells for the
    end. Every byte outside the replaced cells and the added ones stays as it was; a cell replaced by
    one that says the same keeps its bytes too. The new cells take the file's own indentation, ids
    that are not taken yet, and none in a format before 4.5, which has none. Raises NotebookError if
    the result would not be a notebook.
    """
    replace, insert = dict(replace or {}), {k: v for k, v in (insert or {}).items() if v}
    count = len(notebook.cells)
    if any(not 1 <= n <= count for n in replace) or any(not 0 <= n <= count for n in insert):
        raise IndexError(f"{notebook.file} has {count} cells")
    style = _Style(notebook)
    taken = {c.id for c in notebook.cells if c.index not in replace}
    edits = []
    for index, cell in sorted(replace.items()):
        fitted = _fit(cell, notebook, taken)
        if not same_cell(fitted, notebook.cells[index - 1].json):
            edits.append((*notebook.spans[index - 1], style.cell(fitted)))
    for index, cells in sorted(insert.items()):
        texts = [style.cell(_fit(cell, notebook, taken)) for cell in cells]
        edits.append(_insertion(notebook, style, index, texts))
    text = notebook.text
    for start, end, new in sorted(edits, key=lambda edit: edit[0], reverse=True):
        text = text[:start] + new + text[end:]
    data = _encode(text)
    if edits:
        _prove(notebook, data, replace, insert)
    return data


def reword(notebook: Notebook, index: int, source: str) -> bytes:
    """The bytes of ``notebook`` with another ``source`` of the same length in the cell at ``index``, of
    which one stretch differs.

    Where the file has that stretch as it reads, nothing else changes; a file that escapes it has the
    cell laid out again.
    """
    cell = notebook.cells[index - 1]
    start, end = notebook.spans[index - 1]
    wanted = {**cell.json, "source": source}
    differing = [
        n for n, pair in enumerate(zip(cell.source, source, strict=True)) if len({*pair}) > 1
    ]
    if not differing:
        return _encode(notebook.text)
    # With the characters on both sides, there are few places to try.
    around = slice(max(0, differing[0] - 1), differing[-1] + 2)
    text, before, after = notebook.text[start:end], cell.source[around], source[around]
    at = text.find(before)
    while at >= 0:
        made = text[:at] + after + text[at + len(before) :]
        with contextlib.suppress(ValueError, LookupError, TypeError):
            if same_cell(json.loads(made), wanted):
                return _encode(notebook.text[:start] + made + notebook.text[end:])
        at = text.find(before, at + 1)
    return change(notebook, replace={index: wanted})


def without(notebook: Notebook, indexes: Collection[int]) -> bytes:
    """The bytes of ``notebook`` without the cells at ``indexes`` (from 1). Every byte of the others
    stays as it was."""
    text, spans, (first, last) = notebook.text, notebook.spans, notebook.array
    kept = [n for n in range(len(spans)) if n + 1 not in indexes]
    opening = text[first : spans[0][0]] if spans else ""
    parts = [opening if kept else ""]
    for place, n in enumerate(kept):
        if place:
            parts.append(text[spans[n - 1][1] : spans[n][0]])
        parts.append(text[slice(*spans[n])])
    closing = text[spans[-1][1] : last] if spans and kept else ""
    return _encode("".join([text[:first], *parts, closing, text[last:]]))


def same_cell(one: CellJson, other: CellJson) -> bool:
    """Whether two cells say the same, however their lines are split."""
    return _lines(one) == _lines(other)


def _insertion(
    notebook: Notebook, style: _Style, index: int, texts: Sequence[str]
) -> tuple[int, int, str]:
    """The edit that adds cells after the cell at ``index``: start, end, and the new text."""
    between = style.between.join(texts)
    if not notebook.cells:
        return (*notebook.array, style.opening + between + style.closing)
    if index == 0:
        start = notebook.spans[0][0]
        return start, start, between + style.between
    end = notebook.spans[index - 1][1]
    return end, end, style.between + between


class _Style:
    """The layout of a file: the white space around its cells and within them."""

    def __init__(self, notebook: Notebook) -> None:
        text, spans, (first, last) = notebook.text, notebook.spans, notebook.array
        margin = re.match(r"\ufeff?\s*\{([ \t\r\n]*)", text)
        outer = margin[1] if margin else ""
        self.newline = "\r\n" if "\r\n" in outer else "\n"
        self.unit = outer.rpartition("\n")[2]
        if spans:
            self.opening = text[first : spans[0][0]]
            self.closing = text[spans[-1][1] : last]
            self.between = "," + self.opening
            if len(spans) > 1:
                self.between = text[spans[0][1] : spans[1][0]]
        else:
            spread = "\n" in outer
            self.opening = self.newline + self.unit * 2 if spread else ""
            self.closing = self.newline + self.unit if spread else ""
            self.between = "," + self.opening
        self.spread = "\n" in self.opening
        self.margin = self.opening.rpartition("\n")[2] if self.spread else ""
        self.colon = ":" if re.match(r'\ufeff?\s*\{\s*"\w+":\S', text) else ": "

    def cell(self, cell: CellJson) -> str:
        """``cell`` as text, to be in this file."""
        cell = _lines(cell)
        if not self.spread:
            comma = "," if self.colon == ":" else ", "
            return json.dumps(
                cell, ensure_ascii=False, sort_keys=True, separators=(comma, self.colon)
            )
        text = json.dumps(
            cell,
            indent=self.unit or 0,
            ensure_ascii=False,
            sort_keys=True,
            separators=(",", self.colon),
        )
        # JSON escapes the line ends within strings, so each one here is a matter of layout.
        return text.replace("\n", self.newline + self.margin)


def _fit(cell: CellJson, notebook: Notebook, taken: set[str]) -> CellJson:
    """``cell`` for ``notebook``: with an id of its own, or none where the format has none."""
    if notebook.minor >= 5:
        return _distinct(cell, taken)
    fitted = {key: value for key, value in cell.items() if key != "id"}
    if "id" in cell:
        own = {"cell": cell["id"]} | dict(cell["metadata"].get("weeknotes", {}))
        fitted["metadata"] = {**cell["metadata"], "weeknotes": own}
    return fitted


def _distinct(cell: CellJson, taken: set[str]) -> CellJson:
    """``cell`` with an id that is not in ``taken``, where it is then added."""
    wanted = name = cell.get("id") or "cell"
    number = 1
    while name in taken:
        number += 1
        suffix = f"-{number}"
        name = wanted[: 64 - len(suffix)] + suffix
    taken.add(name)
    return cell if cell.get("id") == name else {**cell, "id": name}


def _lines(cell: CellJson) -> CellJson:
    """``cell`` with its multi-line strings as lists of lines, as Jupyter keeps them on disk."""
    split = {**cell, "source": _split(cell["source"])}
    if "outputs" in cell:
        split["outputs"] = [_output_lines(output) for output in cell["outputs"]]
    if "attachments" in cell:
        split["attachments"] = {k: _bundle(v) for k, v in cell["attachments"].items()}
    return split


def _output_lines(output: Mapping[str, Any]) -> dict[str, Any]:
    if output.get("output_type") == "stream":
        return {**output, "text": _split(output.get("text"))}
    if isinstance(output.get("data"), dict):
        return {**output, "data": _bundle(output["data"])}
    return dict(output)


def _bundle(data: Mapping[str, Any]) -> dict[str, Any]:
    """A MIME bundle, its text in lines."""
    return {kind: _split(value) if _SPLIT.match(kind) else value for kind, value in data.items()}


def _split(value: Any) -> Any:
    text = joined(value)
    return value if text is None else text.splitlines(keepends=True)


def _encode(text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError:
        # Half of a surrogate pair can be in JSON only as an escape.
        return re.sub("[\ud800-\udfff]", lambda m: f"\\u{ord(m[0]):04x}", text).encode()


def _prove(
    notebook: Notebook,
    data: bytes,
    replace: Mapping[int, CellJson],
    insert: Mapping[int, Sequence[CellJson]],
) -> None:
    """Check that ``data`` is a notebook with the author's cells as they were, in their order."""
    made = parse(data, notebook.file)
    position = len(insert.get(0, ()))
    for cell in notebook.cells:
        if position >= len(made.cells) or (
            cell.index not in replace and made.cells[position].json != cell.json
        ):
            raise NotebookError(
                "changing it would have changed another cell; nothing was written",
                file=notebook.file,
                cell=cell.index,
            )
        position += 1 + len(insert.get(cell.index, ()))
