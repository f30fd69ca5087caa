"""A page of the site that has a source: a week, a digest, or any other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from pathlib import Path
from typing import Any

from lxml.html import HtmlElement

from weeknotes.engines.titles import plain_words
from weeknotes.site.data.bibliography import bibliography_of
from weeknotes.site.data.page_records import PageRecord, Site, weeks_of
from weeknotes.site.data.tasks_and_questions import set_anchors
from weeknotes.site.html import folds, markup
from weeknotes.site.pages import home_page, note_foot, week_glance
from weeknotes.site.pages.citation_links import tag_hrefs
from weeknotes.site.pages.downloads import Action, actions
from weeknotes.site.pages.page import Page
from weeknotes.site.pages.page_body import finish, fold_notes, page_state, permanent_label
from weeknotes.site.pages.shell import Shell
from weeknotes.site.pages.social_card import picture_of

#: Kinds of page whose notes fold.
FOLDING = ("week", "digest")
_DESCRIPTION_LENGTH = 200


def pages(shell: Shell, site: Site) -> Iterator[SourcePage]:
    """A page for each source. Weeks and digests have neighbours in time."""
    weeks = weeks_of(site)
    digests = [page for page in site.pages if page.kind == "digest"]
    in_time = {page.href for page in (*weeks, *digests)}
    for group in (weeks, digests):
        for number, page in enumerate(group):
            newer = group[number - 1] if number else None
            older = group[number + 1] if number + 1 < len(group) else None
            yield SourcePage(shell, site, page, newer, older)
    for page in site.pages:
        if page.href not in in_time and page.href != home_page.HREF:
            yield SourcePage(shell, site, page, None, None)


class SourcePage(Page):
    """The page of ``page``, between its neighbours in time."""

    template = "page.html"

    def __init__(
        self,
        shell: Shell,
        site: Site,
        page: PageRecord,
        newer: PageRecord | None,
        older: PageRecord | None,
    ) -> None:
        super().__init__(shell, site, page.href)
        self.page = page
        self.newer = newer
        self.older = older

    def made_from(self) -> Sequence[Any]:
        site, page = self.site, self.page
        return [
            page_state(site, page),
            [n.label if n else None for n in (self.newer, self.older)],
            bibliography_of(site).renamed,
            note_foot.inputs(site, page),
            [(action.text, action.href) for action in self._actions()],
        ]

    def values(self) -> Mapping[str, Any]:
        shell, site, page = self.shell, self.site, self.page
        tree = markup.parse(site.body(page.href))
        if page.kind == "week":
            set_anchors(tree)
        if page.kind in FOLDING:
            fold_notes(tree, page)
            week_glance.fold(tree, shell, page)
        finish(tree, shell, site, page)
        note_foot.add_related(tree, shell, site, page)
        folds.add_permanent_links(tree, lambda anchor: f"#{anchor}", permanent_label(shell))
        return {
            "page": page,
            "heading": page.title or page.week or Path(page.source).stem,
            "lang": page.lang,
            "section": {"week": "weeks", "digest": "digests"}.get(page.kind, ""),
            "body": markup.serialise(tree),
            "contents": contents(shell, page, tree),
            "foldable": page.kind in FOLDING and len(page.notes) > 1,
            "newer": self.newer,
            "older": self.older,
            "description": description(page),
            "actions": self._actions(),
            "picture": picture_of(site, page),
            "topic_hrefs": tag_hrefs(site, page),
        }

    def _actions(self) -> list[Action]:
        return actions(self.site.project, self.shell.strings, self.page)


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
