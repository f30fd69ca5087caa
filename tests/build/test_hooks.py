"""The scripts that Quarto calls, as it calls them: with a Python of its own and nothing activated."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests.build.conftest import write_week

from weeknotes.journal import cell_edit
from weeknotes.journal.project import Project

#: Longer than the 64 KiB in which Quarto decodes what a filter writes, by any number of bytes.
LONG = "심장의 형상을 本周 실험 " * 3000


def filtered(journal: Project, notebook: Path) -> bytes:
    """What Quarto gets of ``notebook``."""
    done = subprocess.run(
        [sys._base_executable, str(journal.root / "scripts" / "ipynb_filter.py")],  # type: ignore[attr-defined]
        input=notebook.read_bytes(),
        capture_output=True,
        cwd=notebook.parent,
        env={"PATH": "/usr/bin:/bin", "WEEKNOTES_PYTHON": sys.executable},
    )
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


@pytest.mark.parametrize("mark", ["", "<!-- a draft -->"], ids=["plain", "looked-at-closely"])
def test_the_filter_writes_ascii_and_cuts_the_parameters(journal: Project, mark: str) -> None:
    path = write_week(journal.root, "2026-W47", f"## Long\n\n{LONG}{mark}")
    cell = cell_edit.new_cell("code", "week = 1", id="parameters", tags=["parameters"])
    notebook = json.loads(path.read_bytes())
    notebook["cells"].insert(1, cell)
    notebook["cells"][2]["source"] = "".join(notebook["cells"][2]["source"])
    path.write_bytes(json.dumps(notebook, ensure_ascii=False).encode())
    data = filtered(journal, path)
    assert data.isascii()
    cells = json.loads(data)["cells"]
    assert all(isinstance(cell["source"], list) for cell in cells)
    sources = ["".join(cell["source"]) for cell in cells]
    assert sources[1] == f"## Long\n\n{LONG}{mark}"
    assert len(sources) == 2


@pytest.mark.quarto
@pytest.mark.skipif(not shutil.which("quarto"), reason="quarto is not on PATH")
def test_quarto_alone_gives_the_whole_site_and_no_character_is_lost(journal: Project) -> None:
    for number, week in enumerate(("2026-W45", "2026-W46", "2026-W47")):
        write_week(journal.root, week, f"## Long\n\n{'x' * number}{LONG}")
    done = subprocess.run(
        ["quarto", "render"],
        cwd=journal.root,
        capture_output=True,
        text=True,
        env={
            "PATH": f"{Path(shutil.which('quarto') or '').parent}:/usr/bin:/bin",
            "HOME": str(Path.home()),
            "WEEKNOTES_PYTHON": sys.executable,
        },
    )
    assert done.returncode == 0, done.stderr
    for week in ("2026-W45", "2026-W46", "2026-W47"):
        page = (journal.output_dir / "journal/2026" / f"{week}.html").read_text("utf-8")
        assert "\ufffd" not in page
        assert LONG.strip() in " ".join(page.split())
    assert {"index.html", "weeks.html", "search"} <= {p.name for p in journal.output_dir.iterdir()}
    assert not (journal.output_dir / "site_libs").exists()
