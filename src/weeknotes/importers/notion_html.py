"""A page of Notion in HTML, as its export "HTML" writes one, made the Markdown that its export
"Markdown & CSV" writes.

::

    <article id="…" class="page sans"><header><h1 class="page-title">Bells that count</h1>
    <table class="properties"><tr class="property-row property-row-created_time">
    <th>Created</th><td><time>@July 1, 2024 3:04 PM</time></td></tr></table></header>
    <div class="page-body"><figure class="callout">…</figure></div></article>
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

from lxml import html as lxml_html
from lxml.html import HtmlElement

from weeknotes.importers import pandoc
from weeknotes.importers.converted import text_of
from weeknotes.importers.source_files import SourceError, SourcePlace

_PAGE = re.compile(rb'<article (?:id="[0-9a-f-]{32,36}" )?class="page(?: (?:sans|serif|mono))?"')
_BEGINNING = 400_000
_READER = "html-auto_identifiers-native_divs-native_spans"
_TO = "gfm-yaml_metadata_block-tex_math_gfm-tex_math_dollars"
_KEPT = frozenset({"href", "src", "alt", "colspan", "rowspan", "start"})
# Stand-ins for what Markdown says in signs that pandoc would escape.
_OPEN, _CLOSE, _EMPTY, _TICKED, _FORMULA = "\ue05d\ue05e\ue05f\ue060\ue061"
_SIGNS = {_OPEN: "<aside>", _CLOSE: "</aside>", _EMPTY: "[ ]", _TICKED: "[x]"}


def is_page(path: Path) -> bool:
    """Whether the file at ``path`` is a page that Notion has exported as HTML. Its styles come first,
    so that a good part of it is looked at."""
    try:
        with path.open("rb") as file:
            return bool(_PAGE.search(file.read(_BEGINNING)))
    except OSError:
        return False


def markdown_of_page(place: SourcePlace) -> str:
    """The page as Markdown: its title, a line for each of its properties, and its text. Raises
    SourceError for what is none."""
    try:
        tree = lxml_html.document_fromstring(text_of(place) or "<p></p>")
    except ValueError as error:
        raise SourceError(f"no page that can be read: {error}", file=place.name) from error
    article = tree.find(".//article")
    if article is None:
        raise SourceError("no page of Notion: it has no <article>", file=place.name)
    # The list of contents says what the headings say.
    for element in _all(article, ".//style|.//script|.//svg|.//nav|.//link"):
        element.drop_tree()
    title = _header_text(article, "h1", "page-title")
    properties = [*_properties(article), *_cover(article)]
    described = _header_text(article, "p", "page-description")
    for header in article.findall("header"):
        article.remove(header)
    formulas = _simplified(article)
    body = lxml_html.tostring(article, encoding="unicode")
    try:
        text = pandoc.convert(body, _READER, _TO, "--wrap=none")
    except pandoc.PandocError as error:
        raise SourceError(error.message, file=place.name) from error
    text = re.sub(
        f"{_FORMULA}([0-9]+){_FORMULA}", lambda found: formulas[int(found[1])], text.strip()
    )
    for sign, written in _SIGNS.items():
        text = text.replace(sign, written)
    parts = [f"# {title}" if title else "", "\n".join(properties), described, text]
    return "\n\n".join(part for part in parts if part) + "\n"


def _header_text(article: HtmlElement, tag: str, name: str) -> str:
    found = _all(article, f"./header//{tag}[contains(@class, '{name}')]")
    return _words(found[0]) if found else ""


def _all(element: HtmlElement, path: str) -> list[HtmlElement]:
    """The elements below ``element`` that the XPath ``path`` names."""
    return [found for found in cast("list[Any]", element.xpath(path)) if isinstance(found.tag, str)]


def _words(element: HtmlElement) -> str:
    """The text of ``element`` on one line, of which Markdown reads no mark."""
    text = " ".join(element.text_content().split())
    return re.sub(r"([\\`*_\[\]<>$#])", r"\\\1", text)


def _properties(article: HtmlElement) -> Iterator[str]:
    """The properties of the page, as lines ``Name: value``."""
    for row in _all(article, "./header//tr[contains(@class, 'property-row')]"):
        name = " ".join(" ".join(cell.text_content() for cell in row.findall("th")).split())
        value = ", ".join(value for cell in row.findall("td") if (value := _value(cell)))
        if name:
            yield f"{name}: {value}".rstrip()


def _cover(article: HtmlElement) -> Iterator[str]:
    """The picture above the title, as a property."""
    for image in _all(article, "./header//img[contains(@class, 'page-cover-image')]"):
        address = image.get("src") or ""
        remote = address.startswith(("http://", "https://"))
        yield f"Cover: {address if remote else f'![](<{address}>)'}"


def _value(cell: HtmlElement) -> str:
    """The value of a property on one line: what is chosen of a list with commas, a box as Yes or
    No, and links by their addresses."""
    boxes = _all(cell, ".//*[contains(@class, 'checkbox-o')]")
    if boxes:
        return "Yes" if "checkbox-on" in boxes[0].get("class") else "No"
    chosen = _all(cell, ".//*[contains(@class, 'selected-value') or @class='user']")
    if chosen:
        return ", ".join(_words(one) for one in chosen)
    links = [(_words(link), link.get("href") or "") for link in cell.findall(".//a")]
    if links and "".join(words for words, _ in links) == _words(cell):
        named = (
            url if url.endswith(words.replace("\\", "")) else f"[{words}](<{url}>)"
            for words, url in links
        )
        return ", ".join(named)
    return _words(cell).lstrip("@")


def _simplified(article: HtmlElement) -> list[str]:
    """Leave in ``article`` what Markdown can say, in elements that pandoc reads; the formulas, for
    which it has stand-ins then."""
    formulas: list[str] = []
    equations = ".//figure[contains(@class, 'equation')]|.//*[contains(@class, 'text-equation')]"
    for element in _all(article, equations):
        _stand_in(element, formulas)
    for element in _all(article, ".//*[contains(@class, 'checkbox-o')]"):
        ticked = "checkbox-on" in element.get("class", "")
        element.text = (_TICKED if ticked else _EMPTY) + (element.text or "")
        element.tag = "span"
    for element in _all(article, ".//figure[contains(@class, 'callout')]"):
        _join_icon(element)
        _add_paragraph(element, 0, _OPEN)
        _add_paragraph(element, len(element), _CLOSE)
    for element in _all(article, ".//pre/code[contains(@class, 'language-')]"):
        language = element.get("class", "").partition("language-")[2].split()[0]
        element.getparent().set("data-language", language.lower())
    for link in _all(article, ".//a[.//img or .//div]"):
        for inner in list(link.iter("div")):
            inner.tail = " " + (inner.tail or "")
            inner.drop_tag()
        if link.find(".//img") is not None and link.get("href") == link.find(".//img").get("src"):
            link.drop_tag()
    for element in list(article.iter()):
        if isinstance(element.tag, str) and element is not article:
            _plain(element)
    return formulas


def _join_icon(callout: HtmlElement) -> None:
    """Put the icon of a callout, which is in an element of its own, before the first words."""
    divs = [child for child in callout if child.tag == "div"]
    if len(divs) != 2 or not _all(divs[0], ".//*[contains(@class, 'icon')]"):
        return
    icon, body = divs[0].text_content().strip(), divs[1]
    first = body[0] if len(body) and body[0].tag == "p" and not (body.text or "").strip() else body
    first.text = f"{icon} {first.text or ''}"
    callout.remove(divs[0])


def _plain(element: HtmlElement) -> None:
    """Take from ``element`` what is only how it looks."""
    language = element.get("data-language")
    background = "_background" in element.get("class", "")
    for name in [name for name in element.attrib if name not in _KEPT]:
        del element.attrib[name]
    if language:
        element.set("class", language)
    if element.tag in ("span", "time") or (element.tag == "mark" and not background):
        element.drop_tag()
    elif element.tag == "figcaption":
        element.tag = "p"
    elif element.tag in ("figure", "aside", "section"):
        element.tag = "div"


def _stand_in(element: HtmlElement, formulas: list[str]) -> None:
    """Put a stand-in for the formula that ``element`` has beside its rendering."""
    found = _all(element, ".//*[local-name()='annotation']")
    if not found:
        return
    source, tail = (found[0].text or "").strip(), element.tail
    display = element.tag == "figure"
    formulas.append(f"$$\n{source}\n$$" if display else f"${source}$")
    for child in list(element):
        element.remove(child)
    element.tag = "p" if display else "span"
    element.attrib.clear()
    element.text = f"{_FORMULA}{len(formulas) - 1}{_FORMULA}"
    element.tail = tail


def _add_paragraph(element: HtmlElement, at: int, text: str) -> None:
    paragraph = lxml_html.Element("p")
    paragraph.text = text
    if at == 0:
        paragraph.tail, element.text = element.text, None
    element.insert(at, paragraph)
