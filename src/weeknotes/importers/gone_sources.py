"""Files that earlier imports have read from a folder, and that are no longer in it: which of them have
another name now, and which are gone for good.

A file has another name if most of its text is in a file that the folder did not have before, or if git
says that it was renamed. One that is gone takes the pages along that nobody has touched, unless the
folder looks cut off: then more of its files are gone than are left, and git has not deleted them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from weeknotes.importers.source_files import Folder
from weeknotes.text import git

_SAME = 0.5
"""The share of the shorter text, by its length, from which on two files are one that was renamed."""
_SAME_NAME = 0.25
"""The same for two files of one name in two folders."""
_LONGEST_SHORTER = 3
_CITATION = re.compile(r" ?(?<!\\)\[@[^\]]*\](?: \{[^{}]*\})?")
_WIDE = "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3"
_WORD = re.compile(rf"[{_WIDE}]|[^\W_{_WIDE}]+")
_RUN = 3
_SHORT = 64
_MOST_FILES = 50
_MOST_COMPARED = 8
_MOST_ASKED = 100


@dataclass(frozen=True)
class GoneSources:
    """What became of the files that earlier imports read: ``renamed`` has the former name of a file
    by its name now, ``gone`` the names of those that were taken out of their folder, ``missing`` why
    those that are not there keep their pages."""

    renamed: Mapping[str, str] = field(default_factory=dict)
    gone: frozenset[str] = frozenset()
    missing: Mapping[str, str] = field(default_factory=dict)


def look(
    folders: Sequence[Folder],
    known: Mapping[str, Sequence[str]],
    here: Mapping[str, Path],
) -> GoneSources:
    """What became of the sources in ``known``, each with the texts that it gave, of which ``folders``
    were imported. ``here`` are the files that are imported now, by their names."""
    renamed: dict[str, str] = {}
    gone: set[str] = set()
    missing: dict[str, str] = {}
    for folder in folders:
        mine = {name for name in known if name.startswith(folder.prefix)}
        lost = {n for n in mine - here.keys() - gone if not _is_file(folder, n)}
        new = {
            n: path for n, path in here.items() if n.startswith(folder.prefix) and n not in known
        }
        found = _renamed(folder, {name: known[name] for name in lost}, new) if lost and new else {}
        renamed |= found
        lost -= set(found.values())
        deleted = _deleted(folder) if lost else set()
        left = mine & here.keys()
        whole = len(left) + len(found) >= len(lost) and not folder.archive
        for name in lost:
            if whole or name in deleted:
                gone.add(name)
            elif folder.archive:
                missing[name] = "its file is not in this archive"
            else:
                missing[name] = f"its file is missing, as {len(lost)} of {len(mine)} are"
    return GoneSources(renamed, frozenset(gone), missing)


def _is_file(folder: Folder, name: str) -> bool:
    return folder.root.name != "" and (folder.root.parent / name).is_file()


def _renamed(
    folder: Folder, lost: Mapping[str, Sequence[str]], new: Mapping[str, Path]
) -> dict[str, str]:
    """The former names of files of ``new``, by their names: of each pair the likest first."""
    before = {name: _runs("\n".join(texts)) for name, texts in lost.items()}
    now = {name: _runs(_text(path)) for name, path in new.items()}
    pairs = [
        (-score, not same_name, old, name)
        for old, name in _candidates(before, now)
        for same_name in [PurePosixPath(old).name == PurePosixPath(name).name]
        if (score := _shared(before[old], now[name])) >= (_SAME_NAME if same_name else _SAME)
    ]
    said = _renames_in_git(folder, set(lost), new)
    pairs += [(-2.0, False, old, name) for name, old in said.items()]
    found: dict[str, str] = {}
    taken: set[str] = set()
    for _, _, old, name in sorted(pairs):
        if name not in found and old not in taken:
            found[name] = old
            taken.add(old)
    return found


def _candidates(
    before: Mapping[str, Counter[int]], now: Mapping[str, Counter[int]]
) -> Iterator[tuple[str, str]]:
    """The pairs of files that are worth comparing: of each former one those that have most of a sample
    of its runs. Each file with each other would take too long where a large folder has moved."""
    index: dict[int, list[str]] = {}
    for name, runs in now.items():
        for run in _sample(runs):
            index.setdefault(run, []).append(name)
    for old, runs in before.items():
        hits = Counter(name for run in _sample(runs) for name in index.get(run, ())[:_MOST_FILES])
        yield from ((old, name) for name, _ in hits.most_common(_MOST_COMPARED))


def _sample(runs: Counter[int]) -> Iterator[int]:
    """Some of ``runs``, the same of all files; of a short text all."""
    return (run for run in runs if len(runs) < _SHORT or run % 8 == 0)


def _runs(text: str) -> Counter[int]:
    """The runs of a few words in ``text``, or of signs where a language has no spaces, as numbers. What
    an import adds to a text is left out."""
    words = _WORD.findall(_CITATION.sub("", text).casefold())
    length = min(_RUN, len(words))
    return Counter(hash(tuple(words[n : n + length])) for n in range(len(words) - length + 1))


def _shared(one: Counter[int], other: Counter[int]) -> float:
    """The share of the shorter of two texts that is in the other; 0 where one is many times as long."""
    shorter, longer = sorted((one.total(), other.total()))
    if not shorter or longer > _LONGEST_SHORTER * shorter:
        return 0.0
    return (one & other).total() / shorter


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig", "replace")
    except OSError:
        return ""


def _renames_in_git(folder: Folder, lost: set[str], new: Iterable[str]) -> dict[str, str]:
    """The names of ``lost`` files that git says were renamed, by their names now."""
    if not (folder.root / ".git").exists():
        return {}
    above = f"{folder.root.name}/"
    found: dict[str, str] = {}
    for name in list(new)[:_MOST_ASKED]:
        path = name.removeprefix(above)
        arguments = ("--follow", "-M", "--name-status", "--format=", "--", path)
        for line in git.run(folder.root, "log", *arguments).decode("utf-8", "replace").splitlines():
            parts = line.split("\t")
            if parts[0].startswith("R") and len(parts) == 3 and above + parts[1] in lost:
                found.setdefault(name, above + parts[1])
    return found


def _deleted(folder: Folder) -> set[str]:
    """The names of the files that commits have taken out of the clone, if ``folder`` is in one."""
    if not (folder.root / ".git").exists():
        return set()
    out = git.run(
        folder.root, "log", "--no-renames", "--diff-filter=D", "--name-only", "--format=", "-z"
    )
    names = out.decode("utf-8", "replace").replace("\n", "\0").split("\0")
    return {f"{folder.root.name}/{name}" for name in names if name}
