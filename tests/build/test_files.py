"""Writing whole files, and one command at a time."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from weeknotes import files
from weeknotes.errors import WeeknotesError
from weeknotes.files import locked, write_atomic

HOLDER = """
import sys, time
from pathlib import Path
from weeknotes.files import locked
with locked(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


def test_the_old_content_is_replaced_and_its_permissions_kept(tmp_path: Path) -> None:
    path = tmp_path / "week.txt"
    path.write_bytes(b"old")
    path.chmod(0o640)
    write_atomic(path, b"new")
    assert path.read_bytes() == b"new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert list(tmp_path.iterdir()) == [path]


def test_a_new_file_gets_the_permissions_of_any_new_file(tmp_path: Path) -> None:
    plain, ours = tmp_path / "plain", tmp_path / "deep" / "ours"
    plain.write_bytes(b"")
    write_atomic(ours, b"")
    assert ours.stat().st_mode == plain.stat().st_mode


def test_a_write_that_fails_leaves_the_old_content(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "week.txt"
    path.write_bytes(b"old")

    def no_space(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", no_space)
    with pytest.raises(OSError, match="No space left"):
        write_atomic(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_lock_is_waited_for_and_ends_with_its_holder(tmp_path: Path) -> None:
    lock = tmp_path / "state" / "lock"
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(lock)], stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout is not None
    try:
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(WeeknotesError, match="still at work"), locked(lock, patience=0.1):
            pass
        holder.send_signal(signal.SIGKILL)
        holder.wait()
        with locked(lock, patience=5):
            pass
    finally:
        holder.kill()
        holder.wait()
        holder.stdout.close()


def test_windows_is_asked_again_while_another_program_has_the_file_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refusals = [PermissionError(13, "in use"), PermissionError(13, "in use")]
    really = Path.replace

    def replace(self: Path, target: Path) -> Path:
        if refusals:
            raise refusals.pop()
        return really(self, target)

    monkeypatch.setattr(Path, "replace", replace)
    with pytest.raises(PermissionError):
        write_atomic(
            tmp_path / "a", b"new"
        )  # Elsewhere it is final: the folder may not be written.
    monkeypatch.setattr(files, "_WINDOWS", True)
    write_atomic(tmp_path / "a", b"new")
    assert not refusals
    assert (tmp_path / "a").read_bytes() == b"new"
    refusals += [PermissionError(13, "in use")] * 100
    monkeypatch.setattr(files, "RENAME_PATIENCE", 0.1)
    with pytest.raises(PermissionError):
        write_atomic(tmp_path / "a", b"newer")
    assert (tmp_path / "a").read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [tmp_path / "a"]
