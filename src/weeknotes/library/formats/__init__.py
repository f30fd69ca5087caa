"""Reading the files in which researchers keep their papers, as CSL-JSON items.

Each format has a module; this one tells them apart, by what a file holds rather than by its name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePath

from weeknotes.errors import LibraryError
from weeknotes.library.encodings import decoded
from weeknotes.library.store import Entry

SUFFIXES = frozenset(
    ".bib .bibtex .biblatex .json .ris .nbib .xml .yaml .yml .cff .pdf .txt .enw".split()
)
NAMES = "BibTeX, CSL-JSON or CSL-YAML, RIS, EndNote XML, .nbib, Better BibTeX JSON or CITATION.cff"


@dataclass(frozen=True)
class FileEntries:
    """The items of a file, with an ``id`` that is empty where the file gives none, and the entries
    that could not be read, each in a sentence."""

    entries: list[Entry]
    unread: list[str]


def read(data: bytes, name: str) -> FileEntries:
    """The items in ``data``. Raises LibraryError, naming ``name``, where it is in none of the formats,
    in an encoding that is not certain, or broken as a whole."""
    if data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        from weeknotes.library.formats import endnote

        return _found(endnote.read(data, name), name)
    text = decoded(data, name)
    head = text.lstrip()
    suffix = PurePath(name).suffix.lower()
    if head.startswith(("{", "[")):
        from weeknotes.library.formats import csl_text

        return _found(csl_text.read_json(text, name), name)
    if re.search(r"^\s{0,4}TY[ \t]{1,2}- ?\w", text, re.M):
        from weeknotes.library.formats import ris

        return _found(ris.read(text), name)
    if re.search(r"^(?:PMID ?- ?\d|OWN ?- ?ERIC)", text, re.M):
        from weeknotes.library.formats import nbib

        return _found(nbib.read(text), name)
    if suffix == ".cff" or re.search(r"^cff-version:", text, re.M):
        from weeknotes.library.formats import cff

        return _found(cff.read(text, name), name)
    if suffix in (".yaml", ".yml") or head.startswith("references:"):
        from weeknotes.library.formats import csl_text

        return _found(csl_text.read_yaml(text, name), name)
    if "@" in text:
        from weeknotes.library.formats import bib

        entries, bad = bib.read(text)
        return _found(entries, name, [str(one) for one in bad])
    raise LibraryError("in no format that is known", file=name, hint=f"Give {NAMES}.")


def _found(entries: list[Entry], name: str, unread: list[str] | None = None) -> FileEntries:
    untitled = [entry for entry in entries if not entry.get("title")]
    unread = list(unread or ())
    for entry in untitled:
        unread.append(
            f"an entry {entry.get('id') or entry.get('DOI') or ''!s} has no title".replace(
                "  ", " "
            )
        )
    entries = [{"id": "", **entry} for entry in entries if entry.get("title")]
    if not entries:
        why = f": {'; '.join(unread[:3])}" if unread else ""
        raise LibraryError(f"there is no entry that can be read{why}", file=name)
    return FileEntries(entries, unread)
