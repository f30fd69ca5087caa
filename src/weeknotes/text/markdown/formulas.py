"""The ends of formulas and TeX commands, as pandoc's reader of Markdown finds them
(``tex_math_dollars``, ``raw_tex``).

Each function takes a text and the position at which one begins, and returns the position behind it, or
-1 where there is none.
"""

from __future__ import annotations

import re

from weeknotes.text.markdown.attributes import read_attributes
from weeknotes.text.markdown.source import BLANK, SPACES

_COMMAND = re.compile(r"\\[^\W\d_]+\*?")  # In letters of any language, as pandoc reads it.
_ENVIRONMENT = re.compile(r"\\begin[ \t]*\{([^{}\n]*)\}")
_BRACES = re.compile(r"\\.|[{}]|\n[ \t]*\n", re.S)
#: Commands that take no arguments.
_BARE = frozenset(
    "LaTeX LaTeXe TeX ldots dots today S P copyright textbackslash textasciitilde ss ae oe o l i j "
    "noindent newline par quad qquad".split()
)


def display_end(text: str, at: int) -> int:
    """The end of a formula between double dollar signs, in which no line is blank."""
    close = text.find("$$", at + 3)
    if close < 0:
        return -1
    line = text.find("\n", at + 2, close)
    while line >= 0:
        if BLANK.match(text, line + 1):
            return -1
        line = text.find("\n", line + 1, close)
    return close + 2


def inline_end(text: str, at: int) -> int:
    """The end of a formula between single dollar signs: no white space follows the first one or is
    before the last one, and no digit follows that."""
    position = at + 1
    if position >= len(text) or text[position] in " \t\n$":
        return -1
    while 0 <= position < len(text):
        if text[position] == "$":
            return -1 if text[position + 1 : position + 2].isdecimal() else position + 1
        position = _past(text, position)
    return -1


def _past(text: str, at: int) -> int:
    """The position behind the character, command or white space of a formula at ``at``; -1 where the
    formula cannot go on."""
    sign = text[at]
    if sign == "\\":
        # A dollar sign within `\text{}` does not end the formula.
        braces = braces_end(text, at + 5) if text.startswith("\\text", at) else -1
        return braces if braces >= 0 else at + 2
    if sign not in " \t\n":
        return at + 1
    if sign == "\n":
        if BLANK.match(text, at + 1):
            return -1
        following = at + 1
    else:
        spaces = SPACES.match(text, at)
        following = spaces.end() if spaces else at + 1
        line = text.find("\n", following)
        if BLANK.match(text, following) and (line < 0 or BLANK.match(text, line + 1)):
            return -1
    return -1 if text.startswith("$", following) else following


def braces_end(text: str, at: int) -> int:
    """The end of braces that balance, with no blank line between them."""
    if not text.startswith("{", at):
        return -1
    depth = 0
    for match in _BRACES.finditer(text, at):
        if match[0] == "{":
            depth += 1
        elif match[0] == "}":
            depth -= 1
            if not depth:
                return match.end()
        elif match[0][0] == "\n":
            return -1
    return -1


def environment_end(text: str, at: int) -> int:
    """The end of the environment that ``\\begin`` opens."""
    begin = _ENVIRONMENT.match(text, at)
    if not begin:
        return -1
    depth = 0
    both = re.compile(rf"\\(begin|end)[ \t]*\{{{re.escape(begin[1])}\}}")
    for match in both.finditer(text, at):
        depth += 1 if match[1] == "begin" else -1
        if not depth:
            return match.end()
    return -1


def command_end(text: str, at: int) -> int:
    """The end of a command with its optional arguments, and the others behind them."""
    command = _COMMAND.match(text, at)
    if not command:
        return -1
    end = command.end()
    if command[0][1:] in _BARE:
        return end
    brackets = True
    while True:
        space = 1 if text.startswith(" ", end) else 0
        if space and read_attributes(text, end + 1):
            return end
        if brackets and text.startswith("[", end + space):
            close = text.find("]", end)
            following = close + 1 if close >= 0 and "\n\n" not in text[end:close] else -1
        elif text.startswith("{", end + space):
            brackets = False
            following = braces_end(text, end + space)
        else:
            return end
        if following < 0:
            return end
        end = following
