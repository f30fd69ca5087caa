"""What a person at a terminal sees of long work: a progress bar on standard error."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

#: Below this many steps a bar would only flicker.
_WORTH_SHOWING = 8


@contextmanager
def progress_bar() -> Iterator[Callable[[int, int, str], None] | None]:
    """A function that is called with (done, total, what) and draws it; None where nobody looks."""
    if not sys.stderr.isatty():
        yield None
        return
    from tqdm import tqdm

    bars: dict[str, tqdm[None]] = {}

    def show(done: int, total: int, what: str) -> None:
        if total < _WORTH_SHOWING:
            return
        if what not in bars:
            bars[what] = tqdm(total=total, desc=what, file=sys.stderr, leave=False, unit="")
        bars[what].update(done - bars[what].n)

    try:
        yield show
    finally:
        for bar in bars.values():
            bar.close()
