"""Searching a site that was built for what is private, before it is put in place.

Everything that is private in the journal (`weeknotes.privacy.parts`) is looked for in every file: its
text as runs of letters and digits, whatever markup, escapes or compression lie between; its headings,
tags, file names and citation keys as words; its images by their bytes and, where they were scaled or
saved in another format, by how they look. What also stands in a public part of the journal, or in
Weeknotes itself, is no leak.

A file that was searched is not searched again until it, or what is private, has changed.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from weeknotes.errors import RenderError
from weeknotes.files import keep_cache
from weeknotes.privacy.parts import Secret, split
from weeknotes.project import Project
from weeknotes.site.leaks import Leak, Searcher
from weeknotes.site.needles import digest

_FORMAT = 2

Progress = Callable[[int, int, str], None]


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
    fresh = [s for s in found.secrets if s.fingerprint not in known["secrets"]]
    for number, (name, stat) in enumerate(files.items(), 1):
        unchanged = known["files"].get(name) == stat
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
    own, index = _index_leaks(folder, searcher, known, fresh, found.secrets)
    leaks += own
    if memory:
        data = {"format": _FORMAT, "secrets": fingerprints, "files": clean, "index": index}
        keep_cache(memory, json.dumps(data, ensure_ascii=False).encode())
    return list(dict.fromkeys(leaks))


def _index_leaks(
    folder: Path,
    searcher: Searcher,
    known: Mapping[str, Any],
    fresh: Sequence[Secret],
    secrets: Sequence[Secret],
) -> tuple[list[Leak], dict[str, str]]:
    """What the index of the site's search says of private parts, put together as the browser does it,
    and the fingerprints of its pieces that hold nothing private."""
    leaks: list[Leak] = []
    clean: dict[str, str] = {}
    for file, name, data, read in _index(folder):
        fingerprint = digest(data.encode("utf-8", "surrogatepass"))
        wanted = fresh if known["index"].get(name) == fingerprint else secrets
        answers = (
            [searcher.search_index(file, text, wanted) for text in read(data)] if wanted else []
        )
        leaks += [leak for found, _ in answers for leak in found]
        if all(sure and not found for found, sure in answers):
            clean[name] = fingerprint
    return leaks, clean


def _index(folder: Path) -> Iterator[tuple[str, str, str, Callable[[str], Iterable[str]]]]:
    """The pieces of the index: each one's file, name, and data, and what reads its texts."""
    from weeknotes.site.search import read_back

    for name, lines in read_back.pieces(folder).items():
        yield "search/terms", name, lines, read_back.documents
    words = folder / "search" / "words.txt"
    if words.is_file():
        text = words.read_text("utf-8", "replace")
        yield "search/words.txt", "words", text, lambda data: [" ".join(read_back.words(data))]


def _files(folder: Path) -> Iterator[tuple[str, list[int]]]:
    """Every file below ``folder`` with its modification time (ns), size, and number."""
    for here, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            path = Path(here) / name
            stat = path.stat()
            yield path.relative_to(folder).as_posix(), [stat.st_mtime_ns, stat.st_size, stat.st_ino]


def _read(memory: Path | None) -> dict[str, Any]:
    """What is remembered; nothing where it is not of the form that it should be."""
    nothing: dict[str, Any] = {"secrets": frozenset(), "files": {}, "index": {}}
    try:
        data = json.loads(memory.read_bytes()) if memory else {}
        if data["format"] != _FORMAT or not all(
            isinstance(data[k], dict) for k in ("files", "index")
        ):
            return nothing
        return {**data, "secrets": frozenset(data["secrets"])}
    except (OSError, ValueError, KeyError, TypeError):
        return nothing
