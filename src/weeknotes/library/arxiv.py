"""A paper by its arXiv identifier. Follows the "arXiv API User's Manual" (info.arxiv.org/help/api)."""

from __future__ import annotations

import re
from typing import Any

from weeknotes.library.csl_dates import iso_day
from weeknotes.library.store import Entry
from weeknotes.library.web_client import ARXIV, LookupFailedError, Web

_ATOM = "{http://www.w3.org/2005/Atom}"
_OWN = "{http://arxiv.org/schemas/atom}"
_GROUP = re.compile(r"\b(?:Collaboration|Team|Consortium|Group|Project|Lab|Labs)\b", re.I)
_PARTICLES = frozenset(
    "van von der den de del della di da dos du la le ten ter zu zur af al".split()
)
_SUFFIXES = frozenset("jr jr. sr sr. ii iii iv".split())


def fetch(identifier: str, web: Web) -> Entry:
    """The CSL-JSON item (without ``id``) of the paper ``identifier`` (``2006.11239``), in its latest
    version. Raises LookupFailedError when arXiv does not know it."""
    data = web.get(
        ARXIV,
        "api/query",
        {"id_list": identifier, "max_results": "1"},
        accept="application/atom+xml",
        check=lambda answer: _feed(answer) is not None,
    )
    feed = _feed(data) if data else None
    found = feed.find(f"{_ATOM}entry") if feed is not None else None
    # A wrong identifier is answered by an entry that tells of it, or by none.
    if found is None or "/api/errors" in _text(found, f"{_ATOM}id"):
        raise LookupFailedError(f"arXiv knows no paper {identifier}", hint="Check the identifier.")
    return entry_of(found, identifier)


def entry_of(found: Any, identifier: str) -> Entry:
    """An ``<entry>`` of arXiv's Atom feed as a CSL-JSON item, without ``id``."""
    entry: Entry = {
        "type": "article",
        "title": _text(found, f"{_ATOM}title"),
        "author": [
            name_of(_text(author, f"{_ATOM}name")) for author in found.findall(f"{_ATOM}author")
        ],
        "issued": iso_day(_text(found, f"{_ATOM}published")),
        "publisher": "arXiv",
        "number": f"arXiv:{identifier}",
        "archive": "arXiv",
        "archive_location": identifier,
        "DOI": _text(found, f"{_OWN}doi") or f"10.48550/arXiv.{identifier}",
        "URL": f"https://arxiv.org/abs/{identifier}",
        "abstract": _text(found, f"{_ATOM}summary"),
    }
    category = found.find(f"{_OWN}primary_category")
    if category is not None and category.get("term"):
        entry["keyword"] = str(category.get("term"))
    return {name: value for name, value in entry.items() if value}


def name_of(text: str) -> dict[str, str]:
    """A name in one piece ("Jonathan Ho", "Arthur van Benthem Jr.") as a CSL name.

    The last word is the family name, with the particles before it; names of groups, and names
    without a space, stay whole.
    """
    words = text.split()
    if len(words) < 2 or _GROUP.search(text):
        return {"literal": text}
    suffix = words.pop() if words[-1].lower().rstrip(",") in _SUFFIXES and len(words) > 2 else ""
    words[-1] = words[-1].rstrip(",")
    start = len(words) - 1
    while start > 1 and words[start - 1].lower() in _PARTICLES:
        start -= 1
    name = {"family": " ".join(words[start:]), "given": " ".join(words[:start])}
    return {**name, "suffix": suffix} if suffix else name


def _feed(data: bytes) -> Any:
    """The root of an Atom feed, or None. Nothing outside the text itself is read."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError):
        return None
    return root if root.tag == f"{_ATOM}feed" else None


def _text(parent: Any, name: str) -> str:
    return " ".join("".join(parent.findtext(name) or "").split())
