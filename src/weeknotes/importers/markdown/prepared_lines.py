"""The lines of a source made ready for `blocks`: comments of several lines, folds and their summaries
are each put on lines of their own, which keep the numbers that they have in the source."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from weeknotes.importers.markdown import fences

Line = tuple[int, str]
"""A line's number in the source, counting from 1, and its text."""

_DETAILS = re.compile(r"</?details(?:\s[^<>]*)?>|<summary(?:\s[^<>]*)?>.*?</summary\s*>", re.I)
_DETAILS_LINE = re.compile(r"^\s*</?(?:details|summary)\b|</details\s*>\s*$", re.I)


def prepared(lines: Sequence[Line]) -> list[Line]:
    """``lines`` with comments of Obsidian and folds on lines of their own."""
    return list(_split_details(_split_comments(lines)))


def _is_blank(text: str) -> bool:
    return not text.strip()


def _split_comments(lines: Sequence[Line]) -> Sequence[Line]:
    """``lines`` with a comment of Obsidian (``%%`` to ``%%``) that reaches over several of them on
    lines of its own, which keep their numbers. Code is left as it is."""
    if not any("%%" in text for _, text in lines):
        return lines
    made: list[Line] = []
    code, inside = fences.FencedCode(), False
    for index, (number, text) in enumerate(lines):
        at = -1 if not inside and code.has(text) else _comment_end(text, inside)
        if at < 0:
            made.append((number, text))
        elif inside:
            made.append((number, text[: at + 2]))
            inside = False
            if text[at + 2 :].strip():
                made.append((number, text[at + 2 :].lstrip()))
        elif any("%%" in later for _, later in lines[index + 1 :]):
            inside = True
            made += [(number, text[:at])] if text[:at].strip() else []
            made.append((number, text[at:]))
        else:
            made.append((number, text))
    return made


def _comment_end(text: str, inside: bool) -> int:
    """The place in ``text`` where a comment of several lines ends or, if none is open, begins; -1
    if there is none."""
    if inside:
        return text.find("%%")
    bare = re.sub(r"(`+)(?!`).+?(?<!`)\1(?!`)", lambda code: " " * len(code[0]), text)
    found = [m.start() for m in re.finditer(r"(?<![%0-9])%%(?!%)|(?<=[^%])%%(?!%)(?=\s*$)", bare)]
    return found[-1] if len(found) % 2 else -1


def _split_details(lines: Sequence[Line]) -> Iterator[Line]:
    """``lines`` with ``<details>``, ``</details>`` and a whole ``<summary>`` each on a line of its
    own, which keeps the number of the line it was on. Code is left as it is."""
    code = fences.FencedCode()
    for number, text in _join_summaries(lines):
        in_code = code.has(text)
        if in_code or not _DETAILS_LINE.search(text) or text.lstrip().startswith("|"):
            yield number, text
            continue
        end = 0
        for match in _DETAILS.finditer(text):
            if not _is_blank(text[end : match.start()]):
                yield number, text[end : match.start()]
            yield number, match[0]
            end = match.end()
        if end == 0 or not _is_blank(text[end:]):
            yield number, text[end:].lstrip() if end else text


def _join_summaries(lines: Sequence[Line]) -> list[Line]:
    """``lines`` with a summary that spans a few of them joined on its first."""
    joined: list[Line] = []
    skip = 0
    for index, (number, text) in enumerate(lines):
        if skip:
            skip -= 1
            continue
        low = text.lower()
        at = low.rfind("<summary")
        if at >= 0 and "</summary" not in low[at:]:
            for ahead in range(1, 6):
                if index + ahead >= len(lines) or _is_blank(lines[index + ahead][1]):
                    break
                following = lines[index + ahead][1]
                if "</summary" in following.lower():
                    between = [part for _, part in lines[index + 1 : index + ahead + 1]]
                    text = " ".join([text.strip(), *(part.strip() for part in between)])
                    skip = ahead
                    break
                if "<" in following:
                    break
        joined.append((number, text))
    return joined
