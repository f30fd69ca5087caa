"""A graph of Logseq: a file a day in ``journals``, and ``pages`` beside them.

::

    journals/2024_07_01.md
    - Read [[Bells that count]] https://arxiv.org/abs/2407.00001
        - Counting is hard
              id:: 6682aaaa
    - TODO try it

A day goes to the page of its week, and a page becomes one of its own. ``TODO`` and ``DONE`` are tasks.
Properties that Logseq keeps for itself (``id``, ``collapsed``, the times of tasks, ...) are kept in the
notebook's metadata; what an author wrote there is shown. Queries and references to blocks stay as text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import unquote

from weeknotes.importers import front_matter
from weeknotes.importers.day_pages import day_of, day_page, vault_page
from weeknotes.importers.format import Evidence, Format, counted
from weeknotes.importers.formats import paper
from weeknotes.importers.markdown.blocks import Block, Line
from weeknotes.importers.markdown.wiki_markup import LogseqScanner
from weeknotes.importers.page_plan import PagePlan
from weeknotes.importers.sections import ImportContext
from weeknotes.importers.source_files import Source

_PROPERTY = re.compile(r"^\s*(?:[-*+] )?([A-Za-z][\w.-]*):: ?(.*)$")
_OWN = re.compile(
    r"id|collapsed|heading|todo|doing|done|now|later|wait(?:ing)?|ls-type|hl-.*|card-.*|logseq\..*|"
    r"background[-_]color|created-at|updated-at|exclude-from-graph-view|query-.*|completed",
    re.I,
)
_DRAWER = re.compile(r"^\s*:(?:LOGBOOK|PROPERTIES):\s*$")
_BLOCK = re.compile(r"^ *- ")
_TASK = re.compile(r"^\s*- (?:TODO|DOING|DONE|NOW|LATER|WAITING|CANCELL?ED) ", re.M)


def plan(blocks: Sequence[Block], context: ImportContext) -> list[PagePlan]:
    """The day of a journal in its week, or a page of its own."""
    front = next((block for block in blocks if block.kind == "front"), None)
    found = front_matter.values(front, context) if front else {}
    body, structure = _without_properties([b for b in blocks if b.kind != "front"], found)
    path = PurePosixPath(context.source)
    name = unquote(path.stem).replace("___", "/")
    if (day := day_of(path.stem)) or (day := day_of(front_matter.text(found.get("title")))):
        pages = day_page(body, context, day, front)
    elif front_matter.paper(found, name):
        found.setdefault("title", name)
        pages = paper.plan(([front] if front else []) + body, context, found)
    else:
        pages = vault_page(body, context, name, found, front)
    for page in pages:
        page.structure += structure
        if structure and page.drafts:
            lines = [text.strip() for block in structure for _, text in block.lines]
            page.drafts[0].data["properties"] = lines
    return pages


def _without_properties(
    blocks: Sequence[Block], found: dict[str, Any]
) -> tuple[list[Block], list[Block]]:
    """``blocks`` without the properties that are Logseq's own, and these. The properties of the page,
    which its first block holds, are put into ``found``."""
    made: list[Block] = []
    structure: list[Block] = []
    first = True
    for block in blocks:
        if block.kind not in ("list", "paragraph"):
            made.append(block)
            first = first and block.kind == "blank"
            continue
        lines = list(block.lines)
        if first and all(_PROPERTY.match(text) for _, text in lines):
            for _, text in lines:
                if match := _PROPERTY.match(text):
                    found.setdefault(match[1].lower(), match[2].strip())
            structure.append(Block("property", block.lines))
            first = False
            continue
        first = False
        kept, own = _sorted(lines)
        if own:
            structure.append(Block("property", tuple(own)))
        if kept:
            made.append(block.with_lines(kept))
    return made, structure


def _sorted(lines: Sequence[Line]) -> tuple[list[Line], list[Line]]:
    """The lines that an author wrote, and those that Logseq did."""
    kept: list[Line] = []
    own: list[Line] = []
    fence, drawer = "", False
    for number, text in lines:
        mark = re.match(r"^[ -]*(`{3,}|~{3,})", text)
        if mark:
            fence = "" if fence else mark[1]
        property_ = None if fence or mark else _PROPERTY.match(text)
        if _DRAWER.match(text) and not fence:
            drawer = True
        if drawer or (property_ and _OWN.fullmatch(property_[1])):
            bullet = property_ is not None and bool(_BLOCK.match(text))
            own.append((number, text))
            drawer = drawer and text.strip() != ":END:"
            if bullet:
                # An outline item that holds nothing but the property stays, for what is below it.
                kept.append((number, text[: text.index("- ") + 1]))
        else:
            kept.append((number, text))
    return kept, own


def sniff(source: Source) -> Evidence:
    """The folders of a graph, blocks with properties, and tasks as Logseq writes them."""
    place = source.place
    inside = place.path.parent.name.lower()
    written = [text for text in source.lines if text.strip()]
    outline = sum(1 for text in written if re.match(r"^ *-(?: |$)", text))
    graph = any(
        (folder / "logseq" / "config.edn").is_file()
        for folder in place.path.parents
        if folder == place.root or folder.is_relative_to(place.root)
    )
    properties = sum(
        1 for text in written if (match := _PROPERTY.match(text)) and _OWN.fullmatch(match[1])
    )
    tasks = len(_TASK.findall("\n".join(source.lines)))
    named = bool(re.fullmatch(r"\d{4}[-_]\d{2}[-_]\d{2}", place.path.stem))
    beside = (place.path.parent.parent / "journals").is_dir()
    is_outline = bool(written) and outline * 2 >= len(written)
    scores = {
        "the folder logseq": 5.0 * graph,
        "a file a day in journals": 3.5 * (inside == "journals" and named),
        "pages beside journals": 2.5 * (inside == "pages" and beside),
        "properties of the page": 2.0 * bool(written and _PROPERTY.match(written[0])),
        counted(properties, "property|properties") + " of blocks": min(1.5 * properties, 4.5),
        counted(tasks, "task"): min(0.7 * tasks, 2.1) if is_outline else 0.0,
    }
    reasons = tuple(reason for reason, score in scores.items() if score)
    return Evidence(sum(scores.values()), reasons)


FORMAT = Format(
    "logseq",
    "a graph of Logseq: journals and pages",
    sniff,
    plan,
    scanner=LogseqScanner,
)
