"""This module fixes what can be fixed without guessing. A file is replaced whole, and only if no one
else has changed it meanwhile."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from weeknotes.checks.findings import Finding
from weeknotes.errors import WeeknotesError
from weeknotes.files import replace_unchanged
from weeknotes.journal import notebooks
from weeknotes.journal.project import Project

VALID_ID = re.compile(r"[a-zA-Z0-9-_]{1,64}")
"""What nbformat 4.5 takes for the id of a cell."""


def mend(project: Project, finding: Finding) -> bool:
    """Mend what ``finding`` is about; False where it turns out that it cannot be done. Raises OSError
    for a file that cannot be written."""
    path = project.root / finding.file
    try:
        data = path.read_bytes()
        if finding.rule == "library-bib":
            from weeknotes.library import bibtex

            return bool(bibtex.update(project.library_path, path))
        fixed = _fixed(path, data, finding.rule)
    except (FileNotFoundError, WeeknotesError):
        return False
    if fixed is None:
        return False
    return fixed == data or replace_unchanged(path, data, fixed)


def _fixed(path: Path, data: bytes, rule: str) -> bytes | None:
    if rule == "notebook-newline":
        return data if data.endswith(b"\n") else data + (b"\r\n" if b"\r\n" in data else b"\n")
    if rule == "library-form":
        return _in_order(path, data)
    if rule == "notebook-format" and old_format(data) is not None:
        return converted(data, path.name)
    if rule in ("cell-id", "cell-id-duplicate", "notebook-format"):
        return with_ids(data, str(path))
    return None


def old_format(data: bytes) -> int | None:
    """The number of the format of a notebook of nbformat 2 or 3; None for anything else."""
    # A notebook of nbformat 4 says so near its end, and none has worksheets.
    if b'"worksheets"' not in data:
        return None
    try:
        version = json.loads(data.decode("utf-8-sig")).get("nbformat")
    except (ValueError, AttributeError, RecursionError):
        return None
    return version if version in (2, 3) else None


def converted(data: bytes, file: str) -> bytes:
    """A notebook of nbformat 2 or 3 as one of nbformat 4.5. Raises NotebookError."""
    from weeknotes.engines.source_reading import OLD_FORMAT, parse_notebook

    notebook = parse_notebook(file, data)
    notebook.pop(OLD_FORMAT, None)
    return (json.dumps(notebook, ensure_ascii=False, indent=1) + "\n").encode()


def _in_order(path: Path, data: bytes) -> bytes | None:
    """The library in the order in which Weeknotes writes it; None where something else than the order
    would change: a key that occurs twice, a number for a citation key, half a character."""
    from weeknotes.library.store import Library

    made = Library.load(path).dump()
    try:
        before, after = (_comparable(text) for text in (data, made))
    except ValueError:
        return None
    return made if before == after else None


def _comparable(data: bytes) -> list[str]:
    """The entries of a library, each as one text, in an order of their own. Raises ValueError where a
    key occurs twice."""

    def members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len(dict(pairs)) != len(pairs):
            raise ValueError("a key occurs twice")
        return dict(pairs)

    entries = json.loads(data.decode("utf-8-sig") or "[]", object_pairs_hook=members)
    return sorted(json.dumps(entry, sort_keys=True) for entry in entries)


def with_ids(data: bytes, file: str) -> bytes:
    """A notebook of nbformat 4.5 in which every cell has an id of its own, and no other byte has
    changed.

    The ids are `cell-1`, `cell-2`, … by the cell's place, so that doing it twice gives the same. Of
    two cells with one id the first keeps it.
    """
    notebook = notebooks.parse(data, file)
    text = notebook.text
    taken = {cell.id for cell in notebook.cells if cell.id}
    seen: set[str] = set()
    edits: list[tuple[int, int, str]] = []
    for cell, (start, _) in zip(notebook.cells, notebook.spans, strict=True):
        own = cell.json.get("id")
        if isinstance(own, str) and VALID_ID.fullmatch(own) and own not in seen:
            seen.add(own)
            continue
        name = _free(f"cell-{cell.index}", taken)
        if "id" in cell.json:
            edits.append((*_member(text, start, "id"), json.dumps(name)))
            continue
        # The id goes before the first member, laid out as that is.
        opening = re.compile(r"\{(\s*)").match(text, start)
        assert opening is not None
        spaced = not re.match(r'"\w+":\S', text[opening.end() :])
        colon, gap = (": ", opening[1] or " ") if spaced else (":", opening[1])
        edits.append((opening.end(), opening.end(), f'"id"{colon}"{name}",{gap}'))
    for start, end, new in sorted(edits, reverse=True):
        text = text[:start] + new + text[end:]
    made = text.encode() if notebook.minor == 5 else _of_minor_5(text, notebook, file)
    if not _is_same(notebook, made, file):
        raise WeeknotesError("adding ids would have changed a cell; nothing was written", file=file)
    return made


def _member(text: str, start: int, key: str) -> tuple[int, int]:
    """The start and end in ``text`` of the value of the last member ``key`` of the JSON object at
    ``start``."""
    decode = json.JSONDecoder().raw_decode
    space = re.compile(r"[\s,:]*")
    position = start + 1
    found = (start, start)
    while text[position := space.match(text, position).end()] != "}":  # type: ignore[union-attr]
        name, position = decode(text, position)
        position = space.match(text, position).end()  # type: ignore[union-attr]
        _, end = decode(text, position)
        if name == key:
            found = position, end
        position = end
    return found


def _of_minor_5(text: str, notebook: notebooks.Notebook, file: str) -> bytes:
    """``text`` with the number of its format's minor version changed, and no other that is called so:
    metadata may hold some. As it is where that cannot be told."""
    for match in re.finditer(r'"nbformat_minor"\s*:\s*(\d+)', text):
        made = (text[: match.start(1)] + "5" + text[match.end(1) :]).encode()
        if notebooks.parse(made, file).minor == 5 and _is_same(notebook, made, file):
            return made
    return text.encode()


def _is_same(notebook: notebooks.Notebook, made: bytes, file: str) -> bool:
    """Whether ``made`` is ``notebook`` but for the ids of cells and the version of the format."""
    after = notebooks.parse(made, file)
    before, now = (
        [{key: value for key, value in cell.json.items() if key != "id"} for cell in one.cells]
        for one in (notebook, after)
    )
    return before == now and notebook.metadata == after.metadata


def _free(wanted: str, taken: set[str]) -> str:
    name, number = wanted, 1
    while name in taken:
        number += 1
        name = f"{wanted}-{number}"
    taken.add(name)
    return name
