"""Finding papers of the library by key, author, title or year, in any of the journal's languages."""

from __future__ import annotations

import heapq
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from weeknotes.files import stat_of
from weeknotes.library.store import Entry, Library, json_of, other_ids
from weeknotes.site.data import entry_text
from weeknotes.text.folding import fold
from weeknotes.text.romanise import surname

#: A word of a query or of an entry. Scripts and numbers are words of their own, so that "김2021확산"
#: and "ho2020" are several, and no space is needed between them.
_WORD = re.compile(r"[가-힣]+|[㐀-䶿一-鿿豈-﫿]+|[぀-ヿ]+|\d+|[^\W\d_가-힣㐀-䶿一-鿿豈-﫿぀-ヿ]+")
_MOST_AUTHORS = 12
_LONGEST_ABSTRACT = 600


@dataclass(frozen=True, slots=True)
class Paper:
    """An entry of the library in words; ``added`` is the day on which it joined (ISO 8601)."""

    key: str
    title: str
    by: str
    year: str
    added: str
    reference: str
    abstract: str
    links: tuple[tuple[str, str], ...]
    searched: str = field(repr=False)

    @property
    def byline(self) -> str:
        """The authors' family names and the year."""
        return ", ".join(part for part in (self.by, self.year) if part)


class Papers:
    """The papers of the library in ``path``, read again when the file has changed."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._stamp: object = ()
        self._papers: dict[str, Paper] = {}
        self._keys: Mapping[str, str] = {}

    def load(self) -> None:
        """Read the library if it has changed. Raises LibraryError; the papers that were known stay."""
        stamp = stat_of(self._path)
        if stamp == self._stamp:
            return
        self._stamp = stamp
        library = Library.load(self._path)
        self._papers = {key: _paper(key, entry) for key, entry in library.entries.items()}
        self._keys = dict(library.keys)
        # The parsed file is several times as large as what is kept of it.
        json_of.cache_clear()

    def get(self, key: str) -> Paper | None:
        """The paper that ``key`` resolves to."""
        return self._papers.get(self._keys.get(key, ""))

    def find(self, query: str, is_read: Callable[[str], bool], limit: int) -> list[Paper]:
        """At most ``limit`` papers that have all words of ``query``: the one with just this key, then
        those that no note is on, then the others; in each, the best match first, the latest before."""
        folded = fold(query)
        words = _WORD.findall(folded)
        wanted = [word if _is_east_asian(word) else f" {word}" for word in words]
        found = [p for p in self._papers.values() if all(word in p.searched for word in wanted)]
        begins = tuple(wanted[:1])

        def rank(paper: Paper) -> tuple[bool, bool, int, int, str]:
            return (
                paper.key.casefold() != folded,
                is_read(paper.key),
                0 if begins and paper.searched.startswith(begins) else 1,
                -int(paper.added.replace("-", "") or 0),
                paper.key,
            )

        return heapq.nsmallest(limit, found, key=rank)


def _is_east_asian(word: str) -> bool:
    """Whether a word is of a script without spaces, in which a reader looks for parts of words."""
    return "\u3040" <= word[0] <= "\u9fff" or "가" <= word[0] <= "힣" or "豈" <= word[0] <= "﫿"


def _paper(key: str, entry: Entry) -> Paper:
    title = entry_text.title(entry)
    names = entry_text.authors(entry)
    year = entry_text.year(entry)
    return Paper(
        key=key,
        title=title,
        by=entry_text.short_authors(entry),
        year=year,
        added=entry_text.added(entry),
        reference=_reference(entry, names, title, year),
        abstract=_shortened(str(entry.get("abstract") or "")),
        links=tuple((link.name, link.href) for link in entry_text.links(entry)),
        searched=_searched([key, *other_ids(entry), *names, *_in_latin(entry), title, year]),
    )


def _reference(entry: Entry, names: list[str], title: str, year: str) -> str:
    """The reference in plain text, of a paper by many with the first of them."""
    shown = [*names[:_MOST_AUTHORS], "et al."] if len(names) > _MOST_AUTHORS else names
    place = entry.get("container-title") or entry.get("publisher") or entry.get("genre")
    parts = [", ".join(shown), year, title, " ".join(str(place or "").split())]
    return ". ".join(part.rstrip(".") for part in parts if part) + "."


def _shortened(text: str) -> str:
    text = " ".join(re.sub(r"</?[a-zA-Z][^<>]*>", " ", text).split())
    if len(text) <= _LONGEST_ABSTRACT:
        return text
    return text[:_LONGEST_ABSTRACT].rsplit(" ", 1)[0] + " …"


def _searched(texts: Iterable[str]) -> str:
    """The words of ``texts`` folded, each behind a space; the keys among them whole as well."""
    texts = list(texts)
    words = [word for text in texts for word in _WORD.findall(fold(text))]
    return " " + " ".join(dict.fromkeys(words))


def _in_latin(entry: Entry) -> list[str]:
    """The family names of authors that are written in other letters, in Latin ones."""
    people = entry.get("author") or entry.get("editor") or []
    names = (
        [
            str(person.get("family") or person.get("literal") or "")
            for person in people
            if isinstance(person, dict)
        ]
        if isinstance(people, list)
        else []
    )
    return [surname(name) for name in names if name and not name.isascii()]
