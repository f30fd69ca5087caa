"""Links from a citation to the page of its paper, and from a tag to the page of its topic."""

from __future__ import annotations

from collections.abc import Mapping

from lxml import html
from lxml.html import HtmlElement

from weeknotes.site.data.bibliography import bibliography_of
from weeknotes.site.data.page_records import PageRecord, Site
from weeknotes.site.html import markup
from weeknotes.site.pages.shell import Shell
from weeknotes.site.pages.topics_page import topics_of

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
