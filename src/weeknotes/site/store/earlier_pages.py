"""Earlier states of pages in tables, so that a build reads the notes of those alone that it compares.

Where the journal is in a git repository, ``.weeknotes/history/git.sqlite`` keeps what git's history
says (`past_pages`), until there is another commit. Elsewhere ``builds-<engine>.sqlite`` keeps the
states of the pages that builds have seen, and what was private: no history of git will tell. Both may
be deleted at any time; the second takes what it remembers with it."""

from __future__ import annotations

import contextlib
import datetime
import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from weeknotes.files import cannot_keep
from weeknotes.journal.project import Project
from weeknotes.site.store import past_pages, tables
from weeknotes.site.store.past_pages import Past, PastNote, PastPage, notes_from, notes_text
from weeknotes.site.store.private_runs import now_private
from weeknotes.text import git

_SCHEMA = """
CREATE TABLE page (number INTEGER PRIMARY KEY, day TEXT, source TEXT, week TEXT, date TEXT,
                   digest TEXT, notes TEXT);
CREATE TABLE private (run TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE basis (basis TEXT)"""
#: Of what builds remember, which outlives a change of the code.
_FORMAT = "1"


@contextlib.contextmanager
def earlier(
    journal: Project, engine: str, sources: Sequence[str], now: Sequence[PastPage]
) -> Iterator[Past]:
    """The earlier states of the pages of ``journal``, whose notes can be read while the block lasts.

    ``sources`` are the current sources, whose private parts count as well, and ``now`` the current
    pages: without git their states are recorded, and one that has changed since the last build has
    changed today. Raises OSError where what is kept cannot be read.
    """
    head = git.head(journal.root)
    private = now_private(journal, sources)
    path = _folder(journal) / ("git.sqlite" if head else f"builds-{engine}.sqlite")
    with contextlib.closing(tables.opened(path, _SCHEMA, "" if head else _FORMAT)) as connection:
        try:
            if head:
                past = _of_git(journal, head, connection, path)
                yield Past(past.pages, past.private | private)
            else:
                _take_older_memory(journal, engine, connection, path)
                runs = _with_runs(connection, path, private)
                yield Past(tuple(_recorded(connection, path, now)), runs)
        except sqlite3.Error as error:
            # After a write that failed, the tables may not be readable either.
            raise tables.failure(error, path) from error


def note_private(journal: Project, engine: str, sources: Sequence[str]) -> None:
    """Remember what is private in ``sources`` now, where no history of git will tell: a build that
    shows nothing new makes no pages."""
    private = now_private(journal, sources)
    if not private or git.head(journal.root):
        return
    path = _folder(journal) / f"builds-{engine}.sqlite"
    with contextlib.closing(tables.opened(path, _SCHEMA, _FORMAT)) as connection:
        _with_runs(connection, path, private)


def _folder(journal: Project) -> Path:
    return journal.state / "history"


def _of_git(journal: Project, head: str, connection: sqlite3.Connection, path: Path) -> Past:
    """The states that git's history has, read from git where the commit is another than before."""
    basis = f"{head} {past_pages.basis_of(journal)}"
    if connection.execute("SELECT basis FROM basis").fetchone() != (basis,):
        found = past_pages.past_of(journal)
        with _kept(connection, path):
            for table in ("page", "private", "basis"):
                connection.execute(f"DELETE FROM {table}")
            _insert(connection, found.pages)
            rows = [(run,) for run in sorted(found.private)]
            connection.executemany("INSERT INTO private VALUES (?)", rows)
            connection.execute("INSERT INTO basis VALUES (?)", (basis,))
        return found
    return Past(tuple(_pages(connection)), _runs(connection))


def _recorded(
    connection: sqlite3.Connection, path: Path, now: Sequence[PastPage]
) -> Iterator[PastPage]:
    """The states that builds have recorded, the current ones among them from now on."""
    past = list(_pages(connection))
    last = {page.key: page for page in past}
    today = datetime.date.today().isoformat()
    added = [
        replace(page, day=today if page.key in last else page.day)
        for page in now
        if page.key not in last or last[page.key].digest != page.digest
    ]
    there = {page.key for page in now}
    added += [
        replace(page, day=today, digest="")
        for key, page in last.items()
        if key not in there and page.digest
    ]
    if added:
        with _kept(connection, path):
            _insert(connection, added)
    yield from past
    yield from added


def _with_runs(
    connection: sqlite3.Connection, path: Path, private: frozenset[str]
) -> frozenset[str]:
    """The runs that were private in any build and those of now, which are recorded."""
    known = _runs(connection)
    if private - known:
        with _kept(connection, path):
            rows = [(run,) for run in sorted(private - known)]
            connection.executemany("INSERT OR IGNORE INTO private VALUES (?)", rows)
    return known | private


@contextlib.contextmanager
def _kept(connection: sqlite3.Connection, path: Path) -> Iterator[None]:
    """Change the tables in the block; if they can't be written, that is reported."""
    try:
        with tables.transaction(connection, path):
            yield
    except (OSError, sqlite3.Error) as error:
        cannot_keep(path, error)


def _insert(connection: sqlite3.Connection, pages: Iterable[PastPage]) -> None:
    connection.executemany(
        "INSERT INTO page (day, source, week, date, digest, notes) VALUES (?, ?, ?, ?, ?, ?)",
        [(p.day, p.source, p.week, p.date, p.digest, notes_text(p.notes)) for p in pages],
    )


def _pages(connection: sqlite3.Connection) -> Iterator[PastPage]:
    rows = connection.execute(
        "SELECT number, day, source, week, date, digest FROM page ORDER BY number"
    )
    for number, day, source, week, date, digest in rows.fetchall():
        yield PastPage(day, source, week, date, digest, partial(_notes, connection, number))


def _notes(connection: sqlite3.Connection, number: int) -> tuple[PastNote, ...]:
    row = connection.execute("SELECT notes FROM page WHERE number = ?", (number,)).fetchone()
    return notes_from(row[0])


def _runs(connection: sqlite3.Connection) -> frozenset[str]:
    return frozenset(run for (run,) in connection.execute("SELECT run FROM private"))


def _take_older_memory(
    journal: Project, engine: str, connection: sqlite3.Connection, path: Path
) -> None:
    """Take over what builds of an earlier version have remembered in a file of JSON."""
    older = _folder(journal) / f"builds-{engine}.json"
    if not older.exists():
        return
    try:
        known = json.loads(older.read_bytes())
        pages = [_older_page(row) for row in known["pages"]]
        private = frozenset(map(str, known["private"]))
    except (OSError, ValueError, LookupError, TypeError):
        pages, private = [], frozenset()
    with tables.transaction(connection, path):
        _insert(connection, pages)
        rows = [(run,) for run in sorted(private)]
        connection.executemany("INSERT OR IGNORE INTO private VALUES (?)", rows)
    older.unlink(missing_ok=True)


def _older_page(row: Mapping[str, object]) -> PastPage:
    found = notes_from(json.dumps(row["notes"]))
    day, source, week, date = (str(row[name]) for name in ("day", "source", "week", "date"))
    digest = past_pages.notes_digest(found)
    return PastPage(day, source, week, date, digest, lambda: found)
