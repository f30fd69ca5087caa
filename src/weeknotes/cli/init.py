"""Start an empty journal in DIR: its configuration, the template of a week, and the hooks that
let `quarto render` build the whole site. No file that is there already is touched.

  weeknotes init my-journal --title "Reading log" --author "Kim Minji" --lang ko
  cd my-journal
  weeknotes new
  weeknotes serve
"""

from __future__ import annotations

import argparse
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", metavar="DIR", type=Path, help="the journal's folder")
    parser.add_argument("--title", default="Weeknotes", help="the site's title (%(default)s)")
    parser.add_argument("--author", default="", help="whose journal it is")
    parser.add_argument(
        "--lang", default="en", help="its main language: en, ko, zh, ... (%(default)s)"
    )


def run(args: argparse.Namespace) -> int:
    import sys

    from weeknotes.scaffold import init

    done = init(args.folder, title=args.title, author=args.author, lang=args.lang)
    for path in done.kept:
        print(f"kept as it was: {path}", file=sys.stderr)
    for path in done.created:
        print(path)
    return 0
