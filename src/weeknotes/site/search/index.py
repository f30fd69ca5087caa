"""The index as files of the site, and what is kept between builds to make them quickly.

The index is made of pieces, one for each year and, of the newest, for each quarter, since a week
changes one of them alone. The pieces are gathered in two volumes: the newest year, where nearly all
changes are, and all others. Each volume has shard files of its own; one is the lines of the volume's
pieces for that shard, one after the other. So a build after a change costs what the changed pages and
one quarter cost, however long the journal is.

Under ``.weeknotes/search/<engine>/`` are, for each piece, the postings of its pages, the finished
piece, and its lines for each shard. They may be deleted at any time.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from weeknotes.files import code_fingerprint, keep_cache
from weeknotes.site.data.glossary import Glossary, glossary_of
from weeknotes.site.data.page_records import PageRecord, Site
from weeknotes.site.search.block_text import primary
from weeknotes.site.search.documents import (
    FigureGroup,
    PaperGroup,
    SearchDocument,
    count,
    documents,
    figure_groups,
    paper_groups,
)
from weeknotes.site.search.postings import FINAL, merge, page_postings, shard_lines

#: The form of the files, which `browser/engine.js` must know.
FORMAT = 3
#: So many documents to a shard, for shards of some kilobytes whatever the journal's length.
_DOCUMENTS_PER_SHARD = 4
_SHARDS = (16, 1024)
#: So many documents to a file of texts; `browser/engine.js` counts with the same number.
_DOCUMENTS_PER_TEXT = 3
#: What one typing error in a word of five letters or more may have been.
_CORRECTION = re.compile("[a-z]{4,30}")
#: The pieces that hold the papers and the figures, where others hold a year.
PAPERS, FIGURES = "papers", "figures"

Searched = PageRecord | PaperGroup | FigureGroup


@dataclass(frozen=True)
class Piece:
    """A year of the index, or a quarter of one: ``text`` is a row for each page, as JSON, and ``words``
    are the English words that a mistyped one may be for."""

    text: str
    words: list[str]

    @property
    def rows(self) -> list[list[Any]]:
        """The row of each page."""
        return json.loads(self.text)  # type: ignore[no-any-return]


@dataclass(frozen=True)
class Volume:
    """Pieces that share shard files, ``shards`` in number, which are in the folder ``name``."""

    name: str
    years: tuple[str, ...]
    shards: int
    fingerprint: str


class Index:
    """The index of one site, made when it is first asked for."""

    def __init__(self, site: Site) -> None:
        self._site = site
        #: What there is by the piece that holds it; papers and figures are pieces of their own.
        by_year = _by_year(site.pages)
        newest = _by_quarter(next(iter(by_year.items()))) if by_year else {}
        self.years: dict[str, Sequence[Searched]] = {**newest, **dict(list(by_year.items())[1:])}
        if papers := paper_groups(site):
            self.years[PAPERS] = papers
        if figures := figure_groups(site):
            self.years[FIGURES] = figures
        earlier = [year for year in self.years if year not in newest]
        #: The volumes in the order of their pieces.
        self.volumes = [
            self._volume(name, years)
            for name, years in (("newest", list(newest)), ("earlier", earlier))
            if years
        ]
        self._folder = site.project.state / "search" / site.engine
        self._texts: dict[str, list[bytes]] = {}
        self._known_lines: dict[str, list[str]] = {}

    @property
    def searched(self) -> Iterator[Searched]:
        """All pages, and all papers, group by group."""
        return (page for pages in self.years.values() for page in pages)

    @property
    def glossary(self) -> Glossary:
        """The names that are looked for with one another."""
        return glossary_of(self._site)

    @cached_property
    def fingerprint(self) -> str:
        """Changes whenever anything in the index does."""
        return _digest(*(volume.fingerprint for volume in self.volumes))

    def shard(self, volume: Volume, number: int) -> bytes:
        """The shard file ``number`` of ``volume``."""
        lines = (f"={year}\n{self._lines(year, volume.shards)[number]}" for year in volume.years)
        return "".join(lines).encode()

    def words(self) -> bytes:
        """The English words of the journal in order, one a line: how many characters it shares with
        the one before (`postings.FINAL`), and the others."""
        lines = []
        before = ""
        for word in sorted({word for piece in self.pieces.values() for word in piece.words}):
            # Character by character is what is wanted here.
            shared = len(os.path.commonprefix((before, word)))  # noqa: RUF071
            lines.append(FINAL[shared] + word[shared:])
            before = word
        return "\n".join(lines).encode()

    def text(self, page: Searched, number: int) -> bytes:
        """The texts that are shown of the page's documents when they are hit, as JSON: those of its
        text file ``number``."""
        if page.href not in self._texts:
            self._texts[page.href] = _shown(documents(self._site, page))
        return self._texts[page.href][number]

    def shown(self, page: Searched, document: int) -> tuple[str, str, list[str], str]:
        """Anchor, title, lines about it and text of the page's document with that number."""
        file, place = divmod(document, _DOCUMENTS_PER_TEXT)
        anchor, title, about, text, *_ = json.loads(self.text(page, file))[place]
        return anchor, title, about, text

    @cached_property
    def pieces(self) -> dict[str, Piece]:
        """The pieces by year, newest first; those that have changed are made again."""
        pieces = {
            year: self._piece(year, volume.shards)
            for volume in self.volumes
            for year in volume.years
        }
        kept = {path.name for year in self.years for path in self._files(year)}
        for path in self._folder.glob("*.json"):
            if path.name not in kept:
                path.unlink(missing_ok=True)
        return pieces

    def _volume(self, name: str, years: Sequence[str]) -> Volume:
        shards = shard_count(sum(count(page) for year in years for page in self.years[year]))
        keys = [self._piece_key(year, shards) for year in years]
        return Volume(name, tuple(years), shards, _digest(*keys))

    def _piece(self, year: str, shards: int) -> Piece:
        known = _read(self._files(year)[1])
        if known.get("key") == self._piece_key(year, shards):
            return Piece(known["text"], known["words"].split())
        return self._make(year, shards)

    def _lines(self, year: str, shards: int) -> list[str]:
        """The lines of the piece for each of ``shards`` shards. Read apart from the rest: most builds
        need those of one year alone."""
        if year not in self._known_lines:
            known = _read(self._files(year)[2])
            if known.get("key") == self._piece_key(year, shards):
                self._known_lines[year] = known["lines"]
            else:
                self._make(year, shards)
        return self._known_lines[year]

    def _make(self, year: str, shards: int) -> Piece:
        key = self._piece_key(year, shards)
        pages_path, piece_path, lines_path = self._files(year)
        before = _read(pages_path)
        pages = {page.href: self._page(page, before.get(page.href)) for page in self.years[year]}
        terms = merge(page["postings"] for page in pages.values())
        piece = Piece(
            text=_json([page["row"] for page in pages.values()]).decode(),
            words=sorted(filter(_CORRECTION.fullmatch, terms)),
        )
        self._known_lines[year] = shard_lines(terms, shards)
        _write(pages_path, pages)
        _write(piece_path, {"key": key, "text": piece.text, "words": " ".join(piece.words)})
        _write(lines_path, {"key": key, "lines": self._known_lines[year]})
        return piece

    def _page(self, page: Searched, known: Mapping[str, Any] | None) -> Mapping[str, Any]:
        key = _digest(code_fingerprint(), page.fingerprint)
        if known and known.get("key") == key:
            return known
        found = documents(self._site, page)
        self._texts[page.href] = _shown(found)
        postings, ends = page_postings([document.parts() for document in found])
        return {"key": key, "row": _row(page, found, ends), "postings": postings}

    def _piece_key(self, year: str, shards: int) -> str:
        pages = [part for page in self.years[year] for part in (page.href, page.fingerprint)]
        return _digest(code_fingerprint(), str(shards), *pages)

    def _files(self, year: str) -> list[Path]:
        """The files of the postings of the year's pages, of the piece, and of its lines."""
        stem = year or "undated"
        return [self._folder / f"{stem}.{kind}.json" for kind in ("pages", "piece", "lines")]


def shard_count(documents: int) -> int:
    """The number of shards for that many ``documents``: a power of two."""
    least, most = _SHARDS
    wanted = max(least, min(most, documents // _DOCUMENTS_PER_SHARD))
    return 1 << (wanted - 1).bit_length()


def text_hrefs(page: Searched) -> list[str]:
    """The addresses of the texts of the page's documents, from the site's root: a few in a file, so
    that showing a hit does not move the whole page's text."""
    stem = page.href.removesuffix(".html")
    files = range(0, count(page), _DOCUMENTS_PER_TEXT)
    return [f"search/text/{stem}.{number}.json" for number in range(len(files))]


def _by_year(pages: Sequence[PageRecord]) -> dict[str, list[PageRecord]]:
    years: dict[str, list[PageRecord]] = {}
    for page in sorted(pages, key=lambda page: (page.week or page.date, page.href), reverse=True):
        years.setdefault((page.week or page.date)[:4], []).append(page)
    return dict(sorted(years.items(), reverse=True))


def _by_quarter(newest: tuple[str, Sequence[PageRecord]]) -> dict[str, list[PageRecord]]:
    """The pages of the newest year, by pieces of thirteen weeks or three months."""
    year, pages = newest
    pieces: dict[str, list[PageRecord]] = {}
    for page in pages:
        pieces.setdefault(_quarter(page) if year else "", []).append(page)
    return pieces


def _quarter(page: PageRecord) -> str:
    """Such as "2026-q4"."""
    time = page.week or page.date
    within = re.search(r"-W?(\d\d)", time)
    number = int(within[1]) - 1 if within else 0
    return f"{time[:4]}-q{min(number // (13 if page.week else 3), 3) + 1}"


def _row(page: Searched, found: Sequence[SearchDocument], ends: list[list[int]]) -> list[Any]:
    """The facts of a page and its documents that a search needs before it reads their texts."""
    own = [
        [*parts[:2], list(document.tags), *_languages(page, document, parts[2:])]
        for document, parts in zip(found, ends, strict=True)
    ]
    return [page.href, page.week, page.date or page.start, page.kind, page.lang, page.title, own]


def _languages(page: Searched, document: SearchDocument, ends: Sequence[int]) -> Iterator[Any]:
    """The languages of the document's passages: none where it is in that of its page, one, or several
    with the position between each two at which the text in the second begins: ``["en", 57, "ko"]``."""
    if len(document.langs) > 1:
        first, *others = document.langs
        yield [first, *(part for pair in zip(ends, others, strict=True) for part in pair)]
    elif document.langs != (primary(page.lang),):
        yield document.langs[0]


def _shown(found: Sequence[SearchDocument]) -> list[bytes]:
    """The texts of the documents. Where one has several languages, how many lines each has follows."""
    shown = [
        [item.anchor, item.title, list(item.about), item.text]
        + ([[text.count("\n") + 1 for _, text in item.texts]] if len(item.texts) > 1 else [])
        for item in found
    ]
    size = _DOCUMENTS_PER_TEXT
    return [_json(shown[start : start + size]) for start in range(0, len(shown), size)]


def _json(data: Any) -> bytes:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()


def _read(path: Path) -> dict[str, Any]:
    try:
        data = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    return data if isinstance(data, dict) else {}


def _write(path: Path, data: Mapping[str, Any]) -> None:
    keep_cache(path, _json(data))


def _digest(*parts: str) -> str:
    return hashlib.blake2b("\0".join(parts).encode(), digest_size=12).hexdigest()
