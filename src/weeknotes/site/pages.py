"""The records that the site is made of: pages as an engine gives them, and what a build knows of them.

An engine turns a source into a `Page`. What the derived pages and the search need is kept small in a
`PageRecord`; a page's HTML is read back only where it is used.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from weeknotes.project import Project
    from weeknotes.records import Note, NoteRecord


@dataclass(frozen=True)
class PageWarning:
    """Something about a source that its author should know, though the page could be made.

    ``problem`` is true where the page is not what its author meant (a citation that nothing answers
    to, a missing image): the command then ends with exit code 1.
    """

    message: str
    file: str
    cell: int | None = None
    line: int | None = None
    hint: str | None = None
    problem: bool = False

    def __str__(self) -> str:
        where = ", ".join(
            [self.file]
            + ([f"cell {self.cell}"] if self.cell is not None else [])
            + ([f"line {self.line}"] if self.line is not None else [])
        )
        text = f"{where}: {self.message}"
        return f"{text}\n  {self.hint}" if self.hint else text


@dataclass(frozen=True)
class Page:
    """One rendered source, in the form that both engines share.

    ``source`` and ``href`` are POSIX paths from the project's root and from the site's root. ``meta``
    is the front matter over the project's defaults, as plain JSON values. ``body`` is the HTML below
    the title. ``assets`` maps the site path of each local file that the body refers to, to the
    absolute path of that file. ``dependencies`` are the absolute paths of whatever else the page was
    made from, or would have been had it existed: included files, folders' metadata, missing images.
    """

    source: str
    href: str
    meta: dict[str, Any]
    body: str
    assets: dict[str, str] = field(default_factory=dict)
    dependencies: tuple[str, ...] = ()
    warnings: tuple[PageWarning, ...] = ()


@dataclass(frozen=True)
class PageRecord:
    """What a build remembers of a page without its HTML.

    ``kind`` is "week", "digest" or "page"; ``week`` is an ISO 8601 week such as "2026-W47" and
    ``start`` and ``end`` its Monday and Sunday as ISO dates, all empty for other pages.
    ``fingerprint`` changes whenever the body, the metadata or a cited library entry changes.
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


@dataclass(frozen=True)
class Artifact:
    """A file of the site: made anew only when ``inputs``, the fingerprint of what it is made from,
    differs from that of the last build."""

    href: str
    inputs: str
    make: Callable[[], bytes]


class Site(Protocol):
    """What composing and searching may ask of a build."""

    project: Project
    engine: str
    pages: Sequence[PageRecord]
    library_fingerprint: str

    def body(self, href: str) -> str:
        """The HTML below the title of the page at ``href``."""

    def notes(self, href: str) -> tuple[Note, ...]:
        """The notes of the page at ``href``, in order."""

    def opening(self, href: str) -> str:
        """The plain text of the page at ``href`` that stands in none of its notes."""

    def assets(self, href: str) -> Mapping[str, str]:
        """The local files that the page at ``href`` refers to: site path → absolute source path."""

    def library(self) -> Mapping[str, dict[str, Any]]:
        """The library: CSL-JSON entries by citation key."""
