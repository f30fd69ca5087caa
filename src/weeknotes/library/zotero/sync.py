"""``weeknotes sync``: the journal's library brought up to date with Zotero.

What is written is written whole: first the local copy, then ``references.json``, then the citations
that follow a changed key (both keys resolve meanwhile), then ``references.bib``. Killed between any
two of them, the next sync does the rest.
"""

from __future__ import annotations

import contextlib
import difflib
import hashlib
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from weeknotes.files import locked
from weeknotes.journal.project import Project
from weeknotes.library import bibtex, citation_use
from weeknotes.library.store import Entry, Library, alone, as_it_is, dump
from weeknotes.library.zotero.client import Client, Connection, of_owner
from weeknotes.library.zotero.config import LibraryRef, ZoteroSettings
from weeknotes.library.zotero.config import settings as read_settings
from weeknotes.library.zotero.merge import Merged, merge
from weeknotes.library.zotero.mirror import Copy, Mirror
from weeknotes.library.zotero.pull import pull
from weeknotes.progress import Progress

_RULES = "3"
"""Counted up when the same items come to give other entries."""
_SHOWN = 20


@dataclass(frozen=True)
class Rename:
    """A citation key that Zotero has changed, and where the journal cites the old one."""

    old: str
    new: str
    places: tuple[str, ...]


@dataclass(frozen=True)
class SyncReport:
    """The result of a sync, or with ``dry_run`` of the sync that would be made. Lists hold citation
    keys; ``kept`` has the entries that Zotero no longer has but the journal cites, with the reason;
    ``rewritten`` the files whose citations were changed; ``diff`` the change of
    ``references.json``, for a dry run."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    kept: tuple[tuple[str, str], ...] = ()
    made: tuple[str, ...] = ()
    renames: tuple[Rename, ...] = ()
    rewritten: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    entries: int = 0
    requests: int = 0
    seconds: float = 0.0
    dry_run: bool = False
    diff: str = ""

    @property
    def changes(self) -> bool:
        """Whether the library changed, or would."""
        return bool(self.added or self.changed or self.removed or self.rewritten)

    def to_dict(self) -> dict[str, Any]:
        """The report as plain JSON values."""
        return {
            "added": list(self.added),
            "changed": list(self.changed),
            "removed": list(self.removed),
            "kept": [{"key": key, "reason": reason} for key, reason in self.kept],
            "made": list(self.made),
            "renames": [
                {"old": one.old, "new": one.new, "places": list(one.places)} for one in self.renames
            ],
            "rewritten": list(self.rewritten),
            "warnings": list(self.warnings),
            "entries": self.entries,
            "requests": self.requests,
            "seconds": round(self.seconds, 3),
            "dry_run": self.dry_run,
            "diff": self.diff,
        }

    def to_text(self) -> str:
        """The report for a person to read, without a newline at the end."""
        would = "Would be " if self.dry_run else ""
        lines = [self.diff.rstrip("\n")] if self.diff else []
        for word, keys in (
            ("added", self.added),
            ("changed", self.changed),
            ("removed", self.removed),
        ):
            if keys:
                lines.append(f"{(would + word).capitalize()} ({len(keys)}): {_listed(keys)}")
        if self.made:
            lines.append(f"Citation keys made ({len(self.made)}): {_listed(self.made)}")
        if self.kept:
            lines.append("Kept because the journal cites them, though no longer in Zotero:")
            lines += [f"  {key} ({reason})" for key, reason in self.kept]
        lines += self._rename_lines()
        lines += [f"Note: {warning}" for warning in self.warnings]
        if not self.changes:
            lines.append("Nothing has changed." if not self.dry_run else "Nothing would change.")
        lines.append(
            f"{self.entries} entries; {self.requests} requests to Zotero in {self.seconds:.1f} s"
        )
        return "\n".join(lines)

    def _rename_lines(self) -> list[str]:
        if not self.renames:
            return []
        if self.rewritten:
            head = f"Citations follow Zotero's new keys in {', '.join(self.rewritten)}:"
        else:
            head = (
                "Zotero has new citation keys. Both resolve until you change the citations with "
                "weeknotes sync --rename:"
            )
        lines = [head]
        for one in self.renames:
            lines.append(f"  {one.old} -> {one.new}")
            lines += [f"    {place}" for place in one.places]
        return lines


def _listed(keys: tuple[str, ...]) -> str:
    more = f" and {len(keys) - _SHOWN} more" if len(keys) > _SHOWN else ""
    return ", ".join(keys[:_SHOWN]) + more


def sync(
    project: Project,
    *,
    dry_run: bool = False,
    full: bool = False,
    rename: bool = False,
    progress: Progress | None = None,
    settings: ZoteroSettings | None = None,
    sleep: Callable[[float], None] = time.sleep,
    pause: float = 1.0,
    timeout: float = 60.0,
) -> SyncReport:
    """Bring ``references.json`` and ``references.bib`` up to date with Zotero.

    ``dry_run`` writes neither, ``full`` fetches everything anew, ``rename`` rewrites the citations of
    keys that were changed in Zotero. ``settings`` are the project's unless given; ``sleep``,
    ``pause`` and ``timeout`` (seconds) govern waiting and are there for tests. Raises WeeknotesError:
    ``references.json`` is then as it was, and what was fetched is kept for the next run.
    """
    started = time.perf_counter()
    settings = settings or read_settings(project)
    # Another sync would do the same: there is nothing to wait for.
    alone_syncing = locked(project.state / "zotero.lock", patience=0)
    with (
        alone_syncing,
        Mirror(project.state / "zotero.sqlite3") as mirror,
        Connection(settings, sleep=sleep, pause=pause, timeout=timeout) as connection,
    ):
        copies: list[tuple[LibraryRef, Copy]] = []
        for ref in settings.libraries:
            client = of_owner(Client(ref, connection))
            copies.append((client.ref, pull(client, mirror, full=full, progress=progress)))
        with contextlib.nullcontext() if dry_run else alone(project.state):
            report = as_it_is(
                lambda: _apply(project, mirror, copies, dry_run=dry_run, rename=rename)
            )
    return replace(
        report, requests=connection.requests, seconds=time.perf_counter() - started, dry_run=dry_run
    )


def _apply(
    project: Project,
    mirror: Mirror,
    copies: list[tuple[LibraryRef, Copy]],
    *,
    dry_run: bool,
    rename: bool,
) -> SyncReport:
    """Lay the copies over the library, and write what came of it."""
    bib = project.root / "references.bib"
    cited = citation_use.cited_keys(project)
    state = _fingerprint(project, copies, cited)
    if mirror.note("merged") == state and not rename:
        if not dry_run:
            bibtex.update(project.library_path, bib)
        standing = json.loads(mirror.note("standing"))
        return SyncReport(
            kept=tuple((key, reason) for key, reason in standing["kept"]),
            renames=_renames(standing["renames"], cited),
            warnings=tuple(standing["warnings"]),
            entries=standing["entries"],
        )
    library = Library.load(project.library_path)
    merged = merge(library.entries, copies, cited.keys(), rename=rename)
    rewritten: list[str] = []
    if not dry_run:
        after = library.with_entries(merged.entries.values())
        after.save()
        if rename and merged.renames:
            rewritten = citation_use.rewrite(project, merged.renames)
            cited = citation_use.cited_keys(project) if rewritten else cited
        bibtex.update(project.library_path, bib, merged.entries.values())
        mirror.keep("standing", _standing(merged, rename))
        mirror.keep("merged", _fingerprint(project, copies, cited))
    return SyncReport(
        added=tuple(merged.added),
        changed=tuple(merged.changed),
        removed=tuple(merged.removed),
        kept=tuple(sorted(merged.kept.items())),
        made=tuple(merged.made),
        renames=_renames(merged.renames, cited),
        rewritten=tuple(rewritten),
        warnings=tuple(merged.warnings),
        entries=len(merged.entries),
        diff=library_diff(library.entries, merged.entries) if dry_run else "",
    )


def _standing(merged: Merged, rename: bool) -> str:
    """The part of a report that is repeated at each sync until it is dealt with, as JSON."""
    return json.dumps(
        {
            "kept": sorted(merged.kept.items()),
            "renames": {} if rename else merged.renames,
            "warnings": merged.warnings,
            "entries": len(merged.entries),
        }
    )


def _renames(
    renames: Mapping[str, str], cited: Mapping[str, tuple[citation_use.CitationPlace, ...]]
) -> tuple[Rename, ...]:
    return tuple(
        Rename(old, new, tuple(map(str, cited.get(old, ()))))
        for old, new in sorted(renames.items())
    )


def _fingerprint(
    project: Project, copies: list[tuple[LibraryRef, Copy]], cited: Mapping[str, object]
) -> str:
    """Of all that a merge depends on: when it is the same, so is what comes of it."""
    path = project.library_path
    digest = hashlib.sha256(path.read_bytes() if path.exists() else b"")
    parts = [_RULES, *sorted(cited), *(f"{ref}{copy.digest()}" for ref, copy in copies)]
    digest.update("\n".join(parts).encode("utf-8", "replace"))
    return digest.hexdigest()


def library_diff(before: Mapping[str, Entry], after: Mapping[str, Entry]) -> str:
    """The change from ``before`` to ``after`` as a unified diff, entry by entry."""
    pieces: list[str] = []
    for key in sorted({*before, *after}):
        old, new = before.get(key), after.get(key)
        if old == new:
            continue
        lines = list(difflib.unified_diff(_lines(old), _lines(new), lineterm="", n=2))[2:]
        pieces += [
            f"--- {key}" if old else "--- /dev/null",
            f"+++ {key}" if new else "+++ /dev/null",
        ]
        pieces += lines
    return "\n".join(pieces) + "\n" if pieces else ""


def _lines(entry: Entry | None) -> list[str]:
    """An entry as it is in the file; no lines for none."""
    return dump({str(entry["id"]): entry}).decode().splitlines()[1:-1] if entry else []
