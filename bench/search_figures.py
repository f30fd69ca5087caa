"""What is measured of a way of searching, ours or another."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

#: So many queries are each the first one of a fresh browser.
FIRST = 12


@dataclass(frozen=True)
class Query:
    """A query, its kind, and the notes that hold it: (href, number on the page)."""

    kind: str
    text: str
    wanted: frozenset[tuple[str, int]]


@dataclass
class Figures:
    """What was seen of one way of searching."""

    name: str
    index_seconds: float = 0.0
    index_bytes: int = 0
    recall: list[float] = field(default_factory=list)
    precision: list[float] = field(default_factory=list)
    at_ten: list[float] = field(default_factory=list)
    first: list[int] = field(default_factory=list)
    later: list[int] = field(default_factory=list)
    ms: list[float] = field(default_factory=list)

    def judge(self, found: Sequence[Any], wanted: Iterable[Any]) -> None:
        """Note how well the hits ``found``, best first, agree with those ``wanted``."""
        right = set(wanted)
        hits = list(dict.fromkeys(found))
        good = sum(1 for hit in hits if hit in right)
        ten = hits[:10]
        if right:
            self.recall.append(good / len(right))
        self.precision.append(good / len(hits) if hits else 1.0)
        self.at_ten.append(sum(hit in right for hit in ten) / len(ten) if ten else float(not right))

    def row(self) -> str:
        """The figures on a line under `HEADER`."""
        moved = (max(self.first), statistics.median(self.later), max(self.later))
        numbers = "".join(f"{value / 1000:>9.1f}" for value in moved)
        mean = [statistics.mean(v) if v else 0 for v in (self.recall, self.precision, self.at_ten)]
        return (
            f"{self.name:<30}{mean[0]:>8.3f}{mean[1]:>10.3f}{mean[2]:>7.3f}{numbers}"
            f"{statistics.median(self.ms):>8.0f}{max(self.ms):>7.0f}"
            f"{self.index_seconds:>8.1f}{self.index_bytes / 1e6:>8.1f}"
        )


HEADER = (
    f"{'':<30}{'recall':>8}{'precision':>10}{'at 10':>7}{'first kB':>9}{'later':>9}{'most':>9}"
    f"{'ms':>8}{'most':>7}{'index s':>8}{'MB':>8}"
)
