"""Make the digest of a day: a notebook of its new papers, ranked by what you read and write, a task
each. Tick the ones you want, and say weeknotes refresh or weeknotes add: they join the library, and
their notes begin in this week. No paper is shown twice.

  weeknotes digest                    every day since the last one
  weeknotes digest 2026-11-27         a day
  weeknotes digest --since 2026-11-20
  weeknotes digest 2026-W48           the digests of a week in one
  weeknotes digest --source hf --source arxiv:cs.LG,stat.ML --format votes
  my-program | weeknotes digest --candidates -

Sources are arxiv, hf (Hugging Face's daily papers), biorxiv, medrxiv, the address of a feed, or a
name that _quarto.yml gives to one, where everything else is configured too, under weeknotes: digest:
(docs/digests.md). It needs no terminal: cron, a systemd timer and .github/workflows/digest.yml
run it as it is.
"""

from __future__ import annotations

import argparse
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from weeknotes.actions.digest_report import DigestReport

_DAY = re.compile(r"\d{4}-?W\d{1,2}|\d{4}[-/.]?\d{1,2}[-/.]?\d{1,2}|today|yesterday|last|this")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("when", metavar="DAY|WEEK", nargs="?", help="2026-11-27, 2026-W48, today")
    parser.add_argument("--since", metavar="DAY", help="every day from that one on")
    parser.add_argument(
        "--source",
        metavar="NAME",
        nargs="+",
        action="extend",
        default=[],
        help="only these sources",
    )
    parser.add_argument(
        "--candidates",
        metavar="FILE",
        help="papers as JSON Lines (id, title, abstract, authors, url, date, ...), - for standard "
        "input, in place of the sources",
    )
    parser.add_argument("--top", metavar="N", type=int, help="papers a day (20)")
    parser.add_argument(
        "--format",
        metavar="FORM",
        help="list, blog, insights, votes, arxiv-table, or the name of a template of yours",
    )
    parser.add_argument("--lang", metavar="TAG", help="the language of the digest, as in ko")
    parser.add_argument(
        "--redo",
        metavar="KEY",
        action="append",
        default=[],
        help="make the texts on a paper anew, by its id or citation key",
    )
    parser.add_argument(
        "--dry-run", action="store_true", help="say what would be shown, and write nothing"
    )
    parser.add_argument("--json", action="store_true", help="the report for a program to read")
    parser.add_argument(
        "--evaluate",
        action="store_true",
        help="how many of the papers that joined the library the digests had shown",
    )


def run(args: argparse.Namespace) -> int:
    from weeknotes.actions.digest import Asked, digest
    from weeknotes.actions.digest_redo import redo
    from weeknotes.cli.terminal import print_report, progress_bar
    from weeknotes.digests.evaluation import evaluate
    from weeknotes.digests.ledger import Ledger
    from weeknotes.errors import UsageError
    from weeknotes.journal import project
    from weeknotes.library.store import Library

    names, when = _without_a_day(args.source, args.when)
    if args.top is not None and args.top < 1:
        raise UsageError("--top must be at least 1")
    if args.candidates is not None and names:
        raise UsageError("name sources or give --candidates, not both")
    journal = project.find()
    if args.evaluate:
        print_report(evaluate(Library.load(journal.library_path), Ledger.load(journal)), args.json)
        return 0
    if args.redo:
        return _finish(redo(journal, args.redo, args.lang, dry_run=args.dry_run), args.json)
    asked = Asked(
        sources=names,
        candidates=None if args.candidates is None else _candidates(args.candidates),
        top=args.top,
        format=args.format,
        lang=args.lang,
        dry_run=args.dry_run,
    )
    with progress_bar() as progress:
        report = digest(journal, when, since=args.since, asked=asked, progress=progress)
    return _finish(report, args.json)


def _finish(report: DigestReport, as_json: bool) -> int:
    """Print ``report``; the exit code."""
    from weeknotes.cli.terminal import print_report, warn

    print_report(report, as_json)
    for message in report.messages():
        warn(message)
    return 1 if report.failed else 0


def _candidates(name: str) -> tuple[str, str]:
    """The name of the file of candidates for messages, and what it holds."""
    import sys
    from pathlib import Path

    from weeknotes.errors import DigestError, UsageError

    path = Path(name)
    if name != "-" and not path.is_file():
        raise UsageError(
            f"there is no file '{name}'", hint="Candidates are JSON Lines: one paper a line."
        )
    data = sys.stdin.buffer.read() if name == "-" else path.read_bytes()
    shown = "standard input" if name == "-" else name
    try:
        return shown, data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DigestError("not UTF-8 text", file=shown, hint="Save it as UTF-8.") from error


def _without_a_day(names: list[str], when: str | None) -> tuple[tuple[str, ...], str | None]:
    """The names of sources, and the day: one that was written behind them, as in
    ``--source hf 2026-11-27``, is no source."""
    days = [name for name in names if _DAY.fullmatch(name)]
    if when is None and len(days) == 1:
        return tuple(name for name in names if name not in days), days[0]
    return tuple(names), when
