"""Chemical formulas and equations of the TeX package mhchem (its manual, sections 3 to 5) as TeX."""

from __future__ import annotations

import re

from weeknotes.engines.maths.tex import Reader, Replacement, closing_at

_ARROWS = {
    "<=>>": "xrightleftharpoons",
    "<<=>": "xrightleftharpoons",
    "<-->": "xleftrightarrow",
    "<=>": "xrightleftharpoons",
    "<->": "xleftrightarrow",
    "->": "xrightarrow",
    "<-": "xleftarrow",
}
_ARROW = re.compile("|".join(map(re.escape, _ARROWS)))
_COEFFICIENT = re.compile(r"(\d+(?:\.\d+)?)(?:/(\d+))?(?=[ A-Z(\[\\${^_]|$)|([a-z])(?= )")
_LETTERS = re.compile(r"[A-Za-zα-ωΑ-Ω]+")
_DIGITS = re.compile(r"\d+(?:\.\d+)?")
_CHARGE = re.compile(r"[+-](?=[\s)\]}]|$)")
_STATE = re.compile(r"\((?:s|l|g|aq|cr|vit|am|ads)\)")
_COMMAND = re.compile(r"\\(?:[A-Za-z]+|.)")
_BONDS = {"-": "{-}", "=": "{=}", "#": r"{\equiv}", "~": r"\,"}


def chemistry(text: str) -> str:
    """The TeX that ``\\ce{text}`` stands for: upright letters, indices, charges and arrows."""
    return "".join(_Formula(text).parts())


class _Formula:
    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        #: Whether an index belongs to what is before it.
        self._has_base = False

    def parts(self) -> list[str]:
        made = []
        while self._at < len(self._text):
            made.append(self._part())
        return made

    def _part(self) -> str:
        text, at = self._text, self._at
        char = text[at]
        at_start = at == 0 or text[at - 1].isspace()
        if char.isspace():
            return self._space()
        if match := _ARROW.match(text, at):
            return self._arrow(match)
        if at_start and (match := _COEFFICIENT.match(text, at)):
            return self._coefficient(match)
        if at_start and char in "+-=" and text[at + 1 : at + 2] in ("", " "):
            return self._taken(1, f" {char} ", base=False)
        if at_start and char in "v^" and text[at + 1 : at + 2] in ("", " "):
            return self._taken(1, r"\downarrow " if char == "v" else r"\uparrow ", base=False)
        if char == "$":
            return self._enclosed_by("$")
        if char in "^_":
            return self._index(char)
        if match := _STATE.match(text, at):
            return self._taken(len(match[0]), rf"\,\mathrm{{{match[0]}}}", base=False)
        if match := _LETTERS.match(text, at):
            return self._taken(len(match[0]), rf"\mathrm{{{match[0]}}}", base=True)
        if self._has_base and (match := _DIGITS.match(text, at)):
            return self._taken(len(match[0]), f"_{{{match[0]}}}", base=True)
        if self._has_base and (match := _CHARGE.match(text, at)):
            return self._taken(1, f"^{{{char}}}", base=True)
        return self._sign(char)

    def _sign(self, char: str) -> str:
        text, at = self._text, self._at
        if char in _BONDS:
            return self._taken(1, _BONDS[char], base=False)
        if char in "*.":
            return self._taken(1, r"\cdot ", base=False)
        if char == "\\" and (match := _COMMAND.match(text, at)):
            ended = " " if match[0][-1].isalpha() else ""
            return self._taken(len(match[0]), match[0] + ended, base=True)
        if char == "{" and (end := closing_at(text, at, "{", "}")) is not None:
            inner = chemistry(text[at + 1 : end])
            return self._taken(end + 1 - at, f"{{{inner}}}", base=True)
        if char in "{}%&":
            return self._taken(1, "&" if char == "&" else "", base=False)
        return self._taken(1, char, base=char in ")]" or char.isdigit())

    def _taken(self, length: int, made: str, *, base: bool) -> str:
        self._at += length
        self._has_base = base
        return made

    def _space(self) -> str:
        match = re.compile(r"\s+").match(self._text, self._at)
        assert match is not None
        return self._taken(len(match[0]), r"\ ", base=False)

    def _arrow(self, match: re.Match[str]) -> str:
        reader = Reader(self._text, match.end())
        above, below = reader.option(), reader.option()
        self._at = reader.at
        self._has_base = False
        under = f"[{chemistry(below)}]" if below else ""
        return rf"\{_ARROWS[match[0]]}{under}{{{chemistry(above or '')}}}"

    def _coefficient(self, match: re.Match[str]) -> str:
        made = match[1] or match[3]
        if match[2]:
            made = rf"\tfrac{{{match[1]}}}{{{match[2]}}}"
        return self._taken(len(match[0]), made + r"\,", base=False)

    def _enclosed_by(self, sign: str) -> str:
        end = self._text.find(sign, self._at + 1)
        if end < 0:
            return self._taken(1, "", base=False)
        return self._taken(end + 1 - self._at, self._text[self._at + 1 : end], base=True)

    def _index(self, sign: str) -> str:
        text, start = self._text, self._at + 1
        base = "" if self._has_base else "{}"
        if (end := closing_at(text, start, "{", "}")) is not None:
            inner = text[start + 1 : end]
            made = inner if re.fullmatch(r"[\d+\-./]*", inner) else chemistry(inner)
        else:
            match = re.compile(r"\d*[+-]|\d+|[A-Za-z]|\.|\*").match(text, start)
            if match is None:
                return self._taken(1, r"\hat{}" if sign == "^" else "", base=False)
            made, end = match[0], match.end() - 1
        self._at = end + 1
        # Both indices of an isotope are before its symbol, and are one base's.
        following = text[self._at : self._at + 1]
        self._has_base = bool(not base) or following in ("^", "_")
        return f"{base}{sign}{{{made}}}"


def _ce(reader: Reader, _star: bool) -> str | None:
    inner = reader.group()
    return None if inner is None else f"{{{chemistry(inner)}}}"


COMMANDS: dict[str, Replacement] = {"ce": _ce, "cf": _ce}
