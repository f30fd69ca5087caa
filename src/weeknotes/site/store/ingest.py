"""Taking rendered pages into the store: what is remembered of each."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from weeknotes.engines.page import Page
from weeknotes.errors import RenderError, WeeknotesError
from weeknotes.files import stat_of
from weeknotes.journal import notes
from weeknotes.journal.project import Project
from weeknotes.journal.weeks import Week
from weeknotes.site.data.page_records import PageRecord
from weeknotes.site.html.sanitize import inert
from weeknotes.site.store.freshness import entry_fingerprints
from weeknotes.site.store.state import PageStore, SourceState, digest
from weeknotes.text.printable import legible, printable, printable_markup


def take(
    project: Project,
    store: PageStore,
    results: Iterable[Page | WeeknotesError],
    keep_last_good: bool = True,
    stats: Mapping[str, list[int] | None] | None = None,
) -> None:
    """Put rendered pages, and the errors of those that could not be rendered, into ``store``.

    With ``keep_last_good``, what is known of a page stays where its source could not be rendered.
    ``stats`` are those of the sources before the engine read them: one that was saved since is
    rendered again by the next build.
    """
    entries: Mapping[str, str] | None = None
    for result in map(_with_a_name, results):
        if isinstance(result, WeeknotesError):
            name = str(result.file or "")
            before = store.sources.get(name) if keep_last_good else None
            before = before or SourceState()
            store.sources[name] = replace(before, stat=None, sha="", error=str(result))
            continue
        if entries is None:
            entries = entry_fingerprints(project, store.library_fingerprint)
        result = replace(
            result, meta=_inert_meta(result.meta), body=inert(printable_markup(result.body))
        )
        state = _state_of(project, store, result, entries)
        assert state.record is not None
        store.put_body(result, state.record.fingerprint)
        store.sources[result.source] = state
        if stats and stat_of(project.root / result.source) != stats.get(result.source):
            store.sources[result.source].stat = None
            store.sources[result.source].sha = ""


def _inert_meta(meta: Mapping[str, Any]) -> dict[str, Any]:
    """``meta`` with what a page can hold, and its title's HTML without what would run."""
    made: dict[str, Any] = printable(dict(meta))
    if made.get("title-html"):
        made["title-html"] = inert(printable_markup(str(made["title-html"])))
    return made


def _with_a_name(result: Page | WeeknotesError) -> Page | WeeknotesError:
    """``result``, or an error where no page can hold its address."""
    if isinstance(result, Page) and legible(result.source) != result.source:
        return RenderError(
            "its name holds control characters, and cannot be an address",
            file=result.source,
            hint="Rename the file.",
        )
    return result


def _state_of(
    project: Project,
    store: PageStore,
    page: Page,
    entries: Mapping[str, str],
) -> SourceState:
    found = notes.read(page.body)
    store.parsed[page.source] = found
    cited = {key: entries.get(key, "") for key in found.cites}
    path = project.root / page.source
    data = path.read_bytes()
    return SourceState(
        stat=_settled(stat_of(path)),
        sha=digest(data),
        dependencies={file: stat_of(file) for file in page.dependencies},
        cited=cited,
        record=_record(page, found, cited),
        meta=page.meta,
        assets=page.assets,
        warnings=list(page.warnings),
    )


def _settled(stat: list[int] | None) -> list[int] | None:
    """``stat``, or None while another write could still leave the same modification time."""
    if stat is None or time.time_ns() - stat[0] < 50_000_000:
        return None
    return stat


def _record(page: Page, found: notes.PageNotes, cited: Mapping[str, str]) -> PageRecord:
    meta = page.meta
    week = str(meta.get("week") or "")
    start = end = ""
    if week:
        try:
            parsed = Week.parse(week)
            start, end = parsed.start.isoformat(), parsed.end.isoformat()
        except WeeknotesError:
            week = ""
    kind = str(meta.get("kind") or ("week" if week else "page"))
    categories = meta.get("categories") or []
    return PageRecord(
        source=page.source,
        href=page.href,
        kind=kind,
        title=str(meta.get("title") or ""),
        title_html=str(meta.get("title-html") or ""),
        week=week,
        start=start,
        end=end,
        date=str(meta.get("date") or start),
        date_written=str(meta.get("date-written") or ""),
        lang=str(meta.get("lang") or "en"),
        categories=tuple(map(str, categories if isinstance(categories, list) else [categories])),
        tags=tuple(dict.fromkeys(tag for note in found.notes for tag in note.tags)),
        notes=tuple(note.record for note in found.notes),
        open_tasks=found.open_tasks,
        done_tasks=found.done_tasks,
        fingerprint=digest(
            page.body,
            json.dumps(meta, sort_keys=True, ensure_ascii=False, default=str),
            json.dumps(cited, sort_keys=True),
        ),
        digest=str(meta.get("digest") or "") if kind == "digest" else "",
        counts=_counts(meta.get("counts")),
    )


def _counts(value: Any) -> tuple[tuple[str, int], ...]:
    """The numbers of papers by category that a digest's front matter gives."""
    pairs = value.items() if isinstance(value, dict) else ()
    return tuple((str(name), n) for name, n in pairs if isinstance(n, int) and n > 0)
