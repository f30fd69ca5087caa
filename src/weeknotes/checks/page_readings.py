"""The readings of the pages that `weeknotes render` publishes, for the rules.

What they warn of are findings: one reading serves both commands, so that they agree.
A reading is remembered until the source, what it depends on, the configuration or the code changes.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from weeknotes.checks.findings import Finding
from weeknotes.checks.rule_table import RULES
from weeknotes.engines.page import PageReading, PageWarning
from weeknotes.engines.surroundings import surroundings
from weeknotes.errors import WeeknotesError
from weeknotes.files import code_fingerprint, keep_cache, stat_of
from weeknotes.journal.project import Project
from weeknotes.progress import Progress

#: What a warning without a rule of its own is found by.
_OTHER = "page-warning"
#: Where one of these is found, the reading says no more than that.
_UNREADABLE = frozenset(["notebook-invalid", "front-matter-invalid", "metadata-invalid"])


#: Rules that say of one place that what it refers to is not there.
_NOT_THERE = frozenset(
    "anchor-missing reference-missing private-reference link-missing citation-unknown".split()
)


def _same(rule: str) -> str:
    """The rule, or one name for all of which one is enough at a place."""
    return "not-there" if rule in _NOT_THERE else rule


@dataclass
class Readings:
    """The readings of the pages by their sources, and what stopped those that have none."""

    pages: dict[str, PageReading] = field(default_factory=dict)
    errors: list[WeeknotesError] = field(default_factory=list)

    def findings(self, others: Sequence[Finding]) -> Iterator[Finding]:
        """The warnings of the readings, without those that are among ``others`` already."""
        unreadable = {f.file for f in others if f.rule in _UNREADABLE}
        messages = {(f.rule, f.message) for f in others}
        places = {(f.file, f.cell, f.line): set[str]() for f in others}
        for finding in others:
            places[finding.file, finding.cell, finding.line].add(_same(finding.rule))
        cells = {(f.file, f.cell, _same(f.rule)) for f in others}
        for reading in self.pages.values():
            for found in map(_finding, reading.warnings):
                same = _same(found.rule)
                told = same in places.get((found.file, found.cell, found.line), ())
                told = told or (found.line is None and (found.file, found.cell, same) in cells)
                # A part that several pages include is reported by itself.
                told = told or (found.rule, found.message) in messages
                if not told and found.file not in unreadable:
                    yield found
        for error in self.errors:
            if error.file not in unreadable:
                yield Finding(
                    "page-failed",
                    str(error.file),
                    error.message,
                    error.cell,
                    error.line,
                    error.hint,
                )


def read(project: Project, sources: Sequence[str], progress: Progress | None = None) -> Readings:
    """The readings of ``sources``, as remembered where nothing has changed."""
    memory = project.state / "check" / "readings.json"
    stamp = _stamp(project)
    known = _remembered(memory, stamp)
    found = Readings()
    stats = {source: stat_of(project.root / source) for source in sources}
    waiting = []
    for source in sources:
        entry = known.get(source)
        if entry and entry["stat"] == stats[source] and _unchanged(entry["dependencies"]):
            found.pages[source] = _reading(entry["reading"])
        else:
            known.pop(source, None)
            waiting.append(source)
    if waiting:
        _read(project, waiting, found, progress)
        for source in waiting:
            if source in found.pages:
                reading = found.pages[source]
                known[source] = {
                    "stat": stats[source],
                    "dependencies": {name: stat_of(name) for name in reading.dependencies},
                    "reading": _plain(reading),
                }
    kept = {source: known[source] for source in sources if source in known}
    if waiting or len(kept) != len(known):
        keep_cache(memory, json.dumps({"stamp": stamp, "pages": kept}).encode())
    found.pages = {source: found.pages[source] for source in sources if source in found.pages}
    return found


def _read(
    project: Project, sources: Sequence[str], found: Readings, progress: Progress | None
) -> None:
    from weeknotes.engines import builtin

    with tempfile.TemporaryDirectory(prefix="weeknotes-") as work:
        for result in builtin.readings(project, sources, Path(work), progress=progress):
            if isinstance(result, PageReading):
                found.pages[result.source] = result
            else:
                found.errors.append(result)
    found.errors.sort(key=lambda error: str(error.file))


def _finding(warning: PageWarning) -> Finding:
    rule = warning.rule if warning.rule in RULES else _OTHER
    hint = warning.hint or "docs/engines.md says what each engine makes of it."
    return Finding(rule, warning.file, warning.message, warning.cell, warning.line, hint)


def configuration(project: Project, others: Iterable[Finding]) -> Iterator[Finding]:
    """The settings that the built-in renderer does not honour."""
    from weeknotes.engines.page_settings import config_warnings

    known = {(finding.file, finding.message) for finding in others}
    try:
        warnings = config_warnings(project)
    except WeeknotesError:  # A file that cannot be read is found by another rule.
        return
    for warning in warnings:
        if (warning.file, warning.message) not in known:
            yield _finding(warning)


def _stamp(project: Project) -> str:
    """A digest of everything that all readings depend on."""
    parts = [
        code_fingerprint(),
        surroundings(),
        stat_of(project.config_path),
        project.shows_private,
    ]
    return hashlib.blake2b(json.dumps(parts).encode(), digest_size=12).hexdigest()


def _remembered(memory: Any, stamp: str) -> dict[str, Any]:
    try:
        data = json.loads(memory.read_bytes())
        pages: dict[str, Any] = data["pages"] if data["stamp"] == stamp else {}
    except (OSError, ValueError, LookupError, TypeError):
        return {}
    return pages


def _unchanged(dependencies: Mapping[str, Any]) -> bool:
    return all(stat_of(name) == stat for name, stat in dependencies.items())


def _plain(reading: PageReading) -> dict[str, Any]:
    return {**vars(reading), "warnings": [vars(warning) for warning in reading.warnings]}


def _reading(data: Mapping[str, Any]) -> PageReading:
    lists = {name: tuple(data[name]) for name in ("anchors", "labels", "cited", "dependencies")}
    warnings = tuple(PageWarning(**warning) for warning in data["warnings"])
    return PageReading(source=data["source"], warnings=warnings, **lists)
