"""What a person at a terminal sees: a progress bar on standard error, reports on standard output."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Protocol

#: Below this many steps a bar would only flicker.
_WORTH_SHOWING = 8


class Report(Protocol):
    """What a command did, for a person and for a program."""

    def to_text(self) -> str: ...

    def to_dict(self) -> dict[str, Any]: ...


def print_report(report: Report, as_json: bool) -> None:
    """Print ``report`` in the form that was asked for."""
    if as_json:
        import json

        print(json.dumps(report.to_dict(), ensure_ascii=False, indent=2))
    else:
        print(report.to_text().rstrip("\n"))


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
