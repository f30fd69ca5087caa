"""The layout of a week's notebook where it is written: in JupyterLab, in VS Code, on GitHub.

Front matter, parameters and the code of generated cells are collapsed (``jupyter.source_hidden``), so
that the first thing in sight is the week's title. It is a heading in a generated cell of its own, which
no page shows: there the title comes from the front matter. The parameters are in one cell, as papermill
takes them, with the citation keys of papers in place of their rows.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from typing import Any

from weeknotes.actions.templates import INJECTED, PARAMETERS
from weeknotes.journal import cell_edit
from weeknotes.journal.cell_edit import collapsed, is_collapsed
from weeknotes.journal.notebooks import GENERATED, TITLE_TAG, CellJson, Notebook, joined
from weeknotes.journal.project import Project

TITLE_ID = "title"
_FILTER = "scripts/ipynb_filter.py"


def laid_out(
    project: Project, notebook: Mapping[str, Any], values: Mapping[str, Any]
) -> dict[str, Any]:
    """``notebook``, as papermill made it from a template with ``values``, in this layout."""
    cells: list[CellJson] = list(notebook["cells"])
    injected = next((cell for cell in cells if INJECTED in _tags(cell)), None)
    own = next((cell for cell in cells if PARAMETERS in _tags(cell)), None)
    if injected and own:
        tags = [*_tags(own), *(t for t in (GENERATED, "remove-cell") if t not in _tags(own))]
        text = parameters_source(joined(own["source"]) or "", values)
        one = {**own, "source": text, "outputs": [], "metadata": {**own["metadata"], "tags": tags}}
        cells = [one if cell is own else cell for cell in cells if cell is not injected]
    elif injected:
        text = parameters_source("", values)
        cells = [{**cell, "source": text} if cell is injected else cell for cell in cells]
    cells = with_code_collapsed(cells)
    at = next((n for n, cell in enumerate(cells, 1) if cell["cell_type"] == "raw"), 0)
    if takes_title(project) and not any(map(_is_title, cells)):
        cells.insert(at, title_cell(str(values.get("title") or "")))
    return {**notebook, "cells": cells}


def takes_title(project: Project) -> bool:
    """Whether the title may be a cell: not where an older script of the journal would let Quarto
    publish it, beside the title that the page has."""
    script = project.root / _FILTER
    try:
        return TITLE_TAG.encode() in script.read_bytes()
    except OSError:
        return True


def title_cell(title: str) -> CellJson:
    """The generated cell that shows ``title``, Markdown as front matter has it, as a heading."""
    return cell_edit.new_cell(
        "markdown", title_source(title), id=TITLE_ID, tags=[GENERATED, TITLE_TAG]
    )


def title_source(title: str) -> str:
    """The text of that cell."""
    return f"# {' '.join(title.split())}"


def with_code_collapsed(cells: Sequence[CellJson]) -> list[CellJson]:
    """The ``cells`` of a new notebook, those collapsed that this layout collapses."""
    return [collapsed(cell) if _is_collapsed(cell) else cell for cell in cells]


def collapse_digest(notebook: Notebook) -> bytes:
    """The bytes of a digest that was made before this layout was, with the code that Weeknotes made
    collapsed; as they are for a digest in which anything is collapsed."""
    code = [cell for cell in notebook.cells if cell.kind == "code" and cell.generated]
    if any(is_collapsed(cell.json) for cell in code):
        return notebook.text.encode()
    return cell_edit.change(notebook, replace={c.index: collapsed(c.json) for c in code})


def is_older(notebook: Notebook) -> bool:
    """Whether ``notebook`` was made before this layout was: it has papermill's own cell of parameters,
    and that is not collapsed."""
    cell = notebook.tagged(INJECTED)
    return cell is not None and cell.generated and not is_collapsed(cell.json)


def has_title(notebook: Notebook) -> bool:
    """Whether ``notebook`` shows a title, ours or one that its author gave it."""
    return any(_is_title(cell.json) for cell in notebook.cells)


def parameters_source(template: str, values: Mapping[str, Any]) -> str:
    """The source of the one cell of parameters: ``template``, the cell of the template, with ``values``
    in place of its own, and behind it those that it does not assign; papers by their keys."""
    from weeknotes.actions import kernels

    known = short(values)
    lines = template.split("\n")
    placed: set[str] = set()
    try:
        body = ast.parse(template).body
    except (SyntaxError, ValueError):
        body = []
    for statement in reversed(body):
        name = _assigned_alone(statement)
        last = statement.end_lineno or statement.lineno
        if name not in known or name in placed or not _has_lines_alone(statement, body):
            continue
        placed.add(name)
        lines[statement.lineno - 1 : last] = kernels.parameters_source({name: known[name]}).split(
            "\n"
        )[1:]
    rest = {name: value for name, value in known.items() if name not in placed}
    if rest:
        lines = [
            *(lines if template.strip() else []),
            *kernels.parameters_source(rest).split("\n")[1:],
        ]
    return "\n".join(lines)


def short(values: Mapping[str, Any]) -> dict[str, Any]:
    """``values`` with the citation keys of papers in place of their rows."""

    def keys(value: Any) -> Any:
        rows = isinstance(value, list) and value and all(isinstance(v, Mapping) for v in value)
        return [str(v["key"]) for v in value] if rows and all("key" in v for v in value) else value

    return {name: keys(value) if name == "reading" else value for name, value in values.items()}


def _assigned_alone(statement: ast.stmt) -> str:
    """The one name that ``statement`` assigns; empty for anything else."""
    if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
        target = statement.targets[0]
    elif isinstance(statement, ast.AnnAssign) and statement.value is not None:
        target = statement.target
    else:
        return ""
    return target.id if isinstance(target, ast.Name) else ""


def _has_lines_alone(statement: ast.stmt, body: Sequence[ast.stmt]) -> bool:
    lines = range(statement.lineno, (statement.end_lineno or statement.lineno) + 1)
    return not any(
        other is not statement and (other.lineno in lines or other.end_lineno in lines)
        for other in body
    )


def _is_collapsed(cell: CellJson) -> bool:
    """Whether the layout collapses ``cell``: front matter, and code that Weeknotes made."""
    if cell["cell_type"] == "raw":
        return (joined(cell["source"]) or "").lstrip().startswith("---")
    return cell["cell_type"] == "code" and bool({GENERATED, PARAMETERS, INJECTED} & {*_tags(cell)})


def _is_title(cell: CellJson) -> bool:
    text = joined(cell["source"]) or ""
    own = TITLE_TAG in _tags(cell)
    return own or (cell["cell_type"] == "markdown" and text.lstrip().startswith("# "))


def _tags(cell: CellJson) -> list[str]:
    tags = cell["metadata"].get("tags")
    return [str(tag) for tag in tags] if isinstance(tags, list) else []
