"""The tables that related notes are found in, and what a change moves in them.

How rare a term is, is counted over the years before the newest one. So a change in the newest year,
where nearly all changes are, moves the lists of those notes alone that are like the changed ones, and
reads and writes only their rows. A change in an earlier year weighs all terms again.
"""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from weeknotes.site.data import likeness, note_terms
from weeknotes.site.data.likeness import SHOWN, STEP, Vector
from weeknotes.site.data.page_records import PageRecord, Site
from weeknotes.site.store import tables
from weeknotes.site.store.state import digest

SCHEMA = """
CREATE TABLE page (href TEXT PRIMARY KEY, key TEXT, place TEXT, year TEXT, lists TEXT) WITHOUT ROWID;
CREATE TABLE note (id INTEGER PRIMARY KEY AUTOINCREMENT, page TEXT, number INTEGER,
 terms BLOB, vector BLOB);
CREATE INDEX note_page ON note (page);
CREATE TABLE term (term INTEGER PRIMARY KEY, settled INTEGER, total INTEGER, holders INTEGER);
CREATE TABLE posting (term INTEGER, note INTEGER, weight INTEGER,
 PRIMARY KEY (term, note)) WITHOUT ROWID;
CREATE TABLE nearest (note INTEGER, rank INTEGER, other INTEGER, likeness INTEGER,
 PRIMARY KEY (note, rank)) WITHOUT ROWID;
CREATE INDEX nearest_other ON nearest (other);
CREATE TABLE counted (before TEXT, notes INTEGER)"""

#: After every year.
_NONE = "~"


def lists_of(connection: sqlite3.Connection, href: str) -> list[tuple[int, str, int]]:
    """The related notes of a page: the number of its note, and the page and number of the other."""
    return connection.execute(
        "SELECT note.number, other.page, other.number FROM note"
        " JOIN nearest ON nearest.note = note.id JOIN note AS other ON other.id = nearest.other"
        " WHERE note.page = ? ORDER BY note.number, nearest.rank",
        (href,),
    ).fetchall()


@dataclass(frozen=True)
class _Stored:
    """A note in the tables: its number on its page, its terms and its vector, packed."""

    number: int
    terms: bytes
    vector: bytes = b""


class Update:
    """Brings the tables up to date with the pages of a site."""

    def __init__(self, site: Site, connection: sqlite3.Connection) -> None:
        self._site = site
        self._db = connection
        self._order = {page.href: number for number, page in enumerate(site.pages)}
        years = {_year(page) for page in site.pages if not page.digest}
        #: Terms are counted in the years before this one; in all where there is no other.
        self._newest = max(years) if len(years) > 1 else _NONE
        self._counted: dict[int, list[int]] = {}
        self._postings: dict[int, dict[int, int]] = {}
        #: Whether these two hold all that there is.
        self._whole = False

    def run(self, path: Path) -> None:
        """Do so, all or nothing. Raises OSError where the tables, at ``path``, can't be written."""
        known = {
            h: rest for h, *rest in self._db.execute("SELECT href, key, place, year FROM page")
        }
        changed = [page for page in self._site.pages if known.get(page.href, [""])[0] != _key(page)]
        gone = [href for href in known if href not in self._order]
        if changed or gone:
            with tables.transaction(self._db, path):
                self._take(known, changed, gone)

    def _take(
        self, known: Mapping[str, Sequence[str]], changed: Sequence[PageRecord], gone: Sequence[str]
    ) -> None:
        removed: dict[int, _Stored] = {}
        added: dict[int, _Stored] = {}
        years: set[str] = set()
        dirty = {href for page in changed for href in (page.href, *self._leading_to(page.href))}
        for href in gone:
            removed.update(self._stored(href))
            years.add(known[href][2])
            self._db.execute("DELETE FROM note WHERE page = ?", (href,))
            self._db.execute("DELETE FROM page WHERE href = ?", (href,))
        for page in changed:
            _, place, year = known.get(page.href, ("", "", ""))
            old, new = self._take_page(page, stays=place == _place(page))
            if old or new:
                years |= {year or _year(page), _year(page)}
            removed.update(old)
            added.update(new)
        before = self._db.execute("SELECT before FROM counted").fetchone()
        if before != (self._newest,) or any(year < self._newest for year in years):
            removed, added = {}, self._begin_anew()
            dirty = set(self._order)
        dirty |= self._relate(removed, added)
        for href in dirty & self._order.keys():
            lists = lists_of(self._db, href)
            self._db.execute("UPDATE page SET lists = ? WHERE href = ?", (self._told(lists), href))

    def _take_page(
        self, page: PageRecord, stays: bool
    ) -> tuple[dict[int, _Stored], dict[int, _Stored]]:
        """Put the notes of ``page`` into the tables; returns those that are no more, and the new ones.
        Where the page ``stays`` where it was among the others, so do notes with the terms they had."""
        old = self._stored(page.href)
        notes = list(self._terms_of(page))
        same = {stored.terms: id_ for id_, stored in old.items()} if stays else {}
        kept = [same.pop(terms) for _, terms in notes if terms in same]
        if [old[id_].number for id_ in kept] != sorted(old[id_].number for id_ in kept):
            kept = []
        by_terms = {old[id_].terms: id_ for id_ in kept}
        new: dict[int, _Stored] = {}
        for number, terms in notes:
            if (id_ := by_terms.pop(terms, None)) is not None:
                self._db.execute("UPDATE note SET number = ? WHERE id = ?", (number, id_))
                del old[id_]
            else:
                cursor = self._db.execute(
                    "INSERT INTO note (page, number, terms) VALUES (?, ?, ?)",
                    (page.href, number, terms),
                )
                new[int(cursor.lastrowid or 0)] = _Stored(number, terms)
        self._db.executemany("DELETE FROM note WHERE id = ?", [(id_,) for id_ in old])
        self._db.execute(
            "INSERT OR REPLACE INTO page VALUES (?, ?, ?, ?, '')",
            (page.href, _key(page), _place(page), _year(page)),
        )
        return old, new

    def _terms_of(self, page: PageRecord) -> Iterator[tuple[int, bytes]]:
        if page.digest or not page.notes:
            return
        library = self._site.library()
        for number, note in enumerate(self._site.notes(page.href)):
            if note.kind != "tasks" and note.anchor:
                yield number, note_terms.pack(note_terms.count(note, library))

    def _stored(self, href: str) -> dict[int, _Stored]:
        rows = self._db.execute(
            "SELECT id, number, terms, vector FROM note WHERE page = ?", (href,)
        )
        return {id_: _Stored(*values) for id_, *values in rows}

    def _leading_to(self, href: str) -> list[str]:
        """The pages with a note to which one of the page ``href`` is related."""
        rows = self._db.execute(
            "SELECT DISTINCT note.page FROM note AS own JOIN nearest ON nearest.other = own.id"
            " JOIN note ON note.id = nearest.note WHERE own.page = ?",
            (href,),
        )
        return [page for (page,) in rows]

    def _told(self, lists: Sequence[tuple[int, str, int]]) -> str:
        """A fingerprint of what the lists of a page show."""
        shown = []
        for number, href, other in lists:
            page = self._site.pages[self._order[href]]
            shown.append((number, page.label, page.notes[other].anchor, page.notes[other].title))
        return digest(repr(shown))

    # Vectors

    def _begin_anew(self) -> dict[int, _Stored]:
        """Forget all but the notes and their terms; returns them."""
        for table in ("term", "posting", "nearest", "counted"):
            self._db.execute(f"DELETE FROM {table}")
        self._db.execute(
            "INSERT INTO counted SELECT ?, count(*) FROM note JOIN page ON href = page WHERE year < ?",
            (self._newest, self._newest),
        )
        self._whole = True
        rows = self._db.execute("SELECT id, number, terms FROM note")
        return {id_: _Stored(*values) for id_, *values in rows}

    def _relate(self, removed: Mapping[int, _Stored], added: Mapping[int, _Stored]) -> set[str]:
        """Bring vectors and lists up to date; returns the pages whose lists may be others now."""
        affected = self._count(removed, added)
        for id_, stored in {**removed, **affected}.items():
            for term in likeness.unpack(stored.vector):
                self._posting(term).pop(id_, None)
        if not self._whole:
            self._load_terms(
                term for note in affected.values() for term in note_terms.unpack(note.terms)[0]
            )
        (notes,) = self._db.execute("SELECT notes FROM counted").fetchone()
        rarity = lru_cache(maxsize=None)(lambda number: math.log((1 + notes) / (1 + number)))
        vectors: dict[int, Vector] = {}
        for id_, stored in affected.items():
            vectors[id_] = found = likeness.vector(
                stored.terms,
                lambda term: self._counted[term][1] > 1,
                lambda term: rarity(self._counted[term][0]),
            )
            for term, weight in found.items():
                self._posting(term)[id_] = weight
        self._save(removed, affected, vectors)
        return self._set_lists(removed, vectors)

    def _count(
        self, removed: Mapping[int, _Stored], added: Mapping[int, _Stored]
    ) -> dict[int, _Stored]:
        """Count the terms; returns the notes whose vectors change with that, ``added`` among them."""
        if not self._whole:
            changed = (*removed.values(), *added.values())
            self._load_terms(term for note in changed for term in note_terms.unpack(note.terms)[0])
        settled: set[int] = set()
        if self._whole:
            in_years = "SELECT id FROM note JOIN page ON href = page WHERE year < ?"
            settled = {id_ for (id_,) in self._db.execute(in_years, (self._newest,))}
        before: dict[int, tuple[int, int]] = {}
        for step, notes in ((-1, removed), (1, added)):
            for id_, stored in notes.items():
                for term in note_terms.unpack(stored.terms)[0]:
                    row = self._counted.setdefault(term, [0, 0, 0])
                    before.setdefault(term, (row[1], row[2]))
                    row[0] += step * (id_ in settled)
                    row[1] += step
                    row[2] ^= id_
        alone = set()
        for term, (total, holders) in before.items():
            now = self._counted[term]
            if (total > 1) != (now[1] > 1):
                # The numbers of all notes that have a term, combined: of one alone, its own.
                alone |= {holders} if total == 1 else set()
                alone |= {now[2]} if now[1] == 1 else set()
        others = alone - removed.keys() - added.keys()
        rows = self._select("SELECT id, number, terms, vector FROM note WHERE id IN", others)
        self._db.executemany(
            "INSERT OR REPLACE INTO term VALUES (?, ?, ?, ?)",
            [(term, *self._counted[term]) for term in sorted(before)],
        )
        return {**added, **{id_: _Stored(*values) for id_, *values in rows}}

    def _save(
        self,
        removed: Mapping[int, _Stored],
        affected: Mapping[int, _Stored],
        vectors: Mapping[int, Vector],
    ) -> None:
        former = {**removed, **affected}
        self._db.executemany(
            "DELETE FROM posting WHERE term = ? AND note = ?",
            [(term, id_) for id_, note in former.items() for term in likeness.unpack(note.vector)],
        )
        rows = [(term, id_, weight) for id_ in vectors for term, weight in vectors[id_].items()]
        self._db.executemany("INSERT INTO posting VALUES (?, ?, ?)", sorted(rows))
        packed = [(likeness.pack(found), id_) for id_, found in vectors.items()]
        self._db.executemany("UPDATE note SET vector = ? WHERE id = ?", packed)

    # Lists

    def _set_lists(self, removed: Mapping[int, _Stored], vectors: Mapping[int, Vector]) -> set[str]:
        """Make the lists of the notes with these new ``vectors`` anew, and those of others where one of
        these, or of the ``removed``, was or is among the nearest. Returns the pages of all of them."""
        moved = removed.keys() | vectors.keys()
        rows = self._select("SELECT note, note FROM nearest WHERE other IN", moved)
        stale = {note for note, _ in rows} - moved
        known = self._select("SELECT id, vector FROM note WHERE id IN", stale)
        found: dict[int, dict[int, int]] = {}
        for id_, packed in known:
            found[id_] = self._likenesses(id_, likeness.unpack(packed))
        entering: dict[int, dict[int, int]] = {}
        for id_, own in vectors.items():
            found[id_] = self._likenesses(id_, own)
            for other, value in found[id_].items():
                if other not in vectors and other not in stale:
                    entering.setdefault(other, {})[id_] = value
        for id_, other, value in self._select(
            "SELECT note, other, likeness FROM nearest WHERE note IN", entering
        ):
            entering[id_][other] = value
        found |= entering
        places = self._places(other for likely in found.values() for other in _candidates(likely))
        rows = []
        for id_, likely in found.items():
            ranked = sorted(
                (-(likely[other] // STEP), places[other], other) for other in _candidates(likely)
            )
            rows += [
                (id_, n, other, likely[other]) for n, (_, _, other) in enumerate(ranked[:SHOWN])
            ]
        gone = [(id_,) for id_ in (*removed, *found)]
        self._db.executemany("DELETE FROM nearest WHERE note = ?", gone)
        self._db.executemany("INSERT INTO nearest VALUES (?, ?, ?, ?)", sorted(rows))
        pages = self._select("SELECT id, page FROM note WHERE id IN", found)
        return {page for _, page in pages}

    def _likenesses(self, id_: int, own: Vector) -> dict[int, int]:
        return likeness.likenesses(id_, own, lambda term: self._posting(term).items())

    def _places(self, ids: Iterable[int]) -> dict[int, tuple[int, int]]:
        """The place of each note among all: of those that are as like, the first is taken."""
        rows = self._select("SELECT id, page, number FROM note WHERE id IN", set(ids))
        return {id_: (self._order[page], number) for id_, page, number in rows}

    # Tables

    def _posting(self, term: int) -> dict[int, int]:
        """The notes whose vectors have ``term``, with its weight."""
        if term not in self._postings:
            rows: Iterable[tuple[int, int]] = ()
            if not self._whole:
                rows = self._db.execute("SELECT note, weight FROM posting WHERE term = ?", (term,))
            self._postings[term] = dict(rows)
        return self._postings[term]

    def _load_terms(self, terms: Iterable[int]) -> None:
        wanted = set(terms) - self._counted.keys()
        for term, *row in self._select(
            "SELECT term, settled, total, holders FROM term WHERE term IN", wanted
        ):
            self._counted[term] = row

    def _select(self, query: str, ids: Collection[int]) -> list[Any]:
        """The rows of ``query`` for the ``ids``, so many at once as SQLite takes."""
        wanted = list(ids)
        found = []
        for start in range(0, len(wanted), 500):
            part = wanted[start : start + 500]
            found += self._db.execute(f"{query} ({','.join('?' * len(part))})", part).fetchall()
        return found


def _candidates(likely: Mapping[int, int]) -> list[int]:
    """The notes of ``likely`` that could be among the nearest, whatever the order of equal ones."""
    if len(likely) <= SHOWN:
        return list(likely)
    least = sorted((value // STEP for value in likely.values()), reverse=True)[SHOWN - 1]
    return [other for other, value in likely.items() if value // STEP >= least]


def _year(page: PageRecord) -> str:
    return (page.week or page.date)[:4]


def _place(page: PageRecord) -> str:
    """A text by which pages are compared for their place, and which contains the year."""
    return repr((page.kind, page.week, page.date, page.source))


def _key(page: PageRecord) -> str:
    return f"{page.fingerprint} {digest(_place(page))}"
