"""``CITATION.cff`` as a CSL-JSON item, after the "Citation File Format", version 1.2.0."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from weeknotes.errors import LibraryError
from weeknotes.library.csl_dates import parse_date
from weeknotes.library.formats.csl_text import load_yaml
from weeknotes.library.formats.csl_values import plain
from weeknotes.library.identifiers import bare_doi
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
    "software-container": "software",
    "software-executable": "software",
    "software-virtual-machine": "software",
    "edited-work": "book",
    "encyclopedia": "entry-encyclopedia",
    "dictionary": "entry-dictionary",
    "film-broadcast": "motion_picture",
    "video": "motion_picture",
    "sound-recording": "song",
    "music": "song",
    "slides": "speech",
    "government-document": "report",
    "pamphlet": "pamphlet",
    "legal-case": "legal_case",
    "legal-rule": "regulation",
    "statute": "legislation",
    "bill": "bill",
    "hearing": "hearing",
    "map": "map",
    "personal-communication": "personal_communication",
    "multimedia": "webpage",
    "audiovisual": "motion_picture",
    "art": "graphic",
    "magazine": "article-magazine",
    "newspaper": "article-newspaper",
}
_TEXTS = {
    "title": ("title",),
    "container-title": ("journal", "collection-title"),
    "container-title-short": ("abbreviation",),
    "volume": ("volume",),
    "volume-title": ("volume-title",),
    "issue": ("issue",),
    "number": ("number",),
    "number-of-volumes": ("number-volumes",),
    "number-of-pages": ("pages",),
    "section": ("section",),
    "edition": ("edition",),
    "version": ("version",),
    "genre": ("thesis-type",),
    "division": ("department",),
    "medium": ("format", "medium"),
    "status": ("status",),
    "abstract": ("abstract",),
    "DOI": ("doi",),
    "ISBN": ("isbn",),
    "ISSN": ("issn",),
    "PMCID": ("pmcid",),
    "URL": ("url", "repository-code", "repository", "repository-artifact"),
    "license": ("license",),
    "language": ("languages",),
    "archive": ("database",),
    "source": ("database-provider",),
    "note": ("notes",),
}
_ROLES = {
    "author": ("authors", "senders"),
    "editor": ("editors",),
    "collection-editor": ("editors-series",),
    "translator": ("translators",),
    "recipient": ("recipients",),
}
# Entities, whose names are the one variable and whose towns the other.
_ENTITIES = {
    "publisher": ("publisher", "publisher-place"),
    "institution": ("publisher", "publisher-place"),
    "conference": ("event-title", "event-place"),
    "location": ("event-place", ""),
}
_DATES = {
    "issued": ("date-published", "date-released", "issue-date"),
    "accessed": ("date-accessed",),
    "original-date": ("year-original",),
}
# About the file itself, and what other variables have been made of.
_READ = frozenset(
    "cff-version message type preferred-citation references contact identifiers start end year month "
    "keywords commit".split()
)


def read(text: str, name: str) -> list[Entry]:
    """The work to cite, without ``id``: the preferred citation where there is one, else the software or
    data itself. Raises LibraryError, naming ``name``."""
    data = load_yaml(text, name)
    if not isinstance(data, dict) or not data.get("title"):
        raise LibraryError("no citation file: it has no title", file=name)
    preferred = data.get("preferred-citation")
    if isinstance(preferred, dict) and preferred.get("title"):
        return [_entry(preferred)]
    return [_entry({"type": "software", **data})]


def _entry(data: dict[str, Any]) -> Entry:
    entry: Entry = {"type": _TYPES.get(str(data.get("type")), "document")}
    for variable, names in _TEXTS.items():
        if value := next((data[key] for key in names if data.get(key)), None):
            entry[variable] = " ".join(map(str, value)) if isinstance(value, list) else str(value)
    for role, names in _ROLES.items():
        listed = [one for key in names for one in _listed(data.get(key))]
        if people := [name for one in listed if (name := _person(one))]:
            entry[role] = people
    entry |= _identifiers(data, entry) | _dates(data) | _pages(data)
    for key, variables in _ENTITIES.items():
        entity = data.get(key)
        if isinstance(entity, dict):
            found = (entity.get("name"), entity.get("city") or entity.get("location"))
            for variable, text in zip(variables, found, strict=True):
                if variable and text:
                    entry.setdefault(variable, str(text))
    if words := _listed(data.get("keywords")):
        entry["keyword"] = ", ".join(str(word).replace(",", ";") for word in words)
    return _with_rest(entry, data)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value] if isinstance(value, dict | str) else []


def _identifiers(data: Mapping[str, Any], entry: Entry) -> Entry:
    """The DOI without its address, from the list of identifiers if need be."""
    listed = [str(entry.get("DOI") or "")]
    for one in _listed(data.get("identifiers")):
        if isinstance(one, dict) and one.get("type") == "doi":
            listed.append(str(one.get("value")))
    doi = next((found for text in listed if (found := bare_doi(text))), listed[0])
    return {"DOI": doi} if doi else {}


def _dates(data: Mapping[str, Any]) -> Entry:
    dates: Entry = {}
    for variable, names in _DATES.items():
        if date := parse_date(str(next((data[key] for key in names if data.get(key)), ""))):
            dates[variable] = date
    if data.get("year") and "date-parts" not in dates.get("issued", {}):
        month = str(data.get("month") or "")
        year = f"{data['year']}-{month.zfill(2)}" if month.isdigit() else f"{month} {data['year']}"
        if date := parse_date(year.strip()):
            dates["issued"] = date
    return dates


def _pages(data: Mapping[str, Any]) -> Entry:
    first, last = data.get("start"), data.get("end")
    if not first:
        return {}
    return {"page": f"{first}-{last}" if last and last != first else str(first)}


def _with_rest(entry: Entry, data: Mapping[str, Any]) -> Entry:
    """``entry`` with the fields that nothing was made of, under ``custom``."""
    read = _READ | {key for names in (*_TEXTS.values(), *_ROLES.values()) for key in names}
    read |= {key for names in _DATES.values() for key in names} | _ENTITIES.keys()
    rest = {str(key): plain(value) for key, value in data.items() if value and key not in read}
    return {**entry, "custom": {"fields": rest}} if rest else entry


def _person(person: Any) -> dict[str, str]:
    if not isinstance(person, dict):
        return {"literal": str(person)} if person else {}
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
