"""Citations that lead to the pages of the papers."""

from __future__ import annotations

from lxml import html
from lxml.html import HtmlElement

from weeknotes.site import markup
from weeknotes.site.bibliography import bibliography_of
from weeknotes.site.pages import PageRecord, Site
from weeknotes.site.shell import Shell

_ENTRY = "ref-"


def link_citations(tree: HtmlElement, shell: Shell, site: Site, page: PageRecord) -> None:
    """Let each citation of ``page`` lead to its paper's page, and each entry of its reference list
    say where all notes on it are. The entries keep their own addresses (``#ref-KEY``)."""
    papers = bibliography_of(site)
    for link in tree.iter("a"):
        href = link.get("href", "")
        if href.startswith(f"#{_ENTRY}"):
            paper = papers.find(href.removeprefix(f"#{_ENTRY}"))
            if paper is not None:
                link.set("href", markup.rebased(paper.href, "", page.href))
    for entry in tree.find_class("csl-entry"):
        paper = papers.find(entry.get("id", "").removeprefix(_ENTRY))
        if paper is None:
            continue
        link = html.Element("a")
        link.set("class", "to-paper")
        link.set("href", markup.rebased(paper.href, "", page.href))
        link.set("lang", shell.strings.lang)
        link.text = shell.strings("all_notes_on")
        last = entry[-1] if len(entry) else None
        if last is not None:
            last.tail = (last.tail or "").rstrip() + " "
        else:
            entry.text = (entry.text or "").rstrip() + " "
        entry.append(link)
