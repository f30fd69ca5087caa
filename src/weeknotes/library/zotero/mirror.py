"""A local copy of Zotero libraries: what was fetched stays, whatever breaks off and when.

A cache: without it the next sync fetches everything again and comes to the same library. SQLite
gives what is asked of it here: a change is there whole or not at all, also after a kill -9, and a
library of any size takes little memory.
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from weeknotes.errors import WeeknotesError

_FORMAT = 1
_TABLES = """
CREATE TABLE library (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL, source TEXT NOT NULL,
    version INTEGER NOT NULL DEFAULT 0, offset INTEGER NOT NULL DEFAULT 0, UNIQUE (name, source));
CREATE TABLE item (
    library INTEGER NOT NULL, key TEXT NOT NULL, version INTEGER NOT NULL, body TEXT NOT NULL,
    PRIMARY KEY (library, key)) WITHOUT ROWID;
CREATE TABLE collection (
    library INTEGER NOT NULL, key TEXT NOT NULL, name TEXT NOT NULL, parent TEXT NOT NULL,
    PRIMARY KEY (library, key)) WITHOUT ROWID;
CREATE TABLE note (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
"""


@dataclass(frozen=True)
class Item:
    """A top-level item as fetched: ``data`` and ``meta`` of the API's answer."""

    key: str
    version: int
    data: dict[str, Any]
    meta: dict[str, Any]


class Mirror:
    """The copies in one file. ``close`` it, or use it in a ``with``."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path = path
        try:
            self._db = self._open()
        except sqlite3.OperationalError as error:
            raise self._trouble(error) from error
        except sqlite3.DatabaseError:
            # Not a database, or a spoiled one: it is a cache, so begin again.
            for suffix in ("", "-wal", "-shm", "-journal"):
                path.with_name(path.name + suffix).unlink(missing_ok=True)
            self._db = self._open()

    def _open(self) -> sqlite3.Connection:
        db = sqlite3.connect(self._path, isolation_level=None, timeout=30)
        try:
            db.execute("PRAGMA journal_mode = WAL")
            db.execute("PRAGMA synchronous = NORMAL")
            (found,) = db.execute("PRAGMA user_version").fetchone()
            if found != _FORMAT:
                with _transaction(db):
                    for (name,) in db.execute(
                        "SELECT name FROM sqlite_master WHERE type = 'table'"
                    ).fetchall():
                        db.execute(f"DROP TABLE {name}")
                    for statement in _TABLES.split(";"):
                        db.execute(statement)
                    db.execute(f"PRAGMA user_version = {_FORMAT}")
            db.execute("SELECT count(*) FROM library, note").fetchone()
        except BaseException:
            db.close()
            raise
        return db

    def __enter__(self) -> Mirror:
        return self

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        self.close()
        if isinstance(error, sqlite3.Error):
            raise self._trouble(error) from error

    def close(self) -> None:
        """Let go of the database; what was committed is in it."""
        self._db.close()

    def _trouble(self, error: sqlite3.Error) -> WeeknotesError:
        return WeeknotesError(
            f"the local copy of Zotero's library cannot be kept: {error}",
            file=self._path,
            hint="Nothing is lost. Make room, or let the folder be written, and run it again.",
        )

    def library(self, name: str, source: str) -> Copy:
        """The copy of the library ``name`` as ``source`` gives it; versions of different sources (the
        web API, each local database) have nothing to do with each other."""
        self._db.execute(
            "INSERT OR IGNORE INTO library (name, source) VALUES (?, ?)", (name, source)
        )
        (number,) = self._db.execute(
            "SELECT id FROM library WHERE name = ? AND source = ?", (name, source)
        ).fetchone()
        return Copy(self._db, number)

    def sources(self, name: str) -> list[str]:
        """The sources from which ``name`` has been copied, the latest last."""
        rows = self._db.execute("SELECT source FROM library WHERE name = ? ORDER BY id", (name,))
        return [source for (source,) in rows]

    def note(self, name: str) -> str:
        """A value kept under ``name``; empty when there is none."""
        row = self._db.execute("SELECT value FROM note WHERE name = ?", (name,)).fetchone()
        return str(row[0]) if row else ""

    def keep(self, name: str, value: str) -> None:
        """Keep ``value`` under ``name``."""
        self._db.execute("INSERT OR REPLACE INTO note VALUES (?, ?)", (name, value))


class Copy:
    """The copy of one library."""

    def __init__(self, db: sqlite3.Connection, number: int) -> None:
        self._db = db
        self._id = number

    def _value(self, column: str) -> int:
        row = self._db.execute(f"SELECT {column} FROM library WHERE id = ?", (self._id,))
        return int(row.fetchone()[0])

    @property
    def version(self) -> int:
        """The library version up to which the copy is whole; 0 when it isn't yet."""
        return self._value("version")

    @property
    def offset(self) -> int:
        """The number of items of the first fetch, in the order they were added, that are here."""
        return self._value("offset")

    def clear(self) -> None:
        """Forget everything: the next sync starts over."""
        with _transaction(self._db):
            for table in ("item", "collection"):
                self._db.execute(f"DELETE FROM {table} WHERE library = ?", (self._id,))
            self._db.execute("UPDATE library SET version = 0, offset = 0 WHERE id = ?", (self._id,))

    def versions(self) -> dict[str, int]:
        """The version of every item here."""
        rows = self._db.execute("SELECT key, version FROM item WHERE library = ?", (self._id,))
        return dict(rows.fetchall())

    def put(self, items: Iterable[Mapping[str, Any]], offset: int | None = None) -> int:
        """Keep items as the API gives them, in one step with ``offset``; how many there were."""
        rows = [
            (self._id, key, int(item.get("version") or 0), _body(item))
            for item in items
            if isinstance(item, dict) and isinstance(key := item.get("key"), str)
        ]
        with _transaction(self._db):
            self._db.executemany("INSERT OR REPLACE INTO item VALUES (?, ?, ?, ?)", rows)
            if offset is not None:
                self._db.execute("UPDATE library SET offset = ? WHERE id = ?", (offset, self._id))
        return len(rows)

    def finish(
        self,
        version: int,
        *,
        gone: Iterable[str],
        collections: Iterable[Mapping[str, Any]],
        gone_collections: Iterable[str],
    ) -> None:
        """End a round: the copy is whole up to ``version``."""
        rows = [(self._id, *row) for one in collections if (row := _collection(one))]
        with _transaction(self._db):
            self._db.executemany(
                "DELETE FROM item WHERE library = ? AND key = ?", [(self._id, k) for k in gone]
            )
            self._db.executemany(
                "DELETE FROM collection WHERE library = ? AND key = ?",
                [(self._id, key) for key in gone_collections],
            )
            self._db.executemany("INSERT OR REPLACE INTO collection VALUES (?, ?, ?, ?)", rows)
            self._db.execute(
                "UPDATE library SET version = ?, offset = 0 WHERE id = ?", (version, self._id)
            )

    def collections(self) -> dict[str, tuple[str, str]]:
        """Name and parent's key (or "") of every collection, by its key."""
        rows = self._db.execute(
            "SELECT key, name, parent FROM collection WHERE library = ?", (self._id,)
        )
        return {key: (name, parent) for key, name, parent in rows}

    def items(self) -> Iterator[Item]:
        """The items, one at a time, sorted by key."""
        rows = self._db.execute(
            "SELECT key, version, body FROM item WHERE library = ? ORDER BY key", (self._id,)
        )
        for key, version, body in rows:
            parsed = json.loads(body)
            yield Item(key, version, parsed["data"], parsed["meta"])

    def digest(self) -> str:
        """Changes whenever an item or a collection here does."""
        items = self._db.execute(
            "SELECT count(*), max(version), sum(version) FROM item WHERE library = ?", (self._id,)
        ).fetchone()
        return f"{self._id}:{self.version}:{items}:{self.collections()}"


def _body(item: Mapping[str, Any]) -> str:
    """The part of an item that is kept: not its links, nor the description of its library."""
    data = item.get("data") if isinstance(item.get("data"), dict) else {}
    meta = item.get("meta") if isinstance(item.get("meta"), dict) else {}
    parsed = {"parsedDate": meta["parsedDate"]} if meta and meta.get("parsedDate") else {}
    return json.dumps({"data": data, "meta": parsed}, ensure_ascii=False)


def _collection(one: Mapping[str, Any]) -> tuple[str, str, str] | None:
    data = one.get("data") if isinstance(one, dict) else None
    key = one.get("key") if isinstance(one, dict) else None
    if not isinstance(data, dict) or not isinstance(key, str):
        return None
    parent = data.get("parentCollection")
    return key, str(data.get("name") or ""), parent if isinstance(parent, str) else ""


@contextlib.contextmanager
def _transaction(db: sqlite3.Connection) -> Iterator[None]:
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
        db.execute("COMMIT")
    except BaseException:
        # SQLite has done so itself where the disk is full.
        if db.in_transaction:
            with contextlib.suppress(sqlite3.Error):
                db.execute("ROLLBACK")
        raise
