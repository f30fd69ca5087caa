"""The store of rendered pages, by which a build makes again only what has changed.

It is under ``.weeknotes/site/<engine>/`` and may be deleted at any time: the next build then makes
everything. ``pages.json`` holds what is known of each source, ``bodies/`` the rendered HTML, and
``output-*.json`` what was last written to an output folder, ``spare-*`` the site that this replaced.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from weeknotes.engines.page import Page, PageWarning
from weeknotes.files import write_cache
from weeknotes.journal.records import NoteRecord
from weeknotes.site.data.page_records import PageRecord

if TYPE_CHECKING:
    from weeknotes.journal.notes import PageNotes

_FORMAT = 3


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

    @classmethod
    def load(cls, folder: Path) -> PageStore:
        """The store in ``folder``; an empty one where nothing usable is there."""
        store = cls(folder)
        data = _read_json(folder / "pages.json")
        if data.get("format") != _FORMAT:
            return store
        try:
            store.sources = {name: _source_from(value) for name, value in data["sources"].items()}
            store.basis = data["basis"]
            store.library_stat = data["library_stat"]
            store.library_fingerprint = data["library_fingerprint"]
        except (KeyError, TypeError, ValueError, AttributeError):
            return cls(folder)
        store.changed = False
        return store

    def save(self) -> None:
        """Keep everything for the next build, where anything has changed."""
        if not self.changed:
            return
        data = {
            "format": _FORMAT,
            "basis": self.basis,
            "library_stat": self.library_stat,
            "library_fingerprint": self.library_fingerprint,
            "sources": {name: _source_to(value) for name, value in self.sources.items()},
        }
        _write_json(self.folder / "pages.json", data)
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


def load_output(folder: Path, output: Path) -> dict[str, Any]:
    """The record of what was last written to ``output``: ``site`` (its fingerprint) and ``files``,
    a mapping of href to [inputs, stat]."""
    data = _read_json(output_path(folder, output))
    files = data.get("files")
    entries = files.values() if isinstance(files, dict) else [None]
    fine = all(isinstance(entry, list) and len(entry) == 2 for entry in entries)
    known = data.get("format") == _FORMAT and "site" in data and fine
    return data if known else {"site": "", "files": {}}


def save_output(folder: Path, output: Path, site: str, files: Mapping[str, Any]) -> None:
    """Remember what was written to ``output``."""
    _write_json(output_path(folder, output), {"format": _FORMAT, "site": site, "files": files})


def searched_path(folder: Path, output: Path) -> Path:
    """The file that records which files of ``output`` were searched for private content."""
    return folder / f"searched-{digest(str(output))[:12]}.json"


def spare_path(folder: Path, output: Path) -> Path:
    """The folder of the site that the one in ``output`` has replaced."""
    return folder / f"spare-{digest(str(output))[:12]}"


def output_path(folder: Path, output: Path) -> Path:
    """The file that records what was last written to ``output``."""
    return folder / f"output-{digest(str(output))[:12]}.json"


def _read_json(path: Path) -> dict[str, Any]:
    try:
        data = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    return data if isinstance(data, dict) else {}


def _write_json(path: Path, data: Mapping[str, Any]) -> None:
    write_cache(path, json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode())


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
        notes = tuple(
            NoteRecord(
                note["anchor"],
                note["kind"],
                note["title"],
                tuple(note["papers"]),
                tuple(note["cites"]),
                tuple(note["tags"]),
                tuple(note["links"]),
            )
            for note in record["notes"]
        )
        record = PageRecord(
            **{
                **record,
                "notes": notes,
                "tags": tuple(record["tags"]),
                "categories": tuple(record["categories"]),
                "counts": tuple((name, n) for name, n in record["counts"]),
            }
        )
    warnings = [PageWarning(**warning) for warning in data["warnings"]]
    return SourceState(**{**data, "record": record, "warnings": warnings})
