"""Rules about the library."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from weeknotes.checks.findings import Finding
from weeknotes.errors import LibraryError
from weeknotes.journal.project import Project
from weeknotes.library import store
from weeknotes.library.keys import is_readable

_ARXIV_ID = r"([a-z][\w.-]*/\d{7}|\d{4}\.\d{4,5})"
_ARXIV = re.compile(rf"(?:arxiv\.org/(?:abs|pdf|html)/|arxiv[.:])\s*{_ARXIV_ID}", re.I)
_DOI = re.compile(r"(?:https?://(?:dx\.)?doi\.org/|doi:\s*|^\s*)(10\.\d[\w.]*/\S+)", re.I)
_MARKUP = re.compile(r"</?(?:i|b|em|strong|sub|sup|sc|span)\b[^<>]*>")
#: Kinds of entries that may well have no author.
_AUTHORLESS = frozenset(["webpage", "dataset", "software", "entry-encyclopedia", "standard"])

_NAME = ("family", "given", "literal", "non-dropping-particle")
_BY_TITLE = "title and year"


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
    imported: list[str] = []
    for key, entry in library.entries.items():
        found = list(_fields(name, key, entry, lines.get(key)))
        if found and _is_imported(entry) and all(f.rule != "library-title" for f in found):
            imported.append(key)
        else:
            yield from found
    if imported:
        yield _incomplete(name, imported, lines.get(imported[0]))
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
    if not any(
        _is_named(entry.get(role)) for role in ("author", "editor", "director", "composer")
    ) and (entry.get("type") not in _AUTHORLESS):
        yield Finding("library-author", name, f"'{key}' has no author", None, line, hint)
    if not _is_dated(entry.get("issued")):
        yield Finding("library-date", name, f"'{key}' has no date", None, line, hint)


def _is_imported(entry: Mapping[str, Any]) -> bool:
    """Whether an import made the entry of what a journal kept elsewhere said."""
    own = entry.get("custom")
    return isinstance(own, dict) and bool(own.get("imported"))


def _incomplete(name: str, keys: Sequence[str], line: int | None) -> Finding:
    """One finding for all imported entries that lack an author or a date: their sources named none."""
    shown = ", ".join(f"'{key}'" for key in keys[:3])
    more = f" and {len(keys) - 3} more" if len(keys) > 3 else ""
    what = "entry has" if len(keys) == 1 else "entries have"
    message = f"{len(keys)} imported {what} no author or no date: {shown}{more}"
    return Finding(
        "library-imported", name, message, None, line, "Complete them in Zotero, or here."
    )


def _is_named(people: Any) -> bool:
    """Whether ``people``, the names of a CSL variable, name anyone."""
    return isinstance(people, list) and any(
        isinstance(one, dict) and any(str(one.get(part) or "").strip() for part in _NAME)
        for one in people
    )


def _is_dated(issued: Any) -> bool:
    if not isinstance(issued, dict):
        return False
    return _year(issued) is not None or any(
        str(issued.get(kind) or "").strip() for kind in ("raw", "literal", "season")
    )


def _year(issued: Any) -> str | None:
    """The year of a CSL date given in parts."""
    parts = issued.get("date-parts") if isinstance(issued, dict) else None
    first = parts[0] if isinstance(parts, list) and parts else None
    year = first[0] if isinstance(first, list) and first else None
    return str(year) if year else None


def _same(
    name: str, entries: Mapping[str, Mapping[str, Any]], lines: Mapping[str, int]
) -> Iterator[Finding]:
    seen: dict[str, list[str]] = {}
    told: set[frozenset[str]] = set()
    for key, entry in entries.items():
        for mark, what in _marks(entry):
            others = seen.setdefault(mark, [])
            # Titles such as "Introduction" are those of many papers.
            alike = [k for k in others if what != _BY_TITLE or _may_agree(entry, entries[k])]
            others.append(key)
            if alike and frozenset((key, alike[0])) not in told:
                told.add(frozenset((key, alike[0])))
                yield Finding(
                    "library-duplicate",
                    name,
                    f"'{key}' and '{alike[0]}' have the same {what}",
                    None,
                    lines.get(key),
                    f"Merge them in Zotero; '{alike[0]}' can keep '{key}' as another id.",
                )


def _may_agree(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two entries could have the same first author."""
    mine, theirs = _first_author(one), _first_author(other)
    return not mine or not theirs or mine == theirs


def _first_author(entry: Mapping[str, Any]) -> str:
    people = entry.get("author")
    first = people[0] if isinstance(people, list) and people else None
    if not isinstance(first, dict):
        return ""
    return _letters(str(first.get("family") or first.get("literal") or ""))


def _marks(entry: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The identifiers of a paper that two entries for it would share, each with its name."""
    for field in ("DOI", "URL"):
        if match := _DOI.search(str(entry.get(field) or "").strip()):
            yield f"doi {match[1].casefold()}", "DOI"
            break
    text = " ".join(str(entry.get(field) or "") for field in ("URL", "DOI", "number"))
    if str(entry.get("archive") or "").casefold() == "arxiv":
        text += f" arxiv:{entry.get('archive_location') or ''}"
    if match := _ARXIV.search(text):
        yield f"arxiv {match[1].casefold()}", "arXiv number"
    letters = _letters(_MARKUP.sub("", str(entry.get("title") or "")))
    if len(letters) >= (4 if letters and ord(letters[0]) > 0x2E80 else 10):
        year = _year(entry.get("issued")) or ""
        yield f"title {letters} {year} {entry.get('volume') or ''}", _BY_TITLE


def _letters(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKC", text).casefold() if c.isalnum())


def _keys(
    name: str, entries: Mapping[str, Mapping[str, Any]], lines: Mapping[str, int]
) -> Iterator[Finding]:
    folded: dict[str, str] = {}
    for key in entries:
        if re.search(r"[\s{}]", key):
            yield Finding(
                "library-key",
                name,
                f"'{key}' cannot be cited: a key has no spaces and no braces",
                None,
                lines.get(key),
                "Give the entry another citation key in Zotero.",
            )
        elif not is_readable(key):
            alias = next(filter(is_readable, store.other_ids(dict(entries[key]))), "")
            yield Finding(
                "library-key",
                name,
                f"'{key}' has signs that BibTeX does not read in a key",
                None,
                lines.get(key),
                (
                    f"Cite it as @{alias}, which is the same entry"
                    if alias
                    else f"Cite it as @{{{key}}}"
                )
                + ", or give it another citation key in Zotero.",
            )
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
    """The line on which each entry's key is."""
    found: dict[str, int] = {}
    for number, line in enumerate(text.splitlines(), 1):
        match = re.match(r'\s*"id":\s*"((?:[^"\\]|\\.)*)"', line)
        if match:
            found.setdefault(match[1], number)
    return found
