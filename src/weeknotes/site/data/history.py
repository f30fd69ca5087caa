"""The history of the journal, the data of ``changes.html``: the days on which something was
written, changed, removed, asked or answered.

``history/index.js`` says for each year of the journal on which days something in it changed, and
``history/2026.js`` holds that year's notes with their versions. They are scripts, since a page that was
opened from a folder may load no other data. A version counts from its day on. A page that came into the
history whole, as an imported one does, was written in its own week.

No version shows a run of words that was private at any time (`privacy.once_private`).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from weeknotes.privacy import once_private
from weeknotes.site.data.cache import once_a_site
from weeknotes.site.data.ledger import Entry, ledger_of
from weeknotes.site.data.page_records import PageRecord, Site
from weeknotes.site.data.page_words import words_of
from weeknotes.site.store import past_pages
from weeknotes.site.store.past_pages import Past, PastNote, PastPage
from weeknotes.text import git

FOLDER = "history/"
INDEX = f"{FOLDER}index.js"
FORMAT = 1
_EXCERPT = 200
#: In place of the number of a text: the note was gone, or its text is not to be shown.
GONE, WITHHELD = -1, -2


@dataclass
class Line:
    """A note through time: ``versions`` are (day, note), the note None where it was gone."""

    key: str
    week: str
    versions: list[tuple[str, PastNote | None]] = field(default_factory=list)

    @property
    def last(self) -> PastNote | None:
        """The note as it is now; None where it is gone."""
        return self.versions[-1][1]


@dataclass(frozen=True)
class Row:
    """The data that the browser gets about a note or an entry of the ledger, and the days on which
    it changed."""

    data: Mapping[str, Any]
    days: tuple[str, ...]


class History:
    """The history of a site: rows of notes and of the ledger's entries, by year."""

    def __init__(self, site: Site) -> None:
        self._site = site
        now = list(_now(site))
        past = past_pages.past_of(site.project, _sources(site))
        if not git.head(site.project.root):
            past = past_pages.remembered(site.project, site.engine, now, past.private)
        self._private = past.private
        self._addresses = {
            (_key(page), note.anchor): f"{page.href}#{note.anchor}"
            for page in site.pages
            for note in page.notes
        }
        self.notes: dict[str, list[Row]] = {}
        for line in lines(past, now):
            row = self._row(line)
            if row is not None:
                self.notes.setdefault(_year(line), []).append(row)
        self.asks: dict[str, list[Row]] = {}
        starts = {page.week or page.date[:10]: page.start or page.date[:10] for page in site.pages}
        for entry in ledger_of(site):
            if not once_private.holds(entry.text, self._private):
                row = _ask(entry, starts)
                for year in {day[:4] for day in row.days}:
                    self.asks.setdefault(year, []).append(row)

    @property
    def years(self) -> list[str]:
        """The years that have a file."""
        return sorted({*self.notes, *self.asks})

    def days(self, year: str) -> list[str]:
        """The days on which something of ``year`` changed."""
        rows = [*self.notes.get(year, ()), *self.asks.get(year, ())]
        return sorted({day for row in rows for day in row.days})

    def _row(self, line: Line) -> Row | None:
        """The row of ``line``; None where its title was private."""
        known = [note for _, note in line.versions if note is not None]
        title, lang = known[-1].title, known[-1].lang
        if any(once_private.is_private_title(note.title, self._private) for note in known):
            return None
        texts: list[str] = []
        versions: list[list[Any]] = []
        for day, note in line.versions:
            versions.append([day, self._text_number(note, texts, single=len(known) == 1)])
        data: dict[str, Any] = {"t": title, "w": line.week, "l": lang, "v": versions}
        if line.last is not None:
            data["h"] = self._addresses.get((line.key, line.last.anchor), "")
            data["g"] = list(line.last.tags)
        if texts:
            data["x"] = texts
        return Row(data, tuple(day for day, _ in line.versions))

    def _text_number(self, note: PastNote | None, texts: list[str], *, single: bool) -> int:
        if note is None:
            return GONE
        if once_private.holds(note.text, self._private):
            return WITHHELD
        # Of a note that never changed no more is shown than its beginning.
        text = _beginning(note.text) if single else note.text
        if text not in texts:
            texts.append(text)
        return texts.index(text)


@once_a_site
def history_of(site: Site) -> History:
    """The history of ``site``, worked out once."""
    return History(site)


def state_of(site: Site) -> list[Any]:
    """A value that changes whenever the history may have changed: the commit, and the pages."""
    return [git.head(site.project.root), [(page.href, page.fingerprint) for page in site.pages]]


def lines(past: Past, now: Sequence[PastPage]) -> list[Line]:
    """The notes of ``past`` and ``now``, each through time."""
    by_key: dict[str, list[PastPage]] = {}
    for page in past.pages:
        by_key.setdefault(page.key, []).append(page)
    # A version without front matter, such as one that was removed, belongs to the week of its file.
    weeks = {page.source: page.week for page in [*past.pages, *now] if page.week}
    for page in [page for page in past.pages if not page.week and page.source in weeks]:
        by_key[page.source].remove(page)
        by_key.setdefault(weeks[page.source], []).append(page)
    current = {page.key: page for page in now}
    found: list[Line] = []
    for key in sorted({*by_key, *current}):
        states = _states(sorted(by_key.get(key, []), key=lambda p: p.day), current.get(key))
        found += _through(key, states)
    return _joined(found)


def _states(before: list[PastPage], now: PastPage | None) -> list[PastPage]:
    """The states of a page in order, the last one as it is now."""
    if now is None:
        if before and before[-1].notes:
            before.append(PastPage(before[-1].day, before[-1].source, before[-1].week, "", ()))
        return before
    first = [page for page in before if page.notes][:1]
    if first:
        # It came whole, long after its week: an imported page, or one from before the history.
        early = min(first[0].day, now.day)
        before[before.index(first[0])] = PastPage(
            early, first[0].source, first[0].week, first[0].date, first[0].notes
        )
    if not before:
        return [now]
    last = before[-1]
    if _digests(last.notes) != _digests(now.notes):
        before.append(
            PastPage(max(last.day, now.changed), now.source, now.week, now.date, now.notes)
        )
    else:
        # The same words: what is known of them now (addresses, titles) holds.
        before[-1] = PastPage(last.day, now.source, now.week, now.date, now.notes)
    return before


def _digests(notes: Sequence[PastNote]) -> list[tuple[str, str]]:
    return [(note.anchor, note.digest) for note in notes]


def _through(key: str, states: Sequence[PastPage]) -> list[Line]:
    found: list[Line] = []
    alive: list[Line] = []
    for state in states:
        left = list(alive)
        following: list[Line] = []
        for note in state.notes:
            line = _same(note, left)
            if line is None:
                line = Line(key, state.week or state.date)
                found.append(line)
            else:
                left.remove(line)
            _add(line, state.day, note)
            following.append(line)
        for line in left:
            _add(line, state.day, None)
        alive = following
    return found


def _add(line: Line, day: str, note: PastNote | None) -> None:
    """Add what became of the note on ``day``. The last state of a day counts, and what says the same as
    before is no version of its own."""
    if len(line.versions) > 1 and line.versions[-1][0] == day:
        line.versions.pop()
    before = line.versions[-1] if line.versions else None
    was = before[1] if before else None
    if before and was and note and (was.digest == note.digest or before[0] == day):
        line.versions[-1] = (before[0], note)
        return
    line.versions.append((day, note))


def _same(note: PastNote, lines: Sequence[Line]) -> Line | None:
    """The line among ``lines`` that ``note`` goes on."""
    ways: list[Callable[[PastNote], bool]] = [
        lambda other: other.anchor == note.anchor,
        lambda other: bool(note.papers) and other.papers == note.papers,
        lambda other: other.digest == note.digest,
        lambda other: other.title == note.title,
    ]
    for same in ways:
        for line in lines:
            if line.last is not None and same(line.last):
                return line
    return None


def _joined(found: list[Line]) -> list[Line]:
    """``found`` with a note that was moved to another page as one line: the same words, gone here and
    there from the same time on."""
    ended = {line.versions[-2][1].digest: line for line in found if _has_ended(line)}  # type: ignore[union-attr]
    kept = []
    for line in found:
        first = line.versions[0]
        before = ended.get(first[1].digest) if first[1] is not None else None
        if before is None or before is line or before.versions[-1][0] > first[0]:
            kept.append(line)
            continue
        before.versions[-1:] = line.versions[1:] or []
        before.key, before.week = line.key, line.week
        if line.last is not None:
            before.versions[-1] = (before.versions[-1][0], line.last)
        del ended[first[1].digest]  # type: ignore[union-attr]
    return kept


def _has_ended(line: Line) -> bool:
    return line.last is None and len(line.versions) > 1


def _now(site: Site) -> Iterator[PastPage]:
    pages = [page for page in site.pages if page.kind in ("week", "digest")]
    words = words_of(site, pages)
    for page in pages:
        day = page.end or page.date[:10]
        yield PastPage(
            day,
            page.source,
            page.week,
            page.date[:10],
            words[page.href],
            _changed(site, page),
        )


def _changed(site: Site, page: PageRecord) -> str:
    """The day on which the file was last saved, for what git has not seen yet."""
    try:
        time = (site.project.root / page.source).stat().st_mtime
    except OSError:
        return page.end or page.date[:10]
    return datetime.fromtimestamp(time, UTC).date().isoformat()


def _sources(site: Site) -> list[str]:
    from weeknotes.engines import sources

    return sources.find_all(site.project)


def _key(page: PageRecord) -> str:
    return page.week or page.source


def _year(line: Line) -> str:
    return (line.week or line.versions[0][0])[:4] or "undated"


def _beginning(text: str) -> str:
    if len(text) <= _EXCERPT:
        return text
    cut = (
        text[:_EXCERPT].rsplit(" ", 1)[0]
        if " " in text[_EXCERPT // 2 : _EXCERPT]
        else text[:_EXCERPT]
    )
    return cut.rstrip(" .,;:，、；：。") + "…"


def _ask(entry: Entry, starts: Mapping[str, str]) -> Row:
    first, last = (starts.get(when, when) for when in (entry.first[0], entry.last[0]))
    data = {
        "k": entry.kind,
        "t": entry.text,
        "l": entry.lang,
        "f": [first, *entry.first],
        "z": [last, *entry.last],
        "c": int(entry.closed),
    }
    return Row(data, (first, last) if entry.closed else (first,))


def index(history: History) -> bytes:
    """The script that says in which year's file to look for a span of days."""
    days = {year: history.days(year) for year in history.years}
    return _script("index", {"format": FORMAT, "days": days})


def year(history: History, name: str) -> bytes:
    """The script with the notes and entries of a year."""
    rows = {
        "notes": [row.data for row in history.notes.get(name, ())],
        "asks": [row.data for row in history.asks.get(name, ())],
    }
    return _script(name, rows)


def _script(name: str, data: Mapping[str, Any]) -> bytes:
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    # Within a script these two end a line, and "</script" ends it where a page holds it.
    text = text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029").replace("</", "<\\/")
    return f"weeknotes.history({json.dumps(name)},{text});\n".encode("utf-8", "surrogatepass")
