"""Write everything since a day on one page, to mail before a meeting: the notes with their
figures, and room for remarks beside each. The page needs nothing else to be read; where
Chromium is installed, a PDF is written beside it.

  weeknotes review --since last
  weeknotes review --since 2026-11-02 --to meeting.html

DATE is a day or an ISO 8601 week; all of its week is taken, since notes are kept by the week.
--text writes a text beside it for the body of a mail, without code and pictures.
A page that somebody has written remarks into is never replaced.
"""

from __future__ import annotations

import argparse
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--since", metavar="DATE", required=True, help="2026-11-02, 2026-W45, last")
    parser.add_argument(
        "--to", metavar="FILE", type=Path, help="where the page goes (review-DATE.html)"
    )
    parser.add_argument("--text", action="store_true", help="write it as plain text as well")
    parser.add_argument("--json", action="store_true", help="the files for a program to read")


def run(args: argparse.Namespace) -> int:
    from datetime import date

    from weeknotes.actions.review import write_review
    from weeknotes.cli.terminal import done, print_json, progress_bar, remark, warn
    from weeknotes.errors import UsageError
    from weeknotes.journal import project, week_files
    from weeknotes.journal.weeks import Week

    journal = project.find()
    since = Week.parse(args.since).start
    if since > date.today():
        raise UsageError(
            f"--since {args.since} is a day to come: nothing has been written since then",
            hint="Name a day or a week that has begun, as in: --since last",
        )
    target = args.to or Path(f"review-{since.isoformat()}.html")
    with progress_bar() as progress:
        review = write_review(journal, since, target, as_text=args.text, progress=progress)
    for message in week_files.notices(journal):
        warn(message)
    if args.json:
        files = {"page": review.page, "pdf": review.pdf, "text": review.text}
        shown = {name: str(path) if path else None for name, path in files.items()}
        print_json({"since": since.isoformat(), "notes": review.notes, **shown})
        return 0
    if review.page is None:
        remark(f"nothing was written since {since.isoformat()}; there is no letter to write")
        return 0
    done(str(review.page))
    if review.text:
        done(str(review.text))
    if review.pdf:
        done(str(review.pdf))
    else:
        remark("no PDF: chromium is not installed, or failed")
    return 0
