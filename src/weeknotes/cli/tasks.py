"""List the open tasks of all weeks and other notebooks, the oldest first, each with its number, and
tick them by number. A task that was carried over is listed once, where it is now.

  weeknotes tasks
  weeknotes tasks --tick 3 5
  weeknotes tasks --json          for a program to read

A tick changes one character of the notebook. Numbers are those of the last list: a task that has
changed since is named and not ticked. Tasks that are private are listed only with --private.
"""

from __future__ import annotations

import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--tick", metavar="N", type=int, nargs="+", help="tick the tasks with these numbers"
    )
    parser.add_argument("--private", action="store_true", help="list what is private as well")
    parser.add_argument("--json", action="store_true", help="the tasks for a program to read")


def run(args: argparse.Namespace) -> int:
    from dataclasses import replace

    from weeknotes.actions.open_tasks import open_tasks, tick
    from weeknotes.cli.terminal import Styled, done, fits, line, print_json, remark, warn
    from weeknotes.journal import project, week_files

    journal = replace(project.find(), shows_private=args.private)
    if args.tick:
        ticked = tick(journal, args.tick)
        if args.json:
            print_json({"ticked": [task.to_dict() for task in ticked]})
        else:
            for task in ticked:
                done(f"ticked: {task.text}  {task.file}, cell {task.cell}, line {task.line}")
        return 0
    report = open_tasks(journal)
    if args.json:
        print_json(report.to_dict())
    else:
        for task in report.tasks:
            since = f"since {task.since}, " if task.since != task.week else ""
            place = f"{since}{task.file}, cell {task.cell}, line {task.line}"
            gap = "  " if fits(task.text, place, margin=8) else "\n      "
            line(
                Styled(f"{task.number:>4}", "title"), f"  {task.text}{gap}", Styled(place, "minor")
            )
        if not report.tasks:
            remark("no task is open")
    for message in (*week_files.notices(journal), *report.unread):
        warn(message)
    return 1 if report.unread else 0
