"""A `pandoc lua` process that converts one page after another."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
from pathlib import Path
from typing import IO, Any

from weeknotes.errors import RenderError
from weeknotes.text.processor_time import ProcessorTime

_SCRIPTS = Path(__file__).parent / "lua"
PAGES = 400
"""Pages that one process converts before a new one takes over, so that its memory stays bounded."""
SECONDS = 20.0
"""The processor time that pandoc may take for a page: it takes some hundred milliseconds for a long
one, and for ever where some dozens of brackets are open at once. It is not the time by the clock, since
on a busy machine the same work takes several times as long."""
SECONDS_PER_MB = 120.0
"""The processor time that each megabyte of a page (with its entries of the library) adds to that."""


class TookTooLongError(RenderError):
    """pandoc was given up on a page for which it took more than its `SECONDS`."""


class Worker:
    """Converts pages in a process of its own, renewed when it dies. It keeps its temporary files in
    ``folder``: without a place for them it would not start."""

    def __init__(self, pandoc: str, folder: Path) -> None:
        self._pandoc = pandoc
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        self._pages = 0

    def start(self) -> None:
        """Start the process, if none is running."""
        self._running()

    def convert(self, job: dict[str, Any], source: str) -> dict[str, Any]:
        """The answer of `lua/page.lua` to `job`. Raises RenderError naming `source`, or
        TookTooLongError if there was no answer in time. The next page then gets a new process."""
        process, stdin, stdout = self._running()
        data = json.dumps(_present(job), ensure_ascii=False).encode() + b"\n"
        limit = SECONDS + SECONDS_PER_MB * len(data) / 1e6
        with ProcessorTime(process, limit) as watch:
            try:
                stdin.write(data)
                stdin.flush()
                line = stdout.readline()
            except OSError:
                line = b""
        self._pages += 1
        if not line:
            self.close()
            if watch.passed:
                message = f"pandoc took more than {limit:.0f} s of processor time"
                raise TookTooLongError(message, file=source)
            raise RenderError("pandoc gave up on the page", file=source)
        result: dict[str, Any] = json.loads(line)
        if "error" in result:
            raise RenderError(f"pandoc: {result['error'].strip()}", file=source)
        return result

    def close(self) -> None:
        """End the process."""
        process, self._process = self._process, None
        if process is None:
            return
        for stream in (process.stdin, process.stdout):
            if stream:
                with contextlib.suppress(OSError):
                    stream.close()
        process.kill()
        process.wait()

    def _running(self) -> tuple[subprocess.Popen[bytes], IO[bytes], IO[bytes]]:
        if self._process is not None and self._pages >= PAGES:
            self.close()
        if self._process is None:
            self._pages = 0
            self._folder.mkdir(parents=True, exist_ok=True)
            self._process = subprocess.Popen(
                [self._pandoc, "lua", str(_SCRIPTS / "worker.lua"), str(_SCRIPTS)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={**os.environ, "TMPDIR": str(self._folder)},
            )
        process = self._process
        assert process.stdin is not None and process.stdout is not None
        return process, process.stdin, process.stdout


def _present(values: dict[str, Any]) -> dict[str, Any]:
    """`values` without those that are None, which Lua would take for something."""
    return {
        key: _present(value) if isinstance(value, dict) else value
        for key, value in values.items()
        if value is not None
    }
