"""Papers by rank, each a task: the form that a digest has when none is asked for."""

from __future__ import annotations

from weeknotes.digests import entry_parts as parts
from weeknotes.digests.entry import Digest, Entry
from weeknotes.digests.entry_cells import cell_name
from weeknotes.digests.formats.made_cell import Made


def cells(digest: Digest) -> list[Made]:
    """A cell a paper, the nearest first."""
    return [
        Made(cell_name(one.paper), entry(one, number), one)
        for number, one in enumerate(digest.entries, 1)
    ]


def entry(one: Entry, number: int) -> str:
    """A task with everything on the paper within it."""
    return item(one, parts.facts(one), parts.media(one), parts.why(one), parts.line(one))


def item(one: Entry, *inner: str) -> str:
    """A task with the paper's title, ``inner`` and the folded abstract."""
    text = parts.blocks(*inner, parts.abstract(one))
    head = parts.task(parts.title_link(one.paper))
    return parts.blocks(head, parts.indented(text))
