"""Faults at every system call with which a command writes: one that fails, or a process killed there.

The command runs in a forked process that has everything imported already, and strace(1) tampers with
one of its calls (``--inject``, strace's manual, "Syscall tampering"). So what sqlite, lxml or Python's
own C code writes is hit as well, and a full disk is one to all of them. A first run without faults
lists the calls.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import re
import shutil
import subprocess
import sys
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ERRORS = ("ENOSPC", "EIO", "EROFS", "EACCES")
KILLED = "SIGKILL"
#: What changes a file or a folder. Those that a machine doesn't know ("?") are passed over.
_CALLS = (
    "?open,openat,?creat,write,pwrite64,?writev,fsync,fdatasync,truncate,ftruncate,fallocate,"
    "?rename,renameat,renameat2,?link,linkat,?symlink,symlinkat,?unlink,unlinkat,?mkdir,mkdirat,"
    "?rmdir,?chmod,fchmod,fchmodat,?utimes,utimensat,flock,copy_file_range,sendfile"
)
_OPENS = ("open", "openat", "creat")
_WRITES = re.compile(r"\bO_(?:WRONLY|RDWR|CREAT|TRUNC)\b")
_LINE = re.compile(r"^(?:\d+ +)?(\w+)\((.*)$")
_PR_SET_PTRACER = 0x59616D61

needs_strace = pytest.mark.skipif(
    not shutil.which("strace"), reason="needs strace: apt-get install strace"
)


@dataclass(frozen=True)
class Call:
    """A call that writes: the ``number``-th with this ``name`` of the whole run; ``path`` is the first
    file below the journal's folder that it names, from there."""

    name: str
    number: int
    path: str

    @property
    def written(self) -> str:
        """The name of the file that was to be written, also where it has a temporary one."""
        name = self.path.rpartition("/")[2]
        return name[1:].removesuffix(".tmp").rpartition(".")[0] if is_leftover(name) else name

    def __str__(self) -> str:
        return f"{self.name} {self.number} ({self.path})"


@dataclass(frozen=True)
class Ended:
    """How a run ended: its exit code (negative for a signal), and what it said."""

    code: int
    said: str
    log: str


class Faulty:
    """A command to run again and again in ``root``, each time from the state it has now."""

    def __init__(self, root: Path, action: Callable[[], int], beside: Path) -> None:
        self.root = root
        self.action = action
        self._beside = beside
        self._pristine = beside / "pristine"
        shutil.copytree(root, self._pristine, symlinks=True)
        # Once here, so that the forked processes find everything imported.
        with contextlib.chdir(root):
            assert action() == 0
        self.restore()

    def restore(self) -> None:
        """Put everything back as it was at first."""
        shutil.rmtree(self.root)
        shutil.copytree(self._pristine, self.root, symlinks=True)

    def run(self) -> Ended:
        """The command without a fault, from what is there now."""
        return self._run(())

    def calls(self) -> list[Call]:
        """Every call that writes below the folder, in a run without faults from the first state."""
        self.restore()
        ended = self._run(("--trace", _CALLS))
        assert ended.code == 0, ended.said
        counts: Counter[str] = Counter()
        found = []
        for line in ended.log.splitlines():
            match = _LINE.match(line)
            if not match:
                continue
            name, words = match.groups()
            counts[name] += 1
            if f"{self.root}/" in words and (name not in _OPENS or _WRITES.search(words)):
                path = re.split(r'[">]', words.split(f"{self.root}/", 1)[1], maxsplit=1)[0]
                found.append(Call(name, counts[name], path))
        return found

    def with_fault(self, call: Call, fault: str) -> Ended:
        """The command from the first state, with ``fault`` at ``call``.

        What is read on the way may differ by a call; then it is tried again.
        """
        how = f"signal={fault}" if fault == KILLED else f"error={fault}"
        inject = f"{call.name}:{how}:when={call.number}"
        for _ in range(5):
            self.restore()
            ended = self._run(("--trace", call.name, "--inject", inject))
            last = [line for line in ended.log.splitlines() if "INJECTED" in line or " = ?" in line]
            if last and f"{self.root}/" in last[0] and call.written in last[0]:
                return ended
        raise AssertionError(f"{call} was not made again: {ended.log[-300:]}")

    def _run(self, options: tuple[str, ...]) -> Ended:
        said, log = self._beside / "said", self._beside / "log"
        go, started = os.pipe()
        child = os.fork()
        if not child:
            os.close(started)
            os._exit(_act(self.action, self.root, said, go))
        os.close(go)
        tracer = None
        if options:
            tracer = subprocess.Popen(
                ["strace", "-y", "-o", log, "-p", str(child), *options], stderr=subprocess.PIPE
            )
            assert tracer.stderr is not None
            attached = tracer.stderr.readline()
            assert b"attached" in attached, attached
        os.write(started, b"x")
        os.close(started)
        _, status = os.waitpid(child, 0)
        if tracer:
            tracer.communicate()
        text = log.read_text("utf-8", "replace") if options else ""
        return Ended(os.waitstatus_to_exitcode(status), said.read_text("utf-8", "replace"), text)


def _act(action: Callable[[], int], root: Path, said: Path, go: int) -> int:
    # Where only parents may trace (Yama), strace is let as well.
    ctypes.CDLL(None).prctl(_PR_SET_PTRACER, ctypes.c_ulong(-1))
    output = os.open(said, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(output, 1)
    os.dup2(output, 2)
    sys.stdout = os.fdopen(1, "w", closefd=False)
    sys.stderr = os.fdopen(2, "w", closefd=False)
    os.chdir(root)
    os.read(go, 1)
    try:
        code = action()
    except BaseException:
        traceback.print_exc()
        code = 99
    sys.stdout.flush()
    sys.stderr.flush()
    return code


def kept(root: Path) -> dict[str, bytes]:
    """What a journal consists of: every file but what can be made again. Of the .bib, the line that
    names what it was derived from is left out: the library may have been written in two steps."""
    return {
        path.relative_to(root).as_posix(): re.sub(rb"(?m)^% sha256: .*\n", b"", path.read_bytes())
        for path in sorted(root.rglob("*"))
        if path.is_file() and not is_made(path.relative_to(root))
    }


def is_made(path: Path) -> bool:
    return path.parts[0] in (".weeknotes", "_site", "._site.new", "._site.old")


def is_leftover(name: str) -> bool:
    """Whether ``name`` is that of a temporary file, which no command reads and the next sweeps."""
    return re.search(r"(?:^|/)\.[^/]+\.tmp$", name) is not None


def tried(faulty: Faulty, errors: int = len(ERRORS)) -> Iterator[tuple[Call, str, Ended]]:
    """A kill at every call, and so many of the errors, in turn."""
    for number, call in enumerate(faulty.calls()):
        for fault in (*(ERRORS[(number + n) % len(ERRORS)] for n in range(errors)), KILLED):
            yield call, fault, faulty.with_fault(call, fault)
