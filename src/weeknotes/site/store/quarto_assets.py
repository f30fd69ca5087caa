"""The files that pages of Quarto refer to, kept so that a page can be composed again without Quarto.

`quarto render ONE.ipynb` writes the files of one page. Where the site's folder has been removed since,
those of all other pages are gone with it.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path, PurePosixPath

from weeknotes.engines.page import Page
from weeknotes.journal.project import Project
from weeknotes.site.publish import link_or_copy
from weeknotes.site.store.state import PageStore


def keep(project: Project, store: PageStore, pages: Iterable[Page]) -> list[Page]:
    """``pages`` whose assets are files of the journal, or copies of what Quarto wrote, in the store."""
    return [
        replace(page, assets={h: _kept(project, store, h, p) for h, p in page.assets.items()})
        for page in pages
    ]


def _kept(project: Project, store: PageStore, href: str, path: str) -> str:
    written, original = Path(path), project.root / href
    if not written.is_file():
        return path
    if original.is_file() and original.stat().st_size == written.stat().st_size:
        return str(original)
    content = hashlib.blake2b(written.read_bytes(), digest_size=16).hexdigest()
    copy = store.work / f"{content}{PurePosixPath(href).suffix}"
    if not copy.is_file():
        copy.parent.mkdir(parents=True, exist_ok=True)
        partial = copy.with_name(f".{copy.name}")
        partial.unlink(missing_ok=True)
        link_or_copy(written, partial)
        partial.replace(copy)
    return str(copy)


def restore(store: PageStore, output: Path) -> dict[str, str]:
    """Put the assets of all pages into ``output`` where they are not there. Returns those that are gone
    for good, with the source of the page that shows them, and forgets them."""
    gone = {}
    for source, state in store.sources.items():
        for href, path in list(state.assets.items()):
            target = output / href
            if target.is_file():
                continue
            if Path(path).is_file():
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, target)
            else:
                del state.assets[href]
                store.touch(source)
                gone[href] = source
    return gone
