"""Work logs: all weeks in one text, each in a fold or under a heading with its dates, and in it notes
under bold titles or headings, between rules, with remarks as quotes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from weeknotes.importers.dates import expressions as dates
from weeknotes.importers.dates import reader as date_reader
from weeknotes.importers.dates.expressions import Expression
from weeknotes.importers.dates.file_dates import year_hints
from weeknotes.importers.dates.timeline import DatedPart, assign
from weeknotes.importers.format import Evidence, Format, counted
from weeknotes.importers.markdown.blocks import Block
from weeknotes.importers.markdown.text import plain
from weeknotes.importers.page_plan import Draft, PagePlan
from weeknotes.importers.report import Remark
from weeknotes.importers.sections import (
    ImportContext,
    has_text,
    heading_levels,
    is_bold_title,
    note,
    paper_of,
    relevel,
    title_of,
)
from weeknotes.importers.source_files import Source
from weeknotes.journal.weeks import Week

_LONGEST_MARK = 160
_DETAILS = re.compile(r"<details\b", re.I)
_TITLE_LINE = re.compile(r" {0,3}#{1,6}|\s*(?:<details|<summary|\*\*[^*]+\*\*\s*$)")
_VERSION = re.compile(r"(?<![\w.])v?[0-9]+\.[0-9]+(?:\.[0-9]+)+(?![\w.])|\[?unreleased\]?", re.I)
_FIRST_LINES = 400


@dataclass
class _Entry:
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


def plan(blocks: Sequence[Block], context: ImportContext) -> list[PagePlan]:
    """A page for each week, in the order of the log."""
    front = [block for block in blocks if block.kind == "front"]
    finder = _Finder([block for block in blocks if block.kind != "front"])
    preamble, entries = finder.entries()
    if not entries:
        entries = [_Entry(DatedPart(blocks[0].start if blocks else 1), body=list(preamble))]
        preamble = []
    expressions = [e for n in entries for e in (n.part.heading, n.part.summary) if e]
    hints = [plain(b.text) for b in preamble if b.kind == "heading"] + list(
        year_hints(context.place)
    )
    reader = date_reader.reader(expressions, hints=hints, today=context.today)
    first = entries[0].part.line
    for told in (reader.told, reader.told_year):
        if told:
            context.decide(first, told)
    assign([entry.part for entry in entries], reader, context.decide)
    pages = [_page(group, context) for group in _by_week(entries)]
    pages[0].structure = [*front, *pages[0].structure]
    if has_text(preamble):
        pages[0].drafts.insert(0, _opening(preamble))
    elif preamble:
        pages[0].structure = [*preamble, *pages[0].structure]
    return pages


class _Finder:
    """Finds the parts of a log."""

    def __init__(self, blocks: Sequence[Block]) -> None:
        self.blocks = list(blocks)
        self.folded = any(
            block.kind == "details" and any(self._over(index))
            for index, block in enumerate(self.blocks)
        )
        levels = [
            block.level
            for block in self.blocks
            if block.kind == "heading" and (found := _mark(block)) and not found.one_day
        ] or [b.level for b in self.blocks if b.kind == "heading" and _mark(b)]
        self.level = min(levels, default=0)
        self.by_days = self._counts_weeks_of_its_own()
        if self.by_days:
            self.level = min(b.level for b in self.blocks if _is_day(b) and b.kind == "heading")

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

    def entries(self) -> tuple[list[Block], list[_Entry]]:
        """The blocks before the first part, and the parts. Every block is in exactly one place."""
        preamble: list[Block] = []
        entries: list[_Entry] = []
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
                and _mark(block)
            ):
                counted.append(block)
            else:
                depth += (block.kind == "details") - (block.kind == "enddetails")
                depth = max(depth, 0)
                (entries[-1].body if entries else preamble).append(block)
            at += 1
        return preamble, entries

    def _entry_at(self, at: int, depth: int, current: _Entry | None) -> tuple[_Entry | None, int]:
        """The part that begins at ``at``, and how many blocks its marks are."""
        block = self.blocks[at]
        if block.kind == "details":
            summary, heading = self._over(at)
            if not (summary or heading) and not (self.folded and depth == 0):
                return None, 0
            return self._fold(at, summary, heading)
        found = _mark(block)
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
        entry = _Entry(part, level=block.level)
        if found.one_day and block.kind == "heading":
            entry.marks.append(block)
        else:
            (entry.body if _says_more(block, found) else entry.marks).append(_shown(block, found))
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
    ) -> tuple[_Entry, int]:
        entry = _Entry(DatedPart(self.blocks[at].start, summary=summary, heading=heading))
        used = 0
        for block in self.blocks[at : at + 8]:
            if block.kind == "summary":
                entry.part.summary_line = block.start
                more = summary is None or _says_more(block, summary)
                text = _summary_text(block)
                if more and plain(text):
                    entry.body.append(Block("paragraph", ((block.start, f"**{text}**"),)))
                else:
                    entry.marks.append(block)
            elif block.kind in ("heading", "paragraph"):
                if not heading:
                    break
                entry.part.heading_line, entry.level = block.start, block.level
                (entry.body if _says_more(block, heading) else entry.marks).append(
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


def _is_day(block: Block) -> bool:
    found = _mark(block)
    return found is not None and found.one_day


def _mark(block: Block) -> Expression | None:
    """The dates of a heading, or of a line of its own, above a week or a day."""
    if block.kind not in ("heading", "paragraph") or len(block.text) > _LONGEST_MARK:
        return None
    found = dates.find(plain(block.text))
    if found is None or "](" in block.text:
        return None
    rest = len(found.rest)
    if block.kind == "paragraph":
        return found if not rest and len(block.lines) == 1 else None
    begins = plain(block.text).startswith(found.text)
    if found.one_day or found.number:
        return found if rest <= 20 or (begins and rest <= 40) else None
    return found if rest <= 40 or begins else None


def _says_more(block: Block, found: Expression) -> bool:
    """Whether a summary or heading holds words beside its dates, which a reader would miss."""
    text = _summary_text(block) if block.kind == "summary" else block.text
    rest = plain(text)
    while again := dates.find(rest):
        rest = again.rest
    return any(char.isalnum() for char in rest)


def _shown(block: Block, found: Expression) -> Block:
    """A heading over a week that says more than its dates, as a bold line at the week's top."""
    if not _says_more(block, found) or block.kind != "heading":
        return block
    text = " ".join(line.strip() for _, line in block.lines)
    return Block("paragraph", ((block.start, text if "**" in text else f"**{text}**"),))


def _summary_text(block: Block) -> str:
    return re.sub(r"</?summary[^<>]*>", "", block.text, flags=re.I).strip()


def _by_week(entries: Sequence[_Entry]) -> list[list[_Entry]]:
    """Entries that make one page, in the order of the log: days of one week together, wherever they
    are, every other one alone."""
    groups: list[list[_Entry]] = []
    weeks: dict[Week, list[_Entry]] = {}
    for entry in entries:
        week = entry.part.week
        if week is None:
            groups.append([entry])
        elif week in weeks:
            weeks[week].append(entry)
        else:
            weeks[week] = [entry]
            groups.append(weeks[week])
    return groups


def _page(group: Sequence[_Entry], context: ImportContext) -> PagePlan:
    week = group[0].part.week
    structure: list[Block] = []
    drafts: list[Draft] = []
    for entry in group:
        structure += entry.counted
        headed = len(group) > 1 or (entry.is_day and _is_telling(entry))
        if headed:
            heading = [b for b in entry.marks if b.kind in ("heading", "paragraph")]
            structure += [b for b in entry.marks if b not in heading]
            drafts += [Draft([replace(b, kind="heading", level=2)], plain(b.text)) for b in heading]
        else:
            structure += entry.marks
        notes = _notes(entry.body, context, week, 3 if headed else 2)
        if (
            headed
            and drafts
            and notes
            and not notes[0].title
            and not heading_levels(notes[0].blocks)
        ):
            # What a day says before its first title goes with the day.
            drafts[-1].blocks += notes.pop(0).blocks
        drafts += notes
    if drafts and not has_text(drafts[0].blocks):
        structure = [*structure, *drafts.pop(0).blocks]
    shown = next((e for e in (group[0].part.heading, group[0].part.summary) if e), None)
    front = {"written-as": shown.text} if shown else {}
    if week:
        return PagePlan("week", "", drafts, structure, week=week, date=week.start, front=front)
    title = shown.text if shown else _first_title(drafts) or "Work log"
    context.report.undated.append(
        Remark(
            context.source,
            group[0].part.line,
            f"{title!r}: write a date with its year over it, such as 2024-07-01",
        )
    )
    return PagePlan("page", title, drafts, structure, slug=title, front=front)


def _first_title(drafts: Sequence[Draft]) -> str:
    return next((draft.title for draft in drafts if draft.title), "")


def _is_telling(entry: _Entry) -> bool:
    """Whether the heading over a day says more than the day."""
    heading = entry.part.heading
    return heading is not None and any(
        block.kind == "heading" and _says_more(block, heading) for block in entry.marks
    )


def _opening(blocks: Sequence[Block]) -> Draft:
    """The text above the first week, with its headings as bold lines, since it is not the notes of
    that week."""
    made = [
        Block("paragraph", ((b.start, f"**{' '.join(t.strip() for _, t in b.lines)}**"),))
        if b.kind == "heading" and b.text.strip() and "**" not in b.text
        else replace(b, kind="paragraph")
        if b.kind == "heading" and b.text.strip()
        else b
        for b in blocks
    ]
    return Draft(made)


def _notes(
    blocks: Sequence[Block], context: ImportContext, week: Week | None, level: int
) -> list[Draft]:
    """The notes of a week: between its rules, under its headings and bold titles."""
    chunks = _at_rules(blocks)
    ruled = len(chunks) > 1
    open_levels = [
        at for chunk in chunks if not _begins_bold(chunk) for at in heading_levels(chunk)
    ]
    base = min(open_levels, default=0)
    drafts: list[Draft] = []
    for chunk in chunks:
        inner = 0 if _begins_bold(chunk) else base
        for section in _in_chunk(chunk, inner, by_bold=not ruled):
            drafts.append(_draft(section, context, week, level, base))
    return [draft for draft in _joined(drafts) if draft.blocks]


def _at_rules(blocks: Sequence[Block]) -> list[list[Block]]:
    """``blocks`` cut after each rule that is in no fold."""
    chunks: list[list[Block]] = [[]]
    depth = 0
    for block in blocks:
        depth = max(0, depth + (block.kind == "details") - (block.kind == "enddetails"))
        chunks[-1].append(block)
        if block.kind == "rule" and depth == 0:
            chunks.append([])
    return [chunk for chunk in chunks if chunk]


def _begins_bold(chunk: Sequence[Block]) -> bool:
    first = next((b for b in chunk if b.kind not in ("blank", "rule")), None)
    return first is not None and is_bold_title(first)


def _in_chunk(chunk: Sequence[Block], base: int, *, by_bold: bool) -> Iterator[list[Block]]:
    """The notes between two rules: at each heading of level ``base``, and where a log has no rules, at
    each bold title."""
    current: list[Block] = []
    depth = 0
    for block in chunk:
        depth = max(0, depth + (block.kind == "details") - (block.kind == "enddetails"))
        begins = block.kind == "heading" and base and block.level <= base
        begins = begins or (by_bold and is_bold_title(block))
        if begins and depth == 0 and has_text(current):
            yield current
            current = []
        current.append(block)
    if current:
        yield current


def _draft(
    section: Sequence[Block], context: ImportContext, week: Week | None, level: int, base: int
) -> Draft:
    if not has_text(section):
        return Draft(list(section))
    title = title_of(section, level, plain_too=True)
    if title is None:
        return Draft(relevel(section, base or min(heading_levels(section), default=level), level))
    first = next(b for b in section if b.kind not in ("blank", "rule"))
    inner = heading_levels(title.rest)
    if first.kind == "heading":
        rest = relevel(title.rest, first.level, level)
    else:
        rest = relevel(title.rest, min(inner, default=level), level + 1)
    title = replace(title, rest=rest)
    return note(title, context, week.start if week else None, paper_of(title))


def _joined(drafts: Sequence[Draft]) -> list[Draft]:
    """``drafts`` with what holds nothing to see (a rule, empty lines) put to the one before."""
    made: list[Draft] = []
    for draft in drafts:
        if made and not has_text(draft.blocks):
            made[-1].blocks += draft.blocks
        else:
            made.append(draft)
    return made


def sniff(source: Source) -> Evidence:
    """Headings, folds and lines of their own that are dates of weeks and days."""
    weeks = days = folds = titles = 0
    for number, text in enumerate(source.lines):
        titled = bool(_TITLE_LINE.match(text))
        titles += titled
        if not (titled or number < _FIRST_LINES) or len(text) >= (_LONGEST_MARK if titled else 60):
            continue
        found = dates.find(re.sub(r"<[^<>]*>", " ", text))
        folds += titled and bool(_DETAILS.search(text))
        if found is None or (found.rest if not titled else found.one_day and len(found.rest) > 20):
            continue
        if titled and _VERSION.search(re.sub(re.escape(found.text), " ", text)):
            # A change log: its dates are those of releases.
            return Evidence()
        weeks += titled and not found.one_day
        days += not titled or found.one_day
    score = weeks + 0.6 * days + 0.5 * folds
    if score < 2 and not titles:
        return Evidence(min(score, 0.9))
    reasons = [counted(weeks, "heading with a week|headings with weeks")] if weeks else []
    reasons += [counted(days, "line with a day|lines with days")] if days else []
    reasons += [counted(folds, "fold")] if folds else []
    return Evidence(score + 0.4 * bool(score), tuple(reasons))


FORMAT = Format(
    "worklog", "all weeks in one text, under dates or in folds", sniff, plan, rules=True
)
