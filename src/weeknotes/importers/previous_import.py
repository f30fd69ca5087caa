"""This module reads what earlier imports have recorded in a journal's notebooks."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from weeknotes.importers.page_cells import CHART_CELL, METADATA, hash_of
from weeknotes.journal.notebooks import Cell, CellJson, Notebook


@dataclass
class Standing:
    """A notebook of the journal, with the ids of the imported cells that each source has given it so
    far (``known``, in the order of the source), the hashes of their texts, and the part of a source
    that the notebook was made of: source, format, and the page's name in it. ``shared`` says that
    sources share it, a file a day or a file a paper, and that others of their kind may add to it."""

    notebook: Notebook
    known: dict[str, list[str]]
    hashes: set[str]
    part: tuple[str, str, str] | None
    shared: bool = False

    def cells_of(self, source: str) -> list[Cell]:
        """The cells that ``source`` gave the notebook and that are still in it."""
        return [
            cell
            for cell in self.notebook.cells
            if identity(cell) and import_of(cell.metadata).get("source") == source
        ]

    def made_by(self, source: str) -> bool:
        """Whether an import of ``source`` made all of the notebook, and no one has changed anything
        in it since: it may then be rewritten."""
        notebook = self.notebook
        own = notebook.metadata.get("weeknotes")
        rest = {key: value for key, value in notebook.metadata.items() if key != "weeknotes"}
        if rest != METADATA or not isinstance(own, dict) or set(own) != {"import"}:
            return False
        if self.part is None or self.part[0] != source or set(self.known) != {source}:
            return False
        here = [identity(cell) for cell in notebook.cells if identity(cell)]
        return set(here) == set(self.known[source]) and all(
            import_of(cell.metadata).get("hash") == hash_of(cell.source)
            and set(cell.metadata) <= {"weeknotes", "tags"}
            and (cell.kind != "code" or cell.name == CHART_CELL)
            and import_of(cell.metadata).get("source") == source
            for cell in notebook.cells
        )


def read(notebook: Notebook) -> Standing:
    """The record of the imports that ``notebook`` comes from."""
    known: dict[str, list[str]] = {}
    hashes = set()
    for cell in notebook.cells:
        own = import_of(cell.metadata)
        if not own:
            continue
        listed = own.get("known")
        if isinstance(listed, dict):
            for source, names in listed.items():
                _add(known, str(source), names)
        if isinstance(own.get("source"), str) and own.get("id"):
            _add(known, own["source"], [own["id"]])
            if isinstance(listed, list):
                _add(known, own["source"], listed)
            hashes.add(str(own.get("hash")))
    own = import_of(notebook.metadata)
    shared = bool(own.get("shared"))
    part = (str(own.get("source")), str(own.get("format")), str(own.get("part"))) if own else None
    return Standing(notebook, known, hashes, None if shared else part, shared)


def _add(known: dict[str, list[str]], source: str, names: Iterable[Any]) -> None:
    so_far = known.setdefault(source, [])
    so_far += [name for name in map(str, names) if name not in so_far]


def import_of(metadata: dict[str, Any]) -> dict[str, Any]:
    """The record of an import in the ``metadata`` of a notebook or a cell; empty if there is
    none."""
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
    """The position for a cell that comes before all imported ones: right before the first of
    them."""
    first = min((cell.index for cell in present), default=len(notebook.cells) + 1)
    return first - 1


def remember(notebook: Notebook, source: str, names: Sequence[str]) -> dict[int, CellJson]:
    """The front matter cell, with the ids of all cells that ``source`` has given the notebook."""
    cell = notebook.front_matter_cell
    if cell is None:
        return {}
    own = dict(import_of(cell.metadata))
    known = own.get("known") if isinstance(own.get("known"), dict) else {}
    own["known"] = {**(known or {}), source: list(names)}
    weeknotes = cell.metadata.get("weeknotes")
    merged = {**(weeknotes if isinstance(weeknotes, dict) else {}), "import": own}
    return {cell.index: {**cell.json, "metadata": {**cell.metadata, "weeknotes": merged}}}


def still_known(known: Sequence[str], names: Sequence[str], gone: Collection[str]) -> list[str]:
    """The ids that a source has given a notebook, after an import that gave ``names`` and took the
    cells ``gone`` out: in the order of the source, then those of earlier."""
    return [*names, *(name for name in known if name not in names and name not in gone)]
