"""This module reads ``<span>`` elements within a paragraph.

Pandoc reads emphasis and quotations before it looks for the end tag, so one that emphasis holds ends
nothing: in ``<span>*a</span>* b</span>`` the span ends behind ``b``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from weeknotes.text.markdown.html_tags import Tag, read_tag
from weeknotes.text.markdown.inlines import PLAIN, Inlines

_DELIMITERS = re.compile(r"\*+|_+|~~|[\"']")


@dataclass
class _Open:
    """A span that is open: its start tag, and the lengths of the delimiters of emphasis and quotations
    that are open in it, by their character.

    ``crossed`` says that emphasis crosses the end of a span in it, so that its own end is in doubt;
    ``robbed`` that a span in it may be none, so that the end tag of that one would be its own.
    """

    tag: Tag
    delimiters: dict[str, list[int]] = field(default_factory=dict)
    crossed: bool = False
    robbed: bool = False

    def meet(self, text: str, start: int, end: int) -> None:
        """Take in the delimiters in the plain text from ``start`` to ``end``."""
        for match in _DELIMITERS.finditer(text, start, end):
            self._delimit(match[0], text[match.start() - 1], text[match.end() : match.end() + 1])

    def _delimit(self, run: str, before: str, behind: str) -> None:
        sign = run[0]
        lengths = self.delimiters.setdefault(sign, [])
        within_word = before.isalnum() and sign in "_'"
        opens = bool(behind) and not behind.isspace() and not within_word
        closes = not (behind.isalnum() and sign in "_'")
        if lengths and closes and lengths[-1] == len(run):
            lengths.pop()
        elif opens:
            lengths.append(len(run))
        elif lengths and closes:
            lengths[-1] -= len(run)
            if lengths[-1] <= 0:
                lengths.pop()


class HtmlSpans(Inlines):
    """Reads the elements ``<span>`` of a paragraph."""

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self._endless: dict[tuple[int, int, bool], bool] = {}
        self._run = (0, -1, -1, False)

    def html_span(self, tag: Tag) -> int:
        if self._run_key(tag.start) in self._endless:
            return self._without_end(tag)
        # A loop, and no recursion: each span without an end would be tried again at every level.
        mark, spans = len(self.regions), [_Open(tag)]
        at = tag.end
        while at < self._limit:
            if plain := PLAIN.match(self.text, at, self._limit):
                spans[-1].meet(self.text, at, plain.end())
                at = plain.end()
                continue
            inner = self._span_tag(at)
            if inner and inner.kind == "open":
                spans.append(_Open(inner))
                at = inner.end
            elif inner:
                self._end_span(spans.pop(), inner, spans)
                at = inner.end
                if not spans:
                    return at
            else:
                if self.text.startswith("~~", at):
                    spans[-1].meet(self.text, at, at + 2)
                following = self._inline(at)
                if following < 0:
                    break
                at = following
        robbed = False
        for span in reversed(spans):
            robbed = robbed or span.robbed
            self._endless[self._run_key(span.tag.start)] = robbed
        del self.regions[mark:]
        return self._without_end(tag)

    def _without_end(self, tag: Tag) -> int:
        """Note a span that has no end tag, if one that another seems to have may be its own."""
        if self._endless[self._run_key(tag.start)]:
            end = self._run_end(tag.end)
            self.add("span", tag.start, end, (tag.end, end), tag.attributes, "span")
        return -1

    def _span_tag(self, at: int) -> Tag | None:
        """The start or end tag of a span at ``at``, unless it is known that the span has no end."""
        if not self.text.startswith("<", at):
            return None
        tag = read_tag(self.text, at)
        if not tag or tag.name != "span" or tag.kind not in ("open", "close"):
            return None
        return None if self._run_key(at) in self._endless else tag

    def _end_span(self, span: _Open, close: Tag, around: list[_Open]) -> None:
        """Note ``span``, which the end tag ``close`` ends.

        Emphasis that is open may hold that tag, so that a later one is meant. Which one it is depends
        on how pandoc reads all the emphasis, and nothing that is marked may be missed: such a span is
        taken to go on to the end of the paragraph, or of the brackets around it.
        """
        end, inner = close.end, close.start
        if around:
            around[-1].robbed |= span.robbed or any(span.delimiters.values())
        if span.crossed or any(span.delimiters.values()):
            run_end = self._run_end(end)
            signs = "".join(sign for sign, lengths in span.delimiters.items() if lengths)
            last = self.text.rfind("</", end, run_end)
            if last >= 0 and (
                span.crossed or any(self.text.find(sign, end, last) >= 0 for sign in signs)
            ):
                end = inner = run_end
                if around:
                    around[-1].crossed = True
        self.add("span", span.tag.start, end, (span.tag.end, inner), span.tag.attributes, "span")

    def _run_key(self, at: int) -> tuple[int, int, bool]:
        """The place ``at`` with what decides how far is read there."""
        return at, self._limit, self._breaks

    def _run_end(self, at: int) -> int:
        """The end of the paragraph, or of the part of it that is being read."""
        start, end, limit, breaks = self._run
        if not (start <= at <= end and (limit, breaks) == (self._limit, self._breaks)):
            end = self._line_end(at)
            while end < self._limit and self.goes_on(end):
                end = self._line_end(end + 1)
            end = min(end, self._limit)
            self._run = (at, end, self._limit, self._breaks)
        return end
