"""This module remembers between two searches of a site which files held nothing private, and what they
say.

A file that was searched is searched again only for what has become private since, and for that its
words are kept, so that it need not be read, unpacked and folded again. All of it is in one file of
tables (`weeknotes.site.store.tables`), which may be deleted at any time.
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from weeknotes.files import cannot_keep
from weeknotes.site.store import tables
from weeknotes.site.verify.image_similarity import Look

PublicMatch = tuple[str, str]
"""What is public anyway: its kind (`public_matches.WORDS`, ``RUN``, ``IMAGE``, ``INDEXED``), and the
words, folded, or the digest."""

_SCHEMA = """
CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
CREATE TABLE file (name TEXT PRIMARY KEY, state TEXT, excuses TEXT) WITHOUT ROWID;
CREATE TABLE excuse (kind TEXT, found TEXT, place TEXT, stat TEXT, PRIMARY KEY (kind, found));
CREATE TABLE words (name TEXT PRIMARY KEY, state TEXT, digests TEXT, words BLOB);
CREATE TABLE shown (place TEXT PRIMARY KEY, state TEXT, drawings TEXT, shown BLOB);
CREATE TABLE look (digest TEXT PRIMARY KEY, bits TEXT, ratio REAL) WITHOUT ROWID"""
_LEVEL = 1


@dataclass(frozen=True)
class FileWords:
    """The content of a file, in the form in which it is searched: its ``words``, folded, in each way
    that it can be read, and the digests of its pieces that are ``files`` and of those that are
    ``images``. ``marked`` says whether it is a page that shows an element of the class, and ``unread``
    why the file could not be read, if it could not."""

    words: tuple[str, ...]
    files: tuple[str, ...] = ()
    images: tuple[str, ...] = ()
    marked: bool = False
    unread: str = ""

    def packed(self) -> tuple[str, bytes]:
        """The digests and the words as they are kept. A folded word holds no line end."""
        digests = json.dumps([self.files, self.images, self.marked, self.unread])
        return digests, _zipped("\n".join(self.words))

    @classmethod
    def unpacked(cls, digests: str, words: bytes) -> FileWords:
        """The inverse of ``packed``."""
        files, images, marked, unread = json.loads(digests)
        return cls(_parts(_unzipped(words)), tuple(files), tuple(images), marked, unread)


@dataclass(frozen=True)
class Shown:
    """The public content of a place: its ``words`` in all the forms that a page may have them in,
    folded, those of its ``lines`` that are short enough to be pieces of others, as runs, and the
    ``drawings`` (SVG, by their paths) that it refers to."""

    words: tuple[str, ...]
    lines: tuple[str, ...] = ()
    drawings: tuple[str, ...] = ()


@dataclass
class VerifyMemory:
    """The record of the files that were searched, for which secrets, and that held nothing private.

    ``files`` maps a name to the file's state (its stat, or the fingerprint of a piece of the index) and
    its excuses; ``places`` maps each of these to the place that shows it and the stat of that.
    ``basis`` is a fingerprint of all that the secrets were made from.
    """

    secrets: frozenset[str] = frozenset()
    meant: frozenset[str] = frozenset()
    basis: str = ""
    files: dict[str, tuple[str, list[PublicMatch]]] = field(default_factory=dict)
    places: dict[PublicMatch, tuple[str, Any]] = field(default_factory=dict)


class VerifyStore:
    """The tables in the file ``path`` (in memory alone for None), used as a context manager."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._connection = tables.opened(path, _SCHEMA) if path else tables.in_memory(_SCHEMA)
        self._looks: dict[str, Look | None] | None = None
        self._kept = VerifyMemory()

    def __enter__(self) -> VerifyStore:
        self._connection.execute("BEGIN")
        return self

    def __exit__(self, *_: object) -> None:
        try:
            with contextlib.closing(self._connection):
                self._connection.execute("COMMIT")
        except sqlite3.Error as error:
            if self._path:
                cannot_keep(self._path, error)

    def known(self, meant: frozenset[str]) -> VerifyMemory:
        """The remembered results; none if less is ``meant`` to be public than was then."""
        try:
            about = dict(self._connection.execute("SELECT name, value FROM about"))
            before = frozenset(json.loads(about["meant"]))
            if not meant.issuperset(before):
                return VerifyMemory(meant=meant)
            places = {
                (kind, found): (place, json.loads(stat))
                for kind, found, place, stat in self._connection.execute("SELECT * FROM excuse")
            }
            files = {
                name: (state, [(kind, found) for kind, found in json.loads(excuses)])
                for name, state, excuses in self._connection.execute("SELECT * FROM file")
            }
            if any(excuse not in places for _, own in files.values() for excuse in own):
                return VerifyMemory(meant=meant)
            secrets = frozenset(json.loads(about["secrets"]))
            self._kept = VerifyMemory(secrets, meant, about["basis"], dict(files), dict(places))
            return VerifyMemory(secrets, meant, about["basis"], files, places)
        except (sqlite3.Error, ValueError, LookupError, TypeError):
            return VerifyMemory(meant=meant)

    def basis(self) -> str:
        """The fingerprint of what the secrets were made from that were searched for last; empty where
        any was found, or nothing is known."""
        with contextlib.suppress(sqlite3.Error):
            query = "SELECT value FROM about WHERE name = 'basis'"
            return str((self._connection.execute(query).fetchone() or [""])[0])
        return ""

    def keep(self, memory: VerifyMemory) -> None:
        """Keep ``memory`` for the next search, in place of what was known."""
        execute, many, before = (
            self._connection.execute,
            self._connection.executemany,
            self._kept,
        )
        about = {
            "secrets": json.dumps(sorted(memory.secrets)),
            "meant": json.dumps(sorted(memory.meant)),
            "basis": memory.basis,
        }
        with self._tolerant():
            many("INSERT OR REPLACE INTO about VALUES (?, ?)", about.items())
            if not before.files:
                execute("DELETE FROM file")
                execute("DELETE FROM excuse")
            gone = before.files.keys() - memory.files.keys()
            many("DELETE FROM file WHERE name = ?", ((name,) for name in gone))
            many("DELETE FROM words WHERE name = ?", ((name,) for name in gone))
            many(
                "INSERT OR REPLACE INTO file VALUES (?, ?, ?)",
                (
                    (name, one[0], json.dumps(one[1]))
                    for name, one in memory.files.items()
                    if before.files.get(name) != one
                ),
            )
            lost = before.places.keys() - memory.places.keys()
            many("DELETE FROM excuse WHERE kind = ? AND found = ?", lost)
            many(
                "INSERT OR REPLACE INTO excuse VALUES (?, ?, ?, ?)",
                (
                    (*excuse, place, json.dumps(stat))
                    for excuse, (place, stat) in memory.places.items()
                    if before.places.get(excuse) != (place, stat)
                ),
            )

    def words_of(self, name: str, state: str) -> FileWords | None:
        """The kept words of ``name`` in the ``state`` that it is in; None where there are none."""
        try:
            row = self._connection.execute(
                "SELECT digests, words FROM words WHERE name = ? AND state = ?", (name, state)
            ).fetchone()
            return FileWords.unpacked(*row) if row else None
        except (sqlite3.Error, ValueError, TypeError, zlib.error):
            return None

    def keep_words(self, name: str, state: str, words: FileWords) -> None:
        """Keep the ``words`` of ``name``."""
        with self._tolerant():
            self._connection.execute(
                "INSERT OR REPLACE INTO words VALUES (?, ?, ?, ?)", (name, state, *words.packed())
            )

    def shown(self, place: str, state: str, read: Callable[[], Shown]) -> Shown:
        """The text that the public ``place`` shows in the ``state`` that it is in: as it is kept, or
        else as it is ``read``."""
        query = "SELECT drawings, shown FROM shown WHERE place = ? AND state = ?"
        try:
            if row := self._connection.execute(query, (place, state)).fetchone():
                words, lines = _unzipped(row[1]).split("\0")
                return Shown(_parts(words), _parts(lines), tuple(json.loads(row[0])))
        except (sqlite3.Error, ValueError, TypeError, zlib.error):
            pass
        found = read()
        packed = _zipped("\0".join("\n".join(part) for part in (found.words, found.lines)))
        with self._tolerant():
            self._connection.execute(
                "INSERT OR REPLACE INTO shown VALUES (?, ?, ?, ?)",
                (place, state, json.dumps(found.drawings), packed),
            )
        return found

    @property
    def looks(self) -> dict[str, Look | None]:
        """The looks of images by their digests; None of what has none."""
        if self._looks is None:
            self._looks = {}
            with self._tolerant():
                for name, bits, ratio in self._connection.execute("SELECT * FROM look"):
                    self._looks[name] = Look(int(bits, 16), ratio) if bits else None
        return self._looks

    def keep_look(self, digest: str, look: Look | None) -> None:
        """Keep the ``look`` of the image with this ``digest``."""
        if digest in self.looks:
            return
        self.looks[digest] = look
        row = (digest, f"{look.bits:x}" if look else "", look.ratio if look else 0.0)
        with self._tolerant():
            self._connection.execute("INSERT OR REPLACE INTO look VALUES (?, ?, ?)", row)

    @contextlib.contextmanager
    def _tolerant(self) -> Iterator[None]:
        """Go on where nothing can be kept: all of it can be worked out again."""
        try:
            yield
        except sqlite3.Error as error:
            if self._path:
                cannot_keep(self._path, error)


def _zipped(text: str) -> bytes:
    return zlib.compress(text.encode("utf-8", "surrogatepass"), _LEVEL)


def _unzipped(data: bytes) -> str:
    return zlib.decompress(data).decode("utf-8", "surrogatepass")


def _parts(text: str) -> tuple[str, ...]:
    return tuple(text.split("\n")) if text else ()
