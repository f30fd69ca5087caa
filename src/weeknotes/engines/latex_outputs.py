"""Outputs in LaTeX: a formula, or words with formulas among them, as JupyterLab shows them.

JupyterLab sets the formulas of such an output and shows all else as it is written; what Quarto and
pandoc know as LaTeX they leave out of a page of HTML.
"""

from __future__ import annotations

import re

_ENVIRONMENT = (
    r"\\begin\{(?P<name>(?:align|alignat|aligned|array|[bBpvV]?matrix|cases|dcases|displaymath|eqnarray"
    r"|equation|flalign|gather|gathered|math|multline|smallmatrix|split)\*?)\}.*?\\end\{(?P=name)\}"
)
_FORMULA = re.compile(
    rf"\$\$.+?\$\$|(?<!\\)\$[^$]+?(?<!\\)\$|\\\[(?P<display>.+?)\\\]|\\\((?P<inline>.+?)\\\)|{_ENVIRONMENT}",
    re.S,
)
_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")


def is_math(latex: str) -> bool:
    """Whether ``latex`` is one formula, or several with nothing but space between."""
    return bool(latex.strip()) and not _FORMULA.sub("", latex).strip()


def latex_as_markdown(latex: str) -> str:
    """``latex`` as Markdown that shows its formulas, and its other text as it is written."""
    parts, position = [], 0
    for match in _FORMULA.finditer(latex):
        parts.append(_literal(latex[position : match.start()]))
        if match["display"]:
            parts.append(f"$${match['display'].strip()}$$")
        elif match["inline"]:
            parts.append(f"${match['inline'].strip()}$")
        else:
            parts.append(match[0])
        position = match.end()
    return "".join([*parts, _literal(latex[position:])])


def _literal(text: str) -> str:
    lines = _PUNCTUATION.sub(r"\\\1", text).split("\n")
    return "\n".join(line.lstrip() for line in lines)
