"""Changes to the body of a page that are made wherever it is shown: on its own page, among the weeks,
on a paper's page, at home."""

from __future__ import annotations

import posixpath
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote

from lxml.html import HtmlElement

from weeknotes.i18n.engine_words import words
from weeknotes.site.data import for_reader
from weeknotes.site.data.cache import once_a_site
from weeknotes.site.data.page_records import PageRecord, Site
from weeknotes.site.html import folds, markup
from weeknotes.site.html.cell_folds import fold_cells
from weeknotes.site.pages import remote_media, week_glance
from weeknotes.site.pages.citation_links import link_citations, link_tags, tag_hrefs
from weeknotes.site.pages.shell import Shell, fingerprint
from weeknotes.text.image_size import image_size
from weeknotes.text.languages import latin_language, mark_languages

_IMAGES = frozenset(("png", "jpg", "jpeg", "gif", "webp", "svg"))


def image_state(site: Site, page: PageRecord) -> list[tuple[str, list[int] | None]]:
    """A value that changes when an image of ``page`` may have another size than before."""
    return [
        (href, site.stat(path))
        for href, path in site.assets(page.href).items()
        if href.rpartition(".")[2].lower() in _IMAGES
    ]


@once_a_site
def _states(site: Site) -> dict[str, str]:
    return {}


def page_state(site: Site, page: PageRecord) -> str:
    """A fingerprint of what `finish` makes of the body of ``page``: of the page itself, its images and
    its topics. The library and the words around it are not in it."""
    states = _states(site)
    if page.href not in states:
        parts = (page.href, page.fingerprint, image_state(site, page), tag_hrefs(site, page))
        states[page.href] = fingerprint(*parts)
    return states[page.href]


def fold_notes(tree: HtmlElement, page: PageRecord) -> None:
    """Let the notes of ``page`` fold. A fold is remembered by the week's page and the note's anchor,
    wherever the note is shown."""
    kinds = {note.anchor: note.kind for note in page.notes if note.anchor}
    folds.fold_sections(tree, kinds, lambda anchor: f"{page.href}#{anchor}")


def finish(
    tree: HtmlElement, shell: Shell, site: Site, page: PageRecord, *, top: int = 2, eager: int = 1
) -> None:
    """Do to the body of ``page`` what is needed wherever it is shown.

    ``top`` is the level of its outermost headings there; ``eager`` the number of its images that
    load at once.
    """
    assets = site.assets(page.href)

    def size_of(address: str) -> tuple[int, int] | None:
        target = posixpath.join(posixpath.dirname(page.href), unquote(address.partition("?")[0]))
        path = assets.get(posixpath.normpath(target))
        return image_size(Path(path)) if path else None

    for_reader.drop_empty(tree)
    week_glance.redraw_charts(tree, page, assets, tag_hrefs(site, page))
    remote_media.link_foreign_media(tree, shell, page.lang)
    fold_cells(tree, page.lang)
    markup.head_footnotes(tree, words(page.lang)["footnotes"])
    markup.level_headings(tree, top)
    markup.settle_tables(tree)
    markup.settle_tasks(tree)
    markup.prepare_media(tree, size_of, eager)
    markup.make_scrollable(tree)
    link_citations(tree, shell, site, page)
    link_tags(tree, site, page)
    mark_languages(tree, page.lang, latin_language(shell.lang))


def permanent_label(shell: Shell) -> Callable[[str], str]:
    """Names a heading's link to itself."""
    return lambda title: shell.strings("permalink", title)
