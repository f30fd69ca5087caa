"""RIS files and PubMed's ``.nbib`` files: a field a line, each with a tag of two to four letters.

RIS follows the specification of Research Information Systems (2011) as reference managers write it,
``.nbib`` "MEDLINE/PubMed Data Element (Field) Descriptions" (National Library of Medicine).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from weeknotes.library.csl_dates import parse_date
from weeknotes.library.store import Entry

_Record = dict[str, list[str]]

_RIS_LINE = re.compile(r"^([A-Z][A-Z0-9])  ?-(?: (.*)|$)")
_NBIB_LINE = re.compile(r"^([A-Z]{2,4}) {0,2}- (.*)$")
_DOI_PREFIX = re.compile(r"^(?:https?://(?:dx\.)?doi\.org/|doi:\s*)", re.I)
_RIS_TYPES = {
    **dict.fromkeys(("JOUR", "EJOUR", "JFULL", "ABST", "INPR"), "article-journal"),
    **dict.fromkeys(("BOOK", "EBOOK", "EDBOOK", "SER"), "book"),
    **dict.fromkeys(("CHAP", "ECHAP"), "chapter"),
    **dict.fromkeys(("CONF", "CPAPER"), "paper-conference"),
    **dict.fromkeys(("ELEC", "ICOMM", "WEB"), "webpage"),
    **dict.fromkeys(("VIDEO", "MPCT"), "motion_picture"),
    **dict.fromkeys(("SOUND", "MUSIC"), "song"),
    **dict.fromkeys(("DATA", "AGGR", "DBASE"), "dataset"),
    "THES": "thesis",
    "RPRT": "report",
    "GOVDOC": "report",
    "NEWS": "article-newspaper",
    "MGZN": "article-magazine",
    "COMP": "software",
    "PAT": "patent",
    "UNPB": "manuscript",
    "MANSCPT": "manuscript",
    "PREPRINT": "article",
    "BLOG": "post-weblog",
    "MAP": "map",
    "STAND": "standard",
    "CASE": "legal_case",
    "STAT": "legislation",
    "BILL": "bill",
    "HEAR": "hearing",
    "ENCYC": "entry-encyclopedia",
    "DICT": "entry-dictionary",
    "SLIDE": "speech",
    "ART": "graphic",
    "PCOMM": "personal_communication",
}
_RIS_TEXTS = {
    "title": ("TI", "T1", "CT", "BT"),
    "title-short": ("ST",),
    "container-title": ("T2", "JF", "JO", "BT"),
    "container-title-short": ("J2", "JA"),
    "collection-title": ("T3",),
    "volume": ("VL",),
    "issue": ("IS", "CP"),
    "number": ("M1",),
    "edition": ("ET",),
    "publisher": ("PB",),
    "publisher-place": ("CY", "PP"),
    "abstract": ("AB", "N2"),
    "note": ("N1",),
    "language": ("LA",),
    "DOI": ("DO",),
    "URL": ("UR", "L2"),
    "call-number": ("CN",),
    "archive": ("DB",),
}
_RIS_PEOPLE = {"author": ("AU", "A1"), "editor": ("ED", "A2"), "translator": ("A4",)}
_BOOKS = frozenset({"book", "chapter", "paper-conference", "entry-encyclopedia", "thesis"})


def read_ris(text: str) -> list[Entry]:
    """The items of a RIS file, without ``id``."""
    return [_from_ris(record) for record in _records(text, _RIS_LINE, "TY", "ER")]


def read_nbib(text: str) -> list[Entry]:
    """The items of a ``.nbib`` file, without ``id``."""
    return [_from_nbib(record) for record in _records(text, _NBIB_LINE, "PMID", "")]


def _records(text: str, form: re.Pattern[str], first: str, last: str) -> Iterator[_Record]:
    record: _Record = {}
    tag = ""
    for line in text.splitlines():
        found = form.match(line)
        if not found:
            # A value may run over several lines.
            if tag and line.strip():
                record[tag][-1] = f"{record[tag][-1]} {line.strip()}".strip()
            continue
        tag = found[1]
        if tag in (first, last):
            if record and first in record:
                yield record
            record = {}
            if tag == last:
                tag = ""
                continue
        record.setdefault(tag, []).append((found[2] or "").strip())
    if first in record:
        yield record


def _from_ris(record: _Record) -> Entry:
    kind = _RIS_TYPES.get(record["TY"][0].upper(), "document")
    entry: Entry = {"type": kind}
    for variable, tags in _RIS_TEXTS.items():
        value = next((record[tag][0] for tag in tags if record.get(tag)), "")
        if value and value != entry.get("title"):
            entry[variable] = value
    if "DOI" in entry:
        entry["DOI"] = _DOI_PREFIX.sub("", str(entry["DOI"]))
    for role, tags in _RIS_PEOPLE.items():
        names = [name for tag in tags for name in record.get(tag, ()) if name]
        if names:
            entry[role] = [name_of(name) for name in names]
    dates = [date for tag in ("DA", "PY", "Y1") for date in record.get(tag, ()) if date]
    if date := _best_date(dates):
        entry["issued"] = date
    entry |= _pages(record) | _numbers(record.get("SN", []), kind)
    if record.get("KW"):
        entry["keyword"] = ", ".join(word.replace(",", ";") for word in record["KW"] if word)
    return entry


def _best_date(texts: list[str]) -> dict[str, object] | None:
    """The date that says most; "2018/03/05/" and "2018///" end in slashes."""
    found = [date for text in texts if (date := parse_date(text.rstrip("/ ")))]
    return max(found, key=lambda date: len(date.get("date-parts", [[]])[0]), default=None)


def _pages(record: Mapping[str, list[str]]) -> Entry:
    first, last = (next(iter(record.get(tag, ())), "") for tag in ("SP", "EP"))
    whole = not last or last == first or first.endswith((f"-{last}", f"–{last}"))
    page = first if whole or not first else f"{first}–{last}" if "-" in first else f"{first}-{last}"
    return {"page": page or last} if page or last else {}


def _numbers(numbers: list[str], kind: str) -> Entry:
    """ISSN and ISBN, which one tag is for."""
    found: Entry = {}
    for number in numbers:
        digits = re.sub(r"[^0-9Xx]", "", number)
        name = "ISSN" if len(digits) == 8 or (len(digits) < 10 and kind not in _BOOKS) else "ISBN"
        found[name] = f"{found[name]} {number}" if name in found else number
    return found


def name_of(text: str) -> dict[str, str]:
    """ "Family, Given, Suffix" as a CSL name; a name without a comma stays whole."""
    parts = [part.strip() for part in text.split(",")]
    if len(parts) == 1 or not parts[0]:
        return {"literal": text.strip(" ,")}
    if len(parts) > 3:
        return {"literal": text}
    name = {"family": parts[0], "given": parts[1], "suffix": parts[2] if len(parts) == 3 else ""}
    return {part: value for part, value in name.items() if value}


def _from_nbib(record: _Record) -> Entry:
    book = "BTI" in record
    kinds = {kind.lower() for kind in record.get("PT", ())}
    entry: Entry = {
        "type": "book" if book and "TI" not in record else "chapter" if book else "article-journal"
    }
    if "preprint" in kinds:
        entry["type"] = "article"
    single = {
        "title": ("TI", "BTI"),
        "container-title": ("JT", "TA") if not book else ("BTI",),
        "container-title-short": ("TA",),
        "volume": ("VI",),
        "issue": ("IP",),
        "page": ("PG",),
        "abstract": ("AB",),
        "PMID": ("PMID",),
        "PMCID": ("PMC",),
        "language": ("LA",),
        "publisher": ("PB",),
    }
    for variable, tags in single.items():
        value = next((record[tag][0] for tag in tags if record.get(tag)), "")
        if value and (variable == "title" or value != entry.get("title")):
            entry[variable] = value
    entry["title"] = str(entry.get("title") or "").removesuffix(".")
    people = [name_of(name) for name in record.get("FAU") or record.get("AU") or ()]
    people += [{"literal": name} for name in record.get("CN", ())]
    if people:
        entry["author"] = people
    if editors := [name_of(name) for name in record.get("FED") or record.get("ED") or ()]:
        entry["editor"] = editors
    for text in (*record.get("LID", ()), *record.get("AID", ())):
        if text.endswith("[doi]"):
            entry["DOI"] = text.removesuffix("[doi]").strip()
    if numbers := [number.split()[0] for number in record.get("IS", ()) if number.split()]:
        entry["ISSN"] = numbers[0]
    if date := parse_date(next(iter(record.get("DP", ())), "")):
        entry["issued"] = date
    words = dict.fromkeys((*record.get("OT", ()), *record.get("MH", ())))
    if words:
        entry["keyword"] = ", ".join(word.lstrip("*").replace(",", ";") for word in words)
    return entry
