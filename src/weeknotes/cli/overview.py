"""The output of ``weeknotes`` without a command in a journal."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from weeknotes.actions.overview import Overview
    from weeknotes.cli.terminal import Styled

_FEW = 5


def run(args: argparse.Namespace) -> int:
    from weeknotes.actions.overview import overview
    from weeknotes.cli.terminal import line, print_json, progress_bar, warn
    from weeknotes.journal import project, week_files

    journal = project.find()
    with progress_bar() as progress:
        found = overview(journal, progress=progress)
    if args.json:
        print_json(found.to_dict())
    else:
        for parts in _lines(found):
            line(*parts)
    for message in (*week_files.notices(journal), *found.failed):
        warn(message)
    return 0


def _lines(found: Overview) -> Iterator[Sequence[str | Styled]]:
    from weeknotes.cli.terminal import Styled

    week = found.week
    yield [Styled(f"{found.title}, {week}", "title"), f"  {week.start} to {week.end}"]
    notes = f", {_many(found.notes, 'note')}" if found.notes else ""
    yield _row("notebook", f"{found.notebook}{notes}" if found.notebook else "none yet", "new")[
        : 2 if found.notebook else 3
    ]
    late = [task for task in found.tasks if task.carried]
    carried = f", {len(late)} carried over" if late else ""
    yield _row("tasks", f"{len(found.tasks)} open{carried}", "tasks" if found.tasks else "")
    for task in found.tasks[:_FEW]:
        yield _item(f"  {task.number:>12}  ", task.text, f"  since {task.since}")
    yield _row("questions", f"{len(found.questions)} open", "")
    for question in found.questions[:_FEW]:
        yield _item(" " * 16, question.text, f"  since {question.since}")
    hint = f"note {found.unread[0].key}" if found.unread else ""
    yield _row("unread", _many(len(found.unread), "paper"), hint)
    for paper in found.unread[:_FEW]:
        yield _item(" " * 16, paper.title, f" @{paper.key}")
    problems, minor = len(found.problems), len(found.findings) - len(found.problems)
    said = [_many(problems, "problem")] * bool(problems) + [f"{minor} minor"] * bool(minor)
    label = Styled("  check       ", "bad") if problems else "  check       "
    row = _row("check", ", ".join(said) or "nothing wrong", "check" if said else "")
    yield [label, *row[1:]]
    current = {True: "up to date", False: "not up to date", None: "unknown"}[found.current]
    yield _row("site", f"{found.site}, {current}", "" if found.current else "render")


def _row(label: str, text: str, command: str) -> list[str | Styled]:
    from weeknotes.cli.terminal import Styled

    hint = [Styled(f"  weeknotes {command}", "minor")] if command else []
    return [f"  {label:<12}", text, *hint]


def _item(margin: str, text: str, behind: str) -> list[str | Styled]:
    """A line with ``text``, cut where the terminal is too narrow for it and what is ``behind`` it."""
    from weeknotes.cli.terminal import Styled, columns, shortened, width_of

    width = columns()
    room = None if width is None else width - width_of(margin + behind)
    return [margin + shortened(text, room), Styled(behind, "minor")]


def _many(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"
