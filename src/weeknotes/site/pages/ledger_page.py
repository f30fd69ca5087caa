"""The page of open tasks and questions: what was asked when, how often it was carried over, and where
it was answered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from weeknotes.site.data.ledger import Entry, last_day, ledger_of
from weeknotes.site.data.page_records import Site
from weeknotes.site.pages.page import PageOfList
from weeknotes.site.pages.pagination import ListPart, divide
from weeknotes.site.pages.shell import Shell

HREF = "open.html"
ENTRIES_A_PAGE = 250


def pages(shell: Shell, site: Site) -> Iterator[LedgerPage]:
    """The pages of the ledger."""
    entries = ledger_of(site)
    totals, today = totals_of(entries), last_day(site.pages)
    for part in divide(entries, HREF, ENTRIES_A_PAGE):
        yield LedgerPage(shell, site, part, totals, today)


class LedgerPage(PageOfList[Entry]):
    """One page of the ledger. ``totals`` are the numbers of all entries by status, ``today`` the ISO
    date by which an entry is overdue."""

    template = "ledger.html"
    section = "ledger"

    def __init__(
        self,
        shell: Shell,
        site: Site,
        part: ListPart[Entry],
        totals: Counter[str],
        today: str,
    ) -> None:
        super().__init__(shell, site, part)
        self.totals = totals
        self.today = today

    def items(self) -> Any:
        rows = [
            (e.text, e.lang, e.first, e.last, e.status, e.kind, e.carried, e.tags, self._overdue(e))
            for e in self.part.items
        ]
        return [rows, sorted(self.totals.items())]

    def values(self) -> Mapping[str, Any]:
        t = self.shell.strings
        return {
            "heading": t("ledger"),
            "description": open_line(self.shell, self.totals),
            "part": self.part,
            "rows": [{"entry": e, "overdue": self._overdue(e)} for e in self.part.items],
            "totals": self.totals,
            "statuses": {
                "task": t("open_tasks_kind"),
                "question": t("open_questions"),
                "closed": t("closed"),
            },
        }

    def _overdue(self, entry: Entry) -> bool:
        return entry.is_overdue(self.today)


def totals_of(entries: Sequence[Entry]) -> Counter[str]:
    """The number of entries of each status."""
    return Counter(entry.status for entry in entries)


def open_line(shell: Shell, totals: Counter[str]) -> str:
    """The numbers of open tasks and questions, in a line."""
    t = shell.strings
    return (
        f"{t.count('tasks_open', totals['task'])} · {t.count('questions_open', totals['question'])}"
    )
