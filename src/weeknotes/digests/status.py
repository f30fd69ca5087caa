"""The status of a digest, what it is made from and what it lacks: the line at its top, and the data
that a later run needs to bring it up to date."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from weeknotes.digests.sources import shown_name
from weeknotes.i18n import counted, language
from weeknotes.text.untrusted import escaped


@dataclass(frozen=True)
class Status:
    """The number of papers that each source has announced for the day, and how many of these were
    shown before or are in the library; ``lacking`` are the sources that could not be had. ``shown``
    are the ids of the papers that the notebook has ever shown: one that is not there any more was
    removed by its author."""

    announced: Mapping[str, int] = field(default_factory=dict)
    known: Mapping[str, int] = field(default_factory=dict)
    lacking: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()

    def followed_by(self, later: Status) -> Status:
        """The status after a run that found ``later``, and may have asked some sources only."""
        return Status(
            {**self.announced, **later.announced},
            {**self.known, **later.known},
            later.lacking,
            tuple(dict.fromkeys((*self.shown, *later.shown))),
        )

    def text(self, lang: str, count: int) -> str:
        """The line for a digest that shows ``count`` papers, as Markdown."""
        w = language(lang).digest
        total, known = sum(self.announced.values()), sum(self.known.values())
        parts = [
            counted(w, "announced", total).format(
                total, _named(filter(self.announced.get, self.announced), w), count
            ),
            counted(w, "known", known).format(known) if known else "",
            w["not_reached"].format(_named(self.lacking, w)) if self.lacking else "",
        ]
        kind = "digest-status digest-missing" if self.lacking else "digest-status"
        return f'<span class="{kind}">{escaped(" ".join(filter(None, parts)))}</span>'

    def record(self) -> dict[str, Any]:
        """The status as JSON values; `status_of` reads it back."""
        return {
            "announced": dict(self.announced),
            "known": dict(self.known),
            "lacking": list(self.lacking),
            "shown": list(self.shown),
        }


def status_of(record: Mapping[str, Any]) -> Status | None:
    """The status that a cell's metadata holds; None where it holds none."""
    if not isinstance(record.get("announced"), dict):
        return None
    return Status(
        _counts(record["announced"]),
        _counts(record.get("known")),
        tuple(map(str, record.get("lacking") or ())),
        tuple(map(str, record.get("shown") or ())),
    )


def _counts(value: Any) -> dict[str, int]:
    there = value if isinstance(value, dict) else {}
    return {str(name): count for name, count in there.items() if isinstance(count, int)}


def _named(sources: Iterable[str], words: Mapping[str, str]) -> str:
    return words["comma"].join(dict.fromkeys(map(shown_name, sources)))
