"""The page of what is new: the newest notes, and what has changed since its reader last looked."""

from __future__ import annotations

from collections.abc import Sequence

from weeknotes.site.data.changes import Known
from weeknotes.site.data.page_records import Site
from weeknotes.site.pages.shell import Shell, fingerprint
from weeknotes.site.pages.topics_page import Tagged

HREF = "new.html"
_NEWEST = 40


def newest(known: Sequence[Known]) -> list[Tagged]:
    """The newest notes, those of one page in their order on it."""
    recent = sorted(known[-_NEWEST:], key=lambda k: k.page.start or k.page.date, reverse=True)
    return [Tagged(item.page, item.note) for item in recent]


def inputs(shell: Shell, known: Sequence[Known]) -> str:
    """The fingerprint of what the page is made from."""
    rows = [(t.href, t.note.title, t.page.label) for t in newest(known)]
    return fingerprint(shell.fingerprint, rows)


def make(shell: Shell, site: Site, known: Sequence[Known]) -> bytes:
    """The composed page."""
    weeks: dict[str, list[Tagged]] = {}
    for tagged in newest(known):
        weeks.setdefault(tagged.page.href, []).append(tagged)
    return shell.render(
        "new.html",
        HREF,
        lang=shell.strings.lang,
        section="news",
        heading=shell.strings("news"),
        description=shell.strings("news_about"),
        weeks=list(weeks.values()),
    )
