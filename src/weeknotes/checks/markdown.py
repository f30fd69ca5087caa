"""What the rules look at in Markdown: citations, references, images, links, labels and anchors.

Also the rules about Markdown itself: what pandoc, or the two engines, would read otherwise than it
looks.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from weeknotes.checks.findings import Finding
from weeknotes.privacy import marks

#: Prefixes of the labels of cross-references (Quarto documentation, "Cross References").
_CROSSREF = re.compile(
    r"(?:fig|tbl|lst|sec|eq|thm|lem|cor|prp|cnj|def|exm|exr|sol|rem|alg|tip|nte|wrn|imp|cau)-"
)
_CITE = re.compile(r"(?<![\w@/.\\])@(?:\{([^}\s]+)\}|(\w[\w:.#$%&\-+?<>~/]*))")
_KEY_TAIL = ":.#$%&-+?<>~/"
_IMAGE = re.compile(
    r"!\[((?:[^\[\]]|\[[^\]]*\](?:\([^)]*\))?)*)\]\(\s*(?:<([^>]*)>|([^)\s]*))[^)]*\)(\{[^}]*\})?"
)
_LINK = re.compile(r"(?<!!)\[(?:[^\[\]]|\[[^\]]*\])*\]\(\s*(?:<([^>]*)>|([^)\s]*))[^)]*\)")
_DEFINITION = re.compile(r"^ {0,3}\[(?!\^)[^\]]+\]:[ \t]*<?(\S+?)>?(?:[ \t]|$)", re.M)
_HTML_TARGET = re.compile(
    r"""<(img|video|source|audio|a)\b[^>]*?\b(?:src|href)\s*=\s*["']([^"']*)["'][^>]*>""", re.I
)
_ALT = re.compile(r"""\b(?:alt|aria-label|title)\s*=\s*["'][^"']*\S""", re.I)
_SHORTCODE = re.compile(r"(?<!\{)\{\{<\s*(\S+)\s*(.*?)\s*>\}\}(?!\})")
_KNOWN_SHORTCODES = frozenset(["include", "video", "meta", "var", "kbd", "pagebreak"])
LABEL = re.compile(r"\{[^{}\n]*?#([^\s{}]+)[^{}\n]*\}")
_HTML_ID = re.compile(r"""<[a-z][^>]*\b(?:id|name)\s*=\s*["']([^"']+)["']""", re.I)
_HEADING = re.compile(r"^ {0,3}(#{1,6})[ \t]+(.*?)[ \t#]*$")
_ATTRIBUTES = re.compile(r"\s*\{[^{}]*\}\s*$")
_DIV = re.compile(r"^[ \t>]*(:{3,})[ \t]*(\S.*)?$")
_FENCE = re.compile(r"^[ \t>]*(?:[-*+][ \t]+|\d+[.)][ \t]+)?(`{3,}(?!.*`)|~{3,})")


@dataclass
class Mentions:
    """What a source mentions, each with the number of its cell (0 where there are none) and its line.

    Anchors and labels carry no place; ``hidden_labels`` are those of private parts.
    """

    cites: list[tuple[str, int, int]] = field(default_factory=list)
    references: list[tuple[str, int, int]] = field(default_factory=list)
    images: list[tuple[str, bool, int, int]] = field(default_factory=list)
    links: list[tuple[str, int, int]] = field(default_factory=list)
    includes: list[tuple[str, int, int]] = field(default_factory=list)
    anchors: list[str] = field(default_factory=list)
    hidden_labels: list[str] = field(default_factory=list)


def plain(text: str) -> str:
    """``text`` with its code and comments blanked out, so that every other character stays in place."""
    spans = list(marks.fenced(text))
    spans += [m.span() for m in marks.CODE_SPAN.finditer(text)]
    spans += [m.span() for m in re.finditer(r"<!--.*?-->", text, re.S)]
    return _blank(text, spans)


def _blank(text: str, spans: list[tuple[int, int]]) -> str:
    parts, position = [], 0
    for start, end in marks.merged(spans):
        parts += [text[position:start], re.sub(r"[^\n]", " ", text[start:end])]
        position = end
    return "".join([*parts, text[position:]])


def read(text: str, cell: int, found: Mentions) -> None:
    """Add what the Markdown ``text`` mentions to ``found``."""
    shown = plain(text)
    place = _Places(shown, cell)
    if "@" in shown:
        for match in _CITE.finditer(_blank(shown, _targets(shown))):
            key = (match[1] or match[2]).rstrip(_KEY_TAIL)
            where = found.references if _CROSSREF.match(key) else found.cites
            where.append((key, *place(match.start())))
    if "](" in shown or "]:" in shown or "<" in shown:
        _read_targets(shown, place, found)
    for match in _SHORTCODE.finditer(shown):
        name = match[2].split(" ")[0].strip("\"'")
        if match[1] == "include":
            found.includes.append((name, *place(match.start())))
        elif match[1] == "video" and "://" not in name:
            found.images.append((name, True, *place(match.start())))
    found.anchors += [m[1] for m in LABEL.finditer(shown)]
    found.anchors += [m[1] for m in _HTML_ID.finditer(shown)]
    found.anchors += [slug(m[2]) for line in shown.split("\n") if (m := _HEADING.match(line))]
    found.anchors += [slug(line) for line in _setext(shown)]


def _targets(text: str) -> list[tuple[int, int]]:
    """Where addresses stand, in which an @ begins no citation."""
    return [m.span() for m in re.finditer(r"\]\([^)\s]*|<[^>\s]+>|https?://\S+", text)]


def _read_targets(text: str, place: _Places, found: Mentions) -> None:
    for match in _IMAGE.finditer(text):
        described = bool(match[1].strip()) or "fig-alt" in (match[4] or "")
        found.images.append((match[2] or match[3] or "", described, *place(match.start())))
    for match in _LINK.finditer(text):
        found.links.append((match[1] or match[2] or "", *place(match.start())))
    for match in _DEFINITION.finditer(text):
        found.links.append((match[1], *place(match.start())))
    for match in _HTML_TARGET.finditer(text):
        if match[1].lower() == "a":
            found.links.append((match[2], *place(match.start())))
        else:
            described = (
                match[1].lower() != "img" or bool(_ALT.search(match[0])) or 'alt=""' in match[0]
            )
            found.images.append((match[2], described, *place(match.start())))


class _Places:
    """Where a position in the text of a cell is: the number of the cell, and the line."""

    def __init__(self, text: str, cell: int) -> None:
        self._text = text
        self._cell = cell

    def __call__(self, at: int) -> tuple[int, int]:
        return self._cell, self._text.count("\n", 0, at) + 1


def slug(heading: str) -> str:
    """The letters and digits of a heading's identifier, near enough to compare (`same_anchor`)."""
    text = _ATTRIBUTES.sub("", heading)
    text = re.sub(r"!?\[([^\[\]]*)\](?:\([^)]*\)|\{[^}]*\})", r"\1", text)
    return re.sub(r"<[^>]+>|\$[^$]*\$", "", text)


def same_anchor(name: str) -> str:
    """``name`` in a form in which an anchor and the heading it is of are the same, whatever either
    engine makes of punctuation."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    return "".join(c for c in folded if c.isalnum()).lstrip("0123456789")


def _setext(text: str) -> Iterator[str]:
    lines = text.split("\n")
    for line, after in pairwise(lines):
        if line.strip() and re.fullmatch(r"(?:=+|-+)[ \t]*", after):
            yield line


def judge(text: str, file: str, cell: int) -> Iterator[Finding]:
    """The findings in the Markdown ``text`` of a cell by itself."""
    code = list(marks.fenced(text))
    yield from _open_fences(text, code, file, cell)
    shown = plain(text)
    lines = shown.split("\n")
    for number, (line, before) in enumerate(zip(lines, ["", *lines], strict=False), 1):
        if (
            line.startswith("#")
            and _HEADING.match(line)
            and before.strip()
            and not _HEADING.match(before)
            and not before.lstrip().startswith((":::", "<"))
        ):
            yield Finding(
                "markdown-heading",
                file,
                "this is no heading, since no blank line stands before it",
                cell or None,
                number,
                "Put a blank line before it; or a backslash, if it is text.",
            )
    for match in _SHORTCODE.finditer(shown):
        if match[1] not in _KNOWN_SHORTCODES:
            yield Finding(
                "markdown-shortcode",
                file,
                f"the built-in renderer does not know the shortcode '{match[1]}'",
                cell or None,
                shown.count("\n", 0, match.start()) + 1,
                "Write it in Markdown or HTML, if the site is to look the same without Quarto.",
            )


def _open_fences(text: str, code: list[tuple[int, int]], file: str, cell: int) -> Iterator[Finding]:
    if "```" not in text and "~~~" not in text:
        return
    position = 0
    for number, line in enumerate(text.splitlines(keepends=True), 1):
        inside = any(start <= position < end for start, end in code)
        if not inside and (match := _FENCE.match(line.rstrip("\r\n"))):
            yield Finding(
                "markdown-fence",
                file,
                f"the code fence {match[1]} is not closed in this cell",
                cell or None,
                number,
                f"Close it with a line of {match[1]}.",
            )
            return
        position += len(line)


class Divs:
    """Follows the divs of a page from cell to cell."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._open: list[tuple[int, int]] = []

    def feed(self, text: str, cell: int) -> Iterator[Finding]:
        """Read one cell; a `:::` that closes nothing is a finding."""
        if ":::" not in text:
            return
        for number, line in enumerate(plain(text).split("\n"), 1):
            match = _DIV.match(line)
            if not match:
                continue
            if match[2] and match[2].strip(": "):
                self._open.append((cell, number))
            elif self._open:
                self._open.pop()
            else:
                yield Finding(
                    "markdown-div",
                    self._file,
                    "this ::: closes no div",
                    cell or None,
                    number,
                    "Take it out, or open a div before it.",
                )

    def end(self) -> Iterator[Finding]:
        """The divs that were never closed."""
        for cell, number in self._open:
            yield Finding(
                "markdown-div",
                self._file,
                "this div is never closed",
                cell or None,
                number,
                "Close it with a line of ::: where it ends.",
            )
