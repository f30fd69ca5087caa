"""Rules about front matter: what Quarto refuses, or takes for something else than was meant."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from weeknotes.checks import masking
from weeknotes.checks.findings import Finding
from weeknotes.engines.page_dates import HINT
from weeknotes.engines.page_settings import date_in
from weeknotes.errors import WeeknotesError
from weeknotes.journal import frontmatter
from weeknotes.journal.notebooks import Notebook

_LANG = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*")
#: Tags of YAML, which Quarto does not read.
_TAG = re.compile(r"^[^#\n\"']*:[ \t]+(!\S*)", re.M)
_FORMATS = frozenset(
    "html html4 html5 pdf docx odt epub epub2 epub3 typst beamer pptx revealjs latex context"
    " gfm commonmark commonmark_x markdown markdown_strict markdown_phpextra markdown_github"
    " markdown_mmd md ipynb rst asciidoc asciidoctor asciidoc_legacy org muse texinfo man ms"
    " plain native json dashboard jats jats_archiving jats_articleauthoring jats_publishing icml"
    " opml rtf tei mediawiki dokuwiki jira textile xwiki zimwiki haddock docbook docbook4"
    " docbook5 slidy slideous s5 dzslides email biblatex bibtex csljson fb2 opendocument"
    " chunkedhtml".split()
)

#: What Quarto takes for front matter, wherever on a page it stands (its `readYamlFromMarkdown`).
_BLOCK = re.compile(r"^---[ \t]*\n(?![ \t]*\n)(.*?)\n(?:---|\.\.\.)[ \t]*$", re.M | re.S)
_RULES = re.compile(r"^---[ \t]*\n(?:[ \t]*\n)+.*?\n(?:---|\.\.\.)[ \t]*$", re.M | re.S)

Check = Callable[[Any], bool]


def _text(value: Any) -> bool:
    return isinstance(value, str)


def _scalar(value: Any) -> bool:
    return isinstance(value, str | int | float) and not isinstance(value, bool)


def _flag(value: Any) -> bool:
    return isinstance(value, bool)


def _number(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _keys(value: Any) -> bool:
    return isinstance(value, dict)


def _words(value: Any) -> bool:
    return _scalar(value) or (isinstance(value, list) and all(map(_scalar, value)))


def _names(value: Any) -> bool:
    return _text(value) or (isinstance(value, list) and all(map(_text, value)))


def _people(value: Any) -> bool:
    single = isinstance(value, str | dict)
    return single or (isinstance(value, list) and all(isinstance(v, str | dict) for v in value))


def _filters(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, str | dict) for one in value)


def _theme(value: Any) -> bool:
    return isinstance(value, dict) or _names(value)


def _formats(value: Any) -> bool:
    """Whether ``value`` names formats that there are; those of extensions end in one, as `acm-pdf`."""
    if not isinstance(value, str | dict):
        return False
    names = [value] if isinstance(value, str) else [str(name) for name in value]
    return all(re.split(r"[-+]", re.sub(r"\+.*", "", name))[-1] in _FORMATS for name in names)


_TEXT = (_text, "text: quote it")
_FLAG = (_flag, "true or false")
_NAMES = (_names, "a file name, or a list of them")
_KEYS = (_keys, "keys with values, such as 'echo: false'")
#: What a key's value must be, and how that is said. Quarto 1.7 stops at a wrong `title`, `lang`, `toc`,
#: `format`, `date-format`, `toc-depth`, `filters`, `css`, `theme` and `aliases`; of the others it makes
#: nothing, or something else than was meant.
_VALUES: dict[str, tuple[Check, str]] = {
    "title": _TEXT,
    "subtitle": (_scalar, "text: quote it"),
    "description": (_scalar, "text: quote it"),
    "date-format": (_text, "text such as full or YYYY-MM-DD"),
    "lang": (
        lambda v: _text(v) and bool(_LANG.fullmatch(v)),
        "a language tag such as en, ko or zh-Hant",
    ),
    "author": (_people, "a name, or a list of names"),
    "categories": (_words, "a list of words"),
    "keywords": (_words, "a list of words"),
    "aliases": (_names, "a list of addresses"),
    "bibliography": _NAMES,
    "csl": (_text, "a file name"),
    "css": _NAMES,
    "theme": (_theme, "a name, a list of them, or light and dark"),
    "filters": (_filters, "a list of filters, such as [a.lua]"),
    "draft": _FLAG,
    "private": _FLAG,
    "toc": _FLAG,
    "toc-depth": (_number, "a number"),
    "number-sections": _FLAG,
    "link-citations": _FLAG,
    "citeproc": _FLAG,
    "format": (_formats, "a format such as html, with its options below it"),
    "execute": _KEYS,
    "crossref": (lambda v: v is False or _keys(v), "keys with values, or false"),
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
                "front matter must be in the first cell, which must be a raw cell",
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
    found += blocks(notebook, file)
    if not str(values.get("title") or "").strip():
        found.append(
            Finding(
                "front-matter-value",
                file,
                "the title is missing",
                cell.index,
                _line_of(cell.source, "title"),
                'Write one: title: "…".',
            )
        )
    return values, found


def blocks(notebook: Notebook, file: str) -> Iterator[Finding]:
    """The blocks that Quarto takes for more front matter: all text between two lines of `---` of
    which the first has no blank line after it, as after a rule, or an underlined heading."""
    cells = [cell for cell in notebook.cells if cell.kind == "raw"]
    if sum(cell.source.count("---") for cell in cells) < 3:
        return
    text, starts = "", []
    for cell in cells:
        starts.append((len(text), cell))
        text += masking.outline(cell.source) + "\n\n"
    position = 0
    while match := _first_block(text, position):
        position = match.end()
        if match.re is _RULES:
            continue
        start, cell = [place for place in starts if place[0] <= match.start()][-1]
        if cell is notebook.front_matter_cell:
            continue
        line = text.count("\n", start, match.start()) + 1
        try:
            frontmatter.parse(match[0], file=file)
        except WeeknotesError:
            yield Finding(
                "front-matter-invalid",
                file,
                "Quarto takes what follows this --- for front matter, and stops",
                cell.index,
                line,
                "Put a blank line after it; or ## before a heading, in place of the line below it.",
            )
        else:
            yield Finding(
                "front-matter-place",
                file,
                "this is front matter to Quarto, though not to the built-in renderer",
                cell.index,
                line,
                "Put it into the first cell; or a blank line after ---, if it is a rule.",
            )


def _first_block(text: str, position: int) -> re.Match[str] | None:
    """The first two lines of `---` that Quarto pairs, with what is between them."""
    pairs = (_BLOCK.search(text, position), _RULES.search(text, position))
    return min((pair for pair in pairs if pair), key=lambda pair: pair.start(), default=None)


def values_findings(
    values: Mapping[str, Any], file: str, cell: int | None, source: str
) -> Iterator[Finding]:
    """The values that are not of the kind that their key takes, in ``source`` or under a format."""
    formats = values.get("format")
    options = formats.values() if isinstance(formats, dict) else ()
    for level in (values, *(one for one in options if isinstance(one, dict))):
        for key, value in level.items():
            check = _VALUES.get(key)
            if check and value is not None and not check[0](value):
                yield Finding(
                    "front-matter-value",
                    file,
                    f"'{key}: {_shown(value)}' must be {check[1]}",
                    cell,
                    _line_of(source, key),
                    "Correct it, or take it out.",
                )
    date = date_in(values, file)
    if date and date.problem:
        line = _line_of(source, "date")
        yield Finding("front-matter-value", file, date.problem, cell, line, HINT)
    block = frontmatter.split(source)
    for match in _TAG.finditer(block[0]) if block else ():
        yield Finding(
            "front-matter-value",
            file,
            f"Quarto does not know the tag {match[1]}",
            cell,
            block[1] + block[0].count("\n", 0, match.start()) if block else None,
            "Quote the value, if the sign is part of it.",
        )


def _shown(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 40 else text[:39] + "…"


def lines(source: str, keys: Iterable[str]) -> dict[str, int]:
    """The lines of a cell on which the ``keys`` of its front matter are."""
    found = {key: _line_of(source, key) for key in keys}
    return {key: line for key, line in found.items() if line}


def _line_of(source: str, key: str) -> int | None:
    match = re.search(rf"^[ \t]*[\"']?{re.escape(key)}[\"']?[ \t]*:", source, re.M)
    return source.count("\n", 0, match.start()) + 1 if match else None
