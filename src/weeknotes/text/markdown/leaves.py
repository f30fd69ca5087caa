"""Blocks that hold no other blocks: code, headings, tables, definitions, paragraphs."""

from __future__ import annotations

import re

from weeknotes.text.markdown import lists
from weeknotes.text.markdown.attributes import (
    NOTHING,
    Attributes,
    read_attributes,
    read_raw_attribute,
)
from weeknotes.text.markdown.brackets import Brackets
from weeknotes.text.markdown.formulas import braces_end, environment_end
from weeknotes.text.markdown.inlines import label_key
from weeknotes.text.markdown.source import BLANK, Source
from weeknotes.text.markdown.tables import table_end

BLANKS = re.compile(r"(?:[ \t]*\n)+")
_FENCE = re.compile(r"( {0,3})(`{3,}|~{3,})[ \t]*")
#: What a chunk of code begins with: ```{bash}, ```{r, echo=FALSE}, ```{{python}}.
_BRACES = re.compile(r"\{+[ \t]*([\w+#-]*)(?:[^{}\n]|\{[^{}\n]*\})*\}+")
_LANGUAGE = re.compile(r"[^\s`{}]+[ \t]*")
_YAML = re.compile(r"---[ \t]*\n(?![ \t]*\n)")
_YAML_END = re.compile(r"^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.M)
_ATX = re.compile(r"(#+)(?=[ \t\n]|\Z)[ \t]*")
_UNDERLINE = re.compile(r"[^\n]*\n(?:[=-]+)[ \t]*(?:\n|\Z)")
_DIV_CLOSE = re.compile(r"^:{3,}[ \t]*$", re.M)
INDENTED = re.compile(r"(?: {4}|\t)")
_MACRO = re.compile(
    r"\\(?:re|provide)?newcommand\*?|\\def(?![A-Za-z])|\\let(?![A-Za-z])|\\newenvironment"
)
_BEGIN = re.compile(r"\\begin[ \t]*\{([^{}\n]*)\}")
#: Environments of TeX that belong to a paragraph.
_MATHEMATICS = frozenset(
    "math displaymath equation align alignat flalign gather multline eqnarray dmath dgroup".split()
)
_LINE_BLOCK = re.compile(r"\|(?= |\n)[^\n]*(?:\n(?: [^\n]*|\|(?= |\n)[^\n]*))*(?:\n|\Z)")
_REFERENCE = re.compile(r" {0,3}(?=\[)(?!\[[\^@])")
_CAPTION = re.compile(r" {0,3}(?::(?![:!\"#%&'()*,\-./;?@\[\\\]_{}])|[Tt]able:)")
_AFTER_LABEL = re.compile(r"[ \t]*(?:\n[ \t]*)?(?!\[)")
_GAP_OR_LINE = re.compile(r"[ \t]*(?:\n[ \t]*)?")
_TO_BRACE = re.compile(r"[^\n{]*")
GAP = re.compile(r"[ \t]*")
_REST_OF_LINE = re.compile(r"[ \t]*(?:\n(?:[ \t]*\n)*)?")


class Leaves(Brackets):
    """Reads blocks of text and code."""

    def _child(self, source: Source, **changes: object) -> Leaves:
        """A reader of a text within this one."""
        raise NotImplementedError

    def _closes(self, at: int) -> bool:
        """Whether the div or element around ends at ``at``."""
        raise NotImplementedError

    def _behind_html(self, at: int) -> int:
        """The position of the next block behind raw HTML or TeX that ends at ``at``."""
        blank = _REST_OF_LINE.match(self.text, at)
        return blank.end() if blank else at

    def _fence(self, at: int) -> int:
        found = self._fence_at(at)
        if not found:
            return -1
        end, inner, attributes, name = found
        self.add("fence", at, end, inner, attributes, name)
        return end

    def _fence_at(self, at: int) -> tuple[int, tuple[int, int], Attributes, str] | None:
        match = _FENCE.match(self.text, at)
        if not match:
            return None
        position, name, attributes = match.end(), "", NOTHING
        if raw := read_raw_attribute(self.text, position):
            name, position = "=" + raw[0], raw[1]
        else:
            if language := _LANGUAGE.match(self.text, position):
                name, position = language[0].strip(), language.end()
            if found := read_attributes(self.text, position):
                attributes, position = found
                name = name or (attributes.classes[0] if attributes.classes else "")
            elif braces := _BRACES.match(self.text, position):
                # No attributes to pandoc, but both engines read such a fence as code all the same.
                name, position = braces[1], braces.end()
        opening = BLANK.match(self.text, position)
        if not opening:
            return None
        mark = re.escape(match[2][0])
        closing = re.compile(rf"^ {{0,3}}{mark}{{{len(match[2])},}}[ \t]*(?:\n|\Z)", re.M)
        close = closing.search(self.text, opening.end())
        if not close:
            return None
        return close.end(), (opening.end(), close.start()), attributes, name

    def _indented(self, at: int) -> int:
        if not INDENTED.match(self.text, at):
            return -1
        end = at
        position = at
        while position < len(self.text):
            if blanks := BLANKS.match(self.text, position):
                position = blanks.end()
            elif INDENTED.match(self.text, position):
                position = end = self._line_end(position) + 1
            else:
                break
        end = min(end, len(self.text))
        self.add("indented", at, end)
        return end

    def _yaml(self, at: int) -> int:
        match = _YAML.match(self.text, at)
        if not match:
            return -1
        close = _YAML_END.search(self.text, match.end())
        if not close:
            return -1
        self.add("yaml", at, close.end(), (match.end(), close.start()))
        return close.end()

    def goes_on(self, at: int) -> bool:
        following = at + 1
        if not self._breaks or following >= len(self.text) or BLANK.match(self.text, following):
            return False
        if self.begins_item(following) or self._closes(following):
            return False
        return not (self.text.startswith("`", following) and self._fence_at(following))

    def _heading(self, at: int) -> int:
        if _UNDERLINE.match(self.text, at):
            end = self._setext(at)
            if end >= 0:
                return end
        match = _ATX.match(self.text, at)
        if not match:
            return -1
        closing = re.compile(r"#*[ \t]*")
        return self._headed(at, match.end(), len(match[1]), closing)

    def _headed(
        self, at: int, start: int, level: int, closing: re.Pattern[str], underline: bool = False
    ) -> int:
        """A heading of one line: its words, and at their end its attributes."""
        mark = len(self.regions)
        found: list[tuple[Attributes, int, int, int]] = []

        def stop(position: int) -> bool:
            match = closing.match(self.text, position)
            place = match.end() if match else position
            attributes = read_attributes(self.text, place)
            end = attributes[1] if attributes else place
            blank = BLANK.match(self.text, end)
            if blank:
                found.append((attributes[0] if attributes else NOTHING, place, end, blank.end()))
            return bool(blank)

        self._breaks = False
        self._matching = None
        words = self.inlines(start, stop=stop)
        self._breaks = True
        self._matching = None
        if not found:
            del self.regions[mark:]
            return -1
        attributes, before, behind, end = found[-1]
        if underline:
            line = re.compile(r"[=-]+[ \t]*(?:\n|\Z)").match(self.text, end)
            if not line:
                del self.regions[mark:]
                return -1
            level = 1 if self.text[end] == "=" else 2
            end = line.end()
        inside = self.regions[mark:]
        del self.regions[mark:]
        label = self.text[start:words].rstrip()
        self.add("heading", at, end, (start, start + len(label)), attributes, "", level)
        self.regions += inside
        if before < behind:
            self.add("attributes", before, behind, None, attributes)
        self.definitions.headings.add(label_key(label))
        return end

    def _setext(self, at: int) -> int:
        spaces = GAP.match(self.text, at)
        start = spaces.end() if spaces else at
        return self._headed(at, start, 0, re.compile(r""), underline=True)

    def _table_at(self, at: int) -> int:
        """The end of the table at ``at``, with a caption before it or without; -1 if there is
        none."""
        caption = _CAPTION.match(self.text, at)
        if not caption:
            return self._table_end(at)
        end = self._caption_end(caption.end())
        return self._table_end(end) if 0 <= end < len(self.text) else -1

    def _table_end(self, at: int) -> int:
        """The position behind the table at ``at``, which ends before the fence that closes the div
        around it; -1 where there is none."""
        end = table_end(self.text, at)
        if end > at and self.context.div_level and (close := _DIV_CLOSE.search(self.text, at, end)):
            return table_end(self.text[: close.start()], at)
        return end

    def _caption_end(self, at: int) -> int:
        mark = len(self.regions)
        found = self._read_caption(at)
        del self.regions[mark:]
        return found[1] if found else -1

    def _read_caption(self, at: int) -> tuple[Attributes, int] | None:
        """The attributes of the caption whose words begin at ``at``, and the position behind it."""
        found: list[tuple[Attributes, int, int]] = []

        def stop(position: int) -> bool:
            attributes = read_attributes(self.text, position)
            if not attributes or not (blanks := BLANKS.match(self.text, attributes[1])):
                return False
            found.append((attributes[0], attributes[1], blanks.end()))
            return True

        words = self.inlines(at, stop=stop)
        if found:
            self.add("attributes", words, found[-1][1], None, found[-1][0])
            return found[-1][0], found[-1][2]
        blanks = BLANKS.match(self.text, words)
        return (NOTHING, blanks.end()) if blanks else None

    def _table(self, at: int) -> int:
        mark = len(self.regions)
        start, attributes, front = at, NOTHING, False
        first = self.text[at : at + 8].lstrip(" ")
        if first.startswith((":", "T", "t")) and (caption := _CAPTION.match(self.text, at)):
            found = self._read_caption(caption.end())
            if found:
                attributes, start, front = found[0], found[1], True
                self.add("caption", at, start, (caption.end(), start), attributes)
        end = self._table_end(start) if start < len(self.text) else -1
        if end < 0:
            del self.regions[mark:]
            return -1
        self._cells(start, end)
        if not front:
            blanks = BLANKS.match(self.text, end)
            place = blanks.end() if blanks else end
            if caption := _CAPTION.match(self.text, place):
                before = len(self.regions)
                found = self._read_caption(caption.end())
                if found:
                    attributes, end = found
                    self.add("caption", place, end, (caption.end(), end), attributes)
                else:
                    del self.regions[before:]
        inside = self.regions[mark:]
        del self.regions[mark:]
        self.add("table", at, end, (start, end), attributes)
        self.regions += inside
        return end

    def _cells(self, start: int, end: int) -> None:
        """Read what a table's lines hold. A cell's inlines end with it."""
        grid = self.text[start:end].lstrip(" ").startswith("+")
        position = start
        while position < end:
            line = min(self._line_end(position), end)
            inner = self.source.taken([(position, line)])
            if not grid or not self.text[position:line].lstrip().startswith("+"):
                child = self._child(inner)
                at = 0
                while at < len(inner.text):
                    at = child.inlines(at) + 1
            position = line + 1

    def _raw_tex(self, at: int) -> int:
        if not self.text.startswith("\\", at):
            return -1
        if begin := _BEGIN.match(self.text, at):
            if begin[1].rstrip("*") in _MATHEMATICS:
                return -1
            end = environment_end(self.text, at)
            end = begin.end() if end < 0 else end
        elif macro := _MACRO.match(self.text, at):
            rest = _TO_BRACE.match(self.text, macro.end())
            end = rest.end() if rest else macro.end()
            while self.text.startswith(("{", "["), end):
                close = (
                    braces_end(self.text, end)
                    if self.text[end] == "{"
                    else self.text.find("]", end) + 1
                )
                if close <= 0:
                    break
                end = close
        else:
            return -1
        if end < 0:
            return -1
        self.add("tex", at, end, None, NOTHING, "block")
        return self._behind_html(end)

    def _line_block(self, at: int) -> int:
        match = _LINE_BLOCK.match(self.text, at)
        if not match:
            return -1
        self.add("line-block", at, match.end())
        lines: list[list[tuple[int, int]]] = []
        position = at
        while position < match.end():
            line = min(self._line_end(position) + 1, match.end())
            if self.text.startswith("|", position):
                lines.append([])
            lines[-1].append((position + 1, line))
            position = line
        for pieces in lines:
            self._child(self.source.taken(pieces)).inlines(0)
        return match.end()

    def _rule(self, at: int) -> int:
        match = lists.is_rule(self.text, at)
        if not match:
            return -1
        self.add("rule", at, match.end())
        return match.end()

    def _reference_definition(self, at: int) -> int:
        """The definition of a link's address (`referenceKey`)."""
        match = _REFERENCE.match(self.text, at)
        if not match:
            return -1
        close = self.matching(match.end())
        text = self.text
        if close < 0 or not text.startswith(":", close + 1):
            return -1
        gap = _AFTER_LABEL.match(text, close + 2)
        if not gap:
            return -1
        position = gap.end()
        if text.startswith("<", position) and (end := self._literal(position + 1, ">")) >= 0:
            position = end
        else:
            position = self._source_url(position)
        position = self._reference_title(position)
        attributes, end = NOTHING, position
        space = _GAP_OR_LINE.match(text, position)
        place = space.end() if space else position
        found = read_attributes(text, place)
        if found:
            attributes, end = found
        blanks = BLANK.match(text, end)
        if not blanks:
            return -1
        label = text[match.end() + 1 : close]
        self.add("reference", at, blanks.end(), (gap.end(), end), attributes, label_key(label))
        if found:
            self.add("attributes", place, end, None, attributes)
        if not self.definitions.complete:
            self.definitions.references[label_key(label)] = attributes
        return blanks.end()

    def _source_url(self, at: int) -> int:
        """The position behind the words of an address, up to a title, attributes or the line's end."""
        while at < len(self.text):
            spaces = GAP.match(self.text, at)
            start = spaces.end() if spaces else at
            if BLANK.match(self.text, start) or self._reference_title(at) > at:
                return at
            if read_attributes(self.text, start):
                return at
            if self.text.startswith("[", start) and self.matching(start) >= 0:
                return at
            while at < len(self.text) and (at < start or not self.text[at].isspace()):
                at = self._one(at) if at >= start else start
        return at

    def _reference_title(self, at: int) -> int:
        gap = _GAP_OR_LINE.match(self.text, at)
        start = gap.end() if gap else at
        sign = self.text[start : start + 1]
        end = -1
        if sign in ('"', "'") and sign:
            end = self.title(start)
        elif sign == "(":
            end = self._parentheses(start)
        return end if end >= 0 else at

    def _paragraph(self, at: int) -> int:
        mark = len(self.regions)
        end = self.inlines(at)
        if end == at:
            end = at + 1
        inside = self.regions[mark:]
        del self.regions[mark:]
        self.add("paragraph", at, end)
        self.regions += inside
        return end
