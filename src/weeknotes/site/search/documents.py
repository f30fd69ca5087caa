"""The documents of the search: a page's notes, and its opening part."""

from __future__ import annotations

import hashlib
import posixpath
import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar
from urllib.parse import unquote

from weeknotes.i18n import language
from weeknotes.journal.notes import parse, text_of
from weeknotes.journal.records import Note
from weeknotes.site.data.bibliography import READ, JournalPaper, bibliography_of
from weeknotes.site.data.page_records import PageRecord, Site
from weeknotes.site.pages.figures_page import ShownFigure, shown
from weeknotes.site.search.block_text import (
    Languages,
    Texts,
    note_texts,
    opening_texts,
    primary,
)
from weeknotes.text.folding import fold
from weeknotes.text.languages import language_of, latin_language
from weeknotes.text.tokens import is_wide

_NOTE_REFERENCE = re.compile(r'href="#(fn[^"]*)"')
_ARXIV = re.compile(
    r"(?:arxiv[.:/]\s*(?:abs/|pdf/)?|arxiv\.org/(?:abs|pdf)/)(\d{4}\.\d{4,5}|[a-z-]+/\d{7})", re.I
)


@dataclass(frozen=True)
class SearchDocument:
    """Something that a search can hit, with its address on its page.

    ``anchor`` is the id of a note's section, empty for what is on the page outside its notes.
    ``about`` are lines that say what it is about without being its text: tags, the entries it cites,
    the names of its figures' files. ``texts`` are the rest: for each language in which it has a
    passage, that language and the text in it. There is one of them at least. ``papers`` are those lines
    of ``about`` that name the papers which a note is on: to the order of hits they are its title.
    """

    anchor: str
    title: str
    about: tuple[str, ...]
    texts: tuple[tuple[str, str], ...]
    tags: tuple[str, ...]
    papers: tuple[str, ...] = ()
    below: bool = False

    @property
    def text(self) -> str:
        """The text in all its languages."""
        return "\n".join(text for _, text in self.texts)

    @property
    def langs(self) -> tuple[str, ...]:
        """The languages in which it has a passage, in the order of the texts."""
        return tuple(lang for lang, _ in self.texts)

    def parts(self) -> Sequence[str]:
        """Title with papers, what else it is about, and the text in each language, folded. One that is
        to come ``below`` others that hold the same is all text."""
        if self.below:
            return "", "", " | ".join(map(fold, (self.title, *self.about, self.text)))
        texts = (fold(text) for _, text in self.texts)
        title = " | ".join(map(fold, (self.title, *self.papers)))
        about = " | ".join(fold(line) for line in self.about if line not in self.papers)
        return title, about, *texts


@dataclass(frozen=True)
class YearGroup(ABC):
    """The documents of one kind and one year, which the index holds as if they were one page.

    It has what the index asks of a page. There is no page at ``href``: each document has the address
    of its own place on the site as its anchor.
    """

    date: str
    title: str
    lang: str

    folder: ClassVar[str]
    kind: ClassVar[str]
    week: ClassVar[str] = ""
    start: ClassVar[str] = ""

    @abstractmethod
    def rows(self) -> list[object]:
        """A row for each document with what the index says of it, as far as that can change."""

    @property
    def href(self) -> str:
        """The address under which the index keeps the group; no page of the site has it."""
        return f"{self.folder}/{self.date or 'undated'}.html"

    @property
    def fingerprint(self) -> str:
        """A digest that changes when what the index says of the group would."""
        shown = repr((self.title, self.lang, self.rows()))
        return hashlib.blake2b(shown.encode()).hexdigest()[:24]


@dataclass(frozen=True)
class PaperGroup(YearGroup):
    """The papers of a year of publication."""

    papers: tuple[JournalPaper, ...]

    folder: ClassVar[str] = "papers"
    kind: ClassVar[str] = "paper"

    def rows(self) -> list[object]:
        """Each paper's address, entry and whether it has been read."""
        return [(paper.href, paper.fingerprint, paper.status == READ) for paper in self.papers]


@dataclass(frozen=True)
class FigureGroup(YearGroup):
    """The figures of a year."""

    figures: tuple[ShownFigure, ...]

    folder: ClassVar[str] = "figures"
    kind: ClassVar[str] = "figure"

    def rows(self) -> list[object]:
        """Each figure's address and words."""
        return [(f.href, f.page.lang, f.figure.alt, f.figure.caption_html) for f in self.figures]


def figure_groups(site: Site) -> list[FigureGroup]:
    """All figures of the gallery, the latest year first."""
    years: dict[str, list[ShownFigure]] = {}
    for item in shown(site):
        years.setdefault((item.page.week or item.page.date)[:4], []).append(item)
    lang = site.project.lang
    title = language(lang).search["figure"]
    return [
        FigureGroup(year, title, lang, tuple(years[year])) for year in sorted(years, reverse=True)
    ]


def paper_groups(site: Site) -> list[PaperGroup]:
    """All papers that the site shows, the latest year first."""
    years: dict[str, list[JournalPaper]] = {}
    for paper in bibliography_of(site).papers.values():
        years.setdefault(paper.year, []).append(paper)
    lang = site.project.lang
    title = language(lang).search["paper"]
    return [
        PaperGroup(year, title, lang, tuple(years[year])) for year in sorted(years, reverse=True)
    ]


def count(page: PageRecord | PaperGroup | FigureGroup) -> int:
    """The number of documents of ``page``."""
    if isinstance(page, PaperGroup):
        return len(page.papers)
    return len(page.figures) if isinstance(page, FigureGroup) else len(page.notes) + 1


def documents(site: Site, page: PageRecord | PaperGroup | FigureGroup) -> list[SearchDocument]:
    """The documents of ``page``: first what is in none of its notes, then its notes in order; or
    one for each paper."""
    if isinstance(page, PaperGroup):
        return [_of_paper(paper, page.lang) for paper in page.papers]
    if isinstance(page, FigureGroup):
        return [_of_figure(item) for item in page.figures]
    notes = site.notes(page.href)
    languages = Languages(page.lang, latin_language(site.project.lang))
    footnotes = _footnotes(site.body(page.href), notes)
    library = site.library()
    found = []
    for note in notes:
        own = [footnotes.pop(key) for key in _references(note) if key in footnotes]
        found.append(_of_note(note, languages, own, library))
    opening = opening_texts(site.body(page.href), languages)
    texts = _with_footnotes(opening, footnotes.values(), languages, page.title)
    first = SearchDocument("", page.title, page.categories, texts, page.categories)
    return [first, *found]


def _of_note(
    note: Note, languages: Languages, footnotes: list[str], library: Mapping[str, dict[str, Any]]
) -> SearchDocument:
    files = (posixpath.basename(unquote(figure.src)) for figure in note.figures)
    about = [
        *note.tags,
        *(_entry_line(key, library.get(key, {})) for key in note.cites),
        *(name for name in files if name and not name.startswith("data:")),
    ]
    if note.lang:
        languages = replace(languages, around=note.lang)
    texts = note_texts(note.html, languages)
    return SearchDocument(
        anchor=note.anchor,
        title=note.title,
        about=tuple(dict.fromkeys(about)),
        texts=_with_footnotes(texts, footnotes, languages, note.title),
        tags=note.tags,
        papers=tuple(_entry_line(key, library.get(key, {})) for key in note.papers),
    )


def _with_footnotes(
    texts: Texts, footnotes: Iterable[str], languages: Languages, title: str
) -> tuple[tuple[str, str], ...]:
    """``texts`` with ``footnotes`` in the language of each. Where there is no text at all, the language
    is that of the ``title``."""
    for text in footnotes:
        lang = primary(language_of(text, languages.around, languages.latin))
        texts.setdefault(lang, []).append(text)
    if not texts:
        texts = {primary(language_of(title, languages.around, languages.latin)): []}
    return tuple((lang, "\n".join(lines)) for lang, lines in texts.items())


def _of_paper(paper: JournalPaper, lang: str) -> SearchDocument:
    """The entry of ``paper``. The notes on it hold the same and come first."""
    return SearchDocument(
        anchor=paper.href,
        title=paper.title,
        about=(_entry_line(paper.key, {**paper.entry, "title": ""}),),
        texts=((primary(paper.lang or language_of(paper.title, lang)), ""),),
        tags=(),
        below=paper.status == READ,
    )


def _of_figure(item: ShownFigure) -> SearchDocument:
    """A figure: its caption, else its alternative text, and the note that it is in."""
    caption = text_of(parse(item.figure.caption_html)) if item.figure.caption_html else ""
    title = caption or item.figure.alt or (item.note.title if item.note else item.page.title)
    alt = item.figure.alt if item.figure.alt not in ("", title) else ""
    return SearchDocument(
        anchor=item.href,
        title=title,
        about=item.note.tags if item.note else (),
        texts=((primary(language_of(title, item.page.lang)), alt),),
        tags=item.note.tags if item.note else (),
        below=True,
    )


def _entry_line(key: str, entry: Mapping[str, Any]) -> str:
    """A cited entry on one line: authors, year, title, identifiers. On the next is the citation key,
    which is looked for and not shown."""
    authors = ", ".join(_name(name) for name in entry.get("author", []) if isinstance(name, dict))
    dates = entry.get("issued", {}).get("date-parts") or [[""]]
    year = str(dates[0][0] if dates[0] else "")
    title = str(entry.get("title", ""))
    line = ". ".join(part for part in (authors, year, title) if part)
    return " · ".join([*([line] if line else []), *_identifiers(entry)]) + f"\n{key}"


def _name(name: Mapping[str, Any]) -> str:
    family, given = str(name.get("family", "")), str(name.get("given", ""))
    if not family:
        return str(name.get("literal", "")) or given
    particle = str(name.get("non-dropping-particle", name.get("dropping-particle", "")))
    family = f"{particle} {family}".strip()
    if family and is_wide(family[0]):
        return family + given
    return f"{given} {family}".strip()


def _identifiers(entry: Mapping[str, Any]) -> Iterator[str]:
    doi = str(entry.get("DOI", ""))
    arxiv = next(
        (
            match[1]
            for field in ("DOI", "URL", "number", "archive_location", "note")
            if (match := _ARXIV.search(str(entry.get(field, ""))))
        ),
        "",
    )
    if arxiv:
        yield f"arXiv:{arxiv}"
    if doi and not (arxiv and arxiv in doi):
        yield f"doi:{doi}"


def _references(note: Note) -> list[str]:
    return _NOTE_REFERENCE.findall(note.html) if "doc-noteref" in note.html else []


def _footnotes(body: str, notes: tuple[Note, ...]) -> dict[str, str]:
    """The texts of the page's footnotes by the id of each; they are at the page's end, outside of
    the notes that they belong to."""
    if "doc-endnotes" not in body:
        return {}
    sections = parse(body[body.rindex("<section", 0, body.index("doc-endnotes")) :])
    items = sections.xpath('.//*[@role="doc-endnotes"]//li[@id]')
    return {item.get("id"): text_of(item).removesuffix("↩︎").strip() for item in items}
