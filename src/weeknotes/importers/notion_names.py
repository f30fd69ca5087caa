"""The names of the files that Notion exports, which end in the number of a page.

==========================================  ====================================================
``Bells that count 0123…cdef.md``           32 hexadecimal digits, the usual name
``Bells that count 01234567-89ab-….md``     the same number, written as a UUID
``Bells that 0a1b2.md``                     ten characters of the title and five digits, where the
                                            names were to be short
``Bells 0123…cdef_all.csv``                 a database with all its columns and rows
==========================================  ====================================================
"""

from __future__ import annotations

import os
import re
from functools import lru_cache
from pathlib import Path

_LONG = re.compile(
    r"^(.*?)[ _-]?(?<![0-9a-f])([0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(_all)?$"
)
_SHORT = re.compile(r"^(.{1,11}) ([0-9a-f]{5})(_all)?$")
_SUFFIXES = (".md", ".csv", ".html")
_SAMPLE = 200
_SHARE = 0.6


def title_in(stem: str) -> str | None:
    """The title in the name of a file, as far as the name holds it; None for a name without a long
    number."""
    match = _LONG.match(stem)
    return match[1].strip() or "Untitled" if match else None


def short_title_in(stem: str) -> str | None:
    """The beginning of a title in a short name, None for another name. Words may look like one
    (``On being faded``), so that only `has_short_names` says what it is."""
    match = _SHORT.match(stem)
    return match[1].strip() if match else None


def is_all_rows(stem: str) -> bool:
    """Whether a database is the one of two files that has all its columns and rows."""
    return stem.endswith("_all")


@lru_cache(maxsize=64)
def has_short_names(root: Path) -> bool:
    """Whether most pages and databases under ``root`` have short names: then it is an export."""
    found: list[bool] = []
    for folder, folders, names in os.walk(root):
        folders[:] = [name for name in folders if not name.startswith(".")]
        stems = (Path(name).stem for name in names if name.lower().endswith(_SUFFIXES))
        found += [short_title_in(stem) is not None for stem in stems]
        if len(found) >= _SAMPLE:
            break
        del folder
    return len(found) >= 3 and sum(found) >= _SHARE * len(found)
