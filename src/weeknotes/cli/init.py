"""Start an empty journal in DIR: its configuration, the template of a week, and the hooks that
let `quarto render` build the whole site. No file that is there already is touched.

  weeknotes init my-journal --title "Reading log" --author "Kim Minji" --lang ko
  cd my-journal
  weeknotes new
  weeknotes serve

--git makes the folder a repository too, and sets git up so that two people can write in one week: it
merges notebooks by cells and the library by entries. Generated cells never keep marks of a conflict;
where both changed the same lines of yours, both versions are there, and git says so. With nbstripout
and nbdime on PATH, commits leave out execution counts and the state of widgets, but no output, since
figures are published, and git diff shows cells. In a journal that exists it does that alone; a clone
has its own settings, so each person says it once:

  weeknotes init . --git
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
    parser.add_argument(
        "--git", action="store_true", help="make it a repository, and set up how git merges it"
    )
    parser.add_argument("--json", action="store_true", help="the files for a program to read")


def run(args: argparse.Namespace) -> int:
    from weeknotes.cli.terminal import done, print_json, remark
    from weeknotes.journal.project import CONFIG_NAMES
    from weeknotes.scaffold import REQUIREMENTS, Scaffolded, git_setup, init
    from weeknotes.scaffold.requirement import OPEN

    there = any((args.folder / name).exists() for name in CONFIG_NAMES)
    if args.git and there:
        made = Scaffolded((), ())
    else:
        made = init(args.folder, title=args.title, author=args.author, lang=args.lang)
    git = git_setup.set_up(args.folder) if args.git else git_setup.GitSetup()
    if args.json:
        report = {"created": list(map(str, made.created)), "kept": list(map(str, made.kept))}
        print_json({**report, "git": list(git.done)} if args.git else report)
        return 0
    for path in made.kept:
        remark(f"kept as it was: {path}")
    for path in made.created:
        done(str(path))
    for what in git.done:
        done(f"git: {what}")
    for hint in git.hints:
        remark(hint)
    requirements = args.folder / REQUIREMENTS
    if requirements in made.created and requirements.read_text("utf-8") == OPEN:
        remark(f"to publish from GitHub, say in {requirements} where Weeknotes is installed from")
    if args.git and not git.done:
        remark("git is set up already")
    return 0
