"""Rules about front matter: what Quarto refuses, or takes for something else than was meant."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from weeknotes import frontmatter
from weeknotes.checks.findings import Finding
from weeknotes.errors import WeeknotesError
from weeknotes.notebooks import Notebook

_LANG = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*")
_DATE = re.compile(
    r"\d{4}-\d{2}-\d{2}(?:[T ].*)?|(?:today|now|last-modified)|\d{1,2}[/. ].*|\d{4}/.*|[A-Z][a-z]+ \d.*"
)

Check = Callable[[Any], bool]


def _text(value: Any) -> bool:
    return isinstance(value, str)


def _flag(value: Any) -> bool:
    return isinstance(value, bool)


def _words(value: Any) -> bool:
    return isinstance(value, str) or (isinstance(value, list) and all(map(_text, value)))


def _people(value: Any) -> bool:
    single = isinstance(value, str | dict)
    return single or (isinstance(value, list) and all(isinstance(v, str | dict) for v in value))


#: What a key's value must be, and how that is said. Quarto 1.7 stops at a wrong `title`, `lang` and
#: `format`; with the others it passes over the value, or shows something else than was meant.
_VALUES: dict[str, tuple[Check, str]] = {
    "title": (_text, "text: quote it"),
    "subtitle": (_text, "text: quote it"),
    "description": (_text, "text: quote it"),
    "date": (lambda v: _text(v) and bool(_DATE.fullmatch(v.strip())), "a date such as 2026-11-16"),
    "lang": (
        lambda v: _text(v) and bool(_LANG.fullmatch(v)),
        "a language tag such as en, ko or zh-Hant",
    ),
    "author": (_people, "a name, or a list of names"),
    "categories": (_words, "a list of words"),
    "keywords": (_words, "a list of words"),
    "aliases": (_words, "a list of addresses"),
    "bibliography": (_words, "a file name, or a list of them"),
    "csl": (_text, "a file name"),
    "draft": (_flag, "true or false"),
    "private": (_flag, "true or false"),
    "toc": (_flag, "true or false"),
    "number-sections": (_flag, "true or false"),
    "link-citations": (_flag, "true or false"),
    "citeproc": (_flag, "true or false"),
    "format": (
        lambda v: isinstance(v, str | dict),
        "a format such as html, with its options below it",
    ),
    "execute": (lambda v: isinstance(v, dict), "keys with values, such as 'echo: false'"),
    "crossref": (lambda v: isinstance(v, dict), "keys with values"),
}


def judge(notebook: Notebook, file: str) -> tuple[dict[str, Any], list[Finding]]:
    """A notebook's front matter as far as it can be read, and what is wrong with it."""
    cell = notebook.front_matter_cell
    found = []
    if cell is None:
        stray = next(
            (c for c in notebook.cells if c.kind == "markdown" and frontmatter.split(c.source)),
            None,
        )
        if stray is None:
            found.append(
                Finding(
                    "front-matter-missing",
                    file,
                    "the notebook has no front matter",
                    None,
                    None,
                    'Begin it with a raw cell: ---, title: "…", date: …, ---.',
                )
            )
            return {}, found
        cell = stray
    if cell.index != 1 or cell.kind != "raw":
        found.append(
            Finding(
                "front-matter-place",
                file,
                "front matter must stand in the first cell, and that be a raw one",
                cell.index,
                None,
                "Move it to the top, and make the cell raw (in JupyterLab: R).",
            )
        )
    try:
        values = frontmatter.parse(cell.source, file=file, cell=cell.index)
    except WeeknotesError as error:
        found.append(
            Finding("front-matter-invalid", file, error.message, cell.index, error.line, error.hint)
        )
        return {}, found
    found += values_findings(values, file, cell.index, cell.source)
    return values, found


def values_findings(
    values: Mapping[str, Any], file: str, cell: int | None, source: str
) -> Iterator[Finding]:
    """The values that are not of the kind that their key takes."""
    for key, value in values.items():
        check = _VALUES.get(key)
        if check and value is not None and not check[0](value):
            yield Finding(
                "front-matter-value",
                file,
                f"'{key}: {_shown(value)}' must be {check[1]}",
                cell,
                _line_of(source, key),
            )
    if values and cell and not str(values.get("title") or "").strip():
        yield Finding(
            "front-matter-value",
            file,
            "the title is missing",
            cell,
            None,
            'Write one: title: "…".',
        )


def _shown(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 40 else text[:39] + "…"


def lines(source: str, keys: Iterable[str]) -> dict[str, int]:
    """The lines of a cell on which the ``keys`` of its front matter stand."""
    found = {key: _line_of(source, key) for key in keys}
    return {key: line for key, line in found.items() if line}


def _line_of(source: str, key: str) -> int | None:
    match = re.search(rf"^[\"']?{re.escape(key)}[\"']?\s*:", source, re.M)
    return source.count("\n", 0, match.start()) + 1 if match else None
