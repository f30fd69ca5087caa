"""Titles of pages, which are Markdown: as HTML for the page's heading, and as plain words for the
browser's title, lists, the feed and the search."""

from __future__ import annotations

import re
from typing import Any

from weeknotes.engines import normalise
from weeknotes.engines.maths.page import Problem, set_formulas
from weeknotes.text.html_elements import UNSPOKEN

MARKUP = re.compile(r"[$*_`^~@\[\]<>\\&]")
"""What a title without markup has none of."""
_RAISED = str.maketrans("0123456789+-−=()niabcdeghkmoptuvx", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿⁱᵃᵇᶜᵈᵉᵍʰᵏᵐᵒᵖᵗᵘᵛˣ")
_LOWERED = str.maketrans("0123456789+-−=()aehijklmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ")
#: What may be in a heading; other elements give their words alone.
_INLINE = frozenset("em strong i b code sub sup s del u span q abbr mark kbd".split())


def set_title(markup: str, problem: Problem) -> tuple[str, str]:
    """A title's HTML (what is in its heading) and its plain words, from the HTML that pandoc made
    of it."""
    root = normalise.parse(markup)
    set_formulas(root, problem)
    words = plain_words(root)
    for element in list(root.iter()):
        inside = any(parent.tag == "math" for parent in element.iterancestors())
        if element is root or element.tag == "math" or inside:
            continue
        if element.tag not in _INLINE:
            element.drop_tag() if isinstance(element.tag, str) else element.drop_tree()
        for name in [n for n in element.attrib if n not in ("class", "lang", "dir")]:
            del element.attrib[name]
    return normalise.serialise(root).strip(), words


def plain_words(element: Any) -> str:
    """The text of an element as plain words: each formula once, in characters."""
    return " ".join(_words(element).split())


def _words(element: Any) -> str:
    """The text of an element, raised and lowered signs of formulas as characters of their own."""
    if not isinstance(element.tag, str) or element.tag in UNSPOKEN:
        return ""
    children = [child for child in element if isinstance(child.tag, str)]
    if element.tag in ("msup", "msub") and len(children) == 2:
        table = _RAISED if element.tag == "msup" else _LOWERED
        return _words(children[0]) + _moved(_words(children[1]), table)
    if element.tag == "msubsup" and len(children) == 3:
        base, low, high = map(_words, children)
        return base + _moved(low, _LOWERED) + _moved(high, _RAISED)
    if element.tag == "mfrac" and len(children) == 2:
        return f"{_words(children[0])}/{_words(children[1])}"
    if element.tag in ("sup", "sub"):
        inner = (element.text or "") + "".join(_words(c) + (c.tail or "") for c in children)
        return _moved(inner, _RAISED if element.tag == "sup" else _LOWERED)
    parts = [element.text or ""]
    for child in element:
        parts += [_words(child), child.tail or ""]
    return "".join(parts).replace("\u2061", " ")


def _moved(text: str, table: dict[int, int]) -> str:
    """``text`` in raised or lowered characters where there are such for all of it."""
    text = text.strip()
    return text.translate(table) if all(ord(character) in table for character in text) else text
