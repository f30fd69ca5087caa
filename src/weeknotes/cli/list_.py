"""List what the journal holds, newest first, as its site shows it: nothing private, unless you say
--private.

  weeknotes list                     weeks, digests and other pages
  weeknotes list weeks
  weeknotes list digests --since 2026-W40
  weeknotes list notes --tag diffusion
  weeknotes list papers              the library: read, cited, or waiting
  weeknotes list tags
  weeknotes list notes --json        for a program to read
"""

from __future__ import annotations

import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "kind",
        nargs="?",
        choices=["weeks", "digests", "notes", "papers", "tags"],
        metavar="KIND",
        help="weeks, digests, notes, papers or tags (all pages)",
    )
    parser.add_argument("--since", metavar="WEEK", help="nothing of an earlier week")
    parser.add_argument("--tag", metavar="TAG", help="only what has this tag")
    parser.add_argument("--private", action="store_true", help="what is private as well")
    parser.add_argument("--json", action="store_true", help="for a program to read")


def run(args: argparse.Namespace) -> int:
    from dataclasses import asdict, replace

    from weeknotes.actions.look import listed
    from weeknotes.cli.terminal import print_json, progress_bar, warn
    from weeknotes.journal import project, week_files
    from weeknotes.journal.weeks import Week

    journal = replace(project.find(), shows_private=args.private)
    since = Week.parse(args.since) if args.since else None
    with progress_bar() as progress:
        items = listed(journal, args.kind, since=since, tag=args.tag, progress=progress)
    if args.json:
        print_json([asdict(item) for item in items])
    else:
        copies = {p for paths in week_files.others(journal).values() for p in paths}
        for item in items:
            _show(item, frozenset(map(journal.relative, copies)))
    for message in week_files.notices(journal):
        warn(message)
    return 0


def _show(item: object, copies: frozenset[str]) -> None:
    """Print a line for ``item``, with its file where that is one of the ``copies`` of weeks."""
    from weeknotes.actions.look import NoteItem, PageItem, PaperItem, TagItem
    from weeknotes.cli.terminal import Styled, line

    match item:
        case PageItem():
            tasks = f", {item.open_tasks} open" if item.open_tasks else ""
            count = f"{item.notes} note{'' if item.notes == 1 else 's'}{tasks}"
            count += f"  copy: {item.file}" if item.file in copies else ""
            when = item.week or item.date
            line(Styled(f"{when:<10}", "title"), f"  {item.title}  ", Styled(count, "minor"))
        case NoteItem():
            papers = " ".join(f"@{key}" for key in item.papers)
            tags = " ".join(f"[{tag}]" for tag in item.tags)
            copy = f"copy: {item.file}" if item.file in copies else ""
            line(
                Styled(f"{item.week or item.date:<10}", "title"),
                f"  {item.title}  ",
                Styled("  ".join(filter(None, (papers, tags, copy))), "minor"),
            )
        case PaperItem():
            who = ", ".join(filter(None, (item.authors, item.year)))
            state = {
                "read": "read",
                "reading": "reading",
                "cited": "cited",
                "library": "unread",
            }[item.status]
            line(f"{state:<7}", Styled(f"@{item.key}", "title"), f"  {item.title}  ", who)
        case TagItem():
            line(f"{item.notes:>5}  ", Styled(item.tag, "title"))
