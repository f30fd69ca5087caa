"""Begin a note on a paper of the library: a heading that cites it, its abstract folded away, and the
fields of the template `note`, at the end of this week's notebook, which is made if it isn't there. A
note that is there already stays as it is.

  weeknotes note ho2020denoising
  weeknotes note ho2020denoising --week last
  weeknotes note ho2020denoising --template paper     a notebook of its own, for reading in depth

`weeknotes templates --copy note` gives you the template to change.
"""

from __future__ import annotations

import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("key", metavar="KEY", help="the paper's citation key")
    parser.add_argument("--week", metavar="WEEK", help="in that week's notebook (this week)")
    parser.add_argument(
        "--template", metavar="NAME", default="note", help="what to begin with (%(default)s)"
    )
    parser.add_argument("--json", action="store_true", help="the note for a program to read")


def run(args: argparse.Namespace) -> int:
    from datetime import date

    from weeknotes.actions.pages import begin_note
    from weeknotes.cli.terminal import print_report, warn
    from weeknotes.journal import project, week_files
    from weeknotes.journal.weeks import Week

    journal = project.find()
    for message in week_files.notices(journal):
        warn(message)
    week = Week.parse(args.week or "this")
    day = date.today() if date.today() in week else week.start
    begun = begin_note(journal, args.key, week=week, day=day, template=args.template)
    print_report(begun, args.json)
    return 0
