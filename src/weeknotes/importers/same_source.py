"""Whether what a file gives comes from the very source that earlier imports of its name have read: two
clones may have one name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath

from weeknotes.importers.matching import likeness
from weeknotes.importers.page_cells import MadePage, hash_of
from weeknotes.importers.previous_import import Standing, import_of

_SURELY_ALIKE = 0.75
# Names that files of many repositories have.
_COMMON_NAMES = frozenset("readme index log journal notes note diary main papers weekly".split())


def is_own(pages: Sequence[MadePage], old: Mapping[str, Standing], name: str) -> bool:
    """Whether the notebooks ``old``, to which imports of the source ``name`` have written, come from
    the source that gives ``pages``: another one shares little of what this one gave."""
    known = {n for found in old.values() for n in found.known[name]}
    before = {
        str(import_of(c.metadata).get("hash")) for f in old.values() for c in f.cells_of(name)
    }
    names = [n for page in pages for n in page.identities()]
    texts = [made.text for page in pages for made in page.cells]
    shared = sum(
        1 for n, text in zip(names, texts, strict=True) if n in known or hash_of(text) in before
    )
    fewer = min(len(known), len(names))
    if fewer and 2 * shared >= fewer:
        return True
    # A file that was written anew has little of what it had, but its own name and its page.
    if PurePosixPath(name).stem.lower() not in _COMMON_NAMES and any(
        page.path in old and old[page.path].made_by(name) for page in pages
    ):
        return True
    return fewer <= 1 and _has_its_page_or_text(pages, old, name)


def _has_its_page_or_text(
    pages: Sequence[MadePage], old: Mapping[str, Standing], name: str
) -> bool:
    """Whether a title or a note alone, which has nothing beside it that could tell, is of the same
    source: the name of its page says so, or its text."""
    if any(
        page.path in old
        and old[page.path].part == (name, page.format, page.part)
        and not page.plan.week
        for page in pages
    ):
        return True
    return any(
        likeness(made.text, cell.source) >= _SURELY_ALIKE
        for page in pages
        for made in page.cells
        for found in old.values()
        for cell in found.cells_of(name)
    )
