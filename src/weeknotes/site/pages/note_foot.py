"""The foot of a note: links to related notes."""

from __future__ import annotations

from collections.abc import Sequence

from lxml import html
from lxml.html import HtmlElement

from weeknotes.site.data.page_records import PageRecord, Site
from weeknotes.site.data.related import Relation, related_of
from weeknotes.site.html import markup
from weeknotes.site.pages.shell import Shell
from weeknotes.text.languages import language_of


def inputs(site: Site, page: PageRecord) -> str:
    """The fingerprint of the related notes of ``page``."""
    return related_of(site).fingerprint(page)


def add_related(tree: HtmlElement, shell: Shell, site: Site, page: PageRecord) -> None:
    """Put the related notes at the foot of each note of ``page``."""
    related = related_of(site).of(page)
    sections = {e.get("id"): e for e in tree.iter("details", "section") if e.get("id")}
    for note in page.notes:
        relations = related.get(note.anchor, ())
        section = sections.get(note.anchor)
        if relations and section is not None:
            section.append(_list(shell, page, relations))


def _list(shell: Shell, page: PageRecord, relations: Sequence[Relation]) -> HtmlElement:
    box = html.Element("div")
    box.set("class", "related")
    title = html.Element("p")
    title.set("class", "related-title")
    title.text = shell.strings("related")
    if shell.strings.lang != page.lang:
        title.set("lang", shell.strings.lang)
    items = html.Element("ul")
    for relation in relations:
        item = html.Element("li")
        link = html.Element("a")
        link.set("href", f"{markup.rebased(relation.page.href, '', page.href)}#{relation.anchor}")
        link.text = relation.title
        lang = language_of(relation.title, relation.page.lang)
        if lang != page.lang:
            link.set("lang", lang)
        week = html.Element("span")
        week.set("class", "from-week date")
        week.text = relation.page.week or relation.page.date[:10]
        link.tail = " "
        item.extend([link, week])
        items.append(item)
    box.extend([title, items])
    return box
