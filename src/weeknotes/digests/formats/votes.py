"""A section a paper with votes, authors, and its thumbnail or video, the most voted first."""

from __future__ import annotations

from weeknotes.digests import entry_parts as parts
from weeknotes.digests.entry import Digest, Entry
from weeknotes.digests.entry_cells import cell_name
from weeknotes.digests.formats.made_cell import Made
from weeknotes.i18n import language
from weeknotes.text.untrusted import escaped

_MOST_AUTHORS = 60


def cells(digest: Digest) -> list[Made]:
    """The day as a heading, and a cell a paper by its votes."""
    heading = f"## {language(digest.lang).digest['daily_papers'].format(digest.day)}"
    ranked = sorted(digest.entries, key=lambda one: -(one.paper.votes or 0))
    return [
        Made("digest-day", heading),
        *(
            Made(cell_name(one.paper), entry(one, number), one)
            for number, one in enumerate(ranked, 1)
        ),
    ]


def entry(one: Entry, number: int) -> str:
    """The section on a paper."""
    paper, w = one.paper, language(one.lang).digest
    others = " · ".join(f"[{label}]({url})" for label, url in parts.links(paper, one.lang))
    names = w["comma"].join(escaped(name) for name in paper.authors[:_MOST_AUTHORS])
    return parts.blocks(
        f"### {parts.title_link(paper)}",
        parts.task(others or parts.title_link(paper)),
        parts.media(one),
        f"{w['votes']}: {paper.votes}" if paper.votes is not None else "",
        f"{w['authors']}: {names}" if names else "",
        parts.why(one),
        parts.bullets(one),
        parts.abstract(one),
    )
