"""The formats that can be imported, in one table.

A new format is a module of `formats` that defines ``FORMAT``, and its name in the list below.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from weeknotes.importers.format import Format
from weeknotes.importers.formats import (
    arxiv_table,
    blog,
    insights,
    jupyter,
    logseq,
    notion,
    obsidian,
    org,
    paper,
    quarto,
    rst,
    votes,
    worklog,
    zotero,
)
from weeknotes.importers.source_files import SourcePlace

#: By name. Of two formats for which a source speaks equally, the earlier one is taken.
FORMATS: dict[str, Format] = {
    module.FORMAT.name: module.FORMAT
    for module in (
        *(worklog, blog, insights, votes, arxiv_table),
        *(paper, logseq, obsidian, notion, quarto, jupyter, zotero, org, rst),
    )
}

FALLBACK = FORMATS["blog"]
"""The format of a file that is named on the command line and is of none: a section a heading."""


def suffixes() -> tuple[str, ...]:
    """The suffixes of files that a format converts, beside those of Markdown and plain text."""
    return tuple(suffix for found in FORMATS.values() for suffix in found.suffixes)


def accepts(path: Path) -> bool:
    """Whether the file ``path``, found in a folder, is one to be read: a text, or one of those that a
    format takes for its own."""
    found = [form for form in FORMATS.values() if path.suffix.lower() in form.suffixes]
    return not found or any(form.accepts is None or form.accepts(path) for form in found)


def converter(path: Path) -> Callable[[SourcePlace], str] | None:
    """The function that makes Markdown of the file ``path``: that of the format which takes it for its
    own, else of the last one with its suffix; None for Markdown and plain text."""
    found = [form for form in FORMATS.values() if path.suffix.lower() in form.suffixes]
    own = (form for form in found if form.accepts is None or form.accepts(path))
    form = next(own, found[-1] if found else None)
    return form.convert if form else None
