"""Rules about a notebook by itself: its form, its cells, how its code was run."""

from __future__ import annotations

import re
from collections.abc import Iterator

from weeknotes.checks import notebook_schema
from weeknotes.checks.findings import Finding
from weeknotes.checks.fixes import VALID_ID
from weeknotes.journal.notebooks import Cell, Notebook
from weeknotes.privacy.cells import PARAMETER_TAGS

#: Bytes of a cell from which on no diff can show it.
LARGE_CELL = 500_000


def judge(notebook: Notebook, file: str) -> Iterator[Finding]:
    """The findings of a notebook that can be read."""
    if not notebook.text.endswith("\n"):
        yield Finding(
            "notebook-newline",
            file,
            "the file does not end with a line end",
            None,
            None,
            "weeknotes check --fix",
        )
    for index, what in notebook_schema.faults(notebook):
        yield Finding(
            "notebook-invalid",
            file,
            f"not a valid notebook: {what}",
            index,
            None,
            "Save it in JupyterLab, which mends most of it; or mend it in a text editor.",
        )
    yield from _ids(notebook, file)
    yield from _runs(notebook, file)
    for cell, (start, end) in zip(notebook.cells, notebook.spans, strict=True):
        size = end - start
        if size > LARGE_CELL:
            yield Finding(
                "cell-large",
                file,
                f"the cell takes {size / 1e6:.1f} MB, too much for a diff",
                cell.index,
                None,
                "Save its figures as files under assets/images, or clear the output.",
            )


def _ids(notebook: Notebook, file: str) -> Iterator[Finding]:
    if notebook.minor < 5:
        yield Finding(
            "notebook-format",
            file,
            f"of nbformat 4.{notebook.minor}, in which cells have no ids",
            None,
            None,
            "weeknotes check --fix brings it to 4.5.",
        )
        return
    seen: dict[str, int] = {}
    for cell in notebook.cells:
        if "id" not in cell.json:
            yield Finding(
                "cell-id", file, "the cell has no id", cell.index, None, "weeknotes check --fix"
            )
            continue
        name = cell.json["id"]
        if not isinstance(name, str) or not VALID_ID.fullmatch(name):
            yield Finding(
                "cell-id-duplicate",
                file,
                f"{name!r} is no valid cell id",
                cell.index,
                None,
                "weeknotes check --fix gives it one of letters, digits, - and _.",
            )
        elif name in seen:
            yield Finding(
                "cell-id-duplicate",
                file,
                f"cell {seen[name]} has the same id '{name}'",
                cell.index,
                None,
                "weeknotes check --fix gives it one of its own.",
            )
        else:
            seen[name] = cell.index


def _runs(notebook: Notebook, file: str) -> Iterator[Finding]:
    """Code that was not run, run out of order, or that failed. Generated cells are run by Weeknotes,
    which keeps no counts."""
    own = [
        cell
        for cell in notebook.cells
        if cell.kind == "code"
        and cell.source.strip()
        and not cell.generated
        and not PARAMETER_TAGS.intersection(cell.tags)
        and not _is_not_run(cell)
    ]
    counts = [(cell, cell.json.get("execution_count")) for cell in own]
    ran = [(cell, count) for cell, count in counts if isinstance(count, int)]
    for cell, count in counts:
        # A count is often stripped, and an output shows that the code was run all the same.
        if ran and count is None and not cell.outputs:
            yield Finding(
                "code-not-run",
                file,
                "the code was not run, though other cells were",
                cell.index,
                None,
                "Run it, or take it out.",
            )
    highest = 0
    for cell, count in ran:
        if count <= highest:
            before = f"before a cell above it ({highest})"
            if count == highest:
                before = "as was a cell above it: in another session"
            yield Finding(
                "code-order",
                file,
                f"the code was run as number {count}, {before}",
                cell.index,
                None,
                "Restart the kernel and run all cells.",
            )
            break
        highest = count
    for cell in notebook.cells:
        for output in cell.outputs:
            if output.get("output_type") == "error" and not _may_fail(cell):
                yield Finding(
                    "code-error",
                    file,
                    f"the code ended in an error: {output.get('ename')}",
                    cell.index,
                    None,
                    "Mend it and run it again; or tag the cell raises-exception, if it is meant.",
                )
                break


def _may_fail(cell: Cell) -> bool:
    """Whether the cell says that an error is what it is to show."""
    option = re.search(r"(?m)^#\|\s*error:\s*true\b", cell.source)
    return bool(option) or "raises-exception" in cell.tags


def _is_not_run(cell: Cell) -> bool:
    """Whether the cell's options say that it is not to be run."""
    return (
        bool(re.search(r"(?m)^#\|\s*eval:\s*false\b", cell.source)) or "skip-execution" in cell.tags
    )
