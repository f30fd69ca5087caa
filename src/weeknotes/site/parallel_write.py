"""Making the files of a site with all processors.

A page takes milliseconds to compose, but a journal of ten years has thousands. The work is handed out
in small lots to a pool of forked processes: what was worked out before the fork (the parsed notes, the
index of the search) is there in each of them without being worked out, or sent, again.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import os
import signal
from collections.abc import Callable, Sequence

from weeknotes.errors import WeeknotesError
from weeknotes.site.data.page_records import Artifact

#: A file to make: what makes it, and its path.
Work = tuple[Artifact, str]

_LOT = 16
#: Below this many files, starting another process takes longer than it saves.
_WORTH_A_PROCESS = 300
_PR_SET_PDEATHSIG = 1

#: The lots of the pool at work. Functions that make pages cannot be sent to another process; a forked
#: one finds them here, and is sent the number of a lot.
_lots: Sequence[Sequence[Work]] = ()


def make_all(
    work: Sequence[Work],
    together: Sequence[Work],
    processes: int,
    progress: Callable[[int], None],
) -> None:
    """Write all files of ``work`` and ``together``; the latter share what they are made from, and are
    made by one process. ``progress`` is called with the number of files that were made.

    Raises what the making of a file raised.
    """
    if len(work) < _WORTH_A_PROCESS or processes < 2 or not hasattr(os, "fork"):
        for number, item in enumerate([*together, *work], 1):
            _make(item)
            progress(number)
        return
    # The longest lot first, so that no process is left with it at the end.
    lots = [together] if together else []
    lots += [work[start : start + _LOT] for start in range(0, len(work), _LOT)]
    _make_with_pool(lots, processes, progress)


def _make_with_pool(
    lots: Sequence[Sequence[Work]], processes: int, progress: Callable[[int], None]
) -> None:
    # Imported here: most builds need one process alone.
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor, as_completed
    from concurrent.futures.process import BrokenProcessPool

    global _lots
    _lots = lots
    made = 0
    # A collector that goes over what was there before the fork would have each process copy it all.
    gc.freeze()
    try:
        with ProcessPoolExecutor(
            processes,
            mp_context=multiprocessing.get_context("fork"),
            initializer=_end_with,
            initargs=(os.getpid(),),
        ) as pool:
            waiting = [pool.submit(_make_lot, number) for number in range(len(lots))]
            try:
                for done in as_completed(waiting):
                    made += done.result()
                    progress(made)
            except BaseException:
                pool.shutdown(cancel_futures=True)
                raise
    except BrokenProcessPool as error:
        raise WeeknotesError("a process that composed pages was ended from outside") from error
    finally:
        gc.unfreeze()
        _lots = ()


def _make_lot(number: int) -> int:
    """Make the files of a lot, in a process of the pool; returns how many there are."""
    for item in _lots[number]:
        _make(item)
    return len(_lots[number])


def _make(item: Work) -> None:
    artifact, path = item
    with open(path, "wb") as stream:  # noqa: PTH123 (a Path of each takes longer than the rest)
        stream.write(artifact.make())


def _end_with(parent: int) -> None:
    """Let this process end when ``parent`` does, however that ends: a process of a pool waits for work
    for ever, and the next build would find it writing (prctl(2), Linux)."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)
