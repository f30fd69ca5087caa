"""The contract between an import and a format: how a source is recognised, and how it is read.

A module of `formats` holds one format and its docstring shows an example of it. It defines a
``FORMAT``, and `format_table` lists them; nothing else has to know which formats there are.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from weeknotes.importers.markdown.blocks import Block, Line
from weeknotes.importers.markdown.inline import Scanner
from weeknotes.importers.page_plan import PagePlan
from weeknotes.importers.sections import ImportContext
from weeknotes.importers.source_files import Source, SourcePlace

RECOGNISED = 1.0
"""The score from which on a source counts as one of a format."""
SURE = 4.0
"""The score from which on a format is sure, if no other one has half as much."""


@dataclass(frozen=True)
class Evidence:
    """The signs in a source that it has a certain format.

    ``score`` adds up the signs that only this format has: about 1 for a line that is typical of it,
    3 for one that nothing else has; below RECOGNISED it is not enough. ``reasons`` name the signs in
    words that complete "since it has ...", for the report.
    """

    score: float = 0.0
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True)
class Format:
    """One format that can be imported.

    ``name`` is its name on the command line and in the report, ``what`` says in a few words what it
    is. ``sniff`` weighs what in a source speaks for it, and may look at the file's place as well.
    ``read`` makes pages of a source's blocks. ``rules`` says that a line ``---`` under a text
    separates two notes. ``split`` cuts the lines into blocks where the format has blocks of its own,
    and ``scanner`` reads their inline text. ``pandoc`` says that the text is pandoc's Markdown.
    Files that are no Markdown have one of ``suffixes``, and ``convert`` makes Markdown of them; it
    raises SourceError for one that it cannot read.
    ``accepts`` says which of the files with such a suffix are the format's own: the others are
    passed over, since a table or a page of HTML is no journal as such.
    """

    name: str
    what: str
    sniff: Callable[[Source], Evidence]
    read: Callable[[Sequence[Block], ImportContext], list[PagePlan]]
    rules: bool = False
    suffixes: tuple[str, ...] = ()
    convert: Callable[[SourcePlace], str] | None = None
    accepts: Callable[[Path], bool] | None = None
    split: Callable[[Sequence[Line]], list[Block]] | None = None
    scanner: type[Scanner] = Scanner
    pandoc: bool = False


def counted(number: int, what: str) -> str:
    """``number`` things in words: ``1 heading with a date``, ``3 headings with dates``; ``what`` has
    the singular and the plural, separated by a bar."""
    one, _, many = what.partition("|")
    return f"{number} {one if number == 1 else many or one + 's'}"
