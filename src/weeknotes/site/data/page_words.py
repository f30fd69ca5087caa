"""The words of each page's notes, as the history compares them with earlier versions.

Taking the words out of a page means reading its HTML again, which for a journal of ten years takes
longer than everything else that one changed week needs. They are kept by the page's fingerprint.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path

from weeknotes.files import cannot_keep
from weeknotes.site.data.page_records import PageRecord, Site
from weeknotes.site.store import tables
from weeknotes.site.store.past_pages import (
    PastNote,
    notes_digest,
    notes_from,
    notes_of,
    notes_text,
)

_SCHEMA = """
CREATE TABLE page (href TEXT PRIMARY KEY, fingerprint TEXT, digest TEXT, notes TEXT)
    WITHOUT ROWID;
CREATE INDEX light ON page (href, fingerprint, digest)"""


class Words:
    """The notes of pages by the address of the page, and a fingerprint of each page's notes."""

    def __init__(self, site: Site, pages: Iterable[PageRecord], path: Path) -> None:
        self._site = site
        self._path = path
        self._wanted = {page.href: page.fingerprint for page in pages}
        self._fresh: dict[str, tuple[PastNote, ...]] = {}
        self._connection = tables.opened(path, _SCHEMA)
        self.digests: dict[str, str] = {}

    def read(self) -> None:
        """Read the fingerprints, and the notes of pages that have changed."""
        kept: list[tuple[str, str, str]] = []
        with contextlib.suppress(sqlite3.Error):
            kept = self._connection.execute("SELECT href, fingerprint, digest FROM page").fetchall()
        gone: list[tuple[str]] = []
        for href, fingerprint, digest in kept:
            if self._wanted.get(href) == fingerprint:
                self.digests[href] = digest
            elif href not in self._wanted:
                gone.append((href,))
        rows = []
        for href, fingerprint in self._wanted.items():
            if href not in self.digests:
                found = self._fresh[href] = notes_of(self._site.notes(href))
                self.digests[href] = notes_digest(found)
                rows.append((href, fingerprint, self.digests[href], notes_text(found)))
        if rows or gone:
            with tables.transaction(self._connection, self._path):
                self._connection.executemany(
                    "INSERT OR REPLACE INTO page VALUES (?, ?, ?, ?)", rows
                )
                self._connection.executemany("DELETE FROM page WHERE href = ?", gone)

    def notes(self, href: str) -> tuple[PastNote, ...]:
        """The notes of the page at ``href``."""
        if href not in self._fresh:
            with contextlib.suppress(sqlite3.Error):
                query = "SELECT notes FROM page WHERE href = ?"
                row = self._connection.execute(query, (href,)).fetchone()
                if row:
                    return notes_from(row[0])
            return notes_of(self._site.notes(href))
        return self._fresh[href]

    def close(self) -> None:
        """Close the table."""
        self._connection.close()


@contextlib.contextmanager
def words_of(site: Site, pages: Iterable[PageRecord]) -> Iterator[Words]:
    """The notes of ``pages``, which can be read while the block lasts."""
    path = site.project.state / "history" / f"words-{site.engine}.sqlite"
    words = Words(site, pages, path)
    with contextlib.closing(words):
        try:
            words.read()
        except (sqlite3.Error, OSError) as error:
            cannot_keep(path, error)
        yield words
