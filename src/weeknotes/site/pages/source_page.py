"""A page of the site that has a source: a week, a digest, or any other."""

from __future__ import annotations

import posixpath
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from lxml.html import HtmlElement

from weeknotes.engines.titles import plain_words
from weeknotes.i18n.engine_words import words
from weeknotes.site.data import for_reader
from weeknotes.site.data.bibliography import bibliography_of
from weeknotes.site.data.page_records import PageRecord, Site
from weeknotes.site.html import folds, markup
from weeknotes.site.html.cell_folds import fold_cells
from weeknotes.site.pages import note_foot, remote_media, week_glance
from weeknotes.site.pages.citation_links import link_citations, link_tags, tag_hrefs
from weeknotes.site.pages.downloads import actions
from weeknotes.site.pages.shell import Shell, fingerprint
from weeknotes.site.pages.social_card import picture_of
from weeknotes.text.image_size import image_size
from weeknotes.text.languages import mark_languages

#: Kinds of page whose notes fold.
FOLDING = ("week", "digest")
_DESCRIPTION_LENGTH = 200
_IMAGES = frozenset(("png", "jpg", "jpeg", "gif", "webp", "svg"))


def inputs(
    shell: Shell,
    site: Site,
    page: PageRecord,
    newer: PageRecord | None,
    older: PageRecord | None,
) -> str:
    """The fingerprint of what the composed page at ``page.href`` is made from."""
    neighbours = [n.label if n else None for n in (newer, older)]
    return fingerprint(
        shell.fingerprint,
        page.href,
        page.fingerprint,
        image_state(site, page),
        neighbours,
        bibliography_of(site).renamed,
        note_foot.inputs(site, page),
        tag_hrefs(site, page),
        [(action.text, action.href) for action in actions(site.project, shell.strings, page)],
    )


def image_state(site: Site, page: PageRecord) -> list[tuple[str, list[int] | None]]:
    """A value that changes when an image of ``page`` may have another size than before."""
    return [
        (href, site.stat(path))
        for href, path in site.assets(page.href).items()
        if href.rpartition(".")[2].lower() in _IMAGES
    ]


def make(
    shell: Shell, site: Site, page: PageRecord, newer: PageRecord | None, older: PageRecord | None
) -> bytes:
    """The composed page of ``page``, between its neighbours in time."""
    tree = markup.parse(site.body(page.href))
    if page.kind in FOLDING:
        fold_notes(tree, page)
        week_glance.fold(tree, shell, page)
    finish(tree, shell, site, page)
    note_foot.add_related(tree, shell, site, page)
    folds.add_permanent_links(tree, lambda anchor: f"#{anchor}", permanent_label(shell))
    return shell.render(
        "page.html",
        page.href,
        page=page,
        heading=page.title or page.week or Path(page.source).stem,
        lang=page.lang,
        section={"week": "weeks", "digest": "digests"}.get(page.kind, ""),
        body=markup.serialise(tree),
        contents=contents(shell, page, tree),
        foldable=page.kind in FOLDING and len(page.notes) > 1,
        newer=newer,
        older=older,
        description=description(page),
        actions=actions(site.project, shell.strings, page),
        picture=picture_of(site, page),
        topic_hrefs=tag_hrefs(site, page),
    )


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
    mark_languages(tree, page.lang, shell.lang if shell.strings.lang == "en" else "en")


def permanent_label(shell: Shell) -> Callable[[str], str]:
    """Names a heading's link to itself."""
    return lambda title: shell.strings("permalink", title)


def contents(shell: Shell, page: PageRecord, tree: HtmlElement) -> list[dict[str, Any]]:
    """The entries of "on this page": the notes, or the sections of a page without notes, and the
    references."""
    found = [{"anchor": n.anchor, "title": n.title, "kind": n.kind} for n in page.notes if n.anchor]
    if not found:
        for section in tree.iter("section"):
            heading = next((child for child in section if child.tag == "h2"), None)
            if heading is not None and section.get("id") and not section.get("role"):
                title = plain_words(heading)
                found.append({"anchor": section.get("id"), "title": title, "kind": "section"})
    if any(section.get("id") == "references" for section in tree.iter("section")):
        title = shell.strings("references")
        if not any(entry["anchor"] == "references" for entry in found):
            found.append({"anchor": "references", "title": title, "kind": "references"})
    for entry in found:
        entry["html"] = _heading_with_formulas(tree, entry["anchor"])
    return found


def _heading_with_formulas(tree: HtmlElement, anchor: str) -> str:
    """The heading of the section ``anchor`` as HTML, if it holds formulas; empty otherwise."""
    section = tree.get_element_by_id(anchor, None)
    heading = section if section is not None and section.tag in markup.HEADINGS else None
    if section is not None and heading is None:
        heading = next(section.iter(*markup.HEADINGS), None)
    if heading is None or not any(True for _ in heading.iter("math")):
        return ""
    copy = deepcopy(heading)
    copy.tail = None
    for link in list(copy.iter("a", "span")):
        # An entry of the contents is a link itself, and holds no other.
        link.drop_tree() if "permalink" in (link.get("class") or "") else link.drop_tag()
    for element in copy.iter():
        if isinstance(element.tag, str):
            element.attrib.pop("id", None)
    return markup.serialise(copy).strip()


def description(page: PageRecord) -> str:
    """A sentence for search engines and previews: what the page's notes are about."""
    text = " · ".join(note.title for note in page.notes if note.kind != "tasks")
    if len(text) > _DESCRIPTION_LENGTH:
        text = text[: _DESCRIPTION_LENGTH - 1].rstrip() + "…"
    return text or page.title
