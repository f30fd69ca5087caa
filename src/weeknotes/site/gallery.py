"""The gallery: every figure of the journal, newest first, small, with what it shows and where it is."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from weeknotes.records import Figure, NoteRecord
from weeknotes.site import markup, publish, thumbnails
from weeknotes.site.divided import Part
from weeknotes.site.facts import facts_of
from weeknotes.site.pages import PageRecord, Site
from weeknotes.site.shell import Shell, fingerprint

HREF = "figures.html"
FIGURES_A_PAGE = 60


@dataclass(frozen=True)
class Shown:
    """A figure in the gallery: the site path and the file of its image, and its note, which is None
    on a page that has none."""

    page: PageRecord
    note: NoteRecord | None
    figure: Figure
    asset: str
    path: str


def shown(site: Site) -> list[Shown]:
    """The figures of all notes, newest page first, each image of a page once."""
    facts = facts_of(site)
    pages = sorted(site.pages, key=lambda page: (page.start or page.date, page.href), reverse=True)
    return [item for page in pages for item in _of_page(site, page, facts.of(page))]


def _of_page(site: Site, page: PageRecord, facts: Any) -> Iterator[Shown]:
    assets = site.assets(page.href)
    seen: set[str] = set()
    notes = [(note, known.figures) for note, known in zip(page.notes, facts.notes, strict=True)]
    for note, figures in [*notes, (None, facts.figures)]:
        for figure in figures:
            asset = _site_path(page, figure.src)
            if asset in assets and asset not in seen:
                seen.add(asset)
                yield Shown(page, note, figure, asset, assets[asset])


def _site_path(page: PageRecord, src: str) -> str:
    path = unquote(src.partition("?")[0])
    return posixpath.normpath(posixpath.join(posixpath.dirname(page.href), path))


def thumbnails_of(items: list[Shown]) -> Mapping[str, str]:
    """The images that the gallery shows: site path → file."""
    return {item.asset: item.path for item in items}


def inputs(shell: Shell, part: Part[Shown], total: int) -> str:
    """What one page of the gallery is made from, as a fingerprint."""
    rows = [
        (item.asset, item.page.href, item.page.fingerprint, publish.stat_of(item.path))
        for item in part.items
    ]
    return fingerprint(shell.fingerprint, part.href, part.hrefs, rows, total)


def make(shell: Shell, part: Part[Shown], total: int) -> bytes:
    """One page of the gallery."""
    return shell.render(
        "figures.html",
        part.href,
        lang=shell.strings.lang,
        section="figures",
        heading=shell.strings("figures"),
        description=shell.strings.count("figures_about", total),
        part=part,
        cards=[_card(shell, item, part.href) for item in part.items],
    )


def _card(shell: Shell, item: Shown, href: str) -> dict[str, Any]:
    where = item.page.week or item.page.title
    name = item.figure.alt or shell.strings("untitled_figure", where)
    anchor = item.figure.anchor or (item.note.anchor if item.note else "")
    size = thumbnails.shown_size(item.path)
    return {
        "image": thumbnails.thumbnail_of(item.asset),
        "size": size,
        "full": item.asset,
        "name": name,
        "caption": _caption(item, href),
        "title": item.note.title if item.note else item.page.title,
        "lang": item.page.lang,
        "where": f"{item.page.href}#{anchor}" if anchor else item.page.href,
        "week": where if item.note else "",
    }


def _caption(item: Shown, href: str) -> str:
    """The figure's caption, without ids, its links as they hold in the gallery."""
    if not item.figure.caption_html:
        return ""
    tree = markup.parse(item.figure.caption_html)
    markup.lighten_formulas(tree)
    for element in list(tree.iter("a", "span", "p")):
        element.attrib.pop("id", None)
        if element.tag != "span":
            element.drop_tag()
    markup.rebase(tree, item.page.href, href)
    return markup.serialise(tree).strip()
