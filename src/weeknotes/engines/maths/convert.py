"""Formulas of TeX to MathML Core (W3C, "MathML Core"), which browsers show without a script."""

from __future__ import annotations

import html
import re
from functools import lru_cache

from math_core import LatexError, LatexToMathML

from weeknotes.engines.maths.packages import COMMANDS, environments
from weeknotes.engines.maths.tex import Reader, replace_commands

_DEFINED = re.compile(
    r"\\(?:(?:(?:re)?new|provide)command|DeclareMathOperator)\*?\s*\{?\s*\\([A-Za-z]+)"
    r"|\\(?:def|let)\s*\\([A-Za-z]+)"
)
#: Limits that no formula of a person reaches. The converter works by recursion, and a stack that is
#: used up ends the process.
_LONGEST = 20_000
_DEEPEST = 200
_CHAIN = re.compile(rf"(?:\\[A-Za-z]+[ \t\n]*|[_^]){{{_DEEPEST}}}")
_NESTED = re.compile(r"\\(?:begin|left)(?![A-Za-z])|\\.|[{}]", re.S)
_NEW = re.compile(r"\\newcommand\*?(\s*\{?\s*)\\([A-Za-z]+)")
_COMMAND = re.compile(r"\\([A-Za-z]+)")
_PARAMETERS = re.compile(r"[}\s]*(?:\[[^\]]*\])*(?:#\d)*")
_REASON = re.compile(r"\x1b\[[0-9;]*m")


class FormulaError(ValueError):
    """A formula cannot be converted; the message is the reason in a few words."""


class Formulas:
    """Converts the formulas of one page in their order: what one of them defines by ``\\newcommand`` or
    ``\\def`` holds in those after it, as it does under MathJax."""

    def __init__(self) -> None:
        self._commands = dict(COMMANDS)
        #: The depth of the groups in the meaning of each command that was defined, and what it uses.
        self._defined: dict[str, tuple[int, frozenset[str]]] = {}
        self._made: set[str] = set()
        self._converter = LatexToMathML(
            xml_namespace=True,
            allow_unreliable_rendering=True,
            global_group=True,
            fancy_error=False,
            max_expansions=500,
        )

    def mathml(self, tex: str, *, display: bool) -> str:
        """The ``math`` element for ``tex``, with its source as an annotation. Raises FormulaError."""
        if len(tex) > _LONGEST:
            raise FormulaError(f"it has {len(tex):,} characters")
        names = self._note_definitions(tex)
        if self._depth(tex) > _DEEPEST or _CHAIN.search(tex):
            raise FormulaError("its groups are nested too deeply")
        source = environments(replace_commands(tex.strip(), self._commands))
        source = _NEW.sub(self._defining, source)
        try:
            made = self._converter.convert_with_global_state(source, displaystyle=display)
        except LatexError as error:
            raise FormulaError(_reason(str(error))) from None
        self._made |= set(names)
        return _annotated(made, tex)

    def _defining(self, match: re.Match[str]) -> str:
        """The beginning of a definition, so that it may give a name that is taken a new meaning, as
        MathJax allows."""
        taken = match[2] in self._made or _is_built_in(match[2])
        return f"\\renewcommand{match[1]}\\{match[2]}" if taken else match[0]

    def _note_definitions(self, tex: str) -> list[str]:
        """Remember what ``tex`` defines; returns the names."""
        names = []
        for match in _DEFINED.finditer(tex):
            name = match[1] or match[2]
            # The author's own meaning of a name comes before that of a package.
            self._commands.pop(name, None)
            after = _PARAMETERS.match(tex, match.end())
            body = Reader(tex, after.end() if after else match.end()).argument()
            self._defined[name] = (_own_depth(body) + 1, frozenset(_COMMAND.findall(body)))
            names.append(name)
        return names

    def _depth(self, tex: str) -> int:
        """The depth to which the groups of ``tex`` are nested, including those of the commands that
        it uses. Raises FormulaError if a command is defined by itself."""
        known: dict[str, int] = {}

        def depth_of(name: str, path: tuple[str, ...]) -> int:
            if name in path:
                raise FormulaError(f"\\{name} is defined by itself")
            if name not in known:
                own, used = self._defined[name]
                inner = (depth_of(other, (*path, name)) for other in used & self._defined.keys())
                known[name] = own + max(inner, default=0)
            return known[name]

        used = set(_COMMAND.findall(tex)) & self._defined.keys()
        return _own_depth(tex) + max((depth_of(name, ()) for name in used), default=0)


@lru_cache(maxsize=256)
def _is_built_in(name: str) -> bool:
    """Whether the converter knows the command ``name`` by itself."""
    try:
        LatexToMathML(fancy_error=False, allow_unreliable_rendering=True).convert_with_local_state(
            rf"\newcommand{{\{name}}}{{}}", displaystyle=False
        )
    except LatexError as error:
        return "already defined" in str(error)
    return False


def _own_depth(tex: str) -> int:
    """The depth to which the groups of ``tex`` are nested."""
    depth = opened = deepest = 0
    for match in _NESTED.finditer(tex):
        depth += {"{": 1, "}": -1}.get(match[0], 0)
        opened += match[0] in ("\\begin", "\\left")
        deepest = max(deepest, depth, opened)
    return deepest


def _reason(message: str) -> str:
    text = _REASON.sub("", message).strip()
    text = re.sub(r"^\d+:\s*|^Error:\s*", "", text).splitlines()[0] if text else ""
    return (text[:1].lower() + text[1:]).rstrip(".") or "it is not valid TeX"


def _annotated(made: str, tex: str) -> str:
    """``made`` with the TeX that it was made from."""
    made = made.replace("&ApplyFunction;", "\u2061")
    opening = made.index(">") + 1
    closing = made.rindex("</math>")
    source = html.escape(tex, quote=False)
    return (
        f"{made[:opening]}<semantics><mrow>{made[opening:closing]}</mrow>"
        f'<annotation encoding="application/x-tex">{source}</annotation></semantics></math>'
    )
