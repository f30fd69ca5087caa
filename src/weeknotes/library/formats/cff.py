"""``CITATION.cff`` as a CSL-JSON item, after the "Citation File Format", version 1.2.0."""

from __future__ import annotations

from typing import Any

from weeknotes.errors import LibraryError
from weeknotes.library.csl_dates import parse_date
from weeknotes.library.formats.csl_text import load_yaml
from weeknotes.library.store import Entry

_TYPES = {
    "software": "software",
    "software-code": "software",
    "dataset": "dataset",
    "data": "dataset",
    "article": "article-journal",
    "book": "book",
    "conference-paper": "paper-conference",
    "conference": "paper-conference",
    "proceedings": "book",
    "thesis": "thesis",
    "report": "report",
    "magazine-article": "article-magazine",
    "manual": "book",
    "newspaper-article": "article-newspaper",
    "website": "webpage",
    "unpublished": "manuscript",
    "preprint": "article",
    "standard": "standard",
    "patent": "patent",
    "blog": "post-weblog",
}
_TEXTS = {
    "title": ("title",),
    "container-title": ("journal", "collection-title"),
    "volume": ("volume",),
    "issue": ("issue",),
    "edition": ("edition",),
    "version": ("version",),
    "abstract": ("abstract",),
    "DOI": ("doi",),
    "ISBN": ("isbn",),
    "ISSN": ("issn",),
    "PMCID": ("pmcid",),
    "URL": ("url", "repository-code", "repository"),
    "license": ("license",),
    "note": ("notes",),
}


def read(text: str, name: str) -> list[Entry]:
    """The work to cite, without ``id``: the preferred citation where there is one, else the software or
    data itself. Raises LibraryError, naming ``name``."""
    data = load_yaml(text, name)
    if not isinstance(data, dict) or not data.get("title"):
        raise LibraryError("no citation file: it has no title", file=name)
    preferred = data.get("preferred-citation")
    return [_entry(preferred if isinstance(preferred, dict) else {"type": "software", **data})]


def _entry(data: dict[str, Any]) -> Entry:
    entry: Entry = {"type": _TYPES.get(str(data.get("type")), "document")}
    for variable, names in _TEXTS.items():
        if value := next((data[key] for key in names if data.get(key)), None):
            entry[variable] = " ".join(map(str, value)) if isinstance(value, list) else str(value)
    if "DOI" not in entry:
        for one in data.get("identifiers") or ():
            if isinstance(one, dict) and one.get("type") == "doi":
                entry["DOI"] = str(one.get("value"))
    for role, key in (("author", "authors"), ("editor", "editors")):
        people = [_person(one) for one in data.get(key) or () if isinstance(one, dict)]
        if people := [one for one in people if one]:
            entry[role] = people
    day = data.get("date-published") or data.get("date-released")
    year = "-".join(str(data[part]).zfill(2) for part in ("year", "month") if data.get(part))
    if date := parse_date(str(day or year)):
        entry["issued"] = date
    first, last = data.get("start"), data.get("end")
    if first:
        entry["page"] = f"{first}-{last}" if last else str(first)
    for variable, key in (("publisher", "publisher"), ("event-title", "conference")):
        if isinstance(data.get(key), dict) and data[key].get("name"):
            entry[variable] = str(data[key]["name"])
    if isinstance(data.get("keywords"), list):
        entry["keyword"] = ", ".join(str(word).replace(",", ";") for word in data["keywords"])
    return entry


def _person(person: dict[str, Any]) -> dict[str, str]:
    if person.get("name"):
        return {"literal": str(person["name"])}
    names = {
        "family": person.get("family-names"),
        "given": person.get("given-names"),
        "non-dropping-particle": person.get("name-particle"),
        "suffix": person.get("name-suffix"),
    }
    found = {part: str(value) for part, value in names.items() if value}
    if "family" in found:
        return found
    whole = found.get("given") or str(person.get("alias") or "")
    return {"literal": whole} if whole else {}
