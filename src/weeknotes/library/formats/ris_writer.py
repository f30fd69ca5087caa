"""An entry of the library as RIS, which reference managers read.

After the specification of Research Information Systems (2011): a field a line, a tag of two characters,
two spaces, a hyphen and a space; ``TY`` begins a record, ``ER`` ends it. `ris.read` reads it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from weeknotes.library.store import Entry

_TYPES = {
    "article-journal": "JOUR",
    "article-magazine": "MGZN",
    "article-newspaper": "NEWS",
    "article": "UNPB",
    "book": "BOOK",
    "chapter": "CHAP",
    "paper-conference": "CONF",
    "thesis": "THES",
    "report": "RPRT",
    "webpage": "ELEC",
    "post-weblog": "BLOG",
    "dataset": "DATA",
    "software": "COMP",
    "patent": "PAT",
    "manuscript": "UNPB",
    "motion_picture": "VIDEO",
    "song": "SOUND",
    "map": "MAP",
    "standard": "STAND",
    "speech": "SLIDE",
    "entry-encyclopedia": "ENCYC",
    "entry-dictionary": "DICT",
}
_TEXTS = {
    "title": "TI",
    "container-title": "T2",
    "collection-title": "T3",
    "volume": "VL",
    "issue": "IS",
    "edition": "ET",
    "publisher": "PB",
    "publisher-place": "CY",
    "language": "LA",
    "DOI": "DO",
    "URL": "UR",
    "ISSN": "SN",
    "ISBN": "SN",
}
_PEOPLE = {"author": "AU", "editor": "ED", "translator": "A4"}


def ris(entry: Entry) -> str:
    """``entry`` as one RIS record, each line ending in a line feed. Fields that RIS has no tag for are
    left out, and so are the abstract and notes."""
    lines = [("TY", _TYPES.get(str(entry.get("type")), "GEN")), *_fields(entry), ("ER", "")]
    return "".join(f"{tag}  - {value}".rstrip() + "\n" for tag, value in lines)


def _fields(entry: Entry) -> Iterator[tuple[str, str]]:
    for role, tag in _PEOPLE.items():
        for person in entry.get(role) or ():
            if isinstance(person, Mapping) and (name := _name(person)):
                yield tag, name
    for variable, tag in _TEXTS.items():
        if value := _line(entry.get(variable)):
            yield tag, value
    first, _, last = str(entry.get("page") or "").replace("–", "-").partition("-")
    if first.strip():
        yield "SP", _line(first)
    if last.strip():
        yield "EP", _line(last)
    yield from _dates(entry.get("issued"))
    if key := _line(entry.get("id")):
        yield "ID", key


def _name(person: Mapping[str, Any]) -> str:
    particle = person.get("non-dropping-particle") or person.get("dropping-particle") or ""
    family = _line(f"{particle} {person.get('family') or ''}")
    if not family:
        return _line(person.get("literal") or person.get("given"))
    parts = [family, _line(person.get("given")), _line(person.get("suffix"))]
    return ", ".join(parts if parts[2] else parts[:2] if parts[1] else parts[:1])


def _dates(issued: Any) -> Iterator[tuple[str, str]]:
    """``PY`` for the year, ``DA`` as YYYY/MM/DD where a month is known."""
    parts = issued.get("date-parts") if isinstance(issued, Mapping) else None
    first = parts[0] if isinstance(parts, list) and parts and isinstance(parts[0], list) else []
    numbers = [str(part) for part in first if str(part).lstrip("-").isdigit()]
    if numbers:
        yield "PY", numbers[0]
    if len(numbers) > 1:
        yield "DA", "/".join([numbers[0], *(number.zfill(2) for number in numbers[1:])])


def _line(value: Any) -> str:
    """``value`` on one line, without the markup of CSL-JSON."""
    text = re.sub(r"</?(?:i|b|sc|sub|sup|span)\b[^>]*>", "", str(value or ""))
    return " ".join(text.split())
