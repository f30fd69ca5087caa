"""Candidates from a file, or from any program by way of standard input: a source of one's own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from weeknotes.digests.paper import Paper
from weeknotes.digests.sources.listing import Failure, Listing
from weeknotes.library.web_client import Web

NAME = "candidates"


@dataclass(frozen=True)
class Candidates:
    """The source of ``papers``, which somebody chose: they all count for the day that is asked for,
    and for the last one where several are."""

    papers: tuple[Paper, ...]
    name: str = NAME

    def listings(self, days: Sequence[date], web: Web, today: date) -> list[Listing | Failure]:
        """The papers, on the last of ``days``."""
        remark = "" if self.papers else "it holds no papers"
        return [
            Listing(self.name, day, self.papers, remark=remark)
            if day == days[-1]
            else Listing(self.name, day)
            for day in days
        ]
