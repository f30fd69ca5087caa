"""Rules about the weeks of a journal: their names, numbers, dates and titles."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator
from contextlib import suppress
from datetime import date
from itertools import pairwise
from pathlib import PurePosixPath

from weeknotes.checks.file_facts import FileFacts, Sources
from weeknotes.checks.findings import Finding
from weeknotes.engines.page_dates import page_date
from weeknotes.errors import WeeknotesError
from weeknotes.journal.weeks import Week

_WEEK_NAME = re.compile(r"\d{4}-?W\d{1,2}", re.I)
#: The titles that `weeknotes new` gives, and the like.
_WEEK_TITLES = (
    re.compile(r"\b(?:Week|W)[ .]?(?P<week>\d{1,2}),? (?P<year>\d{4})\b", re.I),
    re.compile(r"(?P<year>\d{4})년 ?(?:제 ?)?(?P<week>\d{1,2}) ?주"),
    re.compile(r"(?P<year>\d{4}) ?年 ?第? ?(?P<week>\d{1,2}) ?[周週]"),
)
_DAYS = re.compile(
    r"(?<!\d)(\d{4})(?:[-./]|[년年] ?)(\d{1,2})(?:[-./]|[월月] ?)(\d{1,2})(?![\d/.-]\d|\d)"
)


def weeks(sources: Sources) -> Iterator[Finding]:
    """Weeks whose name, number, dates and title disagree, that are missing, or there twice."""
    found: dict[Week, list[str]] = {}
    for source, facts in sources.items():
        if not source.endswith(".ipynb") or not source.startswith("journal/"):
            continue
        week = yield from _week_of(source, facts)
        if week:
            found.setdefault(week, []).append(source)
            yield from _dates(source, facts, week)
    for week, names in sorted(found.items()):
        # The one with the name that `weeknotes new` gives is the one to keep.
        first, *others = sorted(names, key=lambda n: PurePosixPath(n).stem != str(week))
        for name in others:
            yield Finding(
                "week-duplicate",
                name,
                f"the week {week} is in {first} already; {_difference(sources, first, name)}",
                None,
                None,
                "Move what is only in it to the week's notebook; then delete it, or change its week.",
            )
    for before, after in pairwise(sorted(found)):
        if before.next != after:
            yield _gap(found[before][0], before.next, after.previous)


def _difference(sources: Sources, first: str, other: str) -> str:
    """A description of the cells of the notebook ``other`` that differ from those of ``first``."""
    known = set(sources[first].cells)
    differing = [n for n, cell in enumerate(sources[other].cells, 1) if cell not in known]
    if not differing:
        return "this one holds nothing that is not in it"
    numbers = ", ".join(map(str, differing[:12])) + (", …" if len(differing) > 12 else "")
    if len(differing) == 1:
        return f"cell {numbers} of this one differs"
    return f"cells {numbers} of this one differ"


def _gap(source: str, first: Week, last: Week) -> Finding:
    """The weeks after ``source`` that have no notebook."""
    which = f"the week after it, {first}, is missing"
    if first != last:
        count = ((last.start - first.start).days // 7) + 1
        which = f"the {count} weeks after it, {first} to {last}, are missing"
    return Finding("week-missing", source, which, None, None, f"weeknotes new {first}")


def _week_of(source: str, facts: FileFacts) -> Generator[Finding, None, Week | None]:
    """The week of a notebook (returned), None where it is none's."""
    stem = PurePosixPath(source).stem
    named = _parse(stem) if _WEEK_NAME.fullmatch(stem) else None
    said = facts.front.get("week")
    cell, line = facts.front_cell, facts.front_lines.get("week")
    if _WEEK_NAME.fullmatch(stem) and named is None:
        yield Finding(
            "week-file-name",
            source,
            f"no such week: {stem}",
            None,
            None,
            "A year has 52 weeks or 53. Rename the file as in 2026-W47.ipynb.",
        )
    if said is None or facts.front.get("kind", "week") != "week":
        return named
    week = _parse(str(said))
    if week is None:
        yield Finding(
            "week-invalid",
            source,
            f"'week: {said}' is no week",
            cell,
            line,
            "Write it as 2026-W47.",
        )
    elif named and named != week:
        yield Finding(
            "week-file-name",
            source,
            f"the file is called {stem}, and its week is {week}",
            cell,
            line,
            f"Rename the file to {week}.ipynb, or change the week.",
        )
    return named or week


def _parse(text: str) -> Week | None:
    try:
        return Week.parse(text) if _WEEK_NAME.fullmatch(text.strip()) else None
    except WeeknotesError:
        return None


def _dates(source: str, facts: FileFacts, week: Week) -> Iterator[Finding]:
    for key in ("date", "start", "end"):
        value = str(facts.front.get(key) or "").strip()
        for day in _days(value) or _written(value, source, str(week)):
            if day not in week:
                yield Finding(
                    "week-date",
                    source,
                    f"'{key}: {day}' is not in the week {week}",
                    facts.front_cell,
                    facts.front_lines.get(key),
                    f"{week} is {week.start} to {week.end}.",
                )
    title = str(facts.front.get("title") or "")
    others = [w for w in map(_parse, _WEEK_NAME.findall(title)) if w and w != week]
    named = [match for pattern in _WEEK_TITLES for match in pattern.finditer(title)]
    weeks = [_parse(f"{match['year']}-W{match['week']}") for match in named]
    others += [other for other in weeks if other and other != week]
    others += [Week.of(day) for day in _days(title) if day not in week]
    if others:
        yield Finding(
            "week-title",
            source,
            f"the title speaks of {others[0]}, and the week is {week}",
            facts.front_cell,
            facts.front_lines.get("title"),
            f"{week} is {week.start} to {week.end}.",
        )


def _days(text: str) -> list[date]:
    """The days in ``text`` whose numbers are in the order year, month, day."""
    found = []
    for match in _DAYS.finditer(text):
        with suppress(ValueError):
            found.append(date(int(match[1]), int(match[2]), int(match[3])))
    return found


def _written(text: str, source: str, week: str) -> list[date]:
    """The day that ``text`` is, written in another order or with words."""
    found = page_date(text, week=week, source=source).iso
    return [date.fromisoformat(found)] if len(found) == 10 else []
