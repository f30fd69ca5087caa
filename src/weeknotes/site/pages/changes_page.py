"""The page that shows the changes between any two dates, at an address that can be mailed.

``changes.html?from=2026-W45&to=2026-W47`` names two ISO weeks or days, both included. The page is
the same for each span: its script puts what is asked for together from ``history/``."""

from __future__ import annotations

from weeknotes.journal.weeks import Week
from weeknotes.site.data import history
from weeknotes.site.data.ledger import last_day
from weeknotes.site.data.page_records import Site
from weeknotes.site.pages.shell import Shell, fingerprint

HREF = "changes.html"


def inputs(shell: Shell, site: Site) -> str:
    """The fingerprint of what the page and its data are made from."""
    return fingerprint(shell.fingerprint, history.FORMAT, history.state_of(site))


def make(shell: Shell, site: Site) -> bytes:
    """The page, which begins with the last two weeks of the journal."""
    t = shell.strings
    newest = last_day(site.pages)
    weeks = [page for page in site.pages if page.kind == "week" and page.start]
    last = Week.parse(newest) if newest else None
    words = {
        "new": t("changes_new"),
        "changed": t("changes_changed"),
        "removed": t("changes_removed"),
        "answered": t("changes_answered"),
        "promised": t("changes_promised"),
        "asked": t("changes_asked"),
        "nothing": t("changes_nothing"),
        "withheld": t("changes_withheld"),
        "before": t("before"),
        "after": t("after"),
    }
    return shell.render(
        "changes.html",
        HREF,
        lang=t.lang,
        section="changes",
        heading=t("changes"),
        description=t("changes_about"),
        newest=str(last) if last else "",
        first=str(last.shift(-1)) if last else "",
        from_day=last.shift(-1).start.isoformat() if last else "",
        to_day=newest,
        oldest=min((page.start for page in weeks), default=""),
        words=words,
        build=inputs(shell, site),
    )
