"""Markdown of notebooks in the form in which pandoc shows what JupyterLab shows.

The two read some things otherwise. Pandoc takes ``\\word`` for TeX, which a page of HTML drops: the
names of Windows folders, patterns and commands of LaTeX vanish. JupyterLab shows them as they are
written. It takes what is between dollars for a formula also where spaces are inside them or a
digit follows (its `latex.ts`), where pandoc sees dollars and TeX. `as_pandoc` rewrites such places,
within their lines, so that both engines show what the author saw.
"""

from __future__ import annotations

import re

from weeknotes.engines.jupyter_blocks import block_edits
from weeknotes.engines.unshown import TEX_KEPT
from weeknotes.text.markdown import blank, read

Edit = tuple[int, int, str]

#: What the blocks that pandoc reads in another way have.
_BLOCK_SIGNS = ("---", "]:", "|", "```", "~~~", "#")

#: A name of a shared folder, as in \\server\share.
_SHARE = re.compile(r"(?<![\\\w])\\\\(?=[\w.$-]+\\[\w.$-])")
#: MathJax's other delimiters, with the backslash that Markdown needs.
_PARENTHESES = re.compile(r"\\\\\((.{1,2000}?)\\\\\)|\\\\\[(.{1,4000}?)\\\\\]", re.S)
_DOLLAR = re.compile(r"\\.|\$+", re.S)
_PARAGRAPH = re.compile(r"\n[ \t]*\n")
#: The signs of a formula: commands, raised and lowered letters, an equals sign.
_COMMAND = re.compile(r"\\[A-Za-z]")
_STRONG = re.compile(r"\\[A-Za-z]|[\^_=]")
_WORDS_OF_TEX = re.compile(
    r"\\(?:text\w*|mbox|mathrm|operatorname\*?|begin|end)\s*\{[^{}]*\}|\\[A-Za-z]+"
)
_WORD = re.compile(r"[^\W\d_]{2,}")
#: Kinds of text in which a dollar begins nothing. TeX that pandoc sees may be inside a formula.
_NO_DOLLARS = "fence indented code comment tag verbatim yaml address attributes reference".split()


def as_pandoc(text: str) -> str:
    """``text``, the Markdown of a cell, so that pandoc shows what JupyterLab shows. Line ends must be
    ``\\n``; no line is added or taken away, but for the end of a fence that is open at the end."""
    if any(sign in text for sign in _BLOCK_SIGNS):
        text = _edited(text, block_edits(text))
    if "$" in text or "\\\\" in text:
        text = _edited(text, _formulas(text))
    # What a command of TeX holds may hold commands itself.
    for _ in range(4):
        edits = _literals(text) if "\\" in text else []
        if not edits:
            break
        text = _edited(text, edits)
    return text


def _edited(text: str, edits: list[Edit]) -> str:
    parts, position = [], 0
    for start, end, made in sorted(edits):
        if start < position:
            continue
        parts += [text[position:start], made]
        position = end
    return "".join([*parts, text[position:]])


def _literals(text: str) -> list[Edit]:
    """Backslashes that are to be seen, doubled."""
    structure = read(text)
    edits: list[Edit] = []
    for region in structure.of("tex"):
        found = text[region.start : region.end]
        if found.startswith("\\") and not TEX_KEPT.match(found):
            edits.append((region.start, region.end, found.replace("\\", "\\\\")))
    if "\\\\" in text:
        shown = structure.blanked([*_NO_DOLLARS, "math", "link", "image"])
        edits += [(m.start(), m.end(), "\\\\\\\\") for m in _SHARE.finditer(shown)]
    return edits


def _formulas(text: str) -> list[Edit]:
    """Formulas that JupyterLab sets and pandoc does not, in pandoc's form."""
    structure = read(text)
    shown = blank(text, structure.spans(_NO_DOLLARS))
    known = {(region.start, region.end) for region in structure.of("math")}
    edits: list[Edit] = []
    for match in _PARENTHESES.finditer(shown):
        inner, mark = (match[1], "$") if match[1] else (match[2] or "", "$$")
        if inner.strip() and "$" not in inner and not _PARAGRAPH.search(inner):
            edits.append((match.start(), match.end(), f"{mark}{inner.strip()}{mark}"))
    dollars = [m for m in _DOLLAR.finditer(shown) if m[0] in ("$", "$$")]
    number = 0
    while number + 1 < len(dollars):
        opening, closing = dollars[number], dollars[number + 1]
        span = opening.start(), closing.end()
        if span in known or opening[0] == closing[0] == "$$":
            number += 2
        elif opening[0] == closing[0] == "$" and _is_formula(shown, *span):
            made = f"${text[opening.end() : closing.start()].strip()}$"
            if shown[span[1] : span[1] + 1].isdigit():
                made = f"[{made}]{{}}"
            edits.append((*span, made))
            number += 2
        else:
            number += 1
    return edits


def _is_formula(text: str, start: int, end: int) -> bool:
    """Whether the dollars at both ends of ``text[start:end]`` enclose a formula, rather than come
    before prices."""
    inner = text[start + 1 : end - 1]
    formula = inner.strip()
    if not formula or _PARAGRAPH.search(inner):
        return False
    opens, closes = inner[0].isspace(), inner[-1].isspace()
    words = _WORD.search(_WORDS_OF_TEX.sub(" ", formula))
    before, after = text[start - 1 : start], text[end : end + 1]
    if after.isalnum() or before.isalnum():
        return bool(_COMMAND.search(formula)) and not words and not after.isalpha()
    if opens and closes:
        return bool(_STRONG.search(formula)) or (not words and any(map(str.isalpha, formula)))
    if _STRONG.search(formula):
        return not words
    return not words and formula[0].isalpha()
