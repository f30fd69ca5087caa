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
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from weeknotes.errors import RenderError
from weeknotes.files import code_fingerprint, keep_cache, stat_of
from weeknotes.journal.project import Project
from weeknotes.privacy.private_items import PrivateItem, split
from weeknotes.progress import Progress
from weeknotes.site.verify.leaks import Answer, Leak, PublicMatch, Searcher, meant, name_of
from weeknotes.site.verify.patterns import digest
from weeknotes.site.verify.public_matches import INDEXED

_FORMAT = 5


class LeakError(RenderError):
    """A site that holds something private, and was not put in place. ``leaks`` says what and where."""

    def __init__(self, leaks: Sequence[Leak], said: str = "") -> None:
        shown = "".join(f"\n  {leak}" for leak in leaks[:20])
        more = f"\n  and {len(leaks) - 20} more" if len(leaks) > 20 else ""
        said = said or "the site would publish what is private, and was not put in place"
        super().__init__(
            f"{said}:{shown}{more}",
            hint="Mark what belongs together as private, or take the mark off; in a generated cell: "
            "weeknotes refresh WEEK." + _how_to_mean(leaks),
        )
        self.leaks = tuple(leaks)


def _how_to_mean(leaks: Sequence[Leak]) -> str:
    """A hint that says how to mark what was found as public on purpose."""
    names = list(dict.fromkeys(leak.name for leak in leaks if leak.name))
    if not names or len(names) > 20:
        return ""
    return (
        " If it is meant to be public, say so in _quarto.yml, below 'weeknotes:', with the line: "
        f"meant: [{', '.join(names)}]"
    )


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
    """The private content of the journal that is in the files of ``folder``."""
    from weeknotes.engines import sources

    found = split(project, sources.find_all(project))
    allowed = meant(project)
    seeming = [
        Leak(where.partition(",")[0], "what looks like a mark and marks nothing, part", where, name)
        for where, line in found.seeming
        if (name := name_of(where.partition(",")[0] + line)) not in allowed
    ]
    if not found.secrets:
        return seeming
    search = _Search(
        project, Searcher(project, found), found.secrets, VerifyMemory.read(memory, allowed)
    )
    files = list(_files(folder))
    for number, (name, stat) in enumerate(files, 1):
        search.take(
            name,
            stat,
            lambda secrets, name=name: [  # type: ignore[misc]
                search.searcher.search(name, (folder / name).read_bytes(), secrets)
            ],
        )
        if progress:
            progress(number, len(files), "private")
    for file, name, data, read in _index(folder):
        search.take(
            f"{name} ",  # No file's name.
            digest(data.encode("utf-8", "surrogatepass")),
            lambda secrets, file=file, data=data, read=read: [  # type: ignore[misc]
                search.searcher.search_index(file, text, secrets) for text in read(data)
            ],
        )
    if memory:
        search.after.write(memory)
    return list(dict.fromkeys([*seeming, *search.leaks]))


@dataclass
class VerifyMemory:
    """The record of the files that were searched, for which secrets, and that held nothing private.

    ``files`` maps a name to the file's stat (or the fingerprint of a piece of the index) and its
    excuses; ``places`` maps each of these to the place that shows it and the stat of that.
    """

    secrets: frozenset[str] = frozenset()
    meant: frozenset[str] = frozenset()
    files: dict[str, tuple[Any, list[PublicMatch]]] = field(default_factory=dict)
    places: dict[PublicMatch, tuple[str, Any]] = field(default_factory=dict)

    @classmethod
    def read(cls, path: Path | None, meant: frozenset[str] = frozenset()) -> VerifyMemory:
        """The record at ``path``; empty if it does not have the right form, or if less is ``meant``
        to be public than was then."""
        try:
            data = json.loads(path.read_bytes()) if path else {}
            if [data["format"], data["code"]] != [_FORMAT, code_fingerprint()]:
                return cls(meant=meant)
            if not meant.issuperset(data["meant"]):
                return cls(meant=meant)
            excuses: list[PublicMatch] = [(str(k), str(w)) for k, w, _, _ in data["excuses"]]
            places = {e: (str(d[2]), d[3]) for e, d in zip(excuses, data["excuses"], strict=True)}
            files = {
                name: (stat, [excuses[number] for number in numbers])
                for name, (stat, numbers) in data["files"].items()
            }
            return cls(frozenset(data["secrets"]), meant, files, places)
        except (OSError, ValueError, LookupError, TypeError, AttributeError):
            return cls(meant=meant)

    def write(self, path: Path) -> None:
        """Keep it for the next search."""
        numbers = {excuse: number for number, excuse in enumerate(self.places)}
        data = {
            "format": _FORMAT,
            "code": code_fingerprint(),
            "secrets": sorted(self.secrets),
            "meant": sorted(self.meant),
            "excuses": [[*excuse, *place] for excuse, place in self.places.items()],
            "files": {
                n: (stat, [numbers[e] for e in own]) for n, (stat, own) in self.files.items()
            },
        }
        keep_cache(path, json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode())


class _Search:
    """One search of a site, with what is known from the last one."""

    def __init__(
        self,
        project: Project,
        searcher: Searcher,
        secrets: Sequence[PrivateItem],
        known: VerifyMemory,
    ) -> None:
        self.searcher = searcher
        self.leaks: list[Leak] = []
        self.after = VerifyMemory(frozenset(secret.fingerprint for secret in secrets), known.meant)
        self._root = project.root
        self._known = known
        self._all = secrets
        self._fresh = [s for s in secrets if s.fingerprint not in known.secrets]
        self._good: dict[PublicMatch, bool] = {}
        self._stats: dict[str, Any] = {}
        searcher.public.recall = self._recall

    def take(
        self, name: str, state: Any, search: Callable[[Sequence[PrivateItem]], Iterable[Answer]]
    ) -> None:
        """Search what is called ``name`` for the secrets that it was not searched for in the ``state``
        that it is in."""
        before, excuses = self._known.files.get(name, (None, []))
        known = before == state and all(map(self._is_good, excuses))
        secrets = self._fresh if known else self._all
        answers = search(secrets) if secrets else ()
        found = {excuse: self._known.places[excuse] for excuse in excuses} if known else {}
        leaks: list[Leak] = []
        for answer in answers:
            leaks += answer.leaks
            for excuse, place in answer.excuses.items():
                found[excuse] = (place, self._stat(place))
        self.leaks += leaks
        if not leaks:
            self.after.files[name] = (state, list(found))
            self.after.places.update(found)

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


def _index(folder: Path) -> Iterator[tuple[str, str, str, Callable[[str], Iterable[str]]]]:
    """The pieces of the index: each one's file, name, and data, and what reads its texts."""
    from weeknotes.site.search import read_back

    for name, lines in read_back.pieces(folder).items():
        yield "search/terms", name, lines, read_back.documents
    words = folder / "search" / "words.txt"
    if words.is_file():
        text = words.read_text("utf-8", "replace")
        yield "search/words.txt", "words", text, lambda data: ["\n".join(read_back.words(data))]


def _files(folder: Path) -> Iterator[tuple[str, list[int]]]:
    """Every file below ``folder`` with its modification time (ns), size, and number."""
    for here, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            path = Path(here) / name
            stat = path.stat()
            yield path.relative_to(folder).as_posix(), [stat.st_mtime_ns, stat.st_size, stat.st_ino]
