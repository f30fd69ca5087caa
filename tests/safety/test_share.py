"""A lock on a file system that has no flock(2), as some shares are, and on a system that has none."""

from __future__ import annotations

import errno
import fcntl
import os
import socket
from pathlib import Path

import pytest

from weeknotes import files
from weeknotes.errors import WeeknotesError


@pytest.fixture(autouse=True, params=[errno.ENOTSUP, errno.ENOLCK, None])
def _without_flock(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(descriptor: int, operation: int) -> None:
        raise OSError(request.param, os.strerror(request.param))

    if request.param is None:  # Windows
        monkeypatch.setattr(files, "fcntl", None)
    else:
        monkeypatch.setattr(fcntl, "flock", refuse)


def test_which_processes_run() -> None:
    assert files.is_running(os.getpid())
    assert files.is_running(1)
    assert not files.is_running(999999999)


def test_one_process_at_a_time_and_nothing_is_left(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with (
        files.locked(path),
        pytest.raises(WeeknotesError, match="still at work"),
        files.locked(path, patience=0.1),
    ):
        pass
    with files.locked(path, patience=0.1):
        pass
    assert [entry.name for entry in tmp_path.iterdir()] == ["lock"]


def test_what_a_killed_process_of_this_machine_left_is_removed(tmp_path: Path) -> None:
    held = tmp_path / "lock.held"
    held.write_text(f"{socket.gethostname()} 999999999")
    with files.locked(tmp_path / "lock", patience=0.1):
        pass
    held.write_text("another-machine 1")
    with (
        pytest.raises(WeeknotesError, match="still at work"),
        files.locked(tmp_path / "lock", patience=0.1),
    ):
        pass
