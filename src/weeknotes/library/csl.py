"""A Zotero item as a CSL-JSON item.

Follows Zotero's schema (github.com/zotero/zotero-schema, ``csl`` and the base fields of each item
type). Fields, creator types and item types that a newer schema brings are kept, not dropped: an
unknown type becomes ``document``, an unknown field stands under ``custom``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from weeknotes.library.csl_dates import iso_day, parse_date
from weeknotes.library.store import Entry

TYPES = {
    "annotation": "document",
    "artwork": "graphic",
    "attachment": "document",
    "audioRecording": "song",
    "bill": "bill",
    "blogPost": "post-weblog",
    "book": "book",
    "bookSection": "chapter",
    "case": "legal_case",
    "computerProgram": "software",
    "conferencePaper": "paper-conference",
    "dataset": "dataset",
    "dictionaryEntry": "entry-dictionary",
    "document": "document",
    "email": "personal_communication",
    "encyclopediaArticle": "entry-encyclopedia",
    "film": "motion_picture",
    "forumPost": "post",
    "hearing": "hearing",
    "instantMessage": "personal_communication",
    "interview": "interview",
    "journalArticle": "article-journal",
    "letter": "personal_communication",
    "magazineArticle": "article-magazine",
    "manuscript": "manuscript",
    "map": "map",
    "newspaperArticle": "article-newspaper",
    "note": "document",
    "patent": "patent",
    "podcast": "broadcast",
    "preprint": "article",
    "presentation": "speech",
    "radioBroadcast": "broadcast",
    "report": "report",
    "standard": "standard",
    "statute": "legislation",
    "thesis": "thesis",
    "tvBroadcast": "broadcast",
    "videoRecording": "motion_picture",
    "webpage": "webpage",
}
NOT_CITABLE = frozenset({"attachment", "note", "annotation"})
"""Item types that are no works: they come with their parent, or not at all."""

# CSL variable <- Zotero fields, the first that is filled in counts.
_TEXTS: dict[str, tuple[str, ...]] = {
    "title": ("title", "caseName", "nameOfAct", "subject"),
    "title-short": ("shortTitle",),
    "container-title": (
        *("publicationTitle", "bookTitle", "proceedingsTitle", "encyclopediaTitle"),
        *("dictionaryTitle", "websiteTitle", "blogTitle", "forumTitle", "programTitle"),
        *("reporter", "code"),
    ),
    "container-title-short": ("journalAbbreviation",),
    "collection-title": ("series", "seriesTitle"),
    "collection-number": ("seriesNumber",),
    "volume": ("volume", "reporterVolume", "codeVolume", "codeNumber"),
    "issue": ("issue", "priorityNumbers"),
    "page": ("pages", "firstPage", "codePages"),
    "number": (
        *("number", "reportNumber", "patentNumber", "billNumber", "docketNumber"),
        *("publicLawNumber", "episodeNumber", "archiveID", "identifier"),
    ),
    "edition": ("edition",),
    "version": ("versionNumber",),
    "number-of-pages": ("numPages",),
    "number-of-volumes": ("numberOfVolumes",),
    "chapter-number": ("session",),
    "publisher": (
        *("publisher", "university", "institution", "repository", "label", "studio"),
        *("network", "distributor", "company"),
    ),
    "publisher-place": ("place",),
    "event-title": ("conferenceName", "meetingName"),
    "authority": ("court", "legislativeBody", "issuingAuthority", "organization", "authority"),
    "genre": (
        *("type", "thesisType", "reportType", "letterType", "manuscriptType", "mapType"),
        *("websiteType", "postType", "presentationType", "genre", "programmingLanguage"),
    ),
    "medium": (
        *("medium", "artworkMedium", "audioRecordingFormat", "videoRecordingFormat"),
        *("interviewMedium", "audioFileType", "format", "system"),
    ),
    "dimensions": ("artworkSize", "runningTime"),
    "scale": ("scale",),
    "section": ("section", "committee"),
    "references": ("history", "references"),
    "status": ("legalStatus", "status"),
    "call-number": ("callNumber", "applicationNumber"),
    "archive": ("archive",),
    "archive_location": ("archiveLocation",),
    "source": ("libraryCatalog",),
    "DOI": ("DOI",),
    "ISBN": ("ISBN",),
    "ISSN": ("ISSN",),
    "URL": ("url",),
    "language": ("language",),
    "abstract": ("abstractNote",),
}
_DATES: dict[str, tuple[str, ...]] = {
    "issued": ("date", "dateDecided", "dateEnacted", "issueDate"),
    "submitted": ("filingDate",),
    "original-date": ("originalDate",),
}
_CREATORS = {
    "bookAuthor": "container-author",
    "castMember": "performer",
    "composer": "composer",
    "contributor": "contributor",
    "director": "director",
    "editor": "editor",
    "executiveProducer": "executive-producer",
    "guest": "guest",
    "host": "host",
    "interviewer": "interviewer",
    "narrator": "narrator",
    "originalCreator": "original-author",
    "producer": "producer",
    "recipient": "recipient",
    "reviewedAuthor": "reviewed-author",
    "scriptwriter": "script-writer",
    "seriesEditor": "collection-editor",
    "seriesCreator": "series-creator",
    "translator": "translator",
    "chair": "chair",
    "compiler": "compiler",
    "illustrator": "illustrator",
    "organizer": "organizer",
    "curator": "curator",
}
# Creator types that are the author of the item types that have them.
_AUTHORS = frozenset(
    "author artist attorneyAgent cartographer commenter cosponsor counsel creator interviewee "
    "inventor performer podcaster presenter programmer sponsor wordsBy".split()
)
_SECONDARY = {"attorneyAgent", "commenter", "cosponsor", "counsel", "wordsBy"}
_OWN = {"key", "version", "itemType", "creators", "tags", "collections", "relations", "extra"}
_OWN |= {"dateAdded", "dateModified", "accessDate", "citationKey", "deleted", "inPublications"}
_OWN |= {"parentItem", "rights", "createdByUser", "lastModifiedByUser"}
_KNOWN = _OWN.union(*_TEXTS.values(), *_DATES.values())

_EXTRA_LINE = re.compile(r"^\s*([A-Za-z][A-Za-z _-]{1,30})\s*:\s*(\S.*?)\s*$")
_EXTRA_TEXTS = {
    *_TEXTS,
    *("PMID", "PMCID", "annote", "event-place", "jurisdiction", "keyword", "license"),
    *("original-title", "original-publisher", "original-publisher-place", "part-number"),
    *("part-title", "reviewed-title", "supplement-number", "volume-title", "archive-place"),
}
_EXTRA_DATES = {"issued", "submitted", "original-date", "event-date", "available-date"}
_EXTRA_KEYS = {"citation-key", "citationkey", "bibtex"}
_ARXIV = re.compile(
    r"(?:arxiv[:.\s/]*)?((?:\d{4}\.\d{4,5}|[a-z-]+(?:\.[a-z]{2})?/\d{7}))(?:v\d+)?", re.I
)


def to_csl(data: Mapping[str, Any], meta: Mapping[str, Any] | None = None) -> Entry:
    """The CSL-JSON item for a Zotero item, without ``id``, ``keyword`` and ``custom``.

    ``data`` and ``meta`` are those objects of the API's response. Fields that no CSL variable stands
    for are under ``custom: {"zotero": {"fields": …}}``.
    """
    kind = str(data.get("itemType") or "document")
    entry: Entry = {"type": TYPES.get(kind, "document")}
    for variable, fields in _TEXTS.items():
        value = next((text for name in fields if (text := _text(data.get(name)))), "")
        if value:
            entry[variable] = value
    parsed = _text((meta or {}).get("parsedDate"))
    for variable, fields in _DATES.items():
        typed = next((text for name in fields if (text := _text(data.get(name)))), "")
        date = parse_date(typed, parsed if variable == "issued" else "")
        if date:
            entry[variable] = date
    if accessed := iso_day(_text(data.get("accessDate"))):
        entry["accessed"] = accessed
    entry |= _people(data.get("creators"))
    if kind in ("presentation", "conferencePaper") and not entry.get("publisher"):
        _move(entry, "publisher-place", "event-place")
    _read_extra(entry, str(data.get("extra") or ""))
    _name_arxiv(entry)
    unknown = {
        name: value
        for name, value in sorted(data.items())
        if name not in _KNOWN and isinstance(value, str | int | float) and _text(value)
    }
    if kind not in TYPES:
        unknown["itemType"] = kind
    if unknown:
        entry["custom"] = {"zotero": {"fields": unknown}}
    return entry


def tags_of(data: Mapping[str, Any]) -> list[str]:
    """The tags of an item, in their order."""
    tags = data.get("tags")
    found = [
        _text(tag.get("tag") if isinstance(tag, dict) else tag)
        for tag in (tags if isinstance(tags, list) else [])
    ]
    return [tag for tag in found if tag]


def _people(creators: Any) -> dict[str, list[dict[str, str]]]:
    people: dict[str, list[dict[str, str]]] = {}
    secondary: dict[str, list[dict[str, str]]] = {}
    for creator in creators if isinstance(creators, list) else []:
        if not isinstance(creator, dict) or not (name := _name(creator)):
            continue
        kind = str(creator.get("creatorType") or "author")
        role = "author" if kind in _AUTHORS else _CREATORS.get(kind, "contributor")
        target = secondary if kind in _SECONDARY else people
        target.setdefault(role if kind not in _SECONDARY else "contributor", []).append(name)
    for role, names in secondary.items():
        people.setdefault(role, []).extend(names)
    return people


def _name(creator: Mapping[str, Any]) -> dict[str, str]:
    """A creator as a CSL name: two fields as family and given, one field as literal."""
    family, given = _text(creator.get("lastName")), _text(creator.get("firstName"))
    whole = _text(creator.get("name"))
    if whole:
        return {"literal": whole}
    if not family:
        return {"literal": given} if given else {}
    return {"family": family, "given": given} if given else {"family": family}


def _read_extra(entry: Entry, extra: str) -> None:
    """CSL variables written in Extra ("Original Date: 1999"), the rest as ``note``.

    Zotero's documentation, "Citing Fields from Extra": a variable there fills an empty field, dates
    and the type also replace one.
    """
    rest = []
    for line in extra.splitlines():
        found = _EXTRA_LINE.match(line)
        name = re.sub(r"[ _]", "-", found[1].strip()) if found else ""
        name = name.upper() if name.upper() in _EXTRA_TEXTS else name.lower()
        if not found or not _read_extra_line(entry, name, found[2]):
            rest.append(line.strip())
    note = "\n".join(rest).strip()
    if note:
        entry["note"] = note


def _read_extra_line(entry: Entry, name: str, value: str) -> bool:
    if name in _EXTRA_KEYS or name.startswith("tex."):
        return True
    if name == "type" and (value in TYPES or value in TYPES.values()):
        entry["type"] = TYPES.get(value, value)
        return True
    if name in _EXTRA_DATES and (date := parse_date(value)):
        entry[name] = date
        return True
    if name in _EXTRA_TEXTS and name != "type":
        entry.setdefault(name, value)
        return True
    return False


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


def _move(entry: Entry, old: str, new: str) -> None:
    if old in entry:
        entry.setdefault(new, entry.pop(old))


def _text(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    # Line ends may matter in an abstract; control characters never do.
    return re.sub(r"[\x00-\x08\x0b-\x1f\x7f]", "", str(value)).strip()
