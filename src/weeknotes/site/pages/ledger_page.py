"""The page of open tasks, questions and decisions: what was asked when, how often it was carried over,
and where it was answered. What is open is shown first, and alone where a browser runs scripts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from weeknotes.site.data.ledger import Entry, last_day, ledger_of
from weeknotes.site.data.page_records import Site
from weeknotes.site.pages.page import ComposedFile, PageOfList, data_script
from weeknotes.site.pages.pagination import ListPart, divide
from weeknotes.site.pages.shell import Shell

HREF = "open.html"
ENTRIES_A_PAGE = 250


def pages(shell: Shell, site: Site) -> Iterator[ComposedFile]:
    """The pages of the ledger, and where there are several the rows of each as a script."""
    entries = ledger_of(site)
    totals, today = totals_of(entries), last_day(site.pages)
    topics = sorted({tag for entry in entries for tag in entry.tags})
    for part in divide(entries, HREF, ENTRIES_A_PAGE):
        page = LedgerPage(shell, site, part, totals, today, topics)
        yield page
        if len(part.hrefs) > 1:
            yield LedgerRows(page)


class LedgerPage(PageOfList[Entry]):
    """One page of the ledger. ``totals`` are the numbers of all entries by status, ``today`` the ISO
    date by which an entry is overdue, ``topics`` the tags of all entries."""

    template = "ledger.html"
    section = "ledger"

    def __init__(
        self,
        shell: Shell,
        site: Site,
        part: ListPart[Entry],
        totals: Counter[str],
        today: str,
        topics: Sequence[str],
    ) -> None:
        super().__init__(shell, site, part)
        self.totals = totals
        self.today = today
        self.topics = topics

    def items(self) -> Any:
        rows = [[*vars(e).values(), self._overdue(e)] for e in self.part.items]
        rows = [[sorted(v) if isinstance(v, set) else v for v in row] for row in rows]
        return [rows, sorted(self.totals.items()), self.topics]

    def values(self) -> Mapping[str, Any]:
        t, totals = self.shell.strings, self.totals
        names = {
            "task": t("open_tasks_kind"),
            "question": t("open_questions"),
            "decision": t("open_decisions"),
        }
        choices = [("open", t("all_open"), sum(totals[kind] for kind in names))]
        choices += [(kind, name, totals[kind]) for kind, name in names.items()]
        choices += [("closed", t("closed"), totals["closed"]), ("", t("all"), totals.total())]
        shows_open = any(not entry.closed for entry in self.part.items)
        return {
            "heading": t("ledger"),
            "description": open_line(self.shell, totals),
            "part": self.part,
            "rows": [
                {"entry": e, "overdue": self._overdue(e), "status": status_of(self.shell, e)}
                for e in self.part.items
            ],
            "choices": choices,
            "chosen": "open" if shows_open else "",
            "topics": self.topics,
        }

    def _overdue(self, entry: Entry) -> bool:
        return entry.is_overdue(self.today)


class LedgerRows(ComposedFile):
    """The rows of ``page`` as a script, with which the browser filters the whole list on any of its
    pages, those of a site that was opened from a folder too."""

    def __init__(self, page: LedgerPage) -> None:
        super().__init__(page.shell, page.site, page.href.removesuffix(".html") + ".js")
        self.page = page

    def made_from(self) -> Sequence[Any]:
        return self.page.made_from()

    def make(self) -> bytes:
        html = self.page.make().decode()
        start = html.index("<tbody>") + len("<tbody>")
        return data_script(self.href, html[start : html.index("</tbody>", start)].strip())


def totals_of(entries: Sequence[Entry]) -> Counter[str]:
    """The number of entries of each status."""
    return Counter(entry.status for entry in entries)


def status_of(shell: Shell, entry: Entry) -> str:
    """The words for the status of ``entry``: what it is, or how it was closed."""
    t = shell.strings
    names = {
        "task": (t("open_tasks"), t("task_done")),
        "question": (t("question"), t("answered")),
        "decision": (t("decision"), t("decided")),
    }
    return names[entry.kind][entry.closed]


def open_line(shell: Shell, totals: Counter[str]) -> str:
    """The numbers of open tasks and questions in a line, and of decisions where there are any."""
    t = shell.strings
    said = [t.count("tasks_open", totals["task"]), t.count("questions_open", totals["question"])]
    if totals["decision"]:
        said.append(t.count("decisions_open", totals["decision"]))
    return " · ".join(said)
