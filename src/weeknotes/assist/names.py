"""The tags in the journal's files, which can be written again, and the notes that tell of a paper.

It is read by the one scanner from the files as they were saved, those in private parts too: all of it
is shown to the author alone.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from weeknotes.assist import documents
from weeknotes.engines import sources
from weeknotes.errors import WeeknotesError
from weeknotes.files import stat_of
from weeknotes.journal.project import Project
from weeknotes.text import markdown
from weeknotes.text.markdown.citations import citations

_SAID = 3
_LONGEST_SAID = 240
_TAG_SPAN = re.compile(r"\[[^\[\]]*\]\{[^{}]*\}")
#: Lines of a note that hold none of its author's words: HTML, divs, tables, tags, images, headings.
_NO_WORDS = re.compile(r"\s*(?:[<|#{]|:::|!\[|\$\$|```|~~~)")
#: What a list item, a quote or a task begins with, and a field of the template that is not filled in.
_MARKS = re.compile(r"^\s*(?:[-*+>]\s+|\d+[.)]\s+)+(?:\[[ xX]\]\s+)?")
_UNFILLED = re.compile(r"\*\*[^*]+:\*\*\s*$")


@dataclass(frozen=True, slots=True)
class PaperNote:
    """A note on papers: where it is, its heading, and the first lines of what it says."""

    file: str
    cell: int
    heading: str
    papers: tuple[str, ...]
    said: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FileNames:
    """The tags of a file, its notes on papers, and how often it cites each."""

    tags: tuple[str, ...]
    notes: tuple[PaperNote, ...]
    cites: dict[str, int]


class Names:
    """The names in all files of a journal; `load` reads those that have changed."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._files: dict[str, tuple[object, FileNames]] = {}
        self.tags: Counter[str] = Counter()
        self.notes: dict[str, list[PaperNote]] = {}
        self.cites: dict[str, list[str]] = {}

    def load(self) -> None:
        """Read the files that have changed; those that cannot be read are left out."""
        files: dict[str, tuple[object, FileNames]] = {}
        for name in _sources(self._project):
            stamp = stat_of(self._project.root / name)
            known = self._files.get(name)
            if known is None or known[0] != stamp:
                known = (stamp, self._read(name))
            files[name] = known
        changed = files != self._files
        self._files = files
        if changed:
            self._gather()

    def _read(self, name: str) -> FileNames:
        try:
            return read(documents.of_file(self._project.root, name))
        except OSError:
            return FileNames((), (), {})

    def _gather(self) -> None:
        tags: Counter[str] = Counter()
        notes: dict[str, list[PaperNote]] = {}
        cites: dict[str, list[str]] = {}
        for name, (_, file) in self._files.items():
            tags.update(file.tags)
            for note in file.notes:
                for key in note.papers:
                    notes.setdefault(key, []).append(note)
            for key in file.cites:
                cites.setdefault(key, []).append(name)
        self.tags, self.notes, self.cites = tags, notes, cites


def _sources(project: Project) -> list[str]:
    try:
        return sources.find_all(project)
    except WeeknotesError:
        return []


def read(document: documents.Document) -> FileNames:
    """The names in ``document``. Its Markdown cells are read as one text, as a page is made of them."""
    starts: list[int] = []
    numbers: list[int] = []
    parts: list[str] = []
    length = 0
    for number, cell in enumerate(document.cells, 1):
        if cell.kind == "markdown":
            starts.append(length)
            numbers.append(number)
            parts.append(cell.text.replace("\r", " "))
            length += len(cell.text) + 2
    text = "\n\n".join(parts)
    found = [(one.at, one.key) for one in citations(text) if not one.is_cross_reference]
    structure = markdown.read(text)
    notes = [
        PaperNote(document.name, numbers[bisect_right(starts, at) - 1], heading, papers, said)
        for at, heading, papers, said in (_notes(structure, found) if found else ())
    ]
    return FileNames(tuple(_tags(structure)), tuple(notes), Counter(key for _, key in found))


def _tags(structure: markdown.Structure) -> Iterator[str]:
    for span in structure.of("span"):
        tag = " ".join(structure.text[slice(*span.inner)].split())
        if tag and span.attributes.has_class("tag"):
            yield tag


def _notes(
    structure: markdown.Structure, found: list[tuple[int, str]]
) -> Iterator[tuple[int, str, tuple[str, ...], tuple[str, ...]]]:
    """The headings that cite, themselves or in the paragraph right below: where each is, its text, the
    papers, and what is said below it."""
    headings = list(structure.of("heading"))
    text = structure.text
    for number, heading in enumerate(headings):
        end = headings[number + 1].start if number + 1 < len(headings) else len(text)
        below = text[heading.end : end]
        opening = heading.end + len(below) - len(below.lstrip())
        opening_end = text.find("\n\n", opening)
        opening_end = end if opening_end < 0 else min(opening_end, end)
        if _MARKS.match(text[opening:opening_end]):
            opening_end = heading.end
        papers = dict.fromkeys(key for at, key in found if heading.start <= at < opening_end)
        if papers:
            title = " ".join(text[slice(*heading.inner)].split())
            yield heading.start, title, tuple(papers), _said(structure, heading.end, end)


def _said(structure: markdown.Structure, start: int, end: int) -> tuple[str, ...]:
    """The first lines in which a note says something, without their marks."""
    unsaid = [
        (region.start, region.end)
        for region in structure.regions
        if region.kind in ("comment", "fence", "element")
        or (region.kind == "math" and structure.text.startswith("$$", region.start))
    ]
    shown = markdown.blank(structure.text, unsaid)[start:end]
    lines = []
    for line in shown.split("\n"):
        words = _MARKS.sub("", _TAG_SPAN.sub("", line)).strip()
        if words and not _NO_WORDS.match(words) and not _UNFILLED.match(words):
            lines.append(words if len(words) <= _LONGEST_SAID else words[:_LONGEST_SAID] + " …")
        if len(lines) == _SAID:
            break
    return tuple(lines)
