"""A journal in an empty folder, and a Zotero on loopback."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from weeknotes.journal import cell_edit, project
from weeknotes.library.api_key import ApiKey
from weeknotes.library.zotero.config import LibraryRef, ZoteroSettings

from .zotero_server import KEY, ZoteroServer

CONFIG = """project:
  type: website
weeknotes:
  zotero:
    libraries:
      - user: 1
"""


@pytest.fixture
def journal(tmp_path: Path) -> project.Project:
    """A journal without notes, in a folder of its own."""
    (tmp_path / "_quarto.yml").write_text(CONFIG)
    (tmp_path / "journal" / "2026").mkdir(parents=True)
    return project.load(tmp_path / "_quarto.yml")


@pytest.fixture
def week(journal: project.Project) -> Callable[..., Path]:
    """Write a week's notebook of Markdown cells."""

    def write(*texts: str, name: str = "2026-W47") -> Path:
        cells = [cell_edit.new_cell("markdown", text, id=f"c{n}") for n, text in enumerate(texts)]
        path = journal.journal / "2026" / f"{name}.ipynb"
        path.write_bytes(cell_edit.dump(cell_edit.new_notebook(cells, {})))
        return path

    return write


@pytest.fixture
def zotero() -> Iterator[ZoteroServer]:
    with ZoteroServer() as server:
        yield server


def settings_for(server: ZoteroServer, *refs: LibraryRef, key: str = KEY) -> ZoteroSettings:
    libraries = refs or (LibraryRef("user", "1"),)
    return ZoteroSettings(
        libraries, server.local, server.endpoint, ApiKey("" if server.local else key)
    )


class Sleeper:
    """Stands for ``time.sleep``: notes how long one would have waited."""

    def __init__(self) -> None:
        self.waits: list[float] = []

    def __call__(self, seconds: float) -> None:
        self.waits.append(seconds)


@pytest.fixture
def run(journal: project.Project, zotero: ZoteroServer) -> Callable[..., Any]:
    """Sync the journal with the server, without waiting."""
    from weeknotes.library.zotero.sync import sync

    def go(*refs: LibraryRef, server: ZoteroServer = zotero, **options: Any) -> Any:
        options = {"sleep": Sleeper(), "pause": 0.01, "timeout": 0.5, **options}
        return sync(journal, settings=settings_for(server, *refs), **options)

    return go
