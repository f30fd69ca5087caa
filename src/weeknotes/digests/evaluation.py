"""This module measures how well the digests served: the share of the papers that joined the library
later which they had shown before.

A paper counts that could have been shown: it was published while digests were made, and it joined the
library after the first of them. The figure is the recall, as for any retrieval (Manning, Raghavan and
Schütze, *Introduction to Information Retrieval*, section 8.3), by the month in which a paper joined.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from weeknotes.digests.ledger import Ledger
from weeknotes.digests.paper import Paper, title_identity
from weeknotes.library.identifiers import identities
from weeknotes.library.store import Entry, Library, date_added
from weeknotes.text.charts import text_bars

#: A paper may be announced some days after the date that it bears.
_SLACK = datetime.timedelta(days=7)


@dataclass(frozen=True)
class Joined:
    """A paper that joined the library on ``day``; ``shown`` is the day of the digest that had shown it
    before or then, None where none had."""

    key: str
    title: str
    day: datetime.date
    shown: datetime.date | None


@dataclass(frozen=True)
class Evaluation:
    """The papers that could have been shown, by the day on which they joined; ``older`` counts those
    that joined, but were published before the first digest or bear no date; ``first`` is the day of the
    first digest, None where there is none, and ``papers`` how many the digests have shown."""

    joined: tuple[Joined, ...]
    older: int
    papers: int
    first: datetime.date | None

    @property
    def recall(self) -> float | None:
        """The share that the digests had shown; None where nothing joined."""
        return _recall(self.joined)

    @property
    def months(self) -> dict[str, tuple[Joined, ...]]:
        """The papers of each month such as ``2026-11``, oldest first; months without one are left
        out."""
        names = sorted({f"{one.day:%Y-%m}" for one in self.joined})
        return {
            name: tuple(one for one in self.joined if f"{one.day:%Y-%m}" == name) for name in names
        }

    def to_dict(self) -> dict[str, Any]:
        """The evaluation as plain JSON values."""
        return {
            "recall": self.recall,
            "joined": len(self.joined),
            "shown": sum(one.shown is not None for one in self.joined),
            "older": self.older,
            "papers": self.papers,
            "first": self.first.isoformat() if self.first else None,
            "months": [
                {
                    "month": name,
                    "joined": len(found),
                    "shown": sum(one.shown is not None for one in found),
                    "recall": _recall(found),
                }
                for name, found in self.months.items()
            ],
            "missed": [
                {"key": one.key, "title": one.title, "joined": one.day.isoformat()}
                for one in self.joined
                if one.shown is None
            ],
        }

    def to_text(self) -> str:
        """A table by month, a chart of the recall in percent, and what the digests had missed."""
        if self.first is None:
            return "There is no digest yet."
        if self.recall is None:
            return (
                f"Since the first digest, of {self.first}, no paper has joined the library that it "
                f"or a later one could have shown ({self.older} older ones have)."
            )
        lines = [f"{'month':<9}{'joined':>8}{'shown':>8}{'recall':>8}"]
        for name, found in self.months.items():
            lines.append(_row(name, found))
        lines += [_row("all", self.joined), "", "recall in %"]
        percent = {name: round(100 * (_recall(found) or 0)) for name, found in self.months.items()}
        lines += [text_bars(percent), ""]
        missed = [one for one in self.joined if one.shown is None]
        if missed:
            lines.append("Missed:")
            lines += [f"  {one.day}  {one.title} [{one.key}]" for one in missed]
        if self.older:
            lines.append(f"{self.older} more papers joined that were published before the digests.")
        return "\n".join(lines).rstrip()


def evaluate(library: Library, ledger: Ledger) -> Evaluation:
    """The papers of ``library`` that the digests in ``ledger`` had shown before they joined it."""
    first = min((shown.day for shown in ledger.papers.values()), default=None)
    # A day on which no source could be had is no digest.
    days = [day for day, states in ledger.days.items() if {*states.values()} - {"failed"}]
    first = min([*days, *([first] if first else [])], default=None)
    joined: list[Joined] = []
    older = 0
    for key, entry in library.entries.items():
        day = _day(date_added(entry))
        if first is None or day is None or day < first:
            continue
        shown = ledger.find(_paper(entry))
        before = shown.day if shown and shown.day <= day else None
        published = _published(entry)
        if before is None and (published is None or published < first - _SLACK):
            older += 1
            continue
        joined.append(Joined(key, str(entry.get("title") or ""), day, before))
    joined.sort(key=lambda one: (one.day, one.key))
    return Evaluation(tuple(joined), older, len(ledger.papers), first)


def _paper(entry: Entry) -> Paper:
    """An entry as the ledger looks it up."""
    title = str(entry.get("title") or "")
    ids = [one for one in sorted(identities(entry)) if not one.startswith("zotero:")]
    return Paper((ids or [title_identity(title)])[0], title, ids=(*ids, title_identity(title)))


def _published(entry: Entry) -> datetime.date | None:
    """The last day that the date of ``entry`` may mean: of a year alone its end."""
    issued = entry.get("issued")
    parts = issued.get("date-parts") if isinstance(issued, Mapping) else None
    try:
        numbers = [int(part) for part in parts[0]] if parts else []
        if len(numbers) == 1:
            return datetime.date(numbers[0], 12, 31)
        if len(numbers) == 2:
            year, month = numbers[0] + numbers[1] // 12, numbers[1] % 12 + 1
            return datetime.date(year, month, 1) - datetime.timedelta(days=1)
        return datetime.date(*numbers[:3]) if numbers else None
    except (ValueError, TypeError, IndexError):
        return None


def _day(text: str) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        return None


def _recall(found: tuple[Joined, ...]) -> float | None:
    if not found:
        return None
    return round(sum(one.shown is not None for one in found) / len(found), 4)


def _row(name: str, found: tuple[Joined, ...]) -> str:
    shown = sum(one.shown is not None for one in found)
    return f"{name:<9}{len(found):>8}{shown:>8}{100 * (_recall(found) or 0):>7.0f}%"
