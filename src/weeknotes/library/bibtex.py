"""``references.bib``, derived from the library for LaTeX: BibLaTeX, as biber and pandoc read it.

Follows the BibLaTeX manual, sections 2.1 to 2.3 (entry types, fields, dates) and 2.1.4 (ISO 8601-2
dates). pandoc's own writer is not used: measured on 3.9 it capitalises the words of titles, glues a
name's suffix to the surname, and drops keywords, notes, eprint numbers and uncertain dates. What is
written here comes back through ``pandoc -f biblatex -t csljson`` with titles, names, dates and
identifiers as they were; straight single quotes come back as typographic ones.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from weeknotes.files import write_atomic
from weeknotes.library.keys import KeysInUse, is_readable, readable_form
from weeknotes.library.latex_text import escape, flat, markup, verbatim
from weeknotes.library.on_demand import entries_of
from weeknotes.library.store import Entry, Library, keywords, other_ids

# CSL type -> BibLaTeX type; a type that is not here is ``misc``.
TYPES = {
    "article": "online",
    "article-journal": "article",
    "article-magazine": "article",
    "article-newspaper": "article",
    "bill": "legislation",
    "book": "book",
    "chapter": "incollection",
    "classic": "book",
    "collection": "collection",
    "dataset": "dataset",
    "entry": "inreference",
    "entry-dictionary": "inreference",
    "entry-encyclopedia": "inreference",
    "figure": "image",
    "graphic": "image",
    "legal_case": "jurisdiction",
    "legislation": "legislation",
    "manuscript": "unpublished",
    "motion_picture": "movie",
    "pamphlet": "booklet",
    "paper-conference": "inproceedings",
    "patent": "patent",
    "performance": "performance",
    "periodical": "periodical",
    "personal_communication": "letter",
    "post": "online",
    "post-weblog": "online",
    "regulation": "legislation",
    "report": "report",
    "review": "review",
    "review-book": "review",
    "software": "software",
    "song": "music",
    "speech": "unpublished",
    "standard": "standard",
    "thesis": "thesis",
    "treaty": "legal",
    "webpage": "online",
}
_NAMES = {
    "author": "author",
    "editor": "editor",
    "translator": "translator",
    "container-author": "bookauthor",
}
# The name in place of the author of a work that has none.
_MAKERS = ("director", "composer", "performer", "interviewer", "host", "contributor")
_DATES = {
    "issued": "date",
    "original-date": "origdate",
    "event-date": "eventdate",
    "accessed": "urldate",
}
_TITLES = {
    "title": "title",
    "title-short": "shorttitle",
    "original-title": "origtitle",
    "collection-title": "series",
    "event-title": "eventtitle",
}
_TEXTS = {
    "container-title-short": "shortjournal",
    "volume": "volume",
    "edition": "edition",
    "version": "version",
    "number-of-volumes": "volumes",
    "number-of-pages": "pagetotal",
    "chapter-number": "chapter",
    "page": "pages",
    "publisher-place": "location",
    "event-place": "venue",
    "genre": "type",
    "original-publisher": "origpublisher",
    "original-publisher-place": "origlocation",
    "part-number": "part",
    "annote": "annotation",
    "license": "rights",
    "ISBN": "isbn",
    "ISSN": "issn",
    "status": "pubstate",
    "note": "note",
    "abstract": "abstract",
}
# The languages that BibLaTeX has (its manual, table 2), by their codes (BCP 47).
_LANGUAGES = {
    "bg": "bulgarian",
    "ca": "catalan",
    "cs": "czech",
    "da": "danish",
    "de": "german",
    "de-AT": "austrian",
    "el": "greek",
    "en": "english",
    "en-AU": "australian",
    "en-CA": "canadian",
    "en-GB": "british",
    "en-US": "american",
    "es": "spanish",
    "et": "estonian",
    "eu": "basque",
    "fi": "finnish",
    "fr": "french",
    "fr-CA": "canadien",
    "gl": "galician",
    "hr": "croatian",
    "hu": "hungarian",
    "is": "icelandic",
    "it": "italian",
    "la": "latin",
    "lt": "lithuanian",
    "lv": "latvian",
    "nb": "norsk",
    "nl": "dutch",
    "nn": "nynorsk",
    "no": "norsk",
    "pl": "polish",
    "pt": "portuguese",
    "pt-BR": "brazilian",
    "ro": "romanian",
    "ru": "russian",
    "sk": "slovak",
    "sl": "slovene",
    "sr": "serbian",
    "sv": "swedish",
    "tr": "turkish",
    "uk": "ukrainian",
}
_JOURNALS = {"article", "online", "review", "periodical"}
_ORGANIZATIONS = {"online", "software", "dataset", "standard", "misc"}
_INSTITUTIONS = {"thesis", "report"}

_AND = re.compile(r"\band\b", re.IGNORECASE)
_RULES = b"3\n"
"""Counted up when the same entries come to be written in another way."""
_HEADER = "% Derived from references.json by Weeknotes: change that file, not this one.\n% sha256: "


def to_bib(path: Path) -> bytes:
    """The library in ``path`` (CSL-JSON) as BibLaTeX, in UTF-8. Raises LibraryError."""
    return render(Library.load(path).entries.values(), _source(path))


def update(json_path: Path, bib_path: Path, entries: Iterable[Entry] | None = None) -> bool:
    """Bring ``bib_path`` up to date with the library in ``json_path``; False when it was so already.

    The second line of the file names what it was made from, so that nothing is parsed and converted
    when nothing has changed, also in a fresh clone. ``entries`` saves reading the library where its
    entries are at hand. Raises LibraryError.
    """
    source = _source(json_path)
    try:
        with bib_path.open("rb") as stream:
            head = stream.read(len(_HEADER) + 64).decode("ascii", "replace")
    except FileNotFoundError:
        head = ""
    if head == _HEADER + source:
        return False
    if entries is None:
        entries = entries_of(json_path).values()
    write_atomic(bib_path, render(entries, source))
    return True


def is_derived(data: bytes) -> bool:
    """Whether ``data`` is a bibliography that ``update`` wrote, and may write again."""
    return data.startswith(_HEADER.encode())


def _source(path: Path) -> str:
    """``source_hash`` of a file; that of an empty one when there is no such file."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        data = b""
    return source_hash(data)


def source_hash(data: bytes) -> str:
    """SHA-256, in hexadecimal, of the bytes of a library's file and of the rules by which BibLaTeX is
    written. It is in the head of the file that is derived, so that both kinds of change are seen."""
    return hashlib.sha256(_RULES + data).hexdigest()


def render(entries: Iterable[Entry], source: str = "") -> bytes:
    """``entries`` as BibLaTeX in UTF-8, sorted by citation key; ``source`` is what they come from."""
    head = f"{_HEADER}{source}\n".encode()
    # Each is written at once: the entries of a long library may be parsed one after the other.
    written = [(str(entry["id"]), bib_entry(entry).encode("utf-8", "replace")) for entry in entries]
    written.sort(key=lambda item: item[0])
    return b"\n".join([head, *(text for _, text in written)])


def bib_entry(entry: Entry) -> str:
    """One CSL-JSON item as a BibLaTeX entry, ending in a newline."""
    kind = TYPES.get(str(entry.get("type")), "misc")
    fields = [(name, value) for name, value in _fields(entry, kind) if value]
    lines = "".join(f"  {name} = {{{value}}},\n" for name, value in fields)
    return f"@{kind}{{{_bib_key(entry)},\n{lines}}}\n"


def _bib_key(entry: Entry) -> str:
    """The key of an entry in the file: its citation key, or where BibTeX does not read that another
    one that resolves to it."""
    names = (str(entry["id"]), *other_ids(entry))
    return next(filter(is_readable, names), None) or readable_form(names[0], KeysInUse())


def _fields(entry: Entry, kind: str) -> Iterable[tuple[str, str]]:
    """The fields of ``entry`` in writing order; a value may be empty."""
    yield from _name_fields(entry)
    for csl, bib in _TITLES.items():
        yield bib, _title(entry.get(csl))
    container = "journaltitle" if kind in _JOURNALS else "booktitle"
    yield container, _title(entry.get("container-title"))
    if entry.get("type") in ("article-magazine", "article-newspaper"):
        yield "entrysubtype", str(entry["type"]).removeprefix("article-")
    yield from _date_fields(entry)
    publisher = (
        "institution"
        if kind in _INSTITUTIONS
        else ("organization" if kind in _ORGANIZATIONS else "publisher")
    )
    yield publisher, _protected(entry.get("publisher"))
    yield from _number_fields(entry, kind)
    for csl, bib in _TEXTS.items():
        yield bib, escape(flat(entry.get(csl)))
    language = flat(entry.get("language"))
    yield "langid", langid(language)
    # What has no name for babel is kept as it is.
    yield "language", escape(language)
    yield "doi", verbatim(entry.get("DOI"))
    yield "url", verbatim(entry.get("URL"))
    yield "keywords", escape(", ".join(keywords(entry)))
    written = _bib_key(entry)
    names = (str(entry["id"]), *other_ids(entry))
    yield "ids", ",".join(name for name in names if name != written and is_readable(name))


def _date_fields(entry: Entry) -> Iterable[tuple[str, str]]:
    for csl, bib in _DATES.items():
        yield bib, bib_date(entry.get(csl))
    issued = entry.get("issued")
    if isinstance(issued, dict) and not bib_date(issued):
        # A date that is words: BibLaTeX takes any text as a year, but not as a date.
        yield "year", escape(flat(issued.get("literal")))


def langid(language: str) -> str:
    """BibLaTeX's name for a language that is given by its code ("fr-CA") or in English; where it has
    none, the code itself, which pandoc reads; empty for other words."""
    if language.lower() in _LANGUAGES.values():
        return language.lower()
    code = language.replace("_", "-")
    head, _, region = code.partition("-")
    whole = f"{head.lower()}-{region.upper()}" if region else head.lower()
    known = _LANGUAGES.get(whole) or _LANGUAGES.get(head.lower())
    return known or (code if re.fullmatch(r"[a-zA-Z]{2,3}(?:-\w+)*", code) else "")


def _name_fields(entry: Entry) -> Iterable[tuple[str, str]]:
    names = {bib: entry.get(csl) for csl, bib in _NAMES.items()}
    if not names["author"]:
        names["author"] = next((entry[role] for role in _MAKERS if entry.get(role)), None)
    particles = False
    for bib, people in names.items():
        people = people if isinstance(people, list) else []
        written = [bib_name(person) for person in people if isinstance(person, dict)]
        yield bib, " and ".join(name for name in written if name)
        particles = particles or any(
            isinstance(person, dict) and person.get("non-dropping-particle") for person in people
        )
    if particles:
        yield "options", "useprefix=true"


def _number_fields(entry: Entry, kind: str) -> Iterable[tuple[str, str]]:
    """Issue, number, series number and eprint: BibLaTeX has one ``number`` for the first three."""
    number = flat(entry.get("number"))
    if str(entry.get("archive")).lower() == "arxiv":
        eprint = re.sub(r"^arxiv:\s*", "", number, flags=re.IGNORECASE)
        yield "eprint", verbatim(entry.get("archive_location") or eprint)
        yield "eprinttype", "arxiv"
        number = "" if number.lower().startswith("arxiv") or number == eprint else number
    else:
        if pubmed := flat(entry.get("PMID")):
            yield "eprint", verbatim(pubmed)
            yield "eprinttype", "pubmed"
        # Not of BibLaTeX, which passes over fields that it does not know.
        yield "archive", escape(flat(entry.get("archive")))
        yield "archivelocation", escape(flat(entry.get("archive_location")))
    yield "pmid", verbatim(entry.get("PMID"))
    yield "pmcid", verbatim(entry.get("PMCID"))
    first = "issue" if kind in _JOURNALS else "collection-number"
    yield "number", escape(flat(entry.get(first)) or number or flat(entry.get("issue")))


def bib_name(person: Mapping[str, Any]) -> str:
    """A CSL name as BibLaTeX writes it: ``prefix family, suffix, given``, or ``{literal}``."""
    family, given = flat(person.get("family")), flat(person.get("given"))
    literal = flat(person.get("literal"))
    if literal == "others":
        return literal  # "et al."
    # In quotation marks a surname has no particle ("Citing Fields from Extra", Zotero).
    quoted = len(family) > 2 and family[0] == family[-1] == '"'
    family = family[1:-1] if quoted else family
    if literal or not given or not family:
        particle = flat(person.get("non-dropping-particle") or person.get("dropping-particle"))
        named = f"{particle} {family or given}".strip()
        suffix = flat(person.get("suffix"))
        whole = literal or (f"{named}, {suffix}" if suffix else named)
        return f"{{{escape(whole)}}}" if whole else ""
    particle = flat(person.get("non-dropping-particle")) or flat(person.get("dropping-particle"))
    # A surname with a small first letter would be taken apart at it.
    surname = _name_part(family, protect=not particle and not family[:1].isupper())
    if particle:
        surname = f"{escape(particle)} {surname}"
    suffix = flat(person.get("suffix"))
    parts = [surname, _name_part(suffix), _name_part(given)] if suffix else []
    return ", ".join(parts or [surname, _name_part(given)])


def _name_part(text: str, protect: bool = False) -> str:
    splits = "," in text or _AND.search(text) is not None
    protect = protect and text[:1].islower()
    return f"{{{escape(text)}}}" if splits or protect else escape(text)


def bib_date(value: Any) -> str:
    """A CSL date as ISO 8601-2 level 1 (``2020-03``, ``2020/2022``, ``1999~``); empty for "n.d."."""
    if not isinstance(value, dict):
        return ""
    parts = value.get("date-parts")
    if not isinstance(parts, list) or not parts:
        return ""
    written = [_iso_date(part, value) for part in parts[:2]]
    if not written[0]:
        return ""
    circa = "~" if value.get("circa") else ""
    return "/".join(text + circa if text else "" for text in written)


def _iso_date(parts: Any, date: Mapping[str, Any]) -> str:
    try:
        numbers = [int(part) for part in parts if part not in ("", None)]
    except (TypeError, ValueError):
        return ""
    if not numbers or numbers[0] == 0:
        return ""
    # CSL counts 44 BC as -44, ISO 8601 as -0043.
    year = f"-{-numbers[0] - 1:04d}" if numbers[0] < 0 else f"{numbers[0]:04d}"
    season = str(date.get("season") or "")
    if len(numbers) == 1 and season in ("1", "2", "3", "4"):
        return f"{year}-2{season}"
    return "-".join([year, *(f"{number:02d}" for number in numbers[1:3])])


def _title(value: Any) -> str:
    """A title within braces of its own, so that no style changes the case of its letters."""
    text = flat(value)
    return f"{{{markup(text)}}}" if text else ""


def _protected(value: Any) -> str:
    """A literal list (publisher) of one: its "and" does not separate."""
    text = escape(flat(value))
    return f"{{{text}}}" if _AND.search(text) else text
