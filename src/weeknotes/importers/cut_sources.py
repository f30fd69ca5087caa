"""Sources that look cut off: a file whose end was lost takes nothing from the journal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from weeknotes.importers.dates.file_dates import is_committed
from weeknotes.importers.page_cells import MadePage
from weeknotes.importers.previous_import import Standing, identity
from weeknotes.importers.source_files import Source


def looks_cut(pages: Sequence[MadePage], old: Mapping[str, Standing], source: Source) -> str:
    """Why ``source`` looks cut off, for the report; empty where it does not.

    It looks so if everything that it gives is as it was, but for the last cell, of which the
    beginning is left, and if nothing is missing but what came after that. One that is in git as it
    is was not cut by accident.
    """
    missing = 0
    for page in pages:
        found = old.get(page.path)
        if found is None:
            return ""
        names, known = page.identities(), found.known[source.name]
        present = {identity(cell): cell for cell in found.cells_of(source.name)}
        last_page = page is pages[-1]
        if names != known[: len(names)] or (len(names) < len(known) and not last_page):
            return ""
        missing += len(known) - len(names)
        for made, name in zip(page.cells, names, strict=True):
            cell = present.get(name)
            last = last_page and made is page.cells[-1]
            if cell is None or made.text == cell.source:
                continue
            if not last or not cell.source.startswith(made.text.rstrip()):
                return ""
    covered = {page.path for page in pages}
    gone = [path for path in old if path not in covered]
    rest = sorted(covered)
    if gone and not (max(gone) < rest[0] or min(gone) > rest[-1]):
        return ""
    missing += sum(len(old[path].cells_of(source.name)) for path in gone)
    if not missing or not pages or is_committed(source.place):
        return ""
    return (
        f"it looks cut off: {missing} cell{'s' if missing != 1 else ''} of earlier "
        f"{'are' if missing != 1 else 'is'} no longer in it and nothing else has changed; all of "
        "them stay (delete them yourself if they are to go)"
    )
