"""A formula in one line of text, for places that show no MathML: v_θ(x, t), ‖x₁ − x₀‖², a/b.

Without it the letters of a formula run together: "vθ(x,t)", "x1−x02". Single digits and signs are
written as the subscripts and superscripts of Unicode, the others after ``_`` and ``^``, as TeX has
them. The elements are those of MathML Core.
"""

from __future__ import annotations

from typing import Any

from weeknotes.text.html_elements import UNSPOKEN

_UNSEEN = str.maketrans("", "", "\u2061\u2062\u2063\u2064\u200b")
_BELOW = str.maketrans("0123456789+-−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎")
_ABOVE = str.maketrans("0123456789+-−=()*′", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾*′")
_PLAIN_BELOW = frozenset("0123456789+-−=()")
_PLAIN_ABOVE = _PLAIN_BELOW | {"*", "′"}
#: Signs that have a space on both sides between two terms.
_SPACED = frozenset("=+−-±<>≤≥≪≫≈≃≅≠∼∝→←↔↦⇒⇐⇔∈∉⊂⊆∪∩∧∨×≡:=≔")
_OPENING = frozenset("([{⟨⌊⌈")


def formula_text(math: Any) -> str:
    """The formula in the MathML element ``math`` (lxml) in one line."""
    return " ".join(_row(math).split())


def _row(element: Any) -> str:
    """The contents of ``element`` one after another."""
    children = _children(element)
    if not children:
        return _letters(element)
    said = ""
    for child in children:
        part = _operator(child, said) if _name(child) == "mo" else _said(child)
        if said and part and _name(child) == "mtext" and said[-1].isalnum():
            part = f" {part}"
        said += part
    return said


def _said(element: Any) -> str:
    name, inner = _name(element), _children(element)
    if name == "msub" and len(inner) == 2:
        return _said(inner[0]) + _script(inner[1], "_")
    if name == "msup" and len(inner) == 2:
        return _said(inner[0]) + _script(inner[1], "^")
    if name == "msubsup" and len(inner) == 3:
        return _said(inner[0]) + _script(inner[1], "_") + _script(inner[2], "^")
    if name == "munder" and len(inner) == 2:
        return _said(inner[0]) + _script(inner[1], "_")
    if name == "mover" and len(inner) == 2:
        return _over(inner[0], inner[1])
    if name == "munderover" and len(inner) == 3:
        return _said(inner[0]) + _script(inner[1], "_") + _script(inner[2], "^")
    if name == "mfrac" and len(inner) == 2:
        return f"{_grouped(_said(inner[0]))}/{_grouped(_said(inner[1]))}"
    if name == "msqrt":
        return f"√{_grouped(_row(element))}"
    if name == "mroot" and len(inner) == 2:
        return f"√{_script(inner[1], '^')}{_grouped(_said(inner[0]))}"
    if name == "mtable":
        return "; ".join(_said(row) for row in inner)
    if name == "mtr":
        return ", ".join(text for cell in inner if (text := _row(cell).strip()))
    if name == "mspace":
        return " "
    if name == "mtext":
        return _letters(element).replace("\u00a0", " ")
    return _row(element)


def _operator(element: Any, before: str) -> str:
    sign = _letters(element)
    if sign in (",", ";"):
        return f"{sign} "
    if not sign or not set(sign) <= _SPACED:
        return sign
    alone = not before.strip() or before.rstrip()[-1] in _OPENING
    return sign if alone else f" {sign} "


def _over(base: Any, above: Any) -> str:
    """A letter with a sign above it, such as x̂; a limit above a sum is its superscript."""
    sign = _said(above).strip()
    combining = {"^": "\u0302", "ˆ": "\u0302", "~": "\u0303", "˜": "\u0303", "∼": "\u0303"}
    combining |= {"‾": "\u0304", "¯": "\u0304", "―": "\u0304", "→": "\u20d7", "˙": "\u0307"}
    letter = _said(base)
    if sign in combining and len(letter) == 1:
        return letter + combining[sign]
    return letter if sign in combining else letter + _script(above, "^")


def _script(element: Any, mark: str) -> str:
    text = " ".join(_said(element).split())
    plain, letters = (_PLAIN_BELOW, _BELOW) if mark == "_" else (_PLAIN_ABOVE, _ABOVE)
    tight = text.replace(" ", "")
    if not tight:
        return ""
    if set(tight) <= plain:
        return tight.translate(letters)
    return f"{mark}{_grouped(text)}"


def _grouped(text: str) -> str:
    """``text`` in parentheses where it is more than one letter, word or number."""
    text = text.strip()
    return text if len(text) == 1 or text.replace(".", "").isalnum() else f"({text})"


def _letters(element: Any) -> str:
    return "".join(element.itertext()).translate(_UNSEEN)


def _name(element: Any) -> str:
    return str(element.tag).rpartition("}")[2]


def _children(element: Any) -> list[Any]:
    return [c for c in element if isinstance(c.tag, str) and _name(c) not in UNSPOKEN]
