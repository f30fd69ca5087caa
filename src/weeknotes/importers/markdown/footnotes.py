"""Footnotes and link references, which may be far from where they are used."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from weeknotes.importers.markdown import blocks
from weeknotes.importers.markdown.blocks import Block
from weeknotes.importers.page_plan import Draft, PagePlan

_MARK = re.compile(r"\[\^([^\]\s]+)\]")
_TASK_BOX = re.compile(r"(?m)^[ >]*(?:[-*+]|[0-9]{1,9}[.)])[ \t]+\[[ xX]\](?=\s)")
_CODE = ("fence", "indented", "comment", "blank", "definition")


def definitions(parsed: Sequence[Block]) -> tuple[list[Block], dict[str, tuple[str, str]]]:
    """The link reference definitions of a source that a text in it refers to: address and title by
    label. The first of a label counts (CommonMark 4.7); the others, and those that nothing refers
    to, become text in the blocks that are returned, since no one would ever see them."""
    text = "\n".join(block.text for block in parsed if block.kind not in _CODE).lower()
    text = _TASK_BOX.sub(" ", text)
    labels = {" ".join(label.split()) for label in re.findall(r"\[([^\[\]]+)\]", text)}
    found: dict[str, tuple[str, str]] = {}
    made = []
    for block in parsed:
        if block.kind == "definition":
            label, address, title = blocks.read_definition(block)
            if label in labels and label not in found:
                found[label] = (address, title)
            else:
                block = replace(block, kind="paragraph")
        made.append(block)
    return made, found


def settle(pages: Sequence[PagePlan], source: str) -> None:
    """See that each footnote is on the page that refers to it first, under a label that no other
    source's has; what nothing refers to becomes text, which a reader sees."""
    used = _first_uses(pages)
    seen: set[str] = set()
    moved: list[tuple[PagePlan, Block]] = []
    for page in pages:
        for draft in page.drafts:
            draft.blocks = [
                kept for block in draft.blocks for kept in _settled(block, page, used, seen, moved)
            ]
        page.drafts = [draft for draft in page.drafts if draft.blocks]
    for page, block in moved:
        page.drafts.append(Draft([block], moved=True))
    prefix = re.sub(r"[^a-z0-9]+", "-", source.rsplit(".", 1)[0].lower()).strip("-")
    for label, page in used.items():
        if label in seen and label not in page.marks:
            # Several sources may come together in a week; a digest is made of one.
            page.marks[label] = f"[^{prefix}-{label}]" if page.kind == "week" else f"[^{label}]"


def _first_uses(pages: Sequence[PagePlan]) -> dict[str, PagePlan]:
    """The page on which each label is used first, by the order of the source."""
    uses: dict[str, PagePlan] = {}
    for page in sorted(pages, key=lambda page: page.start):
        for draft in page.drafts:
            for block in draft.blocks:
                for label in _marks(block):
                    uses.setdefault(label, page)
    return uses


def _marks(block: Block) -> Iterator[str]:
    if block.kind in _CODE:
        return
    text = block.text
    if block.kind == "footnote":
        text = text[text.index("]:") + 2 :]
    for match in _MARK.finditer(text):
        yield match[1].lower()


def _settled(
    block: Block,
    page: PagePlan,
    used: dict[str, PagePlan],
    seen: set[str],
    moved: list[tuple[PagePlan, Block]],
) -> list[Block]:
    """The blocks that are left in the place of ``block``: none if the footnote moves to another
    page."""
    if block.kind != "footnote":
        return [block]
    label = block.label.lower()
    if label in used and label not in seen:
        seen.add(label)
        if used[label] is page:
            return [block]
        moved.append((used[label], block))
        return []
    return _as_text(block)


def _as_text(block: Block) -> list[Block]:
    """A footnote as the paragraphs it holds, its mark with them."""
    count = next((n for n, (_, text) in enumerate(block.lines) if not text.strip()), None)
    head = block.with_lines(block.lines[:count], kind="paragraph")
    below = block.lines[count:] if count else ()
    rest = [(number, text[4:] if text.startswith("    ") else text) for number, text in below]
    return [head, *blocks.parse(rest)]
