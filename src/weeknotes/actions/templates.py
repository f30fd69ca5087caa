"""The notebooks that weeks and digests start from: finding one, and filling in its placeholders."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from weeknotes.errors import NotebookError, TemplateError
from weeknotes.journal import cell_edit, frontmatter, notebooks
from weeknotes.journal.notebooks import Cell, CellJson, Notebook
from weeknotes.journal.project import Project

PARAMETERS = "parameters"
INJECTED = "injected-parameters"

_PLACEHOLDER = re.compile(r"\{\{[ \t]*([A-Za-z_]\w*)[ \t]*\}\}")
_ALONE = re.compile(r"^[ \t]*\{\{[ \t]*([A-Za-z_]\w*)[ \t]*\}\}[ \t]*\n?(?:[ \t]*\n)?", re.M)
# A line of front matter that ends in a value: what comes before, the value, and what comes after.
_VALUE = re.compile(
    r"""([ ]*(?:-[ ]+)*(?:[^\s:#"'{\[-][^:#]*:[ ]+)?)"""
    r"""("(?:\\.|[^"\\])*"|'(?:''|[^'])*'|[^\s#].*?)([ \t]*|[ \t]+\#.*)"""
)
_PLAIN = re.compile(r"[^\W\d_][\w ./-]*\w|\d{4}-(?:\d\d-\d\d|W\d\d)|[^\W\d_]")
_WORDS = {"true", "false", "null", "yes", "no", "on", "off", "y", "n"}


@dataclass(frozen=True)
class Template:
    """A papermill template. ``file`` is how messages name it."""

    name: str
    file: str
    notebook: Notebook

    @property
    def cells(self) -> tuple[Cell, ...]:
        """The template's cells, in order."""
        return self.notebook.cells

    def check(self, parameters: Mapping[str, Any]) -> None:
        """Raise TemplateError if it does not know one of ``parameters``."""
        cell = self.notebook.tagged(PARAMETERS)
        known = assigned(cell.source, self.file, cell.index) if cell else frozenset()
        unknown = [name for name in parameters if name not in known]
        if not unknown:
            return
        if cell is None:
            hint = "Give its parameters a code cell of their own with the tag 'parameters'."
        else:
            hint = f"Give it a value in the parameters cell, such as: {unknown[0]} = None"
        raise TemplateError(
            "the template does not know the parameter " + ", ".join(f"'{n}'" for n in unknown),
            file=self.file,
            cell=cell.index if cell else None,
            hint=hint,
        )

    def filled(self, parameters: Mapping[str, Any]) -> dict[str, Any]:
        """The template as a notebook of nbformat 4.5, with ``{{name}}`` in its raw and Markdown
        cells replaced by that parameter. Raises TemplateError where the front matter names an
        unknown one, or is not valid afterwards."""
        cells = []
        for cell in self.cells:
            if INJECTED in cell.tags:
                continue  # Of a week that was made a template: new parameters take its place.
            made: CellJson = {**cell.json, "id": cell.id or _id_for(cell)}
            if cell.kind == "raw":
                made["source"] = self._fill_raw(cell, parameters)
            elif cell.kind == "markdown":
                made["source"] = fill_markdown(cell.source, parameters)
            cells.append(made)
        metadata = {**self.notebook.metadata, "weeknotes": {"template": self.name}}
        return cell_edit.new_notebook(cells, metadata)

    def _fill_raw(self, cell: Cell, parameters: Mapping[str, Any]) -> str:
        for number, line in enumerate(cell.source.splitlines(), 1):
            for match in _PLACEHOLDER.finditer(line):
                if match[1] not in parameters:
                    raise TemplateError(
                        f"no parameter is called '{match[1]}'",
                        file=self.file,
                        cell=cell.index,
                        line=number,
                        hint=f"There are: {', '.join(parameters)}.",
                    )
        source = fill_yaml(cell.source, parameters)
        try:
            frontmatter.parse(source, file=self.file, cell=cell.index)
        except NotebookError as error:
            raise TemplateError(
                error.message, file=error.file, cell=error.cell, line=error.line, hint=error.hint
            ) from error
        return source


def load(project: Project, name: str) -> Template:
    """The template ``notebooks/NAME.ipynb`` of ``project``. Raises TemplateError."""
    path = project.templates / f"{name}.ipynb"
    file = project.relative(path)
    if not re.fullmatch(r"\w[\w. -]*", name) or not path.is_file():
        there = sorted(path.stem for path in project.templates.glob("*.ipynb"))
        raise TemplateError(
            f"there is no template '{name}'",
            file=project.relative(project.templates),
            hint=f"There are: {', '.join(there)}."
            if there
            else "Make the one of a new journal again with: weeknotes init .",
        )
    try:
        return Template(name, file, notebooks.read(path, file))
    except NotebookError as error:
        raise TemplateError(
            error.message, file=error.file, cell=error.cell, line=error.line, hint=error.hint
        ) from error


def assigned(source: str, file: str, cell: int) -> frozenset[str]:
    """The names that the parameters cell ``source`` gives values to. Raises TemplateError."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None)
        raise TemplateError(
            f"the parameters cell is not Python: {error}", file=file, cell=cell, line=line
        ) from error
    names = set()
    for statement in tree.body:
        targets = statement.targets if isinstance(statement, ast.Assign) else []
        if isinstance(statement, ast.AnnAssign):
            targets = [statement.target]
        names |= {n.id for t in targets for n in ast.walk(t) if isinstance(n, ast.Name)}
    return frozenset(names)


def fill_markdown(source: str, parameters: Mapping[str, Any]) -> str:
    """``source`` with the placeholders of ``parameters`` filled in, others left as they are.

    A line that holds nothing but a placeholder goes, with the empty line after it, when the value is
    empty: no hole is left where there is nothing to carry over.
    """

    def alone(match: re.Match[str]) -> str:
        return match[0] if parameters.get(match[1], "-") else ""

    def value(match: re.Match[str]) -> str:
        return _text(parameters[match[1]]) if match[1] in parameters else match[0]

    return _PLACEHOLDER.sub(value, _ALONE.sub(alone, source)).rstrip("\n")


def fill_yaml(source: str, parameters: Mapping[str, Any]) -> str:
    """``source``, YAML, with its placeholders filled in so that each value stays one value, whatever
    characters it holds; within quotes or without. A key whose whole value is an empty text goes."""
    lines = [_fill_line(line, parameters) for line in source.split("\n")]
    return "\n".join(line for line in lines if line is not None)


def _fill_line(line: str, parameters: Mapping[str, Any]) -> str | None:
    def value(match: re.Match[str]) -> str:
        return _text(parameters[match[1]])

    parts = _VALUE.fullmatch(line)
    if not _PLACEHOLDER.search(line) or line.lstrip().startswith("#") or not parts:
        return line
    before, scalar, after = parts.groups()
    only = _PLACEHOLDER.fullmatch(scalar.strip("\"'"))
    if only:
        found = parameters[only[1]]
        return None if found == "" else before + _scalar(found) + after
    for mark in "\"'":
        if len(scalar) > 1 and scalar[0] == scalar[-1] == mark:
            inner = scalar[1:-1]
            inner = inner.replace("''", "'") if mark == "'" else _unescape(inner)
            return before + frontmatter.quote(_PLACEHOLDER.sub(value, inner)) + after
    if scalar[0] in "[{" and not _PLACEHOLDER.match(scalar):
        # A flow collection, its values each quoted where they stand.
        return before + _PLACEHOLDER.sub(lambda m: _flow(parameters[m[1]]), scalar) + after
    return before + _scalar(_PLACEHOLDER.sub(value, scalar)) + after


def _unescape(inner: str) -> str:
    """The text inside a double-quoted YAML scalar, its escapes resolved."""
    try:
        return str(frontmatter.parse(f'---\nx: "{inner}"\n---\n').get("x", inner))
    except NotebookError:
        return inner


def _scalar(value: Any) -> str:
    """``value`` in YAML, without quotes where it reads as the same text without them."""
    if not isinstance(value, str):
        return _flow(value)
    plain = _PLAIN.fullmatch(value) and value.lower() not in _WORDS
    return value if plain else frontmatter.quote(value)


def _flow(value: Any) -> str:
    if isinstance(value, str):
        return frontmatter.quote(value)
    return json.dumps(value, ensure_ascii=False)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _id_for(cell: Cell) -> str:
    """An id for a template's cell that has none, the same each time."""
    return PARAMETERS if PARAMETERS in cell.tags else f"cell-{cell.index}"
