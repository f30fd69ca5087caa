"""A paper by its number at Semantic Scholar ("Academic Graph API", ``/paper/{paper_id}``)."""

from __future__ import annotations

import json
from typing import Any

from weeknotes.library.arxiv import name_of
from weeknotes.library.csl_dates import parse_date
from weeknotes.library.identifiers import Identifier, parse_identifier
from weeknotes.library.store import Entry
from weeknotes.library.web_client import SEMANTIC_SCHOLAR, LookupFailedError, Web

_FIELDS = "title,authors,year,publicationDate,venue,externalIds"


def fetch(number: str, web: Web) -> tuple[Identifier | None, Entry]:
    """The identifier of the paper ``number`` (40 hexadecimal digits) elsewhere, or None, and what
    Semantic Scholar says of it, without ``id``. Raises LookupFailedError."""
    path = f"graph/v1/paper/{number}"
    data = web.get(
        SEMANTIC_SCHOLAR, path, {"fields": _FIELDS}, accept="application/json", check=_is
    )
    if data is None:
        raise LookupFailedError(f"Semantic Scholar knows no paper {number}")
    found: dict[str, Any] = json.loads(data)
    entry: Entry = {
        "type": "article",
        "title": found.get("title"),
        "author": [
            name_of(str(one["name"])) for one in found.get("authors") or () if one.get("name")
        ],
        "issued": parse_date(str(found.get("publicationDate") or found.get("year") or "")),
        "container-title": found.get("venue"),
        "URL": f"https://www.semanticscholar.org/paper/{number}",
    }
    names = found.get("externalIds") or {}
    texts = (names.get("DOI"), names.get("ArXiv"), f"pmid:{names.get('PubMed')}")
    identifier = next((one for text in texts if text and (one := parse_identifier(text))), None)
    return identifier, {name: value for name, value in entry.items() if value}


def _is(data: bytes) -> bool:
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        return False
    return isinstance(found, dict) and bool(found.get("title"))
