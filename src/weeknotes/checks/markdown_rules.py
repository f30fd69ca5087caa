"""Rules about Markdown that pandoc, or one of the two engines, reads otherwise than it looks."""

from __future__ import annotations

import re
from collections.abc import Iterator

from weeknotes.checks import masking, mentions, private_rules
from weeknotes.checks.findings import Finding
from weeknotes.engines.shortcode_handlers import HANDLERS
from weeknotes.privacy import marks
from weeknotes.text.markdown import read_any_ends

_HEADING = re.compile(r"#{1,6}[ \t]+\S")
#: Lines that are looked back over for what a line belongs to.
_FARTHEST = 300
_ROW = re.compile(r"\|")
#: What begins a heading, a list (not a year that ends a sentence), a quote or a table.
_BLOCK_START = re.compile(
    r"#{1,6}[ \t]+\S|[-*+][ \t]+\S|\d{1,2}[.)][ \t]+\S|>[ \t]*\S|\|.*\|[ \t]*$"
)
#: Lines within lists, quotes, tables, notes and code.
_INNER = re.compile(r"[ \t]|[-*+>|:][ \t>]|\d{1,9}[.)][ \t]|#\.[ \t]|\(\w+\)[ \t]|\[\^|\||>")
#: Lines after which pandoc takes a heading for one without a blank line between: other headings and
#: their underlines, rules, borders of tables, fences of divs, definitions of links, tags of blocks.
_BLOCK_END = re.compile(
    r"[\s>]*(?:$|#{1,6}(?:[ \t]|$)|:{3,}|={2,}[ \t]*$|(?:[-*_][ \t]*){3,}$|\+[-=+:]+\+"
    r"|[-*][ \t]*$|\[(?!\^)[^\]]+\]:|</?(?:address|article|aside|blockquote|body|center|dd|details"
    r"|dialog|div|dl|dt|fieldset|figcaption|figure|footer|form|h[1-6]|header|hgroup|hr|iframe|li|main|menu|nav"
    r"|object|ol|output|p|pre|progress|section|summary|table|tbody|td|tfoot|th|thead|tr|ul|video)\b)",
    re.I,
)
#: A citation where pandoc reads the number of an example, unless it is in parentheses.
_EXAMPLE = re.compile(r"^(?:[ \t>]|[-*+][ \t]|\d{1,9}[.)][ \t])*(@[\w-]+)([.)])(?=[ \t]+\S)", re.M)
_TABLE_RULE = re.compile(r"\s*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$")
#: A div's class alone, or its attributes in braces; more words than one make it text.
_DIV = re.compile(r"[ \t>]*(:{3,})[ \t]*(\{.*|[^\s{}:]+)?[ \t]*:*[ \t]*$")
_WORDS = re.compile(r"[ \t>]*:{3,}[ \t]*[^\s{}:]+[ \t]+[^\s:]")
#: What Quarto alone makes something of: code to be run or drawn, algorithms, blocks of listings.
_BLOCK = re.compile(r"^[ \t>]*:{3,}[ \t]*\{[^}\n]*(#alg-[\w-]+)", re.M)
_INCLUDE = re.compile(r"^[ \t]*\{\{<\s*include\s.*>\}\}[ \t]*$", re.M)


def _citations_as_numbers(text: str, file: str, cell: int) -> Iterator[Finding]:
    """Citations at the beginning of a line that become the number of an example ("Pandoc User's Guide",
    Numbered example lists), so that no reader sees what was cited."""
    for match in _EXAMPLE.finditer(text):
        structure = read_any_ends(text)
        if any(item.start <= match.start(1) < item.inner[0] for item in structure.of("item")):
            yield Finding(
                "markdown-block",
                file,
                f"{match[1]} with a {match[2]} behind it is read as the number of an example",
                cell or None,
                text.count("\n", 0, match.start(1)) + 1,
                f"Write [{match[1]}], or begin the line with another word.",
            )


def judge(text: str, file: str, cell: int) -> Iterator[Finding]:
    """The findings in the Markdown ``text`` of a cell by itself."""
    if fence := masking.open_fence(text):
        yield Finding(
            "markdown-fence",
            file,
            f"the code fence {fence[2]} is not closed in this cell",
            cell or None,
            fence[1],
            f"Close it with a line of {fence[2]}.",
        )
    if line := masking.open_formula(text):
        yield Finding(
            "markdown-math",
            file,
            "this $$ begins or ends no formula",
            cell or None,
            line,
            "Write a formula between two $$, without a blank line; write a dollar as \\$.",
        )
    yield from private_rules.judge_text(text, file, cell)
    yield from _citations_as_numbers(text, file, cell)
    shown = masking.plain(text)
    yield from _text_blocks(shown, file, cell)
    lines = shown.split("\n")
    for name, line in mentions.shortcodes(shown):
        if name == "include":
            if _INCLUDE.match(lines[line - 1]):
                continue
            yield Finding(
                "markdown-shortcode",
                file,
                "this include is text, since it does not stand alone on its line",
                cell or None,
                line,
                "Put it on a line of its own.",
            )
        elif name not in HANDLERS:
            yield Finding(
                "markdown-shortcode",
                file,
                f"the built-in renderer does not know the shortcode '{name}'",
                cell or None,
                line,
                "Write it in Markdown or HTML, if the site is to look the same without Quarto.",
            )
    yield from _engines(text, shown, file, cell)


def _text_blocks(shown: str, file: str, cell: int) -> Iterator[Finding]:
    """Headings, lists, quotes and tables that are text, since they follow one without a blank line."""
    lines = shown.split("\n")
    for number, line in enumerate(lines, 1):
        if number == 1 or not _BLOCK_START.match(line) or _begins_block(lines, number - 1):
            continue
        if _HEADING.match(line):
            rule, what = "markdown-heading", "heading"
        elif not _is_text(lines, number - 2):
            continue
        elif _ROW.match(line):
            if not (
                number < len(lines) and "|" in lines[number] and _TABLE_RULE.match(lines[number])
            ):
                continue
            rule, what = "markdown-block", "table"
        else:
            rule, what = "markdown-block", "quote" if line.startswith(">") else "list"
        yield Finding(
            rule,
            file,
            f"this is no {what}, since there is no blank line before it",
            cell or None,
            number,
            "Put a blank line before it; or a backslash, if it is text.",
        )


def _is_text(lines: list[str], at: int) -> bool:
    """Whether the line belongs to a paragraph, and to no list or quote, in which another may begin. The
    line before the one that is asked about is asked first, so that a list is reported once."""
    first = at - _FARTHEST
    while at >= max(first, 0) and lines[at].strip():
        if _INNER.match(lines[at]):
            return False
        if at == 0 or _BLOCK_END.match(lines[at - 1]):
            return True
        at -= 1
    return False


def _begins_block(lines: list[str], at: int) -> bool:
    """Whether pandoc may take the line for the first of a block: what is before it is one that has
    ended."""
    return at == 0 or bool(_BLOCK_END.match(lines[at - 1])) or _ends_table(lines, at - 1)


def _ends_table(lines: list[str], at: int) -> bool:
    """Whether the line is one of a table of pipes."""
    first = at - _FARTHEST
    while at >= max(first, 0) and "|" in lines[at]:
        if _TABLE_RULE.match(lines[at]):
            return True
        at -= 1
    return False


def _engines(text: str, shown: str, file: str, cell: int) -> Iterator[Finding]:
    """The places that the built-in renderer shows differently from Quarto."""
    found = []
    if "```" in text or "~~~" in text:
        for start, end in marks.fenced(text):
            if match := _INCLUDE.search(text, start, end):
                # Written {{{< include … >}}} it is shown as it is by both.
                found.append((match.start(), "an include within code"))
    if ":::" in shown:
        found += [(m.start(), f"the block '{m[1]}'") for m in _BLOCK.finditer(shown)]
    for start, what in sorted(found):
        yield Finding(
            "markdown-engine",
            file,
            f"the built-in renderer shows {what} otherwise than Quarto",
            cell or None,
            text.count("\n", 0, start) + 1,
            "Where it matters, write it in another way that both show alike.",
        )


class Divs:
    """Follows the divs of a page from cell to cell."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._open: list[tuple[int, int]] = []

    def feed(self, text: str, cell: int) -> Iterator[Finding]:
        """Read one cell; a `:::` that closes nothing is a finding."""
        if ":::" not in text:
            return
        lines = masking.plain(text).split("\n")
        for number, line in enumerate(lines, 1):
            match = _DIV.match(line) or _WORDS.match(line)
            if not match:
                continue
            if match.re is _WORDS:
                self._open.append((cell, number))
                yield self._finding(
                    "this ::: opens no div: it has more words than one",
                    cell,
                    number,
                    "Write its classes and attributes in braces: ::: {.callout-note title=…}.",
                )
                continue
            if match[2] and match[2].strip(": "):
                self._open.append((cell, number))
                if not _begins_block(lines, number - 1):
                    yield self._finding(
                        "this ::: opens no div, since there is no blank line before it",
                        cell,
                        number,
                        "Put a blank line before it.",
                    )
            elif self._open:
                self._open.pop()
            else:
                yield self._finding(
                    "this ::: closes no div", cell, number, "Take it out, or open a div before it."
                )

    def end(self) -> Iterator[Finding]:
        """The divs that were never closed."""
        for cell, number in self._open:
            yield self._finding(
                "this div is never closed",
                cell,
                number,
                "Close it with a line of ::: where it ends.",
            )

    def _finding(self, message: str, cell: int, line: int, hint: str) -> Finding:
        return Finding("markdown-div", self._file, message, cell or None, line, hint)
