"""Begin a week: run the template through papermill and print the path of the new notebook.
A week that exists is left as it is, and its path printed.

  weeknotes new               this week
  weeknotes new last          the week before
  weeknotes new 2026-W53      an ISO 8601 week
  weeknotes new 2026-11-20    the week of a day

The template is notebooks/weekly.ipynb, a notebook of your own to change. It is given the
parameters week, start, end, title, author, lang, carry_over (the unticked tasks of the week
before) and reading (what was added to the library in that week).
"""

from __future__ import annotations

import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "week", metavar="WEEK", nargs="?", default="this", help="2026-W47, a date, last, next"
    )
    parser.add_argument(
        "--template", metavar="NAME", default="weekly", help="notebooks/NAME.ipynb (%(default)s)"
    )
    parser.add_argument(
        "--no-execute", action="store_true", help="only fill in the parameters, run nothing"
    )


def run(args: argparse.Namespace) -> int:
    import sys

    from weeknotes.actions.create import new_week
    from weeknotes.journal import project, week_files
    from weeknotes.journal.weeks import Week

    journal = project.find()
    for message in week_files.notices(journal):
        print(f"weeknotes: {message}", file=sys.stderr)
    week = Week.parse(args.week)
    made = new_week(journal, week, template=args.template, execute=not args.no_execute)
    if made.existed:
        print(f"{week} is there already; nothing was changed", file=sys.stderr)
    print(journal.relative(made.path))
    return 0
