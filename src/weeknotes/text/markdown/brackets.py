"""This module reads brackets: links, images, spans and footnotes, with their addresses and
titles."""

from __future__ import annotations

import re

from weeknotes.text.markdown.attributes import NOTHING, Attributes, read_attributes
from weeknotes.text.markdown.html_spans import HtmlSpans
from weeknotes.text.markdown.html_tags import read_tag
from weeknotes.text.markdown.inlines import PLAIN, label_key
from weeknotes.text.markdown.source import BLANK, SPACES

_NEXT_LINE = re.compile(r"[ \t]*(?:\n[ \t]*)?")
_NOTE_MARK = re.compile(r"\[\^([^\s\^\[\]]+)\]")


class Brackets(HtmlSpans):
    """Reads inlines in brackets."""

    def _bracket(self, at: int, start: int) -> int:
        """The link, image, span or mark of a note whose bracket opens at ``at``; -1 where the bracket
        is text. ``start`` is that of the whole, an exclamation mark included."""
        text = self.text
        if start == at and (mark := _NOTE_MARK.match(text, at)):
            self.add("note-mark", at, mark.end(), None, NOTHING, mark[1])
            return mark.end()
        if _NOTE_MARK.match(text, at):
            return -1
        close = self.matching(at)
        if close < 0 or close >= self._limit:
            return -1
        inner = (at + 1, close)
        behind = close + 1
        if start == at and (found := self._attributes(behind)):
            self._hold("span", start, found[1], inner, found[0], behind)
            return found[1]
        if start == at and not self.context.links:
            return -1
        kind = "link" if start == at else "image"
        target = self._destination(behind)
        if 0 <= target <= self._limit:
            found = self._attributes(target)
            end = found[1] if found else target
            self._hold(kind, start, end, inner, found[0] if found else NOTHING, target)
            return end
        return self._reference(kind, start, inner)

    def _reference(self, kind: str, start: int, inner: tuple[int, int]) -> int:
        """A link or image whose address is defined elsewhere. Whether it is one is known at the end."""
        text, behind = self.text, inner[1] + 1
        label, end = text[inner[0] : inner[1]], behind
        if text.startswith("[", behind) and not _NOTE_MARK.match(text, behind):
            close = self.matching(behind)
            if 0 <= close < self._limit:
                second = text[behind + 1 : close]
                label, end = second or label, close + 1
        found = self._attributes(end)
        attributes, stop = found or (NOTHING, end)
        self.definitions.missed = not self.definitions.complete
        defined = self.definitions.of(label_key(label))
        if defined is None:
            # Brackets that are text. What is in them is read as if they weren't there.
            self.add("bracket", start, stop, inner, attributes, label_key(label))
            self.inlines(*inner)
            if end > behind:
                self.inlines(behind, end)
            return stop
        both = Attributes(
            attributes.identifier or defined.identifier,
            (*attributes.classes, *defined.classes),
            (*attributes.values, *defined.values),
        )
        self._hold(kind, start, stop, inner, both, end, label_key(label))
        return stop

    def _hold(
        self,
        kind: str,
        start: int,
        end: int,
        inner: tuple[int, int],
        attributes: Attributes,
        before: int,
        name: str = "",
    ) -> None:
        """Note an inline in brackets, and what is in them."""
        self.add(kind, start, end, inner, attributes, name)
        if before < end:
            self.add("attributes", before, end, None, attributes)
        links, self.context.links = self.context.links, kind != "link" and self.context.links
        self.inlines(inner[0], inner[1])
        self.context.links = links

    def _inline_note(self, at: int) -> int:
        close = self.matching(at + 1)
        if close < 0 or close >= self._limit:
            return -1
        behind = close + 1
        if self.text[behind : behind + 1] in ("(", "[") or read_attributes(self.text, behind):
            return -1
        self.add("inline-note", at, behind, (at + 2, close))
        self.inlines(at + 2, close)
        return behind

    def matching(self, at: int) -> int:
        """The place where the bracket that opens at ``at`` closes; -1 if it does not in its
        paragraph, or in the brackets around it."""
        if self._matching is None or at not in self._matching:
            self._match_from(at)
        assert self._matching is not None
        return self._matching.get(at, -1)

    def _match_from(self, at: int) -> None:
        """Match the brackets from ``at`` to the end of what is being read."""
        known = self._matching = self._matching or {}
        text, open_brackets = self.text, []
        while at < self._limit:
            sign = text[at]
            if sign == "[":
                open_brackets.append(at)
                at += 1
                continue
            if sign == "]":
                if open_brackets:
                    known[open_brackets.pop()] = at
                    if not open_brackets:
                        return
                at += 1
                continue
            plain = PLAIN.match(text, at)
            following = plain.end() if plain else self._skipped(at)
            if following < 0:
                break
            at = following
        for place in open_brackets:
            known[place] = -1

    def _skipped(self, at: int) -> int:
        """The position behind what hides brackets at ``at``; -1 at the end of the paragraph."""
        sign = self.text[at]
        found = -1
        if sign == "\n":
            return at + 1 if self.goes_on(at) else -1
        if sign == "`":
            found = self.code(at, note=False)
        elif sign == "$":
            found = self.math(at, note=False)
        elif sign == "\\":
            found = self._backslash(at, note=False)
        elif sign == "<" and (tag := read_tag(self.text, at)) and self._is_inline(tag):
            found = tag.end
        return found if found >= 0 else at + 1

    def _destination(self, at: int) -> int:
        """The position behind the address and title in parentheses at ``at``; -1 without."""
        text = self.text
        if not text.startswith("(", at):
            return -1
        spaces = SPACES.match(text, at + 1)
        position = spaces.end() if spaces else at + 1
        if text.startswith("<", position):
            end = self._destination_end(self._literal(position + 1, ">"))
            if end >= 0:
                return end
        while 0 <= position < len(text) and text[position] != ")":
            if text[position] in " \t\n":
                end = self._destination_end(position)
                if end >= 0:
                    return end
                position = self._past_space(position)
            elif text[position] == "(":
                position = self._parentheses(position)
            else:
                position = self._one(position)
        return position + 1 if 0 <= position < len(text) else -1

    def _past_space(self, at: int) -> int:
        """The position behind white space in an address; -1 where a title that does not end, or a
        blank line, follows."""
        spaces = SPACES.match(self.text, at)
        following = spaces.end() if spaces else at
        if following > at:
            return -1 if self.text[following : following + 1] in ('"', "'") else following
        return -1 if BLANK.match(self.text, at + 1) else at + 1

    def _destination_end(self, position: int) -> int:
        """The position behind a title, if there is one at ``position``, and the closing parenthesis."""
        if position < 0:
            return -1
        gap = _NEXT_LINE.match(self.text, position)
        start = gap.end() if gap else position
        title = self.title(start) if self.text[start : start + 1] in ('"', "'") else -1
        spaces = SPACES.match(self.text, title if title >= 0 else position)
        end = spaces.end() if spaces else position
        return end + 1 if self.text.startswith(")", end) else -1

    def title(self, at: int) -> int:
        """The position behind the title in quotes at ``at``; -1 where there is none."""
        text, quote = self.text, self.text[at]
        position = at + 1
        if text[position : position + 1].isspace():
            return -1
        while position < len(text):
            if text[position] == quote:
                if not text[position + 1 : position + 2].isalnum():
                    return position + 1
                nested = self.title(position)
                if nested < 0:
                    return -1
                position = nested
            elif text[position] == "\n" and BLANK.match(text, position + 1):
                return -1
            else:
                position = self._one(position)
        return -1

    def _literal(self, at: int, close: str) -> int:
        """The position behind ``close``, which ends literal text at ``at``; -1 where it is missing."""
        while at < len(self.text):
            if self.text[at] == close:
                return at + 1
            if self.text[at] == "\n" and BLANK.match(self.text, at + 1):
                return -1
            at = self._one(at)
        return -1

    def _parentheses(self, at: int) -> int:
        depth = 0
        while at < len(self.text):
            sign = self.text[at]
            if sign == "\n" and BLANK.match(self.text, at + 1):
                return -1
            depth += {"(": 1, ")": -1}.get(sign, 0)
            at = self._one(at)
            if not depth:
                return at
        return -1

    def _one(self, at: int) -> int:
        """The position behind the character at ``at``, escaped or not."""
        following = self.text[at + 1 : at + 2]
        escaped = self.text[at] == "\\" and following not in ("", "\n") and not following.isalnum()
        return at + 2 if escaped else at + 1
