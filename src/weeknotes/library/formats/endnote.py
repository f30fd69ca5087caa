"""EndNote's XML (the DTD ``RSXML`` that EndNote and its kin export) as CSL-JSON items.

pandoc reads this format too, but leaves DOIs, dates and abstracts out (seen with 3.9).
"""

from __future__ import annotations

from typing import Any

from weeknotes.errors import LibraryError
from weeknotes.library.csl_dates import parse_date
from weeknotes.library.formats.tagged import name_of
from weeknotes.library.store import Entry

_TYPES = {
    "Journal Article": "article-journal",
    "Electronic Article": "article-journal",
    "Book": "book",
    "Edited Book": "book",
    "Electronic Book": "book",
    "Book Section": "chapter",
    "Electronic Book Section": "chapter",
    "Conference Paper": "paper-conference",
    "Conference Proceedings": "paper-conference",
    "Thesis": "thesis",
    "Report": "report",
    "Government Document": "report",
    "Newspaper Article": "article-newspaper",
    "Magazine Article": "article-magazine",
    "Web Page": "webpage",
    "Blog": "post-weblog",
    "Computer Program": "software",
    "Dataset": "dataset",
    "Patent": "patent",
    "Manuscript": "manuscript",
    "Unpublished Work": "manuscript",
    "Standard": "standard",
    "Statute": "legislation",
    "Bill": "bill",
    "Case": "legal_case",
    "Map": "map",
    "Film or Broadcast": "motion_picture",
    "Encyclopedia": "entry-encyclopedia",
    "Dictionary": "entry-dictionary",
}
_TEXTS = {
    "title": "titles/title",
    "title-short": "titles/short-title",
    "container-title": "titles/secondary-title",
    "collection-title": "titles/tertiary-title",
    "container-title-short": "titles/alt-title",
    "volume": "volume",
    "issue": "number",
    "page": "pages",
    "edition": "edition",
    "section": "section",
    "publisher": "publisher",
    "publisher-place": "pub-location",
    "DOI": "electronic-resource-num",
    "abstract": "abstract",
    "note": "notes",
    "language": "language",
    "call-number": "call-num",
    "PMID": "accession-num",
}
_PEOPLE = {
    "author": "contributors/authors/author",
    "editor": "contributors/secondary-authors/author",
    "collection-editor": "contributors/tertiary-authors/author",
    "translator": "contributors/translated-authors/author",
}


def read(data: bytes, name: str) -> list[Entry]:
    """The items of an EndNote XML file, without ``id``. Raises LibraryError, naming ``name``."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None)
        raise LibraryError(f"not well-formed XML: {error}", file=name, line=line) from error
    return [_entry(record) for record in root.iter("record")]


def _entry(record: Any) -> Entry:
    kind = record.find("ref-type")
    entry: Entry = {"type": _TYPES.get(kind.get("name") if kind is not None else "", "document")}
    for variable, path in _TEXTS.items():
        if value := _text(record.find(path)):
            entry[variable] = value
    if not str(entry.get("PMID") or "0").isdigit():
        del entry["PMID"]
    if not entry.get("container-title") and (
        journal := _text(record.find("periodical/full-title"))
    ):
        entry["container-title"] = journal
    for role, path in _PEOPLE.items():
        names = [name_of(text) for person in record.findall(path) if (text := _text(person))]
        if names:
            entry[role] = names
    year = _text(record.find("dates/year"))
    whole = _text(record.find("dates/pub-dates/date"))
    date = parse_date(whole if year in whole and whole else f"{whole} {year}".strip())
    if date := date if date and "date-parts" in date else parse_date(year):
        entry["issued"] = date
    if url := _text(record.find("urls/related-urls/url")):
        entry["URL"] = url
    if number := _text(record.find("isbn")):
        entry["ISSN" if entry["type"].startswith("article") else "ISBN"] = number
    words = [word for one in record.findall("keywords/keyword") if (word := _text(one))]
    if words:
        entry["keyword"] = ", ".join(word.replace(",", ";") for word in words)
    return entry


def _text(element: Any) -> str:
    """The text of an element in one piece, whatever styles its parts have."""
    return " ".join("".join(element.itertext()).split()) if element is not None else ""
