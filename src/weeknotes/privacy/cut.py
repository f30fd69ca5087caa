"""Cutting what is private from a notebook or a Markdown text, or marking it to be shown.

Works on the notebook's JSON (nbformat 4) alone, and imports nothing that takes long to load, so that
Quarto can be handed the result for each notebook without a noticeable start-up.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from weeknotes.journal.notebooks import joined
from weeknotes.privacy import marks
from weeknotes.privacy.marks import Scanner, Span

PARAMETER_TAGS = frozenset({"parameters", "injected-parameters"})
#: The words for false; whatever else stands as a value says that something is private.
FALSE = frozenset(["false", "no", "off", "n", "0"])

_METADATA = ("kernelspec", "language_info")
_FRONT_MATTER = re.compile(r"\A\s*---[ \t]*\r?\n.*?^(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.S | re.M)
_INCLUDE = re.compile(r"^[ \t]*\{\{<\s*include\s+(.+?)\s*>\}\}[ \t]*$", re.M)

#: Says of the name in an include shortcode whether that file is private as a whole.
Withheld = Callable[[str], bool]


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
    return b"private" in data.lower() or b"\\u00" in data


def cut_notebook(notebook: Mapping[str, Any], withheld: Withheld | None = None) -> Cut:
    """``notebook`` without what is private in it; the cells that stay are those of the original.

    Cells that aren't of nbformat's shape are left for the reader to complain about. ``withheld``
    decides on included files.
    """
    scanner = Scanner()
    kept: dict[int, Any] = {}
    parts: list[PrivatePart] = []
    front_seen = False
    for number, cell in enumerate(notebook.get("cells") or [], 1):
        text = source_of(cell)
        if text is None:
            kept[number] = cell
            continue
        opening = 0
        if not front_seen and cell["cell_type"] in ("raw", "markdown"):
            match = _FRONT_MATTER.match(text)
            front_seen = bool(match)
            opening = match.end() if match else 0
        public, found = _cut_cell(scanner, cell, text, opening, number, withheld)
        parts += found
        if public is not None:
            kept[number] = public
    return Cut({**notebook, "cells": list(kept.values())}, tuple(parts), tuple(kept))


def cut_text(text: str, withheld: Withheld | None = None) -> tuple[str, tuple[PrivatePart, ...]]:
    """A Markdown file without what is private in it, and that. Its front matter stays."""
    match = _FRONT_MATTER.match(text)
    opening = match.end() if match else 0
    spans = _markdown_spans(Scanner(), text, opening, withheld)
    parts = tuple(PrivatePart(None, _line(text, start), text[start:end]) for start, end in spans)
    return marks.without(text, spans), parts


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
    """``notebook`` without papermill's cells of parameters, and of its metadata no more than what
    says how to read it: papermill keeps the parameters there too, and Jupyter what the widgets of all
    cells show."""
    cells = [c for c in notebook.get("cells") or [] if not PARAMETER_TAGS.intersection(tags_of(c))]
    metadata = notebook.get("metadata")
    kept = {k: v for k, v in metadata.items() if k in _METADATA} if metadata else {}
    return {**notebook, "cells": cells, "metadata": kept}


def source_of(cell: Any) -> str | None:
    """The text of a cell; None where it isn't one."""
    if not isinstance(cell, dict) or cell.get("cell_type") not in ("raw", "markdown", "code"):
        return None
    return joined(cell.get("source"))


def tags_of(cell: Any) -> tuple[str, ...]:
    """The tags of a cell, which somebody may have written as one string."""
    metadata = cell.get("metadata") if isinstance(cell, dict) else None
    tags = metadata.get("tags") if isinstance(metadata, dict) else None
    if isinstance(tags, str):
        return tuple(re.split(r"[\s,;]+", tags.strip()))
    return tuple(map(str, tags)) if isinstance(tags, list) else ()


def is_generated(cell: Any) -> bool:
    """Whether Weeknotes made the cell."""
    return "generated" in tags_of(cell)


def is_private_cell(cell: Mapping[str, Any]) -> bool:
    """Whether the cell as a whole is marked: by a tag, its metadata, or its options."""
    if any(tag.strip().casefold() == marks.CLASS for tag in tags_of(cell)):
        return True
    metadata = cell.get("metadata")
    said = metadata.get(marks.CLASS) if isinstance(metadata, dict) else None
    if said is not None and str(said).strip().casefold() not in FALSE:
        return True
    return cell.get("cell_type") == "code" and marks.hides_cell(source_of(cell) or "")


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


def output_texts(output: Mapping[str, Any]) -> list[str]:
    """What an output says as text, in each form that it comes in."""
    texts = [output.get("text"), output.get("evalue"), output.get("traceback")]
    data = output.get("data")
    if isinstance(data, dict):
        texts += [value for kind, value in data.items() if not _is_binary(kind)]
    found = [joined(value) if value is not None else None for value in texts]
    return [text for text in found if text]


def output_words(output: Mapping[str, Any]) -> list[str]:
    """What an output says as text, and the words in what it holds as JSON, such as a chart's title."""
    texts = output_texts(output)
    data = output.get("data")
    for value in data.values() if isinstance(data, dict) else ():
        if isinstance(value, dict) or (isinstance(value, list) and joined(value) is None):
            texts.append("\n".join(_strings(value)))
    return texts


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, (list, dict)):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _strings(item)


def _is_binary(kind: str) -> bool:
    return kind.startswith(("image/", "audio/", "video/", "application/pdf")) and "svg" not in kind


def _cut_cell(
    scanner: Scanner,
    cell: dict[str, Any],
    text: str,
    opening: int,
    number: int,
    withheld: Withheld | None,
) -> tuple[dict[str, Any] | None, list[PrivatePart]]:
    """What stays of a cell (None for nothing), and what is private in it."""
    private = is_private_cell(cell)
    if cell["cell_type"] == "code":
        if private or scanner.hidden:
            return None, [whole_part(cell, number)]
        return _cut_outputs(cell, number)
    spans = _markdown_spans(scanner, text, opening, withheld, may_end=not private)
    if private:
        if opening:
            return {**cell, "source": text[:opening]}, [
                whole_part({**cell, "source": text[opening:]}, number)
            ]
        return None, [whole_part(cell, number)]
    if not spans:
        return cell, []
    public = marks.without(text, spans)
    attachments = cell.get("attachments")
    gone = {}
    if isinstance(attachments, dict):
        gone = {n: v for n, v in attachments.items() if f"attachment:{n}" not in public}
    parts = [PrivatePart(number, _line(text, start), text[start:end]) for start, end in spans]
    if gone:
        parts.append(PrivatePart(number, 1, "", attachments=gone))
    if not public.strip():
        return None, parts
    rest: dict[str, Any] = {**cell, "source": public}
    if gone and isinstance(attachments, dict):
        rest["attachments"] = {n: v for n, v in attachments.items() if n not in gone}
    return rest, parts


def _cut_outputs(cell: dict[str, Any], number: int) -> tuple[dict[str, Any], list[PrivatePart]]:
    """A code cell without those outputs that mark something in them as private: Markdown or HTML that
    a program printed cannot be cut as surely as what its author wrote."""
    outputs = cell.get("outputs")
    if not isinstance(outputs, list):
        return cell, []
    gone = [
        output
        for output in outputs
        if isinstance(output, dict) and any(map(marks.shows_mark, output_texts(output)))
    ]
    if not gone:
        return cell, []
    kept = [output for output in outputs if output not in gone]
    return {**cell, "outputs": kept}, [PrivatePart(number, 1, "", tuple(gone))]


def _markdown_spans(
    scanner: Scanner,
    text: str,
    opening: int,
    withheld: Withheld | None,
    may_end: bool = True,
) -> list[Span]:
    """The private stretches of ``text`` behind its first ``opening`` characters."""
    body = text[opening:]
    spans = [(opening + s, opening + e) for s, e in scanner.feed(body, may_end=may_end)]
    if withheld and "include" in body:
        spans += [
            match.span()
            for match in _INCLUDE.finditer(text, opening)
            if withheld(match[1].strip("\"'"))
        ]
    return marks.merged(spans)


def included(text: str) -> Sequence[str]:
    """The names of the files that ``text`` includes."""
    return [match[1].strip("\"'") for match in _INCLUDE.finditer(text)] if "{{<" in text else []


def _line(text: str, at: int) -> int:
    return text.count("\n", 0, at) + 1


def _markdown(source: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "metadata": {}, "source": source}
