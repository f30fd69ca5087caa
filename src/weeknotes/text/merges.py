"""Marks that an unfinished merge leaves in a text: those of git (its manual, "How conflicts are
presented"), and those of nbdime, which puts them around whole cells."""

from __future__ import annotations

import re

from weeknotes.text.markdown import CODE_BLOCKS, read

_MARK = re.compile(
    r"^[ \t]*(?:<{7}|>{7}|\|{7})(?:[ \t]\S.*)?[ \t]*$"
    r"|<{7} (?:LOCAL|REMOTE|local|remote)\b.*|\*\*(?:<{7}|>{7}|={7})[^\n]*\*\*",
    re.M,
)


def unfinished_merge(text: str, *, markdown: bool) -> int | None:
    """The line of the first such mark in ``text``; None where there is none. In Markdown, what is in a
    block of code is an example."""
    if "<<<<<<<" not in text and ">>>>>>>" not in text:
        return None
    shown = read(text).blanked(CODE_BLOCKS) if markdown else text
    match = _MARK.search(shown)
    return shown.count("\n", 0, match.start()) + 1 if match else None
