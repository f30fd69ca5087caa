"""The markers of list items, as pandoc reads them (`fancy_lists`, `example_lists`,
`definition_lists`)."""

from __future__ import annotations

import re
from dataclasses import dataclass

_RULE = re.compile(r"[ \t]*([*_-])(?:[ \t]*\1){2,}[ \t]*(?:\n|\Z)")
_BULLET = re.compile(r" {0,3}[*+-](?=[ \t\n]|\Z)")
_DEFINITION = re.compile(r" {0,3}[:~](?=[ \t\n]|\Z)")
_ORDERED = re.compile(
    r" {0,3}(?:(?P<open>\()(?P<inner>[^\W_]+|\#|@[\w-]*)\)|(?P<plain>[^\W_]+|\#|@[\w-]*)(?P<sign>[.)]))"
    r"(?=[ \t\n]|\Z)"
)
_ROMAN = re.compile(r"m*(?:cm)?d?(?:cd)?c*(?:xc)?l?(?:xl)?x*(?:ix)?v?(?:iv)?i*", re.I)
_PAGE = re.compile(r" {0,3}p\.[ \t]\d")


@dataclass(frozen=True)
class Marker:
    """The marker of a list item: ``end`` is where its content begins, ``width`` how far the lines that
    belong to it are indented, and ``style`` what the items of one list share."""

    end: int
    width: int
    style: str


def is_rule(text: str, at: int) -> re.Match[str] | None:
    """The horizontal rule at ``at``."""
    return _RULE.match(text, at)


def bullet(text: str, at: int) -> Marker | None:
    """The bullet at ``at``."""
    match = _BULLET.match(text, at)
    if not match or _RULE.match(text, at):
        return None
    return _marker(text, at, match.end(), "bullet")


def definition(text: str, at: int) -> Marker | None:
    """The marker of a definition at ``at``."""
    match = _DEFINITION.match(text, at)
    return _marker(text, at, match.end(), "definition") if match else None


def ordered(text: str, at: int, style: str = "") -> Marker | None:
    """The number of an ordered item at ``at``, of ``style`` where that is given."""
    match = _ORDERED.match(text, at)
    if not match or _PAGE.match(text, at):
        return None
    number = match["inner"] or match["plain"]
    sign = "()" if match["open"] else match["sign"]
    kinds = _kinds(number)
    if style:
        kind = style.partition(" ")[0]
        continues = kind in kinds or number == "#" or (kind == "default" and "decimal" in kinds)
        if not continues or sign != style.partition(" ")[2]:
            return None
    elif not kinds:
        return None
    else:
        kind = kinds[0]
    width = 4 if kind == "example" else 0
    # "B. Russell" is a name.
    name = sign == "." and (
        kind == "upper-alpha" or (kind == "upper-roman" and number in tuple("IVXLCDM"))
    )
    if name and not re.compile(r"[ \t](?=[ \t\n])|\n").match(text, match.end()):
        return None
    found = _marker(text, at, match.end(), f"{kind} {sign}")
    return Marker(found.end, width, found.style) if width else found


def _kinds(number: str) -> list[str]:
    """The kinds of numbering that a number may belong to, in the order in which they are tried."""
    if number.isdecimal() and number.isascii():
        return ["decimal"]
    if number[0] == "@":
        return ["example"]
    if number == "#":
        return ["default"]
    if not number.isascii() or not number.isalpha():
        return []
    case = "lower" if number.islower() else "upper" if number.isupper() else ""
    if not case:
        return []
    roman = bool(_ROMAN.fullmatch(number))
    alpha = len(number) == 1
    kinds = [f"{case}-alpha"] * alpha + [f"{case}-roman"] * roman
    if number in ("i", "I"):
        kinds.reverse()
    return kinds


def _marker(text: str, at: int, end: int, style: str) -> Marker:
    """The marker that ends at ``end``, with the space behind it: one, and up to three more where the
    content begins behind them."""
    content = end
    if text[end : end + 1] in (" ", "\t"):
        content = end + 1
        more = re.compile(r" {0,3}(?![ \t])").match(text, content)
        if more:
            content = more.end()
    return Marker(content, content - at, style)
