"""The page that shows the changes between any two dates, at an address that can be mailed.

``changes.html?from=2026-W45&to=2026-W47`` names two ISO weeks or days, both included. The page is
the same for each span: its script puts what is asked for together from ``history/``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from weeknotes.journal.weeks import Week
from weeknotes.site.data import history
from weeknotes.site.data.ledger import last_day
from weeknotes.site.data.page_records import Site
from weeknotes.site.pages.page import ComposedFile, Page
from weeknotes.site.pages.shell import Shell

HREF = "changes.html"


def pages(shell: Shell, site: Site) -> Iterator[ComposedFile]:
    """The page, and the scripts with the history."""
    yield ChangesPage(shell, site, HREF)
    yield HistoryIndex(shell, site, history.INDEX)
    for year in history.history_of(site).years:
        yield HistoryOfYear(shell, site, f"{history.FOLDER}{year}.js", year)


class ChangesPage(Page):
    """The page, which begins with the last two weeks up to the reader's day, or where nothing was
    written in them, with the last two of the journal."""

    template = "changes.html"
    section = "changes"

    def made_from(self) -> Sequence[Any]:
        return [history.FORMAT, history.state_of(self.site)]

    def values(self) -> Mapping[str, Any]:
        t = self.shell.strings
        newest = last_day(self.site.pages)
        weeks = [page for page in self.site.pages if page.kind == "week" and page.start]
        last = Week.parse(newest) if newest else None
        return {
            "heading": t("changes"),
            "description": t("changes_about"),
            "newest": str(last) if last else "",
            "first": str(last.shift(-1)) if last else "",
            "from_day": last.shift(-1).start.isoformat() if last else "",
            "to_day": newest,
            "oldest": min((page.start for page in weeks), default=""),
            "words": {
                "new": t("changes_new"),
                "changed": t("changes_changed"),
                "removed": t("changes_removed"),
                "answered": t("changes_answered"),
                "promised": t("changes_promised"),
                "asked": t("changes_asked"),
                "nothing": t("changes_nothing"),
                "last": t("changes_last", "{}"),
                "summary": t("changes_summary"),
                "withheld": t("changes_withheld"),
                "before": t("before"),
                "after": t("after"),
            },
            # The script asks for the history of this build, not for one that a browser kept.
            "build": self.inputs,
        }


class HistoryIndex(ComposedFile):
    """The script that says in which year's file to look for a span of days."""

    def made_from(self) -> Sequence[Any]:
        return [history.FORMAT, history.index_inputs(history.history_of(self.site))]

    def make(self) -> bytes:
        return history.index(history.history_of(self.site))


class HistoryOfYear(ComposedFile):
    """The script with the notes and entries of ``year``."""

    def __init__(self, shell: Shell, site: Site, href: str, year: str) -> None:
        super().__init__(shell, site, href)
        self.year = year

    def made_from(self) -> Sequence[Any]:
        return [history.FORMAT, history.history_of(self.site).inputs(self.year)]

    def make(self) -> bytes:
        return history.year(history.history_of(self.site), self.year)
