"""A library entry in words: its authors, its year, its reference, and where it can be read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

from weeknotes.library.store import people_of

Entry = Mapping[str, Any]

_ARXIV = re.compile(r"(\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7})(?:v\d+)?")
_ARXIV_MARKED = re.compile(
    rf"(?:arxiv[.:/]\s*(?:abs/|pdf/)?|arxiv\.org/(?:abs|pdf)/){_ARXIV.pattern}", re.I
)
_ARXIV_DOI = re.compile(r"10\.48550/arxiv\.", re.I)
_EAST_ASIAN = re.compile("[\u1100-\u11ff\u3041-\u318e\u3400-\u9fff\uac00-\ud7a3\uf900-\ufaff]")
_SEVERAL = 3


@dataclass(frozen=True)
class Link:
    """A place where a paper can be read: the name of the place, and an address on another host."""

    name: str
    href: str


def title(entry: Entry) -> str:
    """The title in plain text; the citation key where there is none."""
    return _text(entry.get("title")) or str(entry.get("id", ""))


def year(entry: Entry) -> str:
    """The year of publication, empty where it isn't known."""
    issued = entry.get("issued")
    if not isinstance(issued, dict):
        return ""
    parts = issued.get("date-parts")
    if isinstance(parts, list) and parts and isinstance(parts[0], list) and parts[0]:
        return str(parts[0][0])
    found = re.search(r"\d{4}", str(issued.get("raw") or issued.get("literal") or ""))
    return found[0] if found else ""


def authors(entry: Entry) -> list[str]:
    """The authors' full names, as they are written in their language."""
    people, more = people_of(entry)
    names = [name for person in people if (name := _full(person))]
    return [*names, "et al."] if more and names else names


def short_authors(entry: Entry) -> str:
    """The authors' family names, the first one alone where there are many."""
    people, more = people_of(entry)
    names = [str(p.get("family") or p.get("literal") or p.get("given") or "") for p in people]
    names = [_text(name) for name in names if name]
    if len(names) > _SEVERAL or (more and names):
        return f"{names[0]} et al."
    return ", ".join(names)


def tags(entry: Entry) -> tuple[str, ...]:
    """The entry's own tags, CSL-JSON's ``keyword``."""
    words = map(_text, str(entry.get("keyword") or "").split(","))
    return tuple(dict.fromkeys(filter(None, words)))


def added(entry: Entry) -> str:
    """The day on which it came into the library, as an ISO 8601 date; empty where unknown."""
    custom = entry.get("custom")
    value = str(custom.get("date-added") or "")[:10] if isinstance(custom, dict) else ""
    return value if re.fullmatch(r"\d{4}-\d\d-\d\d", value) else ""


def venue(entry: Entry) -> str:
    """The place of publication: the journal, the proceedings, the book, or else the publisher."""
    return _text(_container(entry))


def reference(entry: Entry) -> str:
    """The reference in plain text, for an entry that no page cites: authors, year, title, where it
    was published."""
    parts = [", ".join(authors(entry)), year(entry), title(entry), _text(_container(entry))]
    return ". ".join(part.rstrip(".") for part in parts if part) + "."


def links(entry: Entry) -> Iterator[Link]:
    """The places where the paper can be read: its DOI, arXiv, another address, and the entry in
    Zotero."""
    doi = re.sub(r"^(https?://(dx\.)?doi\.org/|doi:)", "", str(entry.get("DOI") or ""), flags=re.I)
    if doi and not _ARXIV_DOI.match(doi):
        yield Link(f"doi:{doi}", f"https://doi.org/{quote(doi, safe='/:;().-_')}")
    identifier = arxiv(entry)
    if identifier:
        yield Link(f"arXiv:{identifier}", f"https://arxiv.org/abs/{identifier}")
    url = str(entry.get("URL") or "")
    if is_web_address(url) and not re.search(r"(doi|arxiv)\.org/", url):
        host = urlsplit(url).netloc.removeprefix("www.")
        yield Link(host, url)
    item = zotero_item(entry)
    if item:
        yield Link("Zotero", item)


def arxiv(entry: Entry) -> str:
    """The arXiv identifier, empty where it has none."""
    if str(entry.get("archive", "")).lower() == "arxiv":
        match = _ARXIV.fullmatch(str(entry.get("archive_location", "")).strip())
        if match:
            return match[1]
    for name in ("DOI", "URL", "number", "archive_location"):
        match = _ARXIV_MARKED.search(str(entry.get(name) or ""))
        if match:
            return match[1]
    return ""


def zotero_item(entry: Entry) -> str:
    """The address of the entry in its Zotero library on the web, empty where it isn't from one."""
    custom = entry.get("custom")
    zotero = custom.get("zotero") if isinstance(custom, dict) else None
    if not isinstance(zotero, dict):
        return ""
    key, library = str(zotero.get("key") or ""), zotero.get("library")
    for name in ("uri", "url", "href"):
        if is_web_address(str(zotero.get(name) or "")):
            return str(zotero[name])
    if not re.fullmatch(r"[A-Z0-9]{8}", key) or not isinstance(library, str | int):
        return ""
    path = str(library).strip("/")
    if not re.fullmatch(r"(users|groups)/\d+", path):
        return ""
    return f"https://www.zotero.org/{path}/items/{key}"


def is_web_address(value: str) -> bool:
    """Whether ``value`` is an address that a link may lead to."""
    try:
        parts = urlsplit(value)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc)


def _container(entry: Entry) -> str:
    return str(entry.get("container-title") or entry.get("publisher") or entry.get("genre") or "")


def _full(person: Mapping[str, Any]) -> str:
    family, given = _text(person.get("family")), _text(person.get("given"))
    if not family:
        return _text(person.get("literal")) or given
    particle = _text(person.get("non-dropping-particle") or person.get("dropping-particle"))
    family = f"{particle} {family}".strip()
    if _EAST_ASIAN.match(family):
        return family + given
    return f"{given} {family}".strip()


def _text(value: Any) -> str:
    """A CSL-JSON string without the markup that it may hold (``<i>``, ``<b>``, ``<sc>``, ``<sub>``)."""
    text = re.sub(r"</?(i|b|sc|sub|sup|span)\b[^>]*>", "", str(value or ""))
    return " ".join(text.split())
