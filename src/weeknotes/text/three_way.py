"""Merging what two sides made of one base: lines of text, and JSON values (diff3; see Khanna, Kunal and
Pierce, "A Formal Investigation of Diff3", 2007)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

OURS, THEIRS = "ours", "theirs"
_MISSING = object()
#: Lines that stay one list, quotation or table when they follow each other.
_ITEM = re.compile(r"\s*(?:(?P<bullet>[-*+]|\d+[.)])\s|(?P<quote>>)|(?P<row>\|))")
_COMMENT = re.compile(r"<!--.*?-->", re.S)


@dataclass(frozen=True)
class MergedText:
    """A merged text; ``conflicts`` is the number of places at which it holds both versions between the
    marks of git."""

    text: str
    conflicts: int


@dataclass(frozen=True)
class _Edit:
    """Lines ``start`` to ``end`` of the base, which ``side`` has replaced by ``lines``."""

    start: int
    end: int
    lines: tuple[str, ...]
    side: str


def merge_text(base: str | None, ours: str, theirs: str, *, prose: bool) -> MergedText:
    """``ours`` and ``theirs`` merged; every line that either side added or changed is in the result.

    ``base`` is what both began from, None where there is none: then it is what both have in common.
    Where both changed the same lines, the result has both versions between the marks that git leaves
    (git-merge-file(1)). In ``prose``, changes of neighbouring lines don't exclude each other, and what
    both put in at one place, or in place of a comment, comes one after the other.
    """
    one, other = ours.split("\n"), theirs.split("\n")
    common = _in_common(one, other) if base is None else base.split("\n")
    edits = [*_edits(common, one, OURS), *_edits(common, other, THEIRS)]
    edits.sort(key=lambda edit: (edit.start, edit.end, edit.side))
    lines: list[str] = []
    position = conflicts = 0
    for group in _groups(edits, prose):
        start, end = group[0].start, max(edit.end for edit in group)
        lines += common[position:start]
        made, conflict = _resolved(common, start, end, group, prose)
        lines += made
        conflicts += conflict
        position = end
    return MergedText("\n".join([*lines, *common[position:]]), conflicts)


def merge_values(base: Any, ours: Any, theirs: Any) -> tuple[Any, list[str]]:
    """JSON values merged, and the paths of what both changed, each in its own way: there the result is
    ``ours``. Objects are merged member by member, and lists of strings, such as tags, word by word."""
    conflicts: list[str] = []
    merged = _value(base, ours, theirs, "", conflicts)
    return merged, conflicts


def _in_common(one: Sequence[str], other: Sequence[str]) -> list[str]:
    blocks = SequenceMatcher(None, one, other, autojunk=False).get_matching_blocks()
    return [line for block in blocks for line in one[block.a : block.a + block.size]]


def _edits(base: Sequence[str], made: Sequence[str], side: str) -> list[_Edit]:
    codes = SequenceMatcher(None, base, made, autojunk=False).get_opcodes()
    return [_Edit(a, b, tuple(made[c:d]), side) for kind, a, b, c, d in codes if kind != "equal"]


def _groups(edits: Sequence[_Edit], prose: bool) -> list[list[_Edit]]:
    """The edits, those together that exclude each other."""
    groups: list[list[_Edit]] = []
    for edit in edits:
        if groups and any(_meet(edit, other, prose) for other in groups[-1]):
            groups[-1].append(edit)
        else:
            groups.append([edit])
    return groups


def _meet(one: _Edit, other: _Edit, prose: bool) -> bool:
    if one.side == other.side:
        return False
    if (one.start, one.end) == (other.start, other.end):
        return True
    if prose:
        return one.start < other.end and other.start < one.end
    return one.start <= other.end and other.start <= one.end


def _resolved(
    base: Sequence[str], start: int, end: int, group: Sequence[_Edit], prose: bool
) -> tuple[list[str], bool]:
    """The lines in place of ``base[start:end]``, and whether they are a conflict."""
    ours, theirs = (_side(base, start, end, group, side) for side in (OURS, THEIRS))
    if len({edit.side for edit in group}) == 1:
        return (ours if group[0].side == OURS else theirs), False
    if ours == theirs:
        return ours, False
    if prose and not _COMMENT.sub("", "\n".join(base[start:end])).strip():
        return [*ours, *([""] if _must_part(ours, theirs) else []), *theirs], False
    return [f"<<<<<<< {OURS}", *ours, "=======", *theirs, f">>>>>>> {THEIRS}"], True


def _side(
    base: Sequence[str], start: int, end: int, group: Sequence[_Edit], side: str
) -> list[str]:
    """The lines that one side made of ``base[start:end]``."""
    lines: list[str] = []
    for edit in group:
        if edit.side == side:
            lines += [*base[start : edit.start], *edit.lines]
            start = edit.end
    return [*lines, *base[start:end]]


def _must_part(before: Sequence[str], after: Sequence[str]) -> bool:
    """Whether a blank line must keep two pieces of Markdown apart: a heading right behind a line of
    text would become part of it."""
    if not before or not after or not before[-1].strip() or not after[0].strip():
        return False
    one, other = _ITEM.match(before[-1]), _ITEM.match(after[0])
    return not (one and other and one.lastgroup == other.lastgroup)


def _value(base: Any, ours: Any, theirs: Any, path: str, conflicts: list[str]) -> Any:
    if ours == theirs or theirs == base:
        return ours
    if ours == base:
        return theirs
    if isinstance(ours, dict) and isinstance(theirs, dict):
        before = base if isinstance(base, dict) else {}
        merged = {
            name: _value(
                before.get(name, _MISSING),
                ours.get(name, _MISSING),
                theirs.get(name, _MISSING),
                f"{path}/{name}",
                conflicts,
            )
            for name in dict.fromkeys([*ours, *theirs])
        }
        return {name: value for name, value in merged.items() if value is not _MISSING}
    if ours is _MISSING or theirs is _MISSING:
        # What one side has changed is not lost because the other has taken it out.
        return theirs if ours is _MISSING else ours
    if _is_words(ours) and _is_words(theirs):
        before = base if _is_words(base) else []
        gone = {word for word in before if word not in ours or word not in theirs}
        return [word for word in dict.fromkeys([*ours, *theirs]) if word not in gone]
    conflicts.append(path)
    return ours


def _is_words(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(word, str) for word in value)
