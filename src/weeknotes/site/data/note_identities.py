"""The notes by identity, by which a reader's browser finds what is new or changed since its last visit.

`changes.json` holds, month by month, an identity and a fingerprint of the words for each note;
`changes/2026-11.json` holds the notes of a month with their words. The browser keeps what it saw, and
asks for the months in which something differs.

A note's identity is what it is about, not where it is: for a reading note the papers that it is
on, and which of the notes on them it is in order of time; for any other its week and its anchor. So
it survives a new title, another address, and rendering by another engine, from any clone of the
journal. A note that has lost its identity all the same (an untitled one that was moved) is known by
the fingerprint of its words, or by how like its words are to those that the browser has kept:
`theme/js/70-news.js` does that.
"""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from weeknotes.journal.records import NoteRecord
from weeknotes.site.data.cache import once_a_site
from weeknotes.site.data.note_index import facts_of
from weeknotes.site.data.page_records import PageRecord, Site

HREF = "changes.json"
FOLDER = "changes/"
FORMAT = 1
#: Bytes of an identity, and of a fingerprint of words.
_BYTES = 6


@dataclass(frozen=True)
class Known:
    """A note as its identity (`identity` in the journal, ``id`` in the files) and the fingerprint of
    its words, with where it is."""

    page: PageRecord
    number: int
    identity: str
    digest: str

    @property
    def note(self) -> NoteRecord:
        """The note itself."""
        return self.page.notes[self.number]

    @cached_property
    def id(self) -> str:
        """Eight characters for the identity."""
        return short(hashlib.blake2b(self.identity.encode(), digest_size=_BYTES).digest())

    @cached_property
    def words(self) -> str:
        """Eight characters for the fingerprint of the words."""
        return short(bytes.fromhex(self.digest))


def short(data: bytes) -> str:
    """``data`` in the characters of an address."""
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


@once_a_site
def known_notes(site: Site) -> Sequence[Known]:
    """Every note of ``site`` but task lists, oldest first."""
    facts = facts_of(site)
    found: list[Known] = []
    seen: Counter[str] = Counter()
    for page in sorted(site.pages, key=lambda page: (page.start or page.date, page.href)):
        for number, (note, known) in enumerate(zip(page.notes, facts.of(page).notes, strict=True)):
            if note.kind == "tasks" or not note.anchor:
                continue
            name = _about(page, note)
            seen[name] += 1
            found.append(Known(page, number, f"{name} {seen[name]}", known.digest))
    return found


def _about(page: PageRecord, note: NoteRecord) -> str:
    if note.kind == "reading" and note.papers:
        return "papers " + " ".join(sorted(note.papers))
    return f"{page.week or page.href} {note.anchor}"


def month_of(page: PageRecord) -> str:
    """The month in which the page begins."""
    return (page.start or page.date)[:7] or "undated"


def months(site: Site) -> Mapping[str, list[Known]]:
    """The notes of ``site`` by month, oldest first."""
    found: dict[str, list[Known]] = {}
    for known in known_notes(site):
        found.setdefault(month_of(known.page), []).append(known)
    return found
