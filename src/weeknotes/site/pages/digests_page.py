"""The list of all digests, newest first, on as many pages as it takes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from weeknotes.site.data.page_records import PageRecord, Site
from weeknotes.site.pages.page import PageOfList
from weeknotes.site.pages.pagination import ListPart, divide
from weeknotes.site.pages.shell import Shell

HREF = "digests.html"
DIGESTS_A_PAGE = 200


def pages(shell: Shell, site: Site) -> Iterator[DigestsPage]:
    """The pages of the list; none for a journal without digests."""
    if not shell.has_digests:
        return
    found = [page for page in site.pages if page.kind == "digest"]
    found.sort(key=lambda page: (page.date, page.href), reverse=True)
    for part in divide(found, HREF, DIGESTS_A_PAGE):
        yield DigestsPage(shell, site, part, len(found))


class DigestsPage(PageOfList[PageRecord]):
    """One page of the list; ``total`` is the number of all digests."""

    template = "digests.html"
    section = "digests"

    def __init__(self, shell: Shell, site: Site, part: ListPart[PageRecord], total: int) -> None:
        super().__init__(shell, site, part)
        self.total = total

    def items(self) -> Any:
        rows = [(page.label, _papers(page), page.categories) for page in self.part.items]
        return [rows, self.total]

    def values(self) -> Mapping[str, Any]:
        return {
            "heading": self.shell.strings("digests"),
            "description": self.shell.strings.count("digests_about", self.total),
            "part": self.part,
            "rows": [{"page": page, "papers": _papers(page)} for page in self.part.items],
        }


def _papers(page: PageRecord) -> int:
    """The number of papers that the digest's notes are about."""
    return len({key for note in page.notes for key in note.papers})
