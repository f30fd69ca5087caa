"""Commands of TeX in ``.bib`` files that pandoc does not know.

pandoc (seen with 3.9) leaves a command that it does not know out, with its argument: of
``Models in \\proglang{S}`` the "S" vanishes. The argument is text, whatever the command makes of it,
but for the commands by which people steer sorting.
"""

from __future__ import annotations

import re

_KNOWN = frozenset(
    "textbf textit emph texttt textsc textsl textsf textrm textmd textup textnormal text mbox hbox "
    "textsuperscript textsubscript textquote enquote mkbibquote mkbibemph mkbibbold mkbibparens url "
    "href uline underline sout ensuremath footnote cite citet citep autocite parencite textcite "
    "foreignlanguage begin end verb bibstring autocap hspace vspace kern char symbol MakeUppercase "
    "MakeLowercase uppercase lowercase ref label nocite nolinkurl path ce si SI num "
    "u v H r d b c k t i j L l O o AA aa AE ae OE oe ss DH dh TH th DJ dj NG ng".split()
)
_COMMAND = re.compile(r"\\([A-Za-z]{2,})\s*(?=\{)")
_SORTING = re.compile(r"noop|sort|print(?:first|second)|switch|singleletter", re.I)


def without_unknown_commands(text: str) -> str:
    """``text`` with the arguments of commands that pandoc does not know in the place of the commands.
    Formulas stay as they are."""
    pieces = re.split(r"((?<!\\)\$[^$]*\$)", text)
    return "".join(
        piece if at % 2 else _COMMAND.sub(_without, piece) for at, piece in enumerate(pieces)
    )


def _without(found: re.Match[str]) -> str:
    known = found[1] in _KNOWN or _SORTING.search(found[1]) or found[1].startswith("text")
    return found[0] if known else ""
