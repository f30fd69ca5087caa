"""The record of what was last written to an output folder, and of the site that it replaced.

It is read and written whole, in one file for each output folder. A folder with times as they were when
the site was put in place holds the same names as then, so that nothing in it need be listed.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from weeknotes.files import write_cache
from weeknotes.site.store.state import digest

_FORMAT = 5

#: What a file of a site was made from (a fingerprint), and its modification time (ns) and size.
Written = tuple[str, list[int] | None]


@dataclass(frozen=True)
class WrittenSite:
    """A site as it was put in place: a fingerprint of the ``site``, its ``files``, and the modification
    times of its ``folders``.

    ``spare`` are those of the site that it replaced, None where they are not known. Of that one,
    ``stale`` are the files that are not the same in this one, which has ``added`` others.
    """

    site: str = ""
    files: Mapping[str, Written] = field(default_factory=dict)
    folders: Mapping[str, int] = field(default_factory=dict)
    spare: Mapping[str, int] | None = None
    stale: tuple[str, ...] = ()
    added: tuple[str, ...] = ()


def load_written(folder: Path, output: Path) -> WrittenSite:
    """The record of what was last written to ``output``; an empty one where there is none."""
    try:
        data = json.loads(written_path(folder, output).read_bytes())
        if data.pop("format") != _FORMAT:
            return WrittenSite()
        columns = (data.pop(name) for name in ("hrefs", "inputs", "times", "sizes"))
        files = {
            href: (inputs, [time, size]) for href, inputs, time, size in zip(*columns, strict=True)
        }
        stale, added = tuple(data.pop("stale")), tuple(data.pop("added"))
        return WrittenSite(files=files, stale=stale, added=added, **data)
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return WrittenSite()


def save_written(folder: Path, output: Path, now: WrittenSite) -> None:
    """Remember what was written to ``output``. Raises OSError."""
    stats = [stat or (0, -1) for _, stat in now.files.values()]
    data = {
        **vars(now),
        "format": _FORMAT,
        "hrefs": list(now.files),
        "inputs": [inputs for inputs, _ in now.files.values()],
        "times": [time for time, _ in stats],
        "sizes": [size for _, size in stats],
    }
    del data["files"]
    write_cache(written_path(folder, output), json.dumps(data, separators=(",", ":")).encode())


def written_path(folder: Path, output: Path) -> Path:
    """The file that records what was last written to ``output``."""
    return folder / f"output-{digest(str(output))[:12]}.json"


def spare_path(folder: Path, output: Path) -> Path:
    """The folder of the site that the one in ``output`` has replaced."""
    return folder / f"spare-{digest(str(output))[:12]}"


def replacing(
    before: WrittenSite, site: str, files: Mapping[str, Written], staging: Path, output: Path
) -> WrittenSite:
    """The record of the site of ``files`` in ``staging``, which is to replace what is in ``output``:
    that is what was written ``before``, unless somebody else has been there."""
    known = holds_the_same(output, before.folders)
    return WrittenSite(
        site,
        files,
        folder_times(staging, files),
        before.folders if known else None,
        tuple(href for href, one in before.files.items() if files.get(href) is not one),
        tuple(href for href in files if href not in before.files),
    )


def folder_times(folder: Path, hrefs: Iterable[str]) -> dict[str, int]:
    """The modification times (ns) of the folders of the files ``hrefs`` in ``folder``. Raises
    OSError."""
    found = {""}
    for href in hrefs:
        inner = href.rpartition("/")[0]
        while inner not in found:
            found.add(inner)
            inner = inner.rpartition("/")[0]
    # Strings, for hundreds of folders.
    return {inner: os.stat(f"{folder}/{inner}").st_mtime_ns for inner in sorted(found)}  # noqa: PTH116


def holds_the_same(folder: Path, times: Mapping[str, int]) -> bool:
    """Whether ``folder`` holds files of the same names as when its folders had these ``times``: never
    on a file system that keeps whole seconds, in one of which much can happen."""
    try:
        return bool(times) and all(
            os.stat(f"{folder}/{inner}").st_mtime_ns == time and time % 1_000_000_000  # noqa: PTH116
            for inner, time in times.items()
        )
    except OSError:
        return False
