"""This module finds with `loss_check` the parts of a source that its cells lack, and puts them into
cells of their own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from weeknotes.importers import loss_check
from weeknotes.importers.markdown import blocks
from weeknotes.importers.markdown.blocks import Block, Line
from weeknotes.importers.page_cells import MadePage
from weeknotes.importers.report import ImportReport, Remark


def complete(
    lines: Sequence[Line],
    parsed: Sequence[Block],
    made: Sequence[MadePage],
    used: set[str],
    report: ImportReport,
) -> None:
    """Compare ``lines`` of a source with the pages ``made`` of its blocks ``parsed``, and give what
    is missing a cell of its own on the page that it belongs to. ``used`` are the labels of the link
    reference definitions that a cell uses."""
    if not made:
        return
    missing, extra = _compared(lines, parsed, made, used)
    # What a page hides may be in the lines that are missing, so these are hidden too.
    hides = any(block.kind == "private" for block in parsed) or any(
        "private" in cell.text for page in made for cell in page.cells
    )
    name = made[0].source.name
    for group in runs(sorted(set(missing))):
        first, last = group[0][0], group[-1][0]
        page = [p for p in made if p.plan.start <= first] or list(made)
        page[-1].leftover(group, private=hides)
        where = f"line {first}" if first == last else f"lines {first} to {last}"
        report.leftover.append(Remark(name, first, f"{where}, put into a cell of their own"))
    if not missing and extra is not None:
        text = f"something is there twice or in another order: {extra!r}"
        report.leftover.append(Remark(name, 0, text))


def _compared(
    lines: Sequence[Line], parsed: Sequence[Block], made: Sequence[MadePage], used: set[str]
) -> tuple[list[Line], str | None]:
    """The lines that are missing, and a little of what is there too often or in another order (None
    where nothing is)."""
    shown = {n for page in made for draft in page.plan.drafts for n in numbers(draft.blocks)}
    # What a page's metadata keep as it was in the source needs no comparing, unless something else
    # of its line is in a cell.
    kept = {n for page in made for n in numbers(page.plan.structure)} - shown
    defined = [block for block in parsed if block.kind == "definition"]
    kept |= {block.start for block in defined}
    # What looked like a use of a definition may have been code.
    missing = [b.lines[0] for b in defined if blocks.read_definition(b)[0] not in used]
    moved = {
        n
        for page in made
        for draft in page.plan.drafts
        if draft.moved
        for n in numbers(draft.blocks)
    }
    left = [line for line in lines if line[0] not in kept]
    # Of one line, what became structure was before what is shown: titles are.
    structure = [s for page in made for s in page.structure if s[0] not in kept]
    here = structure + [piece for page in made for piece in page.pieces]
    away = [piece for page in made for piece in page.moved]
    extra: str | None = None
    for part, pieces in (
        ([line for line in left if line[0] not in moved], here),
        ([line for line in left if line[0] in moved], away),
    ):
        found = loss_check.compare(part, [text for _, text in _in_order(pieces)])
        missing += found.missing
        if not found.in_order and extra is None:
            extra = found.extra
    return missing, extra


def _in_order(pieces: Iterable[tuple[int, str]]) -> list[tuple[int, str]]:
    return sorted(pieces, key=lambda piece: piece[0])


def numbers(found: Iterable[Block]) -> set[int]:
    """The lines of the source that hold something to read in the blocks ``found``."""
    return {
        number
        for block in found
        for number, text in block.lines
        if block.kind not in ("blank", "rule") and loss_check.stream(text)
    }


def runs(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """``lines`` in runs of neighbours."""
    run: list[Line] = []
    for line in lines:
        if run and line[0] > run[-1][0] + 1:
            yield run
            run = []
        run.append(line)
    if run:
        yield run
