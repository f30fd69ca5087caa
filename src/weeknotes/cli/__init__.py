"""The ``weeknotes`` command: parse, call, print, exit code.

Each command is a module of this package with ``add_arguments(parser)`` and ``run(args) -> int``; its
docstring is the command's documentation: the first line says what it does, the rest teaches it. Only
the module of the command that was asked for is imported, so that ``weeknotes --help`` stays quick.

Exit codes: 0 done, 1 could not (or found problems), 2 wrong usage. Results go to standard output,
messages and progress to standard error.
"""

from __future__ import annotations

import argparse
import builtins
import gc
import importlib
import os
import sys
from collections.abc import Sequence

from weeknotes import __version__
from weeknotes.errors import WeeknotesError

#: Every command with its one line in ``weeknotes --help``, in the order of a week.
COMMANDS = {
    "init": "start an empty journal in a new folder",
    "new": "begin a week, or another notebook from a template",
    "open": "open a week in JupyterLab, the editor or the browser",
    "note": "begin a note on a paper of the library",
    "refresh": "run the generated cells of weeks again",
    "import": "bring in journals kept elsewhere: logs, digests, tables",
    "add": "add a paper to the library by its arXiv id, DOI, ...",
    "digest": "make the digest of a day: its new papers, ranked, a task each",
    "sync": "bring the library up to date with Zotero",
    "highlights": "put Zotero's highlights under a reading note",
    "list": "list weeks, digests, notes, papers or tags",
    "search": "search the journal as its site does",
    "tasks": "list all open tasks, and tick them",
    "check": "say what is wrong with the journal, and mend what needs no guess",
    "render": "build the site",
    "review": "write all since a day on one page, to mail",
    "remarks": "put the remarks on a letter under their notes",
    "pack": "write the site to one zip, to read and search anywhere",
    "serve": "build the site, show it, and reload the page when something changes",
    "templates": "list what new notebooks can start from",
    "doctor": "look at Python, pandoc, Quarto, Zotero, fonts and hooks",
    "language-server": "help while typing, in VS Code, Neovim, Helix, Emacs ...",
    "completion": "let bash, zsh or fish complete commands, weeks, keys and tags",
}

_INTRO = """\
A research journal of plain Jupyter notebooks, one a week, rendered as a site
in which anything can be found again.

A week with Weeknotes:
  weeknotes new            on Monday: journal/2026/2026-W47.ipynb
  weeknotes open           read, think, write
  weeknotes                what is open in this week
  weeknotes serve          see it as it will be published
  weeknotes render         build the site in _site/ (or: quarto render)
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run ``weeknotes`` with ``argv`` (the process's arguments by default); returns the exit code."""
    from weeknotes.cli import terminal
    from weeknotes.files import telling

    arguments = list(sys.argv[1:] if argv is None else argv)
    # A command makes many objects and few circles of them: looking for these takes a tenth of its time.
    gc.set_threshold(50_000, 20, 100)
    with terminal.inert_output(), telling(terminal.warn):
        try:
            return _guarded(arguments)
        finally:
            terminal.set_quiet(False)


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
    name, rest = command_of(arguments)
    if name is None:
        return _without_command(rest)
    if name not in (*COMMANDS, "hook"):
        return _no_command(name)
    return _call(_module(name), command_parser(name), rest)


def _call(module: str, parser: argparse.ArgumentParser, arguments: list[str]) -> int:
    from weeknotes.cli.terminal import set_quiet

    try:
        args = parser.parse_args(arguments)
    except SystemExit as stop:
        return int(stop.code or 0)
    set_quiet(args.quiet)
    code: int = importlib.import_module(module).run(args)
    return code


def _module(name: str) -> str:
    """The module of a command. One that is called like a function of Python has an underscore behind
    its name, so that importing it doesn't hide that function here."""
    return f"weeknotes.cli.{name.replace('-', '_')}{'_' * hasattr(builtins, name)}"


def command_of(arguments: Sequence[str]) -> tuple[str | None, list[str]]:
    """The name of the command in ``arguments``, None where there is none, and the other arguments:
    options may come before it."""
    for at, word in enumerate(arguments):
        if not word.startswith("-"):
            return word, [*arguments[:at], *arguments[at + 1 :]]
        if word not in ("-q", "--quiet", "-h", "--help"):
            break
    return None, list(arguments)


def _without_command(arguments: list[str]) -> int:
    """Run ``weeknotes`` without a command: in a journal it shows the week, elsewhere the help."""
    parser = overview_parser()
    if not arguments:
        from weeknotes.journal import project

        if not project.is_in_one():
            parser.print_help(sys.stderr)
            return 2
    return _call("weeknotes.cli.overview", parser, arguments)


def _no_command(name: str) -> int:
    from weeknotes.cli.parser import suggestion

    print(
        f"weeknotes: there is no command '{name}'{suggestion(name, COMMANDS)}\n"
        "  weeknotes --help lists them.",
        file=sys.stderr,
    )
    return 2


def command_parser(name: str) -> argparse.ArgumentParser:
    """The parser of one command, documented by its module's docstring."""
    from weeknotes.cli.parser import Parser

    module = importlib.import_module(_module(name))
    parser = Parser(prog=f"weeknotes {name}", description=module.__doc__)
    module.add_arguments(parser)
    _add_quiet(parser)
    return parser


def overview_parser() -> argparse.ArgumentParser:
    """The parser of ``weeknotes`` without a command."""
    from weeknotes.cli.parser import Parser

    width = max(map(len, COMMANDS)) + 2
    listing = "\n".join(f"  {name:<{width}}{line}" for name, line in COMMANDS.items())
    parser = Parser(
        prog="weeknotes",
        description=_INTRO,
        epilog=f"commands:\n{listing}\n\nweeknotes COMMAND --help tells more about each.",
        usage="weeknotes [--version] [--help] [--quiet] [COMMAND ...]",
    )
    version = f"weeknotes {__version__}"
    parser.add_argument(
        "-V", "--version", action="version", version=version, help="say the version, and exit"
    )
    parser.add_argument(
        "--json", action="store_true", help="what is open in the week, for a program to read"
    )
    _add_quiet(parser)
    return parser


def _add_quiet(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "-q", "--quiet", action="store_true", help="say what is wrong, and nothing else"
    )
