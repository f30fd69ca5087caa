"""The history of the journal, the data of ``changes.html``: the days on which something was
written, changed, removed, asked or answered.

``history/index.js`` says for each year of the journal on which days something in it changed, and
``history/2026.js`` holds that year's notes with their versions. They are scripts, since a page that was
opened from a folder may load no other data. A version counts from its day on (`note_lines`).

No version shows a run of words that was private at any time (`privacy.once_private`).
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any

from weeknotes.files import stat_of
from weeknotes.journal.notes import ALT_BEGINS, ALT_ENDS
from weeknotes.privacy import once_private
from weeknotes.site.data.cache import once_a_site
from weeknotes.site.data.history_rows import HistoryRows
from weeknotes.site.data.ledger import Entry, ledger_of
from weeknotes.site.data.note_lines import Line, joined_lines, line_ends, note_lines
from weeknotes.site.data.page_records import PageRecord, Site
from weeknotes.site.data.page_words import Words, words_of
from weeknotes.site.html import markup
from weeknotes.site.store.earlier_pages import earlier
from weeknotes.site.store.past_pages import Past, PastNote, PastPage
from weeknotes.text import git

FOLDER = "history/"
INDEX = f"{FOLDER}index.js"
FORMAT = 1
_EXCERPT = 200
#: In place of the number of a text: the note was gone, or its text is not to be shown.
GONE, WITHHELD = -1, -2

#: For each page by its key: its earlier states, and its state now.
Groups = Mapping[str, tuple[list[PastPage], PastPage | None]]


@dataclass(frozen=True)
class Row:
    """The data that the browser gets about a note or an entry of the ledger, as JSON, and the days on
    which it changed."""

    text: str
    days: tuple[str, ...]


class History:
    """The history of a site: the notes and the ledger's entries, by year.

    The notes of a page are worked out from its states; what comes of it is kept as long as these are
    the same (`history_rows`).
    """

    def __init__(self, site: Site) -> None:
        self._addresses: dict[tuple[str, str], str] = {}
        pages = [page for page in site.pages if page.kind in ("week", "digest")]
        with words_of(site, pages) as words:
            now = list(_now(site, pages, words))
            with earlier(site.project, site.engine, _sources(site), now) as past:
                self._private = past.private
                groups = _groups(past, now)
                of_key: dict[str, list[PageRecord]] = {}
                for page in site.pages:
                    of_key.setdefault(_key(page), []).append(page)
                private = _digest(*sorted(past.private))
                self._rows = HistoryRows(
                    site,
                    {
                        key: _group_digest(group, of_key.get(key, ()), private)
                        for key, group in groups.items()
                    },
                )
                with contextlib.closing(self._rows):
                    self._work_out(groups, of_key)
        self.asks: dict[str, list[Row]] = {}
        # On which day of its week something was asked is not known: by its end, it was.
        ends = {page.week or page.date[:10]: page.end or page.date[:10] for page in site.pages}
        for entry in ledger_of(site):
            if not once_private.holds(entry.text, self._private):
                row = _ask(entry, ends)
                for year in {day[:4] for day in row.days}:
                    self.asks.setdefault(year, []).append(row)

    def _work_out(self, groups: Groups, of_key: Mapping[str, Sequence[PageRecord]]) -> None:
        """Work out the rows of the pages whose states have changed, and of those that share notes."""
        found = {key: self._lines(key, groups, of_key) for key in self._rows.missing}
        for key, own in found.items():
            self._rows.put(key, _parts(self._made(own)), *line_ends(own))
        self._rows.save()
        shared = self._rows.sharing()
        if shared:
            every = [found.get(key) or self._lines(key, groups, of_key) for key in shared]
            places = {id(line): key for key, own in zip(shared, every, strict=True) for line in own}
            joined: dict[str, list[Line]] = {key: [] for key in shared}
            for line in joined_lines([line for own in every for line in own]):
                joined[places[id(line)]].append(line)
            self._rows.join({key: _parts(self._made(own)) for key, own in joined.items()})

    def _lines(
        self, key: str, groups: Groups, of_key: Mapping[str, Sequence[PageRecord]]
    ) -> list[Line]:
        """The notes of the page ``key`` through time."""
        for page in of_key.get(key, ()):
            for note in page.notes:
                self._addresses[key, note.anchor] = f"{page.href}#{note.anchor}"
        before, now = groups[key]
        return note_lines(key, before, now)

    def _made(self, lines: Sequence[Line]) -> Iterator[tuple[str, Row]]:
        """The year and the row of each line that is shown."""
        for line in lines:
            row = self._row(line)
            if row is not None:
                yield _year(line), row

    @property
    def years(self) -> list[str]:
        """The years that have a file."""
        return sorted({*self._rows.years, *self.asks})

    def days(self, year: str) -> list[str]:
        """The days on which something of ``year`` changed."""
        asked = {day for row in self.asks.get(year, ()) for day in row.days}
        return sorted(asked | self._rows.days(year))

    def inputs(self, year: str) -> str:
        """A fingerprint of the file of ``year``."""
        return _digest(self._rows.digest(year), *(row.text for row in self.asks.get(year, ())))

    def note_texts(self, year: str) -> list[str]:
        """The rows of the year's notes as JSON."""
        return self._rows.texts(year)

    def notes_since(self, day: str) -> Iterator[Mapping[str, Any]]:
        """The notes of the pages on which something has changed on ``day`` (an ISO date) or later, as
        the browser gets them."""
        for year in sorted(self._rows.years):
            yield from json.loads(f"[{','.join(self._rows.texts(year, day))}]")

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
        return Row(_json(data), tuple(day for day, _ in line.versions))

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


def _groups(past: Past, now: Sequence[PastPage]) -> Groups:
    """The earlier states of each page, and its state now, in the order of the pages' keys."""
    by_key: dict[str, list[PastPage]] = {}
    for page in past.pages:
        by_key.setdefault(page.key, []).append(page)
    # A version without front matter, such as one that was removed, belongs to the week of its file.
    weeks = {page.source: page.week for page in [*past.pages, *now] if page.week}
    for page in [page for page in past.pages if not page.week and page.source in weeks]:
        by_key[page.source].remove(page)
        by_key.setdefault(weeks[page.source], []).append(page)
    current = {page.key: page for page in now}
    return {
        key: (sorted(by_key.get(key, []), key=lambda p: p.day), current.get(key))
        for key in sorted({*by_key, *current})
    }


def _group_digest(
    group: tuple[list[PastPage], PastPage | None], pages: Sequence[PageRecord], private: str
) -> str:
    """A fingerprint of all that the rows of a page are made from."""
    before, now = group
    states = [(p.day, p.source, p.week, p.date, p.digest, p.changed) for p in before]
    if now is not None:
        states.append((now.day, now.source, now.week, now.date, now.digest, now.changed))
    shown = [(page.href, page.fingerprint) for page in pages]
    return _digest(json.dumps([states, now is None, shown]), private)


def _parts(rows: Iterable[tuple[str, Row]]) -> dict[str, tuple[set[str], str]]:
    """For each year, the days on which something changed, and the rows as JSON."""
    days: dict[str, set[str]] = {}
    texts: dict[str, list[str]] = {}
    for year, row in rows:
        days.setdefault(year, set()).update(row.days)
        texts.setdefault(year, []).append(row.text)
    return {year: (days[year], ",".join(texts[year])) for year in texts}


def _now(site: Site, pages: Sequence[PageRecord], words: Words) -> Iterator[PastPage]:
    for page in pages:
        yield PastPage(
            page.end or page.date[:10],
            page.source,
            page.week,
            page.date[:10],
            words.digests[page.href],
            partial(words.notes, page.href),
            _changed(site, page),
        )


def _changed(site: Site, page: PageRecord) -> str:
    """The day on which the file was last saved, for what git has not seen yet."""
    stat = stat_of(f"{site.project.root}/{page.source}")
    if stat is None:
        return page.end or page.date[:10]
    return datetime.fromtimestamp(stat[0] // 10**9, UTC).date().isoformat()


def _sources(site: Site) -> list[str]:
    from weeknotes.engines import sources

    return sources.find_all(site.project)


def _key(page: PageRecord) -> str:
    return page.week or page.source


def _year(line: Line) -> str:
    return (line.week or line.versions[0][0])[:4] or "undated"


_ALT = re.compile(f"{ALT_BEGINS}([^{ALT_ENDS}]*){ALT_ENDS}")


def _beginning(text: str) -> str:
    """The first words of ``text``, without what its pictures show."""
    text = " ".join(_ALT.sub("", text).split())
    if len(text) <= _EXCERPT:
        return text
    return text[: markup.word_end(text, _EXCERPT)].rstrip(" .,;:，、；：。") + "…"


def with_pictures(text: str) -> str:
    """A text of a row with what its pictures show in brackets, apart from the words around it."""
    return _ALT.sub(r"[\1]", text)


def _ask(entry: Entry, ends: Mapping[str, str]) -> Row:
    first, last = (ends.get(when, when) for when in (entry.first[0], entry.last[0]))
    data = {
        "k": entry.kind,
        "t": entry.said,
        "l": entry.lang,
        "f": [first, *entry.first],
        "z": [last, *entry.last],
        "c": int(entry.closed),
    }
    return Row(_json(data), (first, last) if entry.closed else (first,))


def index_inputs(history: History) -> str:
    """A fingerprint of what the index is made from."""
    return _digest(*(f"{year} {history.inputs(year)}" for year in history.years))


def index(history: History) -> bytes:
    """The script that says in which year's file to look for a span of days."""
    days = {year: history.days(year) for year in history.years}
    return _script("index", _json({"format": FORMAT, "days": days}))


def year(history: History, name: str) -> bytes:
    """The script with the notes and entries of a year."""
    rows = ",".join(history.note_texts(name))
    asks = ",".join(row.text for row in history.asks.get(name, ()))
    return _script(name, f'{{"notes":[{rows}],"asks":[{asks}]}}')


def _json(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def _digest(*parts: str) -> str:
    data = "\0".join(parts).encode("utf-8", "surrogatepass")
    return hashlib.blake2b(data, digest_size=12).hexdigest()


def _script(name: str, text: str) -> bytes:
    # Within a script these two end a line, and "</script" ends it where a page holds it.
    text = text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029").replace("</", "<\\/")
    return f"weeknotes.history({json.dumps(name)},{text});\n".encode("utf-8", "surrogatepass")
