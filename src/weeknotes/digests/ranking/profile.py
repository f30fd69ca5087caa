"""The reader: what the journal's author reads, writes, ticks and passes over.

Made from the library and the notebooks on disk without rendering them, and from nothing that is
private: cells, sections and files are cut as for publishing (`weeknotes.privacy`), and so are the
papers that only private parts cite.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from weeknotes.digests.entry import Nearest
from weeknotes.digests.entry_cells import added_lines, is_ticked
from weeknotes.digests.notebook import digest_of, own_metadata, paper_cells
from weeknotes.digests.ranking.features import Document
from weeknotes.engines import sources
from weeknotes.engines.page_settings import date_in
from weeknotes.errors import DigestError, WeeknotesError
from weeknotes.journal import notebooks
from weeknotes.journal.notebooks import Notebook
from weeknotes.journal.project import Project
from weeknotes.journal.week_files import notebook_paths, weeks
from weeknotes.journal.weeks import Week
from weeknotes.library.citation_use import citations
from weeknotes.library.store import Entry, Library, date_added, keywords
from weeknotes.privacy.cells import source_of
from weeknotes.privacy.cut import cut_notebook, may_hold_private
from weeknotes.privacy.private_files import Whole
from weeknotes.privacy.private_items import private_papers
from weeknotes.text import markdown

#: How much a bare entry of the library counts, a note, a paper that was ticked in a digest, and an
#: entry with a star: a tag of Zotero's (or keyword) that is one of STARS.
ENTRY, NOTE, TICKED, STARRED = 1.0, 2.0, 2.0, 2.0
STARS = frozenset(
    ["★", "⭐", "starred", "favourite", "favorite", "별표", "즐겨찾기", "收藏", "星标"]
)
#: How much a paper counts that was shown in a digest that was opened, and not ticked.
PASSED = 1.0
_ATTRIBUTES = re.compile(r"\{[^{}\n]*\}")
_TARGET = re.compile(r"\]\([^()\s]*\)|https?://\S+")
_KEY = re.compile(r"-?@(?:\{[^}\s]+\}|[\w][\w:.#$%&\-+?<>~/]*)")
_EMPTY = re.compile(r"\[[\s;,-]*\]|[*_`]{2,}")
_CATEGORY = re.compile(r"[a-z-]+(?:\.[A-Za-z-]+)?")


@dataclass(frozen=True)
class Item:
    """Something that the reader chose or passed over, and how much it counts.

    ``near`` names it as a reason; ``identity`` is the citation key of the paper that it is or is on, or
    its own name; ``date`` is the day on which it was read, written or added, where that is known.
    """

    document: Document
    weight: float = 1.0
    near: Nearest | None = None
    identity: str = ""
    date: datetime.date | None = None


@dataclass(frozen=True)
class Profile:
    """The profile of a reader: ``likes`` were read, written, or ticked; ``passed`` were shown and
    not wanted. ``remarks`` name notebooks that could not be read, and took no part."""

    likes: tuple[Item, ...] = ()
    passed: tuple[Item, ...] = ()
    remarks: tuple[str, ...] = ()


def profile_of(project: Project, before: datetime.date | None = None) -> Profile:
    """The reader of ``project``; with ``before``, as known before that day, for evaluating.

    Addresses of notes are those of their notebooks, from the journal's folder. Raises LibraryError
    where the library cannot be read.
    """
    library = Library.load(project.library_path)
    hidden = private_papers(project, sources.find_all(project))
    shown = {key: entry for key, entry in library.entries.items() if key not in hidden}
    likes: list[Item] = []
    passed: list[Item] = []
    remarks: list[str] = []
    for path, week, there in _public_notebooks(project, remarks):
        if before is not None and week is not None and week.start >= before:
            continue
        href = project.relative(path)
        wanted, unwanted = _digest_items(there, before, href)
        likes += wanted
        passed += unwanted
        likes += [_note_item(note, week, href, library, shown) for note in _notes(there)]
    likes += [_entry_item(key, entry) for key, entry in shown.items()]
    known = [one for one in likes if before is None or one.date is None or one.date < before]
    return Profile(tuple(known), tuple(passed), tuple(remarks))


@dataclass(frozen=True)
class _Note:
    heading: str
    text: str
    keys: tuple[str, ...]


def _public_notebooks(
    project: Project, remarks: list[str]
) -> Iterator[tuple[Path, Week | None, Notebook]]:
    """The journal's notebooks without what is private in them, each with its week."""
    whole = Whole(project)
    of_week = {path: week for week, path in weeks(project).items()}
    for path in notebook_paths(project):
        file = project.relative(path)
        if whole.reason(file):
            continue
        try:
            data = path.read_bytes()
            there = notebooks.parse(data, file)
        except (WeeknotesError, OSError) as error:
            remarks.append(str(error))
            continue
        if may_hold_private(data):
            cut = cut_notebook({"cells": [cell.json for cell in there.cells]})
            kept = dict(zip(cut.numbers, cut.notebook["cells"], strict=True))
            cells = (
                replace(cell, json=kept[cell.index], source=source_of(kept[cell.index]) or "")
                for cell in there.cells
                if cell.index in kept
            )
            there = replace(there, cells=tuple(cells))
        yield path, of_week.get(path) or _week_of_date(there), there
    whole.save()


def _week_of_date(there: Notebook) -> Week | None:
    """The week of the date in a notebook's front matter, as a digest has one."""
    try:
        written = date_in(there.front_matter, "")
        day = _day(written.iso) if written else None
    except WeeknotesError:
        return None
    return Week.of(day) if day else None


def _digest_items(
    there: Notebook, before: datetime.date | None, href: str
) -> tuple[list[Item], list[Item]]:
    """The papers of a digest that were ticked or written about, and those that were passed over.
    Both are empty for a digest that its reader has not changed, or that is not of a day before
    ``before``."""
    made = _day(str(digest_of(there).get("day") or ""))
    if before is not None and made is not None and made >= before:
        return [], []
    wanted, passed = [], []
    try:
        found = paper_cells(there)
    except DigestError:
        return [], []
    for cell in found:
        document = Document(
            cell.paper.title, cell.paper.abstract, cell.paper.authors, cell.paper.categories
        )
        added = added_lines(cell.cell.source, cell.lines)
        identity = cell.paper.id
        if added.strip():
            near = Nearest("", cell.paper.title, str(Week.of(made)) if made else "", href)
            text = f"{cell.paper.abstract}\n{_plain(added)}"
            wanted.append(Item(replace(document, text=text), NOTE, near, identity, made))
        elif is_ticked(cell.cell.source):
            near = Nearest("", cell.paper.title)
            wanted.append(Item(document, TICKED, near, identity, made))
        else:
            passed.append(Item(document, PASSED, None, identity, made))
    return wanted, passed if wanted else []


def _notes(there: Notebook) -> Iterator[_Note]:
    """The notes of a notebook: its headings with what is under them. What a digest made is none."""
    for cell in _written(there):
        yield from _sections(cell)


def _written(there: Notebook) -> Iterator[str]:
    texts = [
        cell.source
        for cell in there.cells
        if cell.kind == "markdown" and not cell.generated and not own_metadata(cell)
    ]
    if texts:
        yield "\n\n".join(texts)


def _sections(text: str) -> Iterator[_Note]:
    """The sections of a Markdown text. Those below a heading that cites a paper belong to it."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    structure = markdown.read(text)
    blanked = structure.blanked(markdown.VERBATIM)
    starts: list[tuple[int, int, int, str]] = []
    inside = 0
    for region in structure.of("heading"):
        heading = text[region.inner[0] : region.inner[1]]
        if inside and region.level > inside:
            continue
        inside = region.level if "@" in heading or "](" in heading else 0
        starts.append((region.start, region.end, region.level, heading))
    for number, (_, end, _, heading) in enumerate(starts):
        following = starts[number + 1][0] if number + 1 < len(starts) else len(text)
        body = blanked[end:following]
        keys = tuple(dict.fromkeys(key for key, _ in citations(f"{heading}\n{body}")))
        if body.strip() or keys:
            yield _Note(_plain(heading), _plain(body), keys)


def _plain(text: str) -> str:
    """The words of Markdown, without addresses, attributes and citation keys."""
    text = _ATTRIBUTES.sub(" ", _TARGET.sub("] ", text))
    return " ".join(_EMPTY.sub(" ", _KEY.sub(" ", text)).split())


def _note_item(
    note: _Note, week: Week | None, href: str, library: Library, shown: Mapping[str, Entry]
) -> Item:
    """A note with the titles and abstracts of the papers that it cites, which find English papers for a
    note in Korean or Chinese."""
    keys = [library.keys.get(key, key) for key in note.keys]
    cited = [shown[key] for key in keys if key in shown]
    titles = [str(entry.get("title") or "") for entry in cited]
    document = Document(
        "\n".join([note.heading, *titles[:1]]),
        "\n".join([note.text, *titles[1:], *(str(entry.get("abstract") or "") for entry in cited)]),
        _authors(cited[0]) if cited else (),
    )
    first = next((key for key in keys if key in shown), "")
    title = note.heading or (titles[0] if titles else "")
    near = Nearest(first, title, str(week) if week else "", href if week else "")
    identity = first or f"note:{href}#{note.heading}"
    return Item(document, NOTE, near, identity, week.start if week else None)


def _entry_item(key: str, entry: Entry) -> Item:
    title = str(entry.get("title") or "")
    tags = keywords(entry)
    categories = tuple(word for word in tags if _CATEGORY.fullmatch(word) and word not in STARS)
    document = Document(title, str(entry.get("abstract") or ""), _authors(entry), categories)
    starred = any(word.strip("\ufe0f ").casefold() in STARS for word in tags)
    weight = STARRED if starred else ENTRY
    return Item(document, weight, Nearest(key, title), key, _day(date_added(entry)))


def _authors(entry: Entry) -> tuple[str, ...]:
    names = []
    for name in entry.get("author") or ():
        if isinstance(name, dict):
            parts = (name.get("given"), name.get("family"), name.get("literal"))
            names.append(" ".join(str(part) for part in parts if part))
    return tuple(name for name in names if name)


def _day(text: str) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(text[:10])
    except ValueError:
        return None
