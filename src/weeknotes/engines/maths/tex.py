"""Reading the arguments of TeX commands in a formula, and replacing commands by what they mean."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

#: An escaped sign, of which the letters after it are no part, or a command.
_COMMAND = re.compile(r"\\(?:([A-Za-z]+)(\*?)|[^A-Za-z])", re.S)
_SPACE = re.compile(r"[ \t\n]*")
#: How often the result of a replacement may hold commands that are replaced themselves.
_DEEPEST = 8


@dataclass
class Reader:
    """Reads the arguments that follow a command in ``text``; ``at`` is the position reached."""

    text: str
    at: int

    def group(self) -> str | None:
        """The next argument in braces without them; None where none follows."""
        return self._enclosed("{", "}")

    def option(self) -> str | None:
        """The next argument in square brackets without them; None where none follows."""
        return self._enclosed("[", "]")

    def parentheses(self) -> str | None:
        """The next argument in parentheses without them; None where none follows."""
        return self._enclosed("(", ")")

    def argument(self) -> str:
        """The next argument as TeX takes it: a group in braces, one command, or one character."""
        if (group := self.group()) is not None:
            return group
        start = _SPACE.match(self.text, self.at).end()  # type: ignore[union-attr]
        match = re.compile(r"\\(?:[A-Za-z]+|.)|[^\\{}]").match(self.text, start)
        if match is None:
            return ""
        self.at = match.end()
        return match[0]

    def _enclosed(self, opening: str, closing: str) -> str | None:
        start = _SPACE.match(self.text, self.at).end()  # type: ignore[union-attr]
        end = closing_at(self.text, start, opening, closing)
        if end is None:
            return None
        self.at = end + 1
        return self.text[start + 1 : end]


def closing_at(text: str, start: int, opening: str, closing: str) -> int | None:
    """The position of the bracket that closes the one at ``start``; None where there is none."""
    if not text.startswith(opening, start):
        return None
    depth = braces = 0
    position = start
    while position < len(text):
        char = text[position]
        if char == "\\":
            position += 2
            continue
        if char == opening and (opening == "{" or not braces):
            depth += 1
        elif char == closing and (opening == "{" or not braces):
            depth -= 1
            if not depth:
                return position
        elif char == "{":
            braces += 1
        elif char == "}":
            braces -= 1
        position += 1
    return None


Replacement = Callable[[Reader, bool], str | None]
"""Reads the arguments of a command (the second value says whether it is starred) and returns the TeX
that it stands for; None where the command is to stay as it is."""


def replace_commands(text: str, table: Mapping[str, Replacement]) -> str:
    """``text`` with the commands of ``table`` replaced, also those in what took their place."""
    for _ in range(_DEEPEST):
        made = _replaced(text, table)
        if made == text:
            break
        text = made
    return text


def _replaced(text: str, table: Mapping[str, Replacement]) -> str:
    parts, done = [], 0
    while match := _next_command(text, done, table):
        reader = Reader(text, match.end())
        made = table[match[1]](reader, bool(match[2]))
        if made is None:
            parts.append(text[done : match.end()])
            done = match.end()
            continue
        parts += [text[done : match.start()], made]
        done = reader.at
        # A command that ends what took its place must not run into the letters after it.
        if re.search(r"\\[A-Za-z]+$", made) and text[done : done + 1].isalpha():
            parts.append(" ")
    return "".join([*parts, text[done:]])


def _next_command(text: str, start: int, table: Mapping[str, Replacement]) -> re.Match[str] | None:
    return next((m for m in _COMMAND.finditer(text, start) if m[1] in table), None)
