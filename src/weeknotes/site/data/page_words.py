"""The words of each page's notes, as the history compares them with earlier versions.

Taking the words out of a page means reading its HTML again, which for a journal of ten years takes
longer than everything else that one changed week needs. They are kept by the page's fingerprint.
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from weeknotes.files import cannot_keep
from weeknotes.site.data.page_records import PageRecord, Site
from weeknotes.site.store import tables
from weeknotes.site.store.past_pages import PastNote, notes_of

_SCHEMA = "CREATE TABLE page (href TEXT PRIMARY KEY, fingerprint TEXT, notes TEXT)"

Words = Mapping[str, tuple[PastNote, ...]]


def words_of(site: Site, pages: Iterable[PageRecord]) -> Words:
    """The notes of ``pages`` by the address of the page."""
    wanted = {page.href: page.fingerprint for page in pages}
    path = site.project.state / "history" / f"words-{site.engine}.sqlite"
    try:
        with contextlib.closing(tables.opened(path, _SCHEMA)) as connection:
            kept = connection.execute("SELECT href, fingerprint, notes FROM page").fetchall()
            known = {
                href: _decoded(notes)
                for href, fingerprint, notes in kept
                if wanted.get(href) == fingerprint
            }
            found = _completed(site, wanted, known)
            rows = [
                (href, fingerprint, json.dumps([asdict(note) for note in found[href]]))
                for href, fingerprint in wanted.items()
                if href not in known
            ]
            gone = [(href,) for href, _, _ in kept if href not in wanted]
            if rows or gone:
                with tables.transaction(connection, path):
                    connection.executemany("INSERT OR REPLACE INTO page VALUES (?, ?, ?)", rows)
                    connection.executemany("DELETE FROM page WHERE href = ?", gone)
            return found
    except (sqlite3.Error, OSError) as error:
        cannot_keep(path, error)
        return _completed(site, wanted, {})


def _completed(site: Site, wanted: Mapping[str, str], known: Words) -> Words:
    return {href: known[href] if href in known else notes_of(site.notes(href)) for href in wanted}


def _decoded(text: str) -> tuple[PastNote, ...]:
    return tuple(_note(data) for data in json.loads(text))


def _note(data: dict[str, Any]) -> PastNote:
    return PastNote(**data | {"papers": tuple(data["papers"]), "tags": tuple(data["tags"])})
