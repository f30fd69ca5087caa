"""Cutting what is private from a notebook or a Markdown text, or marking it to be shown.

Works on the notebook's JSON (nbformat 4) alone, and imports nothing that takes long to load, so that
Quarto can be handed the result for each notebook without a noticeable start-up.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from weeknotes.journal.notebooks import TITLE_TAG
from weeknotes.privacy import marks
from weeknotes.privacy.cells import (
    PARAMETER_TAGS,
    attachment,
    is_generated,
    is_private_cell,
    output_texts,
    source_of,
    tags_of,
)
from weeknotes.privacy.class_names import marked, may_mark
from weeknotes.privacy.front_words import public_front_matter, public_options
from weeknotes.privacy.includes import Includes, includes_in
from weeknotes.privacy.joined import Document, left_open
from weeknotes.privacy.marks import Span, merged
from weeknotes.text.markdown import read

_METADATA = ("kernelspec", "language_info")
_FRONT_MATTER = re.compile(r"\A\s*---[ \t]*\r?\n.*?^(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.S | re.M)


@dataclass(frozen=True)
class PrivatePart:
    """Something that is private.

    ``cell`` and ``line`` say where it begins, counting from 1; ``cell`` is None in a Markdown file.
    ``source`` is its Markdown or code; ``outputs`` and ``attachments`` are as in the notebook.
    ``generated`` is true of a cell that Weeknotes made.
    """

    cell: int | None
    line: int
    source: str
    outputs: tuple[Mapping[str, Any], ...] = ()
    attachments: Mapping[str, Any] | None = None
    generated: bool = False


@dataclass(frozen=True)
class Cut:
    """A notebook without its private parts, and these.

    ``numbers`` are those that the cells that are left had before, counting from 1; their lines keep
    their numbers too.
    """

    notebook: dict[str, Any]
    parts: tuple[PrivatePart, ...]
    numbers: tuple[int, ...]


def may_hold_private(data: bytes) -> bool:
    """Whether a file's bytes could hold anything that marks a part of it: quick, and never misses."""
    return may_mark(data) or b"include" in data or b"content-" in data


def cut_notebook(notebook: Mapping[str, Any], includes: Includes | None = None) -> Cut:
    """``notebook`` without what is private in it; the cells that stay are those of the original.

    Cells that aren't of nbformat's shape are left for the reader to complain about. ``includes`` knows
    the files that the notebook includes.
    """
    cells = list(enumerate(notebook.get("cells") or [], 1))
    openings = openings_of(cells)
    document = joined_cells(cells, openings, includes)
    spans = _spans_by_text(document)
    kept: dict[int, Any] = {}
    parts: list[PrivatePart] = []
    for number, cell in cells:
        if source_of(cell) is None:
            kept[number] = cell
            continue
        own = _with_own(cell, spans.get(number, []), openings.get(number, 0), document.includes)
        public, found = _cut_cell(cell, own, openings.get(number, 0), number)
        parts += found
        if public is not None:
            kept[number] = public
    return Cut({**notebook, "cells": list(kept.values())}, tuple(parts), tuple(kept))


def cut_text(text: str, includes: Includes | None = None) -> tuple[str, tuple[PrivatePart, ...]]:
    """A Markdown file without what is private in it, and that. Its front matter stays, without what is
    marked in it."""
    match = _FRONT_MATTER.match(text)
    opening = match.end() if match else 0
    document = Document(includes or Includes())
    document.add_text(1, text, opening)
    spans = _spans_by_text(document).get(1, [])
    spans = merged([*spans, *_withheld_includes(text, opening, document.includes)])
    parts = [PrivatePart(None, _line(text, start), text[start:end]) for start, end in spans]
    front, words = public_front_matter(text[:opening])
    parts += [PrivatePart(None, 1, word) for word in words]
    rest = [(start - opening, end - opening) for start, end in spans]
    return front + marks.without(text[opening:], rest), tuple(parts)


def uncut_notebook(notebook: Mapping[str, Any], includes: Includes | None = None) -> Cut:
    """``notebook`` with all that is marked within its texts, but without the cells that are private as
    a whole: for pandoc to read. What a private part defines (the address of a link, a footnote, a
    macro) is not defined for the others."""
    numbered = list(enumerate(notebook.get("cells") or [], 1))
    cut = cut_notebook(notebook, includes)
    openings = openings_of(numbered)
    spans = _spans_by_text(joined_cells(numbered, openings, includes))
    cells: dict[int, Any] = {}
    public = dict(zip(cut.numbers, cut.notebook["cells"], strict=True))
    for number, cell in numbered:
        text, opening = source_of(cell), openings.get(number, 0)
        if text is None:
            cells[number] = cell
        elif is_private_cell(cell):
            left = left_open(text[opening:]) if cell["cell_type"] != "code" else ""
            front = str(source_of(public[number]) or "") if opening else ""
            if front or left:
                cells[number] = {**cell, "cell_type": "raw", "source": front + left}
        elif cell["cell_type"] == "code":
            cells[number] = _cut_code(cell, number)[0]
        else:
            rest = [(s - opening, e - opening) for s, e in spans.get(number, [])]
            front, _ = public_front_matter(text[:opening])
            cells[number] = {**cell, "source": front + undefined(text[opening:], rest)}
    return Cut({**notebook, "cells": list(cells.values())}, cut.parts, tuple(cells))


def uncut_text(text: str, includes: Includes | None = None) -> str:
    """The same for a Markdown file."""
    match = _FRONT_MATTER.match(text)
    opening = match.end() if match else 0
    document = Document(includes or Includes())
    document.add_text(1, text, opening)
    spans = [(s - opening, e - opening) for s, e in _spans_by_text(document).get(1, [])]
    return public_front_matter(text[:opening])[0] + undefined(text[opening:], spans)


def undefined(text: str, spans: Sequence[Span]) -> str:
    """``text`` with nothing defined in its private stretches ``spans``."""
    if not spans:
        return text
    structure = read(text)
    parts, position = [], 0
    for region in structure.of("reference", "note", "tex"):
        place = (region.start, region.end)
        if region.start < position or place in spans:
            continue
        if not any(start <= region.start < end for start, end in spans):
            continue
        parts.append(text[position : region.start])
        position = region.end
        if region.kind != "tex":
            position = text.index("[", region.start)
            parts.append(text[region.start : position] + "\\")
    return "".join([*parts, text[position:]])


def _spans_by_text(document: Document) -> dict[int, list[Span]]:
    """The private stretches of the texts of ``document``, by their numbers."""
    found: dict[int, list[Span]] = {}
    for number, span in document.in_texts(marks.private_spans(document.text)):
        found.setdefault(number, []).append(span)
    return found


def _with_own(
    cell: Mapping[str, Any], spans: list[Span], opening: int, includes: Includes
) -> list[Span]:
    """``spans`` with those that the cell's text has where it is read by itself, and the lines that
    include a file which is private as a whole."""
    text = source_of(cell) or ""
    if cell["cell_type"] == "code":
        return merged(spans)
    alone = ((opening + s, opening + e) for s, e in marks.private_spans(text[opening:]))
    return merged([*spans, *alone, *_withheld_includes(text, opening, includes)])


def _withheld_includes(text: str, opening: int, includes: Includes) -> list[Span]:
    return [
        (opening + include.start, opening + include.end)
        for include in includes_in(text[opening:])
        if includes.withheld(include.name)
    ]


def joined_cells(
    cells: Sequence[tuple[int, Any]], openings: Mapping[int, int], includes: Includes | None
) -> Document:
    """The document that ``cells``, each with its number, make without those that are private as a
    whole. ``openings`` are the lengths of front matter, by the numbers of the cells."""
    document = Document(includes or Includes())
    for number, cell in cells:
        text = source_of(cell)
        if text is None:
            continue
        if is_private_cell(cell):
            if cell["cell_type"] != "code" and (left := left_open(text[openings.get(number, 0) :])):
                document.add_marks(left)
        elif cell["cell_type"] == "code":
            document.add_code(number)
        else:
            document.add_text(number, text, openings.get(number, 0))
    return document


def openings_of(cells: Sequence[tuple[int, Any]]) -> dict[int, int]:
    """The length of the front matter, by the number of the cell that begins with it."""
    for number, cell in cells:
        text = source_of(cell)
        if text is not None and cell["cell_type"] in ("raw", "markdown"):
            match = _FRONT_MATTER.match(text)
            if match:
                return {number: match.end()}
    return {}


def unclosed_elements(
    notebook: Mapping[str, Any], includes: Includes | None = None
) -> list[tuple[int, int]]:
    """The private elements of HTML that no cell of the notebook closes: for each the number of its cell
    and its line, from 1."""
    numbered = list(enumerate(notebook.get("cells") or [], 1))
    document = joined_cells(numbered, openings_of(numbered), includes)
    places = document.in_texts((at, at + 1) for at in marks.unclosed(document.text))
    cells = dict(numbered)
    return [(n, _line(source_of(cells[n]) or "", start)) for n, (start, _) in places if n in cells]


def mark_notebook(notebook: Mapping[str, Any]) -> Cut:
    """``notebook`` with its private cells inside divs of the class `private`, to be shown as such;
    nothing is cut.

    Sections, divs and spans carry the class already.
    """
    cells: list[Any] = []
    numbers: list[int] = []
    for number, cell in enumerate(notebook.get("cells") or [], 1):
        if source_of(cell) is None or not is_private_cell(cell):
            cells.append(cell)
            numbers.append(number)
            continue
        name = str(cell.get("id") or f"cell-{len(cells)}")[:48]
        for id, part in (
            (f"{name}-private", _markdown("::: {.private}")),
            ("", cell),
            (f"{name}-private-end", _markdown(":::")),
        ):
            cells.append({**part, "id": id} if id else part)
            numbers.append(number)
    return Cut({**notebook, "cells": cells}, (), tuple(numbers))


def without_parameters(notebook: Mapping[str, Any]) -> dict[str, Any]:
    """``notebook`` without papermill's cells of parameters and the cell of the title, and of its
    metadata no more than what says how to read it: papermill keeps the parameters there too, and
    Jupyter what the widgets of all cells show."""
    unshown = PARAMETER_TAGS | {TITLE_TAG}
    cells = [c for c in notebook.get("cells") or [] if not unshown.intersection(tags_of(c))]
    metadata = notebook.get("metadata")
    kept = {k: v for k, v in metadata.items() if k in _METADATA} if metadata else {}
    return {**notebook, "cells": cells, "metadata": kept}


def whole_part(cell: Mapping[str, Any], number: int) -> PrivatePart:
    """All of a cell as a private part."""
    outputs = cell.get("outputs")
    attachments = cell.get("attachments")
    return PrivatePart(
        number,
        1,
        source_of(cell) or "",
        tuple(o for o in outputs if isinstance(o, dict)) if isinstance(outputs, list) else (),
        attachments if isinstance(attachments, dict) else None,
        is_generated(cell),
    )


def _cut_cell(
    cell: dict[str, Any], spans: list[Span], opening: int, number: int
) -> tuple[dict[str, Any] | None, list[PrivatePart]]:
    """The public part of a cell (None if there is none), and its private parts."""
    text = source_of(cell) or ""
    if cell["cell_type"] == "code":
        if spans or is_private_cell(cell):
            return None, [whole_part(cell, number)]
        return _cut_code(cell, number)
    front, words = public_front_matter(text[:opening])
    parts = [PrivatePart(number, 1, word) for word in words]
    if is_private_cell(cell):
        parts.append(whole_part({**cell, "source": text[opening:]}, number))
        return ({**cell, "source": front, "attachments": {}} if opening else None), parts
    if not spans:
        return ({**cell, "source": front + text[opening:]} if words else cell), parts
    rest = [(start - opening, end - opening) for start, end in spans]
    public = front + marks.without(text[opening:], rest)
    attachments = cell.get("attachments")
    gone = {}
    if isinstance(attachments, dict):
        gone = {n: v for n, v in attachments.items() if not attachment(n).search(public)}
    parts += [PrivatePart(number, _line(text, start), text[start:end]) for start, end in spans]
    if gone:
        parts.append(PrivatePart(number, 1, "", attachments=gone))
    if not public.strip():
        return None, parts
    left: dict[str, Any] = {**cell, "source": public}
    if gone and isinstance(attachments, dict):
        left["attachments"] = {n: v for n, v in attachments.items() if n not in gone}
    return left, parts


def _cut_code(cell: dict[str, Any], number: int) -> tuple[dict[str, Any], list[PrivatePart]]:
    """A code cell without what is marked in the captions among its options, and without those outputs
    that mark something in them as private: Markdown or HTML that a program printed cannot be cut as
    surely as what its author wrote."""
    parts: list[PrivatePart] = []
    text = source_of(cell) or ""
    if marked(text):
        public, words = public_options(text)
        if words:
            cell = {**cell, "source": public}
            parts += [PrivatePart(number, 1, word) for word in words]
    outputs = cell.get("outputs")
    if not isinstance(outputs, list):
        return cell, parts
    gone = [
        output
        for output in outputs
        if isinstance(output, dict) and any(map(marks.shows_mark, output_texts(output)))
    ]
    if not gone:
        return cell, parts
    kept = [output for output in outputs if output not in gone]
    return {**cell, "outputs": kept}, [*parts, PrivatePart(number, 1, "", tuple(gone))]


def included(text: str) -> Sequence[str]:
    """The names of the files that ``text`` includes."""
    return [include.name for include in includes_in(text)]


def _line(text: str, at: int) -> int:
    return text.count("\n", 0, at) + 1


def _markdown(source: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "metadata": {}, "source": source}
