"""The files that were looked through and hold nothing private, nor what looks like a mark, though a
quick look could not rule it out: a note on privacy, say.

They are remembered under ``.weeknotes/``, which may be deleted at any time, as long as they stay the
same. Files that include others are never among them."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

from weeknotes.files import code_fingerprint, keep_cache

#: Nanoseconds after a change in which another could leave the same modification time.
_UNSETTLED = 50_000_000
#: Without these no file can bring in what is in another one.
_INCLUDING = (b"include", b"content-", b"{{<")


class CleanFiles:
    """The remembered files of the journal at ``root``, in the folder ``state``."""

    def __init__(self, root: Path, state: Path) -> None:
        self._root = root
        self._path = state / "clean-files.json"
        self._before = self._read()
        self._files: dict[str, list[int]] = {}

    def _read(self) -> dict[str, list[int]]:
        try:
            data = json.loads(self._path.read_bytes())
        except (OSError, ValueError):
            return {}
        known = isinstance(data, dict) and data.get("code") == code_fingerprint()
        files = data.get("files") if known else {}
        return files if isinstance(files, dict) else {}

    def knows(self, source: str) -> bool:
        """Whether ``source`` (POSIX, from the root) was found to hold nothing, and is as it was."""
        stamp = self._before.get(source)
        if stamp is None or stamp != self._stamp(source):
            return False
        self._files[source] = stamp
        return True

    def note(self, source: str) -> None:
        """Remember that ``source`` holds nothing, where that depends on no other file."""
        stamp = self._stamp(source)
        if stamp is None or time.time_ns() - stamp[0] < _UNSETTLED:
            return
        data = (self._root / source).read_bytes()
        if not any(word in data for word in _INCLUDING) and stamp == self._stamp(source):
            self._files[source] = stamp

    def save(self) -> None:
        """Keep what was found, where that is new."""
        if self._files != self._before:
            data = {"code": code_fingerprint(), "files": self._files}
            keep_cache(self._path, json.dumps(data, ensure_ascii=False).encode("utf-8", "replace"))

    def _stamp(self, source: str) -> list[int] | None:
        try:
            # Strings, for thousands of files.
            status = os.stat(f"{self._root}/{source}")  # noqa: PTH116
        except OSError:
            return None
        return [status.st_mtime_ns, status.st_size, status.st_ino]
