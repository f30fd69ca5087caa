"""A note of Zotero in HTML, as "Export Note" and Better Notes write it.

::

    <div data-citation-items="%5B…%5D" data-schema-version="9"><h1>Bells that count</h1>
    <p><span class="highlight" data-annotation="%7B…%7D">“Counting is hard”</span>
    <span class="citation" data-citation="%7B…%7D">(Kim, 2024, p. 2)</span> my remark</p></div>

The items that the note cites come with it and are entries of the library, under the citation keys that
Zotero gives them. A note on one item is a note on that paper. Highlights and citations link to their
place in Zotero. Notes in Markdown are read as a file a paper (`paper`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from lxml import html as lxml_html
from lxml.html import HtmlElement

from weeknotes.importers import front_matter, pandoc_pages
from weeknotes.importers.converted import markdown_of, text_of
from weeknotes.importers.format import Evidence, Format
from weeknotes.importers.markdown.blocks import Block
from weeknotes.importers.page_plan import PagePlan
from weeknotes.importers.paper_register import SourcePaper
from weeknotes.importers.sections import ImportContext
from weeknotes.importers.source_files import Source, SourcePlace

_MARK = re.compile(
    rb"data-citation-items|data-schema-version|data-annotation|zotero://|zotero-notes"
)
# What Zotero calls the notes that it makes itself.
_NO_TITLE = re.compile(r"annotations\b|extracted annotations|注释|주석|\d|note \d|untitled", re.I)
_ITEM = re.compile(r"/(?:users|groups)/([^/]+)(?:/[^/]+)?/items/([A-Z0-9]{8})$")


def convert(place: SourcePlace) -> str:
    """The note as Markdown, the items that it cites in the front matter."""
    text = text_of(place)
    tree = lxml_html.fromstring(text or "<p></p>")
    held = [element.get("data-citation-items") for element in tree.iter() if _is_element(element)]
    items = [item for value in held if value for item in _json(value, list)]
    for element in list(tree.iter("span", "img", "u")):
        _link(element)
    for element in tree.iter():
        if _is_element(element):
            for name in [n for n in element.attrib if str(n).startswith("data-")]:
                del element.attrib[name]
    data = [item["itemData"] for item in items if isinstance(item, dict) and "itemData" in item]
    body = lxml_html.tostring(tree, encoding="unicode")
    more = {"zotero-items": json.dumps(data, ensure_ascii=False) if data else ""}
    return markdown_of(body, "html-native_divs-auto_identifiers", place, more)


def _is_element(element: HtmlElement) -> bool:
    return isinstance(element.tag, str)


def _json(value: str, kind: type) -> Any:
    """The value of an attribute of a note, which is percent-encoded JSON; an empty ``kind`` if it
    is not of that kind."""
    try:
        found = json.loads(unquote(value))
    except ValueError:
        return kind()
    return found if isinstance(found, kind) else kind()


def _link(element: HtmlElement) -> None:
    """Let a highlight or a citation lead to its place in Zotero."""
    address = ""
    if value := element.get("data-annotation"):
        found = _json(value, dict)
        page = found.get("pageLabel") or ""
        key = str(found.get("annotationKey") or "")
        address = _address(found.get("attachmentURI"), "open-pdf")
        address += f"?page={page}&annotation={key}" if address and key.isalnum() else ""
    elif value := element.get("data-citation"):
        cited = _json(value, dict).get("citationItems") or []
        uris = cited[0].get("uris") if cited and isinstance(cited[0], dict) else None
        address = _address(uris[0] if isinstance(uris, list) and uris else None, "select")
    if not address or element.tag == "img" or element.find(".//a") is not None:
        return
    element.tag = "a"
    element.set("href", address)
    element.attrib.pop("class", None)


def _address(uri: Any, action: str) -> str:
    """The address that opens an item in Zotero, given its URI."""
    match = _ITEM.search(str(uri or ""))
    if not match:
        return ""
    where = f"groups/{match[1]}" if "/groups/" in str(uri) else "library"
    return f"zotero://{action}/{where}/items/{match[2]}"


def plan(blocks: Sequence[Block], context: ImportContext) -> list[PagePlan]:
    """The page of the note: a note on the item that it cites, if it is only one."""
    front = next((block for block in blocks if block.kind == "front"), None)
    found = front_matter.values(front, context) if front else {}
    keys = list(_cited(_items(found), context))
    pages = pandoc_pages.plan(blocks, context)
    for page in pages:
        drafts = [draft for draft in page.drafts if draft.code is None]
        if not drafts or not keys:
            continue
        first = drafts[0]
        first.data["papers"] = list(dict.fromkeys([*keys, *first.data.get("papers", ())]))
        if len(keys) == 1:
            if _NO_TITLE.match(page.title):
                page.title = page.slug = str(_items(found)[0]["title"])
            first.data["paper"] = keys[0]
            first.heading = page.title
            first.cites = (keys[0],)
            first.title = page.title
    return pages


def _items(found: Mapping[str, Any]) -> list[dict[str, Any]]:
    try:
        items = json.loads(str(found.get("zotero-items") or "[]"))
    except ValueError:
        return []
    return [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []


def _cited(items: Iterable[Mapping[str, Any]], context: ImportContext) -> Iterable[str]:
    for item in items:
        title = str(item.get("title") or "")
        if title:
            entry = {key: value for key, value in item.items() if key not in ("id", "citation-key")}
            key = str(item.get("citation-key") or "")
            yield context.papers.cite(SourcePaper(title, key=key, entry=entry), None)


def sniff(source: Source) -> Evidence:
    """The marks of a note in a page of HTML."""
    path = source.place.path
    if path.suffix.lower() in (".html", ".htm"):
        if is_note(path):
            return Evidence(12.0, ("a note of Zotero",))
        if source.place.named:
            return Evidence(1.5, ("a page of HTML",))
    return Evidence()


def is_note(path: Path) -> bool:
    """Whether a page of HTML is a note of Zotero."""
    try:
        with path.open("rb") as file:
            return bool(_MARK.search(file.read(200_000)))
    except OSError:
        return False


FORMAT = Format(
    "zotero",
    "notes of Zotero and Better Notes in HTML",
    sniff,
    plan,
    suffixes=(".html", ".htm"),
    convert=convert,
    accepts=is_note,
    split=pandoc_pages.split,
)
