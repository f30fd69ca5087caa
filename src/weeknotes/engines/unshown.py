r"""Text that pandoc reads as another format's, and that a page of HTML therefore does not show.

In a file of Markdown, which is written for pandoc, `\word` is TeX, and blocks and spans may be in a
raw format (Pandoc User's Guide, "Extension: raw_tex" and "raw_attribute"). Pandoc drops both without
a message, so they are reported here. In notebooks TeX is shown as it is written (`jupyter_markdown`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from weeknotes.engines.jupyter_blocks import seeming_definitions, wide_tables
from weeknotes.text.markdown import Structure, read

TEX_KEPT = re.compile(
    r"\s*\\(?:(?:re)?newcommand|providecommand|def|let|DeclareMathOperator"
    r"|newpage|pagebreak|clearpage)(?![A-Za-z])"
    r"|\s*\\begin[ \t]*\{(?:align|alignat|aligned|array|[bBpvV]?matrix|cases|dcases|displaymath"
    r"|eqnarray|equation|flalign|gather|gathered|math|multline|smallmatrix|split|subequations)\*?\}"
)
"""TeX that means something on a page: definitions, which pandoc applies to formulas; breaks of pages;
and environments of mathematics."""
#: TeX that sets how a printed page looks, and says nothing.
_LAYOUT = re.compile(
    r"\s*\\(?:noindent|[vh]space\*?|[vh]fill|(?:big|med|small)skip|newline|linebreak|cleardoublepage"
    r"|centering|ragged\w+|tiny|scriptsize|footnotesize|small|normalsize|large|Large|LARGE|[hH]uge"
    r"|tableofcontents|listof\w+|maketitle|appendix|phantomsection|addcontentsline|set\w+|\w*pagestyle"
    r"|label|index|protect|allowbreak|nobreak|sloppy|usepackage|bibliography\w*|addtolength|par"
    r"|\w*matter|vskip|hskip|kern|relax|makeatletter|makeatother)(?![A-Za-z])"
)
#: Raw formats that a page of HTML shows, or that Weeknotes itself reads.
_SHOWN = re.compile(r"=(?:html[45]?|pandoc-reader-.*)")
_LENGTH = 40
_SIGNS = ("\\", "]:", "|")


@dataclass(frozen=True)
class Unshown:
    """A piece of a text that a page does not show: its ``line``, and the message."""

    line: int
    message: str
    hint: str
    rule: str


def unshown(text: str, *, tex: bool) -> Iterator[Unshown]:
    """The parts of the Markdown ``text`` that a page does not show; parts in TeX only if ``tex`` is
    true."""
    if "{=" not in text and not (tex and any(sign in text for sign in _SIGNS)):
        return
    structure = read(text)
    if tex:
        yield from _blocks(structure)
    for region in structure.regions:
        found = text[region.start : region.end]
        line = structure.line(region.start)
        if region.kind == "tex" and tex:
            if not TEX_KEPT.match(found) and not _LAYOUT.match(found):
                yield Unshown(
                    line,
                    f"the TeX {_short(found)} is not shown",
                    "Write it in Markdown, as code, or with two backslashes to show it as it is.",
                    "markdown-tex",
                )
        elif region.kind not in ("fence", "code") or not region.name.startswith("="):
            continue
        elif not _SHOWN.fullmatch(region.name):
            yield Unshown(
                line,
                f"raw {region.name[1:]} is not shown on a page",
                "Write it in Markdown or HTML, if the site is to show it.",
                "page-warning",
            )


def _blocks(structure: Structure) -> Iterator[Unshown]:
    """The blocks of a file that pandoc leaves out, besides text in other formats."""
    for region in seeming_definitions(structure):
        yield Unshown(
            structure.line(region.start),
            "this is taken for the definition of a link, and is not shown",
            "Write a backslash before its first bracket.",
            "markdown-block",
        )
    for region in wide_tables(structure):
        yield Unshown(
            structure.line(region.start),
            "a row of this table has more cells than the line below its head, and they are not shown",
            "Give that line as many parts as the widest row has cells.",
            "markdown-block",
        )


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _LENGTH else text[: _LENGTH - 1] + "…"
