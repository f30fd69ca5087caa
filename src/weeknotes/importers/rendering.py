"""The cells of a source's pages, written from its blocks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from weeknotes.importers.completeness import numbers
from weeknotes.importers.heading_links import linked_anchors, resolved
from weeknotes.importers.markdown.cell_markdown import cell
from weeknotes.importers.markdown.clean_html import is_hostile
from weeknotes.importers.markdown.escapes import WORD_JOINER, escaped, guard
from weeknotes.importers.markdown.inline import Inline, Scanner
from weeknotes.importers.page_cells import MadeCell, MadePage
from weeknotes.importers.page_plan import Draft, PagePlan
from weeknotes.importers.pictures import Assets, Pictures
from weeknotes.importers.report import ImportReport, Remark
from weeknotes.importers.source_files import Source
from weeknotes.text.main_language import main_language

_UNSAFE_IN_TAG = re.compile(r"[^\w\s&+./:-]")
_WEB = re.compile(r"(?:[a-z][a-z0-9+.-]+:)?//|mailto:|doi:|tel:", re.I)


@dataclass
class Rendering:
    """Makes the cells of a source's pages. ``definitions`` are its link reference definitions, and
    ``used`` the labels of those that a cell has used so far. ``scanner`` reads the inline text."""

    source: Source
    form: str
    definitions: dict[str, tuple[str, str]]
    assets: Assets
    report: ImportReport
    used: set[str] = field(default_factory=set)
    scanner: type[Scanner] = Scanner

    def language(self, plan: PagePlan) -> str:
        """The language of the page ``plan``. A log is one person's: all its weeks have the language
        of the whole, whatever each one quotes."""
        if plan.lang:
            return plan.lang
        drafts = " ".join(block.text for draft in plan.drafts for block in draft.blocks)
        whole = drafts if plan.kind == "digest" else " ".join(self.source.lines)
        return main_language(whole[:100_000])

    def page(self, plan: PagePlan, path: str) -> MadePage:
        """The cells of ``plan``, to be the notebook at ``path``."""
        plan.lang = self.language(plan)
        pictures = Pictures(
            self.assets,
            self.source.place,
            _folder(plan, path),
            "../" * path.count("/"),
            self._missing,
            self._cleaned,
        )
        inline = Inline(
            pictures.image,
            self._link,
            self._cleaned,
            self.definitions,
            plan.marks,
            scanner=self.scanner,
            embed=pictures.embedded,
            citations=plan.citations,
            anchors=linked_anchors(self.source.lines),
        )
        made = MadePage(plan, path, self.source, self.form)
        for block in plan.structure:
            if found := numbers([block]):
                made.structure.append((min(found), block.text))
        for draft in plan.drafts:
            self._draft(draft, made, pictures, inline)
        self.used |= inline.used
        shown = [cell for cell in made.cells if not cell.draft.code]
        texts = dict(zip(map(id, shown), resolved([cell.text for cell in shown]), strict=True))
        made.cells = [replace(cell, text=texts.get(id(cell), cell.text)) for cell in made.cells]
        return made

    def _draft(self, draft: Draft, made: MadePage, pictures: Pictures, inline: Inline) -> None:
        """Add the cell of ``draft`` to the page ``made``."""
        if draft.code:
            made.pieces.append((draft.start, "\n".join(block.text for block in draft.blocks)))
            made.cells.append(MadeCell(draft, draft.code.source))
            return
        text = cell(draft.blocks, inline)
        if not text.strip() and not draft.heading:
            return
        pieces = made.moved if draft.moved else made.pieces
        pieces.append((draft.start, _as_it_was(_kept_marks(text, draft), pictures, inline)))
        cites_here = next((b.cites for b in draft.blocks if b.kind == "pandoc" and b.cites), ())
        if cites_here:
            text = _with_citation(text, cites_here)
        if draft.heading:
            cites = "; ".join(f"@{key}" for key in draft.cites)
            head = f"## {guard(escaped(draft.heading))}" + (f" [{cites}]" if cites else "")
            text = f"{head}\n\n{text}".rstrip("\n")
        made.cells.append(MadeCell(draft, _with_tags(text, draft)))

    def _missing(self, line: int, address: str) -> None:
        self.report.missing_images.append(Remark(self.source.name, line, address))

    def _cleaned(self, line: int, what: str) -> None:
        self.report.cleaned.append(Remark(self.source.name, line, what))

    def _link(self, address: str, line: int) -> str | None:
        """The address that a link gets: its own on the web and within the page, text in backticks
        for a file that did not come along, None for what could run."""
        if is_hostile(address):
            self._cleaned(line, f"address {address[:40]}")
            return None
        self.report.links += 1
        if _WEB.match(address) and not address.lower().startswith("file:"):
            return address
        if address.startswith("#") or not address:
            return address
        return f"`{address.replace('`', '')}`"


def _folder(plan: PagePlan, path: str) -> str:
    """The folder of a page's pictures under assets/images."""
    return str(plan.week) if plan.week else Path(path).stem


def _kept_marks(text: str, draft: Draft) -> str:
    """``text`` for the loss check: citations and tags that are the author's own, as in pandoc's
    Markdown, are no additions of the import."""
    if not any(block.kind == "pandoc" for block in draft.blocks):
        return text
    return text.replace("[@", f"[{WORD_JOINER}@").replace("]{.tag}", f"]{WORD_JOINER}{{.tag}}")


def _as_it_was(text: str, pictures: Pictures, inline: Inline) -> str:
    """A cell's text with link references, and the pictures' addresses, as they were in the source."""
    # What holds another was written after it, and of two that are alike the later one is the last.
    for made, source in reversed(inline.resolved):
        before, found, after = text.rpartition(made)
        text = before + source + after if found else text
    for made, address in pictures.changed:
        text = text.replace(made, address, 1)
    inline.resolved.clear()
    pictures.changed.clear()
    return text


def _with_citation(text: str, keys: Sequence[str]) -> str:
    """``text``, which begins with a heading in pandoc's Markdown, with ``keys`` cited in it."""
    head, newline, rest = text.partition("\n")
    match = re.match(r"(#{1,6} .*?)(\s*\{[^{}]*\})?\s*$", head)
    if not match:
        return text
    return f"{match[1]} [{'; '.join('@' + key for key in keys)}]{match[2] or ''}{newline}{rest}"


def _with_tags(text: str, draft: Draft) -> str:
    """``text`` with the note's tags under its heading."""
    if not draft.tags:
        return text
    safe = (_UNSAFE_IN_TAG.sub(_kept, tag).strip() for tag in draft.tags)
    tags = " ".join(f"[{tag}]{{.tag}}" for tag in safe)
    head, _, rest = text.partition("\n")
    return f"{head}\n\n{tags}\n{rest}" if rest else f"{head}\n\n{tags}"


def _kept(match: re.Match[str]) -> str:
    """A sign of a tag: emoji stay, and what Markdown would read is escaped."""
    return match[0] if ord(match[0]) > 127 else f"\\{match[0]}"
