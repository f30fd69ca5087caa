"""Build the site from the journal. Only what has changed is made anew, and the site that is there
stays until the new one is whole.

  weeknotes render
  weeknotes render --engine builtin --output-dir /tmp/site

The engine `auto` is Quarto where the command `quarto` is on PATH, else the built-in renderer;
both give the same pages.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from weeknotes.site.last_build import BuildReport


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--engine", choices=["auto", "quarto", "builtin"], default="auto", help="(%(default)s)"
    )
    parser.add_argument(
        "--output-dir", metavar="DIR", type=Path, help="where the site goes (as in _quarto.yml)"
    )
    parser.add_argument("--json", action="store_true", help="the report for a program to read")


def run(args: argparse.Namespace) -> int:
    from weeknotes.engines.surroundings import engine_called
    from weeknotes.journal.project import configuration, relative
    from weeknotes.site import last_build

    before = None
    config = configuration(Path.cwd().resolve())
    if config and engine_called(args.engine) == "builtin":
        root = config.parent.resolve()
        found = last_build.unchanged(root, args.output_dir and args.output_dir.resolve())
        if isinstance(found, last_build.BuildReport):
            return tell(found, relative(root, found.output), as_json=args.json)
        before = found
    # Imported here, as are the modules that it needs: a build that changes nothing does without them.
    from weeknotes.cli.terminal import progress_bar
    from weeknotes.journal import project
    from weeknotes.site.build import render

    journal = project.find()
    with progress_bar() as progress:
        report = render(
            journal, engine=args.engine, output=args.output_dir, progress=progress, before=before
        )
    return tell(report, journal.relative(report.output), as_json=args.json)


def tell(report: BuildReport, output: str, *, as_json: bool = False) -> int:
    """Say what a build did; returns the exit code."""
    from weeknotes.cli.terminal import done, print_json, warn

    for message in (*report.warnings, *report.problems):
        warn(message)
    if as_json:
        print_json({**vars(report), "output": output})
    elif report.written:
        made = f"{report.rendered} rendered, {report.written} files written"
        done(f"{output}: {report.pages} pages, {made}")
    else:
        done(f"{output}: {report.pages} pages, nothing has changed")
    if report.problems:
        count = len(report.problems)
        warn(f"{count} problem{'s' if count > 1 else ''}, see above")
        return 1
    return 0
