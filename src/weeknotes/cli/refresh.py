"""Run the generated cells of weeks again and replace those alone. What you wrote, and every
other cell with its outputs and metadata, stays byte for byte as it was.

  weeknotes refresh                 this week
  weeknotes refresh last 2026-W45   some weeks
  weeknotes refresh --all --workers 2

Weeks and digests that an earlier version made read with --all as they do today: parameters once, code
that Weeknotes made collapsed.

What was ticked in a digest joins the library first, and its note begins in this week.

--scheduler runs them on a Dask cluster, which needs: pip install 'weeknotes[cluster]'
"""

from __future__ import annotations

import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("weeks", metavar="WEEK", nargs="*", help="2026-W47, a date, last, next")
    parser.add_argument("--all", action="store_true", help="every week of the journal")
    parser.add_argument(
        "--workers", metavar="N", type=int, default=1, help="kernels at the same time (%(default)s)"
    )
    parser.add_argument("--scheduler", metavar="ADDRESS", help="tcp://host:8786 of a Dask cluster")
    parser.add_argument("--json", action="store_true", help="the results for a program to read")


def run(args: argparse.Namespace) -> int:
    from weeknotes.actions.digest_notebook import collapse_older
    from weeknotes.actions.digest_ticks import take_ticked
    from weeknotes.actions.refresh import refresh
    from weeknotes.cli.terminal import done, print_json, progress_bar, remark, warn
    from weeknotes.errors import UsageError
    from weeknotes.journal import project, week_files
    from weeknotes.journal.weeks import Week

    if args.all and args.weeks:
        raise UsageError("name weeks or say --all, not both")
    if args.workers < 1:
        raise UsageError("--workers must be at least 1")
    journal = project.find()
    for message in week_files.notices(journal):
        warn(message)
    taken = take_ticked(journal)
    if taken.taken and not args.json:
        done(taken.to_text())
    for message in taken.left:
        warn(message)
    weeks = None if args.all else [Week.parse(word) for word in args.weeks or ["this"]]
    with progress_bar() as progress:
        results = refresh(
            journal, weeks, workers=args.workers, scheduler=args.scheduler, progress=progress
        )
    if args.all:
        results += collapse_older(journal)
    if not results:
        remark("the journal has no week yet; begin one with: weeknotes new")
    states = [
        (journal.relative(result.path), "refreshed" if result.changed else "up to date")
        for result in results
        if not result.error
    ]
    errors = [result.error for result in results if result.error]
    if args.json:
        failed = [{"file": error.file, "error": str(error)} for error in errors]
        weeks_done = [{"file": file, "state": state} for file, state in states]
        print_json({"weeks": weeks_done, "failed": failed, "taken": taken.to_dict()})
    else:
        for file, state in states:
            done(f"{file}: {state}")
    for error in errors:
        warn(str(error))
    return 1 if errors else 0
