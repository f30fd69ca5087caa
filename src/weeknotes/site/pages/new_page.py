"""The page of what is new, and the files by which a reader's browser finds what has changed since its
last visit (`weeknotes.site.data.note_identities`)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from weeknotes.site.data import note_identities
from weeknotes.site.data.note_identities import Known, known_notes
from weeknotes.site.data.page_records import Site
from weeknotes.site.data.topics import Tagged
from weeknotes.site.pages.home_page import excerpt
from weeknotes.site.pages.page import ComposedFile, Page
from weeknotes.site.pages.shell import Shell

HREF = "new.html"
_NEWEST = 40
_EXCERPT_LENGTH = 140


def pages(shell: Shell, site: Site) -> Iterator[ComposedFile]:
    """The page, the index of all notes, and the notes of each month."""
    yield NewPage(shell, site, HREF)
    yield NotesIndex(shell, site, note_identities.HREF)
    for month, notes in note_identities.months(site).items():
        yield MonthOfNotes(shell, site, f"{note_identities.FOLDER}{month}.json", notes)


class NewPage(Page):
    """The page: the newest notes. Its script adds what has changed."""

    template = "new.html"
    section = "news"

    def made_from(self) -> Sequence[Any]:
        return [(t.href, t.note.title, t.page.label, t.page.fingerprint) for t in self._newest()]

    def values(self) -> Mapping[str, Any]:
        weeks: dict[str, list[Tagged]] = {}
        for tagged in self._newest():
            weeks.setdefault(tagged.page.href, []).append(tagged)
        return {
            "heading": self.shell.strings("news"),
            "description": self.shell.strings("news_about"),
            "weeks": list(weeks.values()),
            "excerpts": {t.href: self._excerpt(t) for t in self._newest()},
        }

    def _excerpt(self, tagged: Tagged) -> str:
        """How the note begins, since a heading such as "In one line" does not say what is in it."""
        notes = self.site.notes(tagged.page.href)
        note = next((note for note in notes if note.record == tagged.note), None)
        return excerpt(note, _EXCERPT_LENGTH) if note is not None else ""

    def _newest(self) -> list[Tagged]:
        """The newest notes, those of one page in their order on it."""
        known = known_notes(self.site)
        recent = sorted(known[-_NEWEST:], key=lambda k: k.page.start or k.page.date, reverse=True)
        return [Tagged(item.page, item.note) for item in recent]


class NotesIndex(ComposedFile):
    """The index: by month, sixteen characters for each note, identity and words; and the words that
    the browser shows beside a note."""

    def made_from(self) -> Sequence[Any]:
        notes = [(note_identities.month_of(k.page), k.id, k.words) for k in known_notes(self.site)]
        return [note_identities.FORMAT, notes]

    def make(self) -> bytes:
        t = self.shell.strings
        data = {
            "format": note_identities.FORMAT,
            "words": {
                "new": t("new"),
                "changed": t("changed"),
                "before": t("before"),
                "after": t("after"),
                "unknown": t("words_before_unknown"),
                "gone": t("gone"),
                "nothing": t("since_nothing"),
                "never": t("since_never"),
            },
            "months": {
                month: [known.id + known.words for known in notes]
                for month, notes in note_identities.months(self.site).items()
            },
        }
        return _json(data)


class MonthOfNotes(ComposedFile):
    """The notes of a month with their words."""

    def __init__(self, shell: Shell, site: Site, href: str, notes: Sequence[Known]) -> None:
        super().__init__(shell, site, href)
        self.notes = notes

    def made_from(self) -> Sequence[Any]:
        rows = [(n.page.href, n.page.fingerprint, n.number, n.identity) for n in self.notes]
        return [note_identities.FORMAT, rows]

    def make(self) -> bytes:
        return _json([self._row(known) for known in self.notes])

    def _row(self, known: Known) -> dict[str, str]:
        note = self.site.notes(known.page.href)[known.number]
        return {
            "key": known.id + known.words,
            "href": f"{known.page.href}#{note.anchor}",
            "week": known.page.week or known.page.date[:10],
            "title": note.title,
            "lang": note.lang or known.page.lang,
            "text": note.text,
        }


def _json(data: Any) -> bytes:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()
