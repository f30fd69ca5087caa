"""Posts in pandoc's Markdown: cut into cells at their headings and code chunks, with their citations.

Posts of Quarto and notebooks of Jupyter are such posts, and so is what pandoc makes of other markup.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import dropwhile, takewhile
from pathlib import Path, PurePosixPath
from typing import Any

from weeknotes.errors import NotebookError
from weeknotes.importers import front_matter, pandoc
from weeknotes.importers.dates.dates_in_names import day_in_name, without_day
from weeknotes.importers.markdown.blocks import Block, Line
from weeknotes.importers.markdown.pandoc_markdown import chunk_options, cited_keys
from weeknotes.importers.markdown.text import plain
from weeknotes.importers.page_plan import CodeCell, Draft, PagePlan
from weeknotes.importers.paper_evidence import address_below, is_title
from weeknotes.importers.paper_register import SourcePaper, is_paper_address
from weeknotes.importers.sections import ImportContext
from weeknotes.journal import frontmatter
from weeknotes.text import markdown

_HEADING_LINK = re.compile(r"\[[^\[\]]*\]\((https?://[^\s()]+)\)")
_LANGUAGE = re.compile(r"[`~]{3,}[ \t]*\{[ \t]*python\b([^\n]*)")
_CHUNK = re.compile(r"[`~]{3,}[ \t]*\{[ \t]*python\b(?![^\n]*\beval\s*=\s*(?:false|FALSE))")


def split(lines: Sequence[Line]) -> list[Block]:
    """``lines`` as blocks of the kind "pandoc", each from a heading to the next, and of the kind
    "chunk": the code blocks in Python that Quarto runs."""
    if not lines:
        return []
    structure = markdown.read("\n".join(text for _, text in lines))
    made: list[Block] = []
    start = 0
    for region in structure.regions:
        if region.depth or region.kind not in ("heading", "fence"):
            continue
        chunk = region.kind == "fence" and _CHUNK.match(structure.text, region.start)
        if region.kind == "fence" and not chunk:
            continue
        first = structure.line(region.start) - 1
        last = structure.line(max(region.end - 1, region.start))
        made += _text(lines[start:first])
        if chunk:
            made.append(Block("chunk", tuple(lines[first:last])))
            start = last
        else:
            start = first
    return [*made, *_text(lines[start:])]


def _text(lines: Sequence[Line]) -> list[Block]:
    if not any(text.strip() for _, text in lines):
        return [Block("blank", (line,)) for line in lines]
    return [Block("pandoc", tuple(lines))]


def code_of(block: Block) -> CodeCell:
    """The code cell of a chunk, not run."""
    opening = _LANGUAGE.match(block.lines[0][1])
    options = chunk_options(opening[1]) if opening else ""
    lines = [text for _, text in block.lines[1:-1]]
    return CodeCell("\n".join([options, *lines] if options else lines))


def plan(
    blocks: Sequence[Block],
    context: ImportContext,
    code: Callable[[Block], CodeCell] = code_of,
    metadata: Mapping[str, Any] | None = None,
) -> list[PagePlan]:
    """The post: a digest of its day, or an undated page; its chunks are code cells."""
    front = next((block for block in blocks if block.kind == "front"), None)
    found = front_matter.values(front, context) if front else {}
    body = [block for block in blocks if block.kind not in ("front", "blank")]
    title, structure = _title(found, body, context)
    day = _day(found, context, front)
    library = bibliography(found, context)
    keys = cite_all(body, library, context, day)
    about = _paper_of_page(title, body, context, day)
    top = 3 if about else 2
    shift = top - min((level for block in body if (level := heading_level(block))), default=top)
    drafts = [draft_of(block, context, day, keys, code, shift) for block in body]
    if about:
        first = drafts[0]
        first.heading, first.title, first.cites = title, title, (about,)
        first.data = {"paper": about, **first.data}
    kind = "digest" if day else "page"
    page = PagePlan(kind, title, drafts, [front] if front else [], date=day, slug=title)
    page.structure += structure
    page.categories = front_matter.words(found.get("categories", ""))
    page.tags = front_matter.tags(found)
    page.author = ", ".join(front_matter.authors(found))
    page.metadata = dict(metadata or {})
    page.citations = keys
    return [page]


def _paper_of_page(
    title: str, body: Sequence[Block], context: ImportContext, day: date | None
) -> str:
    """The citation key of the paper that the whole page is on, whose address is in the lines right
    below the page's title; "" where there is none."""
    if not body or body[0].kind != "pandoc" or heading_level(body[0]) or not is_title(title):
        return ""
    url = address_below([_first_paragraph(body[0].lines)])
    return context.papers.cite(SourcePaper(title, url), day) if url else ""


def _first_paragraph(lines: Sequence[Line]) -> Block:
    """The first lines of ``lines`` up to an empty one, as a paragraph."""
    shown = list(dropwhile(lambda line: not line[1].strip(), lines))
    return Block("paragraph", tuple(takewhile(lambda line: line[1].strip(), shown)))


def _title(
    found: Mapping[str, Any], body: list[Block], context: ImportContext
) -> tuple[str, list[Block]]:
    """The title of the post: that of its front matter, the one heading above all others, which is
    taken out of ``body`` then, or the name of its file or folder."""
    if title := front_matter.text(found.get("title")):
        return title, []
    levels = [level for block in body if (level := heading_level(block))]
    if (
        body
        and heading_level(body[0])
        and levels.count(min(levels)) == 1
        and levels[0] == min(levels)
    ):
        first = body[0]
        count = _heading_lines(first)
        head = first.with_lines(first.lines[:count])
        if title := plain(heading_text(head.text)):
            rest = first.lines[count:]
            shown = any(text.strip() for _, text in rest)
            body[:1] = [first.with_lines(rest)] if shown else []
            return title, [head]
    path = PurePosixPath(context.source)
    name = path.parent.name if path.stem == "index" else path.stem
    return without_day(name) or "Untitled", []


def _heading_lines(block: Block) -> int:
    """The number of lines of the heading at the top of ``block``."""
    structure = markdown.read(block.text)
    region = next(structure.of("heading"))
    return structure.line(max(region.end - 1, region.start))


def heading_text(text: str) -> str:
    """The text of the heading that ``text`` begins with, without its marks."""
    region = next(markdown.read(text).of("heading"))
    return text[region.inner[0] : region.inner[1]]


def heading_level(block: Block) -> int:
    """The level of the heading that a block begins with; 0 where it begins with none."""
    if block.kind != "pandoc":
        return 0
    first = next((r for r in markdown.read(block.text).regions if r.depth == 0), None)
    starts = first is not None and not block.text[: first.start].strip()
    return first.level if first is not None and first.kind == "heading" and starts else 0


def _day(found: Mapping[str, Any], context: ImportContext, front: Block | None) -> date | None:
    if day := front_matter.day(found, context):
        return day
    path = PurePosixPath(context.source)
    for name in (path.stem, path.parent.name):
        if day := day_in_name(name):
            context.decide(front.start if front else 1, f"the day is {day}, from {name!r}")
            return day
    return None


def draft_of(
    block: Block,
    context: ImportContext,
    day: date | None,
    keys: Mapping[str, str],
    code: Callable[[Block], CodeCell],
    shift: int,
) -> Draft:
    """The cell of ``block``, whose heading may name a paper and is moved by ``shift`` levels. ``keys``
    has the library's key for each key that the text cites."""
    if block.kind == "chunk":
        return Draft([block], code=code(block))
    title = ""
    data: dict[str, Any] = {}
    cited = [keys[key] for key in cited_keys(block.text) if key in keys]
    if heading_level(block):
        heading = heading_text(block.text)
        title = plain(re.sub(r"\[-?@[^\]]*\]", "", heading))
        linked = next((u for u in _HEADING_LINK.findall(heading) if is_paper_address(u)), "")
        if not linked and is_title(title) and not cited_keys(heading):
            linked = address_below([_first_paragraph(block.lines[_heading_lines(block) :])])
        if linked:
            key = context.papers.cite(SourcePaper(title, linked), day)
            data["paper"] = key
            block = replace(block, cites=() if key in cited_keys(heading) else (key,))
            cited.append(key)
    if cited:
        data["papers"] = list(dict.fromkeys(cited))
    levelled = block.with_lines(block.lines, level=shift)
    return Draft([levelled], title=title, data=data)


def cite_all(
    body: Sequence[Block],
    library: Mapping[str, Mapping[str, Any]],
    context: ImportContext,
    day: date | None,
) -> dict[str, str]:
    """The key in the library of each key that the post cites."""
    keys: dict[str, str] = {}
    cited = {key for block in body if block.kind == "pandoc" for key in cited_keys(block.text)}
    if any(key not in library and not key[0].isdigit() for key in cited):
        library = {**_beside(context), **library}
    for block in body:
        for key in cited_keys(block.text) if block.kind == "pandoc" else ():
            if key in keys:
                continue
            if key in library:
                entry = library[key]
                paper = SourcePaper(str(entry.get("title") or key), key=key, entry=entry)
                keys[key] = context.papers.cite(paper, day)
            elif key in context.papers.library.entries:
                keys[key] = key
            elif not key[0].isdigit() and block.text.count(f"[@{key}"):
                context.decide(block.start, f"@{key} is in no bibliography: it stays as text")
    return keys


def bibliography(found: Mapping[str, Any], context: ImportContext) -> dict[str, Mapping[str, Any]]:
    """The entries of the bibliographies that a post names, or its folder or site for it."""
    entries: dict[str, Mapping[str, Any]] = {}
    for path in _bibliographies(found, context.place.path.parent, context.place.root):
        entries |= _entries(path, context)
    return entries


def _beside(context: ImportContext) -> dict[str, Mapping[str, Any]]:
    """The entries of the bibliographies in the folder of a post and the folders above it: what a
    program is set to cite from is often named in no post."""
    folder, root = context.place.path.parent, context.place.root
    above = [parent for parent in (folder, *folder.parents) if parent.is_relative_to(root)]
    found: dict[str, Mapping[str, Any]] = {}
    for path in (path for parent in reversed(above) for path in sorted(parent.glob("*.bib"))):
        if path.resolve().is_relative_to(root):
            found |= _entries(path, context)
    return found


def _entries(path: Path, context: ImportContext) -> Mapping[str, Mapping[str, Any]]:
    try:
        return pandoc.entries(path)
    except pandoc.PandocError as error:
        context.decide(1, f"the bibliography {path.name}: {error.message}")
        return {}


def _bibliographies(found: Mapping[str, Any], folder: Path, root: Path) -> Iterator[Path]:
    """The files that ``bibliography`` names: of the site first, then of folders, then of the post,
    none of them outside of ``root``."""
    above = [parent for parent in (folder, *folder.parents) if parent.is_relative_to(root)]
    named: list[tuple[Path, Any]] = [(folder, found.get("bibliography"))]
    for parent in above:
        for name in ("_metadata.yml", "_quarto.yml"):
            path = parent / name
            if path.is_file() and path.resolve().is_relative_to(root):
                try:
                    values = frontmatter.parse(f"---\n{path.read_text('utf-8')}\n---")
                except (NotebookError, OSError, UnicodeDecodeError):
                    continue
                named.append((parent, values.get("bibliography")))
    for base, value in reversed(named):
        for name in value if isinstance(value, list) else [value]:
            if isinstance(name, str) and "://" not in name:
                path = (root / name.lstrip("/") if name.startswith("/") else base / name).resolve()
                if path.is_file() and path.is_relative_to(root):
                    yield path
