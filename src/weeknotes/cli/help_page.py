"""All commands on one page of Markdown: docs/commands.md. A test holds that file to it, and

  python -m weeknotes.cli.help_page > docs/commands.md

writes it anew. It is made from the parsers, not from what they print: that differs between versions of
Python.
"""

from __future__ import annotations

import argparse
import inspect
from collections.abc import Iterator

from weeknotes.cli import COMMANDS, command_parser

_INTRO = """\
# The commands

Results go to standard output, messages to standard error. The exit code is 0 when done, 1 when
something could not be done or a problem was found, 2 for wrong usage. Every command takes `--help` and
`--quiet`, and those that tell something `--json`, for a program to read. Colours are for terminals that
want them ([NO_COLOR](https://no-color.org) turns them off).

`weeknotes` by itself shows, in a journal, this week's notebook, open tasks and questions, unread
papers, what `weeknotes check` finds, and whether the site is up to date.

`weeknotes`, `list`, `search` and `tasks` read the journal as it would be published: what is private is
in none of their answers, unless you say `--private`, and then it is on your screen alone. What they
remember is in `.weeknotes/`, which git passes over, and never in the site.
"""


def page() -> str:
    """The page."""
    names = "\n".join(f"- [{name}](#{name}): {line}" for name, line in COMMANDS.items())
    parts = [_INTRO, names + "\n"]
    parts += [_section(name) for name in COMMANDS]
    return "\n".join(parts)


def _section(name: str) -> str:
    parser = command_parser(name)
    text = inspect.cleandoc(parser.description or "")
    own = [action for action in parser._actions if action.help != argparse.SUPPRESS]
    rows = [f"| {_called(a)} | {_help(a, parser)} |" for a in own if not _common(a)]
    table = "\n".join(["| argument | |", "| --- | --- |", *rows]) if rows else ""
    return "\n".join([f"## {name}\n", "\n\n".join(_paragraphs(text)), "", table, ""])


def _common(action: argparse.Action) -> bool:
    return bool({"--help", "--quiet"} & set(action.option_strings))


def _paragraphs(text: str) -> Iterator[str]:
    """The paragraphs of a docstring, its examples as blocks of code."""
    for paragraph in text.split("\n\n"):
        lines = paragraph.strip("\n").split("\n")
        if all(line.startswith("  ") for line in lines):
            yield "\n".join(["```", *(line[2:] for line in lines), "```"])
        else:
            yield paragraph.strip("\n")


def _called(action: argparse.Action) -> str:
    value = str(action.metavar or "")
    if not value and action.choices:
        value = "{" + ",".join(map(str, action.choices)) + "}"
    if not action.option_strings:
        many = {"*": "[{}…]", "+": "{}…", "?": "[{}]"}.get(str(action.nargs), "{}")
        return f"`{many.format(value or action.dest)}`"
    names = [f"`{name}`" for name in action.option_strings]
    if action.nargs != 0:
        names[-1] = f"`{action.option_strings[-1]} {value or action.dest.upper()}`"
    return ", ".join(names)


def _help(action: argparse.Action, parser: argparse.ArgumentParser) -> str:
    text = (action.help or "") % {**vars(action), "prog": parser.prog}
    return text.replace("|", "\\|")


if __name__ == "__main__":
    print(page(), end="")
