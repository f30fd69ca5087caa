"""A notebook of Jupyter, as people keep a journal or a blog in them.

::

    2024-07-01-bells.ipynb
    (raw)       --- title: Bells that count, date: 2024-07-01 ---
    (Markdown)  ## Counting, with ![a picture](attachment:bell.png)
    (code)      1 + 1        with its output 2

The notebook becomes a page of its day. Code cells stay code cells with their numbers and outputs, which
are cleaned of what could run; Markdown stays as it is, and its attachments become pictures.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from weeknotes.engines.source_reading import parse_notebook
from weeknotes.errors import NotebookError
from weeknotes.importers import pandoc_pages
from weeknotes.importers.format import Evidence, Format
from weeknotes.importers.markdown.blocks import Block, Line
from weeknotes.importers.outputs import cleaned
from weeknotes.importers.page_plan import CodeCell, PagePlan
from weeknotes.importers.sections import ImportContext
from weeknotes.importers.source_files import Source, SourceError, SourcePlace

_CELL = re.compile(r"(`{3,}) \{code-cell (\d+)\}$")
_ATTACHED = re.compile(r"\(attachment:([^)\s]+)([^)]*)\)")
_OLDER = (2, 3)
_PLAIN = (str, int, float, bool)


def text_of(place: SourcePlace) -> str:
    """The cells of a notebook as one text: Markdown as it is, and code in fences with its number."""
    parts: list[str] = []
    for number, cell in enumerate(_cells(place.path, place.name)):
        source = _joined(cell.get("source"))
        match cell.get("cell_type"):
            case "code":
                ticks = "`" * max([3, *(len(run) + 1 for run in re.findall("`+", source))])
                parts.append(f"{ticks} {{code-cell {number}}}\n{source}\n{ticks}")
            case "raw" if number == 0 and source.lstrip().startswith("---"):
                parts.append(source.strip())
            case "raw":
                parts.append(_fenced(source))
            case _:
                parts.append(_with_attachments(source, cell.get("attachments")))
    return "\n\n".join(part for part in parts if part.strip()) + "\n"


def _fenced(source: str) -> str:
    ticks = "`" * max([3, *(len(run) + 1 for run in re.findall("`+", source))])
    return f"{ticks}\n{source}\n{ticks}"


def _with_attachments(source: str, attachments: Any) -> str:
    """Markdown with the pictures that are attached to its cell as data."""

    def address(match: re.Match[str]) -> str:
        held = attachments.get(match[1]) if isinstance(attachments, dict) else None
        for kind, data in held.items() if isinstance(held, dict) else ():
            if str(kind).startswith("image/"):
                return f"(data:{kind};base64,{''.join(_joined(data).split())}{match[2]})"
        return match[0]

    return _ATTACHED.sub(address, source)


def _joined(value: Any) -> str:
    return "".join(map(str, value)) if isinstance(value, list) else str(value or "")


@lru_cache(maxsize=4)
def _notebook(path: Path, stamp: int) -> dict[str, Any]:
    data = path.read_bytes()
    found = json.loads(data.decode("utf-8-sig"))
    if isinstance(found, dict) and found.get("nbformat") in _OLDER:
        # One of an older format is read in that of today.
        return parse_notebook(path.name, data)
    return found if isinstance(found, dict) else {}


def _read(path: Path, name: str) -> dict[str, Any]:
    try:
        notebook = _notebook(path, path.stat().st_mtime_ns)
    except (OSError, ValueError, RecursionError, NotebookError) as error:
        raise SourceError(f"no notebook that can be read: {error}", file=name) from error
    if not isinstance(notebook.get("cells"), list):
        raise SourceError(
            f"a notebook of format {notebook.get('nbformat', 'unknown')}, which is too old",
            file=name,
            hint="Open it in Jupyter and save it, or: jupyter nbconvert --to notebook FILE",
        )
    return notebook


def _cells(path: Path, name: str) -> list[dict[str, Any]]:
    return [cell for cell in _read(path, name)["cells"] if isinstance(cell, dict)]


def split(lines: Sequence[Line]) -> list[Block]:
    """``lines`` of `text_of` as blocks: "chunk" for the code cells, labelled with their numbers, and
    the blocks of pandoc's Markdown between them."""
    made: list[Block] = []
    text: list[Line] = []
    at = 0
    while at < len(lines):
        opening = _CELL.fullmatch(lines[at][1])
        end = at + 1
        while opening and end < len(lines) and lines[end][1] != opening[1]:
            end += 1
        if opening and end < len(lines):
            made += pandoc_pages.split(text)
            made.append(Block("chunk", tuple(lines[at : end + 1]), label=opening[2]))
            text = []
            at = end + 1
        else:
            text.append(lines[at])
            at += 1
    # A chunk that Markdown shows is no cell of the notebook.
    parts = [*made, *pandoc_pages.split(text)]
    return [replace(b, kind="pandoc") if b.kind == "chunk" and not b.label else b for b in parts]


def plan(blocks: Sequence[Block], context: ImportContext) -> list[PagePlan]:
    """The page of the notebook."""
    notebook = _read(context.place.path, context.source)
    cells = _cells(context.place.path, context.source)

    def code(block: Block) -> CodeCell:
        cell = cells[int(block.label)]

        def report(what: str) -> None:
            context.clean(block.start, what)

        outputs = cleaned(cell.get("outputs") or (), report)
        number = cell.get("execution_count")
        return CodeCell(
            _joined(cell.get("source")), outputs, number if isinstance(number, int) else None
        )

    return pandoc_pages.plan(blocks, context, code, _metadata(notebook.get("metadata")))


def _metadata(found: Any) -> dict[str, Any]:
    """The kernel and the language of a notebook; empty for Python, which every page has."""
    if not isinstance(found, Mapping):
        return {}
    kept = {name: _plain(found.get(name)) for name in ("kernelspec", "language_info")}
    language = kept["language_info"].get("name") or kept["kernelspec"].get("language") or "python"
    return {} if language == "python" else {name: value for name, value in kept.items() if value}


def _plain(value: Any) -> dict[str, Any]:
    items: Iterable[tuple[Any, Any]] = value.items() if isinstance(value, Mapping) else ()
    return {str(key): item for key, item in items if isinstance(item, _PLAIN)}


def sniff(source: Source) -> Evidence:
    """The suffix."""
    if source.place.path.suffix.lower() == ".ipynb":
        return Evidence(12.0, ("a notebook",))
    return Evidence()


def is_notebook(path: Path) -> bool:
    """Whether a file is a notebook that somebody keeps, and no copy that Jupyter saved by itself."""
    return ".ipynb_checkpoints" not in path.parts


FORMAT = Format(
    "jupyter",
    "notebooks of Jupyter, with their code and outputs",
    sniff,
    plan,
    suffixes=(".ipynb",),
    convert=text_of,
    accepts=is_notebook,
    split=split,
    pandoc=True,
)
