"""A small journal in which nothing is wrong, to make one thing wrong at a time."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.privacy.conftest import cell, encoded, front, picture, write

from weeknotes.checks.findings import Finding
from weeknotes.checks.runner import check
from weeknotes.journal import project as projects
from weeknotes.library.store import dump

ENTRY = {
    "type": "article-journal",
    "author": [{"family": "Ho", "given": "Jonathan"}],
    "issued": {"date-parts": [[2020]]},
}
WEEK = "journal/2026/2026-W46.ipynb"


class Journal:
    """A journal with helpers to change it and to look at it."""

    def __init__(self, project: projects.Project) -> None:
        self.project = project
        self.root = project.root
        self.put_library()
        image = self.root / "assets" / "images" / "a.png"
        image.parent.mkdir(parents=True, exist_ok=True)
        image.write_bytes(encoded(picture(1)))
        self.put()

    def put(self, text: str = "", name: str = WEEK, **more: Any) -> None:
        """The notebook of the week, with ``text`` in a cell of its own."""
        week = more.pop("week", Path(name).stem)
        cells = more.pop("cells", [])
        title = more.pop("title", "A week")
        write(
            self.root / name,
            front(title, week, **more),
            cell(
                "markdown", "one",
                "## A note [@ho2020]\n\nAs @ho2020 say, see @fig-a and [above](#a-note-ho2020).\n\n"
                "![A figure](../../assets/images/a.png){#fig-a}\n\n"
                "An address: me@example.org, a price `@nobody`, \\@escaped.",
            ),
            *([cell("markdown", "two", text)] if text else []),
            *cells,
        )  # fmt: skip

    def put_library(self, *more: dict[str, Any], plain: bytes | None = None) -> None:
        entries = [{"id": "ho2020", "title": "Denoising diffusion", **ENTRY}, *more]
        keyed = {str(entry["id"]): entry for entry in entries}
        data = plain if plain is not None else dump(keyed)
        (self.root / "references.json").write_bytes(data)
        (self.root / "references.bib").unlink(missing_ok=True)

    def found(self, *paths: str, **options: Any) -> list[Finding]:
        fresh = projects.load(self.project.config_path)
        return list(check(fresh, [self.root / p for p in paths], **options).findings)

    def rules(self) -> set[str]:
        return {finding.rule for finding in self.found()}

    def change(self, **values: Any) -> None:
        """Set members of the week's notebook."""
        path = self.root / WEEK
        notebook = json.loads(path.read_text("utf-8")) | values
        path.write_text(json.dumps(notebook, indent=1, ensure_ascii=False) + "\n", "utf-8")


@pytest.fixture
def sound(journal: projects.Project) -> Journal:
    return Journal(journal)
