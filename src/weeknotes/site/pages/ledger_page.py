"""The page of open tasks and questions: what was asked when, how often it was carried over, and where
it was answered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from weeknotes.site.data.ledger import Entry
from weeknotes.site.pages.pagination import ListPage
from weeknotes.site.pages.shell import Shell, fingerprint

HREF = "open.html"
ENTRIES_A_PAGE = 250
STATUSES = ("task", "question", "closed")


def inputs(shell: Shell, part: ListPage[Entry], totals: Counter[str], today: str) -> str:
    """The fingerprint of what one page of the ledger is made from."""
    rows = [
        (e.text, e.lang, e.first, e.last, e.status, e.carried, e.tags, e.is_overdue(today))
        for e in part.items
    ]
    return fingerprint(shell.fingerprint, part.place, rows, sorted(totals.items()))


def make(shell: Shell, part: ListPage[Entry], totals: Counter[str], today: str) -> bytes:
    """One page of the ledger."""
    t = shell.strings
    return shell.render(
        "ledger.html",
        part.href,
        lang=t.lang,
        section="ledger",
        heading=t("ledger"),
        description=open_line(shell, totals),
        part=part,
        rows=[{"entry": entry, "overdue": entry.is_overdue(today)} for entry in part.items],
        totals=totals,
        statuses={
            "task": t("open_tasks_kind"),
            "question": t("open_questions"),
            "closed": t("closed"),
        },
    )


def totals_of(entries: Sequence[Entry]) -> Counter[str]:
    """The number of entries of each status."""
    return Counter(entry.status for entry in entries)


def open_line(shell: Shell, totals: Counter[str]) -> str:
    """The numbers of open tasks and questions, in a line."""
    t = shell.strings
    return (
        f"{t.count('tasks_open', totals['task'])} · {t.count('questions_open', totals['question'])}"
    )
