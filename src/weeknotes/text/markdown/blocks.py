"""Blocks of Markdown: what pandoc's reader of `markdown` takes for which, and where each one ends.

The order in which the kinds are tried, and what may be before each, follow that reader (Pandoc
User's Manual, "Pandoc's Markdown"). What a quote, a list item or a footnote holds is read as a text
of its own.
"""

from __future__ import annotations

import re
from dataclasses import replace

from weeknotes.text.html_elements import VOID
from weeknotes.text.markdown import lists
from weeknotes.text.markdown.attributes import NOTHING, Attributes, read_attributes
from weeknotes.text.markdown.html_tags import VERBATIM, Tag, balanced_end, read_tag
from weeknotes.text.markdown.leaves import BLANKS, GAP, INDENTED, Leaves
from weeknotes.text.markdown.lists import Marker
from weeknotes.text.markdown.source import BLANK, Source

_DIV = re.compile(r":{3,}[ \t]*")
_DIV_END = re.compile(r":{3,}[ \t]*(?:\n|\Z)")
_DIV_TAIL = re.compile(r"[ \t]*:*[ \t]*(?:\n|\Z)")
_WORD = re.compile(r"\S+")
_LOOSE_TAG = re.compile(r"<([A-Za-z][\w:-]*)[^<>]*>")
_QUOTE = re.compile(r" {0,3}> ?")
_NOTE = re.compile(r" {0,3}\[\^([^\s\^\[\]]+)\]:")


class Blocks(Leaves):
    """Reads the blocks of a piece of text."""

    def blocks(self) -> None:
        """Read all of the piece."""
        at = 0
        while at < len(self.text):
            at = self.block(at)

    def block(self, at: int) -> int:
        """Read the block at ``at``; returns the position behind it."""
        if match := BLANKS.match(self.text, at):
            return match.end()
        for read in _KINDS:
            mark = len(self.regions)
            end = read(self, at)
            if end > at:
                return end
            del self.regions[mark:]
        return self._paragraph(at)

    def _child(self, source: Source, **changes: object) -> Blocks:
        context = replace(self.context, **changes)  # type: ignore[arg-type]
        return Blocks(source, self.regions, self.definitions, context)

    # Containers

    def _bullets(self, at: int) -> int:
        return self._list(at, "bullet")

    def _ordered(self, at: int) -> int:
        marker = lists.ordered(self.text, at)
        return self._list(at, marker.style) if marker else -1

    def _list(self, at: int, style: str) -> int:
        start = at
        mark = len(self.regions)
        while at < len(self.text) and (marker := self._item_marker(at, style)):
            at = self._item(at, marker)
        if at == start:
            return -1
        kind = "definition-list" if style == "definition" else "list"
        inner = self.regions[mark:]
        del self.regions[mark:]
        self.add(kind, start, at)
        self.regions += inner
        return at

    def _item_marker(self, at: int, style: str) -> Marker | None:
        if style == "bullet":
            return lists.bullet(self.text, at)
        if style == "definition":
            return lists.definition(self.text, at)
        return lists.ordered(self.text, at, style)

    def begins_item(self, at: int) -> bool:
        return self.context.in_list and self._list_start(at)

    def _list_start(self, at: int) -> bool:
        return bool(
            lists.bullet(self.text, at)
            or lists.ordered(self.text, at)
            or lists.definition(self.text, at)
        )

    def _item(self, at: int, marker: Marker) -> int:
        """Read a list item; the lines that belong to it follow pandoc's `rawListItem` and
        `listContinuation`."""
        text, width = self.text, marker.width
        inside = self._child(self.source, in_list=True)
        position = min(self._line_end(at) + 1, len(text))
        pieces = [(marker.end, position)]
        while position < len(text):
            if (
                BLANK.match(text, position)
                or self._list_start(position)
                or self._fence_at(position)
                or self._closes(position)
                or self._nested_start(position, width)
            ):
                break
            position = self._take_line(position, width, pieces)
        position = self._take_blanks(position, pieces)
        while position < len(text) and self._continues(position, width):
            position = self._take_line(position, width, pieces)
            while position < len(text):
                if BLANK.match(text, position) or self._closes(position):
                    break
                if not self._gobbled(position, width) and self._list_start(position):
                    break
                position = self._take_line(position, width, pieces)
            position = self._take_blanks(position, pieces)
        inner = self.source.taken(pieces)
        self.add("item", at, position, (marker.end, position), NOTHING, marker.style)
        self._child(inner, in_list=inside.context.in_list).blocks()
        return position

    def _nested_start(self, at: int, width: int) -> bool:
        inside = self._gobbled(at, width)
        if not inside:
            return False
        spaces = GAP.match(self.text, inside)
        position = spaces.end() if spaces else inside
        return self._list_start(position)

    def _continues(self, at: int, width: int) -> bool:
        return bool(
            not BLANK.match(self.text, at) and not self._closes(at) and self._gobbled(at, width)
        )

    def _gobbled(self, at: int, width: int) -> int:
        """The position behind ``width`` columns of white space at ``at``; 0 where there is less."""
        column = 0
        while column < width and at < len(self.text) and self.text[at] in " \t":
            column += 4 if self.text[at] == "\t" else 1
            at += 1
        return at if column >= width else 0

    def _take_line(self, at: int, width: int, pieces: list[tuple[int, int]]) -> int:
        end = min(self._line_end(at) + 1, len(self.text))
        pieces.append((self._gobbled(at, width) or at, end))
        return end

    def _take_blanks(self, at: int, pieces: list[tuple[int, int]]) -> int:
        while at < len(self.text) and BLANK.match(self.text, at):
            end = min(self._line_end(at) + 1, len(self.text))
            pieces.append((at, end))
            at = end
        return at

    def _closes(self, at: int) -> bool:
        """Whether the div or element around ends at ``at``."""
        if self.context.div_level and _DIV_END.match(self.text, at):
            return True
        return self._closes_element(at, self.context.html_block)

    def _closes_element(self, at: int, name: str) -> bool:
        if not name or not self.text.startswith("</", at):
            return False
        tag = read_tag(self.text, at)
        return bool(tag and tag.kind == "close" and tag.name == name)

    def _definitions(self, at: int) -> int:
        """A definition list, whose term is one line."""
        start, mark = at, len(self.regions)
        position = at
        while position < len(self.text) and not BLANK.match(self.text, position):
            term = min(self._line_end(position) + 1, len(self.text))
            blank = BLANK.match(self.text, term)
            first = blank.end() if blank and term < len(self.text) else term
            if not lists.definition(self.text, first):
                break
            # Only before the first term does pandoc look whether it is a table's caption.
            if blank and position == start and self._table_at(first) >= 0:
                break
            inner = self.source.taken([(position, term)])
            child = self._child(inner)
            child.inlines(0, len(inner.text.rstrip("\n")))
            items = self._list(first, "definition")
            if items < 0:
                break
            position = items
        if position == start:
            return -1
        inside = self.regions[mark:]
        del self.regions[mark:]
        self.add("definition-list", start, position)
        self.regions += inside
        return position

    def _quote(self, at: int) -> int:
        match = _QUOTE.match(self.text, at)
        if not match:
            return -1
        pieces = []
        position = at
        while match:
            end = self._line_end(match.end())
            pieces.append((match.end(), min(end + 1, len(self.text))))
            position = end
            match = None
            while position < len(self.text):
                match = _QUOTE.match(self.text, position + 1)
                if match or not self.goes_on(position):
                    break
                spaces = GAP.match(self.text, position + 1)
                start = spaces.end() if spaces else position + 1
                if self.text.startswith(">", start):
                    break  # It is too far in for a line of the quote, and goes on with none.
                end = self._line_end(start)
                pieces.append((start, min(end + 1, len(self.text))))
                position = end
        end = min(position + 1, len(self.text))
        self.add("quote", at, end)
        self._child(self.source.taken(pieces, "\n\n")).blocks()
        return end

    def _note(self, at: int) -> int:
        match = _NOTE.match(self.text, at)
        if not match:
            return -1
        text, position = self.text, match.end()
        if blank := BLANK.match(text, position):
            position = min(blank.end(), len(text))
        pieces: list[tuple[int, int]] = []
        while position < len(text):
            position = self._note_line(position, pieces)
            while position < len(text) and not (
                BLANK.match(text, position)
                or self._div_closes(position)
                or _NOTE.match(text, position)
            ):
                position = self._note_line(position, pieces)
            blanks = BLANKS.match(text, position)
            if not blanks or not INDENTED.match(text, blanks.end()):
                break
            pieces.append((position, position + 1))
            position = blanks.end()
        self.add("note", at, position, (match.end(), position), NOTHING, match[1])
        self._child(self.source.taken(pieces, "\n\n")).blocks()
        return position

    def _note_line(self, at: int, pieces: list[tuple[int, int]]) -> int:
        indent = INDENTED.match(self.text, at)
        end = min(self._line_end(at) + 1, len(self.text))
        pieces.append((indent.end() if indent else at, end))
        return end

    def _div_closes(self, at: int) -> bool:
        return bool(self.context.div_level and _DIV_END.match(self.text, at))

    def _fenced_div(self, at: int) -> int:
        match = _DIV.match(self.text, at)
        if not match:
            return -1
        found = read_attributes(self.text, match.end())
        if found:
            attributes, position = found
        else:
            word = _WORD.match(self.text, match.end())
            if not word:
                return -1
            attributes, position = Attributes(classes=(word[0],)), word.end()
        tail = _DIV_TAIL.match(self.text, position)
        if not tail:
            return -1
        return self._open_div(at, tail.end(), attributes)

    def _open_div(self, at: int, inner: int, attributes: Attributes) -> int:
        mark = len(self.regions)
        self.context.div_level += 1
        position = inner
        while position < len(self.text) and not _DIV_END.match(self.text, position):
            position = self.block(position)
        self.context.div_level -= 1
        position = min(position, len(self.text))
        close = _DIV_END.match(self.text, position)
        end = close.end() if close else position
        inside = self.regions[mark:]
        del self.regions[mark:]
        self.add("div", at, end, (min(inner, position), position), attributes, ":::")
        self.regions += inside
        return end

    # HTML

    def _html(self, at: int) -> int:
        if not self.text.startswith("<", at):
            return -1
        tag = read_tag(self.text, at)
        if not tag:
            return -1
        if tag.kind == "open" and tag.name == "div":
            return self._element(tag, "div")
        return -1

    def _html_block(self, at: int) -> int:
        if not self.text.startswith("<", at):
            return -1
        tag = read_tag(self.text, at)
        if not tag:
            return self._loose_element(at)
        if not tag.is_block:
            return -1
        if tag.kind == "open" and tag.name in VERBATIM:
            end = balanced_end(self.text, tag)
            if end is not None:
                close = self.text.rindex("<", at, end)
                self.add("verbatim", at, end, (tag.end, close), tag.attributes, tag.name)
                return self._behind_html(end)
        if tag.kind == "open":
            return self._element(tag, "element")
        self._add_tag(tag)
        return self._behind_html(tag.end)

    def _loose_element(self, at: int) -> int:
        """An element whose start tag is malformed: pandoc passes it on as it is."""
        match = _LOOSE_TAG.match(self.text, at)
        tag = Tag("open", match[1].lower(), at, match.end()) if match else None
        end = balanced_end(self.text, tag) if tag and tag.is_block and not tag.is_inline else None
        if end is None or tag is None:
            return -1
        self.add("verbatim", at, end, None, NOTHING, tag.name)
        return self._behind_html(end)

    def _element(self, tag: Tag, kind: str) -> int:
        """An element whose content is Markdown, up to its end tag or the end of the text."""
        mark = len(self.regions)
        outer, self.context.html_block = self.context.html_block, tag.name
        position = self._behind_html(tag.end)
        closed = tag.kind != "open" or (
            kind == "element" and (tag.closes_itself or tag.name in VOID)
        )
        while not closed and position < len(self.text):
            spaces = GAP.match(self.text, position) if kind == "element" else None
            place = spaces.end() if spaces else position
            if self._closes_element(place, tag.name):
                position = place
                closed = True
                break
            position = self.block(position)
        self.context.html_block = outer
        position = min(position, len(self.text))
        close = read_tag(self.text, position) if closed and position < len(self.text) else None
        end = position
        if close and close.kind == "close" and close.name == tag.name:
            end = close.end
        inside = self.regions[mark:]
        del self.regions[mark:]
        if kind == "div" or closed:
            self.add(kind, tag.start, end, (tag.end, position), tag.attributes, tag.name)
        self._add_tag(tag)
        self.regions += inside
        if end > position and close:
            self._add_tag(close)
        return end


#: The readers of blocks, in the order in which pandoc tries them.
_KINDS = (
    Blocks._fence,
    Blocks._yaml,
    Blocks._bullets,
    Blocks._html,
    Blocks._fenced_div,
    Blocks._heading,
    Blocks._html_block,
    Blocks._table,
    Blocks._indented,
    Blocks._raw_tex,
    Blocks._line_block,
    Blocks._quote,
    Blocks._rule,
    Blocks._ordered,
    Blocks._definitions,
    Blocks._note,
    Blocks._reference_definition,
)
