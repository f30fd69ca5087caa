"""The runs of words that are private in the sources as they are now, remembered for each file.

They are under ``.weeknotes/history/`` and may be deleted at any time."""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
import time
from collections.abc import Sequence

from weeknotes.files import cannot_keep
from weeknotes.journal.project import Project
from weeknotes.privacy import once_private
from weeknotes.privacy.private_files import Whole
from weeknotes.site.store import tables

_SCHEMA = "CREATE TABLE file (name TEXT PRIMARY KEY, stamp TEXT, runs TEXT) WITHOUT ROWID"
#: Nanoseconds after a change in which another could leave the same modification time.
_UNSETTLED = 50_000_000


def now_private(journal: Project, sources: Sequence[str]) -> frozenset[str]:
    """The runs of what is private in the files ``sources``, which are all of the journal, as they are
    now."""
    return journal.once("private runs", lambda: _now_private(journal, sources))


def _now_private(journal: Project, sources: Sequence[str]) -> frozenset[str]:
    whole = Whole(journal)
    reasons = {name: whole.reason(name) for name in sources if whole.may_hold_private(name)}
    path = journal.state / "history" / "private.sqlite"
    if not reasons and not path.exists():
        return frozenset()
    try:
        with contextlib.closing(tables.opened(path, _SCHEMA)) as connection:
            kept = connection.execute("SELECT name, stamp, runs FROM file").fetchall()
            known = {(name, stamp): runs for name, stamp, runs in kept}
            found: list[str] = []
            new: list[tuple[str, str, str]] = []
            for name, reason in reasons.items():
                stamp = _stamp(journal, name, reason)
                runs = known.pop((name, stamp), None) if stamp else None
                if runs is None:
                    parts = private_parts(name, (journal.root / name).read_bytes(), reason)
                    runs = " ".join(sorted(parts))
                    if stamp:
                        new.append((name, stamp, runs))
                found.append(runs)
            gone = [(name,) for name, _ in known]
            if new or gone:
                with tables.transaction(connection, path):
                    connection.executemany("DELETE FROM file WHERE name = ?", gone)
                    connection.executemany("INSERT OR REPLACE INTO file VALUES (?, ?, ?)", new)
    except sqlite3.Error as error:
        cannot_keep(path, error)
        return frozenset().union(
            *(
                private_parts(name, (journal.root / name).read_bytes(), reason)
                for name, reason in reasons.items()
            )
        )
    return frozenset(" ".join(found).split())


def _stamp(journal: Project, name: str, reason: str) -> str:
    """The state of a file, by which what is known of it holds; empty where a change could hide
    behind it."""
    status = os.stat(f"{journal.root}/{name}")  # noqa: PTH116 (strings, for thousands of files)
    if time.time_ns() - status.st_mtime_ns < _UNSETTLED:
        return ""
    return json.dumps([status.st_mtime_ns, status.st_size, status.st_ino, reason])


def private_parts(name: str, data: bytes, reason: str) -> frozenset[str]:
    """The runs of the private parts of ``data``, the content of the file ``name`` that is private as a
    whole for ``reason`` (`Whole.reason`). A draft is not published yet; its text may be, once it is
    done."""
    try:
        return once_private.private_runs(name, data, whole=reason == "private")
    except (ValueError, RecursionError):
        return frozenset()
