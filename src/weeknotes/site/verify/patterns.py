"""The texts to search for in a site, in forms in which they are found quickly.

A text is looked for as runs of letters and digits: a window of a few of them is looked up at every so
many characters, so that each run that is long enough holds one that is. What is short is a name, and
is looked for as whole words.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from weeknotes.privacy.private_items import PrivateItem
from weeknotes.privacy.short_texts import plain
from weeknotes.site.verify import image_similarity
from weeknotes.site.verify.decoding import contents, fold

#: Letters and digits that a run must share with a private text to count as taken from it: so many of
#: an alphabet, or so many Han or Hangul characters.
RUN, WIDE_RUN = 20, 8
#: A window of so many is looked up at every so many characters.
_WINDOWS = ((10, RUN - 10 + 1, RUN), (5, WIDE_RUN - 5 + 1, WIDE_RUN))
#: So few texts and names are quicker to look for one by one than all at once.
_FEW = 60
WIDE = re.compile(
    "[\u1100-\u11ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff]"
)
_NAMED = (
    "january february march april may june july august september october november december "
    "monday tuesday wednesday thursday friday saturday sunday"
).split()
#: A word of a date. What is made of such alone is on every page.
_DATE = re.compile(
    "|".join(
        [
            r"w?\d{1,2}|(?:19|20)\d\d|week",
            "[제第]?\\d*[년월일주차年月日周週號号]+|[월화수목금토일]요일|(?:周|星期|礼拜).",
            *(f"{word}|{word[:3]}" for word in _NAMED),
        ]
    )
)


@dataclass(frozen=True)
class Hit:
    """Something of ``secret`` that was found: ``what`` is "text" or "a name"; ``words`` are the found
    words, folded; ``lines`` the parts of a run by the lines of the text that it is from, each with
    whether it is all of that line."""

    what: str
    secret: PrivateItem
    words: str
    lines: tuple[tuple[str, bool], ...] = ()


class Needles:
    """The texts, names and images of secrets."""

    def __init__(self, secrets: Iterable[PrivateItem]) -> None:
        self.files: dict[str, PrivateItem] = {}
        self.looks: list[tuple[image_similarity.Look, PrivateItem]] = []
        self._runs: list[tuple[str, PrivateItem, tuple[int, ...]]] = []
        self._names: dict[str, list[tuple[str, PrivateItem]]] = {}
        self._wide_names: list[tuple[str, PrivateItem]] = []
        #: Where in which run a window is first; and all runs of the least length around those windows
        #: that are there more than once.
        self._windows: tuple[dict[str, tuple[int, int]], ...] = ({}, {})
        self._crowded: tuple[dict[str, tuple[int, int]], ...] = ({}, {})
        #: Of few runs, windows such that each stretch of the least length holds one: the window, the
        #: run and the place in it.
        self._single: list[list[tuple[str, int, int]]] = [[], []]
        self._few = False
        for secret in secrets:
            for text in secret.texts:
                for form in forms(text):
                    self._add_text(form, secret)
                if "base64," in text:
                    packed = contents(text.encode())
                    self._add_images((data for kind, data in packed if kind == "image"), secret)
            for name in secret.names:
                self._add_name(fold(name), secret)
            self._add_images(secret.images, secret)
        self._index()

    def _add_images(self, images: Iterable[bytes], secret: PrivateItem) -> None:
        for image in images:
            self.files[digest(image)] = secret
            if look := image_similarity.look_of(image):
                self.looks.append((look, secret))

    def _add_text(self, text: str, secret: PrivateItem) -> None:
        lines = [fold(line) for line in text.split("\n")]
        ends: list[int] = []
        for line in lines:
            ends.append((ends[-1] if ends else 0) + len(line) - line.count(" "))
        run = "".join(lines).replace(" ", "")
        if any(run == known for known, other, _ in self._runs[-1:] if other is secret):
            return  # The same text in another form.
        if is_run(run):
            self._runs.append((run, secret, tuple(ends)))
        else:
            self._add_name(" ".join(filter(None, lines)), secret)

    def _add_name(self, folded: str, secret: PrivateItem) -> None:
        if not _is_telling(folded):
            return
        if WIDE.search(folded):
            self._wide_names.append((folded, secret))
        else:
            self._names.setdefault(folded.split(" ")[0], []).append((folded, secret))

    def _index(self) -> None:
        self._single = [self._spaced_windows(kind) for kind in range(len(_WINDOWS))]
        names = sum(map(len, self._names.values())) + len(self._wide_names)
        self._few = sum(map(len, self._single)) + names <= _FEW
        if self._few:
            return
        self._single = [[], []]
        for kind in range(len(_WINDOWS)):
            if repeated := self._index_windows(kind):
                self._index_around(kind, repeated)

    def _spaced_windows(self, kind: int) -> list[tuple[str, int, int]]:
        """The windows of a kind such that each stretch of the least length holds one, each with the
        run and the place in it."""
        size, step, _ = _WINDOWS[kind]
        return [
            (run[at : at + size], number, at)
            for number, (run, _, _) in enumerate(self._runs)
            for at in range(0, len(run) - size + 1, step)
            if not kind or _is_wide(run[at : at + size])
        ]

    def _index_windows(self, kind: int) -> set[str]:
        """Note where each window of a kind is first, and return those that are in several places."""
        windows, size = self._windows[kind], _WINDOWS[kind][0]
        repeated: set[str] = set()
        for number, (run, _, _) in enumerate(self._runs):
            for at in range(len(run) - size + 1):
                window = run[at : at + size]
                if kind and not _is_wide(window):
                    continue
                if windows.setdefault(window, (number, at)) != (number, at):
                    repeated.add(window)
        return repeated

    def _index_around(self, kind: int, repeated: set[str]) -> None:
        """Note the stretches of the least length around all windows of a kind that are ``repeated``."""
        size, _, least = _WINDOWS[kind]
        crowded = self._crowded[kind]
        for number, (run, _, _) in enumerate(self._runs):
            for at in range(len(run) - size + 1):
                if run[at : at + size] in repeated:
                    for start in range(max(0, at + size - least), at + 1):
                        crowded.setdefault(run[start : start + least], (number, start))

    def found_in(self, folded: str) -> Iterator[Hit]:
        """The matches in ``folded`` words."""
        if self._names:
            padded = f" {folded} "
            firsts = self._names.keys()
            for first in firsts if self._few else firsts & set(folded.split(" ")):
                for name, secret in self._names[first]:
                    if f" {name} " in padded:
                        yield Hit("a name", secret, name)
        for name, secret in self._wide_names:
            if name in folded:
                yield Hit("a name", secret, name)
        if self._runs:
            yield from self._runs_in(folded.replace(" ", ""))

    def _runs_in(self, text: str) -> Iterator[Hit]:
        told: set[tuple[int, str]] = set()
        for at, (number, start) in self._places_in(text):
            run = self._runs[number][0]
            before, shared = _shared(text, at, run, start)
            if is_run(shared) and (number, shared) not in told:
                told.add((number, shared))
                yield self._hit(number, start - before, shared)

    def _places_in(self, text: str) -> Iterator[tuple[int, tuple[int, int]]]:
        """The places in ``text`` at which a window of a run is, each with the run and the place
        there."""
        for kind, (size, step, least) in enumerate(_WINDOWS):
            if kind and text.isascii():
                continue
            for window, number, start in self._single[kind]:
                at = text.find(window)
                while at >= 0:
                    yield at, (number, start)
                    at = text.find(window, at + 1)
            windows = self._windows[kind]
            places = range(0, len(text) - size + 1, step) if windows else ()
            for at in [at for at in places if text[at : at + size] in windows]:
                yield from self._around(text, at, kind, size, least)

    def _around(
        self, text: str, at: int, kind: int, size: int, least: int
    ) -> Iterator[tuple[int, tuple[int, int]]]:
        """The places that the window of ``text`` at ``at`` may come from: a place in ``text``, and
        the same place in the run."""
        yield at, self._windows[kind][text[at : at + size]]
        crowded = self._crowded[kind]
        for start in range(max(0, at + size - least), at + 1) if crowded else ():
            if place := crowded.get(text[start : start + least]):
                yield start, place

    def _hit(self, number: int, start: int, shared: str) -> Hit:
        run, secret, ends = self._runs[number]
        stop = start + len(shared)
        lines = []
        begin = 0
        for end in ends:
            one, other = max(start, begin), min(stop, end)
            if one < other:
                lines.append((run[one:other], (one, other) == (begin, end)))
            begin = end
        return Hit("text", secret, shared, tuple(lines))


def forms(text: str) -> list[str]:
    """``text`` as it is written and, where that is another, as it is shown."""
    return list(dict.fromkeys((text, plain(text))))


def is_run(run: str) -> bool:
    """Whether ``run`` is long enough to be told from chance."""
    return len(run) >= RUN or len(WIDE.findall(run)) >= WIDE_RUN


def least_run(run: str) -> str:
    """The shortest beginning of ``run`` that is one by itself; empty where none is."""
    for size in range(WIDE_RUN, min(RUN, len(run)) + 1):
        if is_run(run[:size]):
            return run[:size]
    return ""


def digest(data: bytes) -> str:
    """A fingerprint of ``data``."""
    return hashlib.blake2b(data, digest_size=16).hexdigest()


def _is_wide(window: str) -> bool:
    """Whether all characters of ``window`` are wide, but for one at most."""
    return len(WIDE.findall(window)) >= len(window) - 1


def _is_telling(folded: str) -> bool:
    """Whether a name says enough to be looked for: not a date, nor a short number or word."""
    words = [word for word in folded.split(" ") if not _DATE.fullmatch(word)]
    if not words:
        return False
    letters = folded.replace(" ", "")
    if letters.isdecimal():
        return len(letters) >= 6
    return len(letters) >= (3 if WIDE.search(letters) else 4)


def _shared(text: str, at: int, run: str, start: int) -> tuple[int, str]:
    """The longest stretch around ``text[at]`` that is the same as that around ``run[start]``, and how
    much of it is before these."""
    before = 0
    while before < min(at, start) and text[at - before - 1] == run[start - before - 1]:
        before += 1
    end, stop = at, start
    while end < len(text) and stop < len(run) and text[end] == run[stop]:
        end += 1
        stop += 1
    return before, text[at - before : end]
