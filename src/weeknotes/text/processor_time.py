"""A limit to the work of a process.

It is not the time by the clock, since on a busy machine the same work takes several times as long.
"""

from __future__ import annotations

import os
import subprocess
import threading
import time
from pathlib import Path

_PATIENCE = 30
"""How many times as long it may take by the clock, where a process waits for the processor."""


class ProcessorTime:
    """Kills ``process`` once it has used ``limit`` seconds of processor time within the block; then
    ``passed`` is true."""

    def __init__(self, process: subprocess.Popen[bytes], limit: float) -> None:
        self.passed = False
        self._process = process
        self._limit = limit
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> ProcessorTime:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    def _watch(self) -> None:
        began = time.monotonic()
        before = _processor_time(self._process.pid)
        while not self._done.wait(min(0.25, self._limit / 10)):
            now = _processor_time(self._process.pid)
            elapsed = time.monotonic() - began
            used = elapsed if now is None or before is None else now - before
            if used > self._limit or elapsed > self._limit * _PATIENCE:
                self.passed = True
                self._process.kill()
                return


def _processor_time(pid: int) -> float | None:
    """The seconds of processor time that a process has used; None where the system does not tell."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text("ascii", "replace").rpartition(")")[2].split()
        # proc(5): utime and stime are the 14th and 15th field, and two are before the bracket.
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    except (OSError, ValueError, IndexError, AttributeError):
        pass
    try:
        done = subprocess.run(
            ["ps", "-o", "time=", "-p", str(pid)], capture_output=True, text=True, check=True
        )
        parts = [float(part) for part in done.stdout.strip().replace("-", ":").split(":")]
    except (OSError, ValueError, subprocess.CalledProcessError):
        return None
    return sum(part * unit for part, unit in zip(parts[::-1], (1, 60, 3600, 86400), strict=False))
