"""Put the highlights and notes that you made in Zotero under the reading note on their paper, as a
generated cell. Called again, it brings that cell up to date and leaves what you wrote alone.

  weeknotes highlights ho2020denoising
  weeknotes highlights ho2020denoising --week 2026-W39
"""

from __future__ import annotations

import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("key", metavar="KEY", help="the paper's citation key")
    parser.add_argument("--week", metavar="WEEK", help="where the note is, if in several weeks")
    parser.add_argument(
        "--split", action="store_true", help="split a Markdown cell that the note shares"
    )
    parser.add_argument("--json", action="store_true", help="the report for a program to read")


def run(args: argparse.Namespace) -> int:
    from weeknotes.actions.highlights import highlights
    from weeknotes.cli.terminal import print_report
    from weeknotes.journal import project

    report = highlights(project.find(), args.key, week=args.week, split=args.split)
    print_report(report, args.json)
    return 0
