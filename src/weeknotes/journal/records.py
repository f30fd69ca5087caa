"""The records that everything else works with: notes and their figures.

They are kept apart from `weeknotes.notes`, which reads them from HTML, so that a command that only
looks at what is remembered of a journal needs no HTML parser.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class NoteRecord:
    """A note without its text, as a build remembers it.

    ``anchor`` is the id of its section; ``kind`` is "reading", "note" or "tasks"; ``title`` is the
    heading's text without its citation; ``papers`` are the citation keys that the note is about
    (cited in the heading or right below it), ``cites`` all that it cites, both in order of
    appearance; ``tags`` the texts of its ``.tag`` spans; ``links`` the addresses on the web in the
    heading or right below it, which tell the paper where none is cited there.
    """

    anchor: str
    kind: str
    title: str
    papers: tuple[str, ...]
    cites: tuple[str, ...]
    tags: tuple[str, ...]
    links: tuple[str, ...] = ()


@dataclass(frozen=True)
class Figure:
    """An image of a note: its address as in the page, its alternative text, the HTML of its caption
    (empty where it has none), and the id to link to (its own, or the note's)."""

    src: str
    alt: str
    caption_html: str
    anchor: str


@dataclass(frozen=True)
class Note:
    """A note with its content.

    ``title_html`` is the inside of its heading and ``html`` the whole section, both as in the page's
    body. ``text`` is what a reader can find in it (headings, tables, captions, alternative texts,
    code, outputs), with white space folded. ``level`` is its heading's level, ``lang`` the BCP 47
    language of the section where the author gave one. What ``record`` says is at hand as properties.
    """

    record: NoteRecord
    title_html: str
    html: str
    text: str
    level: int
    lang: str
    figures: tuple[Figure, ...]

    @property
    def anchor(self) -> str:
        return self.record.anchor

    @property
    def kind(self) -> str:
        return self.record.kind

    @property
    def title(self) -> str:
        return self.record.title

    @property
    def papers(self) -> tuple[str, ...]:
        return self.record.papers

    @property
    def cites(self) -> tuple[str, ...]:
        return self.record.cites

    @property
    def tags(self) -> tuple[str, ...]:
        return self.record.tags
