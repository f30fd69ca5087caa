"""A build killed at any moment leaves the last good site or the next one, whole."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.build.conftest import snapshot, write_week

from weeknotes.journal.project import Project
from weeknotes.site.last_build import BuildReport

TRIES = 24


def changed(root: Path, number: int) -> None:
    write_week(root, "2026-W45", f"## Noise [@ho2020denoising]\n\nversion {number}")


@pytest.mark.slow
def test_kill_nine_at_any_moment(
    three_weeks: Project, build: Callable[[Project], BuildReport]
) -> None:
    root = three_weeks.root
    build(three_weeks)
    sources = snapshot(root / "journal")
    whole = [snapshot(three_weeks.output_dir)]
    changed(root, 1)
    start = time.monotonic()
    build(three_weeks)
    length = time.monotonic() - start
    whole.append(snapshot(three_weeks.output_dir))
    killed = 0
    for attempt in range(TRIES):
        (root / "journal/2026/2026-W45.ipynb").write_bytes(sources["2026/2026-W45.ipynb"])
        if attempt % 2:
            changed(root, 1)
        process = subprocess.Popen(
            [sys.executable, "-m", "weeknotes", "render", "--engine", "builtin"],
            cwd=root,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        time.sleep(length * 1.6 * attempt / TRIES)
        process.send_signal(signal.SIGKILL)
        killed += process.wait() == -signal.SIGKILL
        if three_weeks.output_dir.exists():
            assert snapshot(three_weeks.output_dir) in whole
        else:
            assert (root / "._site.old").exists()
    assert killed > TRIES // 2, "the builds were too quick to be killed"
    changed(root, 1)
    build(three_weeks)
    assert snapshot(three_weeks.output_dir) == whole[1]
    left = [path.name for path in root.iterdir() if path.name.startswith("._site")]
    assert left == []
    shutil.rmtree(three_weeks.state)
