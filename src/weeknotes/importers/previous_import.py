"""This module reads what earlier imports have recorded in a journal's notebooks."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from weeknotes.importers.page_cells import CHART_CELL, METADATA, hash_of, outputs_hash
from weeknotes.journal import cell_edit, notebooks
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
    file_text: str = ""

    @property
    def disk(self) -> str:
        """The text of the notebook as its file has it, under the former names of its sources."""
        return self.file_text or self.notebook.text

    def cells_of(self, source: str) -> list[Cell]:
        """The cells that ``source`` gave the notebook and that are still in it."""
        return [
            cell
            for cell in self.notebook.cells
            if identity(cell) and import_of(cell.metadata).get("source") == source
        ]

    @property
    def untouched(self) -> bool:
        """Whether imports alone have written the notebook, and no one has changed anything in it since:
        not a text, an output, a tag or the order of its cells. It may then be made anew."""
        notebook = self.notebook
        own = notebook.metadata.get("weeknotes")
        rest = {key: value for key, value in notebook.metadata.items() if key != "weeknotes"}
        if rest != METADATA or not isinstance(own, dict) or set(own) != {"import"}:
            return False
        if not self.known or not (self.shared or self.part):
            return False
        given = {s: [identity(c) for c in self.cells_of(s)] for s in self.known}
        return given == self.known and all(map(_as_imported, notebook.cells))

    def renamed(self, before: str, now: str, names: Mapping[str, str]) -> Standing:
        """The same, with what the source ``before`` gave as given by the source ``now``. ``names`` has
        the ids that its cells have under the new name, by those under the former one."""
        cells = {
            cell.index: {**cell.json, "metadata": _renamed(cell.metadata, before, now, names)}
            for cell in self.notebook.cells
            if import_of(cell.metadata)
        }
        changed = notebooks.parse(
            cell_edit.change(self.notebook, replace=cells), self.notebook.file
        )
        first, last = changed.array
        old, new = (json.dumps(name, ensure_ascii=False) for name in (before, now))
        around = (changed.text[:first], changed.text[last:])
        head, tail = (part.replace(f'"source": {old}', f'"source": {new}') for part in around)
        text = head + changed.text[first:last] + tail
        data = text.encode("utf-8", "surrogatepass")
        return replace(read(notebooks.parse(data, self.notebook.file)), file_text=self.disk)

    def made_by(self, source: str) -> bool:
        """Whether imports of ``source`` alone have written the notebook, and no one has changed it."""
        return set(self.known) == {source} and self.untouched


def _as_imported(cell: Cell) -> bool:
    """Whether a cell is as an import has made it."""
    own = import_of(cell.metadata)
    if own.get("hash") != hash_of(cell.source):
        return False
    if cell.name == CHART_CELL:
        return cell.generated
    ran = cell.kind == "code" and own.get("outputs") != outputs_hash(cell.json.get("outputs"))
    return set(cell.metadata) == {"weeknotes"} and not ran


def _renamed(
    metadata: Mapping[str, Any], before: str, now: str, names: Mapping[str, str]
) -> dict[str, Any]:
    """The ``metadata`` of a cell, with the source ``before`` called ``now``, and its ids as in
    ``names``."""
    own = dict(metadata["weeknotes"]["import"])
    mine = own.get("source") == before
    if mine:
        own["source"] = now
        own |= {"id": names.get(own["id"], own["id"])} if "id" in own else {}
    known = own.get("known")
    if isinstance(known, list) and mine:
        own["known"] = [names.get(name, name) for name in known]
    elif isinstance(known, dict) and before in known:
        listed = [names.get(name, name) for name in known[before]]
        own["known"] = {k: v for k, v in known.items() if k != before} | {now: listed}
    return {**metadata, "weeknotes": {**metadata["weeknotes"], "import": own}}


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
    if not names:
        del own["known"][source]
    weeknotes = cell.metadata.get("weeknotes")
    merged = {**(weeknotes if isinstance(weeknotes, dict) else {}), "import": own}
    return {cell.index: {**cell.json, "metadata": {**cell.metadata, "weeknotes": merged}}}


def still_known(known: Sequence[str], names: Sequence[str], gone: Collection[str]) -> list[str]:
    """The ids that a source has given a notebook, after an import that gave ``names`` and took the
    cells ``gone`` out: in the order of the source, then those of earlier."""
    return [*names, *(name for name in known if name not in names and name not in gone)]
