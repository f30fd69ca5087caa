"""A vault of Obsidian: a file a day, and notes beside them.

::

    daily/2024-07-01.md
    # 2024-07-01
    - [[Elk 2023|Elk's paper]] on flutes, see ![[flute.png]] #music
    - [ ] try fewer holes %%a private remark%%

    > [!note] Idea
    > One hole is enough.

A daily note goes to the page of its week. A literature note, as the Zotero plugins write it, is read as
a file a paper, and any other note becomes a page of its own: of the day that its properties name, or
undated. Comments are private, callouts are callouts, pictures are found by name in the whole vault.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path, PurePosixPath

from weeknotes.importers import front_matter
from weeknotes.importers.day_pages import day_of, day_page, vault_page, week_of
from weeknotes.importers.format import Evidence, Format
from weeknotes.importers.formats import paper
from weeknotes.importers.markdown.blocks import Block
from weeknotes.importers.markdown.comments import split_comments
from weeknotes.importers.markdown.wiki_markup import WikiScanner
from weeknotes.importers.page_plan import PagePlan
from weeknotes.importers.sections import ImportContext
from weeknotes.importers.source_files import Source
from weeknotes.importers.withholding import withheld_source

# A link whose words are in brackets of their own, ``[[words]](address)``, is any Markdown's.
_LINK = re.compile(r"(?<!!)\[\[[^\[\]\n]+\]\](?!\()")
_EMBED = re.compile(r"!\[\[[^\[\]\n]+\]\]")
_COMMENT = re.compile(r"%%.*?%%|^\s*%%\s*$", re.M)
_CALLOUT = re.compile(r"^\s*>\s*\[!(?!(?:NOTE|TIP|IMPORTANT|WARNING|CAUTION)\]\s*$)[\w-]+\]", re.M)
_CODE = re.compile(
    r"^ {0,3}(`{3,}|~{3,}).*?(?:^ {0,3}\1|\Z)|(`+)(?!`)[^\n]*?(?<!`)\2(?!`)", re.M | re.S
)
_DAILY_FOLDER = re.compile(r"daily|journal|diary|일지|일기|日记|日誌|日志", re.I)
_SAMPLE = 60


def plan(blocks: Sequence[Block], context: ImportContext) -> list[PagePlan]:
    """The day of a daily note in its week, a literature note, or a page of its own."""
    front = next((block for block in blocks if block.kind == "front"), None)
    found = front_matter.values(front, context) if front else {}
    body = [block for block in blocks if block.kind != "front"]
    stem = PurePosixPath(context.source).stem
    shown = not withheld_source(found, context.source)[0]
    if shown and (day := day_of(stem)):
        return day_page(body, context, day, front)
    if shown and (week := week_of(stem)):
        return day_page(body, context, week.start, front, heading=stem)
    if front_matter.paper(found, stem):
        return paper.plan(blocks, context)
    return vault_page(body, context, stem, found, front)


def sniff(source: Source) -> Evidence:
    """The folder that Obsidian keeps its settings in, or links, embeds and comments in its way."""
    text = _CODE.sub("", "\n".join(source.lines))
    signs = {
        "the folder .obsidian": 4.0 * bool(_settings(source.place.path, source.place.root)),
        "links in double brackets": 1.5 * bool(_LINK.search(text)),
        "embeds": 2.0 * bool(_EMBED.search(text)),
        "comments in percent signs": 1.5 * bool(_COMMENT.search(text)),
        "callouts": 1.0 * bool(_CALLOUT.search(text)),
    }
    if day_of(source.place.path.stem):
        inside = bool(_DAILY_FOLDER.search(source.place.path.parent.name))
        signs["a name that is a day"] = 1.5 if inside else 1.0
    elif week_of(source.place.path.stem):
        signs["a name that is a week"] = 1.0
    if not signs["the folder .obsidian"] and _share_of_links(source.place.root) >= 0.3:
        signs["links in double brackets in the files beside it"] = 2.0
    reasons = tuple(reason for reason, score in signs.items() if score)
    return Evidence(sum(signs.values()), reasons)


@lru_cache(maxsize=256)
def _settings(path: Path, root: Path) -> bool:
    return any(
        (folder / ".obsidian").is_dir()
        for folder in path.parents
        if folder == root or folder.is_relative_to(root)
    )


@lru_cache(maxsize=16)
def _share_of_links(root: Path) -> float:
    """The share of the Markdown files under ``root`` that link in double brackets."""
    found: list[bool] = []
    for path in root.rglob("*.md"):
        if len(found) >= _SAMPLE:
            break
        if not path.is_symlink() and not any(part.startswith(".") for part in path.parts):
            try:
                found.append(bool(_LINK.search(path.read_text("utf-8", "replace")[:20_000])))
            except OSError:
                continue
    return sum(found) / len(found) if len(found) >= 3 else 0.0


FORMAT = Format(
    "obsidian",
    "a vault of Obsidian: a file a day, and notes",
    sniff,
    plan,
    split=split_comments,
    scanner=WikiScanner,
)
