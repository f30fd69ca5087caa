"""A page a paper: its reference, where to read it, and every note on it in order of time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from lxml import html
from lxml.html import HtmlElement

from weeknotes.journal.records import Note
from weeknotes.site.data import entry_text
from weeknotes.site.data.bibliography import JournalPaper, Mention, bibliography_of
from weeknotes.site.data.note_index import facts_of
from weeknotes.site.data.page_records import Site
from weeknotes.site.data.topics import topics_of
from weeknotes.site.data.verdicts import verdict_in
from weeknotes.site.html import folds, markup
from weeknotes.site.pages.home_page import excerpt
from weeknotes.site.pages.page import Page
from weeknotes.site.pages.page_body import finish, page_state, permanent_label
from weeknotes.site.pages.papers_page import status_words
from weeknotes.site.pages.shell import Shell

#: What the notes of one page may weigh together, in bytes, so that the page stays under 300 kB.
_BUDGET = 230_000
_PASSAGE_LENGTH = 400
_MOST_BESIDE = 40
_MOST_PASSAGES = 150


@dataclass(frozen=True)
class Told:
    """A note on the paper as its page shows it; ``html`` is empty where there was no room for it."""

    mention: Mention
    anchor: str
    html: str


@dataclass(frozen=True)
class Passage:
    """A passage in which a note on something else cites the paper: the HTML of that paragraph."""

    mention: Mention
    html: str


@dataclass(frozen=True)
class View:
    """The author's view of the paper at a time: the verdict of a note, or else how it begins, as HTML,
    and the note's anchor on the page."""

    mention: Mention
    anchor: str
    html: str
    is_verdict: bool


def pages(shell: Shell, site: Site) -> Iterator[PaperPage]:
    """A page for each paper of the library."""
    for paper in bibliography_of(site).papers.values():
        yield PaperPage(shell, site, paper)


class PaperPage(Page):
    """The page of ``paper``."""

    template = "paper.html"
    section = "papers"

    def __init__(self, shell: Shell, site: Site, paper: JournalPaper) -> None:
        super().__init__(shell, site, paper.href)
        self.paper = paper

    def made_from(self) -> Sequence[Any]:
        site, paper = self.site, self.paper
        cited_on = {mention.page.href: mention.page for mention in paper.mentions}
        return [
            paper.fingerprint,
            [page_state(site, page) for page in cited_on.values()],
            _tag_hrefs(site, paper),
            [(other.href, other.fingerprint, n) for other, n in _beside(site, paper)],
            bibliography_of(site).renamed,
        ]

    def values(self) -> Mapping[str, Any]:
        shell, site, paper = self.shell, self.site, self.paper
        # Imported here: most builds have made no page of a paper.
        from weeknotes.library.bibtex import bib_entry
        from weeknotes.library.formats.ris_writer import ris

        views = list(_views(site, paper))
        told = _fit([_told(shell, site, paper, m, n) for n, m in enumerate(_about(paper))])
        cited = [mention for mention in paper.mentions if not mention.about]
        return {
            "heading": paper.title,
            "description": _description(paper),
            "paper": paper,
            "authors": entry_text.authors(paper.entry),
            "year": paper.year,
            "reference": _reference(site, paper),
            "plain_reference": entry_text.reference(paper.entry),
            "links": list(entry_text.links(paper.entry)),
            "status": status_words(shell)[paper.status],
            "added": paper.added,
            "abstract": _paragraphs(paper.entry),
            "tags": paper.tags,
            "topic_hrefs": _tag_hrefs(site, paper),
            "told": told,
            "venue": entry_text.venue(paper.entry),
            "verdict": next((view for view in reversed(views) if view.is_verdict), None),
            "views": views if len(views) > 1 else [],
            "bibtex": bib_entry(_public(paper)).strip(),
            "ris": ris(_public(paper)).strip(),
            "passages": [_passage(shell, site, paper, m) for m in cited[-_MOST_PASSAGES:]],
            "beside": [{"paper": other, "times": times} for other, times in _beside(site, paper)],
        }


def _tag_hrefs(site: Site, paper: JournalPaper) -> dict[str, str]:
    known = topics_of(site).hrefs
    return {tag: known[tag] for tag in paper.tags if tag in known}


def _public(paper: JournalPaper) -> dict[str, Any]:
    """The entry without what its owner keeps beside it: notes, files and fields of other programs."""
    hidden = ("note", "annote", "custom", "abstract", "keyword", "other-ids", "file")
    return {name: value for name, value in paper.entry.items() if name not in hidden}


def _views(site: Site, paper: JournalPaper) -> Iterator[View]:
    for number, mention in enumerate(_about(paper)):
        note = _note(site, mention)
        verdict = verdict_in(note)
        shown = escape(verdict) if verdict else excerpt(note)
        if shown:
            yield View(mention, _anchor(mention, number), shown, bool(verdict))


def _anchor(mention: Mention, number: int) -> str:
    return f"{mention.page.week or mention.time}-{number + 1}"


def _about(paper: JournalPaper) -> list[Mention]:
    return [mention for mention in paper.mentions if mention.about]


def _beside(site: Site, paper: JournalPaper) -> list[tuple[JournalPaper, int]]:
    return bibliography_of(site).beside(paper)[:_MOST_BESIDE]


def _description(paper: JournalPaper) -> str:
    names = entry_text.short_authors(paper.entry)
    return ", ".join(part for part in (names, entry_text.year(paper.entry)) if part)


def _paragraphs(entry: Mapping[str, Any]) -> list[str]:
    """The abstract's paragraphs as plain text."""
    text = str(entry.get("abstract") or "")
    return [" ".join(part.split()) for part in text.split("\n\n") if part.strip()]


def _reference(site: Site, paper: JournalPaper) -> str:
    """The reference as citeproc wrote it on the newest page that cites the paper, of one in the site's
    language if there is any; empty where no page's list has it."""
    facts = facts_of(site)
    newest = reversed(paper.mentions)
    for mention in sorted(newest, key=lambda m: m.page.lang != site.project.lang):
        html = facts.of(mention.page).references.get(paper.key)
        if html:
            tree = markup.parse(html)
            markup.rebase(tree, mention.page.href, paper.href)
            return markup.serialise(tree)
    return ""


def _note(site: Site, mention: Mention) -> Note:
    notes = site.notes(mention.page.href)
    return next(note for note in notes if note.record == mention.note)


def _told(shell: Shell, site: Site, paper: JournalPaper, mention: Mention, number: int) -> Told:
    tree = _tree(shell, site, _note(site, mention), mention)
    folds.fold_sections(tree, {mention.note.anchor: mention.note.kind}, lambda anchor: mention.href)
    _drop_own_citation(tree, paper)
    address = markup.rebased(mention.page.href, "", paper.href)
    markup.rebase(tree, mention.page.href, paper.href)
    folds.add_permanent_links(tree, lambda inner: f"{address}#{inner}", permanent_label(shell))
    anchor = _anchor(mention, number)
    markup.prefix_identifiers(tree, f"{anchor}--", lambda inner: f"{address}#{inner}")
    _set_time(shell, tree, mention, f"{address}#{mention.note.anchor}")
    return Told(mention, anchor, markup.serialise(tree))


def _tree(shell: Shell, site: Site, note: Note, mention: Mention) -> HtmlElement:
    """``note`` as it is on its page, made ready for being shown on another."""
    tree = markup.parse(note.html)
    markup.drop_code_anchors(tree)
    markup.lighten_formulas(tree, keep_source=True)
    finish(tree, shell, site, mention.page, top=2, eager=0)
    return tree


def _drop_own_citation(tree: HtmlElement, paper: JournalPaper) -> None:
    """Below its heading the note need not say on which paper it is."""
    for line in tree.find_class("byline"):
        for citation in list(line.iter("span")):
            if citation.get("data-cites") == paper.key:
                citation.drop_tree()
        if not line.text_content().strip():
            line.drop_tree()


def _set_time(shell: Shell, tree: HtmlElement, mention: Mention, address: str) -> None:
    """Say right below the heading in which week the note was written, with a link to it there."""
    page = mention.page
    link = html.Element("a")
    link.set("href", address)
    link.text = page.week or page.title
    if page.week:
        link.set("class", "date")
    line = html.Element("p")
    line.set("class", "byline from-week")
    line.append(link)
    if page.start:
        link.tail = " · " + shell.strings.span(page.start, page.end)
    elif mention.time:
        link.tail = " · " + shell.strings.day(mention.time)
    if shell.strings.lang != page.lang:
        line.set("lang", shell.strings.lang)
    summary = next(tree.iter("summary"), None)
    if summary is not None:
        following = summary.getnext()
        (following if following is not None else summary).addnext(line)


def _fit(notes: list[Told]) -> list[Told]:
    """``notes`` with the longest left out until the others fit on a page."""
    while sum(len(told.html.encode()) for told in notes) > _BUDGET:
        longest = max(range(len(notes)), key=lambda n: len(notes[n].html.encode()))
        notes[longest] = Told(notes[longest].mention, notes[longest].anchor, "")
    return notes


def _passage(shell: Shell, site: Site, paper: JournalPaper, mention: Mention) -> Passage:
    """The first paragraph or list item of the note that cites the paper."""
    tree = _tree(shell, site, _note(site, mention), mention)
    markup.rebase(tree, mention.page.href, paper.href)
    for citation in tree.xpath(".//*[@data-cites]"):
        block = next(citation.iterancestors("p", "li", "td", "figcaption", "h3", "h4"), None)
        if paper.key not in citation.get("data-cites").split() or block is None:
            continue
        for inner in list(block.iter("ul", "ol", "img")):
            if inner is not block and inner.getparent() is not None:
                inner.drop_tree()
        address = markup.rebased(mention.page.href, "", paper.href)
        for inner in block.iter():
            inner.attrib.pop("id", None)
            if inner.get("href", "").startswith("#"):
                inner.set("href", address + inner.get("href"))
        if len(block.text_content()) > _PASSAGE_LENGTH:
            markup.truncate(block, _PASSAGE_LENGTH)
        if block.tag not in ("h3", "h4"):
            return Passage(mention, markup.serialise(block).strip())
    return Passage(mention, "")
