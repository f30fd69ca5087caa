"""This package searches a finished site for private content, before it is put in place.

Everything that is private in the journal (`weeknotes.privacy.private_items`) is looked for in every
file: its text as runs of letters and digits, whatever markup, escapes or compression are between;
its headings, tags, file names and citation keys as words; its images by their bytes and, if they were
scaled or saved in another format, by how they look. What is also in a public part of the journal, or in
Weeknotes itself, is no leak.

A file that was searched is not searched again until it, or what is private, has changed.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from weeknotes.files import stat_of
from weeknotes.journal.project import Project
from weeknotes.privacy.private_items import PrivateItem, split
from weeknotes.progress import Progress
from weeknotes.site.verify.decoding import fold
from weeknotes.site.verify.leaks import (
    CORRECTIONS,
    Answer,
    Leak,
    LeakError,
    Searcher,
    meant,
    name_of,
    words_in,
)
from weeknotes.site.verify.memory import FileWords, PublicMatch, VerifyMemory, VerifyStore
from weeknotes.site.verify.patterns import digest
from weeknotes.site.verify.public_matches import INDEXED

__all__ = ["Leak", "LeakError", "find_leaks", "refuse_leaks", "refuse_new_leaks"]


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


def refuse_new_leaks(
    project: Project, folder: Path, memory: Path, progress: Progress | None = None
) -> None:
    """Do as ``refuse_leaks`` for a site that is in place and has not changed. It is searched only where
    a source has: what has become private may be in the site already, though its own page never had
    it."""
    from weeknotes.engines import sources

    if memory.exists():
        with VerifyStore(memory) as store:
            if store.basis() == _basis(project, sources.find_all(project)):
                return
    if leaks := find_leaks(project, folder, memory, progress):
        raise LeakError(leaks, "the site in place holds what is private now")


def _basis(project: Project, names: Iterable[str]) -> str:
    """A fingerprint of the files that say what is private, by their modification times and sizes."""
    files = [project.config_path.name, project.library_path.name, *sorted(names)]
    stats = [[name, stat_of(project.root / name)] for name in files]
    return digest(json.dumps(stats).encode("utf-8", "surrogatepass"))


def find_leaks(
    project: Project, folder: Path, memory: Path | None = None, progress: Progress | None = None
) -> list[Leak]:
    """The private content of the journal that is in the files of ``folder``."""
    from weeknotes.engines import sources

    names = sources.find_all(project)
    basis = _basis(project, names)
    found = split(project, names)
    allowed = meant(project)
    seeming = [
        Leak(where.partition(",")[0], "what looks like a mark and marks nothing, part", where, name)
        for where, line in found.seeming
        if (name := name_of(where.partition(",")[0] + line)) not in allowed
    ]
    if not found.secrets:
        return seeming
    with VerifyStore(memory) as store:
        known = store.known(allowed)
        search = _Search(project, Searcher(project, found, store), found.secrets, known, store)
        for name, state, words, data in _contents(folder, progress):
            search.take(name, state, words, data)
        if memory:
            search.after.basis = "" if seeming or search.leaks else basis
            store.keep(search.after)
    return list(dict.fromkeys([*seeming, *search.leaks]))


def _contents(
    folder: Path, progress: Progress | None
) -> Iterator[tuple[str, str, Callable[[], FileWords], Callable[[], bytes] | None]]:
    """All that is to be searched in ``folder``: the name of each, its state, and what reads its words
    and, of a file, its bytes."""
    files = list(_files(folder))
    for number, (name, stat) in enumerate(files, 1):
        read = (folder / name).read_bytes
        yield name, json.dumps(stat), partial(_words_of_file, name, read), read
        if progress:
            progress(number, len(files), "private")
    for name, data, texts in _index(folder):
        state = digest(data.encode("utf-8", "surrogatepass"))
        yield name, state, partial(_words_of_index, texts, data), None


def _words_of_file(name: str, read: Callable[[], bytes]) -> FileWords:
    return words_in(name, read())


def _words_of_index(texts: Callable[[str], Iterable[str]], data: str) -> FileWords:
    return FileWords(tuple(map(fold, texts(data))))


class _Search:
    """One search of a site, with what is known from the last one."""

    def __init__(
        self,
        project: Project,
        searcher: Searcher,
        secrets: Sequence[PrivateItem],
        known: VerifyMemory,
        store: VerifyStore,
    ) -> None:
        self.searcher = searcher
        self.leaks: list[Leak] = []
        self.after = VerifyMemory(frozenset(secret.fingerprint for secret in secrets), known.meant)
        self._root = project.root
        self._known = known
        self._store = store
        self._all = secrets
        self._fresh = [s for s in secrets if s.fingerprint not in known.secrets]
        self._good: dict[PublicMatch, bool] = {}
        self._stats: dict[str, Any] = {}
        searcher.public.recall = self._recall

    def take(
        self,
        name: str,
        state: str,
        words: Callable[[], FileWords],
        data: Callable[[], bytes] | None,
    ) -> None:
        """Search what is called ``name`` for the secrets that it was not searched for in the ``state``
        that it is in. ``words`` and ``data`` read what it says and holds; a piece of the index has no
        data."""
        before, excuses = self._known.files.get(name, ("", []))
        known = before == state and all(map(self._is_good, excuses))
        secrets = self._fresh if known else self._all
        found = {excuse: self._known.places[excuse] for excuse in excuses} if known else {}
        leaks: list[Leak] = []
        if secrets:
            answer = self._answer(name, state, words, data, secrets)
            leaks = answer.leaks
            for excuse, place in answer.excuses.items():
                found[excuse] = (place, self._stat(place))
        self.leaks += leaks
        if not leaks:
            self.after.files[name] = (state, list(found))
            self.after.places.update(found)

    def _answer(
        self,
        name: str,
        state: str,
        words: Callable[[], FileWords],
        data: Callable[[], bytes] | None,
        secrets: Sequence[PrivateItem],
    ) -> Answer:
        said = self._store.words_of(name, state)
        if said is None:
            said = words()
            self._store.keep_words(name, state, said)
        if data is None:
            return self.searcher.search_index(name, said, secrets)
        return self.searcher.search(name, said, data, secrets)

    def _recall(self, excuse: PublicMatch) -> str | None:
        known = excuse in self._known.places and self._is_good(excuse)
        return self._known.places[excuse][0] if known else None

    def _is_good(self, excuse: PublicMatch) -> bool:
        """Whether what is remembered as public still is, where it was."""
        if excuse not in self._good:
            place, stat = self._known.places[excuse]
            now = self._stat(place)
            kind, found = excuse
            good = kind != INDEXED and (
                stat == now or self.searcher.public.still_shows(place, kind, found)
            )
            self._known.places[excuse] = (place, now)
            self._good[excuse] = good
        return self._good[excuse]

    def _stat(self, place: str) -> Any:
        if place not in self._stats:
            self._stats[place] = stat_of(self._root / place) if place else None
        return self._stats[place]


def _index(folder: Path) -> Iterator[tuple[str, str, Callable[[str], Iterable[str]]]]:
    """The pieces of the index: each one's name, which is that of no file, its data, and what reads its
    texts."""
    from weeknotes.site.search import read_back

    for name, lines in read_back.pieces(folder).items():
        yield f"search/terms {name}", lines, read_back.documents
    words = folder / "search" / "words.txt"
    if words.is_file():
        text = words.read_text("utf-8", "replace")
        yield CORRECTIONS, text, lambda data: ["\n".join(read_back.words(data))]


def _files(folder: Path) -> Iterator[tuple[str, list[int]]]:
    """Every file below ``folder`` with its modification time (ns), size, and number."""
    for here, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            path = Path(here) / name
            stat = path.stat()
            yield path.relative_to(folder).as_posix(), [stat.st_mtime_ns, stat.st_size, stat.st_ino]
