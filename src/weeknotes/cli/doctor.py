"""Look at what Weeknotes works with: Python, pandoc, Quarto, JupyterLab, Chromium, fonts, and in a
journal its library, Zotero, the hooks in scripts/ and git. Nothing is fetched.

  weeknotes doctor
  weeknotes doctor --fix      bring the scripts of an older version up to date, and have git merge
                              notebooks by cells, where the journal is a repository
  weeknotes doctor --json

Exit code 1 where something is wrong that keeps Weeknotes from working.
"""

from __future__ import annotations

import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--fix",
        action="store_true",
        help="put the scripts of this version in place, the old ones beside them, and set git up",
    )
    parser.add_argument("--json", action="store_true", help="the findings for a program to read")


def run(args: argparse.Namespace) -> int:
    from weeknotes.cli.terminal import Styled, done, line, print_json
    from weeknotes.errors import UsageError
    from weeknotes.journal import project
    from weeknotes.scaffold import git_setup
    from weeknotes.scaffold.doctor import examine, renew_hooks

    journal = project.find() if project.is_in_one() else None
    if args.fix:
        if journal is None:
            raise UsageError("--fix is about the scripts of a journal, and this is none")
        for path in renew_hooks(journal):
            done(f"renewed: {journal.relative(path)} (the old one is beside it)")
        if git_setup.is_repository(journal.root):
            for what in git_setup.set_up(journal.root).done:
                done(f"git: {what}")
    found = examine(journal)
    if args.json:
        print_json([one.to_dict() for one in found])
    else:
        styles = {"good": "good", "absent": "minor", "warning": "warning", "bad": "bad"}
        for one in found:
            line(Styled(f"{one.state:<8}", styles[one.state]), f" {one.name:<12} {one.text}")
            if one.hint:
                line(" " * 9, Styled(one.hint, "minor"))
    return 1 if any(one.state == "bad" for one in found) else 0
