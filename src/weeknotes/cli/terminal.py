"""Output for a person at a terminal: a progress bar on standard error, reports on standard output."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from typing import Any, Protocol, TextIO, cast

#: Below this many steps a bar would only flicker.
_WORTH_SHOWING = 8
#: What a terminal would obey (ECMA-48's control characters), what turns the order of what is read
#: (Unicode Standard Annex 9), and halves of characters, which cannot be written.
_OBEYED = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
)


class Report(Protocol):
    """The result of a command, for a person and for a program."""

    def to_text(self) -> str: ...

    def to_dict(self) -> dict[str, Any]: ...


def print_report(report: Report, as_json: bool) -> None:
    """Print ``report`` in the form that was asked for."""
    if as_json:
        import json

        print(json.dumps(report.to_dict(), ensure_ascii=False, indent=2))
    else:
        print(report.to_text().rstrip("\n"))


class _Inert:
    """A stream that shows such characters as ``\\u001b``, which JSON reads as the character itself."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream

    def write(self, text: str) -> int:
        self.stream.write(_OBEYED.sub(lambda found: f"\\u{ord(found[0]):04x}", text))
        return len(text)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.stream, name)


@contextmanager
def inert_output() -> Iterator[None]:
    """Titles, file names and messages may hold anything: let none of it give the terminal orders."""
    out, err = cast(TextIO, _Inert(sys.stdout)), cast(TextIO, _Inert(sys.stderr))
    with redirect_stdout(out), redirect_stderr(err):
        yield


@contextmanager
def progress_bar() -> Iterator[Callable[[int, int, str], None] | None]:
    """A function that is called with (done, total, what) and draws it; None where nobody looks."""
    if not sys.stderr.isatty():
        yield None
        return
    from tqdm import tqdm

    bars: dict[str, tqdm[None]] = {}
    # A bar is drawn with control characters, and holds no words but ours.
    stream = getattr(sys.stderr, "stream", sys.stderr)

    def show(done: int, total: int, what: str) -> None:
        if total < _WORTH_SHOWING:
            return
        if what not in bars:
            bars[what] = tqdm(total=total, desc=what, file=stream, leave=False, unit="")
        bars[what].update(done - bars[what].n)

    try:
        yield show
    finally:
        for bar in bars.values():
            bar.close()
