"""A feed of one's own: any address that answers with Atom (RFC 4287), RSS 2.0 (rssboard.org) or RSS
1.0 (RDF Site Summary), such as a journal's table of contents.

A feed holds the entries of its last days. Each counts for the day that it names, and one that names
none for the day on which the feed is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from html import unescape
from typing import Any
from urllib.parse import urljoin, urlsplit

from weeknotes.digests.paper import Paper, paper_of
from weeknotes.digests.sources.listing import Failure, Listing, an_hour_ago, read_each
from weeknotes.errors import DigestError
from weeknotes.library.web_client import LookupFailedError, Service, Web

ACCEPT = (
    "application/atom+xml, application/rss+xml, application/rdf+xml, application/xml;q=0.9, "
    "text/xml;q=0.9"
)
_TAG = re.compile(r"</?[A-Za-z!][^<>]*>")
_BREAK = re.compile(r"<(?:br|/p|/div|/li|p|div|li)\b[^<>]*>", re.I)
_DOI = re.compile(r"(?:doi:\s*|doi\.org/)?(10\.\d{4,9}/\S+)", re.I)


@dataclass(frozen=True)
class Feed:
    """The source of the feed at ``address``."""

    name: str
    address: str

    def listings(self, days: Sequence[date], web: Web, today: date) -> list[Listing | Failure]:
        """The entries of each of ``days``, as far back as the feed goes."""
        try:
            papers, problem = self._papers(web)
        except (LookupFailedError, DigestError) as error:
            return [Failure(self.name, day, error.message) for day in days]
        return [self._listing(day, papers, problem, today) for day in days]

    def _listing(self, day: date, papers: Sequence[Paper], problem: str, today: date) -> Listing:
        found = tuple(paper for paper in papers if (paper.date or today) == day)
        remark = problem if found else "the feed has no entry of that day"
        return Listing(self.name, day, found, settled=day < today, remark=remark)

    def _papers(self, web: Web) -> tuple[list[Paper], str]:
        parts = urlsplit(self.address)
        service = Service(self.name, f"{parts.scheme}://{parts.netloc}", "", 1.0)
        path = parts.path.lstrip("/") + (f"?{parts.query}" if parts.query else "")
        data = web.get(
            service, path, accept=ACCEPT, check=lambda d: root(d) is not None, since=an_hour_ago()
        )
        tree = root(data) if data else None
        if tree is None:
            raise DigestError(f"there is no feed at {self.address}")
        return read_each(entries(tree), lambda entry: _paper(entry, self.name, self.address))


def root(data: bytes) -> Any:
    """The root element of a feed, or None for what is none. Nothing outside the text is read."""
    from lxml import etree

    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=False
    )
    try:
        tree = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError):
        return None
    return tree if local(tree) in ("feed", "rss", "RDF") else None


def local(element: Any) -> str:
    """The name of ``element`` without its namespace; empty for a comment."""
    return str(element.tag).rpartition("}")[2] if isinstance(element.tag, str) else ""


def entries(tree: Any) -> Iterator[Any]:
    """The entries of a feed, in its order."""
    return (element for element in tree.iter() if local(element) in ("entry", "item"))


def texts(entry: Any, *names: str) -> list[str]:
    """The texts of the children of ``entry`` called ``names``, with their white space as it is."""
    return [
        text
        for child in entry
        if local(child) in names and (text := "".join(child.itertext()).strip())
    ]


def first(entry: Any, *names: str) -> str:
    """The text of the first child of one of ``names``, by the order of ``names``; or empty."""
    return next((found[0] for name in names if (found := texts(entry, name))), "")


def plain(text: str) -> str:
    """``text`` without HTML, which feeds carry escaped: its tags are gone, its entities letters."""
    return " ".join(unescape(_TAG.sub("", _BREAK.sub(" ", text))).split())


def day_of(text: str) -> date | None:
    """The day that an RFC 3339 or RFC 822 date names, in its own time zone; None for neither."""
    moment = moment_of(text)
    return moment.date() if moment else None


def moment_of(text: str) -> datetime | None:
    """The time that ``text`` names, in UTC where it names no zone."""
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        try:
            moment = parsedate_to_datetime(text.strip())
        except (ValueError, TypeError):
            return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _paper(entry: Any, source: str, address: str) -> Paper:
    """The paper of a feed's entry. Raises DigestError for one without a title."""
    link = _link(entry)
    link = urljoin(address, link) if link else ""
    names = [
        name
        for child in entry
        if local(child) in ("author", "creator", "contributor")
        and (name := first(child, "name") or "".join(child.itertext()).strip())
    ]
    categories = [
        label
        for child in entry
        if local(child) in ("category", "subject")
        and (label := (child.get("term") or "".join(child.itertext())).strip())
    ]
    day = day_of(first(entry, "published", "pubDate", "date", "publicationDate", "updated") or "")
    record = {
        "id": _identity(entry, link),
        "title": plain(first(entry, "title")),
        "abstract": plain(first(entry, "summary", "description", "encoded", "content")),
        "authors": _authors(names),
        "url": link,
        "date": day.isoformat() if day else None,
        "categories": [plain(one) for one in categories],
        "doi": _doi(entry, link),
        "given_id": first(entry, "id", "guid"),
    }
    return paper_of(record, source=source, where=source)


def _link(entry: Any) -> str:
    """The address of the page on an entry: Atom's alternate link, RSS's link or permanent id."""
    for child in entry:
        if local(child) == "link":
            if child.get("rel", "alternate") == "alternate" and child.get("href"):
                return str(child.get("href")).strip()
            if not child.get("href") and (text := (child.text or "").strip()):
                return text
    for text in texts(entry, "guid", "id"):
        if text.startswith(("http://", "https://")):
            return text
    return ""


def _identity(entry: Any, link: str) -> str:
    """The text that identifies an entry without an address; empty for one that has an address."""
    return "" if link else first(entry, "guid", "id")


def _doi(entry: Any, link: str) -> str:
    for text in [*texts(entry, "doi", "DOI", "identifier"), link]:
        if found := _DOI.search(text):
            return found[1].rstrip(".,;")
    return ""


def _authors(names: Sequence[str]) -> list[str]:
    """The authors of an entry. RSS's ``author`` is an address with the name in brackets, and a single
    ``dc:creator`` often holds all of them."""
    found: list[str] = []
    for name in names:
        if match := re.fullmatch(r"\S+@\S+\s+\((.+)\)", name.strip()):
            name = match[1]
        found += [plain(name)]
    if len(found) == 1 and ("," in found[0] or ";" in found[0] or " and " in found[0]):
        separator = r";" if ";" in found[0] else r",\s*(?:and\s+)?|\s+and\s+"
        found = [part for one in re.split(separator, found[0]) if (part := one.strip())]
    return [name for name in found if name and "@" not in name]
