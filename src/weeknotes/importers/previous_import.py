"""What earlier imports have left in a journal's notebooks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from weeknotes.importers.page_cells import hash_of
from weeknotes.journal.notebooks import Cell, CellJson, Notebook


@dataclass
class Standing:
    """A notebook of the journal, and the ids of imported cells it holds or has held, by source."""

    notebook: Notebook
    known: dict[str, set[str]]
    hashes: set[str]
    part: tuple[str, str, str] | None


def read(notebook: Notebook) -> Standing:
    """What ``notebook`` says of the imports it comes from."""
    known: dict[str, set[str]] = {}
    hashes = set()
    for cell in notebook.cells:
        own = import_of(cell.metadata)
        if not own:
            continue
        listed = own.get("known")
        if isinstance(listed, dict):
            for source, names in listed.items():
                known.setdefault(str(source), set()).update(map(str, names))
        if isinstance(own.get("source"), str):
            known.setdefault(own["source"], set()).add(str(own.get("id")))
            if isinstance(listed, list):
                known[own["source"]].update(map(str, listed))
            hashes.add(str(own.get("hash")))
    own = import_of(notebook.metadata)
    part = (str(own.get("source")), str(own.get("format")), str(own.get("part"))) if own else None
    return Standing(notebook, known, hashes, part)


def import_of(metadata: dict[str, Any]) -> dict[str, Any]:
    """What an import wrote into the ``metadata`` of a notebook or a cell; empty where none did."""
    weeknotes = metadata.get("weeknotes")
    own = weeknotes.get("import") if isinstance(weeknotes, dict) else None
    return own if isinstance(own, dict) else {}


def identity(cell: Cell) -> str:
    """The id of an imported cell within its source; "" for a cell of another origin."""
    return str(import_of(cell.metadata).get("id") or "")


def touched(cell: Cell) -> bool:
    """Whether its author has changed an imported cell since."""
    return import_of(cell.metadata).get("hash") != hash_of(cell.source)


def before_first(notebook: Notebook, present: Iterable[Cell]) -> int:
    """Where a cell goes that stands before all those imported: right before the first of them."""
    first = min((cell.index for cell in present), default=len(notebook.cells) + 1)
    return first - 1


def remember(notebook: Notebook, source: str, names: set[str]) -> dict[int, CellJson]:
    """The front matter cell, with the ids of all cells that ``source`` has given the notebook."""
    cell = notebook.front_matter_cell
    if cell is None:
        return {}
    own = dict(import_of(cell.metadata))
    known = own.get("known") if isinstance(own.get("known"), dict) else {}
    own["known"] = {**(known or {}), source: sorted(names)}
    weeknotes = cell.metadata.get("weeknotes")
    merged = {**(weeknotes if isinstance(weeknotes, dict) else {}), "import": own}
    return {cell.index: {**cell.json, "metadata": {**cell.metadata, "weeknotes": merged}}}
