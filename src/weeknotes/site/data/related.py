"""Related notes: for each note the others that are most like it, whatever languages they are in.

`likeness` says how like two notes are, and `related_tables` remembers it.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from weeknotes.files import cannot_keep
from weeknotes.site.data.cache import once_a_site
from weeknotes.site.data.page_records import PageRecord, Site
from weeknotes.site.data.related_tables import SCHEMA, Update, lists_of
from weeknotes.site.store import tables


@dataclass(frozen=True)
class Relation:
    """A related note: its page, and its anchor and title there."""

    page: PageRecord
    anchor: str
    title: str


class RelatedNotes:
    """The related notes of all pages of a site."""

    def __init__(self, site: Site) -> None:
        self._pages = {page.href: page for page in site.pages}
        path = site.project.state / "related" / f"{site.engine}.sqlite"
        self._path = path
        self._memory: sqlite3.Connection | None = None
        self._opened: tuple[int, sqlite3.Connection] | None = None
        connection = tables.opened(path, SCHEMA)
        try:
            Update(site, connection).run(path)
        except (sqlite3.Error, OSError) as error:
            connection.close()
            cannot_keep(path, error)
            connection = tables.in_memory(SCHEMA)
            Update(site, connection).run(path)
            self._memory = connection
        self._fingerprints = dict(connection.execute("SELECT href, lists FROM page"))
        if not connection.execute("PRAGMA database_list").fetchone()[2]:
            self._memory = connection
        else:
            # A forked process must not use a connection of this one.
            connection.close()

    def fingerprint(self, page: PageRecord) -> str:
        """Changes when anything does that the lists of the notes of ``page`` show."""
        return str(self._fingerprints[page.href])

    def of(self, page: PageRecord) -> Mapping[str, Sequence[Relation]]:
        """The notes related to each note of ``page``, by its anchor, the most like first."""
        found: dict[str, list[Relation]] = {}
        for number, href, other in lists_of(self._connection, page.href):
            there = self._pages[href]
            note = there.notes[other]
            found.setdefault(page.notes[number].anchor, []).append(
                Relation(there, note.anchor, note.title)
            )
        return found

    @property
    def _connection(self) -> sqlite3.Connection:
        if self._memory:
            return self._memory
        if self._opened is None or self._opened[0] != os.getpid():
            self._opened = (os.getpid(), tables.opened(self._path, SCHEMA))
        return self._opened[1]


@once_a_site
def related_of(site: Site) -> RelatedNotes:
    """The notes related to each note of ``site``. Tasks are no notes here, nor is what a digest that
    was made says of its papers: no one has written it."""
    return RelatedNotes(site)
