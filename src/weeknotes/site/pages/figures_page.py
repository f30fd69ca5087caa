"""The gallery: every figure of the journal, newest first, small, with what it shows and where it is.

Images in notes are figures, those beside them too, whether they are files or stand in the page itself.
The chart of a week's categories, which its page says in words, is none, nor is what stands for a
picture that was not there when a journal was imported.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import unquote

from weeknotes.journal.records import Figure, NoteRecord
from weeknotes.site.data import entry_text
from weeknotes.site.data.bibliography import JournalPaper, bibliography_of
from weeknotes.site.data.cache import once_a_site
from weeknotes.site.data.glossary import glossary_of
from weeknotes.site.data.note_index import PageFacts, facts_of
from weeknotes.site.data.page_records import Artifact, PageRecord, Site
from weeknotes.site.data.topics import topics_of
from weeknotes.site.html import embedded_images, markup, thumbnails
from weeknotes.site.html.embedded_images import Embedded
from weeknotes.site.pages.page import ComposedFile, PageOfList, data_script
from weeknotes.site.pages.pagination import ListPart, divide_from_oldest
from weeknotes.site.pages.shell import Shell
from weeknotes.site.pages.week_glance import STANDS_FOR_MISSING

HREF = "figures.html"
DATA = "figures.js"
FIGURES_A_PAGE = 60
_CITES = re.compile(r'data-cites="([^"]*)"')


def pages(shell: Shell, site: Site) -> Iterator[Artifact]:
    """The pages of the gallery, and the images that it shows."""
    found = shown(site)
    for part in divide_from_oldest(found, HREF, FIGURES_A_PAGE):
        yield FiguresPage(shell, site, part, len(found))
    yield FiguresData(shell, site, DATA)
    yield from images(site, found)


@dataclass(frozen=True)
class ShownFigure:
    """A figure in the gallery: the site path of its image, and its note, which is None where it is
    in none. ``path`` is the image's file; it is empty for one that is in the page itself, whose
    name is ``inside``."""

    page: PageRecord
    note: NoteRecord | None
    figure: Figure
    asset: str
    path: str
    inside: Embedded | None = None

    @property
    def title(self) -> str:
        """The title of its note, else of its page."""
        return self.note.title if self.note else self.page.title

    @property
    def href(self) -> str:
        """The address of the figure: its page, and its own anchor there or that of its note."""
        anchor = self.figure.anchor or (self.note.anchor if self.note else "")
        return f"{self.page.href}#{anchor}" if anchor else self.page.href


@once_a_site
def shown(site: Site) -> list[ShownFigure]:
    """The figures of the journal, newest page first, each image of a page once."""
    facts = facts_of(site)
    pages = sorted(site.pages, key=lambda page: (page.start or page.date, page.href), reverse=True)
    return [item for page in pages for item in _of_page(site, page, facts.of(page))]


def of_page(site: Site, page: PageRecord) -> list[ShownFigure]:
    """The figures of ``page``, those of its notes first."""
    return list(_of_page(site, page, facts_of(site).of(page)))


def _of_page(site: Site, page: PageRecord, facts: PageFacts) -> Iterator[ShownFigure]:
    assets = site.assets(page.href)
    seen: set[str] = set()
    notes = [(note, known.figures) for note, known in zip(page.notes, facts.notes, strict=True)]
    for note, figures in [*notes, (None, facts.figures)]:
        for figure in figures:
            inside = embedded_images.read_name(figure.src)
            asset = thumbnails.whole_of(inside.digest) if inside else _site_path(page, figure.src)
            if asset in seen or asset == STANDS_FOR_MISSING or not (inside or asset in assets):
                continue
            seen.add(asset)
            yield ShownFigure(page, note, figure, asset, "" if inside else assets[asset], inside)


def _site_path(page: PageRecord, src: str) -> str:
    path = unquote(src.partition("?")[0])
    return posixpath.normpath(posixpath.join(posixpath.dirname(page.href), path))


def images(site: Site, items: Sequence[ShownFigure]) -> Iterator[Artifact]:
    """The small versions of what ``items`` show, and files for images that have none."""
    yield from thumbnails.artifacts({item.asset: item.path for item in items if item.path})
    inside = {item.asset: (item.page.href, item.inside) for item in items if item.inside}
    for href, name in inside.values():
        read = partial(_inside, site, href, name)
        yield from thumbnails.embedded_artifacts(name.digest, read)


def _inside(site: Site, href: str, name: Embedded) -> bytes:
    return embedded_images.find(site.body(href), name)


class FiguresData(ComposedFile):
    """All figures as a script, with which the browser filters the gallery."""

    def made_from(self) -> Sequence[Any]:
        rows = [
            (f.asset, f.href, f.page.fingerprint, f.path and self.site.stat(f.path))
            for f in shown(self.site)
        ]
        papers = {paper.key: paper for f in shown(self.site) for paper in papers_of(self.site, f)}
        library = [(key, paper.fingerprint) for key, paper in sorted(papers.items())]
        glossary = glossary_of(self.site).groups
        return [rows, library, glossary, list(topics_of(self.site).notes) if glossary else []]

    def make(self) -> bytes:
        return data_script(DATA, [self._row(item) for item in shown(self.site)])

    def _row(self, item: ShownFigure) -> list[Any]:
        shown_card = card(self.shell, item, HREF)
        on = papers_of(self.site, item)
        topics = topics_of_figure(self.site, item)
        text = " | ".join((item.figure.alt, item.figure.caption_html, item.title, *topics))
        names = glossary_of(self.site).names_with(re.sub(r"<[^>]*>", " ", text))
        return [
            *(shown_card[name] for name in ("image", "size", "full", "name", "caption", "title")),
            *(shown_card[name] for name in ("lang", "where", "week")),
            topics,
            [paper.title for paper in on],
            " ".join([*names, *(a for paper in on for a in entry_text.authors(paper.entry))]),
        ]


def topics_of_figure(site: Site, item: ShownFigure) -> list[str]:
    """The topics of a figure: the tags of its note, else the categories of its page, and the topics
    that the glossary has for the same things."""
    own = [*(item.note.tags if item.note else ())] or [*item.page.categories]
    known = topics_of(site).notes
    names = (name for topic in own for name in glossary_of(site).others(topic))
    return list(dict.fromkeys([*own, *(name for name in names if name in known)]))


def papers_of(site: Site, item: ShownFigure) -> list[JournalPaper]:
    """The papers of a figure: those that its note is on, else those that it cites, and those that
    its caption cites."""
    keys = list(item.note.papers or item.note.cites) if item.note else []
    for cites in _CITES.findall(item.figure.caption_html):
        keys += cites.split()
    papers = bibliography_of(site)
    found = (papers.find(key) for key in dict.fromkeys(keys))
    return [paper for paper in found if paper is not None]


class FiguresPage(PageOfList[ShownFigure]):
    """One page of the gallery; ``total`` is the number of all figures."""

    template = "figures.html"
    section = "figures"

    def __init__(self, shell: Shell, site: Site, part: ListPart[ShownFigure], total: int) -> None:
        super().__init__(shell, site, part)
        self.total = total

    def items(self) -> Any:
        stat = self.site.stat
        rows = [
            (
                item.asset,
                item.page.href,
                item.page.fingerprint,
                stat(item.path) if item.path else "",
            )
            for item in self.part.items
        ]
        return [rows, self.total, self._names()]

    def _names(self) -> Mapping[str, Any]:
        """The other names of topics, for the filter."""
        glossary = glossary_of(self.site)
        return glossary.names_of(sorted(topics_of(self.site).notes)) if glossary.groups else {}

    def values(self) -> Mapping[str, Any]:
        t = self.shell.strings
        return {
            "heading": t("figures"),
            "description": t.count("figures_about", self.total) if self.total else t("no_figures"),
            "part": self.part,
            "total": self.total,
            "names": self._names(),
            "cards": [card(self.shell, item, self.href) for item in self.part.items],
        }


def card(shell: Shell, item: ShownFigure, href: str) -> dict[str, Any]:
    """The figure as a list of small ones shows it, on the page at ``href``."""
    where = item.page.week or item.page.title
    name = item.figure.alt or shell.strings("untitled_figure", where)
    size = thumbnails.scaled(item.inside.size) if item.inside else thumbnails.shown_size(item.path)
    return {
        "image": thumbnails.thumbnail_of(item.asset),
        "size": size,
        "full": item.asset,
        "name": name,
        "caption": _caption(item, href),
        "title": item.note.title if item.note else item.page.title,
        "lang": item.page.lang,
        "where": item.href,
        "week": where if item.note else "",
    }


def _caption(item: ShownFigure, href: str) -> str:
    """The figure's caption, without ids, its links as they hold in the gallery."""
    if "<" not in item.figure.caption_html:
        return item.figure.caption_html.strip()
    tree = markup.parse(item.figure.caption_html)
    markup.lighten_formulas(tree)
    for element in list(tree.iter("a", "span", "p")):
        element.attrib.pop("id", None)
        if element.tag != "span":
            element.drop_tag()
    markup.rebase(tree, item.page.href, href)
    return markup.serialise(tree).strip()
