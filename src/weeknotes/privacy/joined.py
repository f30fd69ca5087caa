"""The cells of a notebook as the one document that they are rendered as, and the way back.

A section, a div or an HTML element that is open at the end of a cell goes on in the next, so what is
private is found in all cells together. A code cell is a word of its own there; an included file is
where it is included.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from weeknotes.privacy import marks
from weeknotes.privacy.class_names import CLASS, marked
from weeknotes.privacy.includes import Includes, includes_in
from weeknotes.privacy.marks import Span
from weeknotes.text.markdown import read

_CELL = "cell"


@dataclass(frozen=True)
class _Piece:
    """A stretch of the document: where it is there, and in which text it is from where on. ``line`` is
    the line that includes a file, where it is one."""

    start: int
    end: int
    number: int
    source: int = 0
    line: Span | None = None


@dataclass
class Document:
    """Texts put together, each with a number of its caller's."""

    includes: Includes = field(default_factory=Includes)
    _parts: list[str] = field(default_factory=list)
    _pieces: list[_Piece] = field(default_factory=list)
    _length: int = 0

    def add_text(self, number: int, text: str, start: int = 0) -> None:
        """Add the Markdown ``text[start:]``."""
        position = start
        for include in includes_in(text[start:]):
            first, last = include.start + start, include.end + start
            self._add(number, text[position:first], position)
            inner = "" if self.includes.withheld(include.name) else self.includes.text(include.name)
            self._add(number, f"\n\n{inner}\n\n" if inner else "\n", 0, (first, last))
            position = last
        self._add(number, text[position:], position)
        self._end()

    def add_code(self, number: int) -> None:
        """Add a code cell."""
        self._add(number, _CELL, 0)
        self._end()

    def add_marks(self, text: str) -> None:
        """Add the marks that a cell, private as a whole, leaves open."""
        self._add(0, text, 0)
        self._end()

    @property
    def text(self) -> str:
        """The document."""
        return "".join(self._parts)

    def in_texts(self, spans: Iterable[Span]) -> Iterator[tuple[int, Span]]:
        """The places of ``spans`` of the document in the texts, each with the text's number."""
        pieces = iter(self._pieces)
        piece = next(pieces, None)
        for start, end in spans:
            while piece and piece.end <= start:
                piece = next(pieces, None)
            while piece and piece.start < end:
                first, last = max(start, piece.start), min(end, piece.end)
                whole = (first, last) == (piece.start, piece.end)
                if piece.line is None:
                    yield (
                        piece.number,
                        (
                            piece.source + first - piece.start,
                            piece.source + last - piece.start,
                        ),
                    )
                elif whole or self._only_space_besides(piece, first, last):
                    yield piece.number, piece.line
                if piece.end > end:
                    break
                piece = next(pieces, None)

    def _only_space_besides(self, piece: _Piece, first: int, last: int) -> bool:
        text = self.text
        return not (text[piece.start : first] + text[last : piece.end]).strip()

    def _add(self, number: int, text: str, source: int, line: Span | None = None) -> None:
        if text:
            self._pieces.append(
                _Piece(self._length, self._length + len(text), number, source, line)
            )
            self._parts.append(text)
            self._length += len(text)

    def _end(self) -> None:
        self._parts.append("\n\n")
        self._length += 2


def left_open(text: str) -> str:
    """Marks of the sections, divs and elements that a private cell of this ``text`` leaves open, since
    what comes behind it belongs to them."""
    if not marked(text):
        return ""
    structure = read(text)
    end = len(text.rstrip())
    parts = []
    for region in structure.regions:
        private = region.attributes.has_class(CLASS)
        if not private or region.depth:
            continue
        if region.kind in ("div", "element") and region.inner[1] >= end:
            parts.append('<div class="private">' if region.name != ":::" else "::: {.private}")
    sections = [s for s in marks.private_spans(text) if s[1] >= end]
    headings = [h for h in structure.of("heading") if not h.depth and sections]
    private_ones = [h for h in headings if h.attributes.has_class(CLASS)]
    if private_ones:
        parts.append(f"{'#' * private_ones[-1].level} private {{.private}}")
    return "\n\n".join(parts)
