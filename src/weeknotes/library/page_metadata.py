"""This module reads what a page on the web says about the paper that it shows.

Publishers put it into the head of the page for Google Scholar ("Inclusion Guidelines for Webmasters",
Indexing: ``citation_title``, ``citation_doi``, …) and as JSON-LD (schema.org, ScholarlyArticle).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from weeknotes.library.arxiv import name_of
from weeknotes.library.csl_dates import parse_date
from weeknotes.library.formats.people import name_of as inverted_name
from weeknotes.library.identifiers import Identifier, parse_identifier
from weeknotes.library.store import Entry
from weeknotes.library.web_client import LookupFailedError, Web, page_service

_DOI_TAGS = (
    "citation_doi",
    "bepress_citation_doi",
    "prism.doi",
    "dc.identifier.doi",
    "dc.identifier",
    "dcterms.identifier",
    "doi",
)
_TEXTS = {
    "title": ("citation_title", "bepress_citation_title", "dc.title"),
    "container-title": (
        "citation_journal_title",
        "citation_conference_title",
        "citation_inbook_title",
        "bepress_citation_journal_title",
        "prism.publicationname",
    ),
    "volume": ("citation_volume", "prism.volume"),
    "issue": ("citation_issue", "prism.number"),
    "publisher": ("citation_publisher", "dc.publisher"),
    "ISSN": ("citation_issn", "prism.issn"),
    "ISBN": ("citation_isbn",),
    "language": ("citation_language", "dc.language"),
    "abstract": ("citation_abstract",),
}
_DATES = (
    "citation_publication_date",
    "citation_date",
    "bepress_citation_date",
    "citation_online_date",
    "citation_year",
    "prism.publicationdate",
    "dc.date",
)
_ARTICLES = frozenset(
    "ScholarlyArticle MedicalScholarlyArticle Article NewsArticle BlogPosting Book Chapter Dataset "
    "TechArticle Report Thesis CreativeWork SoftwareSourceCode".split()
)
_LD_TYPES = {"Book": "book", "Chapter": "chapter", "Dataset": "dataset", "Report": "report"}
_LD_TYPES |= {
    "Thesis": "thesis",
    "ScholarlyArticle": "article-journal",
    "BlogPosting": "post-weblog",
}


def fetch(address: str, web: Web) -> tuple[Identifier | None, Entry]:
    """The identifier of the paper that the page at ``address`` shows, or None, and what the page itself
    says of it as a CSL-JSON item without ``id``, which may be empty. Raises LookupFailedError."""
    parts = urlsplit(address if "://" in address else f"https://{address}")
    host = (parts.hostname or "").lower()
    path = parts.path.lstrip("/") + (f"?{parts.query}" if parts.query else "")
    data = web.get(page_service(host, web.environment), path, accept="text/html,*/*;q=0.1")
    if data is None:
        raise LookupFailedError(f"there is no page {address}", hint="Check the address.")
    return read(data, address)


def read(data: bytes, address: str) -> tuple[Identifier | None, Entry]:
    """As ``fetch``, from the bytes of a page."""
    from lxml import etree, html

    try:
        root = html.document_fromstring(data)
    except (etree.ParserError, ValueError):
        return None, {}
    tags: dict[str, list[str]] = {}
    for tag in root.iter("meta"):
        name = str(tag.get("name") or tag.get("property") or "").lower()
        content = " ".join(str(tag.get("content") or "").split())
        if name and content:
            tags.setdefault(name, []).append(content)
    described = list(_described(root))
    entry = _from_tags(tags) or next(
        (found for one in described if (found := _from_json_ld(one))), {}
    )
    if entry:
        entry.setdefault("URL", address if "://" in address else f"https://{address}")
    return _identifier(tags, described), entry


def _identifier(tags: dict[str, list[str]], described: list[dict[str, Any]]) -> Identifier | None:
    for number in tags.get("citation_arxiv_id", ()):
        if (found := parse_identifier(number)) and found.kind == "arxiv":
            return found
    texts = [text for name in _DOI_TAGS for text in tags.get(name, ())]
    for one in described:
        for name in ("@id", "identifier", "sameAs", "doi"):
            texts += _strings(one.get(name))
    for text in texts:
        if (found := parse_identifier(text)) and found.kind in ("doi", "arxiv"):
            return found
    for kind in ("pmid", "pmcid"):
        for number in tags.get(f"citation_{kind}", ()):
            if found := parse_identifier(f"{kind}:{number}"):
                return found
    return None


def _strings(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return _strings(value.get("value")) + _strings(value.get("@value"))
    return [text for one in value for text in _strings(one)] if isinstance(value, list) else []


def _described(root: Any) -> Iterator[dict[str, Any]]:
    """The works that the page describes as JSON-LD."""
    for script in root.iter("script"):
        if "ld+json" not in str(script.get("type")):
            continue
        try:
            found = json.loads(script.text or "")
        except (ValueError, RecursionError):
            continue
        listed = found if isinstance(found, list) else [found]
        for one in listed:
            graph = one.get("@graph", [one]) if isinstance(one, dict) else []
            for node in graph if isinstance(graph, list) else [one]:
                node = node.get("mainEntity", node) if isinstance(node, dict) else {}
                if isinstance(node, dict) and _ARTICLES & set(_strings(node.get("@type"))):
                    yield node


def _from_tags(tags: dict[str, list[str]]) -> Entry:
    if not any(tags.get(name) for name in ("citation_title", "bepress_citation_title")):
        return {}
    entry: Entry = {"type": _type(tags)}
    for variable, names in _TEXTS.items():
        if value := next((tags[name][0] for name in names if name in tags), ""):
            entry[variable] = value
    people = tags.get("citation_author") or tags.get("bepress_citation_author") or []
    if len(people) == 0 and "citation_authors" in tags:
        people = [name.strip() for name in tags["citation_authors"][0].split(";")]
    if people:
        entry["author"] = [_person(name) for name in people if name]
    for name in _DATES:
        if name in tags and (date := parse_date(tags[name][0])) and "date-parts" in date:
            entry["issued"] = date
            break
    first, last = (next(iter(tags.get(f"citation_{end}page", ())), "") for end in ("first", "last"))
    if first:
        entry["page"] = f"{first}-{last}" if last and last != first else first
    return entry


def _type(tags: dict[str, list[str]]) -> str:
    kinds = {
        "citation_conference_title": "paper-conference",
        "citation_inbook_title": "chapter",
        "citation_dissertation_institution": "thesis",
        "citation_technical_report_institution": "report",
        "citation_journal_title": "article-journal",
    }
    return next((kind for name, kind in kinds.items() if name in tags), "article")


def _from_json_ld(node: dict[str, Any]) -> Entry:
    title = next(iter(_strings(node.get("headline")) + _strings(node.get("name"))), "")
    if not title:
        return {}
    kind = next(iter(_strings(node.get("@type"))), "")
    entry: Entry = {"type": _LD_TYPES.get(kind, "webpage"), "title": " ".join(title.split())}
    authors = node.get("author") or node.get("creator") or []
    people = []
    for one in authors if isinstance(authors, list) else [authors]:
        name = one if isinstance(one, str) else one.get("name") if isinstance(one, dict) else ""
        people += [_person(name)] if isinstance(name, str) and name else []
    entry["author"] = people
    entry["issued"] = parse_date(next(iter(_strings(node.get("datePublished"))), ""))
    for variable, name in (("container-title", "isPartOf"), ("publisher", "publisher")):
        part = node.get(name)
        entry[variable] = (
            next(iter(_strings(part.get("name"))), "") if isinstance(part, dict) else ""
        )
    return {name: value for name, value in entry.items() if value}


def _person(name: str) -> dict[str, str]:
    """ "Family, Given" or "Given Family", both of which publishers write."""
    name = re.sub(r"\s+", " ", name).strip()
    return inverted_name(name) if "," in name else name_of(name)
