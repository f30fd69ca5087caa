"""A work by its DOI: from Crossref, or where another agency holds it, from doi.org.

Follows Crossref's REST API (``/works/{doi}``) and "DOI Content Negotiation" (CSL-JSON).
"""

from __future__ import annotations

import json
import re
from html import unescape
from typing import Any
from urllib.parse import quote

from weeknotes.library.store import Entry
from weeknotes.library.web_client import CROSSREF, DOI, LookupFailedError, Web

_TYPES = {
    "book": "book",
    "book-chapter": "chapter",
    "book-part": "chapter",
    "book-section": "chapter",
    "database": "dataset",
    "dataset": "dataset",
    "dissertation": "thesis",
    "edited-book": "book",
    "journal-article": "article-journal",
    "monograph": "book",
    "peer-review": "review",
    "posted-content": "article",
    "proceedings": "book",
    "proceedings-article": "paper-conference",
    "reference-book": "book",
    "reference-entry": "entry-encyclopedia",
    "report": "report",
    "report-component": "report",
    "standard": "standard",
}
_CSL_TYPES = frozenset(_TYPES.values()) | {
    *("article-magazine", "article-newspaper", "document", "graphic", "manuscript"),
    *("motion_picture", "software", "song", "speech", "webpage", "post", "post-weblog"),
}
_PLAIN = {"volume": "volume", "issue": "issue", "page": "page", "publisher": "publisher"}
_PLAIN |= {"publisher-location": "publisher-place", "language": "language"}
_VERBATIM = ("DOI", "PMID", "PMCID")
_PLAIN |= {"edition-number": "edition", "publisher-place": "publisher-place", "version": "version"}
_LISTS = {"container-title": "container-title", "short-container-title": "container-title-short"}
_LISTS |= {"ISSN": "ISSN", "ISBN": "ISBN"}
_CSL_ACCEPT = "application/vnd.citationstyles.csl+json"
_CHAPTERS = frozenset({"book-chapter", "book-part", "book-section", "proceedings-article"})
_KEPT_TAGS = re.compile(r"<(/?)(?:jats:)?(i|em|italic|b|strong|bold|sub|sup|scp|sc)>", re.I)
_KEPT_AS = {"em": "i", "italic": "i", "strong": "b", "bold": "b", "scp": "sc"}
# The elements of JATS, MathML and HTML that records hold. What else is between angle brackets is text:
# "x < y and y > z", or a part of a DOI.
_TAG = re.compile(
    r"</?(?:(?:jats|mml|m):[\w.-]+|a|abstract|alternatives|annotation|b|bold|br|div|em|ext-link|font|i|"
    r"inline-formula|italic|li|list|list-item|math|mfenced|mfrac|mi|mn|mo|mover|mrow|mspace|msqrt|mstyle|"
    r"msub|msubsup|msup|mtable|mtd|mtext|mtr|munder|ol|p|sc|scp|sec|semantics|span|strong|sub|sup|"
    r"tex-math|title|tt|u|ul|underline|xref)(?:\s[^<>]*)?/?>",
    re.I,
)


def fetch(doi: str, web: Web) -> Entry:
    """The CSL-JSON item (without ``id``) of the work ``doi`` (in small letters). Raises
    LookupFailedError when no agency knows it."""
    params = {"mailto": web.email} if web.email else {}
    path = quote(doi, safe="/:;()._-")
    data = web.get(CROSSREF, f"works/{path}", params, accept="application/json", check=_is_work)
    if data is not None:
        return entry_of(json.loads(data)["message"])
    data = web.get(DOI, path, accept=_CSL_ACCEPT, check=_is_object)
    if data is None:
        raise LookupFailedError(
            f"nobody has registered the DOI {doi}", hint="Check it at https://doi.org"
        )
    return entry_of({"DOI": doi, **json.loads(data)})


def entry_of(work: dict[str, Any]) -> Entry:
    """A work as Crossref or doi.org describes it as a CSL-JSON item, without ``id``."""
    kind = str(work.get("type") or "")
    entry: Entry = {"type": _TYPES.get(kind) or (kind if kind in _CSL_TYPES else "document")}
    title, subtitle = _first(work.get("title")), _first(work.get("subtitle"))
    entry["title"] = f"{title}: {subtitle}" if subtitle and subtitle not in title else title
    for role in ("author", "editor", "translator", "chair"):
        people = work.get(role)
        entry[role] = [
            name for one in (people if isinstance(people, list) else []) if (name := _name(one))
        ]
    entry["issued"] = next(
        (
            date
            for name in ("published", "issued", "published-print", "published-online", "posted")
            if (date := _date(work.get(name)))
        ),
        None,
    )
    for source, variable in _LISTS.items():
        entry[variable] = _first(work.get(source))
    for source, variable in _PLAIN.items():
        value = work.get(source)
        entry.setdefault(variable, markup(str(value)) if isinstance(value, str | int) else "")
    for variable in _VERBATIM:
        entry[variable] = str(work.get(variable) or "")
    containers = [text for one in _list(work.get("container-title")) if (text := _first(one))]
    if kind in _CHAPTERS and len(containers) > 1:
        # The series, and the book: a chapter is in the book.
        entry["collection-title"], entry["container-title"] = containers[0], containers[-1]
    event = work.get("event")
    entry["event-title"] = _first(event.get("name")) if isinstance(event, dict) else ""
    entry["abstract"] = plain(str(work.get("abstract") or ""))
    entry["URL"] = (
        f"https://doi.org/{work['DOI']}" if work.get("DOI") else str(work.get("URL") or "")
    )
    if preprint := _arxiv_preprint(work):
        entry |= {"archive": "arXiv", "archive_location": preprint}
    return {name: value for name, value in entry.items() if value}


def markup(text: str) -> str:
    """A title's JATS or HTML as CSL's rich text: italics, bold, sub- and superscripts stay."""
    kept: list[str] = []

    def keep(tag: re.Match[str]) -> str:
        name = tag[2].lower()
        kept.append(f"<{tag[1]}{_KEPT_AS.get(name, name)}>")
        return f"\x00{len(kept) - 1}\x00"

    text = _KEPT_TAGS.sub(keep, text.replace("\x00", ""))
    text = plain(text)
    return re.sub(r"\x00(\d+)\x00", lambda found: kept[int(found[1])], text)


def plain(text: str) -> str:
    """JATS (Crossref's abstracts) as plain text; paragraphs are told apart by an empty line."""
    text = re.sub(r"<jats:title[^<>]*>\s*Abstract\s*</jats:title>", "", text, flags=re.I)
    text = re.sub(r"<(?:mml|m):annotation.*?</(?:mml|m):annotation>", "", text, flags=re.S)
    text = re.sub(r"</(?:jats:)?(?:p|title|sec|list-item|li|div)>|<br\s*/?>", "\x01", text)
    text = _TAG.sub("", text)
    paragraphs = [" ".join(unescape(part).split()) for part in text.split("\x01")]
    return "\n\n".join(part for part in paragraphs if part)


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _first(value: Any) -> str:
    value = value[0] if isinstance(value, list) and value else value
    return markup(value) if isinstance(value, str) else ""


def _name(person: Any) -> dict[str, str]:
    if not isinstance(person, dict):
        return {}
    family, given = (plain(str(person.get(part) or "")) for part in ("family", "given"))
    whole = plain(str(person.get("name") or person.get("literal") or ""))
    if not family:
        return {"literal": whole or given} if whole or given else {}
    name = {"family": family, "given": given, "suffix": plain(str(person.get("suffix") or ""))}
    return {part: value for part, value in name.items() if value}


def _date(value: Any) -> dict[str, Any] | None:
    parts = value.get("date-parts") if isinstance(value, dict) else None
    try:
        numbers = [int(part) for part in parts[0][:3]]  # type: ignore[index]
    except (TypeError, ValueError, IndexError, KeyError):
        return None
    return {"date-parts": [numbers]} if numbers and numbers[0] else None


def _arxiv_preprint(work: dict[str, Any]) -> str:
    """The arXiv identifier that the record names as this work's preprint; empty where none."""
    relations = work.get("relation")
    found = relations.get("has-preprint") if isinstance(relations, dict) else None
    for one in found if isinstance(found, list) else []:
        name = str(one.get("id") if isinstance(one, dict) else "")
        match = re.search(
            r"(?:10\.48550/arxiv\.|arxiv\.org/abs/|^arxiv:)([\w./-]+?)(?:v\d+)?$", name, re.I
        )
        if match:
            return match[1]
    return ""


def _is_work(data: bytes) -> bool:
    try:
        return isinstance(json.loads(data)["message"]["DOI"], str)
    except (ValueError, KeyError, TypeError, RecursionError):
        return False


def _is_object(data: bytes) -> bool:
    try:
        return isinstance(json.loads(data), dict)
    except (ValueError, RecursionError):
        return False
