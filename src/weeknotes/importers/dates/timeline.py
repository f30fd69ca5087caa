"""This module decides to which ISO week each part of a work log belongs, and says why.

A part's heading wins over the summary line of its fold, and both over the order. Where the same
dates are above several parts (copied and forgotten), or none at all, the order of the parts decides
what is left. No two parts share a week by accident: one that finds none free is kept apart.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

from weeknotes.importers.dates.expressions import Expression
from weeknotes.importers.dates.reader import Reader, Span
from weeknotes.journal.weeks import Week

_HALF_A_YEAR = 183

Decide = Callable[[int, str], None]


@dataclass
class DatedPart:
    """A part of a log with the dates above it: ``line`` is where it begins."""

    line: int
    heading: Expression | None = None
    heading_line: int = 0
    summary: Expression | None = None
    summary_line: int = 0
    span: Span | None = None
    week: Week | None = None
    days: list[Week] = field(default_factory=list)


def assign(parts: Sequence[DatedPart], reader: Reader, decide: Decide) -> None:
    """Give each of ``parts`` its week, and say how it was decided wherever it wasn't plain."""
    for part in parts:
        _read(part, reader, decide)
    _settle_years(parts, decide, from_first=reader.guessed)
    ordered = list(parts) if _ascending(parts) else list(reversed(parts))
    if ordered and ordered[0] is not parts[0] and len(parts) > 1:
        decide(parts[0].line, "the log is newest first")
    _settle_repeats(ordered, decide)
    _settle_undated(ordered, decide)


def _read(part: DatedPart, reader: Reader, decide: Decide) -> None:
    """The week that a part's own dates tell, if they do."""
    heading = reader.span(part.heading) if part.heading else None
    summary = reader.span(part.summary) if part.summary else None
    for expression, span, line in (
        (part.heading, heading, part.heading_line),
        (part.summary, summary, part.summary_line),
    ):
        if expression and span is None:
            what = "its year"
            if reader.counts and expression.number:
                what = "the day that it begins on, such as 2024-07-01,"
            decide(line, f"{expression.text!r} is not a certain date: write {what} beside it")
        if expression and span and expression.nth:
            decide(
                line,
                f"{expression.text!r} is {span.week}: weeks of a month are counted by Thursdays",
            )
    part.span = heading or summary
    if part.span is None:
        return
    part.week = part.span.week
    if heading and summary and heading.week != summary.week:
        assert part.heading is not None and part.summary is not None
        decide(
            part.heading_line,
            f"the heading says {part.heading.text} and the summary, in line {part.summary_line}, "
            f"{part.summary.text}: the heading wins, {part.week}",
        )
    if part.span.days > 1 and (part.span.days != 7 or part.span.start != part.week.start):
        shown = part.heading or part.summary
        what = (
            f"{part.span.days} days" if part.span.days != 7 else f"a week from {part.span.start:%A}"
        )
        text = shown.text if shown else ""
        decide(part.heading_line or part.line, f"{text} is {what}: filed under {part.week}")


def _settle_years(parts: Sequence[DatedPart], decide: Decide, *, from_first: bool) -> None:
    """The years of dates without one in a log that runs over New Year: where the dates, read from old
    to new, fall back by half a year and more, the next year begins. The year that was told is that
    of the oldest part, or with ``from_first`` that of the first in the log."""
    dated = [part for part in parts if part.span and part.week]
    yearless = [part for part in dated if _is_yearless(part)]
    if len(yearless) < 2 or len(yearless) < len(dated):
        return
    steps = [(b.span.start - a.span.start).days for a, b in pairwise(dated) if a.span and b.span]
    forward = sum(1 for step in steps if 0 < step < _HALF_A_YEAR or step < -_HALF_A_YEAR)
    ordered = dated if 2 * forward >= len(steps) else dated[::-1]
    years: dict[int, int] = {}
    later = 0
    before: date | None = None
    for part in ordered:
        assert part.span is not None
        if before and (part.span.start - before).days < -_HALF_A_YEAR:
            later += 1
        before = part.span.start
        years[id(part)] = later
    told = years[id(dated[0])] if from_first else 0
    for part in ordered:
        assert part.span is not None
        if shift := years[id(part)] - told:
            part.span = _shifted(part.span, shift)
            part.week = part.span.week
            decide(part.heading_line or part.line, f"beyond New Year: from {part.span.start} on")


def _is_yearless(part: DatedPart) -> bool:
    shown = part.heading or part.summary
    return shown is not None and shown.yearless and not shown.number


def _shifted(span: Span, years: int) -> Span:
    """``span`` so many years later."""

    def later(day: date) -> date:
        leap = (day.month, day.day) == (2, 29)
        return day.replace(year=day.year + years, day=28 if leap else day.day)

    return Span(later(span.start), later(span.end))


def _ascending(parts: Sequence[DatedPart]) -> bool:
    """Whether the log runs from old to new, by most of its neighbours."""
    weeks = [part.week for part in parts if part.week]
    steps = [(b > a) - (b < a) for a, b in pairwise(weeks)]
    return sum(steps) >= 0


def _settle_repeats(ordered: Sequence[DatedPart], decide: Decide) -> None:
    """Of parts with the same week, the first in time keeps it; the dates of the others were copied."""
    taken: dict[Week, DatedPart] = {}
    for part in ordered:
        if part.week is None:
            continue
        first = taken.get(part.week)
        if first is None:
            taken[part.week] = part
        elif _are_copied(part, first):
            decide(
                part.heading_line or part.summary_line or part.line,
                f"{part.week} is above the part in line {first.line} already: "
                "the dates were copied, and the order decides",
            )
            part.days = [part.week]
            part.week = None


def _are_copied(part: DatedPart, first: DatedPart) -> bool:
    """Whether the dates over two parts of one week are one range that was copied, and not those of
    days, of which a week has several."""
    one_day = any(p.span is not None and p.span.days == 1 for p in (part, first))
    return not one_day


def _settle_undated(ordered: Sequence[DatedPart], decide: Decide) -> None:
    """Weeks for parts that have none, by their neighbours in time."""
    taken = {part.week for part in ordered if part.week}
    for index, part in enumerate(ordered):
        if part.week:
            continue
        line = part.heading_line or part.summary_line or part.line
        before = next((p for p in reversed(ordered[:index]) if p.week), None)
        after = next((p for p in ordered[index + 1 :] if p.week), None)
        if before and before.week:
            week = before.week.next
            whence = f"the week after {before.week}, that of the part before it in time"
        elif after and after.week:
            missing = sum(1 for p in ordered[: ordered.index(after)] if not p.week)
            week = after.week.shift(-missing)
            whence = f"{missing} before {after.week}, counted back from the next part with a date"
        else:
            decide(
                line,
                "no date anywhere in the source gives its week: it becomes a page of its own "
                "(a date over it, such as 2024-07-01, would)",
            )
            continue
        if week in taken or (after and after.week and week >= after.week):
            decide(
                line, f"there is no free week there ({week} is another part's): a page of its own"
            )
            continue
        part.week = week
        taken.add(week)
        why = "its dates were copied" if part.days else "it has no dates"
        decide(line, f"{why}: {week}, {whence}")
