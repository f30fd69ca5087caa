"""File names made of citation keys and tags: the same on every file system, and readable."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable

#: What is kept: letters and digits of any script, and what means nothing to a shell or an address.
_OTHER = re.compile(r"[^\w.+-]+|^[.-]+|[.]+$")
#: Names that Windows keeps for its devices.
_DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?$", re.I)
#: What no name on Windows holds (learn.microsoft.com, "Naming files, paths, and namespaces").
_FORBIDDEN = re.compile(r'[<>:"\\|?*\x00-\x1f]')
_LONGEST = 120
#: A longer name of letters and digits alone is none of a device.
_SHORTEST_SURE = 4


def file_names(texts: Iterable[str]) -> dict[str, str]:
    """A file name, without an ending, for each of ``texts``.

    A text that is fit for one is its own name. What had to be changed, or differs from another in
    upper and lower case alone, carries a hash, so that no two have the same name anywhere.
    """
    names: dict[str, str] = {}
    taken: set[str] = set()
    for text in sorted(set(texts)):
        name = _plain(text)
        if not name or name != text or name.casefold() in taken:
            name = f"{name}-{hashlib.blake2b(text.encode(), digest_size=4).hexdigest()}".lstrip("-")
        taken.add(name.casefold())
        names[text] = name
    return names


def unfit(name: str) -> str:
    """Why Windows can have no file called ``name``, the last part of a path; empty where it can."""
    if _DEVICES.match(name):
        return f"it keeps the name {name.partition('.')[0]} for a device"
    if found := _FORBIDDEN.search(name):
        return f"a name there has no {found[0]!r}"
    return "a name there ends in no dot or space" if name[-1:] in (".", " ") else ""


def _plain(text: str) -> str:
    if text.isascii() and text.isalnum() and _SHORTEST_SURE < len(text) <= _LONGEST:
        return text  # As nearly all citation keys are.
    name = _OTHER.sub("-", unicodedata.normalize("NFC", text)).strip("-")
    while len(name.encode()) > _LONGEST:
        name = name[:-1]
    return f"_{name}" if _DEVICES.match(name) else name
