"""Deciding over each system call with which a process changes files, before the kernel makes it.

The process is forked with everything imported already, and asks the kernel to report such calls of its
own, of its threads and of the processes that it starts (seccomp_unotify(2)): whoever forked it reads
each, and lets it happen, makes it fail, or kills the process in front of it. So what sqlite, lxml or
Python's own C code writes is met as well, and nothing else is slowed down.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import fcntl
import os
import platform
import re
import select
import signal
import socket
import struct
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

#: The calls that change a file or a folder, with their numbers (arch/x86/entry/syscalls/
#: syscall_64.tbl in Linux), and which of their arguments name what they change: "p" is a path, "d" a
#: folder's descriptor and the path after it, "f" a file's descriptor.
_CALLS = {
    "write": (1, "f"),
    "open": (2, "p"),
    "pwrite64": (18, "f"),
    "writev": (20, "f"),
    "sendfile": (40, "f"),
    "flock": (73, "f"),
    "fsync": (74, "f"),
    "fdatasync": (75, "f"),
    "truncate": (76, "p"),
    "ftruncate": (77, "f"),
    "rename": (82, "pp"),
    "mkdir": (83, "p"),
    "rmdir": (84, "p"),
    "creat": (85, "p"),
    "link": (86, "pp"),
    "unlink": (87, "p"),
    "symlink": (88, ".p"),
    "chmod": (90, "p"),
    "fchmod": (91, "f"),
    "openat": (257, "d"),
    "mkdirat": (258, "d"),
    "unlinkat": (263, "d"),
    "renameat": (264, "dd"),
    "linkat": (265, "dd"),
    "symlinkat": (266, ".d"),
    "fchmodat": (268, "d"),
    "utimensat": (280, "d"),
    "fallocate": (285, "f"),
    "renameat2": (316, "dd"),
    "copy_file_range": (326, "..f"),
}
NAMES = frozenset(_CALLS)
_BY_NUMBER = {number: name for name, (number, _) in _CALLS.items()}
#: Which argument of these says whether they write.
_FLAGS = {"open": 1, "openat": 2}
_TO_WRITE = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC

# <linux/audit.h>, <linux/bpf_common.h>, <linux/seccomp.h>, <linux/prctl.h>
_X86_64 = 0xC000003E
_LOAD, _IF_EQUAL, _IF_ANY, _RETURN = 0x20, 0x15, 0x45, 0x06
_REPORT, _ALLOW = 0x7FC00000, 0x7FFF0000
_SECCOMP, _SET_FILTER, _NEW_LISTENER = 317, 1, 8
_NO_NEW_PRIVS = 38
_RECEIVE, _SEND, _GO_ON = 0xC0502100, 0xC0182101, 1
_REQUEST, _ANSWER = struct.Struct("=QIIiIQ6Q"), struct.Struct("=QqiI")

needs_seccomp = pytest.mark.skipif(
    platform.system() != "Linux"
    or platform.machine() != "x86_64"
    or "user_notif" not in Path("/proc/sys/kernel/seccomp/actions_avail").read_text(),
    reason="needs Linux 5.5 on x86-64, which reports system calls",
)


@dataclass(frozen=True)
class SystemCall:
    """A call as it is reported: its name, and the files that it is about, absolute."""

    name: str
    paths: tuple[str, ...]


#: Given each call: the number of an error that it shall fail with, 0 to let it happen, or KILL.
Decide = Callable[[SystemCall], int]
KILL = -1


@dataclass(frozen=True)
class Ended:
    """How a process ended: its exit code (negative for a signal), and what it said."""

    code: int
    said: str


def run(action: Callable[[], int], folder: Path, said: Path, decide: Decide | None = None) -> Ended:
    """Let a process of its own do ``action`` in ``folder``, its output going to ``said``, and
    ``decide`` over its system calls."""
    ours, theirs = socket.socketpair()
    child = os.fork()
    if not child:
        code = 98
        try:
            code = _act(action, folder, said, theirs if decide else None)
        finally:
            # Whatever happens, not back into the tests.
            os._exit(code)
    theirs.close()
    with ours:
        if decide:
            _, descriptors, _, _ = socket.recv_fds(ours, 1, 1)
            _serve(descriptors[0], child, decide)
    _, status = os.waitpid(child, 0)
    return Ended(os.waitstatus_to_exitcode(status), said.read_text("utf-8", "replace"))


def _act(
    action: Callable[[], int], folder: Path, said: Path, supervisor: socket.socket | None
) -> int:
    output = os.open(said, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(output, 1)
    os.dup2(output, 2)
    sys.stdout = os.fdopen(1, "w", closefd=False)
    sys.stderr = os.fdopen(2, "w", closefd=False)
    try:
        os.chdir(folder)
        if supervisor:
            listener = _listener()
            socket.send_fds(supervisor, [b"x"], [listener])
            os.close(listener)
        code = action()
    except BaseException:
        traceback.print_exc()
        code = 99
    sys.stdout.flush()
    sys.stderr.flush()
    return code


def _listener() -> int:
    """Have this process's calls reported from now on; the descriptor from which they can be read."""
    libc = ctypes.CDLL(None, use_errno=True)
    program = _program()
    code = ctypes.create_string_buffer(program, len(program))
    filter_ = struct.pack("@HP", len(program) // 8, ctypes.addressof(code))
    one, none = ctypes.c_ulong(1), ctypes.c_ulong(0)
    if libc.prctl(_NO_NEW_PRIVS, one, none, none, none):
        raise OSError(ctypes.get_errno(), "prctl")
    found: int = libc.syscall(_SECCOMP, _SET_FILTER, _NEW_LISTENER, ctypes.c_char_p(filter_))
    if found < 0:
        raise OSError(ctypes.get_errno(), "seccomp")
    return found


def _program() -> bytes:
    """The filter, in classic BPF over `struct seccomp_data` (seccomp(2)): these calls are reported."""
    number, architecture, arguments = 0, 4, 16
    code = [(_LOAD, 0, 0, architecture), (_IF_EQUAL, 1, 0, _X86_64), (_RETURN, 0, 0, _ALLOW)]
    code.append((_LOAD, 0, 0, number))
    for name, (own, _) in _CALLS.items():
        if name in _FLAGS:
            code += [
                (_IF_EQUAL, 0, 4, own),
                (_LOAD, 0, 0, arguments + 8 * _FLAGS[name]),
                (_IF_ANY, 0, 1, _TO_WRITE),
                (_RETURN, 0, 0, _REPORT),
                (_RETURN, 0, 0, _ALLOW),
            ]
        else:
            code += [(_IF_EQUAL, 0, 1, own), (_RETURN, 0, 0, _REPORT)]
    code.append((_RETURN, 0, 0, _ALLOW))
    return b"".join(struct.pack("=HBBI", *step) for step in code)


def _serve(listener: int, child: int, decide: Decide) -> None:
    """Answer what is reported at ``listener``, until all processes that it reports have ended."""
    waiting = select.poll()
    waiting.register(listener, select.POLLIN)
    try:
        while waiting.poll()[0][1] & select.POLLIN:
            request = bytearray(_REQUEST.size)
            try:
                fcntl.ioctl(listener, _RECEIVE, request)
                identity, thread, _, number, _, _, *arguments = _REQUEST.unpack(request)
                answer = decide(_read(_BY_NUMBER[number], thread, arguments))
            except (FileNotFoundError, ProcessLookupError):
                continue  # The process was killed while it waited.
            if answer == KILL:
                os.kill(child, signal.SIGKILL)
                continue
            reply = bytearray(_ANSWER.pack(identity, 0, -answer, 0 if answer else _GO_ON))
            with contextlib.suppress(FileNotFoundError):
                fcntl.ioctl(listener, _SEND, reply)
    except BaseException:
        os.kill(child, signal.SIGKILL)
        raise
    finally:
        os.close(listener)


def _read(name: str, thread: int, arguments: list[int]) -> SystemCall:
    found = []
    position = 0
    for kind in _CALLS[name][1]:
        if kind == "f":
            found.append(str(Path(f"/proc/{thread}/fd/{arguments[position]}").readlink()))
        elif kind == "p":
            found.append(_resolved(thread, "cwd", _text(thread, arguments[position])))
        elif kind == "d":
            # A descriptor is an int: the upper half of the register says nothing.
            folder = ctypes.c_int(arguments[position] & 0xFFFFFFFF).value
            where = "cwd" if folder < 0 else f"fd/{folder}"
            position += 1
            found.append(_resolved(thread, where, _text(thread, arguments[position])))
        position += 1
    return SystemCall(name, tuple(found))


def _resolved(thread: int, where: str, path: str) -> str:
    if path.startswith("/"):
        return os.path.normpath(path)
    folder = Path(f"/proc/{thread}/{where}").readlink()
    return os.path.normpath(f"{folder}/{path}")


def _text(thread: int, address: int) -> str:
    """The string at ``address`` in the memory of ``thread``; empty where there is none (as
    utimensat(2) allows)."""
    if not address:
        return ""
    with open(f"/proc/{thread}/mem", "rb", 0) as memory:  # noqa: PTH123 (not read ahead)
        memory.seek(address)
        data = b""
        # Up to the end of a memory page at a time: the next need not exist.
        while b"\0" not in data:
            piece = memory.read(4096 - (address + len(data)) % 4096)
            if not piece:
                raise ProcessLookupError(errno.ESRCH, "its memory is gone")
            data += piece
    return os.fsdecode(re.split(b"\0", data, maxsplit=1)[0])
