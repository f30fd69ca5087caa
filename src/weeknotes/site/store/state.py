"""The store of rendered pages, by which a build makes again only what has changed.

It is under ``.weeknotes/site/<engine>/`` and may be deleted at any time: the next build then makes
everything. ``pages.sqlite`` holds what is known of each source, ``bodies/`` the rendered HTML, and
``output-*.json`` what was last written to an output folder (`written_files`), ``spare-*`` the site that
this replaced.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import sqlite3
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from weeknotes.engines.page import Page, PageWarning
from weeknotes.files import write_cache
from weeknotes.journal.records import NoteRecord
from weeknotes.site.data.page_records import PageRecord
from weeknotes.site.store import tables

if TYPE_CHECKING:
    from weeknotes.journal.notes import PageNotes

Filled = TypeVar("Filled")

#: Of what is remembered of pages and files. Pages that Quarto rendered outlive a change of the code.
_FORMAT = "4"
#: The file that holds what is known of each source.
PAGES = "pages.sqlite"
_PAGES = """
CREATE TABLE source (name TEXT PRIMARY KEY, state TEXT) WITHOUT ROWID;
CREATE TABLE basis (basis TEXT, library_stat TEXT, library_fingerprint TEXT)"""


def digest(*parts: bytes | str) -> str:
    """A fingerprint of ``parts``, in their order."""
    state = hashlib.blake2b(digest_size=16)
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        state.update(len(data).to_bytes(8, "little"))
        state.update(data)
    return state.hexdigest()


@dataclass
class SourceState:
    """The stored facts of one source.

    ``stat`` is [mtime in ns, size], or None where a change could hide behind it; ``sha`` the
    fingerprint of its bytes; ``dependencies`` maps other files to their stat, None where there is
    none; ``cited`` maps the citation keys to the fingerprints of their library entries; ``error`` is
    the message of a source that could not be rendered.
    """

    stat: list[int] | None = None
    sha: str = ""
    dependencies: dict[str, list[int] | None] = field(default_factory=dict)
    cited: dict[str, str] = field(default_factory=dict)
    record: PageRecord | None = None
    meta: dict[str, Any] = field(default_factory=dict)
    assets: dict[str, str] = field(default_factory=dict)
    warnings: list[PageWarning] = field(default_factory=list)
    error: str = ""


class PageStore:
    """The rendered pages of one engine, on disk."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.work = folder / "work"
        self.basis = ""
        self.library_stat: list[int] | None = None
        self.library_fingerprint = ""
        self.sources: dict[str, SourceState] = {}
        #: Notes parsed in this build already; not kept on disk.
        self.parsed: dict[str, PageNotes] = {}
        #: Whether files of earlier pages may be there, which go when the store is saved.
        self.outdated = False
        #: Whether anything here is not on disk yet.
        self.changed = True
        self._kept: dict[str, SourceState] = {}
        self._touched: set[str] = set()

    @classmethod
    def load(cls, folder: Path) -> PageStore:
        """The store in ``folder``; an empty one where nothing usable is there."""
        store = cls(folder)
        if not store._path.exists():
            return store
        connection = tables.opened(store._path, _PAGES, _FORMAT)
        try:
            with contextlib.closing(connection):
                rows = connection.execute("SELECT name, state FROM source ORDER BY name").fetchall()
                basis = connection.execute("SELECT * FROM basis").fetchone()
            if basis is None:
                return store
            store.sources = {name: _source_from(json.loads(value)) for name, value in rows}
            store.basis, stat, store.library_fingerprint = basis
            store.library_stat = json.loads(stat)
        except (sqlite3.Error, KeyError, TypeError, ValueError, AttributeError):
            return cls(folder)
        store._kept = dict(store.sources)
        store.changed = False
        return store

    @property
    def _path(self) -> Path:
        return self.folder / PAGES

    def touch(self, name: str) -> None:
        """Say that what is known of the source ``name`` has changed in place."""
        self._touched.add(name)
        self.changed = True

    def save(self) -> None:
        """Keep everything for the next build, where anything has changed. Raises OSError."""
        if not self.changed:
            return
        gone = [(name,) for name in self._kept if name not in self.sources]
        rows = [
            (name, json.dumps(_source_to(state), ensure_ascii=False, separators=(",", ":")))
            for name, state in self.sources.items()
            if name in self._touched or self._kept.get(name) is not state
        ]
        connection = tables.opened(self._path, _PAGES, _FORMAT)
        with contextlib.closing(connection), tables.transaction(connection, self._path):
            if not self._kept:
                connection.execute("DELETE FROM source")
            connection.executemany("DELETE FROM source WHERE name = ?", gone)
            connection.executemany("INSERT OR REPLACE INTO source VALUES (?, ?)", rows)
            connection.execute("DELETE FROM basis")
            connection.execute(
                "INSERT INTO basis VALUES (?, ?, ?)",
                (self.basis, json.dumps(self.library_stat), self.library_fingerprint),
            )
        self._kept = dict(self.sources)
        self._touched.clear()
        self.changed = False
        if self.outdated:
            self._sweep()

    def body_path(self, source: str) -> Path:
        """The file of the rendered HTML of ``source``, as it was last stored."""
        record = self.sources[source].record
        assert record is not None
        return self._body_path(source, record.fingerprint)

    def put_body(self, page: Page, fingerprint: str) -> None:
        """Keep a page's HTML, known by ``fingerprint``. What is there of an earlier one stays until the
        store is saved: a build that is cut off before then has changed nothing for the next."""
        self.outdated = True
        path = self._body_path(page.source, fingerprint)
        if not path.exists():
            write_cache(path, page.body.encode())

    def _body_path(self, source: str, fingerprint: str) -> Path:
        return self.folder / "bodies" / f"{digest(source, fingerprint)}.html"

    def _sweep(self) -> None:
        """Remove the bodies and figures that no page has any more."""
        pages = {name: state for name, state in self.sources.items() if state.record}
        kept = {str(self.body_path(name)) for name in pages}
        kept.update(path for state in pages.values() for path in state.assets.values())
        for folder in (self.folder / "bodies", self.work):
            with contextlib.suppress(OSError):
                for entry in os.scandir(folder):
                    if entry.is_dir():
                        shutil.rmtree(entry.path)  # of an earlier version
                    elif entry.path not in kept:
                        os.unlink(entry.path)  # noqa: PTH108 (a Path of each takes longer)


def searched_path(folder: Path, output: Path) -> Path:
    """The file that records which files of ``output`` were searched for private content."""
    return folder / f"searched-{digest(str(output))[:12]}.sqlite"


def _source_to(state: SourceState) -> dict[str, Any]:
    # Not dataclasses.asdict: it copies deeply, which takes longer than the rest of a small build.
    record = None
    if state.record:
        record = {**vars(state.record), "notes": [vars(note) for note in state.record.notes]}
    warnings = [vars(warning) for warning in state.warnings]
    return {**vars(state), "record": record, "warnings": warnings}


def _source_from(data: dict[str, Any]) -> SourceState:
    record = data["record"]
    if record is not None:
        for note in record["notes"]:
            for name in ("papers", "cites", "tags", "links"):
                note[name] = tuple(note[name])
        record["notes"] = tuple(_filled(NoteRecord, note) for note in record["notes"])
        for name in ("tags", "categories"):
            record[name] = tuple(record[name])
        record["counts"] = tuple((name, n) for name, n in record["counts"])
        data["record"] = _filled(PageRecord, record)
    data["warnings"] = [PageWarning(**warning) for warning in data["warnings"]]
    return SourceState(**data)


def _filled(kind: type[Filled], values: dict[str, Any]) -> Filled:
    """A frozen record with all the ``values`` of its fields. Its own constructor sets them one by one,
    which takes three times as long; there are thousands of notes."""
    made = object.__new__(kind)
    made.__dict__.update(values)
    return made
