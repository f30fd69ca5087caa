"""The parser of command lines: argparse, and a suggestion for what was mistyped.

argparse is in the standard library and imports in some milliseconds; typer and cyclopts with rich take
a hundred and more, for help in colours.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterable
from typing import Any, NoReturn

_CHOICE = re.compile(r"invalid choice: '([^']*)'")


def suggestion(word: str, known: Iterable[str]) -> str:
    """A suggestion to print after ``word`` if one of ``known`` may be meant; empty if none is
    similar."""
    import difflib

    close = difflib.get_close_matches(word.lower(), list(known), n=1, cutoff=0.6)
    return f": did you mean '{close[0]}'?" if close else ""


class Parser(argparse.ArgumentParser):
    """argparse's parser, which says what a mistyped option or choice may have been."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(formatter_class=argparse.RawDescriptionHelpFormatter, **settings)
        if sys.version_info >= (3, 14):
            self.color = False  # Its codes would be shown: what is printed goes through a filter.

    def error(self, message: str) -> NoReturn:
        """Print the usage and ``message``, with what may have been meant, and exit with 2."""
        super().error(message + self._meant(message))

    def _meant(self, message: str) -> str:
        if found := _CHOICE.search(message):
            choices = (a.choices for a in self._actions if a.choices)
            return suggestion(found[1], (str(c) for cs in choices for c in cs))
        if message.startswith("unrecognized arguments:"):
            words = message.partition(":")[2].split()
            option = next((w for w in words if w.startswith("--")), "")
            known = [name for name in self._option_string_actions if name.startswith("--")]
            return suggestion(option.partition("=")[0], known) if option else ""
        return ""
