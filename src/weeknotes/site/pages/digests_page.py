"""The list of all digests, newest first, on as many pages as it takes."""

from __future__ import annotations

from weeknotes.site.data.page_records import PageRecord
from weeknotes.site.pages.pagination import ListPage
from weeknotes.site.pages.shell import Shell, fingerprint

HREF = "digests.html"
DIGESTS_A_PAGE = 200


def inputs(shell: Shell, part: ListPage[PageRecord], total: int) -> str:
    """The fingerprint of what one page of the list is made from."""
    rows = [(page.label, _papers(page), page.categories) for page in part.items]
    return fingerprint(shell.fingerprint, part.place, rows, total)


def make(shell: Shell, part: ListPage[PageRecord], total: int) -> bytes:
    """One page of the list; ``total`` is the number of all digests."""
    return shell.render(
        "digests.html",
        part.href,
        lang=shell.strings.lang,
        section="digests",
        heading=shell.strings("digests"),
        description=shell.strings.count("digests_about", total),
        part=part,
        rows=[{"page": page, "papers": _papers(page)} for page in part.items],
    )


def _papers(page: PageRecord) -> int:
    """The number of papers that the digest's notes are about."""
    return len({key for note in page.notes for key in note.papers})
