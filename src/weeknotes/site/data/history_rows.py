"""The rows of the history that were worked out before, by page and year, in a table.

What a page's notes were through time is worked out again only when a state of the page, or what is
private, has changed; the files of the other years are not even put together. The table is under
``.weeknotes/history/`` and may be deleted at any time."""

from __future__ import annotations

import contextlib
import hashlib
import sqlite3
from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

from weeknotes.files import cannot_keep
from weeknotes.site.data.page_records import Site
from weeknotes.site.store import tables

_SCHEMA = """
CREATE TABLE part (key TEXT PRIMARY KEY, fingerprint TEXT, firsts TEXT, ended TEXT) WITHOUT ROWID;
CREATE TABLE year (key TEXT, year TEXT, digest TEXT, days TEXT, text TEXT, PRIMARY KEY (key, year))"""


class _Year(NamedTuple):
    """The rows of a page in one year: their fingerprint, the days with spaces between, and the rows
    as JSON, None where they are in the table."""

    digest: str
    days: str
    text: str | None


class HistoryRows:
    """The rows of all pages. ``missing`` are the keys of the pages of which they must be ``put``."""

    def __init__(self, site: Site, wanted: Mapping[str, str]) -> None:
        self._path = site.project.state / "history" / f"rows-{site.engine}.sqlite"
        self._wanted = wanted
        self._connection = tables.opened(self._path, _SCHEMA)
        self._ends: dict[str, tuple[str, str]] = {}
        self._years: dict[str, dict[str, _Year]] = {key: {} for key in wanted}
        self._put: list[str] = []
        self._known: dict[str, tuple[str, str, str]] = {}
        with contextlib.suppress(sqlite3.Error):
            self._read()
        self.missing = [key for key in wanted if key not in self._ends]

    def _read(self) -> None:
        parts = self._connection.execute("SELECT key, fingerprint, firsts, ended FROM part")
        self._known = {key: (state, *ends) for key, state, *ends in parts.fetchall()}
        years = self._connection.execute("SELECT key, year, digest, days FROM year")
        rows = years.fetchall()
        for key, (fingerprint, firsts, ended) in self._known.items():
            if self._wanted.get(key) == fingerprint:
                self._ends[key] = firsts, ended
        for key, year, digest, days in rows:
            if key in self._ends:
                self._years[key][year] = _Year(digest, days, None)

    def close(self) -> None:
        """Close the table."""
        self._connection.close()

    def put(
        self, key: str, years: Mapping[str, tuple[set[str], str]], firsts: str, ended: str
    ) -> None:
        """Take the rows of a page: for each year the days and the rows as JSON; ``firsts`` and
        ``ended`` are the fingerprints, with spaces between, of the words that its notes began with,
        and of those that notes which are gone ended with. A note that is gone and has never changed
        counts as ended alone."""
        self._ends[key] = firsts, ended
        self._years[key] = {year: _year_of(*part) for year, part in years.items()}
        self._put.append(key)

    def sharing(self) -> list[str]:
        """The keys of the pages on which a note may have ended that goes on on one of them."""
        gone = Counter(words for _, ended in self._ends.values() for words in ended.split())
        if not gone:
            return []
        shared = {words for words, count in gone.items() if count > 1}
        for firsts, _ in self._ends.values():
            shared.update(gone.keys() & firsts.split())
        return [
            key for key in self._wanted if not shared.isdisjoint(" ".join(self._ends[key]).split())
        ]

    def join(self, found: Mapping[str, Mapping[str, tuple[set[str], str]]]) -> None:
        """Show other rows of pages than those that are kept: pages that share notes."""
        for key, years in found.items():
            self._years[key] = {year: _year_of(*part) for year, part in years.items()}

    def save(self) -> None:
        """Keep the new rows for the next build."""
        gone = [(key,) for key in self._known if key not in self._wanted]
        if not self._put and not gone:
            return
        changed = [(key,) for key in self._put] + gone
        parts = [(key, self._wanted[key], *self._ends[key]) for key in self._put]
        years = [(key, year, *row) for key in self._put for year, row in self._years[key].items()]
        try:
            with tables.transaction(self._connection, self._path):
                self._connection.executemany("DELETE FROM part WHERE key = ?", changed)
                self._connection.executemany("DELETE FROM year WHERE key = ?", changed)
                self._connection.executemany("INSERT INTO part VALUES (?, ?, ?, ?)", parts)
                self._connection.executemany("INSERT INTO year VALUES (?, ?, ?, ?, ?)", years)
        except (sqlite3.Error, OSError) as error:
            cannot_keep(self._path, error)

    @property
    def years(self) -> set[str]:
        """The years that have rows."""
        return {year for years in self._years.values() for year in years}

    def days(self, year: str) -> set[str]:
        """The days on which something of ``year`` changed."""
        return {day for row in self._of(year).values() for day in row.days.split()}

    def digest(self, year: str) -> str:
        """A fingerprint of the rows of ``year``."""
        return _digest(*(row.digest for row in self._of(year).values()))

    def texts(self, year: str, since: str = "") -> list[str]:
        """The rows of ``year`` as JSON, those of a page in one text: of all pages, or of those on
        which something has changed on the day ``since`` or later."""
        of_year = self._of(year)
        if since:
            of_year = {k: row for k, row in of_year.items() if row.days[-len(since) :] >= since}
        kept: dict[str, str] = {}
        if any(row.text is None for row in of_year.values()):
            # In a connection of its own: the file may be made by another process.
            with contextlib.closing(tables.opened(self._path, _SCHEMA)) as connection:
                rows = connection.execute("SELECT key, text FROM year WHERE year = ?", (year,))
                kept.update(rows.fetchall())
        return [kept[key] if row.text is None else row.text for key, row in of_year.items()]

    def _of(self, year: str) -> dict[str, _Year]:
        return {key: years[year] for key, years in self._years.items() if year in years}


def _year_of(days: set[str], text: str) -> _Year:
    return _Year(_digest(text), " ".join(sorted(days)), text)


def _digest(*parts: str) -> str:
    data = "\0".join(parts).encode("utf-8", "surrogatepass")
    return hashlib.blake2b(data, digest_size=12).hexdigest()
