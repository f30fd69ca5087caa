"""Notes that fold, and the permanent links of headings.

A folded note is a ``<details>`` whose summary is the note's heading. A summary is a button to those
who use a screen reader, and a button can't hold links: those of the heading, its citation above all,
come to be right below it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import deepcopy
from urllib.parse import urlsplit

from lxml import html
from lxml.html import HtmlElement

from weeknotes.engines.titles import plain_words
from weeknotes.site.html.markup import HEADINGS

_ADDRESS_LENGTH = 48


def fold_sections(tree: HtmlElement, kinds: Mapping[str, str], key: Callable[[str], str]) -> None:
    """Make each section whose id is in ``kinds`` a ``<details open>`` with its heading as summary.

    ``kinds`` gives the class that says what sort of note it is; ``key`` makes of an id the name
    under which a browser remembers the fold.
    """
    for section in list(tree.iter("section")):
        anchor = section.get("id")
        heading = next((child for child in section if child.tag in HEADINGS), None)
        if anchor is None or anchor not in kinds or heading is None:
            continue
        section.tag = "details"
        section.set("class", f"{section.get('class', '')} note {kinds[anchor]}".strip())
        section.set("open", "")
        section.set("data-fold", key(anchor))
        summary = html.Element("summary")
        summary.tail, heading.tail = heading.tail, None
        section.remove(heading)
        section.insert(0, summary)
        summary.append(heading)
        links = _take_links(heading)
        if links:
            _set_below(summary, links)
        _mark_tag_line(section)


def add_permanent_links(
    tree: HtmlElement, address: Callable[[str], str], label: Callable[[str], str]
) -> None:
    """Put a link to itself beside each heading that has an address.

    The link is empty (the theme draws its sign), so that it adds no words to the text; ``label``
    makes its accessible name of the heading's text.
    """
    for heading in list(tree.iter(*HEADINGS)):
        owner = heading.getparent()
        summary = owner if owner is not None and owner.tag == "summary" else None
        if summary is not None:
            owner = summary.getparent()
        anchor = heading.get("id") or (
            owner.get("id") if owner is not None and owner.tag in ("section", "details") else None
        )
        if not anchor or "tab-title" in heading.get("class", ""):
            continue
        link = html.Element("a")
        link.set("class", "permalink")
        link.set("href", address(anchor))
        link.set("aria-label", label(plain_words(heading)))
        if summary is not None:
            link.tail, summary.tail = summary.tail, None
            summary.addnext(link)
        else:
            heading.append(link)


def _take_links(heading: HtmlElement) -> list[HtmlElement]:
    """Free ``heading`` of links; returns what takes their place below it.

    Citations at its end go below; what is linked or cited within its words stays there as text.
    """
    taken = _closing_citations(heading)
    if len("".join(heading.itertext())) > len("".join(t for c in taken for t in c.itertext())):
        for citation in taken:
            citation.drop_tree()
        _strip_end(heading)
    else:
        taken = [_copy(citation) for citation in taken]
    for link in list(heading.iter("a")):
        cited = next((e for e in link.iterancestors("span") if _has_class(e, "citation")), None)
        if cited is None:
            taken.append(_named_link(link))
        elif not any(other.get("data-cites") == cited.get("data-cites") for other in taken):
            taken.append(_copy(cited))
        link.drop_tag()
    return taken


def _closing_citations(heading: HtmlElement) -> list[HtmlElement]:
    """The citations that nothing but tags follows."""
    found: list[HtmlElement] = []
    for child in reversed(heading):
        if (child.tail or "").strip() or not (
            _has_class(child, "citation") or _has_class(child, "tag")
        ):
            break
        if _has_class(child, "citation"):
            found.insert(0, child)
    return found


def _named_link(link: HtmlElement) -> HtmlElement:
    """A link to where ``link`` leads, named after its address if that is on another site."""
    href = link.get("href", "")
    parts = urlsplit(href)
    named = html.Element("a")
    named.set("href", href)
    name = parts.netloc.removeprefix("www.") + parts.path.rstrip("/")
    if len(name) > _ADDRESS_LENGTH:
        name = name[: _ADDRESS_LENGTH - 1] + "…"
    named.text = name if parts.netloc else plain_words(link)
    return named


def _set_below(summary: HtmlElement, links: list[HtmlElement]) -> None:
    line = html.Element("p")
    line.set("class", "byline")
    for link in links:
        link.tail = " "
        line.append(link)
    line[-1].tail = None
    line.tail, summary.tail = summary.tail, None
    summary.addnext(line)


def _mark_tag_line(section: HtmlElement) -> None:
    """Name the paragraph that holds only the note's tags, so that it can be beside the citation."""
    for child in list(section)[1:3]:
        if child.tag != "p" or child.get("class") == "byline":
            continue
        loose = (child.text or "") + "".join(inner.tail or "" for inner in child)
        if len(child) and not loose.strip() and all(_has_class(inner, "tag") for inner in child):
            child.set("class", f"{child.get('class', '')} tag-line".strip())
        return


def _strip_end(heading: HtmlElement) -> None:
    if len(heading):
        heading[-1].tail = (heading[-1].tail or "").rstrip() or None
    else:
        heading.text = (heading.text or "").rstrip()


def _copy(element: HtmlElement) -> HtmlElement:
    copy = deepcopy(element)
    copy.tail = None
    return copy


def _has_class(element: HtmlElement, name: str) -> bool:
    return name in (element.get("class") or "").split()
