"""The errors of Weeknotes: classes named by cause.

The library raises these; ``cli.main`` alone turns them into a message on standard error and an exit
code. Every message names the file, the cell and the line where they are known, and what to do.
"""

from __future__ import annotations

from pathlib import Path


class WeeknotesError(Exception):
    """Something could not be done.

    ``file``, ``cell`` and ``line`` say where: ``cell`` counts from 1 as JupyterLab shows them, and
    ``line`` counts from 1 within the cell, or within the file where there is no cell. ``hint`` says
    what the user can do about it.
    """

    exit_code = 1

    def __init__(
        self,
        message: str,
        *,
        file: Path | str | None = None,
        cell: int | None = None,
        line: int | None = None,
        hint: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.file = file
        self.cell = cell
        self.line = line
        self.hint = hint

    @property
    def where(self) -> str:
        """``file, cell 3, line 2``, as far as it is known; empty when nothing is."""
        parts = []
        if self.file is not None:
            parts.append(str(self.file))
        if self.cell is not None:
            parts.append(f"cell {self.cell}")
        if self.line is not None:
            parts.append(f"line {self.line}")
        return ", ".join(parts)

    def __str__(self) -> str:
        text = f"{self.where}: {self.message}" if self.where else self.message
        return f"{text}\n  {self.hint}" if self.hint else text


class UsageError(WeeknotesError):
    """The command's words are off; exit code 2."""

    exit_code = 2


class ProjectError(WeeknotesError):
    """There is no journal here, or its ``_quarto.yml`` cannot be read."""


class NotebookError(WeeknotesError):
    """A notebook cannot be read, is not valid, or would lose something if it were written."""


class TemplateError(WeeknotesError):
    """A papermill template is missing, or does not know a parameter it was given."""


class ExecutionError(WeeknotesError):
    """A cell of a notebook failed when it was run."""


class LibraryError(WeeknotesError):
    """``references.json`` cannot be read, or two entries contradict each other."""


class RenderError(WeeknotesError):
    """The site, or a page of it, cannot be built."""


class DigestError(WeeknotesError):
    """A source's answer, a file of candidates or a model's answer cannot be used for a digest."""
