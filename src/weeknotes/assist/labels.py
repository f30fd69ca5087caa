"""Labels and anchors of a document, saved or not: what `@fig-…` and `](#…)` can refer to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from weeknotes.assist.documents import Document
from weeknotes.checks.anchors import identifier
from weeknotes.text import markdown
from weeknotes.text.markdown.citations import CROSS_REFERENCE

_LONGEST = 120
_OPTION = re.compile(r"^[ \t]*(?:#|//|%%)\|[ \t]*([\w-]+):[ \t]*[\"']?(.*?)[\"']?[ \t]*$", re.M)
_ATTRIBUTE = re.compile(r"\{[^{}\n]*?#([^\s{}]+)[^{}\n]*\}")
_CAPTIONS = ("fig-cap", "tbl-cap", "lst-cap", "tbl-caption")


@dataclass(frozen=True)
class Label:
    """A name that can be referred to, and the words that it belongs to."""

    name: str
    words: str

    @property
    def is_numbered(self) -> bool:
        """Whether a citation's sign refers to it: a figure, a table, a section, an equation ..."""
        return bool(CROSS_REFERENCE.match(self.name))


def labels(document: Document) -> list[Label]:
    """The labels that attributes and the options of code cells give, each once, in their order."""
    found: dict[str, str] = {}
    for cell in document.cells:
        if cell.kind == "markdown":
            if "#" in cell.text:
                for name, words in _in_markdown(cell.text):
                    found.setdefault(name, words)
        elif cell.kind == "code":
            found |= {name: words for name, words in _in_code(cell.text) if name not in found}
    return [Label(name, words) for name, words in found.items()]


def anchors(document: Document) -> list[Label]:
    """All that a link within the page can lead to: the headings, and `labels`."""
    found: dict[str, str] = {}
    counts: dict[str, int] = {}
    for text in document.markdown:
        structure = markdown.read_any_ends(text)
        for heading in structure.of("heading"):
            words = text[slice(*heading.inner)].strip()
            name = heading.attributes.identifier
            if not name:
                name = identifier(words)
                number = counts.get(name, 0)
                counts[name] = number + 1
                name = f"{name}-{number}" if number else name
            found.setdefault(name, words)
    for label in labels(document):
        found.setdefault(label.name, label.words)
    return [Label(name, words[:_LONGEST]) for name, words in found.items()]


def _in_markdown(text: str) -> Iterator[tuple[str, str]]:
    structure = markdown.read_any_ends(text)
    shown = structure.blanked(("fence", "indented", "code", "comment"))
    for match in _ATTRIBUTE.finditer(shown):
        yield match[1].rstrip(".,"), _words_of(structure, match.start(), match.end())


def _words_of(structure: markdown.Structure, start: int, end: int) -> str:
    """The text that the attributes from ``start`` to ``end`` belong to, on one line: the heading, the
    caption of an image or a table, the formula, or what follows the opening of a div."""
    text = structure.text
    for kind in ("heading", "image", "span", "link", "caption"):
        for region in structure.of(kind):
            if region.start <= start and end <= region.end:
                return _one_line(text[slice(*region.inner)])
    line = text[text.rfind("\n", 0, start) + 1 : start]
    if line.lstrip().startswith(":::"):
        after = text[end:].lstrip().split("\n\n", 1)[0]
        return _one_line(after)
    paragraph = text[text.rfind("\n\n", 0, start) + 1 : start]
    return _one_line(paragraph.lstrip(":\n "))


def _one_line(text: str) -> str:
    return " ".join(text.split())[:_LONGEST]


def _in_code(code: str) -> Iterator[tuple[str, str]]:
    options = {match[1]: match[2] for match in _OPTION.finditer(code)}
    words = next((options[name] for name in _CAPTIONS if name in options), "")
    for name in ("label", "lst-label"):
        if options.get(name):
            yield options[name], words
