"""Output for a person at a terminal, or a program: results on standard output, remarks, warnings and a
progress bar on standard error.

Everything that a command says goes through here, so that ``--quiet``, ``--json``, colours and control
characters are decided in one place.
"""

from __future__ import annotations

import io
import os
import re
import shutil
import sys
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
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


@dataclass(frozen=True)
class Styled:
    """Text in one of STYLES, where whoever looks can see it."""

    text: str
    style: str


#: The styles by what they say, in the codes of ECMA-48 ("Select graphic rendition").
STYLES = {"title": "1", "minor": "2", "good": "32", "warning": "33", "bad": "31", "mark": "1;36"}

_quiet = False


def set_quiet(quiet: bool) -> None:
    """Say what went wrong and nothing else, from now on."""
    global _quiet
    _quiet = quiet


def remark(message: str) -> None:
    """Say something that need not be known, on standard error."""
    if not _quiet:
        print(f"weeknotes: {message}", file=sys.stderr)


def warn(message: str) -> None:
    """Say something that should be known, on standard error, even if all was to be quiet."""
    print(f"weeknotes: {message}", file=sys.stderr)


def done(text: str) -> None:
    """Print what a command did, unless all is to be quiet."""
    if not _quiet:
        print(text)


def line(*parts: str | Styled) -> None:
    """Print ``parts`` as a line, in colours where standard output shows them."""
    stream: Any = sys.stdout
    coloured = shows_colours(stream)
    raw = getattr(stream, "stream", stream)
    for part in parts:
        if isinstance(part, str):
            stream.write(part)
        elif coloured and part.text:
            raw.write(f"\x1b[{STYLES[part.style]}m")
            stream.write(part.text)
            raw.write("\x1b[0m")
        else:
            stream.write(part.text)
    stream.write("\n")


def shows_colours(stream: TextIO) -> bool:
    """Whether ``stream`` is to have colours: a terminal, unless NO_COLOR (https://no-color.org) is set;
    FORCE_COLOR gives them to a pipe too."""
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def columns() -> int | None:
    """The width of the terminal that standard output is shown on; None where it goes elsewhere, and
    nothing should be cut or wrapped."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None


def fits(*parts: str, margin: int = 0) -> bool:
    """Whether ``parts`` have room in one line of the terminal beside ``margin`` columns; they do where
    standard output goes elsewhere."""
    width = columns()
    return width is None or sum(map(width_of, parts)) + margin <= width


def width_of(text: str) -> int:
    """The columns that ``text`` takes on a terminal: two for each character of Han and Hangul (Unicode
    Standard Annex 11), none for combining marks."""
    marks = sum(map(bool, map(unicodedata.combining, text)))
    return len(text) - marks + sum(unicodedata.east_asian_width(c) in "WF" for c in text)


def shortened(text: str, room: int | None) -> str:
    """``text`` cut to ``room`` columns, with an ellipsis where something is missing; whole for None."""
    if room is None or width_of(text) <= room:
        return text
    while text and width_of(text) >= max(room, 12):
        text = text[:-1]
    return f"{text.rstrip()}…"


def print_json(value: Any) -> None:
    """Print ``value`` as JSON: in ASCII where the output is in another encoding than UTF-8, as in a
    pipe on Windows, so that every program can read it."""
    import json

    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    plain = encoding.lower().replace("_", "-") not in ("utf-8", "utf8")
    print(json.dumps(value, ensure_ascii=plain, indent=2))


def print_report(report: Report, as_json: bool) -> None:
    """Print ``report`` in the form that was asked for."""
    if as_json:
        print_json(report.to_dict())
    elif text := report.to_text().rstrip("\n"):
        done(text)


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
    for stream in (sys.stdout, sys.stderr):
        # A console of another encoding shows a character that it lacks as an escape, and goes on.
        if isinstance(stream, io.TextIOWrapper) and stream.errors == "strict":
            stream.reconfigure(errors="backslashreplace")
    out, err = cast(TextIO, _Inert(sys.stdout)), cast(TextIO, _Inert(sys.stderr))
    with redirect_stdout(out), redirect_stderr(err):
        yield


@contextmanager
def progress_bar() -> Iterator[Callable[[int, int, str], None] | None]:
    """A function that is called with (done, total, what) and draws it; None where no one looks."""
    if _quiet or not sys.stderr.isatty():
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
