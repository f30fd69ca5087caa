"""Add papers to the library by their identifiers, and with --week begin a note on each.
A paper that is there already, also as another version or under its DOI, is not added again.
Where one is not found the others join all the same, and the exit code is 1.

  weeknotes add 2006.11239 10.1038/nphys1959 9780262035613 PMID:31452104
  weeknotes add https://doi.org/10.1007/978-3-319-24574-4_28 --week this
  weeknotes add ho2020denoising --week this
  weeknotes add papers.bib export.ris CITATION.cff paper.pdf
  weeknotes add - < identifiers.txt
  weeknotes add                     the papers ticked in digests, with notes in this week
"""

from __future__ import annotations

import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "identifiers",
        metavar="IDENTIFIER",
        nargs="*",
        help="an arXiv id, a DOI, an ISBN, a PMID or PMCID, the address of a paper's page, a Zotero "
        "item key, a citation key of the library, a file (BibTeX, CSL-JSON or YAML, RIS, EndNote XML, "
        ".nbib, CITATION.cff, PDF), or - for standard input: a file, or a list of identifiers",
    )
    parser.add_argument("--week", metavar="WEEK", help="begin a note in that week's notebook")
    parser.add_argument("--json", action="store_true", help="the report for a program to read")


def run(args: argparse.Namespace) -> int:
    import sys

    from weeknotes.actions.add import add
    from weeknotes.cli.terminal import print_report, warn
    from weeknotes.journal import project, week_files

    journal = project.find()
    for message in week_files.notices(journal) if args.week else ():
        warn(message)
    if not args.identifiers:
        from weeknotes.actions.digest_ticks import take_ticked

        taken = take_ticked(journal, week=args.week)
        print_report(taken, args.json)
        for message in taken.left:
            warn(message)
        return 0
    report = add(journal, args.identifiers, week=args.week, stdin=sys.stdin.buffer.read)
    print_report(report, args.json)
    return report.exit_code
