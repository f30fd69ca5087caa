"""Put the remarks that came back with a letter under their notes, each as a quote with its author and
day. Reading a file again adds nothing, and what you wrote stays as it is; reply below the quote.

  weeknotes remarks remarks-2026-11-30.json
  weeknotes remarks mail.txt --by "Prof. Park"

FILE is what the letter's button saved, the letter itself as a browser saved it, or the text of the
mail that the letter wrote.
"""

from __future__ import annotations

import argparse
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("files", metavar="FILE", type=Path, nargs="+", help="remarks on a letter")
    parser.add_argument("--by", metavar="NAME", default="", help="their author, if no file says it")
    parser.add_argument(
        "--split", action="store_true", help="split a Markdown cell that two notes share"
    )
    parser.add_argument("--json", action="store_true", help="the report for a program to read")


def run(args: argparse.Namespace) -> int:
    from weeknotes.actions.remarks import put_remarks
    from weeknotes.cli.terminal import print_report
    from weeknotes.journal import project

    report = put_remarks(project.find(), args.files, by=args.by, split=args.split)
    print_report(report, args.json)
    return 1 if report.failed else 0
