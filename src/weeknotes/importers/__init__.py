"""Bringing in the journals that people already keep.

`run` is the door: it takes files, folders and clones, and makes week notebooks and digest notebooks of
them. A source is cut into blocks (`markdown/`), a format (`formats/`) says which blocks make which page
and cell (`page_plan`), `loss_check` compares their text with the text of the source, and `writer` puts
them into the journal.
"""

from __future__ import annotations

from weeknotes.importers.format_table import FORMATS
from weeknotes.importers.report import ImportReport
from weeknotes.importers.run import run

__all__ = ["FORMATS", "ImportReport", "run"]
