"""Read the journal and say what is wrong, each with file, cell, line and the name of its rule, and
what to do. Nothing is run, and nothing is fetched unless you say --online.

  weeknotes check                    the whole journal
  weeknotes check journal/2026       a folder, or a file
  weeknotes check --fix              mend what can be mended without guessing
  weeknotes check --json             for a program to read
  weeknotes check --all              every place, also of a rule that finds more than twenty
  weeknotes check --strict           let tidiness count as well

Turn a rule off for the journal in _quarto.yml:

  weeknotes:
    check: {image-unused: off}

for a notebook in its front matter in the same way, and for a cell with a comment in it:
<!-- check off: image-alt --> or # check off: code-error. docs/checks.md lists the rules.
Exit code 1 if anything is wrong.
"""

from __future__ import annotations

import argparse
from pathlib import Path

MANY = 20
"""Places of one rule from which on only the first `FEW` are shown."""
FEW = 5


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("paths", metavar="PATH", nargs="*", type=Path, help="a file or folder")
    parser.add_argument("--fix", action="store_true", help="mend what needs no guess")
    parser.add_argument("--json", action="store_true", help="the findings as a JSON array")
    parser.add_argument("--all", action="store_true", help="every place of a rule with many")
    parser.add_argument("--strict", action="store_true", help="count minor findings too")
    parser.add_argument("--online", action="store_true", help="try links to other sites")


def run(args: argparse.Namespace) -> int:
    from weeknotes.checks.runner import check
    from weeknotes.cli.terminal import Styled, line, print_json, progress_bar, remark
    from weeknotes.journal import project

    journal = project.find()
    with progress_bar() as progress:
        report = check(journal, args.paths, fix=args.fix, online=args.online, progress=progress)
    counting = report.counting(args.strict)
    if args.json:
        print_json([finding.as_json() for finding in report.findings])
    else:
        few, more = report.summarised(None if args.all else MANY, FEW)
        for finding in few:
            minor = [] if finding in counting else [Styled("  (minor)", "minor")]
            line(str(finding), *minor)
        for rule, rest in more.items():
            count = len({finding.file for finding in rest})
            where = f"{count} file{'' if count == 1 else 's'}"
            print(
                f"{len(rest)} more places in {where} [{rule}]\n  weeknotes check --all shows each."
            )
    for finding in report.mended:
        remark(f"mended: {finding.told()}")
    files = f"{report.files} file{'' if report.files == 1 else 's'}"
    count = len(report.findings)
    said = f"{count} finding{'' if count == 1 else 's'}" if count else "nothing wrong"
    remark(f"{files} checked, {said}")
    return 1 if counting else 0
