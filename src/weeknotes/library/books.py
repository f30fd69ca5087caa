"""A book by its ISBN, from Open Library ("Books API", ``jscmd=data``)."""

from __future__ import annotations

import json
from typing import Any

from weeknotes.library.arxiv import name_of
from weeknotes.library.csl_dates import parse_date
from weeknotes.library.store import Entry
from weeknotes.library.web_client import OPEN_LIBRARY, LookupFailedError, Web


def fetch(isbn: str, web: Web) -> Entry:
    """The CSL-JSON item (without ``id``) of the book ``isbn`` (thirteen digits). Raises
    LookupFailedError when Open Library does not know it."""
    params = {"bibkeys": f"ISBN:{isbn}", "format": "json", "jscmd": "data"}
    data = web.get(OPEN_LIBRARY, "api/books", params, accept="application/json", check=_is_object)
    found = json.loads(data).get(f"ISBN:{isbn}") if data else None
    if not isinstance(found, dict) or not found.get("title"):
        raise LookupFailedError(
            f"Open Library knows no book {isbn}",
            hint="Check the number, or add the book from a .bib or .ris file of your library.",
        )
    return entry_of(found, isbn)


def entry_of(book: dict[str, Any], isbn: str) -> Entry:
    """A book as Open Library describes it as a CSL-JSON item, without ``id``."""
    title, subtitle = str(book["title"]), str(book.get("subtitle") or "")
    entry: Entry = {
        "type": "book",
        "title": f"{title}: {subtitle}" if subtitle and subtitle not in title else title,
        "author": [name_of(name) for name in _names(book.get("authors"))],
        "issued": parse_date(str(book.get("publish_date") or "")),
        "publisher": next(iter(_names(book.get("publishers"))), ""),
        "publisher-place": next(iter(_names(book.get("publish_places"))), ""),
        "number-of-pages": str(book.get("number_of_pages") or ""),
        "ISBN": isbn,
    }
    return {name: value for name, value in entry.items() if value}


def _names(value: Any) -> list[str]:
    listed = value if isinstance(value, list) else []
    return [str(one["name"]) for one in listed if isinstance(one, dict) and one.get("name")]


def _is_object(data: bytes) -> bool:
    try:
        return isinstance(json.loads(data), dict)
    except (ValueError, RecursionError):
        return False
