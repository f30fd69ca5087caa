"""Work logs: all weeks in one text, each in a fold or under a heading with its dates, and in it notes
under bold titles or headings, between rules, with remarks as quotes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from weeknotes.importers.dates import expressions as dates
from weeknotes.importers.dates import reader as date_reader
from weeknotes.importers.dates.file_dates import day_of_commit, year_hints
from weeknotes.importers.dates.timeline import DatedPart, assign
from weeknotes.importers.dates.week_counts import own_count
from weeknotes.importers.format import Evidence, Format, counted
from weeknotes.importers.log_parts import LONGEST_MARK, Entry, Finder, split_at_dates
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

_DETAILS = re.compile(r"<details\b", re.I)
_TITLE_LINE = re.compile(r" {0,3}#{1,6}|\s*(?:<details|<summary|\*\*[^*]+\*\*\s*$)")
_VERSION = re.compile(
    r"(?<![\w.])(?:v?[0-9]+\.[0-9]+(?:\.[0-9]+)+|(?:v|version |release )[0-9]+(?:\.[0-9]+)+)(?![\w.])|"
    r"\[?unreleased\]?",
    re.I,
)
_CHANGE_LOG = re.compile(
    r"(?:change[-_ ]?log|changes|history|releases?|release[-_ ]notes|news)$", re.I
)
_NUMBERED = re.compile(r"(?<![\w.])[0-9]+\.[0-9]+(?![\w.])")
_FIRST_LINES = 400


def plan(blocks: Sequence[Block], context: ImportContext) -> list[PagePlan]:
    """A page for each week, in the order of the log."""
    front = [block for block in blocks if block.kind == "front"]
    finder = Finder(split_at_dates([block for block in blocks if block.kind != "front"]))
    preamble, entries = finder.entries()
    if not entries:
        entries = [Entry(DatedPart(blocks[0].start if blocks else 1), body=list(preamble))]
        preamble = []
    expressions = [e for n in entries for e in (n.part.heading, n.part.summary) if e]
    titles = [plain(b.text) for b in preamble if b.kind == "heading"]
    names = list(year_hints(context.place))
    reader = date_reader.reader(expressions, hints=[*titles, *names], today=context.today)
    first = entries[0].part.line
    if why := own_count(expressions, reader, names, titles):
        reader = replace(reader, counts=True, told_year="")
        context.decide(first, f"the weeks are counted by the log itself: {why}")
        _date_by_commit(entries, context)
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


def _date_by_commit(entries: Sequence[Entry], context: ImportContext) -> None:
    """Date a log that is on one week alone, a file a week, by the first commit of its file."""
    parts = [entry.part for entry in entries]
    day, whence = day_of_commit(context.place) if len(parts) == 1 else (None, "")
    if day:
        parts[0].week = Week.of(day)
        context.decide(parts[0].line, f"{parts[0].week}, from {whence}, of {day}")


def _by_week(entries: Sequence[Entry]) -> list[list[Entry]]:
    """Entries that make one page, in the order of the log: days of one week together, wherever they
    are, every other one alone."""
    groups: list[list[Entry]] = []
    weeks: dict[Week, list[Entry]] = {}
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


def _page(group: Sequence[Entry], context: ImportContext) -> PagePlan:
    week = group[0].part.week
    structure: list[Block] = []
    drafts: list[Draft] = []
    for entry in group:
        structure += entry.counted
        headed = len(group) > 1 or entry.is_day
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
    weeks = days = folds = titles = alone = 0
    changes = bool(_CHANGE_LOG.fullmatch(source.place.path.stem))
    before = ""
    for number, text in enumerate(source.lines):
        titled = bool(_TITLE_LINE.match(text))
        titles += titled
        above, before = before, text.strip()
        if not (titled or number < _FIRST_LINES) or len(text) >= (LONGEST_MARK if titled else 60):
            continue
        found = dates.find(re.sub(r"<[^<>]*>", " ", text))
        folds += titled and bool(_DETAILS.search(text))
        if found is None or (found.rest if not titled else found.one_day and len(found.rest) > 20):
            continue
        rest = re.sub(re.escape(found.text), " ", text)
        if titled and (_VERSION.search(rest) or (changes and _NUMBERED.search(rest))):
            # A change log: its dates are those of releases.
            return Evidence(0.0, ("dates of versions, as a change log has them",))
        weeks += titled and not found.one_day
        days += not titled or found.one_day
        alone += not titled and not above
    score = weeks + 0.6 * days + 0.5 * folds
    reasons = [counted(weeks, "heading with a week|headings with weeks")] if weeks else []
    reasons += [counted(days, "line with a day|lines with days")] if days else []
    reasons += [counted(folds, "fold")] if folds else []
    # A diary without headings: each day's line begins a paragraph.
    if score < 2 and not titles and alone < 2:
        return Evidence(min(score, 0.9), tuple(reasons))
    return Evidence(score + 0.4 * bool(score), tuple(reasons))


FORMAT = Format(
    "worklog", "all weeks in one text, under dates or in folds", sniff, plan, rules=True
)
