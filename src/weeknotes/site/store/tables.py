"""Tables (SQLite) that are kept between builds, so that a change reads and writes only its own
rows.

Each file is of one purpose and may be deleted at any time. It carries the fingerprint of the code: what
another version has written is thrown away.
"""

from __future__ import annotations

import contextlib
import errno
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from weeknotes.files import cannot_keep, code_fingerprint


def opened(path: Path, schema: str, version: str = "") -> sqlite3.Connection:
    """The tables of ``schema`` in the file ``path``: as they were left, or empty ones where what is
    there is of another ``version``, by default that of the code.

    If the file can't be written, ``files.cannot_keep`` reports that, and the tables are in memory.
    """
    version = version or code_fingerprint()
    for _ in range(2):
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            return _opened(str(path), schema, version)
        except (OSError, sqlite3.OperationalError) as error:
            reason: Exception = error
            break
        except sqlite3.DatabaseError as error:
            reason = error
            # Damaged, or of another version: made again.
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)
    cannot_keep(path, reason)
    return in_memory(schema)


def in_memory(schema: str) -> sqlite3.Connection:
    """Empty tables of ``schema``, which are gone with the connection."""
    return _opened(":memory:", schema, "")


@contextlib.contextmanager
def transaction(connection: sqlite3.Connection, path: Path) -> Iterator[None]:
    """Do all of the block or nothing. Raises OSError where it can't be kept in the file ``path``."""
    try:
        connection.execute("BEGIN")
        try:
            yield
            connection.execute("COMMIT")
        except BaseException:
            # SQLite ends some transactions that fail by itself.
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
    except sqlite3.Error as error:
        raise failure(error, path) from error


def failure(error: sqlite3.Error, path: Path) -> OSError:
    """The error of the tables in the file ``path`` as one of that file."""
    if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL:
        return OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))
    return OSError(errno.EIO, str(error), str(path))


def _opened(path: str, schema: str, version: str) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        # What is lost when the power fails is made again; a process that is killed loses nothing.
        connection.execute("PRAGMA synchronous = OFF")
        version = f"{version} {schema}"
        found = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
        if not found:
            connection.execute("BEGIN")
            for statement in schema.split(";"):
                connection.execute(statement)
            connection.execute("CREATE TABLE version (version TEXT)")
            connection.execute("INSERT INTO version VALUES (?)", (version,))
            connection.execute("COMMIT")
        elif "version" not in found or (version,) not in connection.execute(
            "SELECT version FROM version"
        ):
            raise sqlite3.DatabaseError("of another version")
    except BaseException:
        connection.close()
        raise
    return connection
