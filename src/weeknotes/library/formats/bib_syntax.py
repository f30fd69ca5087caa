"""The syntax of ``.bib`` files: entries, keys and fields, with what people's files have wrong in it.

Follows BibTeX's own grammar ("Tame the BeaST", 2; btxdoc): ``@type{key, field = value}`` or with
round brackets, values in braces, in quotation marks, as numbers or names of strings, joined by ``#``.
An entry that does not follow it is reported by line, and the next one is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

_START = re.compile(r"@\s*([A-Za-z][\w-]*)\s*([{(])")
_NEXT_ENTRY = re.compile(r"^[ \t]*@\s*[A-Za-z]+\s*[{(]", re.M)
_NAME = re.compile(r"\s*([^\s\"#%'(),={}]+)\s*=\s*")
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_LONG_FIELDS = frozenset({"abstract", "annote", "annotation", "note"})


@dataclass
class BibEntry:
    """An entry as it is in the file. ``fields`` has the names in small letters, the values as TeX;
    ``key`` may be empty; ``line`` counts from 1."""

    kind: str
    key: str
    line: int
    fields: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class BadEntry:
    """An entry that cannot be read: its key, as far as there is one, its line, and what is wrong."""

    key: str
    line: int
    reason: str

    def __str__(self) -> str:
        return f"line {self.line}, entry '{self.key or 'without a key'}': {self.reason}"


class _BadSyntaxError(Exception):
    pass


def parse(text: str) -> tuple[list[BibEntry], list[BadEntry]]:
    """The entries of ``text``, and those that cannot be read."""
    reader = _Reader(text)
    entries = list(reader.entries())
    return entries, reader.bad


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        # As names, since people join them with days: ``"10~" # jan``.
        self._strings = {name: name for name in _MONTHS}
        self.bad: list[BadEntry] = []

    def entries(self) -> Iterator[BibEntry]:
        while found := _START.search(self._text, self._at):
            start = found.start()
            self._at = found.end()
            kind = found[1].lower()
            close = "}" if found[2] == "{" else ")"
            key = ""
            try:
                if kind == "comment":
                    self._skip_comment(start, found)
                elif kind == "preamble":
                    self._value(close)
                elif kind == "string":
                    self._strings |= dict(self._fields(close))
                else:
                    key = self._key(close)
                    line = self._text.count("\n", 0, start) + 1
                    yield BibEntry(kind, key, line, self._entry_fields(close))
            except _BadSyntaxError as error:
                line = self._text.count("\n", 0, start) + 1
                self.bad.append(BadEntry(key or self._key_at(found.end()), line, str(error)))
                following = _NEXT_ENTRY.search(self._text, found.end())
                self._at = following.start() if following else len(self._text)

    def _skip_comment(self, start: int, found: re.Match[str]) -> None:
        """Skip a comment. The ``@comment`` of a program is in braces; a person's ends with the
        line."""
        try:
            self._braced("}" if found[2] == "{" else ")")
        except _BadSyntaxError:
            end = self._text.find("\n", start)
            self._at = end if end >= 0 else len(self._text)

    def _key_at(self, at: int) -> str:
        found = re.compile(r"\s*([^\s,={}]*)\s*,").match(self._text, at)
        return found[1] if found else ""

    def _key(self, close: str) -> str:
        """The citation key; empty where there is none, also without its comma."""
        found = re.compile(r"\s*([^,={}\"\n]*?)\s*(,|(?=[})\n]))").match(self._text, self._at)
        if not found:
            # "@article{title = {…}": a field in the place of the key.
            return ""
        key = found[1]
        if found[2] != "," and close == "}" and self._text[found.end() : found.end() + 1] == ")":
            raise _BadSyntaxError("a bracket that was opened by a brace")
        self._at = found.end()
        return key

    def _fields(self, close: str) -> Iterator[tuple[str, str]]:
        """The names and values up to the end of the entry."""
        while True:
            self._space()
            letter = self._text[self._at : self._at + 1]
            if letter == close:
                self._at += 1
                return
            if letter == ",":
                self._at += 1
                continue
            if not letter:
                raise _BadSyntaxError("it has no end")
            found = _NAME.match(self._text, self._at)
            if not found:
                line = self._text.count("\n", 0, self._at) + 1
                piece = self._text[self._at : self._at + 30].split("\n")[0]
                raise _BadSyntaxError(f"no field and value at line {line}: {piece!r}")
            self._at = found.end()
            yield found[1].lower(), self._value(close)

    def _entry_fields(self, close: str) -> dict[str, str]:
        """The fields of an entry. Of two with one name BibTeX takes the first."""
        fields: dict[str, str] = {}
        for name, value in self._fields(close):
            if not fields.get(name, "").strip():
                fields[name] = value
        return fields

    def _value(self, close: str) -> str:
        """A value: pieces joined by ``#``."""
        pieces = [self._piece(close)]
        while True:
            self._space()
            if self._text[self._at : self._at + 1] != "#":
                return "".join(pieces)
            self._at += 1
            pieces.append(self._piece(close))

    def _piece(self, close: str) -> str:
        self._space()
        letter = self._text[self._at : self._at + 1]
        if letter == "{":
            self._at += 1
            return self._braced("}")
        if letter == '"':
            self._at += 1
            return self._braced('"')
        found = re.compile(r"[^\s\"#%'(),={}]+").match(self._text, self._at)
        if not found:
            raise _BadSyntaxError(
                f"a value is missing at line {self._text.count(chr(10), 0, self._at) + 1}"
            )
        self._at = found.end()
        return self._strings.get(found[0].lower(), found[0])

    def _braced(self, close: str) -> str:
        """The text up to ``close`` outside of braces, which are balanced in it."""
        try:
            return self._balanced(close, escapes=False)
        except _BadSyntaxError:
            # BibTeX counts braces also behind a backslash; many programs, and people, do not.
            return self._balanced(close, escapes=True)

    def _balanced(self, close: str, escapes: bool) -> str:
        start, depth = self._at, 0
        limit = self._next_start(start)
        for found in re.compile(r"\\.|[{}\")]", re.S).finditer(self._text, start):
            sign = found[0]
            if found.start() >= limit:
                break
            if sign == close and depth == 0:
                self._at = found.end()
                return self._text[start : found.start()]
            if escapes and len(sign) > 1:
                continue
            if sign[-1] == "{":
                depth += 1
            elif sign[-1] == "}":
                depth -= 1
                if depth < 0:
                    raise _BadSyntaxError(
                        "a brace too many at line "
                        f"{self._text.count(chr(10), 0, found.start()) + 1}"
                    )
        raise _BadSyntaxError("a value has no end: a brace or quotation mark is missing")

    def _next_start(self, at: int) -> int:
        """The place where the next entry seems to begin: a line of its own that begins with
        ``@type{key,``. No value reaches beyond it."""
        following = re.compile(r"^@\s*[A-Za-z]+\s*[{(][^\s,{}()]*\s*,[ \t]*$", re.M).search(
            self._text, at
        )
        return following.start() if following else len(self._text)

    def _space(self) -> None:
        """Pass over space, and over comments as TeX has them."""
        found = re.compile(r"(?:\s|%[^\n]*(?:\n|$))*").match(self._text, self._at)
        assert found is not None
        self._at = found.end()


def flat(name: str, value: str) -> str:
    """The value of the field ``name`` without empty lines, which end a value in TeX: a blank line
    within a list of authors is a space."""
    if name in _LONG_FIELDS:
        return re.sub(r"\n[ \t]*\n\s*", "\n", value).strip()
    return " ".join(value.split())
