r"""Blocks of notebooks' Markdown that pandoc takes for what JupyterLab does not show so.

Pandoc takes lines between two ``---`` for metadata and drops them; words behind ``[label]:`` for the
address of a link; and of a table it drops the cells beyond the columns of its second line. A fence
that its cell does not close would take in the cells that follow. JupyterLab reads each cell by itself,
after CommonMark and GitHub's tables.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from weeknotes.text.markdown import Region, Structure, read

Edit = tuple[int, int, str]

_DASHES = re.compile(r"^---(?=[ \t]*$)", re.M)
#: A definition of a link as CommonMark has it (section 4.7), with pandoc's attributes.
_DEFINITION = re.compile(
    r" {0,3}\[(?:\\.|[^\[\]\\])+\]:[ \t]*\n?[ \t]*(?:<[^<>\n]*>|[^\s<]\S*)?"
    r"(?:\s+(?:\"[^\"]*\"|'[^']*'|\([^()]*\)))?[ \t]*(?:\{[^{}\n]*\})?\s*",
)
_LABEL = re.compile(r" {0,3}\[((?:\\.|[^\[\]\\])+)\]:")
_FENCE = re.compile(
    r"(?P<before>[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*)(?P<fence>`{3,}|~{3,})(?P<rest>.*)"
)
#: What pandoc, or Weeknotes before it, reads behind a fence: a word, attributes, or braces.
_ATTRIBUTES = r"\{(?:[ \t]*(?:[#.][^\s{}]+|[\w:-]+=(?:\"[^\"]*\"|'[^']*'|[^\s{}\"']+)|-))*[ \t]*\}"
_INFO = re.compile(
    rf"[ \t]*(?:[^\s{{}}`]+(?:[ \t]*{_ATTRIBUTES})?|\{{[^{{}}\n]*\}}|\{{\{{[^{{}}\n]*\}}\}})[ \t]*"
)
_LANGUAGE = re.compile(r"[A-Za-z][\w+#.-]*")
#: Where a text could match `_LAST_SIGNS`, and the second line of a table of pipes.
_SIGNS_AT_END = re.compile(r"[^\s#\\]#+[^\S\n]*$", re.M)
_SECOND_LINE = re.compile(r"^[ \t>]*[|+:\- \t]+$", re.M)
_LAST_SIGNS = re.compile(r"^[ \t>]*#.*[^\s#\\](#+)$")
_MARKER = re.compile(r"[-*+]|\d{1,9}[.)]")
#: What a pipe is part of without parting cells (Pandoc User's Guide, "Extension: pipe_tables").
_NO_PIPE = re.compile(r"(`+)(?!`).*?(?<!`)\1(?!`)|\\.|\$(?![\s$])(?:\\.|[^$\\])*?(?<!\s)\$(?!\d)")


def block_edits(text: str) -> list[Edit]:
    """The edits that make pandoc read the blocks of ``text``, the Markdown of a cell below its front
    matter, as JupyterLab does."""
    edits = list(_fences(text)) if "```" in text or "~~~" in text else []
    if not _may_differ(text):
        return edits
    structure = read(text)
    return [
        *_dashes(structure),
        *_definitions(structure),
        *_tables(structure),
        *_headings(structure),
        *edits,
    ]


def _may_differ(text: str) -> bool:
    """Whether ``text`` could hold one of the blocks, fences aside, that pandoc reads otherwise: a quick
    look, which never misses one. To read the structure of a text takes a hundred times as long."""
    return (
        "]:" in text
        or ("---" in text and bool(_DASHES.search(text)))
        or ("|" in text and ("\\|" in text or bool(_SECOND_LINE.search(text))))
        or ("#" in text and bool(_SIGNS_AT_END.search(text)))
    )


def wide_tables(structure: Structure) -> Iterator[Region]:
    """The tables of pipes that have rows with more cells than columns."""
    for region in structure.of("table"):
        columns, widest, _ = _widths(structure.text, region)
        if columns < widest:
            yield region


def seeming_definitions(structure: Structure) -> Iterator[Region]:
    """The text that pandoc takes for the definition of a link, and that is a paragraph in
    CommonMark."""
    for region in structure.of("reference"):
        found = structure.text[region.start : region.end]
        if not _DEFINITION.fullmatch(found) and _LABEL.match(found):
            yield region


def _dashes(structure: Structure) -> Iterator[Edit]:
    """Lines of three hyphens, of which pandoc or Quarto may make the bounds of metadata: as a rule, or
    as the longer line below a heading."""
    text = structure.text
    if "---" not in text:
        return
    kept = ("fence", "indented", "table", "verbatim", "comment", "div", "element", "line-block")
    underlines = {
        text.rfind("\n", 0, len(text[r.start : r.end].rstrip()) + r.start) + 1
        for r in structure.of("heading")
    }
    for match in _DASHES.finditer(text):
        if structure.inside(match.start(), kept[:5]):
            continue
        above = text[: match.start()].rpartition("\n")[0].rpartition("\n")[2]
        under = match.start() in underlines or (
            above.strip() and _is_paragraph(structure, match.start())
        )
        yield *match.span(), "----" if under else "***"


def _is_paragraph(structure: Structure, at: int) -> bool:
    """Whether the line before ``at`` is text that a line of hyphens makes a heading of."""
    before = structure.text.rfind("\n", 0, max(at - 1, 0)) + 1
    first = structure.text[before : at - 1]
    return not re.match(r"[ \t]*(?:[-*+>#|]|\d+[.)]|:::|<)|---[ \t]*$|\*\*\*", first)


def _definitions(structure: Structure) -> Iterator[Edit]:
    for region in seeming_definitions(structure):
        match = _LABEL.match(structure.text, region.start)
        if match:
            yield match.start(1) - 1, match.start(1), "\\["
            yield match.end(1), match.end(1) + 1, "\\]"


def _tables(structure: Structure) -> Iterator[Edit]:
    for region in wide_tables(structure):
        columns, widest, end = _widths(structure.text, region)
        yield end, end, "|---" * (widest - columns)
    # In a cell, a pipe in code is written with a backslash, which GitHub's tables leave out.
    for code in structure.of("code"):
        found = structure.text[code.start : code.end]
        if "\\|" in found and structure.inside(code.start, ("table",)):
            yield code.start, code.end, found.replace("\\|", "|")


def _widths(text: str, region: Region) -> tuple[int, int, int]:
    """The columns of a table of pipes, the cells of its widest row, and where its second line ends but
    for a last pipe; three zeros for another table."""
    lines = text[region.start : region.end].split("\n")
    if len(lines) < 2 or "|" not in lines[0] or not re.fullmatch(r"[ \t>]*[|+:\- \t]+", lines[1]):
        return 0, 0, 0
    rows = [line for line in (lines[0], *lines[2:]) if "|" in line]
    end = region.start + len(lines[0]) + 1 + len(lines[1].rstrip().removesuffix("|"))
    # Between the columns of its second line may be a plus (Orgtbl); in a row one is a letter of a cell.
    return _cells(lines[1].replace("+", "|")), max(map(_cells, rows)), end


def _cells(row: str) -> int:
    """The number of cells in a row."""
    row = _NO_PIPE.sub("x", row).strip(" \t>")
    return row.removeprefix("|").removesuffix("|").count("|") + 1


def _headings(structure: Structure) -> Iterator[Edit]:
    """Number signs that end a heading and belong to its last word, as in "F#"."""
    for region in structure.of("heading"):
        line = structure.text[region.start : region.end].rstrip()
        if match := _LAST_SIGNS.search(line):
            signs = "".join(f"\\{sign}" for sign in match[1])
            yield region.start + match.start(1), region.start + match.end(1), signs


def _fences(text: str) -> Iterator[Edit]:
    """Fences whose first line pandoc does not read, with their language alone; and the end of one that
    is open at the end of the text (CommonMark 4.5)."""
    position = 0
    fence = prefix = ""
    for line in text.split("\n"):
        start, position = position, position + len(line) + 1
        match = _FENCE.fullmatch(line)
        if not match:
            continue
        found, rest = match["fence"], match["rest"]
        if fence:
            if found.startswith(fence) and not rest.strip() and not _MARKER.search(match["before"]):
                fence = ""
            continue
        if found[0] == "`" and "`" in rest:
            continue
        fence = found
        prefix = _MARKER.sub(lambda marker: " " * len(marker[0]), match["before"])
        if rest.strip() and not _INFO.fullmatch(rest):
            language = _LANGUAGE.search(rest)
            yield start + match.start("rest"), start + len(line), language[0] if language else ""
    if fence:
        yield len(text), len(text), f"\n{prefix}{fence}"
