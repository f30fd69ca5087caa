"""Regular expressions work on every Python from 3.11.0 on.

``re`` of Python 3.11.0 to 3.11.4 matches possessive quantifiers and atomic groups wrongly (mended in
3.11.5, CPython issue 106052), and 3.11.2 is what Debian 12 has. A guard that is built on one lets
through on one machine what it stops on another.
"""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

import weeknotes

PACKAGE = Path(weeknotes.__file__).parent
MODULES = sorted(PACKAGE.rglob("*.py"))

_PIECE = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\(\?>|[*+?}]\+|.", re.S)


def faults(pattern: str) -> list[str]:
    """The possessive quantifiers and atomic groups of a pattern, outside of classes and escapes."""
    return [
        piece
        for piece in _PIECE.findall(pattern)
        if piece == "(?>" or re.fullmatch(r"[*+?}]\+", piece)
    ]


def raw_strings(path: Path) -> Iterator[tuple[int, str]]:
    """The raw strings of a module, which is how its patterns are written, with their lines."""
    raw = False
    with io.StringIO(path.read_text("utf-8")) as source:
        for token in tokenize.generate_tokens(source.readline):
            kind = tokenize.tok_name[token.type]
            if kind == "FSTRING_START":
                raw = "r" in token.string.lower().rstrip("\"'")
            elif kind == "FSTRING_MIDDLE" and raw:
                yield token.start[0], token.string
            elif kind == "STRING":
                prefix = re.match(r"\w*", token.string)
                if prefix and "r" in prefix[0].lower():
                    yield token.start[0], token.string[len(prefix[0]) :].strip("\"'")


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_no_pattern_is_possessive_or_atomic(path: Path) -> None:
    wrong = [(line, text) for line, text in raw_strings(path) if faults(text)]
    assert wrong == []


@pytest.mark.parametrize("pattern", ["a*+b", "a++", r"\d{1,3}+", "a?+", "(?>a|b)"])
def test_the_search_finds_them(pattern: str) -> None:
    assert faults(pattern)


@pytest.mark.parametrize("pattern", [r"a\*+", r"[*+]+", r"[]*+]", r"\\+", "a+b", r"\[+"])
def test_the_search_takes_nothing_else_for_one(pattern: str) -> None:
    assert not faults(pattern)
