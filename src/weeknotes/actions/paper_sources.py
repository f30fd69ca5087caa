"""Finding what ``weeknotes add`` is given: an identifier, an address, a file, or a citation key."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from weeknotes.errors import LibraryError, UsageError
from weeknotes.journal.project import Project
from weeknotes.library import (
    arxiv,
    books,
    crossref,
    formats,
    page_metadata,
    pubmed,
    semantic_scholar,
)
from weeknotes.library.identifiers import Identifier, is_address, named_in, parse_identifier
from weeknotes.library.store import Entry, Library
from weeknotes.library.web_client import LookupFailedError, Web

FORMS = (
    "an arXiv id, a DOI, an ISBN, a PMID or PMCID, the address of a paper's page, a Zotero item key, a "
    "citation key of the library, a file (BibTeX, CSL-JSON or YAML, RIS, EndNote XML, .nbib, "
    "CITATION.cff, PDF), or - for standard input"
)


@dataclass(frozen=True)
class Found:
    """The result of one source: CSL-JSON items with an ``id`` that may be empty, the entries of a
    file that could not be read, and remarks for the user about the rest."""

    entries: list[Entry]
    unread: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sources:
    """The sources in which papers are looked up; ``web`` keeps one pace for all of them."""

    project: Project
    library: Library
    web: Web
    environment: Mapping[str, str] | None
    sleep: Callable[[float], None] = time.sleep

    def find(self, text: str) -> Found:
        """The papers that ``text`` names; see FORMS. Raises UsageError for a text in none of the
        forms, LookupFailedError, LibraryError."""
        if (key := self.library.keys.get(text)) is not None:
            return Found([self.library.entries[key]])
        path = Path(text)
        if path.suffix.lower() in formats.SUFFIXES and path.is_file():
            return self._read_file(path)
        if identifier := parse_identifier(text):
            return Found([self._look_up(identifier)])
        if is_address(text):
            return Found([self._from_page(text)])
        if path.is_file():
            return self._read_file(path)
        hint = f"Give {FORMS}."
        if path.suffix.lower() in formats.SUFFIXES:
            raise UsageError(f"there is no file {text}", hint=hint)
        raise UsageError(f"{text!r} is no identifier of a paper", hint=hint)

    def read(self, data: bytes, name: str) -> Found:
        """The items of a file's bytes. Raises LibraryError, naming ``name``."""
        if data.startswith(b"%PDF"):
            return self._from_pdf(data, name)
        read = formats.read(data, name)
        return Found(read.entries, tuple(f"{name}: {one}" for one in read.unread))

    def _read_file(self, path: Path) -> Found:
        try:
            return self.read(path.read_bytes(), str(path))
        except OSError as error:
            raise LibraryError(f"cannot be read: {error.strerror}", file=str(path)) from error

    def _look_up(self, identifier: Identifier) -> Entry:
        kind, value = identifier.kind, identifier.value
        if kind == "zotero":
            from weeknotes.library.zotero import config, item

            settings = config.settings(self.project, self.environment)
            return item.fetch(settings, value, sleep=self.sleep)
        if kind == "arxiv":
            return arxiv.fetch(value, self.web)
        if kind == "isbn":
            return books.fetch(value, self.web)
        if kind in ("pmid", "pmcid"):
            return pubmed.fetch(kind, value, self.web)
        if kind == "s2":
            named, entry = semantic_scholar.fetch(value, self.web)
            return self._look_up(named) if named else entry
        return crossref.fetch(value, self.web)

    def _from_page(self, address: str) -> Entry:
        """The paper that a page shows: looked up by the identifier that it names, else as the page
        itself describes it."""
        identifier, described = page_metadata.fetch(address, self.web)
        if identifier is not None:
            try:
                return self._look_up(identifier)
            except LookupFailedError:
                if not described:
                    raise
                if identifier.kind == "doi":
                    described["DOI"] = identifier.value
        if not described:
            raise LookupFailedError(
                f"the page {address} does not say which paper it shows",
                hint="Give the paper's DOI or arXiv identifier.",
            )
        return described

    def _from_pdf(self, data: bytes, name: str) -> Found:
        from weeknotes.library.formats import pdf

        facts = pdf.read(data, name)
        tried = []
        for guess in facts.guesses[:5]:
            try:
                entry = self._look_up(guess.identifier)
            except LookupFailedError as error:
                tried.append(f"{guess.identifier}: {error.message}")
                continue
            if facts.names(str(entry.get("title") or "")):
                remark = f"{name} is taken for {guess.identifier}, from {guess.where}; please check"
                return Found([entry], remarks=(remark,))
            tried.append(f"{guess.identifier} is “{entry.get('title')}”, which is not in it")
        raise LibraryError(
            "it is not known which paper this PDF is" + (f" ({'; '.join(tried)})" if tried else ""),
            file=name,
            hint="Add the paper by its DOI or arXiv identifier.",
        )


def listed(data: bytes) -> list[str] | None:
    """The identifiers that ``data`` lists, one a line (``#`` begins a comment); None where it is no
    such list."""
    try:
        lines = data.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError:
        return None
    texts = [text for line in lines if (text := line.split(" #")[0].strip()) and text[0] != "#"]
    if texts and all(
        parse_identifier(text) or is_address(text) or len(named_in(text)) > 1 for text in texts
    ):
        return texts
    return None
