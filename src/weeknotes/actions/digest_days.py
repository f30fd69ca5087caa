"""The days that a run makes digests of."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from weeknotes.digests.ledger import Ledger
from weeknotes.errors import UsageError
from weeknotes.journal.weeks import Week

EXAMPLES = "Write a day as 2026-11-27, today or yesterday, and a week as 2026-W48."
#: Days for which a list that could not be had is asked for again.
PATIENCE = 60
#: Days that a first run looks back for one on which anything was announced.
FIRST_LOOK = 7
_DAY = re.compile(r"\d{4}[-/.]?\d{1,2}[-/.]?\d{1,2}")


@dataclass(frozen=True)
class When:
    """The aim of a run: ``days``, oldest first, or a ``week``. ``first`` says that nothing was ever
    made, and that the newest day with anything on it is enough."""

    days: tuple[date, ...] = ()
    week: Week | None = None
    first: bool = False


def when(
    text: str | None, since: str | None, ledger: Ledger, sources: Iterable[str], today: date
) -> When:
    """The aim of ``weeknotes digest [DAY | WEEK | --since DAY]``. Raises UsageError."""
    if text and since:
        raise UsageError("name a day, or say --since, not both", hint=EXAMPLES)
    if since:
        return When(_span(day_of(since, today), today))
    if text:
        if not (_DAY.fullmatch(text) or text in ("today", "yesterday")):
            return When(week=_week_of(text, today))
        day = day_of(text, today)
        return When((day,))
    return _since_the_last(ledger, list(sources), today)


def _since_the_last(ledger: Ledger, sources: list[str], today: date) -> When:
    asked = [day for day in ledger.days if day <= today]
    if not asked:
        return When(tuple(today - timedelta(days=n) for n in range(FIRST_LOOK)), first=True)
    oldest = today - timedelta(days=PATIENCE)
    again = {
        day
        for day in asked
        if day >= oldest
        and any(ledger.state(day, source) in ("failed", "open") for source in sources)
    }
    return When(tuple(sorted(again | set(_span(max(asked) + timedelta(days=1), today)))))


def _span(first: date, last: date) -> tuple[date, ...]:
    return tuple(first + timedelta(days=n) for n in range((last - first).days + 1))


def day_of(text: str, today: date) -> date:
    """The day that ``text`` names. Raises UsageError, also for one that is to come."""
    relative = {"today": 0, "yesterday": 1}
    if text in relative:
        return today - timedelta(days=relative[text])
    parts = [int(part) for part in re.findall(r"\d+", text)]
    if len(parts) == 1 and len(text) == 8:
        parts = [int(text[:4]), int(text[4:6]), int(text[6:])]
    try:
        day = date(*parts)
    except (ValueError, TypeError):
        raise UsageError(f"not a day: {text!r}", hint=EXAMPLES) from None
    if day > today:
        raise UsageError(f"{day} is yet to come", hint=EXAMPLES)
    return day


def _week_of(text: str, today: date) -> Week:
    try:
        return Week.parse(text, today=today)
    except UsageError as error:
        raise UsageError(f"not a day or a week: {text!r}", hint=EXAMPLES) from error
