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
_LONGEST = 120


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


def _plain(text: str) -> str:
    name = _OTHER.sub("-", unicodedata.normalize("NFC", text)).strip("-")
    while len(name.encode()) > _LONGEST:
        name = name[:-1]
    return f"_{name}" if _DEVICES.match(name) else name
