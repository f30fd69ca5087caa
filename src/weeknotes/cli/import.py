"""Bring in journals kept elsewhere: work logs, blogs, digests, a file a paper, vaults of Obsidian,
graphs of Logseq, exports of Notion, notes of Zotero, posts of Quarto, notebooks, org-mode. They become
week notebooks, digest notebooks and pages.

  weeknotes import ../old-log/README.md --dry-run     show the plan
  weeknotes import ../old-log                         a file, a folder, or a clone
  weeknotes import ../digests --format blog --images ../pictures

Nothing is lost: the text of what was read is compared with that of what was made, and any rest is
reported and put in a cell of its own. The same import again changes nothing, what you have changed
since stays, and a week that exists is not touched without --merge. docs/import.md tells more.
"""

from __future__ import annotations

import argparse
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    from weeknotes.importers.format_table import FORMATS

    parser.add_argument(
        "paths",
        metavar="PATH",
        nargs="+",
        type=Path,
        help="a file, a folder, or a clone of a repository",
    )
    parser.add_argument(
        "--format",
        choices=["auto", *FORMATS],
        default="auto",
        metavar="FORMAT",
        help=f"the format of the sources: {', '.join(FORMATS)} (%(default)s: recognised by content)",
    )
    parser.add_argument("--images", metavar="DIR", type=Path, help="look for pictures here as well")
    parser.add_argument("--download", action="store_true", help="fetch remote pictures too")
    parser.add_argument(
        "--dry-run", action="store_true", help="show what would be made; write nothing"
    )
    parser.add_argument(
        "--merge",
        action="store_true",
        help="let weeks that exist take new cells; never changes theirs",
    )
    parser.add_argument("--json", action="store_true", help="the report for a program to read")


def run(args: argparse.Namespace) -> int:
    from weeknotes import importers
    from weeknotes.cli.terminal import print_report, progress_bar
    from weeknotes.journal import project

    journal = project.find()
    with progress_bar() as progress:
        report = importers.run(
            journal,
            args.paths,
            format=args.format,
            images=args.images,
            dry_run=args.dry_run,
            merge=args.merge,
            download=args.download,
            progress=progress,
        )
    print_report(report, args.json)
    return 0 if report.ok else 1
