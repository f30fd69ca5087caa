"""The pages of a journal as the rules see them: which files are pages, what each has to link to, and
where an address on it leads."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path, PurePosixPath
from urllib.parse import unquote

from weeknotes.checks.anchors import numbered
from weeknotes.checks.file_facts import FileFacts
from weeknotes.engines.page import PageReading
from weeknotes.journal.project import Project
from weeknotes.privacy.private_files import Whole
from weeknotes.site.data.addresses import file_names

#: Addresses of other sites, and of what is no file. A letter alone before the colon is a drive.
ELSEWHERE = re.compile(r"(?!file:)[a-z][a-z0-9+.-]+:|//", re.I)
#: Addresses of files on one machine.
ON_MACHINE = re.compile(r"file:|[a-z]:[\\/]|\\\\", re.I)
#: Pages that a build makes beside those of the sources.
_DERIVED = re.compile(
    r"(?:(?:index|weeks|papers|topics|figures|record|waiting|new|digests|404)(?:-[\w-]+)?\.html"
    r"|feed\.xml|sitemap\.xml|card\.png|topics/[^/]+\.html)"
)
_PAGE_SUFFIXES = (".ipynb", ".qmd", ".md")
_MADE = re.compile(r"references|footnotes|refs|fn(?:ref)?\d+|cell-.+|cb\d+(?:-\d+)?")


class Pages:
    """Answers about the pages of ``project``.

    ``sources`` are the facts of all that was read, ``names`` those of them that become pages; the
    others are parts that pages include. ``keys`` are the citation keys that resolve; ``readings`` what
    the renderer reads in the pages that it publishes: where a page has one, that decides.
    """

    def __init__(
        self,
        project: Project,
        sources: Mapping[str, FileFacts],
        names: frozenset[str],
        keys: frozenset[str],
        readings: Mapping[str, PageReading] | None = None,
    ) -> None:
        self.project = project
        self.sources = sources
        self.names = names
        self._keys = keys
        self._readings = readings or {}
        self._anchors: dict[str, frozenset[str]] = {}

    @cached_property
    def private(self) -> frozenset[str]:
        """The pages that are private as a whole, or drafts."""
        return frozenset(Whole(self.project).among(sorted(self.names)))

    @cached_property
    def _hosts(self) -> dict[str, list[str]]:
        hosts: dict[str, list[str]] = {}
        for name in self.sources:
            for part in self._parts(name)[1:]:
                hosts.setdefault(part, []).append(name)
        return hosts

    def hosts(self, source: str) -> list[str]:
        """The pages on which ``source`` is shown: itself, or those that include it."""
        if source in self.names:
            return [source]
        return [name for name in self._hosts.get(source, ()) if name in self.names] or [source]

    def _parts(self, source: str) -> list[str]:
        """``source`` and all that it includes."""
        found: list[str] = []
        waiting = [source]
        while waiting:
            name = waiting.pop()
            if name in found or name not in self.sources:
                continue
            found.append(name)
            for target, _, _ in self.sources[name].mentions.includes:
                if path := self.local(name, target):
                    waiting.append(path.relative_to(self.project.root).as_posix())
        return found

    def anchors(self, page: str) -> frozenset[str]:
        """The anchors on a page that links can lead to, including those of files that the page
        includes."""
        if page not in self._anchors and (reading := self._readings.get(page)):
            cited = {f"ref-{key}" for key in reading.cited}
            notes = {
                name
                for part in self._parts(page)
                for name in self.sources[part].mentions.anchors
                if name.startswith("[^")
            }
            self._anchors[page] = frozenset({*reading.anchors, *cited, *notes})
        if page not in self._anchors:
            mentions = [self.sources[name].mentions for name in self._parts(page)]
            own = {anchor for one in mentions for anchor in one.anchors}
            headings = [heading for one in mentions for heading in one.headings]
            # A heading gets a number where a label has its identifier already, too.
            taken = [name for name in dict.fromkeys(headings) if name in own]
            cited = {f"ref-{key}" for one in mentions for key, _, _ in one.cites}
            self._anchors[page] = frozenset(own | cited | numbered(headings + taken))
        return self._anchors[page]

    def has(self, page: str, anchor: str) -> bool:
        """Whether a page has ``anchor``; what the engines make by themselves is believed."""
        if anchor in self.anchors(page) or _MADE.fullmatch(anchor):
            return True
        front = self.sources[page].front
        return anchor.startswith("ref-") and "nocite" in front

    def resolves(self, page: str, label: str) -> bool:
        """Whether a cross-reference to ``label`` on a page leads to something that has a number."""
        reading = self._readings.get(page)
        return label in reading.labels if reading else self.has(page, label)

    def labels(self, page: str) -> frozenset[str]:
        """The labels that cross-references on a page can lead to."""
        reading = self._readings.get(page)
        return frozenset(reading.labels) if reading else self.anchors(page)

    def cites(self, page: str, key: str) -> bool:
        """Whether a page cites ``key``, as far as is known."""
        reading = self._readings.get(page)
        return key in reading.cited if reading else True

    def hidden(self, page: str) -> frozenset[str]:
        """The anchors in the private parts of a page."""
        return frozenset(
            anchor
            for name in self._parts(page)
            for anchor in self.sources[name].mentions.hidden_anchors
        )

    def local(self, source: str, target: str) -> Path | None:
        """The file that ``source`` calls ``target``; None where it is outside of the journal."""
        if ON_MACHINE.match(target):
            return None
        name = unquote(target.partition("#")[0].partition("?")[0])
        root = self.project.root
        base = root if name.startswith("/") else (root / source).parent
        path = Path(os.path.normpath(base / name.lstrip("/")))
        return path if path.is_relative_to(root) else None

    def page_at(self, path: Path) -> str | None:
        """The source of the page that a link to ``path`` leads to."""
        name = PurePosixPath(path.relative_to(self.project.root).as_posix())
        options = [name]
        if name.suffix == ".html":
            options += [name.with_suffix(suffix) for suffix in _PAGE_SUFFIXES]
        return next((str(option) for option in options if str(option) in self.names), None)

    def is_made(self, path: Path) -> bool:
        """Whether the site has something at ``path`` that is no file of the journal."""
        name = path.relative_to(self.project.root).as_posix()
        if name == "." or _DERIVED.fullmatch(name):
            return True
        return name in self._paper_pages

    def is_published(self, path: Path) -> bool:
        """Whether a file that is there is published when a page links to it: a folder and the source
        of no page are not."""
        return path.is_file() and path.suffix not in _PAGE_SUFFIXES

    @cached_property
    def _paper_pages(self) -> frozenset[str]:
        return frozenset(f"papers/{name}.html" for name in file_names(self._keys).values())
