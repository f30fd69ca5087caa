"""Write the site, or a span of its weeks, to one file that can be mailed, kept, and read without a
server: a zip to unpack, whose index.html one opens, or with --to FILE.html one page. Its search works
from the disk.

  weeknotes pack
  weeknotes pack --since 2026-W40 --until 2026-W47 --to autumn.zip
  weeknotes pack --since 2026-W46 --to two-weeks.html

It says when it was packed, with which version, and from which commit. What is private is not in it.
"""

from __future__ import annotations

import argparse
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--since", metavar="WEEK", help="its first week, or a day in it")
    parser.add_argument("--until", metavar="WEEK", help="its last week, or a day in it")
    parser.add_argument(
        "--to", metavar="FILE", type=Path, help="a .zip or .html file (journal-DATE.zip)"
    )
    parser.add_argument("--json", action="store_true", help="the file for a program to read")


def run(args: argparse.Namespace) -> int:
    from datetime import date

    from weeknotes.actions.pack import pack
    from weeknotes.cli.terminal import print_json, progress_bar
    from weeknotes.journal import project
    from weeknotes.journal.weeks import Week

    since = Week.parse(args.since) if args.since else None
    until = Week.parse(args.until) if args.until else None
    target = args.to or Path(f"journal-{date.today().isoformat()}.zip")
    with progress_bar() as progress:
        made = pack(project.find(), target, since, until, progress=progress)
    if args.json:
        print_json({"path": str(made.path), "pages": made.pages})
    else:
        print(made.path)
    return 0
