"""The notes of pages followed through time: which note of a page's state is which of the state before,
and what became of each.

A page that came into the history whole, as an imported one does, was written in its own week. A note
that was moved to another page is one line.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from weeknotes.site.store.past_pages import PastNote, PastPage


@dataclass
class Line:
    """A note through time: ``versions`` are (day, note), the note None where it was gone."""

    key: str
    week: str
    versions: list[tuple[str, PastNote | None]] = field(default_factory=list)

    @property
    def last(self) -> PastNote | None:
        """The note as it is now; None where it is gone."""
        return self.versions[-1][1]


def note_lines(key: str, before: Sequence[PastPage], now: PastPage | None) -> list[Line]:
    """The notes of the page ``key`` through time, from its states ``before``, oldest first, and the one
    ``now``, None where the page is gone."""
    return _through(key, _states(list(before), now))


def joined_lines(found: list[Line]) -> list[Line]:
    """``found`` with a note that was moved to another page as one line: the same words, gone here and
    there from the same time on."""
    ended = {line.versions[-2][1].digest: line for line in found if _has_ended(line)}  # type: ignore[union-attr]
    kept = []
    for line in found:
        first = line.versions[0]
        before = ended.get(first[1].digest) if first[1] is not None else None
        if before is None or before is line or before.versions[-1][0] > first[0]:
            kept.append(line)
            continue
        before.versions[-1:] = line.versions[1:] or []
        before.key, before.week = line.key, line.week
        if line.last is not None:
            before.versions[-1] = (before.versions[-1][0], line.last)
        del ended[first[1].digest]  # type: ignore[union-attr]
    return kept


def line_ends(lines: Sequence[Line]) -> tuple[str, str]:
    """The fingerprints by which a note that was moved is found on another page (`HistoryRows.put`)."""
    firsts: list[str] = []
    ended: list[str] = []
    for line in lines:
        first, last = line.versions[0][1], line.versions[-2][1] if _has_ended(line) else None
        if last is not None:
            ended.append(last.digest)
        if first is not None and (last is None or first.digest != last.digest):
            firsts.append(first.digest)
    return " ".join(firsts), " ".join(ended)


def _states(before: list[PastPage], now: PastPage | None) -> list[PastPage]:
    """The states of a page in order, the last one as it is now."""
    if now is None:
        if before and before[-1].notes:
            before.append(PastPage(before[-1].day, before[-1].source, before[-1].week, ""))
        return before
    first = [page for page in before if page.notes][:1]
    if first:
        # It came whole, long after its week: an imported page, or one from before the history.
        early = min(first[0].day, now.day)
        before[before.index(first[0])] = replace(first[0], day=early)
    if not before:
        return [now]
    last = before[-1]
    if last.digest != now.digest and _digests(last.notes) != _digests(now.notes):
        before.append(replace(now, day=max(last.day, now.changed)))
    else:
        # The same words: what is known of them now (addresses, titles) holds.
        before[-1] = replace(now, day=last.day)
    return before


def _digests(notes: Sequence[PastNote]) -> list[tuple[str, str]]:
    return [(note.anchor, note.digest) for note in notes]


def _through(key: str, states: Sequence[PastPage]) -> list[Line]:
    """The notes of a page, as they go on from each of its ``states`` to the next."""
    found: list[Line] = []
    alive: list[Line] = []
    for state in states:
        left = list(alive)
        following: list[Line] = []
        for note in state.notes:
            line = _same(note, left)
            if line is None:
                line = Line(key, state.week or state.date)
                found.append(line)
            else:
                left.remove(line)
            _add(line, state.day, note)
            following.append(line)
        for line in left:
            _add(line, state.day, None)
        alive = following
    return found


def _add(line: Line, day: str, note: PastNote | None) -> None:
    """Add what became of the note on ``day``. The last state of a day counts, and what says the same as
    before is no version of its own."""
    if len(line.versions) > 1 and line.versions[-1][0] == day:
        line.versions.pop()
    before = line.versions[-1] if line.versions else None
    was = before[1] if before else None
    if before and was and note and (was.digest == note.digest or before[0] == day):
        line.versions[-1] = (before[0], note)
        return
    line.versions.append((day, note))


def _same(note: PastNote, lines: Sequence[Line]) -> Line | None:
    """The line among ``lines`` that ``note`` goes on."""
    ways: list[Callable[[PastNote], bool]] = [
        lambda other: other.anchor == note.anchor,
        lambda other: bool(note.papers) and other.papers == note.papers,
        lambda other: other.digest == note.digest,
        lambda other: other.title == note.title,
    ]
    for same in ways:
        for line in lines:
            if line.last is not None and same(line.last):
                return line
    return None


def _has_ended(line: Line) -> bool:
    return line.last is None and len(line.versions) > 1
