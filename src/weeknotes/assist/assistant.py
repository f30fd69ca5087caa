"""The door of this room: help for the documents of one journal, whatever the editor."""

from __future__ import annotations

import contextlib
import time
from datetime import date
from pathlib import Path
from threading import Lock

from weeknotes.assist import completion
from weeknotes.assist.completion import Candidate
from weeknotes.assist.documents import Document
from weeknotes.assist.hover import Hover, about, hover
from weeknotes.assist.names import Names
from weeknotes.assist.papers import Paper, Papers
from weeknotes.errors import LibraryError
from weeknotes.journal.project import Project

#: Seconds for which the files of the journal are not looked at again.
_PATIENCE = 2.0


class Assistant:
    """Help for one journal. What the library and the files hold is remembered, and read again when it
    has changed."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.papers = Papers(project.library_path)
        self.names = Names(project)
        self._looked = -_PATIENCE
        self._lock = Lock()

    def load(self) -> None:
        """Read what has changed, unless that was done just now. A library that cannot be read leaves
        what was known of it: `weeknotes check` tells."""
        with self._lock:
            if time.monotonic() - self._looked < _PATIENCE:
                return
            with contextlib.suppress(LibraryError):
                self.papers.load()
            self.names.load()
            self._looked = time.monotonic()

    def forget_time(self) -> None:
        """Look at the files again at the next question: one has just been saved."""
        self._looked = -_PATIENCE

    def complete(self, document: Document, cell: int, at: int) -> list[Candidate]:
        """The completions at the offset ``at`` of the cell ``cell`` (from 0)."""
        self.load()
        return completion.complete(self.papers, self.names, document, cell, at, self.about)

    def hover(self, document: Document, cell: int, at: int) -> Hover | None:
        """The text to show for the citation or cross-reference at ``at``, or None."""
        self.load()
        return hover(self.papers, self.names, document, cell, at)

    def about(self, paper: Paper) -> str:
        """All that is known of ``paper``, in Markdown."""
        return about(paper, self.names)

    def note(self, key: str) -> str:
        """The Markdown of a new note on the paper ``key``, for the editor to put in. Raises
        LibraryError, TemplateError."""
        from weeknotes.actions.pages import note_text

        return note_text(self.project, key, day=date.today())

    def name_of(self, path: Path) -> str | None:
        """The POSIX path of a file from the journal's root, None where it is outside."""
        try:
            return path.resolve().relative_to(self.project.root).as_posix()
        except ValueError:
            return None
