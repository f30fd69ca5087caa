"""Add a paper to the library by its identifier, and with --week begin a note on it.
A paper that is there already, also as another version or under its DOI, is not added again.

  weeknotes add 2006.11239
  weeknotes add https://doi.org/10.1007/978-3-319-24574-4_28 --week this
  weeknotes add papers.bib
  weeknotes add                     the papers ticked in digests, with notes in this week
"""

from __future__ import annotations

import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "identifier",
        metavar="IDENTIFIER",
        nargs="?",
        help="an arXiv id or address, a DOI or its address, a Zotero item key, a BibTeX or CSL-JSON "
        "file, or - for standard input",
    )
    parser.add_argument("--week", metavar="WEEK", help="begin a note in that week's notebook")
    parser.add_argument("--json", action="store_true", help="the report for a program to read")


def run(args: argparse.Namespace) -> int:
    import sys

    from weeknotes.actions.add import add
    from weeknotes.cli.terminal import print_report
    from weeknotes.journal import project

    journal = project.find()
    if args.identifier is None:
        from weeknotes.actions.digest_ticks import take_ticked

        taken = take_ticked(journal, week=args.week)
        print_report(taken, args.json)
        for message in taken.left:
            print(f"weeknotes: {message}", file=sys.stderr)
        return 0
    report = add(journal, args.identifier, week=args.week, stdin=sys.stdin.buffer.read)
    print_report(report, args.json)
    return 0
