"""Killed with SIGKILL at any moment, `new` and `refresh` lose nothing and leave nothing half-written.

Here from outside, at moments spread over the whole run of the real command with its kernel; at each of
its system calls in tests/safety/test_faults.py.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

# Imported here so that the forked processes need not: it would be most of their steps.
from weeknotes.actions.create import new_week
from weeknotes.journal import week_files as weeks_of
from weeknotes.journal.project import Project
from weeknotes.journal.weeks import Week

WEEK = Week(2026, 47)
# Parts of a whole run: while it starts, while the kernel does, and about when the file is written.
MOMENTS = (0.3, 0.6, 0.8, 0.95)

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs POSIX processes")


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def test_leftovers_go_when_they_are_old(journal: Project) -> None:
    folder = weeks_of.path_of(journal, WEEK).parent
    folder.mkdir()
    old, young = folder / ".2026-W47.ipynb.a.tmp", folder / ".2026-W47.ipynb.b.tmp"
    for path in (old, young):
        path.write_text("{ half")
    os.utime(old, (time.time() - 3600,) * 2)
    new_week(journal, WEEK, execute=False)
    assert not old.exists()
    assert young.exists()


def command(journal: Project, *words: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "weeknotes", *words],
        cwd=journal.root,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )


def kill_after(process: subprocess.Popen[bytes], seconds: float) -> list[psutil.Process]:
    """Kill ``process`` when so many seconds have passed; what it had started by then."""
    try:
        process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        started = psutil.Process(process.pid).children(recursive=True)
        process.kill()
        process.communicate()
        return started
    assert process.returncode == 0
    return []


@pytest.mark.kernel
@pytest.mark.slow
def test_new_and_refresh_at_moments_spread_over_their_run(journal: Project) -> None:
    path = weeks_of.path_of(journal, WEEK)
    start = time.monotonic()
    output, _ = command(journal, "new", str(WEEK)).communicate()
    took = time.monotonic() - start
    whole = path.read_bytes()
    assert output.decode().strip() == "journal/2026/2026-W47.ipynb"
    path.unlink()
    started = []
    for moment in MOMENTS:
        started += kill_after(command(journal, "new", str(WEEK)), took * moment)
        assert names(path.parent) in ([], [path.name])
        if path.exists():
            assert path.read_bytes() == whole
            path.unlink()

    stale = json.loads(whole)
    stale["cells"][3]["outputs"] = []
    old = json.dumps(stale, indent=3, ensure_ascii=False).encode()
    path.write_bytes(old)
    results = set()
    for moment in MOMENTS:
        started += kill_after(command(journal, "refresh", str(WEEK)), took * moment)
        results.add(path.read_bytes())
        path.write_bytes(old)
    process = command(journal, "refresh", str(WEEK))
    process.communicate()
    assert process.returncode == 0
    assert results <= {old, path.read_bytes()}
    assert old in results
    _, alive = psutil.wait_procs(started, timeout=20)
    assert not alive, "a kernel outlives the command that started it"
