"""A journal to import into, and looking at what was made."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from weeknotes import importers
from weeknotes.importers.report import ImportReport
from weeknotes.journal.project import Project

FIXTURES = Path(__file__).parent / "fixtures"
SEEDS = Path(__file__).resolve().parents[3] / "shared" / "seeds"
TODAY = date(2026, 11, 20)


class Imported:
    """The result of an import, and the notebooks it left."""

    def __init__(self, journal: Project, report: ImportReport) -> None:
        self.journal = journal
        self.report = report

    @property
    def names(self) -> list[str]:
        return sorted(p.relative_to(self.journal.journal).as_posix() for p in self.paths)

    @property
    def paths(self) -> list[Path]:
        return sorted(self.journal.journal.rglob("*.ipynb"))

    def notebook(self, name: str) -> dict[str, Any]:
        path = self.journal.journal / name
        return json.loads(path.read_text(encoding="utf-8"))  # type: ignore[no-any-return]

    def cells(self, name: str) -> list[str]:
        """The Markdown cells of a notebook."""
        return [
            "".join(cell["source"])
            for cell in self.notebook(name)["cells"]
            if cell["cell_type"] == "markdown"
        ]

    def text(self, name: str) -> str:
        return "\n\n".join(self.cells(name))

    def front(self, name: str) -> str:
        return "".join(self.notebook(name)["cells"][0]["source"])

    def decisions(self) -> list[str]:
        return [str(remark) for remark in self.report.decisions]

    def bytes(self) -> dict[str, bytes]:
        root = self.journal.root
        return {str(p.relative_to(root)): p.read_bytes() for p in root.rglob("*") if p.is_file()}


Import = Callable[..., Imported]


@pytest.fixture
def take(journal: Project, tmp_path: Path) -> Import:
    """Import texts or paths into ``journal``: ``take("# …", name="log.md", format="worklog")``."""

    def run(*sources: str | Path, name: str = "log.md", **options: Any) -> Imported:
        paths = []
        for number, source in enumerate(sources):
            if isinstance(source, Path):
                paths.append(source)
                continue
            path = tmp_path / "repo" / (name if number == 0 else f"{number}-{name}")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(source, encoding="utf-8")
            paths.append(path)
        options.setdefault("today", TODAY)
        return Imported(journal, importers.run(journal, paths, **options))

    return run
