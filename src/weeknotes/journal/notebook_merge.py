"""Merging a notebook that two people have changed, cell by cell.

git merges lines: two people who wrote in the same week, or ran its generated cells, leave it with marks of
conflict in its JSON, which nothing opens. Here cells are matched by their ids. A generated cell that both
ran is taken from one side, since it can be run again; an author's cell that both changed has the lines of
both.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from weeknotes.journal import cell_edit, notebooks
from weeknotes.journal.notebooks import GENERATED, Cell, CellJson, Notebook, joined
from weeknotes.text.three_way import THEIRS, merge_text, merge_values

_RUN = ("outputs", "execution_count")


@dataclass(frozen=True)
class MergedNotebook:
    """A merged notebook: its bytes, the numbers of the cells in which marks of git hold two versions,
    those of an author's code whose outputs are of neither version, and whether generated cells should be
    run again."""

    data: bytes
    conflicts: tuple[int, ...]
    rerun: tuple[int, ...]
    stale: bool


@dataclass
class _Sides:
    """The cells of the three notebooks by their names, and what became of them."""

    base: dict[str, Cell]
    ours: dict[str, Cell]
    theirs: dict[str, Cell]
    stale: bool = False


def merge(base: bytes | None, ours: bytes, theirs: bytes, file: str) -> MergedNotebook:
    """The notebook that two sides have made of ``base``, which is None where both began it.

    Every cell that a side added or changed is in the result, in the order of its side; a cell that one
    side deleted and the other left as it was is gone, as is a generated one that one side deleted.
    Cells that only one side changed are as they are there. Raises NotebookError for a notebook that
    cannot be read.
    """
    mine, other = notebooks.parse(ours, file), notebooks.parse(theirs, file)
    before = notebooks.parse(base, file) if base else None
    sides = _Sides(_named(before) if before else {}, _named(mine), _named(other))
    if before is None:
        _part_unrelated(sides)
    cells: dict[str, CellJson] = {}
    marked: set[str] = set()
    for name in dict.fromkeys([*sides.ours, *sides.theirs]):
        made, conflict = _merged(sides, name)
        if made is not None:
            cells[name] = made
            marked |= {name} if conflict else set()
    order, first = _order(sides, cells)
    ground, names = (mine, sides.ours) if first else (other, sides.theirs)
    data = _placed(ground, names, [(name, cells[name]) for name in order])
    data = _with_metadata(data, before, mine, other, file)
    rerun = [n for n, name in enumerate(order, 1) if _is_of_neither(sides, name, cells[name])]
    conflicts = [n for n, name in enumerate(order, 1) if name in marked]
    return MergedNotebook(data, tuple(conflicts), tuple(rerun), sides.stale)


def _named(notebook: Notebook) -> dict[str, Cell]:
    """The cells by a name that is theirs in every version: their id, or what they say where they have
    none; with a number behind it where it occurs again."""
    named: dict[str, Cell] = {}
    for cell in notebook.cells:
        said = hashlib.blake2b(f"{cell.kind}\n{cell.source}".encode("utf-8", "replace"))
        own = name = cell.name or said.hexdigest()
        number = 1
        while name in named:
            number += 1
            name = f"{own} {number}"
        named[name] = cell
    return named


def _part_unrelated(sides: _Sides) -> None:
    """Give cells of one id that have no line in common two names: both are new, and their ids are alike
    by chance."""
    renamed = {}
    for name, cell in sides.theirs.items():
        own = sides.ours.get(name)
        lines = {line for line in cell.source.split("\n") if line.strip()}
        if own and lines and own.source.strip() and not (own.generated or cell.generated):
            related = own.kind == cell.kind and lines & {*own.source.split("\n")}
            name = name if related else f"{name} theirs"
        renamed[name] = cell
    sides.theirs = renamed


def _merged(sides: _Sides, name: str) -> tuple[CellJson | None, bool]:
    """The cell ``name`` of the result, None where it is gone, and whether it is a conflict."""
    base, ours, theirs = (side.get(name) for side in (sides.base, sides.ours, sides.theirs))
    if ours is None or theirs is None:
        left = ours or theirs
        assert left is not None
        # Words that one side wrote are not lost because the other deleted the cell.
        gone = base is not None and (left.generated or cell_edit.same_cell(left.json, base.json))
        return (None if gone else left.json), False
    if cell_edit.same_cell(ours.json, theirs.json):
        return ours.json, False
    if base and cell_edit.same_cell(ours.json, base.json):
        return theirs.json, False
    if base and cell_edit.same_cell(theirs.json, base.json):
        return ours.json, False
    if ours.generated and theirs.generated:
        sides.stale = True
        return ours.json, False
    return _both(base, ours, theirs)


def _both(base: Cell | None, ours: Cell, theirs: Cell) -> tuple[CellJson, bool]:
    """An author's cell that both sides have changed."""
    text = merge_text(
        base.source if base else None,
        ours.source,
        theirs.source,
        prose={ours.kind, theirs.kind} == {"markdown"},
    )
    before, one, other = (
        {k: v for k, v in cell.json.items() if k not in ("source", *_RUN)} if cell else {}
        for cell in (base, ours, theirs)
    )
    merged, disputed = merge_values(before, one, other)
    merged["source"] = text.text
    if merged["cell_type"] == "code":
        merged |= _run(base, ours, theirs, text.text)
    if GENERATED in merged["metadata"].get("tags", []):
        # One of the two has taken the cell over, so nobody else may replace it.
        tags = [tag for tag in merged["metadata"]["tags"] if tag != GENERATED]
        merged["metadata"] = {**merged["metadata"], "tags": tags}
    _keep_pictures(merged, disputed, theirs)
    return merged, bool(text.conflicts)


def _keep_pictures(merged: CellJson, disputed: Sequence[str], theirs: Cell) -> None:
    """Add the pictures to which both sides gave one name, as the other side has them."""
    for path in disputed:
        _, kind, *name = path.split("/")
        if kind == "attachments" and name:
            picture = theirs.json["attachments"][name[0]]
            merged["attachments"] = {**merged["attachments"], f"{THEIRS}-{name[0]}": picture}


def _run(base: Cell | None, ours: Cell, theirs: Cell, source: str) -> dict[str, Any]:
    """The outputs that belong to ``source``, with the number of their run."""
    sides = [cell for cell in (ours, theirs) if cell.kind == "code"]
    fitting = [cell for cell in sides if cell.source == source] or sides
    before = base.outputs if base else []
    newer = [cell for cell in fitting if cell.outputs != before] or fitting
    chosen = newer[0]
    return {"outputs": chosen.outputs, "execution_count": chosen.json.get("execution_count")}


def _is_of_neither(sides: _Sides, name: str, cell: CellJson) -> bool:
    """Whether ``cell`` has outputs, and the source that made them is another."""
    if not cell.get("outputs"):
        return False
    known = [side[name].source for side in (sides.ours, sides.theirs) if name in side]
    return joined(cell["source"]) not in known


def _order(sides: _Sides, kept: Collection[str]) -> tuple[list[str], bool]:
    """The names of the cells of the result in order, and whether that is the order of our side: it is
    unless the other side alone has moved cells."""
    common = {*sides.base} & {*sides.ours} & {*sides.theirs}

    def moved(side: Mapping[str, Cell]) -> bool:
        return [n for n in side if n in common] != [n for n in sides.base if n in common]

    is_ours = not (moved(sides.theirs) and not moved(sides.ours))
    first, second = (sides.ours, sides.theirs) if is_ours else (sides.theirs, sides.ours)
    order = [name for name in first if name in kept]
    at = 0
    for name in second:
        if name not in kept:
            continue
        if name in first:
            at = order.index(name) + 1
            continue
        # Behind what the first side has put there.
        while at < len(order) and order[at] not in second:
            at += 1
        order.insert(at, name)
        at += 1
    return order, is_ours


def _placed(
    ground: Notebook, names: Mapping[str, Cell], cells: Sequence[tuple[str, CellJson]]
) -> bytes:
    """The bytes of ``ground``, whose cells are ``names``, with ``cells`` in place of its own."""
    kept = {name for name, _ in cells}
    gone = {cell.index for name, cell in names.items() if name not in kept}
    if gone:
        ground = notebooks.parse(cell_edit.without(ground, gone), ground.file)
    replace: dict[int, CellJson] = {}
    insert: dict[int, list[CellJson]] = {}
    index = 0
    for name, cell in cells:
        if name in names:
            index += 1
            replace[index] = cell
        else:
            insert.setdefault(index, []).append(cell)
    return cell_edit.change(ground, replace=replace, insert=insert)


def _with_metadata(
    data: bytes, base: Notebook | None, ours: Notebook, theirs: Notebook, file: str
) -> bytes:
    """``data`` with the metadata of the notebook merged; as it is where they are right already."""
    merged, _ = merge_values(base.metadata if base else {}, ours.metadata, theirs.metadata)
    made = notebooks.parse(data, file)
    if made.metadata == merged:
        return data
    whole = {**json.loads(made.text.lstrip("\ufeff")), "metadata": merged}
    cells = [{**cell, "source": joined(cell["source"]) or ""} for cell in whole["cells"]]
    return cell_edit.dump({**whole, "cells": cells})
