"""The days of arXiv's announcements ("Availability of submissions",
info.arxiv.org/help/availability): arXiv announces five times a week, at 20:00 in New York from
Sunday to Thursday, what was submitted until 14:00. The feed of an announcement has the date of the
day that follows.

arXiv's own holidays, on which it announces nothing, are not known in advance: its lists of such days
are empty.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

_NEW_YORK = "America/New_York"
_CLOSES = 14


def announced_on(submitted: datetime) -> date:
    """The day whose list a paper is on that was submitted at that time, holidays aside."""
    here = submitted.astimezone(_zone())
    day = here.date() + timedelta(days=here.hour >= _CLOSES)
    while day.weekday() >= 5:
        day += timedelta(days=1)
    return _weekday_after(day)


def submitted_between(day: date) -> tuple[datetime, datetime]:
    """The times, in UTC, between which the papers on the list of ``day`` were submitted."""
    closed = _weekday_before(day)
    return _closing(_weekday_before(closed)), _closing(closed)


def is_weekend(day: date) -> bool:
    """Whether arXiv announces nothing on ``day``, as on every Saturday and Sunday."""
    return day.weekday() >= 5


def _closing(day: date) -> datetime:
    local = datetime(day.year, day.month, day.day, _CLOSES, tzinfo=_zone())
    return local.astimezone(UTC)


def _weekday_before(day: date) -> date:
    day -= timedelta(days=1)
    while day.weekday() >= 5:
        day -= timedelta(days=1)
    return day


def _weekday_after(day: date) -> date:
    day += timedelta(days=1)
    while day.weekday() >= 5:
        day += timedelta(days=1)
    return day


def _zone() -> ZoneInfo:
    return ZoneInfo(_NEW_YORK)
