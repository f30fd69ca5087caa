"""The notebooks that weeks, digests and other pages start from: finding one, and filling in its
placeholders.

A template is `notebooks/NAME.ipynb` of the journal, else the one of that name that Weeknotes brings
along. Its front matter says what it makes: the notebook of a week where it has a `week`, another
notebook where it has none, and cells for a notebook that is there already where it has no front matter.
"""

from __future__ import annotations

import ast
import difflib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files as package_files
from pathlib import Path
from typing import Any

from weeknotes import files
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
_FRONT_KEY = re.compile(r"^([A-Za-z_][\w-]*)[ \t]*:(.*)$", re.M)
_PLAIN = re.compile(r"[^\W\d_][\w ./-]*\w|\d{4}-(?:\d\d-\d\d|W\d\d)|[^\W\d_]")
_WORDS = {"true", "false", "null", "yes", "no", "on", "off", "y", "n"}


@dataclass(frozen=True)
class Template:
    """A papermill template. ``file`` is how messages name it, ``folder`` where its helper modules
    are."""

    name: str
    file: str
    notebook: Notebook
    folder: Path | None = None

    @property
    def cells(self) -> tuple[Cell, ...]:
        """The template's cells, in order."""
        return self.notebook.cells

    @property
    def makes(self) -> str:
        """The product of the template: "week", "digest", "page", or "cells" of an existing
        notebook."""
        cell = self.notebook.front_matter_cell
        if cell is None:
            return "cells"
        keys = dict(_FRONT_KEY.findall(cell.source))
        if "digest" in keys or keys.get("kind", "").strip("\"' ") == "digest":
            return "digest"
        return (
            "week"
            if "week" in keys and keys.get("kind", "week").strip("\"' ") == "week"
            else "page"
        )

    @property
    def own_parameters(self) -> frozenset[str]:
        """The names in its parameters cell. Raises TemplateError."""
        cell = self.notebook.tagged(PARAMETERS)
        return assigned(cell.source, self.file, cell.index) if cell else frozenset()

    @property
    def placeholders(self) -> frozenset[str]:
        """The names that its text is to be filled with."""
        text = "\n".join(cell.source for cell in self.cells if cell.kind != "code")
        return frozenset(match[1] for match in _PLACEHOLDER.finditer(text))

    @property
    def has_code(self) -> bool:
        """Whether there is anything to run in it."""
        return any(cell.kind == "code" for cell in self.cells)

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
    """The template ``notebooks/NAME.ipynb`` of ``project``, else the shipped one in the journal's
    language. Raises TemplateError."""
    path = project.templates / f"{name}.ipynb"
    file = project.relative(path)
    data = None
    if re.fullmatch(r"\w[\w. -]*", name):
        data = path.read_bytes() if path.is_file() else _shipped(name, project.lang)
    if data is None:
        close = difflib.get_close_matches(name, names(project), n=1)
        meant = f" Did you mean '{close[0]}'?" if close else ""
        raise TemplateError(
            f"there is no template '{name}'",
            file=project.relative(project.templates),
            hint=f"There are: {', '.join(names(project))}.{meant}",
        )
    try:
        return Template(name, file, notebooks.parse(data, file), project.templates)
    except NotebookError as error:
        raise TemplateError(
            error.message, file=error.file, cell=error.cell, line=error.line, hint=error.hint
        ) from error


def names(project: Project) -> list[str]:
    """The names of all templates: those of the journal, and the shipped ones."""
    own = {path.stem for path in project.templates.glob("*.ipynb") if path.name[0] not in "._"}
    return sorted(own | {name.partition(".")[0] for name in _shipped_files()})


@dataclass(frozen=True)
class Listed:
    """A template that there is: what it ``makes`` (as `Template.makes`, and "paper" for a notebook on a
    paper), and its ``file`` in the journal, None where it is a shipped one."""

    name: str
    makes: str
    file: str | None


def listed(project: Project) -> list[Listed]:
    """All templates by name; one that cannot be read makes "unreadable"."""
    found = []
    for name in names(project):
        path = project.templates / f"{name}.ipynb"
        try:
            template = load(project, name)
            makes = template.makes
            if makes == "page" and "key" in template.placeholders:
                makes = "paper"
        except TemplateError:
            makes = "unreadable"
        found.append(Listed(name, makes, project.relative(path) if path.is_file() else None))
    return found


def copy(project: Project, name: str) -> Path:
    """Put the shipped template called ``name`` into ``notebooks/``, to be changed there; returns its
    path. Raises TemplateError where there is none, or the journal has one of that name."""
    path = project.templates / f"{name}.ipynb"
    data = _shipped(name, project.lang)
    if data is None:
        load(project, name)  # which says what there is
    if data is None or not files.create(path, data):
        raise TemplateError("the journal has this template already", file=project.relative(path))
    return path


def _shipped_files() -> list[str]:
    folder = package_files("weeknotes") / "scaffold" / "templates"
    return [entry.name for entry in folder.iterdir() if entry.name.endswith(".ipynb")]


def _shipped(name: str, lang: str) -> bytes | None:
    """The shipped template called ``name`` in the language ``lang``, in English where there is none."""
    folder = package_files("weeknotes") / "scaffold" / "templates"
    there = _shipped_files()
    for file in (
        f"{name}.{lang.lower().partition('-')[0]}.ipynb",
        f"{name}.en.ipynb",
        f"{name}.ipynb",
    ):
        if file in there:
            return (folder / file).read_bytes()
    return None


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
        # A flow collection, its values each quoted where they are.
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
