"""Bringing in the journals that people already keep: `run` takes files, folders and clones, and
makes week notebooks and digest notebooks of them.

A source is cut into blocks (`blocks`), a family's module (`worklog`, `blog`, `insights`, `votes`,
`arxiv_table`) says which blocks make which page and cell (`form`), `markdown` writes the cells,
`proof` compares their text with the source's, and `writer` puts them into the journal.
"""

from __future__ import annotations

from weeknotes.importers.format_table import FORMATS
from weeknotes.importers.report import ImportReport
from weeknotes.importers.run import run

__all__ = ["FORMATS", "ImportReport", "run"]
