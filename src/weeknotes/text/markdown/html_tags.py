"""HTML tags and comments within Markdown, as pandoc takes them for such.

A tag is one if its name and the names of its attributes are names; ``x<y)`` is text. Which tags begin
a block follows pandoc's own list.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape

from weeknotes.text.markdown.attributes import NOTHING, Attributes

_EITHER = frozenset(
    "audio applet button iframe embed del ins progress map area noscript script object svg video "
    "source track".split()
)
_BLOCKS = frozenset(
    """address article aside blockquote body canvas caption center col colgroup dd details dir div dl
    dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 head header hgroup hr html isindex main
    menu meta noframes nav ol output p pre section summary table tbody textarea thead tfoot ul frameset
    li td th tr script style calloutlist bibliolist glosslist itemizedlist orderedlist segmentedlist
    simplelist variablelist caution important note tip warning literallayout programlisting
    programlistingco screen screenco screenshot synopsis example informalexample informalfigure
    informaltable para simpara formalpara equation informalequation mediaobject qandaset procedure task
    cmdsynopsis funcsynopsis classsynopsis epigraph msgset sidebar title case switch default""".split()
)
VERBATIM = frozenset(["pre", "style", "script", "textarea"])

_NAME = r"[^\W\d_](?:[^\W_]|[:_-])*"
_START = re.compile(rf"<({_NAME})(?=[\s/>])")
_CLOSE = re.compile(rf"</({_NAME})[^<>]*>")
_INSTRUCTION = re.compile(r"<\?[^\W\d_][^>]*>")
#: What ends a comment (HTML, "Comment end state"). Pandoc takes it for one only where that is ``-->``.
_COMMENT_END = re.compile(r"--(?:\s*|!)>")
_GAP = re.compile(r"[\s/]*")
#: An attribute. Each part ends where the next begins, so that nothing is tried twice.
_ATTRIBUTE = re.compile(
    rf"""({_NAME})(?=[\s/>=])(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"'][^\s>]*)|(?=>)))?"""
)


@dataclass(frozen=True)
class Tag:
    """A tag, or a comment, whose name is ``!--``.

    ``kind`` is "open", "close", "comment" or "instruction"; ``end`` the position behind it.
    """

    kind: str
    name: str
    start: int
    end: int
    attributes: Attributes = NOTHING
    closes_itself: bool = False

    @property
    def is_block(self) -> bool:
        """Whether it can begin or end a block."""
        return self.kind in ("comment", "instruction") or self.name in _BLOCKS | _EITHER

    @property
    def is_inline(self) -> bool:
        """Whether it can be part of a paragraph."""
        if self.kind in ("comment", "instruction"):
            return True
        if self.name == "script":
            return self.kind == "close"
        return self.name == "style" or self.name not in _BLOCKS


def read_tag(text: str, at: int) -> Tag | None:
    """The tag or comment that begins at ``text[at]``; None where none does."""
    if match := _START.match(text, at):
        return _start_tag(text, at, match)
    if match := _CLOSE.match(text, at):
        return Tag("close", match[1].lower(), at, match.end())
    if text.startswith("<!--", at):
        end = None if text.startswith((">", "->"), at + 4) else _COMMENT_END.search(text, at + 4)
        return Tag("comment", "!--", at, end.end()) if end and end[0] == "-->" else None
    if match := _INSTRUCTION.match(text, at):
        return Tag("instruction", "?", at, match.end())
    return None


def balanced_end(text: str, tag: Tag) -> int | None:
    """The position behind the end tag that belongs to the start tag ``tag``; None where there is
    none."""
    depth = 1
    position = tag.end
    find = re.compile(rf"<(/?){re.escape(tag.name)}(?=[\s/>])", re.I)
    while match := find.search(text, position):
        end = text.find(">", match.end())
        if end < 0:
            return None
        position = end + 1
        depth += -1 if match[1] else 1
        if not depth:
            return position
    return None


def _start_tag(text: str, at: int, match: re.Match[str]) -> Tag | None:
    name = match[1].lower()
    identifier = ""
    classes: list[str] = []
    values: list[tuple[str, str]] = []
    position = match.end()
    while True:
        gap = _GAP.match(text, position)
        end = gap.end() if gap else position
        if text.startswith(">", end):
            attributes = Attributes(identifier, tuple(classes), tuple(values))
            closes = text.endswith("/", position, end)
            return Tag("open", name, at, end + 1, attributes, closes)
        found = _ATTRIBUTE.match(text, end) if end > position or position == match.end() else None
        if not found:
            return None
        key = found[1].lower()
        value = unescape(found[2] or found[3] or found[4] or "")
        if key == "id":
            identifier = identifier or value
        elif key == "class":
            classes += value.split()
        else:
            values.append((key, value))
        position = found.end()
