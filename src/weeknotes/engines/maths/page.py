"""The formulas of a page that pandoc wrote, set by our own converter."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import lxml.html

from weeknotes.engines.maths.convert import FormulaError, Formulas

#: The number that an engine puts behind a labelled equation.
_NUMBER = re.compile(r"\s*\\qquad\s*\(?[\d.]+\)?\s*\Z|\s*\\tag\{[\d.]+\}\s*\Z")
_HINT = (
    "Define the command in a formula before it, as in $\\newcommand{\\R}{\\mathbb{R}}$, or write the "
    "formula in another way."
)
_SHOWN = 60
#: The marks around a formula in a line, and around a displayed one.
_MARKS = (
    (("$", "$"), ("\\(", "\\)")),
    (("$$", "$$"), ("\\[", "\\]")),
)

Problem = Callable[[str, str, str], None]
"""Called with what is wrong, the piece of the source that it is about, and what to do."""


def set_formulas(root: Any, problem: Problem) -> None:
    """Set every formula of ``root``, the HTML of pandoc's MathML writer, in order.

    The writer leaves the TeX of each as an annotation, or the TeX alone between dollars where it could
    not convert it. Quarto leaves the TeX alone where a page asks for MathJax, KaTeX or an image of
    another host. A formula that neither can convert stays as its source, and ``problem``
    reports it.
    """
    formulas = Formulas()
    for element in list(root.iter("math", "span", "img")):
        found = _source(element)
        if found is None:
            continue
        tex, display = found
        try:
            made = formulas.mathml(tex, display=display)
        except FormulaError as error:
            if element.tag != "math":
                source = _NUMBER.sub("", tex).strip()
                what = " ".join(source.split())
                what = what if len(what) <= _SHOWN else what[: _SHOWN - 1] + "…"
                problem(f"the formula '{what}' cannot be set: {error}", source, _HINT)
                element.set("class", f"{element.get('class')} unset")
                if element.tag == "img":
                    # The picture is on another host: its source takes its place.
                    element.tag, element.text = "span", tex
                    del element.attrib["src"]
            continue
        _replace(element, lxml.html.fragment_fromstring(made))


def _source(element: Any) -> tuple[str, bool] | None:
    """The TeX of a formula and whether it is a displayed one; None where the element is no formula of
    pandoc's."""
    if element.tag == "math":
        for annotation in element.iter("annotation"):
            if annotation.get("encoding") == "application/x-tex":
                return annotation.text or "", element.get("display") == "block"
        return None
    classes = (element.get("class") or "").split()
    if "math" not in classes or len(element):
        return None
    display = "display" in classes
    if element.tag == "img":
        return (element.get("alt") or element.get("title") or "").strip(), display
    text = (element.text or "").strip()
    for opening, closing in _MARKS[display]:
        is_marked = text.startswith(opening) and text.endswith(closing)
        if is_marked and len(text) >= len(opening) + len(closing):
            return text[len(opening) : -len(closing)], display
    return (text, display) if text and (display or "inline" in classes) else None


def _replace(old: Any, new: Any) -> None:
    new.tail, old.tail = old.tail, None
    parent = old.getparent()
    if parent is not None:
        parent.replace(old, new)
