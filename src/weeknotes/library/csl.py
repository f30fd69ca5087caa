"""A Zotero item as a CSL-JSON item.

The mapping is that of Zotero's schema (``zotero_schema``). Fields, creator types and item types that
a newer schema brings are kept, not dropped: an unknown type becomes ``document``, an unknown field is
kept under ``custom``, an unknown creator is a contributor.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from weeknotes.library.csl_dates import iso_day, parse_date
from weeknotes.library.store import Entry
from weeknotes.library.zotero_schema import mapping

NOT_CITABLE = frozenset({"attachment", "note", "annotation"})
"""Item types that are no works: they come with their parent, or not at all."""

# The place of a talk or a recording is where it was held (zotero/utilities, itemToCSLJSON).
_PLACE_OF_EVENT = frozenset({"audioRecording", "presentation", "videoRecording"})
# Fields that say nothing of the work, or are read in another way.
_OWN = {"key", "version", "itemType", "creators", "tags", "collections", "relations", "extra"}
_OWN |= {"dateAdded", "dateModified", "accessDate", "citationKey", "deleted", "inPublications"}
_OWN |= {"parentItem", "createdByUser", "lastModifiedByUser"}

# "Martin Luther, Jr." in the field of the given name (zotero/utilities, parseParticles).
_SUFFIX = re.compile(r"(.+?),\s*!?\s*((?:Jr|Sr|Esq|Ph\.?\s?D|M\.?D)\.?|I{1,3}|IV|VI{0,3})", re.I)
_EXTRA_LINE = re.compile(r"^\s*([A-Za-z][A-Za-z _-]{1,30}?)\s*:\s*(\S.*?)\s*$")
# Variables of CSL 1.0.2 (Appendix IV) that no Zotero field exists for.
_MORE_TEXTS = frozenset(
    "annote archive_collection archive-place citation-label division jurisdiction keyword "
    "number original-title page-first printing reviewed-genre reviewed-title supplement "
    "supplement-number volume-title volume-title-short year-suffix".split()
)
_MORE_DATES = frozenset({"available-date", "event-date"})
ROLES = frozenset(
    "author chair collection-editor compiler composer container-author contributor curator director "
    "editor editor-translator editorial-director executive-producer guest host illustrator "
    "interviewer narrator organizer original-author performer producer recipient reviewed-author "
    "script-writer series-creator translator".split()
)
#: The variables of CSL 1.0.2 that are texts, and those that are dates; ``ROLES`` are names.
TEXTS = _MORE_TEXTS | mapping().texts.keys() | {"note", "container-title-short", "title-short"}
DATES = _MORE_DATES | mapping().dates.keys()
# Other names under which CSL variables are written in Extra.
_EXTRA_NAMES = {"event": "event-title", "place": "publisher-place"}
_EXTRA_NAMES |= {"container": "container-title", "archive-location": "archive_location"}
_EXTRA_KEYS = {"citation-key", "citationkey", "bibtex"}
_ARXIV = re.compile(
    r"(?:arxiv[:.\s/]*)?((?:\d{4}\.\d{4,5}|[a-z-]+(?:\.[a-z]{2})?/\d{7}))(?:v\d+)?", re.I
)


def to_csl(data: Mapping[str, Any], meta: Mapping[str, Any] | None = None) -> Entry:
    """The CSL-JSON item for a Zotero item, without ``id``, ``keyword`` and ``custom``.

    ``data`` and ``meta`` are those objects of the API's response. Fields without a CSL variable are
    under ``custom: {"zotero": {"fields": …}}``.
    """
    kind = str(data.get("itemType") or "document")
    schema = mapping()
    entry: Entry = {"type": schema.types.get(kind, "document")}
    for variable, fields in schema.texts.items():
        if value := _first(data, fields):
            entry[variable] = value
    if kind in _PLACE_OF_EVENT and "publisher-place" in entry:
        place = entry.pop("publisher-place")
        entry.setdefault("event-place", place)
    entry |= _dates(data, _text((meta or {}).get("parsedDate")))
    entry |= _people(data.get("creators"), schema.primary.get(kind, "author"))
    _read_extra(entry, str(data.get("extra") or ""))
    _name_arxiv(entry)
    unknown = {
        name: value
        for name, value in sorted(data.items())
        if name not in _OWN
        and name not in schema.fields
        and isinstance(value, str | int | float)
        and _text(value)
    }
    if kind not in schema.types:
        unknown["itemType"] = kind
    if unknown:
        entry["custom"] = {"zotero": {"fields": unknown}}
    return entry


def _first(data: Mapping[str, Any], fields: tuple[str, ...]) -> str:
    return next((text for name in fields if (text := _text(data.get(name)))), "")


def _dates(data: Mapping[str, Any], parsed: str) -> Entry:
    """The dates of an item; ``parsed`` is what the server read in the date of publication."""
    dates: Entry = {}
    language = _text(data.get("language"))
    for variable, fields in mapping().dates.items():
        typed = _first(data, fields)
        if variable == "accessed":
            date = iso_day(typed)
        else:
            date = parse_date(typed, parsed if variable == "issued" else "", language)
        if date:
            dates[variable] = date
    return dates


def tags_of(data: Mapping[str, Any]) -> list[str]:
    """The tags of an item, in their order."""
    tags = data.get("tags")
    found = [
        _text(tag.get("tag") if isinstance(tag, dict) else tag)
        for tag in (tags if isinstance(tags, list) else [])
    ]
    return [tag for tag in found if tag]


def _people(creators: Any, primary: str) -> dict[str, list[dict[str, str]]]:
    """The creators by their CSL role; ``primary`` is the creator type that is the author."""
    people: dict[str, list[dict[str, str]]] = {}
    others: list[dict[str, str]] = []
    names = mapping().names
    for creator in creators if isinstance(creators, list) else []:
        if not isinstance(creator, dict) or not (name := _name(creator)):
            continue
        kind = str(creator.get("creatorType") or "author")
        role = names.get(kind) or ("author" if kind == primary else "")
        if role:
            people.setdefault(role, []).append(name)
        else:
            others.append(name)
    if others:
        people.setdefault("contributor", []).extend(others)
    return people


def _name(creator: Mapping[str, Any]) -> dict[str, str]:
    """A creator as a CSL name: two fields as family and given, one field as literal."""
    family, given = _text(creator.get("lastName")), _text(creator.get("firstName"))
    whole = _text(creator.get("name"))
    if whole:
        return {"literal": whole}
    if not family:
        return {"literal": given} if given else {}
    name = {"family": family, "given": given}
    if found := _SUFFIX.fullmatch(given):
        name |= {"given": found[1], "suffix": found[2]}
    return {part: text for part, text in name.items() if text}


def _read_extra(entry: Entry, extra: str) -> None:
    """CSL variables written in Extra ("Original Date: 1999"), the rest as ``note``.

    Zotero's documentation, "Citing Fields from Extra": a variable there fills an empty field; dates,
    the type and creators also replace one. "Editor: Kim || Minji" parts the family name from the
    given one.
    """
    rest = []
    people: dict[str, list[dict[str, str]]] = {}
    for line in extra.splitlines():
        found = _EXTRA_LINE.match(line)
        if not found or not _read_extra_line(entry, people, found[1], found[2]):
            rest.append(line.strip())
    entry |= people
    note = "\n".join(rest).strip()
    if note:
        entry["note"] = note


def _read_extra_line(
    entry: Entry, people: dict[str, list[dict[str, str]]], label: str, value: str
) -> bool:
    """Whether ``label: value`` is a variable, which is then in ``entry`` or ``people``."""
    name = re.sub(r"[ _]", "-", label.strip()).lower()
    if name != "type":
        name = _EXTRA_NAMES.get(name) or _variable_of(label) or name
    if name in _EXTRA_KEYS or name.startswith("tex."):
        return True
    types = mapping().types
    if name == "type":
        if value not in types and value not in types.values():
            return False
        entry["type"] = types.get(value, value)
    elif (name in mapping().dates or name in _MORE_DATES) and (date := parse_date(value)):
        entry[name] = date
    elif name in ROLES:
        people.setdefault(name, []).append(_extra_name(value))
    elif name in mapping().texts or name in _MORE_TEXTS:
        entry.setdefault(name, value)
    else:
        return False
    return True


def _variable_of(label: str) -> str:
    """The CSL variable of a label: of one in its own spelling ("DOI", "pmid"), and of a Zotero field
    as the interface writes it ("Publication Title")."""
    name = re.sub(r"[ _]", "-", label.strip())
    texts = mapping().texts
    if name.upper() in texts or name in texts:
        return name if name in texts else name.upper()
    words = label.split()
    field = "".join([words[0].lower(), *(word.capitalize() for word in words[1:])])
    listed = (*texts.items(), *mapping().dates.items())
    return next((variable for variable, fields in listed if field in fields), "")


def _extra_name(value: str) -> dict[str, str]:
    family, bars, given = (part.strip() for part in value.partition("||"))
    return {"family": family, "given": given} if bars and family and given else {"literal": family}


def arxiv_id(text: str) -> str:
    """The arXiv identifier in ``text`` ("arXiv:2006.11239v2"), without its version; else empty."""
    found = _ARXIV.fullmatch(text.strip().split(" ")[0])
    return found[1] if found else ""


def _name_arxiv(entry: Entry) -> None:
    """Say in one way that a paper is on arXiv: ``archive`` and ``archive_location``."""
    number, location = str(entry.get("number") or ""), str(entry.get("archive_location") or "")
    doi, note = str(entry.get("DOI") or ""), str(entry.get("note") or "")
    candidates = [doi.lower().removeprefix("10.48550/")] if doi.startswith("10.48550/") else []
    if number.lower().startswith("arxiv"):
        candidates.append(number)
    if "arxiv" in f"{entry.get('publisher')} {entry.get('archive')}".lower():
        candidates += [number, location]
    candidates += [line for line in note.splitlines() if line.lower().startswith("arxiv:")]
    found = next((paper for text in candidates if (paper := arxiv_id(text))), "")
    if found:
        entry["archive"], entry["archive_location"] = "arXiv", found


def _text(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    # Line ends may matter in an abstract; control characters never do.
    return re.sub(r"[\x00-\x08\x0b-\x1f\x7f]", "", str(value)).strip()
