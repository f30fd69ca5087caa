"""PDF annotations and child notes of a Zotero item as Markdown that is safe to publish.

Annotations follow Zotero's schema (``annotationType``, ``annotationText``, …); a child note is HTML
from Zotero's editor, of which only what text needs is kept.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterable, Mapping
from typing import Any

from weeknotes.i18n import language
from weeknotes.text import untrusted
from weeknotes.text.html_elements import HEADINGS, RUNNING

# The colours of Zotero's palette, by name.
COLOURS = {
    "#ffd400": "yellow",
    "#ff6666": "red",
    "#5fb236": "green",
    "#2ea8e5": "blue",
    "#a28ae5": "purple",
    "#e56eee": "magenta",
    "#f19837": "orange",
    "#aaaaaa": "gray",
}
_KEPT = frozenset(
    "p br b strong i em u s sub sup ul ol li blockquote pre code a hr table thead tbody tr th "
    "td".split()
)
_DROPPED = RUNNING | {"style", "form", "svg", "math", "img"}
_SAFE_LINK = re.compile(r"(?:https?://|mailto:|zotero://)[^\s\"'<>]*", re.I)
# Markdown that pandoc reads back as the same text, with nothing raw and nothing of Quarto's.
_WRITER = (
    "markdown-raw_html-raw_tex-raw_attribute-fenced_divs-bracketed_spans-native_divs-native_spans"
    "-header_attributes-link_attributes-fenced_code_attributes-inline_code_attributes-smart"
)


def markdown(children: Iterable[Mapping[str, Any]], lang: str) -> tuple[str, int]:
    """The annotations, in the order of the pages, and then the notes among ``children`` (``data``
    objects of the API) as Markdown, and how many there are."""
    listed = list(children)
    annotations = sorted(
        (one for one in listed if one.get("itemType") == "annotation"),
        key=lambda one: (str(one.get("annotationSortIndex") or ""), str(one.get("key") or "")),
    )
    pieces = [text for one in annotations if (text := _annotation(one, lang))]
    notes = [one for one in listed if one.get("itemType") == "note"]
    pieces += [
        text
        for one in sorted(notes, key=lambda one: (str(one.get("dateAdded")), str(one.get("key"))))
        if (text := note_markdown(str(one.get("note") or "")))
    ]
    return "\n\n".join(pieces), len(pieces)


def _annotation(one: Mapping[str, Any], lang: str) -> str:
    text = str(one.get("annotationText") or "").strip()
    comment = str(one.get("annotationComment") or "").strip()
    if not text and not comment:
        return ""  # a drawn line or a picture without words
    page = str(one.get("annotationPageLabel") or "").strip()
    colour = COLOURS.get(str(one.get("annotationColor") or "").lower(), "")
    where = [
        untrusted.label("page", lang).format(untrusted.escaped(page)) if page else "",
        language(lang).colours.get(colour, colour),
    ]
    told = ", ".join(part for part in where if part)
    pieces = []
    if text:
        quoted = untrusted.escaped(" ".join(text.split())) + (f" ({told})" if told else "")
        pieces.append(f"> {quoted}")
    if comment:
        told_here = f" ({told})" if told and not text else ""
        pieces.append(_paragraphs(_without_tags(comment)) + told_here)
    return "\n\n".join(pieces)


def _without_tags(comment: str) -> str:
    """A comment's text; Zotero allows ``<b>``, ``<i>``, ``<sub>`` and ``<sup>`` in it."""
    return re.sub(r"</?(?:b|i|sub|sup)>", "", comment)


def _paragraphs(text: str) -> str:
    parts = [" ".join(part.split()) for part in re.split(r"\n\s*\n", text)]
    return "\n\n".join(untrusted.escaped(part) for part in parts if part)


def sanitised(html: str) -> str:
    """``html`` with nothing in it but text and the elements that text needs: no scripts, styles,
    pictures, forms or handlers, and links to the web, mail and Zotero alone."""
    from lxml import html as reader

    if not html.strip():
        return ""
    try:
        root = reader.fragment_fromstring(html, create_parent="div")
    except (ValueError, AssertionError):
        return ""
    for element in list(root.iter()):
        if element is root:
            continue
        if not isinstance(element.tag, str) or element.tag.lower() in _DROPPED:
            # Its text goes too; what is behind it stays.
            if element.getparent() is not None:
                element.drop_tree()
            continue
        _clean(element)
    return str(reader.tostring(root, encoding="unicode"))


def _clean(element: Any) -> None:
    tag = element.tag.lower()
    link = str(element.get("href") or "").strip()
    for name in list(element.attrib):
        del element.attrib[name]
    if tag in HEADINGS:
        # A heading within a note would begin another reading note.
        element.tag = "p"
        inner = element.makeelement("strong")
        inner.text, element.text = element.text, None
        for child in list(element):
            inner.append(child)
        element.append(inner)
    elif tag == "a" and _SAFE_LINK.fullmatch(link):
        element.set("href", link)
    elif tag not in _KEPT or tag == "a":
        if tag == "div":
            element.tag = "p"
        else:
            element.drop_tag()


def note_markdown(html: str) -> str:
    """A child note as Markdown, sanitised."""
    import pypandoc

    clean = sanitised(html)
    if not clean:
        return ""
    done = subprocess.run(
        [
            pypandoc.get_pandoc_path(),
            *("--from=html-native_divs-native_spans-raw_tex", f"--to={_WRITER}"),
            *("--wrap=none", "--sandbox"),
        ],
        input=clean.encode("utf-8", "replace"),
        capture_output=True,
        check=True,
    )
    return done.stdout.decode().strip()
