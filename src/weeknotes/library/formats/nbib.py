"""PubMed's ``.nbib`` files as CSL-JSON items, and those that ERIC and KoreaMed write in that form.

After "MEDLINE/PubMed Data Element (Field) Descriptions" (National Library of Medicine). Zotero's
translator was the judge; fields for PubMed's own records are left out (``_ADMINISTRATIVE``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from weeknotes.library.csl_dates import parse_date
from weeknotes.library.formats.people import Name, name_of, with_initials
from weeknotes.library.formats.reference_fields import keywords_of
from weeknotes.library.formats.tagged import Record, by_tag, records
from weeknotes.library.identifiers import bare_doi
from weeknotes.library.store import Entry

LINE = re.compile(r"^([A-Z]{2,4}) {0,2}- ?(.*)$")
_Tags = Mapping[str, list[str]]

_TYPES = {
    "book": "book",
    "books": "book",
    "book chapter": "chapter",
    "journal article": "article-journal",
    "case reports": "article-journal",
    "newspaper article": "article-newspaper",
    "video-audio media": "motion_picture",
    "technical report": "report",
    "legal case": "legal_case",
    "legislation": "legislation",
    "preprint": "article",
    "dataset": "dataset",
}
_TEXTS = {
    "container-title-short": ("TA",),
    "collection-title": ("CTI",),
    "volume-title": ("VTI",),
    "volume": ("VI",),
    "issue": ("IP",),
    "abstract": ("AB",),
    "PMID": ("PMID",),
    "PMCID": ("PMC",),
    "language": ("LA",),
    "publisher": ("PB",),
    "edition": ("EN",),
    "license": ("CI",),
    "original-title": ("TT",),
    "note": ("GN",),
    "ISBN": ("ISBN",),
}
# What PubMed writes of its record and its indexing, not of the work.
_ADMINISTRATIVE = frozenset(
    "OWN STAT DA DCOM LR CRDT EDAT MHDA PHST PST SB JID JC SO LID AID OCI RF STAT IRAD UOF UIN "
    "DRDT DDAT CTDT AUID RN NM GS GR SI SFM CRF EIN ROF PT OID FPS PS IS".split()
)


def read(text: str) -> list[Entry]:
    """The items of a ``.nbib`` file, without ``id``."""
    first = frozenset({"PMID"} if re.search(r"^PMID ?- ?\d", text, re.M) else {"OWN"})
    return [_entry(by_tag(_flat(record))) for record in records(text, LINE, first, "")]


def _flat(record: Record) -> Record:
    return [(tag, " ".join(value.split())) for tag, value in record]


def _entry(tags: _Tags) -> Entry:
    kind = _kind(tags)
    entry: Entry = {"type": kind, "title": _first(tags, "TI", "BTI").removesuffix(".")}
    journal = _first(tags, "JT", "TA")
    if kind in ("book", "report"):
        entry["publisher"] = _first(tags, "PB") or journal
    elif kind == "thesis":
        university = re.search(r",\s*([^,]+ University)", _first(tags, "SO"))
        entry |= {"archive": journal, "publisher": university[1] if university else ""}
    else:
        entry["container-title"] = _first(tags, "BTI") if kind == "chapter" else journal
    for variable, names in _TEXTS.items():
        if value := _first(tags, *names):
            entry.setdefault(variable, value)
    if kind in ("book", "chapter"):
        entry.setdefault("publisher-place", _first(tags, "PL"))
    entry |= _people(tags) | _identifiers(tags) | _dates(tags)
    if page := _first(tags, "PG") or _tagged(tags, "LID", "pii") if kind != "book" else "":
        entry["page"] = _whole_range(page)
    words = [word.lstrip("*") for name in ("OT", "MH", "KW") for word in tags.get(name, ())]
    if words:
        entry["keyword"] = keywords_of(words)
    entry = {name: value for name, value in entry.items() if value}
    return _with_rest(entry, tags)


def _first(tags: _Tags, *names: str) -> str:
    return next((tags[name][0] for name in names if tags.get(name) and tags[name][0]), "")


def _kind(tags: _Tags) -> str:
    kinds = [kind.lower() for kind in tags.get("PT", ())]
    if "BTI" in tags:
        return "chapter" if "TI" in tags else "book"
    if any("dissertation" in kind for kind in kinds):
        return "thesis"
    known = [_TYPES[kind] for kind in kinds if kind in _TYPES]
    if known:
        return "article" if "article" in known else known[-1]
    journal = any(text.startswith("EJ") for text in tags.get("OID", ()))
    report = "OID" in tags and any("report" in kind for kind in kinds)
    return "report" if report and not journal else "article-journal"


def _people(tags: _Tags) -> Entry:
    found: Entry = {}
    for role, full, short in (("author", "FAU", "AU"), ("editor", "FED", "ED")):
        found[role] = _names(tags.get(full, []), tags.get(short, []))
    found["author"] += [{"literal": name} for name in tags.get("CN", ())]
    return found


def _names(full: list[str], short: list[str]) -> list[Name]:
    """The names in their order: in full as far as the record has them so."""
    if len(full) >= len(short):
        return [name_of(text) for text in full]
    rest = [name_of(text) for text in full]
    names = []
    for brief in map(with_initials, short):
        family = brief.get("family") or brief.get("literal")
        same = next(
            (one for one in rest if family in (one.get("family"), one.get("literal"))), None
        )
        if same is not None:
            rest.remove(same)
        names.append(same or brief)
    return names + rest


def _tagged(tags: _Tags, name: str, label: str) -> str:
    mark = f"[{label}]"
    found = (text for text in tags.get(name, ()) if text.endswith(mark))
    return next(found, "").removesuffix(mark).strip()


def _identifiers(tags: _Tags) -> Entry:
    found: Entry = {}
    doi = _tagged(tags, "AID", "doi") or _tagged(tags, "LID", "doi") or _first(tags, "DO")
    if doi := bare_doi(doi):
        found["DOI"] = doi
    if eric := next((text for text in tags.get("OID", ()) if re.search(r"E[JD]\d+", text)), ""):
        found["note"] = f"ERIC Number: {eric}"
    for text in tags.get("IS", ()):
        for number in re.findall(r"\d[\dXx]*(?:-[\dXx]+)*", text):
            digits = number.replace("-", "")
            name = "ISSN" if len(digits) == 8 else "ISBN" if len(digits) in (10, 13) else ""
            if name and number not in str(found.get(name, "")):
                found[name] = f"{found[name]} {number}" if name in found else number
    address = next((text for text in tags.get("LID", ()) if text.startswith("http")), "")
    return found | ({"URL": address} if address else {})


def _dates(tags: _Tags) -> Entry:
    """The date of publication, and the day on which a paper was first to be had (``DEP``)."""
    found: Entry = {}
    published, early = _first(tags, "DP"), parse_date(_first(tags, "DEP"))
    if date := parse_date(published) or early:
        found["issued"] = date
    if early and published:
        found["available-date"] = early
    return found


def _whole_range(pages: str) -> str:
    """A range with all digits of its end: "1123-31" is 1123-1131."""

    def whole(found: re.Match[str]) -> str:
        first, last = found[1], found[2]
        missing = len(first) - len(last)
        return f"{first}-{first[:missing] if missing > 0 else ''}{last}"

    return re.sub(r"(?<![\w()-])(\d+)-(\d+)(?![\w-])", whole, pages)


def _with_rest(entry: Entry, tags: _Tags) -> Entry:
    """``entry`` with the fields that nothing was made of, under ``custom``."""
    read = {name for names in _TEXTS.values() for name in names} | _ADMINISTRATIVE
    read |= set("TI BTI JT PG FAU AU FED ED CN DP DEP OT MH KW DO".split())
    read |= {"PL"} if "publisher-place" in entry else set()
    rest = {name: "\n".join(listed) for name, listed in tags.items() if name not in read}
    return {**entry, "custom": {"fields": rest}} if rest else entry
