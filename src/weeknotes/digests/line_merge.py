"""Bringing a generated text up to date within a text that its author has added to.

This is a merge of three texts by their lines, as `diff3` does it, in which the author's lines always
win: nothing of theirs is moved, changed or dropped.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher


def merged(mine: str, old: str, new: str) -> str | None:
    """``mine``, a text that was ``old`` before its author changed it, with the lines that differ
    between ``old`` and ``new`` as ``new`` has them, and all others as they are.

    None where the author has rewritten one of these lines, has written between them, or has written
    under a heading among them: then a part of the author's would be lost, or belong to another heading.
    """
    theirs, made, now = mine.split("\n"), old.split("\n"), new.split("\n")
    places = _places(made, theirs)
    edits: list[tuple[slice, Sequence[str]]] = []
    matcher = SequenceMatcher(None, made, now, autojunk=False)
    for kind, first, end, start, stop in matcher.get_opcodes():
        if kind == "equal":
            continue
        span = _span(places, first, end)
        if span is None or _is_joined(made, theirs, first, end, span):
            return None
        if _is_written_under(made, theirs, end, span):
            return None
        edits.append((span, now[start:stop]))
    for span, lines in reversed(edits):
        theirs[span] = lines
    return "\n".join(theirs)


def _places(made: Sequence[str], theirs: Sequence[str]) -> dict[int, int]:
    """The places among ``theirs`` of the lines of ``made`` that their author has not changed."""
    one, other = ([line.rstrip() for line in lines] for lines in (made, theirs))
    blocks = SequenceMatcher(None, one, other, autojunk=False).get_matching_blocks()
    return {block.a + n: block.b + n for block in blocks for n in range(block.size)}


def _span(places: Mapping[int, int], first: int, end: int) -> slice | None:
    """The lines of the author's text that those from ``first`` to ``end`` are; None where they are not
    together any more."""
    if first == end:
        at = places.get(first, places[first - 1] + 1 if first - 1 in places else None)
        return None if at is None else slice(at, at)
    found = [places.get(line) for line in range(first, end)]
    start = found[0]
    if start is None or found != list(range(start, start + len(found))):
        return None
    return slice(start, start + len(found))


def _is_joined(
    made: Sequence[str], theirs: Sequence[str], first: int, end: int, span: slice
) -> bool:
    """Whether the author has written into the paragraph that goes, before or behind it."""
    beside = ((first - 1, span.start - 1), (end, span.stop))
    return any(
        0 <= other < len(theirs)
        and theirs[other].strip() != ""
        and not (0 <= own < len(made) and theirs[other].rstrip() == made[own].rstrip())
        for own, other in beside
    )


def _is_written_under(made: Sequence[str], theirs: Sequence[str], end: int, span: slice) -> bool:
    """Whether what goes ends in a heading under which the author has written."""
    last = next((line for line in reversed(theirs[span]) if line.strip()), "")
    if not last.startswith("#"):
        return False
    following = next((line.rstrip() for line in theirs[span.stop :] if line.strip()), "")
    expected = next((line.rstrip() for line in made[end:] if line.strip()), "")
    return following != expected
