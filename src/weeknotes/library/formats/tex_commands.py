"""Commands of TeX in ``.bib`` files that pandoc does not know.

pandoc (seen with 3.9) leaves a command that it does not know out, with its argument: of
``Models in \\proglang{S}`` the "S" vanishes. The argument is text, whatever the command makes of it,
but for the commands by which people steer sorting.
"""

from __future__ import annotations

import re
import unicodedata

_KNOWN = frozenset(
    "textbf textit emph texttt textsc textsl textsf textrm textmd textup textnormal text "
    "textsuperscript textsubscript textquote enquote mkbibquote mkbibemph mkbibbold mkbibparens url "
    "href uline underline sout ensuremath footnote cite citet citep autocite parencite textcite "
    "foreignlanguage begin end verb bibstring autocap hspace vspace kern char symbol MakeUppercase "
    "MakeLowercase uppercase lowercase ref label nocite nolinkurl path ce si SI num "
    "u v H r d b c k t i j L l O o AA aa AE ae OE oe ss DH dh TH th DJ dj NG ng".split()
)
_COMMAND = re.compile(r"\\([A-Za-z]{2,})\s*(?=\{)")
_SORTING = re.compile(r"noop|sort|print(?:first|second)|switch|singleletter", re.I)
_FORMULA = re.compile(r"((?<!\\)\$[^$]*\$)")
# A formula whose dollars were escaped by a program that took them for text.
_ESCAPED_FORMULA = re.compile(r"\\\$((?:[^$\\]|\\(?!\$))*?\\[A-Za-z]+(?:[^$\\]|\\(?!\$))*?)\\\$")
_SYMBOL = re.compile(r"\\([A-Za-z]{2,})(?![A-Za-z{])(?:\{\}|\s(?=\s))?")
_SYMBOLS = {
    "texttrademark": "™", "textregistered": "®", "textcopyright": "©", "copyright": "©",
    "textdegree": "°", "degree": "°", "textmu": "µ", "textohm": "Ω", "ell": "ℓ", "infty": "∞",
    "textbullet": "•", "textperiodcentered": "·", "textsection": "§", "textperthousand": "‰",
    "texttimes": "×", "textpm": "±", "textrightarrow": "→", "textleftarrow": "←", "textnumero": "№",
    "varepsilon": "ε", "varphi": "φ", "vartheta": "ϑ", "varsigma": "ς", "varrho": "ϱ",
}  # fmt: skip
_URLS_AND_SIGNS = re.compile(r"(\\(?:url|href|nolinkurl|path)\s*\{[^{}]*\})|(?<!\\)([#%])")


def without_unknown_commands(text: str) -> str:
    """``text`` with the arguments of commands that pandoc does not know in the place of the commands,
    and with signs in the place of commands for them. Formulas stay as they are."""
    text = _ESCAPED_FORMULA.sub(r"$\1$", text)
    pieces = _FORMULA.split(text)
    return "".join(
        piece if at % 2 else _SYMBOL.sub(_symbol, _COMMAND.sub(_without, piece))
        for at, piece in enumerate(pieces)
    )


def escaped_signs(text: str) -> str:
    """``text`` with a backslash before the signs that mean something to TeX and not to BibTeX, which
    knows no comments and no parameters within a value. Addresses stay as they are."""
    return _URLS_AND_SIGNS.sub(lambda found: found[1] or "\\" + found[2], text)


def _without(found: re.Match[str]) -> str:
    known = found[1] in _KNOWN or _SORTING.search(found[1]) or found[1].startswith("text")
    return found[0] if known else ""


def _symbol(found: re.Match[str]) -> str:
    """The sign that a command without an argument is for, a Greek letter among others."""
    name = found[1]
    if name in _SYMBOLS:
        return _SYMBOLS[name]
    size = "CAPITAL" if name[0].isupper() else "SMALL"
    try:
        return unicodedata.lookup(f"GREEK {size} LETTER {name.upper().replace('LAMBDA', 'LAMDA')}")
    except KeyError:
        return found[0]
