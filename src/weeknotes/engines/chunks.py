"""Chunks of code in Markdown pages (`.qmd`, `.md`): ```{python} and the like.

Such code is shown and never run, under both engines. The options of a chunk that say whether its code
is shown (`include`, `echo`) hold, and the lines of options are left out, as where it is run.
"""

from __future__ import annotations

import re

from weeknotes.engines.code_cells import Options, is_shown, split_options
from weeknotes.engines.page_settings import PageSettings
from weeknotes.engines.source_reading import SourceCell
from weeknotes.text.markdown import Structure, read

DIAGRAMS = frozenset({"mermaid", "dot"})
"""Languages that are drawn rather than run."""
_OPENING = re.compile(
    r"(?P<ticks>`{3,}|~{3,})[ \t]*\{(?P<language>[A-Za-z][\w+#-]*)(?:[ ,][^\n]*)?\}"
)
#: What Quarto takes for the beginning of a chunk, wherever it is.
_CHUNK = re.compile(r"(?m)^[\t >]*`{3,}\s*\{([A-Za-z0-9_-]+)(?: *[ ,].*)?\}\s*$")


def is_chunk(opening: str) -> re.Match[str] | None:
    """A match with the language where ``opening``, the first line of a fence, is that of a chunk."""
    return _OPENING.match(opening.strip())


def languages(text: str) -> set[str]:
    """The languages that Quarto would find an engine for and run, to be on the safe side also those in
    examples of code."""
    return {match[1].lower() for match in _CHUNK.finditer(text)} - DIAGRAMS - {"ojs"}


def shown_code(language: str, code: str, settings: PageSettings) -> tuple[str | None, str]:
    """The part of a chunk's code that the page shows, None for nothing; and the problem with its
    options, or an empty text."""
    if language in DIAGRAMS:
        return code, ""
    cell = SourceCell("code", code, None)
    values, _, rest, problem = split_options(cell, language)
    options = Options(values, settings)
    if not is_shown(cell, options) or not options.flag("echo"):
        return None, problem
    return rest.strip("\n"), problem


def without_hidden(text: str, settings: PageSettings) -> tuple[str, list[tuple[str, str]]]:
    """``text`` with its chunks as blocks of code, less those that are not shown; and the problems in
    their options, each with the line that it is about."""
    if "{" not in text:
        return text, []
    structure = read(text)
    problems = []
    for region in reversed(list(structure.of("fence"))):
        opening = text[region.start : region.inner[0]].rstrip("\n")
        match = is_chunk(opening)
        if not match or not _is_outermost(structure, region.start):
            continue
        language = match["language"].lower()
        code, problem = shown_code(language, text[slice(*region.inner)], settings)
        if problem:
            problems.append((problem, opening))
        if code is None:
            block = ""
        elif language in DIAGRAMS:
            continue
        else:
            ticks = match["ticks"]
            block = f"{ticks} {{.{language}}}\n{code}\n{ticks}\n"
        text = text[: region.start] + block + text[region.end :]
    return text, problems


def _is_outermost(structure: Structure, at: int) -> bool:
    """Whether the lines of a block at ``at`` begin with nothing that belongs to what it is in."""
    return not structure.inside(at, {"quote", "list", "note", "definition-list"})
