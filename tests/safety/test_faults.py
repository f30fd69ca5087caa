"""A write that fails, or a kill, at every system call with which a command writes: afterwards each file
is as before or as after, nothing is half-written, the message names the file, and the command, run
again, finishes."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.build.conftest import LIBRARY, PIXEL, write_week
from tests.safety.faults import EACH, Faulty, held
from tests.safety.syscalls import needs_seccomp
from tests.safety.zotero import followed

from weeknotes import cli
from weeknotes.actions import jobs, refresh
from weeknotes.actions.jobs import Job, Outcome
from weeknotes.journal import project
from weeknotes.journal.project import Project
from weeknotes.scaffold import init

# Long where the machine has much else to do, or each fault is tried.
pytestmark = [needs_seccomp, pytest.mark.slow, pytest.mark.timeout(3600 if EACH else 900)]
WEEK = "2026-W47"
CONTENT = "## A note [@ho2020denoising]\n\n한글 and 中文"
PAPER = {"id": "kim2021", "type": "book", "title": "A book & more", "abstract": "What it says."}

Faults = Callable[..., Faulty]


@pytest.fixture
def journal() -> Iterator[Project]:
    """A journal in memory, where waiting for the disk takes no time."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if os.access(memory, os.W_OK) else None) as folder:
        init(Path(folder) / "journal", title="Reading log", author="Kim Minji", lang="en")
        yield project.find(Path(folder) / "journal")


@pytest.fixture
def faults(journal: Project) -> Faults:
    """``faults(*words)``: the command in the journal as it is now, to be disturbed."""

    def make(*words: str) -> Faulty:
        return Faulty(journal.root, lambda: cli.main(words), beside)

    beside = journal.root.parent / "beside"
    beside.mkdir()
    return make


@pytest.fixture
def library(journal: Project) -> Path:
    journal.library_path.write_text(json.dumps(LIBRARY), "utf-8")
    return journal.library_path


def test_new(faults: Faults, library: Path) -> None:
    assert held(faults("new", WEEK, "--no-execute")).total() > 50


@pytest.mark.kernel
def test_refresh(journal: Project, faults: Faults, monkeypatch: pytest.MonkeyPatch) -> None:
    from weeknotes.actions.create import new_week
    from weeknotes.journal.weeks import Week

    new_week(journal, Week(2026, 47), execute=False)
    ran: list[Outcome] = []
    real = jobs.run_job

    def run_once(job: Job) -> Outcome:
        if not ran:
            ran.append(real(job))
        return ran[0]

    monkeypatch.setattr(jobs, "run_job", run_once)
    path = next(journal.journal.rglob("2026-W47.ipynb"))
    old = path.read_bytes()
    refresh.refresh(journal)
    path.write_bytes(old)
    held(faults("refresh", WEEK))


def test_add(journal: Project, faults: Faults, library: Path) -> None:
    write_week(journal.root, WEEK, CONTENT)
    (journal.root / "paper.json").write_text(json.dumps([PAPER]))
    held(faults("add", "paper.json", "--week", WEEK))


def test_import(journal: Project, faults: Faults, library: Path, tmp_path: Path) -> None:
    log = tmp_path / "old" / "README.md"
    log.parent.mkdir()
    (log.parent / "box.svg").write_bytes(PIXEL)
    log.write_text(
        "# 2026\n\n## 2026-11-09 ~ 2026-11-15\n\n- [Denoising](https://arxiv.org/abs/2006.11239)\n"
        "  - ![box](box.svg)\n\n## 2026-11-02 ~ 2026-11-08\n\n- read\n"
    )
    held(faults("import", str(log), "--format", "worklog"), errors=1)


def test_check_fix(journal: Project, faults: Faults, library: Path) -> None:
    path = write_week(journal.root, WEEK, CONTENT, "## Another\n\ntext")
    notebook = json.loads(path.read_bytes())
    for cell in notebook["cells"]:
        del cell["id"]
    notebook["nbformat_minor"] = 4
    path.write_text(json.dumps(notebook, indent=1, ensure_ascii=False) + "\n")
    held(faults("check", "--fix"), errors=1)


@pytest.fixture
def synced(journal: Project, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], None]]:
    """A journal in step with a Zotero; a function after which that is another."""
    with followed(journal, monkeypatch) as change:
        yield change


def test_a_first_sync(journal: Project, faults: Faults, synced: Callable[[], None]) -> None:
    shutil.rmtree(journal.state)
    journal.library_path.unlink()
    held(faults("sync"), errors=1, sample=3)


def test_sync_rename(journal: Project, faults: Faults, synced: Callable[[], None]) -> None:
    write_week(journal.root, "2026-W46", CONTENT)
    write_week(journal.root, WEEK, "## Another [@ho2020denoising]\n\ntext")
    synced()
    held(faults("sync", "--rename"), errors=1, sample=3)


def test_highlights(journal: Project, faults: Faults, synced: Callable[[], None]) -> None:
    write_week(journal.root, WEEK, CONTENT)
    held(faults("highlights", "ho2020denoising"))
