"""RIS files as CSL-JSON items.

After the specification of Research Information Systems (2011) and the older one of Reference Manager,
as reference managers and publishers write them.
"""

from __future__ import annotations

import re

from weeknotes.library.formats import endnote
from weeknotes.library.formats.reference_fields import entry_of
from weeknotes.library.formats.tagged import Record, records
from weeknotes.library.store import Entry

LINE = re.compile(r"^\s{0,4}([A-Z][A-Z0-9])[ \t]{1,2}-(?:[ \t](.*)|$)")
_TYPES = {
    **dict.fromkeys(("JOUR", "EJOUR", "JFULL", "ABST", "INPR"), "article-journal"),
    **dict.fromkeys(("BOOK", "EBOOK", "EDBOOK", "SER"), "book"),
    **dict.fromkeys(("CHAP", "ECHAP"), "chapter"),
    **dict.fromkeys(("CONF", "CPAPER"), "paper-conference"),
    **dict.fromkeys(("ELEC", "WEB"), "webpage"),
    **dict.fromkeys(("ICOMM", "PCOMM"), "personal_communication"),
    **dict.fromkeys(("VIDEO", "MPCT", "ADVS", "MULTI"), "motion_picture"),
    **dict.fromkeys(("SOUND", "MUSIC"), "song"),
    **dict.fromkeys(("DATA", "AGGR", "DBASE"), "dataset"),
    **dict.fromkeys(("RPRT", "GOVDOC"), "report"),
    **dict.fromkeys(("UNPB", "UNPD", "MANSCPT", "UNBILL"), "manuscript"),
    **dict.fromkeys(("ART", "CHART", "FIGURE"), "graphic"),
    "THES": "thesis",
    "NEWS": "article-newspaper",
    "MGZN": "article-magazine",
    "COMP": "software",
    "PAT": "patent",
    "PAMP": "pamphlet",
    "PREPRINT": "article",
    "BLOG": "post-weblog",
    "MAP": "map",
    "STAND": "standard",
    "CASE": "legal_case",
    "LEGAL": "regulation",
    "STAT": "legislation",
    "BILL": "bill",
    "HEAR": "hearing",
    "ENCYC": "entry-encyclopedia",
    "DICT": "entry-dictionary",
    "SLIDE": "speech",
    "CLSWK": "classic",
}
# A file without a type that is known is mostly of a journal, if it names one.
_JOURNAL_TAGS = frozenset({"JO", "JF", "JA", "T2", "J2"})
_FIELDS = {
    **dict.fromkeys(("TI", "T1", "CT"), "title"),
    **dict.fromkeys(("J2", "JA", "JO"), "abbr-1"),
    **dict.fromkeys(("PY", "Y1"), "year"),
    **dict.fromkeys(("AU", "A1"), "authors"),
    **dict.fromkeys(("CY", "PP"), "pub-location"),
    **dict.fromkeys(("AB", "N2"), "abstract"),
    **dict.fromkeys(("N1", "M2"), "notes"),
    **dict.fromkeys(("UR", "LK"), "url"),
    **dict.fromkeys(("L1", "L2", "L4"), "attachment"),
    **dict.fromkeys(("IS", "CP"), "issue"),
    "ST": "short-title",
    "T2": "secondary-title",
    "T3": "tertiary-title",
    "BT": "book-title",
    "JF": "full-title",
    "TT": "translated-title",
    "A2": "secondary-authors",
    "A3": "tertiary-authors",
    "A4": "subsidiary-authors",
    "ED": "editors",
    "TA": "translated-authors",
    "VL": "volume",
    "NV": "number-of-volumes",
    "SV": "series-volume",
    "ET": "edition",
    "SE": "section",
    "PB": "publisher",
    "DA": "pub-dates",
    "Y2": "access-date",
    "SP": "pages",
    "EP": "end-page",
    "SN": "isbn",
    "M1": "misc1",
    "M3": "work-type",
    "DO": "electronic-resource-num",
    "L3": "related-records",
    "AN": "accession-num",
    "CN": "call-num",
    "DB": "database",
    "DP": "database-provider",
    "RN": "research-notes",
    "KW": "keywords",
    "LA": "language",
    "LB": "label",
    "ID": "id",
    "C1": "custom1",
    "C2": "custom2",
    "C3": "custom3",
    "C4": "custom4",
    "C5": "custom5",
    "C6": "custom6",
    "C7": "custom7",
    "RI": "reviewed-item",
    "OP": "orig-pub",
    "CR": "rights",
    "AD": "auth-address",
    "CA": "caption",
    "RP": "reprint-edition",
    "AV": "availability",
}
# Of these every value says something of its own, on each of its lines.
_LINES = frozenset({"keywords", "abstract", "notes", "research-notes", "url", "attachment"})


def read(text: str) -> list[Entry]:
    """The items of a RIS file; with the citation key that it gives as ``id``, or without ``id``."""
    return [_entry(record) for record in records(text, LINE, frozenset({"TY"}), "ER")]


def _entry(record: Record) -> Entry:
    tags = {tag for tag, _ in record}
    given = record[0][1].upper()
    kind = (
        _TYPES.get(given)
        or endnote.BY_NAME.get(given.lower())
        or ("article-journal" if tags & _JOURNAL_TAGS else "document")
    )
    if given == "ICOMM" and "UR" in tags:
        kind = "webpage"
    fields: dict[str, list[str]] = {}
    # The specification's own tags count before those of older versions.
    for tag, value in sorted(record[1:], key=lambda one: _rank(one[0])):
        name = _FIELDS.get(tag, tag)
        if given == "EDBOOK" and name == "authors":
            name = "editors"
        text = value if name in _LINES else " ".join(value.split())
        fields.setdefault(name, []).append(text)
    entry = entry_of(kind, fields)
    if given == "INPR":
        entry.setdefault("status", "in press")
    return entry


_RANKS = {tag: rank for rank, tag in enumerate(_FIELDS)} | {"AU": -1, "A1": -1}


def _rank(tag: str) -> int:
    """The place of a tag among those of one field. Authors stay in the order of the file."""
    return _RANKS.get(tag, len(_RANKS))
