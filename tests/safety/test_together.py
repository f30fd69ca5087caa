"""Two commands at once: each is done, or says clearly that it could not be; nothing is lost."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.build.conftest import LIBRARY, snapshot, write_week
from tests.library.zotero_server import KEY, ZoteroServer

from weeknotes import files
from weeknotes.errors import WeeknotesError
from weeknotes.journal.project import Project
from weeknotes.library.store import Library

WEEK = "2026-W47"
Command = subprocess.Popen[str]


def start(journal: Project, *words: str, **environment: str) -> Command:
    return subprocess.Popen(
        [sys.executable, "-m", "weeknotes", *words],
        cwd=journal.root,
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def done(*commands: Command) -> list[str]:
    """What the commands said; all of them succeeded."""
    said = [command.communicate()[0] for command in commands]
    assert [command.returncode for command in commands] == [0] * len(commands), said
    return said


def leftovers(root: Path) -> list[Path]:
    return [path for path in root.rglob(".*.tmp") if ".weeknotes" not in path.parts]


def test_new_and_new(journal: Project) -> None:
    said = done(*(start(journal, "new", WEEK, "--no-execute") for _ in range(3)))
    assert sum("is there already" in text for text in said) == 2
    assert [path.name for path in journal.journal.rglob("*.ipynb")] == [f"{WEEK}.ipynb"]
    assert leftovers(journal.root) == []


def test_add_and_add(journal: Project) -> None:
    """Neither paper nor note of one is lost to the other, however they meet."""
    write_week(journal.root, WEEK, "## Mine\n\n한글")
    for number in range(4):
        paper = {"id": f"p{number}", "type": "book", "title": f"Title {number}"}
        (journal.root / f"{number}.json").write_text(json.dumps([paper]))
    done(*(start(journal, "add", f"{number}.json", "--week", WEEK) for number in range(4)))
    assert set(Library.load(journal.library_path).entries) == {"p0", "p1", "p2", "p3"}
    bib = journal.library_path.with_suffix(".bib").read_text("utf-8")
    notebook = (journal.journal / "2026" / f"{WEEK}.ipynb").read_text("utf-8")
    for number in range(4):
        assert f"{{p{number}," in bib
        assert notebook.count(f"[@p{number}]") == 1
    assert "## Mine" in notebook
    assert leftovers(journal.root) == []


def test_sync_and_add(journal: Project) -> None:
    config = journal.config_path.read_text("utf-8")
    assert "\nweeknotes:\n" in config
    zotero = "\nweeknotes:\n  zotero: {libraries: [{user: 1}]}\n"
    journal.config_path.write_text(config.replace("\nweeknotes:\n", zotero, 1), "utf-8")
    paper = {"id": "mine", "type": "book", "title": "Mine"}
    (journal.root / "paper.json").write_text(json.dumps([paper]))
    with ZoteroServer() as server:
        for number in range(30):
            server.library.add(title=f"Title {number}", citationKey=f"z{number}")
        environment = {"ZOTERO_ENDPOINT": server.endpoint, "ZOTERO_API_KEY": KEY}
        sync = start(journal, "sync", **environment)
        add = start(journal, "add", "paper.json")
        done(sync, add)
    entries = Library.load(journal.library_path).entries
    assert set(entries) == {"mine", *(f"z{number}" for number in range(30))}


def test_render_and_render(journal: Project) -> None:
    journal.library_path.write_text(json.dumps(LIBRARY), "utf-8")
    write_week(journal.root, WEEK, "## A note [@ho2020denoising]\n\ntext")
    done(*(start(journal, "render", "--engine", "builtin") for _ in range(2)))
    both = snapshot(journal.output_dir)
    assert f"journal/2026/{WEEK}.html" in both
    done(start(journal, "render", "--engine", "builtin"))
    assert snapshot(journal.output_dir) == both
    assert [path.name for path in journal.root.glob("._site*")] == []


@pytest.mark.kernel
@pytest.mark.slow
def test_refresh_and_refresh(journal: Project) -> None:
    done(start(journal, "new", WEEK, "--no-execute"))
    path = next(journal.journal.rglob(f"{WEEK}.ipynb"))
    said = done(*(start(journal, "refresh", WEEK) for _ in range(2)))
    assert any("refreshed" in text for text in said)
    assert "up to date" in done(start(journal, "refresh", WEEK))[0]
    assert json.loads(path.read_bytes())["cells"][3]["outputs"]


def test_a_lock_ends_with_its_owner(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    code = (
        "import sys, time\nfrom pathlib import Path\nfrom weeknotes.files import locked\n"
        f"with locked(Path({str(path)!r})):\n    print('held', flush=True)\n    time.sleep(60)\n"
    )
    owner = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)
    assert owner.stdout is not None
    assert owner.stdout.readline() == b"held\n"
    with pytest.raises(WeeknotesError, match="still at work"), files.locked(path, patience=0.1):
        pass
    owner.send_signal(signal.SIGKILL)
    owner.communicate()
    begun = time.monotonic()
    with files.locked(path, patience=1):
        assert path.exists()
    assert time.monotonic() - begun < 1
