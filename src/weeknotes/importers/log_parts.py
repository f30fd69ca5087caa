"""Finds the parts of a work log: the folds, headings and lines of their own that are over a week or a
day, and what is below each."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from weeknotes.importers.dates import expressions as dates
from weeknotes.importers.dates.expressions import LEADING_WEEKDAY, Expression
from weeknotes.importers.dates.timeline import DatedPart
from weeknotes.importers.markdown.blocks import Block
from weeknotes.importers.markdown.text import plain
from weeknotes.importers.sections import has_text

LONGEST_MARK = 160
"""The longest line, in characters, that may be the date over a part."""


@dataclass
class Entry:
    """A part of the log as found: what is over it (``marks``), and what is in it (``body``).
    ``counted`` are headings above it that only number the weeks of the log."""

    part: DatedPart
    marks: list[Block] = field(default_factory=list)
    body: list[Block] = field(default_factory=list)
    level: int = 0
    counted: list[Block] = field(default_factory=list)

    @property
    def is_day(self) -> bool:
        """Whether it is one day's, of which a week has several."""
        heading = self.part.heading
        return heading is not None and heading.one_day and self.part.summary is None


class Finder:
    """Finds the parts of a log."""

    def __init__(self, blocks: Sequence[Block]) -> None:
        self.blocks = _with_days_as_headings(blocks)
        self.title = self._term_in_title()
        self.folded = any(
            block.kind == "details" and any(self._over(index))
            for index, block in enumerate(self.blocks)
        )
        levels = [
            block.level
            for block in self.blocks
            if block.kind == "heading"
            and block is not self.title
            and (found := _mark(block))
            and not found.one_day
        ] or [b.level for b in self.blocks if b.kind == "heading" and _mark(b)]
        self.level = min(levels, default=0)
        self.by_days = self._counts_weeks_of_its_own()
        if self.by_days:
            self.level = min(b.level for b in self.blocks if _is_day(b) and b.kind == "heading")

    def _term_in_title(self) -> Block | None:
        """The title of the log, if a term in it ("w23") looks like a week: others are under it."""
        headings = [block for block in self.blocks if block.kind == "heading"]
        if not headings or any(block.level <= headings[0].level for block in headings[1:]):
            return None
        found = _mark(headings[0])
        term = found is not None and re.fullmatch(r"w['’]?[0-9]{2}", found.text)
        return headings[0] if term and any(map(_mark, headings[1:])) else None

    def _counts_weeks_of_its_own(self) -> bool:
        """Whether the weeks are only numbers, such as those of a term, with dated days under them."""
        weeks = [
            b for b in self.blocks if b.kind == "heading" and b.level == self.level and _mark(b)
        ]
        days = [
            b for b in self.blocks if b.kind == "heading" and b.level > self.level and _is_day(b)
        ]
        marks = [_mark(block) for block in weeks]
        return bool(days) and all(m is not None and m.number and m.yearless for m in marks)

    def entries(self) -> tuple[list[Block], list[Entry]]:
        """The blocks before the first part, and the parts. Every block is in exactly one place."""
        preamble: list[Block] = []
        entries: list[Entry] = []
        counted: list[Block] = []
        depth, at = 0, 0
        while at < len(self.blocks):
            block = self.blocks[at]
            entry, used = self._entry_at(at, depth, entries[-1] if entries else None)
            if entry:
                entry.counted, counted = counted, []
                entries.append(entry)
                depth = 1 if block.kind == "details" else 0
                at += used
                continue
            if block.kind == "enddetails" and depth <= 1 and entries and self.folded:
                entries[-1].marks.append(block)
                depth = 0
            elif (
                self.by_days
                and block.kind == "heading"
                and block.level < self.level
                and block is not self.title
                and _mark(block)
            ):
                counted.append(block)
            else:
                depth += (block.kind == "details") - (block.kind == "enddetails")
                depth = max(depth, 0)
                (entries[-1].body if entries else preamble).append(block)
            at += 1
        return preamble, entries

    def _entry_at(self, at: int, depth: int, current: Entry | None) -> tuple[Entry | None, int]:
        """The part that begins at ``at``, and how many blocks its marks are."""
        block = self.blocks[at]
        if block.kind == "details":
            summary, heading = self._over(at)
            if not (summary or heading) and not (self.folded and depth == 0):
                return None, 0
            return self._fold(at, summary, heading)
        found = _mark(block) if block is not self.title else None
        if self.by_days and found and found.number and block.kind == "heading":
            return None, 0
        if not found or (block.kind != "heading" and self.level):
            return None, 0
        if block.kind == "heading" and self.level and block.level > self.level:
            return None, 0
        if block.kind != "heading" and not self._stands_alone(at):
            return None, 0
        if current and current.part.heading is None and not has_text(current.body):
            # The heading of a fold whose beginning was found already.
            current.part.heading, current.part.heading_line = found, block.start
            current.marks.append(block)
            return None, 0
        part = DatedPart(block.start, heading=found, heading_line=block.start)
        entry = Entry(part, level=block.level)
        if found.one_day and block.kind == "heading":
            entry.marks.append(block)
        else:
            (entry.body if says_more(block, found) else entry.marks).append(_shown(block, found))
        return entry, 1

    def _over(self, at: int) -> tuple[Expression | None, Expression | None]:
        """The dates in the summary of the fold at ``at``, and in the heading right below it."""
        summary = heading = None
        for block in self.blocks[at + 1 : at + 8]:
            if block.kind == "summary" and summary is None:
                summary = dates.find(_summary_text(block))
            elif block.kind in ("heading", "paragraph"):
                heading = _mark(block)
                break
            elif block.kind not in ("blank", "rule"):
                break
        return summary, heading

    def _fold(
        self, at: int, summary: Expression | None, heading: Expression | None
    ) -> tuple[Entry, int]:
        entry = Entry(DatedPart(self.blocks[at].start, summary=summary, heading=heading))
        used = 0
        for block in self.blocks[at : at + 8]:
            if block.kind == "summary":
                entry.part.summary_line = block.start
                more = summary is None or says_more(block, summary)
                text = _summary_text(block)
                if more and plain(text):
                    entry.body.append(Block("paragraph", ((block.start, f"**{text}**"),)))
                else:
                    entry.marks.append(block)
            elif block.kind in ("heading", "paragraph"):
                if not heading:
                    break
                entry.part.heading_line, entry.level = block.start, block.level
                (entry.body if says_more(block, heading) else entry.marks).append(
                    _shown(block, heading)
                )
                used += 1
                break
            elif block.kind in ("blank", "rule", "details"):
                if block.kind == "details" and used:
                    break
                entry.marks.append(block)
            else:
                break
            used += 1
        return entry, used

    def _stands_alone(self, at: int) -> bool:
        """Whether the paragraph at ``at`` is a line of its own, as a date over a week is."""
        block = self.blocks[at]
        before = self.blocks[at - 1].kind if at else "blank"
        return len(block.lines) == 1 and before in (
            "blank",
            "rule",
            "details",
            "enddetails",
            "summary",
        )


def _with_days_as_headings(blocks: Sequence[Block]) -> list[Block]:
    """``blocks`` with the bold lines and lines of their own that name a day as headings, where nothing
    but such lines dates weeks that a log only numbers: ``**Monday 3/6**`` under ``## Week 10``."""
    weeks = [
        block.level
        for block in blocks
        if block.kind == "heading" and (found := _mark(block)) and found.number and found.yearless
    ]
    if not weeks or any(
        block.kind == "heading" and (found := _mark(block)) and not found.number for block in blocks
    ):
        return list(blocks)
    made: list[Block] = []
    for block in blocks:
        heading = _day_line(block, min(max(weeks) + 1, 6)) if block.kind == "paragraph" else None
        if heading is None:
            made.append(block)
            continue
        made.append(heading)
        if len(block.lines) > 1:
            made.append(block.with_lines(block.lines[1:]))
    return made


def _day_line(block: Block, level: int) -> Block | None:
    """The first line of a paragraph as a heading of ``level``, if it is a bold line that names a day
    or nothing but a day."""
    number, text = block.lines[0]
    bold = re.fullmatch(r"\s*(\*\*|__)(\S.*?)\1\s*[:：]?\s*", text)
    heading = Block("heading", ((number, bold[2] if bold else text.strip()),), level=level)
    found = _mark(heading)
    if found is None or not found.one_day:
        return None
    alone = not LEADING_WEEKDAY.sub("", f"{found.rest} ", count=1).strip()
    return heading if bold or alone else None


def split_at_dates(blocks: Sequence[Block]) -> list[Block]:
    """``blocks`` with each paragraph that begins with a line that is nothing but a date cut below that
    line, as a diary without headings has them."""
    if any(block.kind in ("heading", "details") and _mark(block) for block in blocks):
        return list(blocks)
    made: list[Block] = []
    for block in blocks:
        first = block.with_lines(block.lines[:1]) if block.kind == "paragraph" else block
        if block.kind == "paragraph" and len(block.lines) > 1 and _mark(first):
            made += [first, block.with_lines(block.lines[1:])]
        else:
            made.append(block)
    return made


def _is_day(block: Block) -> bool:
    found = _mark(block)
    return found is not None and found.one_day


def _mark(block: Block) -> Expression | None:
    """The dates of a heading, or of a line of its own, above a week or a day."""
    if block.kind not in ("heading", "paragraph") or len(block.text) > LONGEST_MARK:
        return None
    found = dates.find(plain(block.text))
    if found is None or "](" in block.text:
        return None
    rest = len(found.rest)
    if block.kind == "paragraph":
        return found if not rest and len(block.lines) == 1 else None
    text = plain(block.text)
    weekday = LEADING_WEEKDAY.match(text)
    begins = text[weekday.end() if weekday else 0 :].startswith(found.text)
    if found.one_day or found.number:
        # "Mon Mar 6: what was done" is a day, however much is said of it.
        longest = LONGEST_MARK if weekday and found.one_day else 40
        return found if rest <= 20 or (begins and rest <= longest) else None
    return found if rest <= 40 or begins else None


def says_more(block: Block, found: Expression) -> bool:
    """Whether a summary or heading holds words beside its dates, which a reader would miss."""
    text = _summary_text(block) if block.kind == "summary" else block.text
    rest = plain(text)
    while again := dates.find(rest):
        rest = again.rest
    return any(char.isalnum() for char in rest)


def _shown(block: Block, found: Expression) -> Block:
    """A heading over a week that says more than its dates, as a bold line at the week's top."""
    if not says_more(block, found) or block.kind != "heading":
        return block
    text = " ".join(line.strip() for _, line in block.lines)
    return Block("paragraph", ((block.start, text if "**" in text else f"**{text}**"),))


def _summary_text(block: Block) -> str:
    return re.sub(r"</?summary[^<>]*>", "", block.text, flags=re.I).strip()
