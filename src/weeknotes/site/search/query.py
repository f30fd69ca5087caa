"""Reading a query as the browser does (`browser/query.js`): what must be found as a whole, and what
each word of it matches."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from weeknotes.text.folding import fold
from weeknotes.text.inflections import relatives, stem
from weeknotes.text.tokens import Token, tokens

#: How well a word matches: as typed, inflected, as the start of a word, with a typing error.
EXACT, INFLECTED, START, MISTYPED = range(4)
GRADES = 4

#: For each document the places in which something is: position * GRADES + grade, ascending.
Places = dict[int, list[int]]

_QUOTES = re.compile('["“”„‟«»「」『』＂]')
_PAPER_ADDRESS = re.compile(
    r"https?://(?:www\.)?(?:arxiv\.org/(?:abs|pdf)|(?:dx\.)?doi\.org)/", re.I
)
_CORRECTABLE = re.compile("[a-z]{5,}")


@dataclass
class Pair:
    """Two neighbouring characters of Han or Hangul, or one alone, ``offset`` positions after the
    beginning of their unit."""

    text: str
    offset: int

    @property
    def groups(self) -> list[str]:
        """The groups of the index that hold its terms."""
        return [self.text[0]]


@dataclass
class Word:
    """A word, ``offset`` positions after the beginning of its unit. ``exact`` within quotes; ``open``
    where it may be the start of a longer one."""

    text: str
    offset: int
    exact: bool
    open: bool
    corrections: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        self.forms = [self.text] if self.exact else relatives(self.text)
        self._stems = {stem(form) for form in self.forms}

    @property
    def groups(self) -> list[str]:
        """The groups of the index that hold the words that it matches."""
        return list(dict.fromkeys(word[:2] for word in (*self.forms, *self.corrections)))

    def grade(self, word: str) -> int | None:
        """The grade of its match with ``word`` of a note; None if it does not match."""
        if word == self.text:
            return EXACT
        if self.corrections and stem(word) in {stem(other) for other in self.corrections}:
            return MISTYPED
        if not self.exact and stem(word) in self._stems:
            return INFLECTED
        return START if self.open and word.startswith(self.text) else None

    @property
    def can_be_mistyped(self) -> bool:
        """Whether it is long enough to be told from other words with an error in it."""
        return _CORRECTABLE.fullmatch(self.text) is not None


@dataclass
class Unit:
    """A part of a query that must be found as a whole: a word, a run of Han or Hangul, a phrase
    (``exact``). ``others`` are names that the glossary gives for it: ``found`` has their places too,
    ``own`` the documents that hold the unit itself."""

    text: str
    parts: Sequence[Pair | Word]
    exact: bool
    found: Places = field(default_factory=dict)
    others: tuple[Unit, ...] = ()
    own: frozenset[int] | None = None

    @property
    def key(self) -> str:
        """The same for units that differ by an inflection alone."""
        return " ".join(stem(p.text) if isinstance(p, Word) else p.text for p in self.parts)

    def add_others(self) -> None:
        """Add to what was found what the other names have found."""
        if not self.others:
            return
        self.own = frozenset(self.found)
        for other in self.others:
            for number, places in other.found.items():
                self.found[number] = sorted({*self.found.get(number, ()), *places})

    def is_translated(self, number: int) -> bool:
        """Whether the document holds other names alone."""
        return self.own is not None and number not in self.own


def parse(query: str) -> list[Unit]:
    """The units of ``query``."""
    units: list[Unit] = []
    for number, text in enumerate(_QUOTES.split(_PAPER_ADDRESS.sub(" ", query))):
        folded = fold(text)
        if number % 2:
            if found := list(tokens(folded)):
                units.append(Unit(folded, _phrase(found, exact=True), True))
        else:
            for chunk in folded.split(" "):
                units += _loose(tokens(chunk))
    return units


def name_unit(name: str) -> Unit | None:
    """The unit of a folded ``name`` of the glossary, which must be found as it is but for the
    inflection of its last word; None for a name without a letter or digit."""
    found = list(tokens(name))
    return Unit(name, _phrase(found, exact=False), False) if found else None


def translate(units: Sequence[Unit], glossary: Sequence[Sequence[str]]) -> None:
    """Give each run of ``units`` that is a name of the ``glossary`` (folded names, by group) the other
    names of its group. A phrase in quotes is looked for as it is."""
    names = [(name, group) for group in glossary for name in group]
    for name, group in names:
        keys = [unit.key for unit in parse(name)]
        for start in range(len(units) - len(keys) + 1):
            run = units[start : start + len(keys)]
            if keys and not any(u.exact for u in run) and [u.key for u in run] == keys:
                others = [made for other in group if other != name and (made := name_unit(other))]
                for unit in run:
                    unit.others = (*unit.others, *others)


def wide_unit(text: str) -> Unit:
    """The unit of a run of Han or Hangul."""
    return Unit(text, _pairs(text, 0), False)


def _loose(found: Iterator[Token]) -> Iterator[Unit]:
    """The units of something written without spaces: one for each run of a script, since `CMR图像`
    means both words, but one for all parts of `2006.11239`."""
    words: list[Token] = []
    for token in found:
        if words and (token.wide or words[-1].position + 1 != token.position):
            yield Unit("", _phrase(words, exact=False), False)
            words = []
        if token.wide:
            yield wide_unit(token.text)
        else:
            words.append(token)
    if words:
        yield Unit("", _phrase(words, exact=False), False)


def _phrase(found: Sequence[Token], *, exact: bool) -> list[Pair | Word]:
    parts: list[Pair | Word] = []
    for number, token in enumerate(found, 1):
        offset = token.position - found[0].position
        if token.wide:
            parts += _pairs(token.text, offset)
        else:
            last = number == len(found)
            parts.append(
                Word(token.text, offset, exact, not exact and last and len(token.text) > 1)
            )
    return parts


def _pairs(text: str, offset: int) -> list[Pair | Word]:
    """As few pairs as cover the run: every second one, and the last."""
    starts = (max(0, min(at, len(text) - 2)) for at in range(0, len(text), 2))
    return [Pair(text[at : at + 2], offset + at) for at in starts]
