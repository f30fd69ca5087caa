"""The ledger: every task, question and decision of the journal, with the week that first asked it.

A task that is carried from week to week is one entry: its last mention says whether it is done. A
question is one entry as well, answered by the first note that answers it, and so is a decision.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

from weeknotes.site.data.cache import once_a_site
from weeknotes.site.data.note_index import facts_of
from weeknotes.site.data.page_records import PageRecord, Site

_DAY = re.compile(r"(?<!\d)(\d{4}-\d{2}-\d{2})(?!\d)")
#: A task that was carried over this often has waited long.
_MANY_WEEKS = 4


@dataclass
class Entry:
    """A task, question or decision. ``first`` and ``last`` are where it was first and last mentioned:
    the page's week or day, and the address of the paragraph or list item. ``mentions`` counts the
    pages that have it, ``title`` is that of the note, empty for a list of tasks, and ``label``,
    ``context``, ``to_reader`` and ``is_marked`` are those of its last mention
    (`tasks_and_questions.Ask`)."""

    kind: str
    text: str
    lang: str
    first: tuple[str, str]
    last: tuple[str, str]
    closed: bool
    tags: tuple[str, ...]
    mentions: int = 1
    pages: set[str] = field(default_factory=set)
    label: str = ""
    context: str = ""
    title: str = ""
    to_reader: bool = False
    is_marked: bool = True

    @property
    def said(self) -> str:
        """Its text as the author wrote it, with the word that marks it ("의문: ...")."""
        return f"{self.label}: {self.text}" if self.label else self.text

    @property
    def carried(self) -> int:
        """The number of times that it was carried over."""
        return self.mentions - 1

    def is_overdue(self, today: str) -> bool:
        """Whether it is open though its day, a date in its text, is before ``today``, or though it
        was carried over for weeks."""
        if self.closed:
            return False
        due = _DAY.search(self.text)
        return due[1] < today if due else self.kind == "task" and self.carried >= _MANY_WEEKS

    @property
    def status(self) -> str:
        """The kind of an open one, else "closed"."""
        return "closed" if self.closed else self.kind


@once_a_site
def ledger_of(site: Site) -> Sequence[Entry]:
    """All entries: open ones first, and among them the one that has waited longest."""
    entries: dict[tuple[str, str], Entry] = {}
    pages = sorted(site.pages, key=lambda page: (page.start or page.date, page.href))
    for page in pages:
        if page.kind != "week":
            continue
        for note, facts in zip(page.notes, facts_of(site).of(page).notes, strict=True):
            for ask in facts.asks:
                where = (page.week or page.date[:10], f"{page.href}#{ask.anchor or note.anchor}")
                key = (ask.kind, _same(ask.text))
                entry = entries.get(key)
                if entry is None:
                    entries[key] = entry = Entry(
                        ask.kind, ask.text, page.lang, where, where, ask.closed, note.tags
                    )
                elif page.href not in entry.pages:
                    entry.mentions += 1
                if entry.kind == "task" or not entry.closed:
                    entry.last, entry.closed = where, ask.closed
                    entry.label, entry.context = ask.label, ask.context
                    entry.title = "" if note.kind == "tasks" else note.title
                    entry.to_reader, entry.is_marked = ask.to_reader, ask.is_marked
                entry.pages.add(page.href)
    return sorted(entries.values(), key=lambda one: (one.closed, one.first[0], one.kind, one.text))


def last_day(pages: Sequence[PageRecord]) -> str:
    """The last day of the newest week, as an ISO date: the ledger's "today", so that a site that is
    built again from the same journal is the same site."""
    return max((page.end or page.date[:10] for page in pages if page.kind == "week"), default="")


def _same(text: str) -> str:
    """The same for what reads alike, whatever its width, case and spaces."""
    return "".join(re.findall(r"\w+", unicodedata.normalize("NFKC", text).casefold()))
