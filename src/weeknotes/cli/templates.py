"""List what new notebooks can start from: the templates in notebooks/, and those that Weeknotes brings
along in English, Korean and Chinese.

  weeknotes templates
  weeknotes templates --copy meeting     into notebooks/, to be changed
  weeknotes new --template meeting

A template with a `week` in its front matter makes the notebook of a week, one without makes another
notebook, and one without front matter makes a note in a week.
"""

from __future__ import annotations

import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--copy", metavar="NAME", help="put a template into notebooks/")
    parser.add_argument("--json", action="store_true", help="the templates for a program to read")


def run(args: argparse.Namespace) -> int:
    from weeknotes.actions import templates
    from weeknotes.cli.terminal import Styled, done, line, print_json
    from weeknotes.journal import project

    journal = project.find()
    if args.copy:
        done(journal.relative(templates.copy(journal, args.copy)))
        return 0
    found = templates.listed(journal)
    if args.json:
        print_json([{"name": one.name, "makes": one.makes, "file": one.file} for one in found])
        return 0
    for one in found:
        told = _MAKES.get(one.makes, one.makes).format(name=one.name)
        where = one.file or "of Weeknotes"
        line(Styled(f"{one.name:<14}", "title"), f"{told:<40}  ", Styled(where, "minor"))
    return 0


_MAKES = {
    "week": "weeknotes new --template {name}",
    "page": "weeknotes new --template {name}",
    "paper": "weeknotes note KEY --template {name}",
    "cells": "weeknotes note KEY --template {name}",
    "digest": "weeknotes digest",
    "unreadable": "cannot be read: weeknotes check says why",
}
