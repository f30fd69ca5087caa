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
    parser.add_argument("--json", action="store_true", help="the files for a program to read")


def run(args: argparse.Namespace) -> int:
    from weeknotes.cli.terminal import done, print_json, remark
    from weeknotes.scaffold import init

    made = init(args.folder, title=args.title, author=args.author, lang=args.lang)
    if args.json:
        print_json({"created": list(map(str, made.created)), "kept": list(map(str, made.kept))})
        return 0
    for path in made.kept:
        remark(f"kept as it was: {path}")
    for path in made.created:
        done(str(path))
    return 0
