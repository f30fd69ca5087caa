"""The report of an import, or of a dry run: counts, decisions, and everything that a person should
look at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Remark:
    """Something about a line of a source; ``line`` counts from 1, 0 where it is about the file."""

    source: str
    line: int
    text: str

    def __str__(self) -> str:
        return (
            f"{self.source}:{self.line}: {self.text}"
            if self.line
            else f"{self.source}: {self.text}"
        )


@dataclass(frozen=True)
class Recognised:
    """The format that a source is taken to be of: how sure that is ("sure", "likely" or "a guess"),
    and why."""

    source: str
    format: str
    sure: str
    why: str

    def __str__(self) -> str:
        return f"{self.source}: {self.format}, {self.sure}: {self.why}"


@dataclass(frozen=True)
class PageResult:
    """A notebook that an import made, changed or left alone.

    ``state`` is new, changed, unchanged, removed (its notes are on another page now) or refused (a
    page that exists, without ``--merge``). ``added``, ``updated``, ``removed`` and ``kept`` count
    cells: new ones, ones whose source changed, ones that their source has no longer, and ones that
    their author has changed since and that were left alone.
    """

    path: str
    kind: str
    source: str
    state: str
    week: str = ""
    notes: int = 0
    added: int = 0
    updated: int = 0
    removed: int = 0
    kept: int = 0


@dataclass
class ImportReport:
    """The result of `importers.run`. ``ok`` says whether all that was asked for was done."""

    dry_run: bool = False
    sources: list[Recognised] = field(default_factory=list)
    pages: list[PageResult] = field(default_factory=list)
    decisions: list[Remark] = field(default_factory=list)
    cleaned: list[Remark] = field(default_factory=list)
    leftover: list[Remark] = field(default_factory=list)
    no_address: list[Remark] = field(default_factory=list)
    missing_images: list[Remark] = field(default_factory=list)
    undated: list[Remark] = field(default_factory=list)
    left_alone: list[Remark] = field(default_factory=list)
    skipped: list[Remark] = field(default_factory=list)
    unrecognised: list[Remark] = field(default_factory=list)
    failed: list[Remark] = field(default_factory=list)
    papers_new: list[str] = field(default_factory=list)
    papers_known: list[str] = field(default_factory=list)
    images: dict[str, int] = field(
        default_factory=lambda: {"copied": 0, "known": 0, "missing": 0, "remote": 0}
    )
    links: int = 0

    @property
    def ok(self) -> bool:
        """Whether all that was asked for was done: nothing failed, no page was refused, and where
        files are of no known format, at least one other was recognised."""
        nothing = bool(self.unrecognised) and not self.sources
        refused = any(page.state == "refused" for page in self.pages)
        return not (self.failed or refused or nothing)

    def count(self, kind: str) -> int:
        """The number of pages of ``kind`` that were made, changed, or already up to date."""
        gone = ("refused", "removed")
        # Several sources may share a page.
        return len({p.path for p in self.pages if p.kind == kind and p.state not in gone})

    @property
    def notes(self) -> int:
        """The number of notes on all pages that were not refused."""
        return sum(page.notes for page in self.pages if page.state != "refused")

    def to_dict(self) -> dict[str, Any]:
        """The report as plain JSON values."""
        return {
            "dry_run": self.dry_run,
            "ok": self.ok,
            "sources": [vars(found) for found in self.sources],
            "counts": {
                "sources": len(self.sources),
                "weeks": self.count("week"),
                "digests": self.count("digest"),
                "pages": self.count("page"),
                "notes": self.notes,
                "papers": {"new": len(self.papers_new), "known": len(self.papers_known)},
                "images": dict(self.images),
                "links": self.links,
                "decisions": len(self.decisions),
                "cleaned": len(self.cleaned),
                "leftover": len(self.leftover),
            },
            "pages": [vars(page) for page in self.pages],
            "papers": {"new": list(self.papers_new), "known": list(self.papers_known)},
        } | {name: [vars(r) for r in remarks] for name, remarks in self._remarks().items()}

    def to_text(self) -> str:
        """The report for a person to read: what became of each source, then what needs a look."""
        lines = [*self._page_lines(), "", *self._format_lines(), ""]
        if self.sources or self.pages:
            lines.append(self._summary())
        elif self.unrecognised or self.skipped:
            lines.append("Nothing was imported.")
        headings = {
            "decisions": "Decisions about dates and sections",
            "cleaned": "Taken out, for safety",
            "leftover": "Found no place, and are in a cell of their own",
            "no_address": "Titles without an address: notes without a citation",
            "missing_images": "Images that are not there (each has a placeholder)",
            "undated": "Of no day: in journal/undated, until something dates them",
            "left_alone": "Left as you have them",
            "skipped": "Nothing in them to import",
            "unrecognised": "Not imported, since their format is not known",
            "failed": "Could not be imported",
        }
        for name, remarks in self._remarks().items():
            if remarks:
                lines += ["", f"{headings[name]}:", *(f"  {remark}" for remark in remarks)]
        return "\n".join(lines).lstrip("\n") + "\n"

    def _remarks(self) -> Mapping[str, list[Remark]]:
        return {
            "decisions": self.decisions,
            "cleaned": self.cleaned,
            "leftover": self.leftover,
            "no_address": self.no_address,
            "missing_images": self.missing_images,
            "undated": self.undated,
            "left_alone": self.left_alone,
            "skipped": self.skipped,
            "unrecognised": self.unrecognised,
            "failed": self.failed,
        }

    def _page_lines(self) -> list[str]:
        words = {"new": "would be made" if self.dry_run else "made"}
        words |= {"changed": "would grow" if self.dry_run else "changed", "unchanged": "unchanged"}
        words["refused"] = "exists and was not touched; --merge adds to it"
        words["removed"] = "would be removed" if self.dry_run else "removed"
        return [
            f"{page.path}  {words[page.state]}, {_many(page.notes, 'note')}"
            + (
                f", {_many(page.added, 'cell')} added"
                if page.state == "changed" and page.added
                else ""
            )
            + (f", {_many(page.updated, 'cell')} brought up to date" if page.updated else "")
            + (f", {_many(page.removed, 'cell')} taken out" if page.removed else "")
            + f"  ({page.source})"
            for page in self.pages
        ]

    def _format_lines(self) -> list[str]:
        """The formats of the sources: one line for all that are sure to be of one, and a line for
        each other source."""
        sure: dict[str, list[Recognised]] = {}
        for found in self.sources:
            if found.sure == "sure":
                sure.setdefault(found.format, []).append(found)
        lines = []
        for form, alike in sure.items():
            more = f" and {len(alike) - 1} more" if len(alike) > 1 else ""
            lines.append(f"Format {form}, sure: {alike[0].source} ({alike[0].why}){more}")
        unsure = [found for found in self.sources if found.sure != "sure"]
        return lines + [
            f"Format {found.format}, {found.sure}: {found.source} ({found.why})" for found in unsure
        ]

    def _summary(self) -> str:
        made = [
            _many(self.count("week"), "week"),
            _many(self.count("digest"), "digest"),
            *([_many(self.count("page"), "page")] if self.count("page") else []),
            _many(self.notes, "note"),
            f"{_many(len(self.papers_new), 'new paper')} and {len(self.papers_known)} known",
            f"images: {self.images['copied']} copied, {self.images['known']} already here, "
            f"{self.images['missing']} missing, {self.images['remote']} remote",
            _many(self.links, "link"),
            _many(len(self.decisions), "decision"),
            f"{len(self.cleaned)} cleaned",
        ]
        return f"{_many(len(self.sources), 'source')}: {'; '.join(made)}."


def _many(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"
