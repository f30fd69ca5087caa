"""Looking things up in the journal from a terminal: its weeks, digests and notes, and searching it.

All of it goes by the pages as they would be published, and so holds nothing private, unless the
project shows what is private.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from weeknotes.checks.anchors import named_headings
from weeknotes.errors import UsageError, WeeknotesError
from weeknotes.journal import notebooks
from weeknotes.journal.project import Project
from weeknotes.journal.weeks import Week
from weeknotes.progress import Progress
from weeknotes.site.build import current_site
from weeknotes.site.data import entry_text
from weeknotes.site.data.bibliography import JournalPaper, bibliography_of
from weeknotes.site.data.page_records import PageRecord
from weeknotes.site.data.site_view import BuiltSite
from weeknotes.site.search.asking import Finder, Found, Hit
from weeknotes.site.search.index import Index
from weeknotes.site.search.marking import excerpt, marks
from weeknotes.site.search.query import Unit
from weeknotes.text.folding import fold

_CITATION = re.compile(r"\[[^\[\]]*@[^\[\]]*\]|\{[^{}]*\}")
_LETTERS = re.compile(r"[^\W_]+")
#: The kinds of things that `listed` lists.
KINDS = ("weeks", "digests", "notes", "papers", "tags")


@dataclass(frozen=True)
class PageItem:
    """A week, a digest or another page: ``week`` is its ISO week (empty where it has none), ``date``
    its first day, ``file`` its source."""

    kind: str
    week: str
    date: str
    title: str
    notes: int
    open_tasks: int
    file: str


@dataclass(frozen=True)
class NoteItem:
    """A note: ``papers`` are the citation keys that it is on, ``anchor`` its place on its page."""

    week: str
    date: str
    title: str
    kind: str
    tags: tuple[str, ...]
    papers: tuple[str, ...]
    file: str
    anchor: str


@dataclass(frozen=True)
class PaperItem:
    """A paper of the library: ``status`` is "read" where a note is on it, "cited" where one cites it,
    else "library"; ``weeks`` are those of the notes that mention it."""

    key: str
    title: str
    authors: str
    year: str
    status: str
    added: str
    weeks: tuple[str, ...]


@dataclass(frozen=True)
class TagItem:
    """A tag with the number of notes that have it."""

    tag: str
    notes: int


Item = PageItem | NoteItem | PaperItem | TagItem


def listed(
    project: Project,
    kind: str | None = None,
    *,
    since: Week | None = None,
    tag: str | None = None,
    progress: Progress | None = None,
) -> list[Item]:
    """The items of the journal, newest first: those of one of KINDS, or all its pages if ``kind``
    is None.

    ``since`` leaves out what is of an earlier week, ``tag`` what does not have the tag (papers:
    those that no note with it mentions).
    """
    site = current_site(project, progress=progress)
    pages = [page for page in site.pages if since is None or _day(page) >= since.start.isoformat()]
    if kind is None or kind in ("weeks", "digests"):
        wanted = {"weeks": "week", "digests": "digest", None: None}[kind]
        return [
            _page_item(page)
            for page in sorted(pages, key=_day, reverse=True)
            if wanted in (None, page.kind) and (tag is None or _has(page, tag))
        ]
    found = [note for page in sorted(pages, key=_day, reverse=True) for note in _notes(page)]
    if tag is not None:
        found = [note for note in found if fold(tag) in map(fold, note.tags)]
    if kind == "notes":
        return [*found]
    if kind == "tags":
        counted = Counter(name for note in found for name in note.tags)
        return [TagItem(name, n) for name, n in sorted(counted.items(), key=lambda i: (-i[1], i))]
    return [*_papers(site, pages, tag, since)]


def _page_item(page: PageRecord) -> PageItem:
    notes = sum(1 for note in page.notes if note.kind != "tasks")
    return PageItem(
        page.kind, page.week, _day(page), page.title, notes, page.open_tasks, page.source
    )


def _day(page: PageRecord) -> str:
    return page.start or page.date[:10]


def _has(page: PageRecord, tag: str) -> bool:
    own = [*page.categories, *(name for note in page.notes for name in note.tags)]
    return fold(tag) in map(fold, own)


def _notes(page: PageRecord) -> Iterator[NoteItem]:
    for note in page.notes:
        if note.kind != "tasks":
            yield NoteItem(
                page.week,
                _day(page),
                note.title,
                note.kind,
                note.tags,
                note.papers,
                page.source,
                note.anchor,
            )


def _papers(
    site: BuiltSite, pages: Sequence[PageRecord], tag: str | None, since: Week | None
) -> Iterator[PaperItem]:
    kept = {page.source for page in pages}
    for paper in sorted(bibliography_of(site).papers.values(), key=lambda p: p.last, reverse=True):
        mentions = [m for m in paper.mentions if m.page.source in kept]
        if tag is not None:
            mentions = [m for m in mentions if fold(tag) in map(fold, m.note.tags)]
        late = since is not None and entry_text.added(paper.entry) < since.start.isoformat()
        if (tag is not None or late) and not mentions:
            continue
        weeks = dict.fromkeys(m.page.week or m.time for m in mentions)
        yield _paper_item(paper, tuple(weeks))


def _paper_item(paper: JournalPaper, weeks: tuple[str, ...]) -> PaperItem:
    return PaperItem(
        paper.key,
        paper.title,
        entry_text.short_authors(paper.entry),
        entry_text.year(paper.entry),
        paper.status,
        entry_text.added(paper.entry),
        weeks,
    )


# Searching


@dataclass(frozen=True)
class SearchHit:
    """A hit: ``week`` is the week of the note, or the day of what has none; ``file``, ``cell`` and
    ``line`` are where the words are written, None for a paper of the library. ``excerpt`` is the
    text around the words, ``marked`` where they are in it."""

    week: str
    kind: str
    title: str
    tags: tuple[str, ...]
    file: str | None
    cell: int | None
    line: int | None
    anchor: str
    excerpt: str
    marked: tuple[tuple[int, int], ...] = field(default=(), repr=False)


@dataclass(frozen=True)
class SearchResult:
    """The hits of a query, best first. ``whole`` is false where nothing holds all of it and the hits
    hold some; ``total`` counts those that are not shown as well. ``pages`` are those of the week or day
    that the query names; they are not counted."""

    query: str
    whole: bool
    total: int
    hits: tuple[SearchHit, ...]
    pages: tuple[PageItem, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The result as plain JSON values."""
        shown = [{k: v for k, v in asdict(hit).items() if k != "marked"} for hit in self.hits]
        pages = [asdict(page) for page in self.pages]
        found = {"whole": self.whole, "total": self.total, "pages": pages, "hits": shown}
        return {"query": self.query, **found}


def search(
    project: Project, query: str, *, most: int | None = 20, progress: Progress | None = None
) -> SearchResult:
    """The results of the site's search for ``query``, in its order; at most ``most`` of them.

    Raises UsageError for a query without a word.
    """
    site = current_site(project, progress=progress)
    finder = Finder(Index(site))
    found = finder.search(query)
    if not found.units:
        raise UsageError(
            "there is no word in the query", hint="Name some, as in: weeknotes search diffusion"
        )
    locate = _Locator(project, found)
    shown = [_hit(finder, found, hit, locate) for hit in found.hits[:most]]
    pages = tuple(_page_item(page) for page in found.pages)
    return SearchResult(query, found.whole, len(found.hits), tuple(shown), pages)


def _hit(finder: Finder, found: Found, hit: Hit, locate: Callable[..., Any]) -> SearchHit:
    anchor, title, about, text = finder.text(hit)
    shown, marked = excerpt(text, marks(text, found.units))
    if not marked:
        lines = [line for line in about if marks(line, found.units)]
        if lines:
            shown, marked = excerpt(lines[0], marks(lines[0], found.units))
    page = hit.page
    if not isinstance(page, PageRecord):
        return SearchHit(
            page.date, page.kind, title, hit.tags, None, None, None, anchor, shown, tuple(marked)
        )
    cell, line = locate(page.source, anchor, title)
    when = page.week or _day(page)
    return SearchHit(
        when, page.kind, title, hit.tags, page.source, cell, line, anchor, shown, tuple(marked)
    )


class _Locator:
    """A function that finds the words of a query in a source: the cell, and the line in it."""

    def __init__(self, project: Project, found: Found) -> None:
        self._project = project
        self._units = found.units

    def __call__(self, source: str, anchor: str, title: str) -> tuple[int | None, int | None]:
        """Cell and line of the best line in the note, else of its heading. Both None for a file that
        cannot be read; the cell None for one without cells."""
        path = self._project.root / source
        try:
            if path.suffix != ".ipynb":
                text = path.read_text("utf-8")
                lines = [(None, n, line) for n, line in enumerate(text.split("\n"), 1)]
                best = _best(lines, self._units)
                return best[:2] if best else (None, 1)
            notebook = notebooks.read(path, source)
        except (WeeknotesError, OSError, ValueError):
            return None, None
        first, last = _range_of(notebook, anchor, title)
        inside: list[tuple[int | None, int, str]] = [
            (cell.index, number, line)
            for cell in notebook.cells
            if cell.kind != "raw" and not cell.generated
            for number, line in enumerate(cell.source.split("\n"), 1)
            if first <= (cell.index, number) < last
        ]
        best = _best(inside, self._units)
        return best[:2] if best else (first if anchor else (1, 1))


Line = tuple[int | None, int, str]


def _best(lines: Sequence[Line], units: Sequence[Unit]) -> Line | None:
    """The first of ``lines`` that holds the most of ``units``; None where none holds any."""
    held = [len({number for _, _, number in marks(line[2], units)}) for line in lines]
    return lines[held.index(max(held))] if any(held) else None


def _range_of(
    notebook: notebooks.Notebook, anchor: str, title: str
) -> tuple[tuple[int, int], tuple[int, int]]:
    """Cell and line of a note's heading, and of what follows the note; all of the notebook where the
    heading is not found."""
    end = (len(notebook.cells) + 1, 0)
    wanted = _letters(title)
    begun: tuple[tuple[int, int], int] | None = None
    for heading, name in named_headings(notebook):
        place = (heading.cell.index, heading.cell.source.count("\n", 0, heading.start) + 1)
        if begun and heading.level <= begun[1]:
            return begun[0], place
        own = _letters(_CITATION.sub("", heading.text))
        if not begun and anchor and (name == anchor or own == wanted):
            begun = (place, heading.level)
    return (begun[0], end) if begun else ((1, 1), end)


def _letters(text: str) -> str:
    return "".join(_LETTERS.findall(fold(text)))
