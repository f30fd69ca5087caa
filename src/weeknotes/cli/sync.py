"""Bring the library up to date with Zotero: what was added, changed and removed there since the
last time. What the journal cites is never lost, and no citation key changes by itself.

  weeknotes sync               what has changed
  weeknotes sync --dry-run     only show what would change
  weeknotes sync --rename      also change citations whose keys Zotero changed
  weeknotes sync --full        fetch everything anew

Which libraries and collections is set in _quarto.yml under `weeknotes: zotero:`, see
docs/zotero.md. The key comes from the environment variable ZOTERO_API_KEY or the system's keyring.
"""

from __future__ import annotations

import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--dry-run", action="store_true", help="print what would change as a diff, write nothing"
    )
    parser.add_argument("--full", action="store_true", help="fetch everything anew")
    parser.add_argument(
        "--rename", action="store_true", help="change citations whose keys Zotero changed"
    )
    parser.add_argument("--json", action="store_true", help="the report for a program to read")


def run(args: argparse.Namespace) -> int:
    from weeknotes.cli.terminal import print_report, progress_bar
    from weeknotes.journal import project
    from weeknotes.library.zotero.sync import sync

    journal = project.find()
    with progress_bar() as progress:
        report = sync(
            journal, dry_run=args.dry_run, full=args.full, rename=args.rename, progress=progress
        )
    print_report(report, args.json)
    return 0
