"""Rewrites what Quarto would read differently from the built-in renderer, before Quarto reads it.

Quarto sends each notebook through a filter, so the notebook itself stays as its author wrote it. Each
rewriting here is one that every supported version of Quarto needs, or that the oldest needs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from weeknotes.engines import shortcodes
from weeknotes.text.markdown import CODE, read

Edit = tuple[int, int, str]
"""The start and end of a stretch of text, and what to put there."""

_BRACES = re.compile(r"(?:`{3,}|~{3,})[ \t]*(\{+[ \t]*[\w+#-]+(?:[^{}\n]|\{[^{}\n]*\})*\}+)")
_PLACEHOLDER = re.compile(r"(?<!\{)\{\{<\s*placeholder\b([^<>]*)>\}\}(?!\})")


def rewritten(markdown: str) -> str:
    """``markdown``, the text of a cell, as Quarto has to be given it."""
    edits = [*_fences(markdown), *_placeholders(markdown)]
    for start, end, text in sorted(edits, reverse=True):
        markdown = markdown[:start] + text + markdown[end:]
    return markdown


def _fences(text: str) -> Iterator[Edit]:
    """Fences such as ```{r, echo=FALSE}: Quarto takes braces for a language only where they hold no
    ``=`` and no ``.``, and tears the block apart otherwise."""
    if "```" not in text and "~~~" not in text:
        return
    for region in read(text).of("fence"):
        match = _BRACES.match(text, region.start + _indent(text, region.start))
        if not match or region.attributes.classes or not re.search(r"[.=]|~~~", match[0]):
            continue
        if match[1].startswith("{{") or not region.name:
            continue  # Braces without a language hold attributes alone.
        yield *match.span(1), f"{{.{region.name.lower()}}}"


def _indent(text: str, at: int) -> int:
    return len(text[at:]) - len(text[at:].lstrip(" "))


def _placeholders(text: str) -> Iterator[Edit]:
    """Placeholder images, which Quarto before 1.10 fetches from another host."""
    if "placeholder" not in text:
        return
    structure = read(text)
    for match in _PLACEHOLDER.finditer(text):
        if not structure.inside(match.start(), CODE):
            yield *match.span(), shortcodes.placeholder(text, match.start(), match[1])
