"""Mending what can be mended without guessing. A file is replaced whole, and only if nobody else has
changed it meanwhile."""

from __future__ import annotations

import re
from pathlib import Path

from weeknotes import notebooks
from weeknotes.checks.findings import Finding
from weeknotes.errors import WeeknotesError
from weeknotes.files import replace_unchanged
from weeknotes.project import Project


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
        return data if data.endswith(b"\n") else data + b"\n"
    if rule == "library-form":
        from weeknotes.library.store import Library

        return Library.load(path).dump()
    if rule in ("cell-id", "notebook-format"):
        return with_ids(data, str(path))
    return None


def with_ids(data: bytes, file: str) -> bytes:
    """A notebook of nbformat 4.5 in which every cell has an id, and no other byte has changed.

    The ids are `cell-1`, `cell-2`, … by the cell's place, so that doing it twice gives the same.
    """
    notebook = notebooks.parse(data, file)
    text = notebook.text
    taken = {cell.id for cell in notebook.cells if cell.id}
    edits: list[tuple[int, int, str]] = []
    for cell, (start, _) in zip(notebook.cells, notebook.spans, strict=True):
        if "id" in cell.json:
            continue
        name = _free(f"cell-{cell.index}", taken)
        # The id goes before the first member, laid out as that is.
        opening = re.compile(r"\{(\s*)").match(text, start)
        assert opening is not None
        colon = ":" if re.match(r'"\w+":\S', text[opening.end() :]) else ": "
        edits.append((opening.end(), opening.end(), f'"id"{colon}"{name}",{opening[1] or " "}'))
    if notebook.minor < 5:
        number = re.search(r'("nbformat_minor"\s*:\s*)\d+', text[: notebook.array[0]])
        shift = 0
        if number is None:
            shift = notebook.array[1]
            number = re.search(r'("nbformat_minor"\s*:\s*)\d+', text[shift:])
        if number is None:
            return data
        edits.append((shift + number.start(), shift + number.end(), f"{number[1]}5"))
    for start, end, new in sorted(edits, reverse=True):
        text = text[:start] + new + text[end:]
    made = text.encode()
    after = notebooks.parse(made, file)
    before = [{k: v for k, v in cell.json.items() if k != "id"} for cell in notebook.cells]
    if before != [{k: v for k, v in cell.json.items() if k != "id"} for cell in after.cells]:
        raise WeeknotesError("adding ids would have changed a cell; nothing was written", file=file)
    return made


def _free(wanted: str, taken: set[str]) -> str:
    name, number = wanted, 1
    while name in taken:
        number += 1
        name = f"{wanted}-{number}"
    taken.add(name)
    return name
