"""Links from a citation to the page of its paper, and from a tag to the page of its topic."""

from __future__ import annotations

from collections.abc import Mapping

from lxml import html
from lxml.html import HtmlElement

from weeknotes.site.data import entry_text
from weeknotes.site.data.bibliography import Bibliography, bibliography_of
from weeknotes.site.data.page_records import PageRecord, Site
from weeknotes.site.data.topics import topics_of
from weeknotes.site.html import markup
from weeknotes.site.pages.shell import Shell

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
    for byline in tree.find_class("byline"):
        _shorten_byline(byline, shell, papers)
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


def _shorten_byline(byline: HtmlElement, shell: Shell, papers: Bibliography) -> None:
    """Let the line below a note's heading say nothing twice. The citation of a paper without authors is
    its title, which the heading is already: the year stays. Its address is named in short."""
    cited = [
        papers.find(key) for e in byline.iter("span") for key in e.get("data-cites", "").split()
    ]
    names = {
        link.href.rpartition("://")[2]: link.name
        for paper in cited
        if paper is not None
        for link in entry_text.links(paper.entry)
    }
    for link in byline.iter("a"):
        citation = next((e for e in link.iterancestors("span") if e.get("data-cites")), None)
        address = link.get("href", "").rpartition("://")[2]
        if citation is None and (name := names.get(address)):
            link.text = name
        elif citation is not None and len(citation.get("data-cites", "").split()) == 1:
            paper = papers.find(citation.get("data-cites", ""))
            if paper is not None and not entry_text.authors(paper.entry):
                for inner in list(link):
                    link.remove(inner)
                link.text = entry_text.year(paper.entry) or shell.strings("reference")


def tag_hrefs(site: Site, page: PageRecord) -> Mapping[str, str]:
    """The topic pages of the tags and categories of ``page``, by tag."""
    known = topics_of(site).hrefs
    return {tag: known[tag] for tag in (*page.tags, *page.categories) if tag in known}


def link_tags(tree: HtmlElement, site: Site, page: PageRecord) -> None:
    """Let each tag in the text of ``page`` lead to its topic's page. One in the heading of a note that
    folds, or in a link, stays as it is: there can be no link within a button or a link."""
    hrefs = tag_hrefs(site, page)
    for tag in list(tree.find_class("tag")):
        href = hrefs.get(" ".join(tag.text_content().split()))
        if tag.tag != "span" or href is None:
            continue
        if next(tag.iterancestors("summary", "a"), None) is None and not tag.xpath(".//a"):
            tag.tag = "a"
            tag.set("href", markup.rebased(href, "", page.href))
