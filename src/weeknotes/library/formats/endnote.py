"""EndNote's XML (the DTD ``RSXML`` that EndNote and its kin export) as CSL-JSON items.

pandoc reads this format too, but leaves DOIs, dates and abstracts out (seen with 3.9).
"""

from __future__ import annotations

from typing import Any

from weeknotes.errors import LibraryError
from weeknotes.library.formats.reference_fields import entry_of
from weeknotes.library.store import Entry

# EndNote's types, with the numbers that stand for them where a program leaves the name out.
_TYPES: tuple[tuple[str, str, str], ...] = (
    ("2", "Artwork", "graphic"),
    ("3", "Audiovisual Material", "motion_picture"),
    ("4", "Bill", "bill"),
    ("5", "Book Section", "chapter"),
    ("6", "Book", "book"),
    ("7", "Case", "legal_case"),
    ("8", "Catalog", "book"),
    ("9", "Computer Program", "software"),
    ("10", "Conference Proceedings", "paper-conference"),
    ("12", "Web Page", "webpage"),
    ("13", "Generic", "document"),
    ("14", "Hearing", "hearing"),
    ("17", "Journal Article", "article-journal"),
    ("19", "Magazine Article", "article-magazine"),
    ("20", "Map", "map"),
    ("21", "Film or Broadcast", "motion_picture"),
    ("23", "Newspaper Article", "article-newspaper"),
    ("24", "Pamphlet", "pamphlet"),
    ("25", "Patent", "patent"),
    ("26", "Personal Communication", "personal_communication"),
    ("27", "Report", "report"),
    ("28", "Edited Book", "book"),
    ("31", "Statute", "legislation"),
    ("32", "Thesis", "thesis"),
    ("34", "Unpublished Work", "manuscript"),
    ("36", "Manuscript", "manuscript"),
    ("37", "Figure", "graphic"),
    ("38", "Chart or Table", "graphic"),
    ("39", "Equation", "document"),
    ("43", "Electronic Article", "article-journal"),
    ("44", "Electronic Book", "book"),
    ("45", "Online Database", "dataset"),
    ("46", "Government Document", "report"),
    ("47", "Conference Paper", "paper-conference"),
    ("48", "Online Multimedia", "webpage"),
    ("49", "Classical Work", "classic"),
    ("50", "Legal Rule or Regulation", "regulation"),
    ("51", "Ancient Text", "classic"),
    ("52", "Dictionary", "entry-dictionary"),
    ("53", "Encyclopedia", "entry-encyclopedia"),
    ("54", "Grant", "document"),
    ("55", "Aggregated Database", "dataset"),
    ("56", "Blog", "post-weblog"),
    ("57", "Serial", "book"),
    ("58", "Standard", "standard"),
    ("59", "Dataset", "dataset"),
    ("60", "Electronic Book Section", "chapter"),
    ("61", "Music", "song"),
)
#: The CSL types by EndNote's names for them, in small letters.
BY_NAME = {name.lower(): kind for _, name, kind in _TYPES}
_BY_NUMBER = {number: kind for number, _, kind in _TYPES}
# The elements whose name is not that of the field, and those within which it is.
_NAMES = {
    "number": "misc1",
    "num-vols": "number-of-volumes",
    "remote-database-name": "database",
    "remote-database-provider": "database-provider",
    "year": "year",
    "alt-title": "abbr-1",
    "misc2": "work-type",
}
_GROUPS = frozenset(
    "contributors titles periodical alt-periodical dates pub-dates keywords".split()
)
_ADDRESSES = frozenset({"web-urls", "related-urls", "text-urls"})
# Elements about the record in its EndNote library, not about the work.
_ADMINISTRATIVE = frozenset(
    "database source-app rec-number foreign-keys ref-type modified-date added-date pdf-urls "
    "image-urls".split()
)
_LISTED = frozenset({"authors", "secondary-authors", "tertiary-authors", "subsidiary-authors"})
_LISTED |= {"translated-authors"}
_LONG = frozenset({"abstract", "notes", "research-notes"})


def read(data: bytes, name: str) -> list[Entry]:
    """The items of an EndNote XML file; with the citation key that it gives as ``id``, or without
    ``id``. Raises LibraryError, naming ``name``."""
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
    given = (kind.get("name") or "").strip().lower() if kind is not None else ""
    number = _text(kind)
    fields: dict[str, list[str]] = {}
    _collect(record, fields)
    if given == "edited book" or number == "28":
        fields["editors"] = [*fields.pop("authors", []), *fields.get("editors", [])]
    return entry_of(BY_NAME.get(given) or _BY_NUMBER.get(number) or "document", fields)


def _collect(parent: Any, fields: dict[str, list[str]]) -> None:
    """Put the texts of the elements in ``parent`` into ``fields``."""
    for element in parent.iterchildren(tag="*"):
        tag = str(element.tag)
        if tag in _ADMINISTRATIVE:
            continue
        if tag in _GROUPS or tag == "urls":
            _collect(element, fields)
            continue
        name = "pub-dates" if tag == "date" else "keywords" if tag == "keyword" else tag
        name = "url" if tag in _ADDRESSES else _NAMES.get(tag, name)
        parts = element.iterchildren(tag="*") if tag in _ADDRESSES | _LISTED else [element]
        texts = [_text(part, lines=name in _LONG) for part in parts]
        fields.setdefault(name, []).extend(text for text in texts if text)


def _text(element: Any, lines: bool = False) -> str:
    """The text of an element in one piece, whatever styles its parts have; with its lines where it is
    a long one."""
    if element is None:
        return ""
    text = "".join(element.itertext())
    if lines:
        return "\n".join(" ".join(line.split()) for line in text.splitlines()).strip()
    return " ".join(text.split())
