"""The pages of a build, as composing and searching ask for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from weeknotes.files import stat_of
from weeknotes.journal.project import Project
from weeknotes.journal.records import Note
from weeknotes.site.data.page_records import PageRecord
from weeknotes.site.store.freshness import library_of
from weeknotes.site.store.state import PageStore


class BuiltSite:
    """The pages of a build, as composing and searching ask for them (`pages.Site`)."""

    def __init__(self, project: Project, engine: str, store: PageStore) -> None:
        # A site is of one moment, within a build or not.
        self.project = project if project.memo is not None else project.for_a_build()
        self.engine = engine
        self.library_fingerprint = store.library_fingerprint
        records = [state.record for state in store.sources.values() if state.record]
        self.pages: Sequence[PageRecord] = sorted(records, key=_page_order)
        self._store = store
        self._by_href = {record.href: record for record in records}
        #: Modification time (ns) and size of a file that pages show, asked for once.
        self.stat = lru_cache(maxsize=None)(stat_of)
        self._parsed = lru_cache(maxsize=1024)(self._parse)

    def body(self, href: str) -> str:
        """The HTML below the title of the page at ``href``."""
        return self._store.body_path(self._by_href[href].source).read_text(encoding="utf-8")

    def meta(self, href: str) -> dict[str, Any]:
        """The front matter of the page at ``href`` over the project's defaults."""
        return self._store.sources[self._by_href[href].source].meta

    def notes(self, href: str) -> tuple[Note, ...]:
        """The notes of the page at ``href``, in order."""
        return self._parsed(href)[0]

    def opening(self, href: str) -> str:
        """The plain text of the page at ``href`` that is in none of its notes."""
        return self._parsed(href)[1]

    def assets(self, href: str) -> Mapping[str, str]:
        """The local files that the page at ``href`` refers to: site path → absolute source path."""
        return self._store.sources[self._by_href[href].source].assets

    def library(self) -> Mapping[str, dict[str, Any]]:
        """The library: CSL-JSON entries by citation key."""
        return library_of(self.project)

    def _parse(self, href: str) -> tuple[tuple[Note, ...], str]:
        from weeknotes.journal import notes

        known = self._store.parsed.get(self._by_href[href].source)
        found = known or notes.read(self.body(href))
        return found.notes, found.opening


def _page_order(record: PageRecord) -> tuple[int, str, str]:
    """Weeks first, newest first; then the others, newest first by date."""
    newest_first = "".join(chr(0x10FFFF - ord(c)) for c in (record.week or record.date))
    return (0 if record.kind == "week" else 1, newest_first, record.source)
