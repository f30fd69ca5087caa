"""Attribute blocks as pandoc reads them, such as ``{#id .class key="value"}``.

Follows the reader of pandoc's `markdown` (Pandoc User's Manual, "Extension: header_attributes",
"fenced_code_attributes", "bracketed_spans"): a value in quotes may go on in the next line and hold
escapes and character references; a block that holds anything else is no attribute block at all, and
all of it is text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape

from weeknotes.text.markdown.source import BLANK

_REFERENCE = re.compile(r"&(?:#\d+|#[xX][0-9a-fA-F]+|\w+);")
_ID = re.compile(r"#((?:[^\W_]|[-_:.])+)")
_NAME = r"[^\W\d_](?:[^\W_]|[-_:.])*"
_CLASS = re.compile(rf"\.({_NAME})")
_KEY = re.compile(rf"({_NAME})=")
_SPACES = re.compile(r"[ \t]*(?:\n[ \t]*)?(?!\n)")
_RAW = re.compile(r"\{[ \t]*=((?:[^\W_]|[-_])+)[ \t]*\}")


@dataclass(frozen=True)
class Attributes:
    """The identifier, the classes and the key-value pairs of an element."""

    identifier: str = ""
    classes: tuple[str, ...] = ()
    values: tuple[tuple[str, str], ...] = ()

    def has_class(self, name: str) -> bool:
        """Whether ``name`` is among the classes, in any case of the letters."""
        return any(word.casefold() == name for word in self.classes)


NOTHING = Attributes()


def read_attributes(text: str, at: int) -> tuple[Attributes, int] | None:
    """The attribute block that begins at ``text[at]`` and the position behind it; None where none
    does."""
    if not text.startswith("{", at):
        return None
    identifier = ""
    classes: list[str] = []
    values: list[tuple[str, str]] = []
    position = _spaces(text, at + 1)
    while position is not None and not text.startswith("}", position):
        if match := _ID.match(text, position):
            identifier, end = match[1], match.end()
        elif match := _CLASS.match(text, position):
            classes.append(match[1])
            end = match.end()
        elif match := _KEY.match(text, position):
            value, end = _value(text, match.end())
            if match[1] == "id":
                identifier = value
            elif match[1] == "class":
                classes += value.split()
            else:
                values.append((match[1], value))
        elif text.startswith("-", position):
            classes.append("unnumbered")
            end = position + 1
        else:
            return None
        position = _spaces(text, end)
    if position is None or position >= len(text):
        return None
    return Attributes(identifier, tuple(classes), tuple(values)), position + 1


def read_raw_attribute(text: str, at: int) -> tuple[str, int] | None:
    """The format that a raw attribute such as ``{=html}`` names, and the position behind it."""
    match = _RAW.match(text, at)
    return (match[1], match.end()) if match else None


def _spaces(text: str, at: int) -> int | None:
    """The position behind white space with at most one line end; None before an empty line."""
    match = _SPACES.match(text, at)
    return match.end() if match else None


def _value(text: str, at: int) -> tuple[str, int]:
    """The value that begins at ``at``, in quotes or without."""
    quote = text[at : at + 1]
    if quote in ("'", '"') and (found := _quoted(text, at, quote)):
        return found
    if text.startswith(quote * 2, at) and quote in ("'", '"'):
        return "", at + 2
    characters = []
    while at < len(text) and text[at] not in " \t\n\r}":
        if _is_escape(text, at):
            at += 1
        characters.append(text[at])
        at += 1
    return "".join(characters), at


def _quoted(text: str, at: int, quote: str) -> tuple[str, int] | None:
    at += 1
    if at >= len(text) or text[at].isspace() or text[at] == quote:
        return None
    characters: list[str] = []
    while at < len(text):
        if text[at] == quote:
            return "".join(characters), at + 1
        if _is_escape(text, at):
            characters.append(text[at + 1])
            at += 2
        elif text[at] == "&" and (match := _REFERENCE.match(text, at)):
            characters.append(unescape(match[0]))
            at = match.end()
        elif text[at] == "\n":
            if BLANK.match(text, at + 1):
                return None
            characters.append(" ")
            at += 1
        else:
            characters.append(text[at])
            at += 1
    return None


def _is_escape(text: str, at: int) -> bool:
    following = text[at + 1 : at + 2]
    return text[at] == "\\" and bool(following) and following != "\n" and not following.isalnum()
