"""The ``weeknotes`` command: parse, call, print, exit code.

Each command is a module of this package with ``add_arguments(parser)`` and ``run(args) -> int``; its
docstring is the command's documentation: the first line says what it does, the rest teaches it. Only
the module of the command that was asked for is imported, so that ``weeknotes --help`` stays quick.

Exit codes: 0 done, 1 could not (or found problems), 2 wrong usage. Results go to standard output,
messages and progress to standard error.
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Sequence

from weeknotes import __version__
from weeknotes.errors import WeeknotesError

#: Every command with its one line in ``weeknotes --help``, in the order of a week.
COMMANDS = {
    "init": "start an empty journal in a new folder",
    "new": "begin a week: make its notebook from the template",
    "refresh": "run the generated cells of weeks again",
    "import": "bring in journals kept elsewhere: logs, digests, tables",
    "add": "add a paper to the library by its arXiv id, DOI, ...",
    "digest": "make the digest of a day: its new papers, ranked, a task each",
    "sync": "bring the library up to date with Zotero",
    "highlights": "put Zotero's highlights under a reading note",
    "check": "say what is wrong with the journal, and mend what needs no guess",
    "render": "build the site",
    "review": "write all since a day on one page, to mail",
    "remarks": "put the remarks on a letter under their notes",
    "serve": "build the site, show it, and reload the page when something changes",
}

_INTRO = """\
A research journal of plain Jupyter notebooks, one a week, rendered as a site
in which anything can be found again.

A week with Weeknotes:
  weeknotes new            on Monday: journal/2026/2026-W47.ipynb
  jupyter lab              read, think, write
  weeknotes serve          see it as it will be published
  weeknotes render         build the site in _site/ (or: quarto render)
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run ``weeknotes`` with ``argv`` (the process's arguments by default); returns the exit code."""
    from weeknotes.cli.terminal import inert_output
    from weeknotes.files import telling

    with inert_output(), telling(_say):
        return _guarded(list(sys.argv[1:] if argv is None else argv))


def _say(message: str) -> None:
    print(f"weeknotes: {message}", file=sys.stderr)


def _guarded(arguments: list[str]) -> int:
    """Run the command, and turn what goes wrong into a message and an exit code."""
    try:
        return _run(arguments)
    except WeeknotesError as error:
        print(f"weeknotes: {error}", file=sys.stderr)
        return error.exit_code
    except BrokenPipeError:
        # The reader of a pipe has gone: no error of ours, but nothing more can be said either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        print(f"weeknotes: {where}{error.strerror or error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("weeknotes: stopped", file=sys.stderr)
        return 130


def _run(arguments: list[str]) -> int:
    parser = _overview()
    if not arguments:
        parser.print_help(sys.stderr)
        return 2
    if arguments[0] not in (*COMMANDS, "hook"):
        # --help, --version, or a word that is no command: argparse answers and exits.
        try:
            parser.parse_args(arguments)
        except SystemExit as stop:
            return int(stop.code or 0)
    command = importlib.import_module(f"weeknotes.cli.{arguments[0]}")
    own = command_parser(arguments[0])
    try:
        args = own.parse_args(arguments[1:])
    except SystemExit as stop:
        return int(stop.code or 0)
    code: int = command.run(args)
    return code


def command_parser(name: str) -> argparse.ArgumentParser:
    """The parser of one command, documented by its module's docstring."""
    module = importlib.import_module(f"weeknotes.cli.{name}")
    parser = argparse.ArgumentParser(
        prog=f"weeknotes {name}",
        description=module.__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    module.add_arguments(parser)
    return parser


def _overview() -> argparse.ArgumentParser:
    width = max(map(len, COMMANDS)) + 2
    listing = "\n".join(f"  {name:<{width}}{line}" for name, line in COMMANDS.items())
    parser = argparse.ArgumentParser(
        prog="weeknotes",
        description=_INTRO,
        epilog=f"commands:\n{listing}\n\nweeknotes COMMAND --help tells more about each.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        usage="weeknotes [--version] [--help] COMMAND ...",
    )
    parser.add_argument("--version", action="version", version=f"weeknotes {__version__}")
    parser.add_argument("command", choices=COMMANDS, metavar="COMMAND", help=argparse.SUPPRESS)
    return parser
