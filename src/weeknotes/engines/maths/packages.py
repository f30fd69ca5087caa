"""Definitions of commands from TeX packages that the converter does not know: those of physics,
amsmath, nicefrac, xcolor and MathJax's own extensions, and operators under their usual names."""

from __future__ import annotations

import re
from collections.abc import Callable

from weeknotes.engines.maths import chemistry, units
from weeknotes.engines.maths.tex import Reader, Replacement

_OPERATORS = (
    "Tr tr rank diag sgn sign argmin argmax supp Var Cov Corr KL erf Res softmax relu ReLU sinc Span"
    " vol conv prox proj dist polylog poly grank Id id Hom End Aut Ker im coker lcm"
).split()
_LIMITS = frozenset(["argmin", "argmax"])
_SETS = {"RR": "R", "NN": "N", "ZZ": "Z", "QQ": "Q", "CC": "C", "EE": "E", "PP": "P", "reals": "R"}


def _around(left: str, right: str) -> Replacement:
    """A command that puts brackets around its argument."""

    def replace(reader: Reader, _star: bool) -> str | None:
        inner = reader.group()
        return None if inner is None else rf"\left{left} {inner} \right{right}"

    return replace


def _pair(form: str) -> Replacement:
    """A command of two arguments."""

    def replace(reader: Reader, _star: bool) -> str | None:
        first, second = reader.group(), reader.group()
        if first is None or second is None:
            return None
        return form.replace("#1", first).replace("#2", second)

    return replace


def _one(form: str) -> Replacement:
    """A command of one argument."""

    def replace(reader: Reader, _star: bool) -> str | None:
        return form.replace("#1", reader.argument())

    return replace


def _text(reader: Reader, _star: bool) -> str | None:
    """Text, in which formulas between dollars are formulas again."""
    inner = reader.group()
    if inner is None:
        return None
    parts = re.split(r"(?<!\\)\$", inner)
    made = (part if n % 2 else rf"\textrm{{{part}}}" for n, part in enumerate(parts) if part)
    return "{" + "".join(made) + "}"


def _text_with_formulas(reader: Reader, star: bool) -> str | None:
    found = Reader(reader.text, reader.at).group()
    return _text(reader, star) if found and "$" in found else None


def _derivative(sign: str) -> Replacement:
    def replace(reader: Reader, star: bool) -> str | None:
        order = reader.option()
        groups: list[str] = []
        while len(groups) < 3 and (group := reader.group()) is not None:
            groups.append(group)
        if not groups:
            return None
        power = f"^{{{order}}}" if order else ""
        if len(groups) == 1:
            above, below = "", groups
        else:
            above, below = groups[0], groups[1:]
        if len(below) == 2 and not order:
            power = "^{2}"
            under = f"{sign} {below[0]}\\,{sign} {below[1]}"
        else:
            under = f"{sign} {below[0]}{power}"
        top = f"{sign}{power} {above}"
        return f"{{{top}}}/{{{under}}}" if star else rf"\frac{{{top}}}{{{under}}}"

    return replace


def _differential(reader: Reader, _star: bool) -> str | None:
    order, inner = reader.option(), reader.group()
    power = f"^{{{order}}}" if order else ""
    return rf"\mathrm{{d}}{power}" + (f" {inner}" if inner is not None else " ")


def _quantity(reader: Reader, star: bool) -> str | None:
    """``\\qty`` of siunitx (two groups in braces) or of physics (any bracket)."""
    for read, left, right in (
        (reader.parentheses, "(", ")"),
        (reader.option, "[", "]"),
    ):
        if (inner := read()) is not None:
            return rf"\left{left} {inner} \right{right}"
    start = reader.at
    if (made := units.COMMANDS["qty"](reader, star)) is not None:
        return made
    reader.at = start
    inner = reader.group()
    return None if inner is None else rf"\left\{{ {inner} \right\}}"


def _expectation(reader: Reader, _star: bool) -> str | None:
    inner, state = reader.group(), reader.group()
    if inner is None:
        return None
    if state is None:
        return rf"\left\langle {inner} \right\rangle"
    return rf"\left\langle {state} \middle| {inner} \middle| {state} \right\rangle"


def _matrix_element(reader: Reader, _star: bool) -> str | None:
    groups = [reader.group() for _ in range(3)]
    if None in groups:
        return None
    return r"\left\langle {} \middle| {} \middle| {} \right\rangle".format(*groups)


def _outer_product(reader: Reader, _star: bool) -> str | None:
    first, second = reader.group(), reader.group()
    if first is None:
        return None
    return rf"\left| {first} \right\rangle\left\langle {second or first} \right|"


def _braket(reader: Reader, _star: bool) -> str | None:
    first, second = reader.group(), reader.group()
    if first is None or second is None:
        if first is None:
            return None
        first = first.replace("|", r"\middle| ")
        return rf"\left\langle {first} \right\rangle"
    return rf"\left\langle {first} \middle| {second} \right\rangle"


def _declared(reader: Reader, star: bool) -> str | None:
    name, words = reader.argument(), reader.group()
    if not name.strip().startswith("\\") or words is None:
        return None
    return rf"\newcommand{{{name.strip()}}}{{\operatorname{'*' if star else ''}{{{words}}}}}"


def _tag(reader: Reader, star: bool) -> str | None:
    words = reader.group()
    if words is None:
        return None
    return rf"\qquad\text{{{words}}}" if star else rf"\qquad\text{{({words})}}"


def _stacked(reader: Reader, _star: bool) -> str | None:
    inner = reader.group()
    return None if inner is None else rf"\begin{{matrix}}{inner}\end{{matrix}}"


def _between(reader: Reader, _star: bool) -> str | None:
    inner = reader.group()
    return None if inner is None else rf"\\ \text{{{inner}}} \\"


def _unicode(reader: Reader, _star: bool) -> str | None:
    reader.option()
    inner = (reader.group() or "").strip()
    try:
        char = chr(int(inner[1:], 16) if inner[:1] in "xX" else int(inner))
    except (ValueError, OverflowError):
        return None
    return rf"\text{{{char}}}" if char.isprintable() and char not in "\\{}$%#&_^~" else None


def _nothing(groups: int) -> Replacement:
    def replace(reader: Reader, _star: bool) -> str:
        for _ in range(groups):
            reader.group()
        return " "

    return replace


def _named(name: str) -> Replacement:
    star = "*" if name in _LIMITS else ""
    words = name.replace("arg", r"arg\,") if star else name
    return lambda _reader, _star: rf"\operatorname{star}{{{words}}}"


def _constant(made: str) -> Replacement:
    return lambda _reader, _star: made


COMMANDS: dict[str, Replacement] = {
    **units.COMMANDS,
    **chemistry.COMMANDS,
    **{name: _named(name) for name in _OPERATORS},
    **{name: _constant(rf"\mathbb{{{letter}}}") for name, letter in _SETS.items()},
    # physics
    "abs": _around(r"\lvert", r"\rvert"),
    "norm": _around(r"\lVert", r"\rVert"),
    "order": _one(r"\mathcal{O}\left( #1 \right)"),
    "eval": _one(r"\left. #1 \right|"),
    "pqty": _around("(", ")"),
    "bqty": _around("[", "]"),
    "Bqty": _around(r"\{", r"\}"),
    "vqty": _around("|", "|"),
    "qty": _quantity,
    "comm": _pair(r"\left[ #1, #2 \right]"),
    "commutator": _pair(r"\left[ #1, #2 \right]"),
    "acomm": _pair(r"\left\{ #1, #2 \right\}"),
    "anticommutator": _pair(r"\left\{ #1, #2 \right\}"),
    "pb": _pair(r"\left\{ #1, #2 \right\}"),
    "vb": _one(r"\mathbf{#1}"),
    "va": _one(r"\vec{\mathbf{#1}}"),
    "vu": _one(r"\hat{\mathbf{#1}}"),
    "vdot": _constant(r"\cdot "),
    "cross": _constant(r"\times "),
    "grad": _constant(r"\boldsymbol{\nabla}"),
    "curl": _constant(r"\boldsymbol{\nabla}\times "),
    "divergence": _constant(r"\boldsymbol{\nabla}\cdot "),
    "laplacian": _constant(r"\nabla^2 "),
    "dd": _differential,
    "dv": _derivative(r"\mathrm{d}"),
    "derivative": _derivative(r"\mathrm{d}"),
    "pdv": _derivative(r"\partial"),
    "partialderivative": _derivative(r"\partial"),
    "fdv": _derivative(r"\delta"),
    "ket": _one(r"\left| #1 \right\rangle"),
    "bra": _one(r"\left\langle #1 \right|"),
    "braket": _braket,
    "ip": _braket,
    "innerproduct": _braket,
    "ketbra": _outer_product,
    "dyad": _outer_product,
    "op": _outer_product,
    "expval": _expectation,
    "ev": _expectation,
    "expectationvalue": _expectation,
    "mel": _matrix_element,
    "matrixel": _matrix_element,
    "flatfrac": _pair(r"{#1}/{#2}"),
    # Letters and fractions
    "mathbbm": _one(r"\mathbb{#1}"),
    "mathds": _one(r"\mathbb{#1}"),
    "nicefrac": _pair(r"{}^{#1}\!/_{#2}"),
    "sfrac": _pair(r"{}^{#1}\!/_{#2}"),
    "AA": _constant(r"\text{Å}"),
    "angstrom": _constant(r"\text{Å}"),
    "LaTeX": _constant(r"\text{LaTeX}"),
    "TeX": _constant(r"\text{TeX}"),
    "ss": _constant(r"\text{ß}"),
    "textdegree": _constant(r"\text{°}"),
    "textmu": _constant(r"\text{µ}"),
    # Text
    "text": _text_with_formulas,
    "mbox": _text,
    "hbox": _text,
    "textnormal": _text,
    "textsuperscript": _one(r"^{\text{#1}}"),
    "textsubscript": _one(r"_{\text{#1}}"),
    "intertext": _between,
    "shortintertext": _between,
    # What has no meaning on a page, and what only places its argument
    "label": _nothing(1),
    "nonumber": _nothing(0),
    "notag": _nothing(0),
    "allowbreak": _nothing(0),
    "xspace": _nothing(0),
    "require": _nothing(1),
    "hfill": _constant(r"\quad "),
    "hdots": _constant(r"\dots "),
    "tag": _tag,
    "smash": lambda reader, _star: (reader.option(), f"{{{reader.argument()}}}")[1],
    "ensuremath": _one("{#1}"),
    "href": _pair("{#2}"),
    "class": _pair("{#2}"),
    "cssId": _pair("{#2}"),
    "style": _pair("{#2}"),
    "unicode": _unicode,
    "DeclareMathOperator": _declared,
    "substack": _stacked,
}

#: Environments by another one that the converter sets alike, without the numbers of equations, which a
#: page has for labelled ones alone.
_ENVIRONMENTS = {
    "align": "align*",
    "gather": "gather*",
    "equation": "equation*",
    "multline": "gather*",
    "multline*": "gather*",
    "alignat": "align*",
    "flalign": "align*",
    "flalign*": "align*",
    "split": "aligned",
    "smallmatrix": "matrix",
}
_ENVIRONMENT = re.compile(r"\\(begin|end)\{(\w+\*?)\}")
_EQNARRAY: dict[str, Callable[[str], str]] = {
    "begin": lambda _name: r"\begin{array}{rcl}",
    "end": lambda _name: r"\end{array}",
}


def environments(text: str) -> str:
    """``text`` with each environment under the name by which the converter knows it."""

    def named(match: re.Match[str]) -> str:
        if match[2] in ("eqnarray", "eqnarray*"):
            return _EQNARRAY[match[1]](match[2])
        return rf"\{match[1]}{{{_ENVIRONMENTS.get(match[2], match[2])}}}"

    return _ENVIRONMENT.sub(named, text)
