"""Making the files of a site with all processors.

A page takes milliseconds to compose, but a journal of ten years has thousands. The work is handed
out in small lots, which this process and forked ones take as they come to them; what was worked out
before (the parsed notes, the index of the search) is there in each without being worked out again.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import pickle
import signal
import sys
from collections.abc import Callable, Iterator, Sequence

from weeknotes.errors import RenderError, WeeknotesError
from weeknotes.site.data.page_records import Artifact

#: A file to make: what makes it, and its path.
Work = tuple[Artifact, str]

_LOT = 16
#: Below this many files, starting another process takes longer than it saves.
_WORTH_A_PROCESS = 300
_PR_SET_PDEATHSIG = 1


def make_all(
    work: Sequence[Work],
    together: Sequence[Work],
    processes: int,
    progress: Callable[[int], None],
) -> None:
    """Write all files of ``work`` and ``together``; the latter share what they are made from, and are
    made by one process. ``progress`` is called with the number of files that were handed out.

    Raises what the making of a file raised.
    """
    if len(work) < _WORTH_A_PROCESS or processes < 2 or not hasattr(os, "fork"):
        for number, item in enumerate([*together, *work], 1):
            _make(item)
            progress(number)
        return
    lots = [together] if together else []
    lots += [work[start : start + _LOT] for start in range(0, len(work), _LOT)]
    with _dealt(len(lots)) as next_lot:
        helpers = [_forked(lots, next_lot) for _ in range(processes - 1)]
        try:
            for number in next_lot():
                for item in lots[number]:
                    _make(item)
                progress(min((number + 1) * _LOT, len(work)))
        except BaseException:
            for process, _ in helpers:
                os.kill(process, signal.SIGKILL)
            raise
        finally:
            errors = [error for helper in helpers if (error := _joined(*helper))]
    if errors:
        raise errors[0]


def _make(item: Work) -> None:
    artifact, path = item
    with open(path, "wb") as stream:  # noqa: PTH123 (a Path of each takes longer than the rest)
        stream.write(artifact.make())


@contextlib.contextmanager
def _dealt(count: int) -> Iterator[Callable[[], Iterator[int]]]:
    """A function whose iterators give each number below ``count`` once, in whichever process.

    The numbers lie in a pipe: a process that reads four bytes of it has a number that no other gets.
    """
    reading, writing = os.pipe()
    try:
        os.set_blocking(writing, False)
        with contextlib.suppress(OSError):
            import fcntl

            fcntl.fcntl(writing, fcntl.F_SETPIPE_SZ, max(65536, 4 * count))
        numbers_of_lots = b"".join(number.to_bytes(4, "little") for number in range(count))
        written = os.write(writing, numbers_of_lots)
        os.close(writing)
        if written != len(numbers_of_lots):
            raise RenderError(f"too many files to make at once: {count * _LOT}")

        def numbers() -> Iterator[int]:
            while data := os.read(reading, 4):
                yield int.from_bytes(data, "little")

        yield numbers
    finally:
        os.close(reading)


def _forked(
    lots: Sequence[Sequence[Work]], next_lot: Callable[[], Iterator[int]]
) -> tuple[int, int]:
    """Start a process that takes part; returns its id, and where to read what went wrong in it."""
    told, telling = os.pipe()
    parent = os.getpid()
    sys.stdout.flush()
    sys.stderr.flush()
    process = os.fork()
    if process:
        os.close(telling)
        return process, told
    code = 1
    try:
        _end_with(parent)
        for number in next_lot():
            for item in lots[number]:
                _make(item)
        code = 0
    except BaseException as error:
        os.write(telling, _as_bytes(error))
    finally:
        # Not sys.exit: what the parent has registered or opened is for the parent to finish.
        os._exit(code)


def _end_with(parent: int) -> None:
    """Let this process end when ``parent`` does, however that ends: nobody else would read what it
    writes, and the next build would find it writing (prctl(2), Linux)."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def _as_bytes(error: BaseException) -> bytes:
    try:
        return pickle.dumps(error)
    except Exception:
        return pickle.dumps(RenderError(f"{type(error).__name__}: {error}"))


def _joined(process: int, told: int) -> BaseException | None:
    """Wait for a process; what went wrong in it, if anything."""
    with open(told, "rb") as stream:
        data = stream.read()
    _, status = os.waitpid(process, 0)
    if data:
        error = pickle.loads(data)
        return error if isinstance(error, BaseException) else None
    if status:
        return WeeknotesError("a process that composed pages was ended from outside")
    return None
