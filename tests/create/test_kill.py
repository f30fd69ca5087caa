"""Killed with SIGKILL at any moment, `new` and `refresh` lose nothing and leave nothing half-written.

Two ways: at every single step that touches a file, in a forked process that kills itself there; and
from outside, at moments spread over the whole run of the real command with its kernel.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

# Imported here so that the forked processes need not: it would be most of their steps.
from weeknotes import files, jobs, kernels, refresh  # noqa: F401
from weeknotes import journal as weeks_of
from weeknotes.create import new_week
from weeknotes.jobs import Job, Outcome
from weeknotes.project import Project
from weeknotes.weeks import Week

WEEK = Week(2026, 47)
STEPS = {"open", "os.link", "os.remove", "os.rename", "os.mkdir", "os.rmdir", "os.chmod"}
# Parts of a whole run: while it starts, while the kernel does, and about when the file is written.
MOMENTS = (0.3, 0.6, 0.8, 0.95)

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs POSIX processes")


def killed_at_each_step(action: Callable[[], object]) -> Iterator[int]:
    """Do ``action`` in a process that is killed at its first step that touches a file; then at its
    second, and so on; yields after each. Ends when ``action`` ran to its end."""
    for step in range(1, 500):
        child = os.fork()
        if not child:
            os._exit(_act(action, step))
        _, status = os.waitpid(child, 0)
        if not os.WIFSIGNALED(status):
            assert os.waitstatus_to_exitcode(status) == 0
            return
        yield step
    pytest.fail("it has no end")


def _act(action: Callable[[], object], last: int) -> int:
    taken = 0

    def step(event: str, _: object = None) -> None:
        nonlocal taken
        if event in STEPS:
            taken += 1
            if taken == last:
                os.kill(os.getpid(), signal.SIGKILL)

    real_sync = os.fsync

    def sync(descriptor: int) -> None:
        step("open")
        real_sync(descriptor)
        step("open")

    os.fsync = sync
    sys.addaudithook(step)
    try:
        action()
    except BaseException:
        return 1
    return 0


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def test_new_at_every_step(journal: Project) -> None:
    def make() -> None:
        new_week(journal, WEEK, execute=False)

    make()
    path = weeks_of.path_of(journal, WEEK)
    whole, others = path.read_bytes(), sorted(set(names(journal.root)) - {path.name})
    path.unlink()
    there = []
    for _ in killed_at_each_step(make):
        there.append(path.exists())
        if path.exists():
            assert path.read_bytes() == whole
        left = [name for name in names(journal.root) if name not in (path.name, *others)]
        assert all(name.startswith(f".{path.name}.") and name.endswith(".tmp") for name in left)
        assert list(weeks_of.weeks(journal)) == ([WEEK] if path.exists() else [])
        # The next run finishes the work, and clears away what the last one left when it is old.
        make()
        assert path.read_bytes() == whole
        files.sweep(path.parent, age=-1)
        assert sorted(set(names(journal.root)) - {path.name}) == others
        path.unlink()
    assert len(there) > 10
    assert {False, True} == set(there)


@pytest.mark.kernel
def test_refresh_at_every_step(journal: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    path = new_week(journal, WEEK, execute=False).path
    old = path.read_bytes()
    ran: list[Outcome] = []
    real = jobs.run_job

    def run_once(job: Job) -> Outcome:
        if not ran:
            ran.append(real(job))
        return ran[0]

    monkeypatch.setattr(jobs, "run_job", run_once)
    refresh.refresh(journal)
    new = path.read_bytes()
    assert new != old
    path.write_bytes(old)
    seen = []
    for _ in killed_at_each_step(lambda: refresh.refresh(journal)):
        seen.append(path.read_bytes())
        assert seen[-1] in (old, new)
        files.sweep(path.parent, age=-1)
        assert [name for name in names(journal.journal) if name != ".gitkeep"] == [path.name]
        path.write_bytes(old)
    assert len(seen) > 10
    assert {old, new} == set(seen)


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
