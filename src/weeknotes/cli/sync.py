"""Bring the library up to date with Zotero: what was added, changed and removed there since the
last time. What the journal cites is never lost, and no citation key changes by itself.

  weeknotes sync               what has changed
  weeknotes sync --dry-run     only show what would change
  weeknotes sync --rename      also change citations whose keys Zotero changed
  weeknotes sync --full        fetch everything anew
  weeknotes sync --push        also write a note with links on each paper that you have published a
                               note on; with --dry-run only show it

Which libraries and collections is set in _quarto.yml under `weeknotes: zotero:`, see
docs/zotero.md. The key comes from the environment variable ZOTERO_API_KEY or the system's keyring.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from weeknotes.actions.push import PushReport
    from weeknotes.library.zotero.sync import SyncReport


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--dry-run", action="store_true", help="print what would change as a diff, write nothing"
    )
    parser.add_argument("--full", action="store_true", help="fetch everything anew")
    parser.add_argument(
        "--rename", action="store_true", help="change citations whose keys Zotero changed"
    )
    parser.add_argument(
        "--push",
        action="store_true",
        help="also write a child note in Zotero on each paper with a published note; needs a key that "
        "may write",
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
    if not args.push:
        print_report(report, args.json)
        return 0
    from weeknotes.actions.push import push

    pushed = push(journal, dry_run=args.dry_run)
    print_report(SyncAndPush(report, pushed), args.json)
    return 1 if pushed.refused else 0


@dataclass(frozen=True)
class SyncAndPush:
    """Both reports as one."""

    sync: SyncReport
    push: PushReport

    def to_dict(self) -> dict[str, Any]:
        return {**self.sync.to_dict(), "push": self.push.to_dict()}

    def to_text(self) -> str:
        return f"{self.sync.to_text()}\n{self.push.to_text()}"
