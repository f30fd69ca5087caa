"""This module compares the scanner and pandoc: whether both take the same parts of a notebook for
private.

The scanner (`weeknotes.text.markdown`) says where a private part is in the text, which pandoc does not;
pandoc says what is on the page. Both read the same cells, and what is left is compared word by word.
Where it is the same, the text was cut as pandoc reads it. Where it is not, the cells that differ are
left out of everything that is made from the text.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from weeknotes.files import keep_cache
from weeknotes.privacy.cells import source_of
from weeknotes.privacy.class_names import marked
from weeknotes.privacy.cut import Cut, cut_notebook, cut_text, uncut_notebook
from weeknotes.privacy.includes import Includes, includes_in
from weeknotes.text.processor_time import ProcessorTime

_SCRIPT = Path(__file__).parent / "lua" / "readings.lua"
_FILTERS = Path(__file__).parents[1] / "engines" / "lua"
_CACHE = "private-readings.json"
_MOST = 5_000
_SECONDS = 30
"""The processor time that pandoc may take for a notebook."""


@dataclass(frozen=True)
class Readings:
    """A comparison of the two readings of a notebook.

    ``cells`` are the numbers, from 1, of the cells of which pandoc hides more than was cut, and
    ``hidden`` the texts that it takes for private then. ``unread`` are the cells with marks that pandoc
    takes for text; what they seem to mark was cut.
    """

    cells: frozenset[int] = frozenset()
    hidden: tuple[str, ...] = ()
    unread: frozenset[int] = frozenset()


def agreed(
    state: Path, notebook: Mapping[str, Any], includes: Includes | None = None
) -> tuple[Cut, Readings]:
    """``notebook`` without its private parts and without the cells on which the readings differ, and
    the readings. ``state`` is the folder in which what was compared is remembered."""
    cut = cut_notebook(notebook, includes)
    readings = compare(state, notebook, cut, includes)
    if not readings.cells:
        return cut, readings
    pairs = zip(cut.numbers, cut.notebook["cells"], strict=True)
    kept = {number: cell for number, cell in pairs if number not in readings.cells}
    public = {**cut.notebook, "cells": list(kept.values())}
    return Cut(public, cut.parts, tuple(kept)), readings


def compare(
    state: Path, notebook: Mapping[str, Any], cut: Cut, includes: Includes | None = None
) -> Readings:
    """The readings of ``notebook``, of which ``cut`` is left."""
    if not cut.parts and not _may_hold(notebook):
        return Readings()
    whole = uncut_notebook(notebook, includes)
    numbers = sorted({*cut.numbers, *whole.numbers})
    job = {
        "cut": _texts(cut, numbers, includes, public=True),
        "whole": _texts(whole, numbers, includes, public=False),
    }
    data = json.dumps(job)
    name = hashlib.blake2b(data.encode() + _code(), digest_size=16).hexdigest()
    known = _read(state / _CACHE)
    if name not in known:
        found, final = _asked(data)
        own = ([numbers[n - 1] for n in found[kind]] for kind in ("more", "less"))
        known[name] = [*own, found["hidden"]]
        if final:
            kept = dict(list(known.items())[-_MOST:])
            keep_cache(state / _CACHE, json.dumps(kept, ensure_ascii=False).encode())
    more, less, hidden = known[name]
    return Readings(frozenset(more), tuple(hidden), frozenset(less))


def _may_hold(notebook: Mapping[str, Any]) -> bool:
    texts = (source_of(cell) or "" for cell in notebook.get("cells") or [])
    return any(marked(text) or "include" in text for text in texts)


def _texts(cut: Cut, numbers: Sequence[int], includes: Includes | None, public: bool) -> list[str]:
    """The Markdown of the cells with ``numbers``, with what they include; a code cell is a word."""
    cells = dict(zip(cut.numbers, cut.notebook["cells"], strict=True))
    found = []
    for number in numbers:
        cell = cells.get(number)
        text = source_of(cell) if cell else ""
        if cell and cell.get("cell_type") == "code":
            text = "cell"
        found.append(_included(text or "", includes, public))
    return found


def _included(text: str, includes: Includes | None, public: bool) -> str:
    if includes is None or "{{<" not in text:
        return text
    parts, position = [], 0
    for include in includes_in(text):
        inner = "" if includes.withheld(include.name) else includes.text(include.name)
        if public:
            inner = cut_text(inner, includes)[0]
        parts += [text[position : include.start], "\n", inner, "\n"]
        position = include.end
    return "".join([*parts, text[position:]])


def _asked(job: str) -> tuple[dict[str, Any], bool]:
    """The answer of pandoc, and whether it is to be remembered; if there is no answer, one that says
    that everything differs. A process that was stopped from outside would give another answer the
    next time, one that took too much work would not."""
    from weeknotes.text.pandoc import pandoc_path

    every = list(range(1, len(json.loads(job)["cut"]) + 1))
    nothing: dict[str, Any] = {"more": every, "less": every, "hidden": []}
    try:
        with (
            subprocess.Popen(
                [pandoc_path(), "lua", str(_SCRIPT), str(_FILTERS)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            ) as process,
            ProcessorTime(process, _SECONDS) as watch,
        ):
            stdout, _ = process.communicate(job.encode() + b"\n")
        answer = json.loads(stdout) if not watch.passed else None
    except (OSError, ValueError):
        return nothing, False
    if isinstance(answer, dict) and "more" in answer:
        return answer, True
    return nothing, watch.passed


def _code() -> bytes:
    """The code that the answers depend on, besides the texts."""
    return b"".join(
        path.read_bytes() for path in (_SCRIPT, _FILTERS / "private.lua", _FILTERS / "reader.lua")
    )


def _read(path: Path) -> dict[str, Any]:
    with contextlib.suppress(OSError, ValueError):
        known = json.loads(path.read_bytes())
        if isinstance(known, dict):
            return {
                name: value
                for name, value in known.items()
                if isinstance(value, list) and [type(part) for part in value] == [list, list, list]
            }
    return {}
