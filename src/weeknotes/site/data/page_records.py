"""The records that the site is made of.

What the derived pages and the search need of a rendered page is kept small in a `PageRecord`; the HTML
of a page is read back only where it is used.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from weeknotes.journal.project import Project
    from weeknotes.journal.records import Note, NoteRecord


@dataclass(frozen=True)
class PageRecord:
    """A page without its HTML, as a build remembers it.

    ``kind`` is "week", "digest" or "page"; ``week`` is an ISO 8601 week such as "2026-W47" and
    ``start`` and ``end`` its Monday and Sunday as ISO dates, all empty for other pages.
    ``date`` is an ISO date as far as it is certain, and ``date_written`` what the author wrote, where
    the date does not say all of that.
    ``title`` is in plain words, ``title_html`` what the heading holds, empty where it is the same.
    ``digest`` is the form of a digest that was made ("list", "votes", ...), empty for pages that
    somebody wrote, and ``counts`` how many papers of each category it shows. ``fingerprint``
    changes whenever the body, the metadata or a cited library entry changes.
    """

    source: str
    href: str
    kind: str
    title: str
    week: str
    start: str
    end: str
    date: str
    lang: str
    categories: tuple[str, ...]
    tags: tuple[str, ...]
    notes: tuple[NoteRecord, ...]
    open_tasks: int
    done_tasks: int
    fingerprint: str
    digest: str = ""
    counts: tuple[tuple[str, int], ...] = ()
    title_html: str = ""
    date_written: str = ""

    @property
    def label(self) -> tuple[str, ...]:
        """Everything that other pages show where they name this one: part of the inputs of each."""
        return (
            self.href,
            self.kind,
            self.title,
            self.week,
            self.start,
            self.end,
            self.date,
            self.date_written,
            self.lang,
        )


class Artifact(Protocol):
    """A file of the site: made again only when ``inputs``, the fingerprint of what it is made from,
    differs from that of the last build."""

    @property
    def href(self) -> str:
        """The site-relative path of the file."""

    @property
    def inputs(self) -> str:
        """The fingerprint of what the file is made from."""

    def make(self) -> bytes:
        """The file's content."""


@dataclass(frozen=True)
class FileArtifact:
    """An artifact whose content ``source`` gives: a copy of a file, a smaller image, a shard of the
    search."""

    href: str
    inputs: str
    source: Callable[[], bytes]

    def make(self) -> bytes:
        """The file's content."""
        return self.source()


class Site(Protocol):
    """The interface of a build for composing and searching."""

    project: Project
    engine: str
    pages: Sequence[PageRecord]
    library_fingerprint: str

    def body(self, href: str) -> str:
        """The HTML below the title of the page at ``href``."""

    def notes(self, href: str) -> tuple[Note, ...]:
        """The notes of the page at ``href``, in order."""

    def opening(self, href: str) -> str:
        """The plain text of the page at ``href`` that is in none of its notes."""

    def assets(self, href: str) -> Mapping[str, str]:
        """The local files that the page at ``href`` refers to: site path → absolute source path."""

    def stat(self, path: str, /) -> list[int] | None:
        """Modification time (ns) and size of the file at ``path``, asked for once a build."""

    def library(self) -> Mapping[str, dict[str, Any]]:
        """The library: CSL-JSON entries by citation key."""


def weeks_of(site: Site) -> list[PageRecord]:
    """The weeks of ``site`` that have days, newest first."""
    return [page for page in site.pages if page.kind == "week" and page.start]
