"""A finding: what is wrong, where, by which rule."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from weeknotes.checks.rule_table import RULES


@dataclass(frozen=True)
class Finding:
    """Something that is wrong: by which ``rule``, where, and what to do about it.

    ``file`` is a POSIX path from the journal's root; ``cell`` counts from 1 as JupyterLab shows
    cells, ``line`` counts from 1 within the cell, or within the file where there is none.
    """

    rule: str
    file: str
    message: str
    cell: int | None = None
    line: int | None = None
    hint: str | None = None

    @property
    def fixable(self) -> bool:
        """Whether `--fix` can mend it."""
        return RULES[self.rule].fixable

    @property
    def minor(self) -> bool:
        """Whether it counts with `--strict` alone."""
        return RULES[self.rule].minor

    def told(self) -> str:
        """It on one line, without what to do about it."""
        where = self.file
        where += f", cell {self.cell}" if self.cell else ""
        where += f", line {self.line}" if self.line else ""
        # A name may hold line ends, with which it could pass itself off as another finding.
        return f"{where}: {self.message} [{self.rule}]".replace("\n", "\\n")

    def __str__(self) -> str:
        return f"{self.told()}\n  {self.hint}" if self.hint else self.told()

    def as_json(self) -> dict[str, Any]:
        """It as plain JSON values."""
        return {**vars(self), "fixable": self.fixable, "minor": self.minor}
