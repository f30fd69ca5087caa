"""Finding a paper's cell again, and what its author has added to it."""

from __future__ import annotations

import hashlib
import re

from weeknotes.digests.paper import Paper

_TICK = re.compile(r"^([ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]+)\[([ xX])\](?=[ \t]|$)", re.M)


def cell_name(paper: Paper) -> str:
    """The id of a paper's cell: its identity, or a hash of one that is no id of a cell."""
    name = re.sub(r"[^A-Za-z0-9]+", "-", paper.id).strip("-")
    if len(name) > 50 or not paper.id.startswith(("arxiv:", "doi:")):
        name = hashlib.sha256(paper.id.encode()).hexdigest()[:12]
    return f"paper-{name}"


def is_ticked(source: str) -> bool:
    """Whether the first task of a cell is ticked."""
    found = _TICK.search(source)
    return found is not None and found[2] != " "


def unticked(source: str) -> str:
    """``source`` with its first task not ticked, as it was made."""
    return _TICK.sub(r"\1[ ]", source, count=1)


def line_marks(source: str) -> str:
    """Short hashes of the lines of a cell as made, to distinguish what the author adds."""
    lines = (each.strip() for each in unticked(source).split("\n"))
    return " ".join(dict.fromkeys(_mark(each) for each in lines if each))


def added_lines(source: str, marks: str) -> str:
    """The lines of ``source`` that were not generated, and so are the author's, indented as little
    as possible."""
    known = set(marks.split())
    kept: list[str] = []
    for each in unticked(source).split("\n"):
        if not each.strip():
            kept.append("")
        elif _mark(each.strip()) not in known:
            kept.append(each.rstrip())
    text = re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip("\n")
    margins = [len(each) - len(each.lstrip(" ")) for each in text.split("\n") if each.strip()]
    margin = min(margins, default=0)
    return "\n".join(each[margin:] for each in text.split("\n"))


def _mark(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:8]
