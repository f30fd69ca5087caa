"""The published page beside its notebook: one `weeknotes serve` for each journal that asks for it."""

from __future__ import annotations

import asyncio
import atexit
import contextlib
import os
import re
import signal
import sys
from collections import deque
from dataclasses import dataclass
from pathlib import Path

from weeknotes.errors import UsageError, WeeknotesError

_ORIGIN = re.compile(r"https?://(?:127\.0\.0\.1|localhost|\[::1\])(?::\d{1,5})?")
_READY = re.compile(r"http://127\.0\.0\.1:(\d+)/ shows the journal")


@dataclass
class _Server:
    process: asyncio.subprocess.Process
    port: int
    reading: asyncio.Task[None]


class Previews:
    """The servers that run, by journal and the origin of the page that shows them. They end with this
    process."""

    def __init__(self) -> None:
        self._servers: dict[tuple[Path, str], _Server] = {}
        self._starting = asyncio.Lock()
        atexit.register(self.stop)

    async def address(self, root: Path, origin: str) -> str:
        """The address of the site of the journal at ``root``, built and served, which reloads itself
        when something is saved; a page of ``origin`` may show it in a frame.

        Raises UsageError where that page is of another machine, whose browser could not reach it, and
        WeeknotesError with what the command says where the site cannot be built.
        """
        if not _ORIGIN.fullmatch(origin):
            raise UsageError(
                "the page can be shown where JupyterLab runs on the same machine as the browser",
                hint="Elsewhere, build the site with weeknotes render and look at it there.",
            )
        async with self._starting:
            known = self._servers.get((root, origin))
            if known is None or known.process.returncode is not None:
                known = await _started(root, origin)
                self._servers[root, origin] = known
        return f"http://127.0.0.1:{known.port}/"

    def stop(self) -> None:
        """End all servers."""
        for server in self._servers.values():
            if server.process.returncode is None:
                with contextlib.suppress(OSError):
                    os.kill(server.process.pid, signal.SIGTERM)
        self._servers.clear()


async def _started(root: Path, origin: str) -> _Server:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "weeknotes", "serve", "--port", "0", "--shown-in", origin),
        cwd=root,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    said: deque[str] = deque(maxlen=20)
    stream = process.stderr
    while stream is not None and (line := await stream.readline()):
        said.append(line.decode("utf-8", "replace").rstrip())
        if found := _READY.search(said[-1]):
            # A pipe that no one empties would stop the server.
            return _Server(process, int(found[1]), asyncio.ensure_future(_empty(stream)))
    await process.wait()
    raise WeeknotesError("\n".join(said) or "weeknotes serve ended without a word")


async def _empty(stream: asyncio.StreamReader) -> None:
    while await stream.read(65536):
        pass
