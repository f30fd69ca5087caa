"""The parts of a page that its author wrote for the journal's reader.

They are a section headed "For you" in any language of the interface, and what a cell with the tag
``for-advisor`` says (`engines.for_advisor`), in their order on the page.
"""

from __future__ import annotations

from lxml.html import HtmlElement

from weeknotes.i18n import language, languages
from weeknotes.site.data.page_records import PageRecord, Site
from weeknotes.site.html import markup

CLASS = "for-advisor"


def parts(site: Site, page: PageRecord) -> list[HtmlElement]:
    """The sections and divs of ``page`` for its reader, the outermost ones."""
    body = site.body(page.href)
    if CLASS not in body and not any(map(is_heading_for_reader, (n.title for n in page.notes))):
        return []
    anchors = {note.anchor for note in page.notes if is_heading_for_reader(note.title)}
    tree = markup.parse(body)
    found = [
        element
        for element in tree.iter("section", "div")
        if CLASS in element.get("class", "").split()
        or (element.tag == "section" and element.get("id") in anchors)
    ]
    outermost = [p for p in found if not any(above in found for above in p.iterancestors())]
    return [part for part in outermost if says_something(part)]


def anchors(site: Site, page: PageRecord) -> frozenset[str]:
    """The anchors of the notes of ``page`` that are for its reader alone."""
    return frozenset(part.get("id", "") for part in parts(site, page) if part.tag == "section")


def drop_empty(tree: HtmlElement) -> None:
    """Take out sections for the reader that nothing is written in yet: the template offers one."""
    for section in list(tree.iter("section", "div")):
        if (is_headed(section) or CLASS in section.get("class", "").split()) and not says_something(
            section
        ):
            section.drop_tree()


def is_headed(part: HtmlElement) -> bool:
    """Whether ``part`` begins with the heading "For you"."""
    heading = part[0] if len(part) and part[0].tag in markup.HEADINGS else None
    return heading is not None and is_heading_for_reader(str(heading.text_content()))


def says_something(part: HtmlElement) -> bool:
    """Whether there is more than a heading in ``part``."""
    inner = part[1:] if len(part) and part[0].tag in markup.HEADINGS else list(part)
    words = [part.text or "", *(child.tail or "" for child in part)]
    words += [child.text_content() for child in inner if isinstance(child.tag, str)]
    return bool("".join(words).strip()) or any(
        child.xpath("descendant-or-self::img") for child in inner
    )


def is_heading_for_reader(title: str) -> bool:
    """Whether ``title`` is "For you" in a language of the interface."""
    plain = title.strip().rstrip(":：").casefold()
    return any(plain == language(tag).site["for_you"].casefold() for tag in languages())
