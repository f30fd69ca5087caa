"""Searching a site that was built for what is private, before it is put in place.

Everything that is private in the journal (`weeknotes.privacy.parts`) is looked for in every file: its
text as runs of letters and digits, whatever markup, escapes or compression lie between; its headings,
tags, file names and citation keys as words; its images by their bytes and, where they were scaled or
saved in another format, by how they look. What also stands in a public part of the journal, or in
Weeknotes itself, is no leak.

A file that was searched is not searched again until it, or what is private, has changed.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from weeknotes.errors import RenderError
from weeknotes.files import keep_cache
from weeknotes.privacy import marks
from weeknotes.privacy.parts import Secret, Split, library_of, split
from weeknotes.project import Project
from weeknotes.site import looks
from weeknotes.site.decoding import TooLarge, contents, fold, streams

#: Letters and digits that a run must share with a private text to count as taken from it: so many of
#: an alphabet, or so many Han or Hangul characters.
RUN, WIDE_RUN = 20, 8
#: A window of so many is looked up at every so many characters: each run holds one that is.
_WINDOWS = ((10, RUN - 10 + 1), (5, WIDE_RUN - 5 + 1))
_WIDE = re.compile(
    "[\u1100-\u11ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff]"
)
_FORMAT = 1
_PACKAGE = Path(__file__).parent.parent

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True)
class Leak:
    """Something private in a file of the site: ``file`` is its path from the site's root, ``what`` a
    text, a name, an image or a mark, and ``where`` the place in the journal that it is from. The
    words themselves are left out: messages end up in logs that others read."""

    file: str
    what: str
    where: str

    def __str__(self) -> str:
        return f"{self.file}: {self.what} of {self.where}"


class LeakError(RenderError):
    """A site that holds something private, and was not put in place. ``leaks`` says what and where."""

    def __init__(self, leaks: Sequence[Leak], said: str = "") -> None:
        shown = "".join(f"\n  {leak}" for leak in leaks[:20])
        more = f"\n  and {len(leaks) - 20} more" if len(leaks) > 20 else ""
        said = said or "the site would publish what is private, and was not put in place"
        super().__init__(
            f"{said}:{shown}{more}",
            hint="Mark what belongs together as private, or take the mark off. In a generated cell: "
            "weeknotes refresh WEEK.",
        )
        self.leaks = tuple(leaks)


def refuse_leaks(
    project: Project, folder: Path, memory: Path, progress: Progress | None = None
) -> None:
    """Raise LeakError if a file in ``folder`` holds anything that is private in the journal.

    ``memory`` is a file that keeps what was searched already. Where nothing is private, no file is
    read.
    """
    leaks = find_leaks(project, folder, memory, progress)
    if leaks:
        raise LeakError(leaks)


def find_leaks(
    project: Project, folder: Path, memory: Path | None = None, progress: Progress | None = None
) -> list[Leak]:
    """What of the journal's private parts is in the files of ``folder``."""
    from weeknotes.site.engines import sources

    found = split(project, sources.find_all(project))
    if not found.secrets:
        return []
    known = _read(memory)
    files = dict(_files(folder))
    searcher = Searcher(project, found)
    leaks: list[Leak] = []
    clean: dict[str, Any] = {}
    fingerprints = sorted({secret.fingerprint for secret in found.secrets})
    fresh = [s for s in found.secrets if s.fingerprint not in set(known.get("secrets", ()))]
    for number, (name, stat) in enumerate(files.items(), 1):
        unchanged = known.get("files", {}).get(name) == stat
        secrets = fresh if unchanged else found.secrets
        if secrets or not unchanged:
            own, sure = searcher.search(name, (folder / name).read_bytes(), secrets)
            leaks += own
            if not own and sure:
                clean[name] = stat
        else:
            clean[name] = stat
        if progress:
            progress(number, len(files), "private")
    if memory:
        data = {"format": _FORMAT, "secrets": fingerprints, "files": clean}
        keep_cache(memory, json.dumps(data, ensure_ascii=False).encode())
    return list(dict.fromkeys(leaks))


class Searcher:
    """Looks for the secrets of one journal in files."""

    def __init__(self, project: Project, journal: Split) -> None:
        self._project = project
        self._journal = journal
        self._needles: dict[tuple[str, ...], Needles] = {}

    def search(self, name: str, data: bytes, secrets: Sequence[Secret]) -> tuple[list[Leak], bool]:
        """The leaks in the file ``name`` that holds ``data``, and whether the answer holds as long as
        the file and the secrets stay the same: not where something private was found that stands in
        a public part too."""
        needles = self._needles_of(secrets)
        leaks: list[Leak] = []
        sure = True
        try:
            pieces = [("text", name.encode()), *contents(data)]
        except TooLarge as error:
            return [Leak(name, f"{error}, which could be something", "any private part")], False
        for kind, piece in pieces:
            if kind == "image":
                leaks += [Leak(name, "an image", s.where) for s in self._images(needles, piece)]
                continue
            if secret := needles.files.get(_digest(piece)):
                leaks.append(Leak(name, "a file", secret.where))
            for folded in streams(piece):
                for what, secret, words in needles.found_in(folded):
                    if self._is_public(words, secret):
                        sure = False
                    else:
                        leaks.append(Leak(name, what, secret.where))
        if name.endswith(".html") and _shows_mark(data):
            leaks.append(Leak(name, "an element of the class 'private', part", "the journal"))
        return leaks, sure

    def _needles_of(self, secrets: Sequence[Secret]) -> Needles:
        key = tuple(secret.fingerprint for secret in secrets)
        if key not in self._needles:
            self._needles[key] = Needles(secrets)
        return self._needles[key]

    def _images(self, needles: Needles, data: bytes) -> Iterator[Secret]:
        exact = needles.files.get(_digest(data))
        if exact:
            yield exact
            return
        if not needles.looks or _digest(data) in self._public_digests:
            return
        look = looks.look_of(data)
        if look is None:
            return
        distance, secret = min(
            ((look.distance(other), secret) for other, secret in needles.looks),
            key=lambda pair: pair[0],
        )
        if distance <= looks.ALIKE and all(
            look.distance(other) > distance for other in self._public_looks
        ):
            yield secret

    def _is_public(self, words: str, secret: Secret) -> bool:
        """Whether the folded ``words`` stand in what is public anyway."""
        padded, run = f" {words} ", words.replace(" ", "")
        if padded in self._public or (_is_run(run) and run in self._public_run):
            return True
        # What a generated cell shows of the library is not the author's word for it.
        if secret.paper:
            return False
        return padded in self._generated or (_is_run(run) and run in self._generated_run)

    @cached_property
    def _public(self) -> str:
        library = library_of(self._project)
        hidden = {secret.paper for secret in self._journal.secrets}
        entries = [entry for key, entry in library.items() if key not in hidden]
        parts = [
            self._journal.public,
            json.dumps(self._project.config, ensure_ascii=False, default=str),
            json.dumps(entries, ensure_ascii=False, default=str),
            *_own_texts(),
        ]
        return " " + fold(" ".join(parts)) + " "

    @cached_property
    def _public_run(self) -> str:
        return self._public.replace(" ", "")

    @cached_property
    def _generated(self) -> str:
        return " " + fold(self._journal.generated) + " "

    @cached_property
    def _generated_run(self) -> str:
        return self._generated.replace(" ", "")

    @cached_property
    def _public_digests(self) -> frozenset[str]:
        return frozenset(_digest(data) for data in self._public_images)

    @cached_property
    def _public_looks(self) -> list[looks.Look]:
        found = (looks.look_of(data) for data in self._public_images)
        return [look for look in found if look]

    @cached_property
    def _public_images(self) -> list[bytes]:
        return [path.read_bytes() for path in sorted(self._journal.public_files) if path.is_file()]


class Needles:
    """What is searched for, in the forms in which it is found quickly."""

    def __init__(self, secrets: Iterable[Secret]) -> None:
        self.files: dict[str, Secret] = {}
        self.looks: list[tuple[looks.Look, Secret]] = []
        self._runs: list[tuple[str, Secret]] = []
        self._names: dict[str, list[tuple[str, Secret]]] = {}
        self._wide_names: list[tuple[str, Secret]] = []
        self._windows: tuple[dict[str, tuple[int, int]], ...] = ({}, {})
        for secret in secrets:
            for text in secret.texts:
                self._add_text(fold(text), secret)
            for name in secret.names:
                self._add_name(fold(name), secret)
            for image in secret.images:
                self.files[_digest(image)] = secret
                if look := looks.look_of(image):
                    self.looks.append((look, secret))

    def _add_text(self, folded: str, secret: Secret) -> None:
        run = folded.replace(" ", "")
        if not _is_run(run):
            self._add_name(folded, secret)
            return
        number = len(self._runs)
        self._runs.append((run, secret))
        for windows, (size, _), wide in zip(self._windows, _WINDOWS, (False, True), strict=True):
            for at in range(len(run) - size + 1):
                window = run[at : at + size]
                if not wide or len(_WIDE.findall(window)) >= 4:
                    windows.setdefault(window, (number, at))

    def _add_name(self, folded: str, secret: Secret) -> None:
        letters = folded.replace(" ", "")
        if _WIDE.search(letters):
            if len(letters) >= 3:
                self._wide_names.append((folded, secret))
        elif len(letters) >= 4:
            self._names.setdefault(folded.split(" ")[0], []).append((folded, secret))

    def found_in(self, folded: str) -> Iterator[tuple[str, Secret, str]]:
        """What is found in ``folded`` words: a text or a name, whose, and the words."""
        if self._names:
            padded = f" {folded} "
            for first in self._names.keys() & set(folded.split(" ")):
                for name, secret in self._names[first]:
                    if f" {name} " in padded:
                        yield "a name", secret, name
        for name, secret in self._wide_names:
            if name in folded:
                yield "a name", secret, name
        if self._runs:
            yield from self._runs_in(folded.replace(" ", ""))

    def _runs_in(self, text: str) -> Iterator[tuple[str, Secret, str]]:
        told: set[tuple[int, str]] = set()
        for windows, (size, step) in zip(self._windows, _WINDOWS, strict=True):
            if not windows or (size < 10 and text.isascii()):
                continue
            places = range(0, len(text) - size + 1, step)
            for at in [at for at in places if text[at : at + size] in windows]:
                number, start = windows[text[at : at + size]]
                run, secret = self._runs[number]
                shared = _shared(text, at, run, start, size)
                if _is_run(shared) and (number, shared) not in told:
                    told.add((number, shared))
                    yield "text", secret, shared


def _shared(text: str, at: int, run: str, start: int, size: int) -> str:
    """The longest stretch around ``text[at]`` that is the same as that around ``run[start]``."""
    before = 0
    while before < min(at, start) and text[at - before - 1] == run[start - before - 1]:
        before += 1
    end, stop = at + size, start + size
    while end < len(text) and stop < len(run) and text[end] == run[stop]:
        end += 1
        stop += 1
    return text[at - before : end]


def _is_run(run: str) -> bool:
    """Whether ``run`` is long enough to be told from chance."""
    return len(run) >= RUN or len(_WIDE.findall(run)) >= WIDE_RUN


def _shows_mark(data: bytes) -> bool:
    return b"private" in data.lower() and bool(
        marks.HTML_MARK.search(data.decode("utf-8", "replace"))
    )


def _own_texts() -> Iterator[str]:
    """What Weeknotes itself writes into a site."""
    for folder in (_PACKAGE / "site", _PACKAGE / "scaffold"):
        for path in sorted(folder.rglob("*")):
            if path.suffix in {".py", ".css", ".js", ".html", ".lua", ".svg", ".csl"}:
                yield path.read_text("utf-8", "replace")


def _files(folder: Path) -> Iterator[tuple[str, list[int]]]:
    """Every file below ``folder`` with its modification time (ns), size, and number."""
    for here, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            path = Path(here) / name
            stat = path.stat()
            yield path.relative_to(folder).as_posix(), [stat.st_mtime_ns, stat.st_size, stat.st_ino]


def _read(memory: Path | None) -> dict[str, Any]:
    try:
        data = json.loads(memory.read_bytes()) if memory else {}
    except (OSError, ValueError):
        return {}
    fine = isinstance(data, dict) and data.get("format") == _FORMAT
    return data if fine else {}


def _digest(data: bytes) -> str:
    return hashlib.blake2b(data, digest_size=16).hexdigest()
