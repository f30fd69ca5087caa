"""Begin a week: run the template through papermill and print the path of the new notebook.
A week that exists is left as it is, and its path printed.

  weeknotes new               this week
  weeknotes new last          the week before
  weeknotes new 2026-W53      an ISO 8601 week
  weeknotes new 2026-11-20    the week of a day

The template is notebooks/weekly.ipynb, a notebook of your own to change. It is given the
parameters week, start, end, title, author, lang, carry_over (the unticked tasks of the week
before) and reading (what was added to the library in that week). Modules beside it can be imported.

Other templates make notebooks beside the weeks, today's or that of a day:

  weeknotes new --template day
  weeknotes new tomorrow --template meeting --title "Meeting with Prof. Park"
  weeknotes new --template experiment --title "Fewer steps"

`weeknotes templates` lists them.
"""

from __future__ import annotations

import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "week",
        metavar="WEEK",
        nargs="?",
        default="this",
        help="2026-W47, a date, last, next (this week, or today)",
    )
    parser.add_argument(
        "--template", metavar="NAME", default="weekly", help="what to start from (%(default)s)"
    )
    parser.add_argument("--title", metavar="TEXT", default="", help="a title, for other than weeks")
    parser.add_argument(
        "--no-execute", action="store_true", help="only fill in the parameters, run nothing"
    )
    parser.add_argument("--json", action="store_true", help="the notebook for a program to read")


def run(args: argparse.Namespace) -> int:
    from weeknotes.actions import templates
    from weeknotes.actions.create import new_week
    from weeknotes.actions.pages import new_page
    from weeknotes.cli.terminal import done, print_json, remark, warn
    from weeknotes.errors import UsageError
    from weeknotes.journal import project, week_files
    from weeknotes.journal.weeks import Week, parse_day

    journal = project.find()
    for message in week_files.notices(journal):
        warn(message)
    execute = not args.no_execute
    # A week that is there needs no template.
    is_week = args.template == "weekly" or templates.load(journal, args.template).makes == "week"
    if is_week:
        if args.title:
            raise UsageError(
                "a week has the title that its template gives it",
                hint="Change it in the notebook; --title is for other templates.",
            )
        what = str(week := Week.parse(args.week))
        made = new_week(journal, week, template=args.template, execute=execute)
    else:
        day = parse_day(args.week)
        source = templates.load(journal, args.template)
        made = new_page(journal, source, day, title=args.title.strip(), execute=execute)
        what = made.path.stem
    if args.json:
        print_json({"file": journal.relative(made.path), "existed": made.existed})
        return 0
    if made.existed:
        remark(f"{what} is there already; nothing was changed")
    done(journal.relative(made.path))
    return 0
