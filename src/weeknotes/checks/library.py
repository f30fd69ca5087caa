"""Rules about the library."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from weeknotes.checks.findings import Finding
from weeknotes.errors import LibraryError
from weeknotes.library import store
from weeknotes.project import Project

_ARXIV = re.compile(r"(?:arxiv\.org/(?:abs|pdf)/|arxiv[.:])\s*([\w.-]+/\d{7}|\d{4}\.\d{4,5})", re.I)
#: Kinds of entries that may well have no author.
_AUTHORLESS = frozenset(["webpage", "dataset", "software", "entry-encyclopedia", "standard"])


def read(project: Project) -> tuple[store.Library, list[Finding]]:
    """The library, empty where it cannot be read, and then why."""
    try:
        return store.Library.load(project.library_path), []
    except LibraryError as error:
        name = project.library_path.name
        found = Finding("library-invalid", name, error.message, None, error.line, error.hint)
        return store.Library(), [found]


def judge(project: Project, library: store.Library) -> Iterator[Finding]:
    """The findings of a library that can be read."""
    path = project.library_path
    if not path.exists():
        return
    data = path.read_bytes()
    lines = _lines(data.decode("utf-8", "replace"))
    name = path.name
    for key, entry in library.entries.items():
        yield from _fields(name, key, entry, lines.get(key))
    yield from _same(name, library.entries, lines)
    yield from _keys(name, library.entries, lines)
    if data != library.dump():
        yield Finding(
            "library-form",
            name,
            "the file is not in the order in which Weeknotes writes it",
            None,
            None,
            "weeknotes check --fix orders it.",
        )
    yield from _bib(path)


def _fields(name: str, key: str, entry: Mapping[str, Any], line: int | None) -> Iterator[Finding]:
    hint = "Complete it in Zotero, or here."
    if not str(entry.get("title") or "").strip():
        yield Finding("library-title", name, f"'{key}' has no title", None, line, hint)
    if not any(entry.get(role) for role in ("author", "editor", "director", "composer")) and (
        entry.get("type") not in _AUTHORLESS
    ):
        yield Finding("library-author", name, f"'{key}' has no author", None, line, hint)
    issued = entry.get("issued")
    dated = isinstance(issued, dict) and any(
        issued.get(k) for k in ("date-parts", "raw", "literal")
    )
    if not dated:
        yield Finding("library-date", name, f"'{key}' has no date", None, line, hint)


def _same(
    name: str, entries: Mapping[str, Mapping[str, Any]], lines: Mapping[str, int]
) -> Iterator[Finding]:
    seen: dict[str, str] = {}
    told: set[frozenset[str]] = set()
    for key, entry in entries.items():
        for mark, what in _marks(entry):
            other = seen.setdefault(mark, key)
            pair = frozenset((key, other))
            if other != key and pair not in told:
                told.add(pair)
                yield Finding(
                    "library-duplicate",
                    name,
                    f"'{key}' and '{other}' have the same {what}",
                    None,
                    lines.get(key),
                    f"Merge them in Zotero; '{other}' can keep '{key}' as another id.",
                )


def _marks(entry: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What two entries for one paper would share."""
    doi = str(entry.get("DOI") or "").casefold().removeprefix("https://doi.org/").strip()
    if doi:
        yield f"doi {doi}", "DOI"
    text = f"{entry.get('URL') or ''} {entry.get('DOI') or ''} {entry.get('number') or ''}"
    if match := _ARXIV.search(text):
        yield f"arxiv {match[1]}", "arXiv number"
    title = unicodedata.normalize("NFKC", str(entry.get("title") or "")).casefold()
    letters = "".join(c for c in title if c.isalnum())
    issued = entry.get("issued")
    parts = issued.get("date-parts") if isinstance(issued, dict) else None
    year = parts[0][0] if isinstance(parts, list) and parts and parts[0] else ""
    if len(letters) >= (4 if letters and ord(letters[0]) > 0x2E80 else 10):
        yield f"title {letters} {year} {entry.get('volume') or ''}", "title and year"


def _keys(
    name: str, entries: Mapping[str, Mapping[str, Any]], lines: Mapping[str, int]
) -> Iterator[Finding]:
    folded: dict[str, str] = {}
    for key in entries:
        other = folded.setdefault(key.casefold(), key)
        if other != key:
            yield Finding(
                "library-key",
                name,
                f"'{key}' and '{other}' differ in upper and lower case alone",
                None,
                lines.get(key),
                "Give one of them another citation key in Zotero.",
            )
    owner: dict[str, str] = {}
    for key, entry in entries.items():
        for other in store.other_ids(dict(entry)):
            taken = other if other in entries else owner.setdefault(other, key)
            if taken != key:
                yield Finding(
                    "library-key",
                    name,
                    f"'{other}' stands for '{key}' and for '{taken}'",
                    None,
                    lines.get(key),
                    "Take it out of the `other-ids` of one of them.",
                )


def _bib(path: Path) -> Iterator[Finding]:
    from weeknotes.library import bibtex

    bib = path.with_suffix(".bib")
    if bib.exists() and bib.read_bytes() != bibtex.to_bib(path):
        yield Finding(
            "library-bib",
            bib.name,
            f"it is not what {path.name} gives",
            None,
            None,
            "weeknotes check --fix derives it again.",
        )


def _lines(text: str) -> dict[str, int]:
    """The line on which each entry's key stands."""
    found: dict[str, int] = {}
    for number, line in enumerate(text.splitlines(), 1):
        match = re.match(r'\s*"id":\s*"((?:[^"\\]|\\.)*)"', line)
        if match:
            found.setdefault(match[1], number)
    return found
