"""The report of a run of ``weeknotes digest``."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from weeknotes.actions import digest_entries
from weeknotes.actions.digest_entries import Ranked


@dataclass(frozen=True)
class DayReport:
    """The result of a day: its notebook, empty where there is none; ``state`` is made, completed,
    unchanged, planned, empty or failed; ``papers`` are those shown; ``remarks`` and ``failures`` say
    what the sources told, and what they could not give."""

    day: date
    path: str
    state: str
    papers: tuple[Ranked, ...] = ()
    announced: int = 0
    known: int = 0
    remarks: tuple[str, ...] = ()
    failures: tuple[str, ...] = ()


@dataclass
class DigestReport:
    """The result of a run, day by day. ``notes`` are for the person who runs it."""

    days: list[DayReport] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def failed(self) -> bool:
        """Whether something could not be had."""
        return any(day.failures for day in self.days)

    def to_dict(self) -> dict[str, Any]:
        """The report as plain JSON values; ``papers`` are those of all days, by rank."""
        rows = [[_row(one) for one in day.papers] for day in self.days]
        return {
            "papers": [row for own in rows for row in own],
            "days": [
                {
                    "day": day.day.isoformat(),
                    "notebook": day.path,
                    "state": day.state,
                    "announced": day.announced,
                    "known": day.known,
                    "shown": [row["id"] for row in own],
                    "remarks": list(day.remarks),
                    "failures": list(day.failures),
                }
                for day, own in zip(self.days, rows, strict=True)
            ],
        }

    def to_text(self) -> str:
        """The paths of the notebooks; of a dry run, the papers that would be shown."""
        lines: list[str] = []
        for day in self.days:
            if day.state == "planned" and not day.papers:
                continue
            if day.state == "planned":
                lines.append(f"{day.path}: {len(day.papers)} of {day.announced} papers")
                lines += [f"  {one.score:.3f}  {one.paper.title}" for one in day.papers]
            elif day.path:
                lines.append(day.path)
        return "\n".join(lines)

    def messages(self) -> list[str]:
        """The messages beside the paths: empty days, remarks and failures."""
        said = list(self.notes)
        for day in self.days:
            said += [f"{day.day}: {failure}" for failure in day.failures]
            said += [f"{day.day}: {remark}" for remark in day.remarks]
        return said


def _row(one: Ranked) -> dict[str, Any]:
    paper = one.paper
    return {
        "id": paper.given_id or paper.id,
        "title": paper.title,
        "score": round(one.score, 6),
        "why": digest_entries.why_text(one),
        "words": list(one.raised_by),
        "nearest": [
            {"key": near.key, "title": near.title, "week": near.week} for near in one.nearest
        ],
        "canonical": paper.id,
        "url": paper.url,
        "source": paper.source,
    }
