"""The cell tag ``for-advisor``: what such a Markdown cell says is for the journal's reader.

Cells and their tags are not in the HTML of either engine, so the class ``for-advisor`` says it there:
of the section whose heading begins the cell, or of a div around a cell that begins with none.
"""

from __future__ import annotations

import re

from weeknotes.text.markdown import read

TAG = "for-advisor"
_CODE_FENCE = re.compile(r"^ {0,3}(?:`{3,}|~{3,})", re.M)
_FENCE = re.compile(r"^ {0,3}(:{3,})[ \t]*(.*)$", re.M)


def marked(text: str, tags: tuple[str, ...] | list[str]) -> str:
    """``text``, the Markdown of a cell, with the class where ``tags`` hold the tag; as it is where they
    don't, or where a div begins in one cell and ends in another, so that none can be put around it."""
    if TAG not in tags or not text.strip():
        return text
    headings = read(text).of("heading")
    start = len(text) - len(text.lstrip())
    first = next((h for h in headings if h.start <= start < h.end and not h.depth), None)
    if first is not None:
        end = text.find("\n", start)
        line, rest = (text, "") if end < 0 else (text[:end], text[end:])
        line = line.rstrip()
        if first.attributes and line.endswith("}"):
            return f"{line[:-1]} .{TAG}}}{rest}"
        return f"{line} {{.{TAG}}}{rest}"
    if not _is_whole(text):
        return text
    colons = ":" * (3 + max((len(m[1]) for m in _FENCE.finditer(text)), default=0))
    return f"{colons} {{.{TAG}}}\n\n{text.rstrip()}\n\n{colons}\n"


def _is_whole(text: str) -> bool:
    """Whether every block of ``text`` ends in it."""
    depth = 0
    for match in _FENCE.finditer(text):
        depth += 1 if match[2].strip() else -1
        if depth < 0:
            return False
    if len(_CODE_FENCE.findall(text)) % 2:
        return False
    end = len(text.rstrip())
    is_open = any(
        region.kind in ("div", "element", "fence", "verbatim", "comment")
        and region.end >= end
        and region.inner[1] >= end
        for region in read(text).regions
    )
    return not depth and not is_open and "</div" not in re.sub(r"(?s)<div.*?</div", "", text)
