"""Rules about the names of files: a clone on Windows or macOS must not lose one."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath

from weeknotes.checks.findings import Finding
from weeknotes.site.data.addresses import unfit


def names(files: Iterable[str]) -> Iterator[Finding]:
    """The ``files``, paths from the journal's folder, that other systems cannot have, or cannot have
    beside another: there, a clone has one of the two alone."""
    seen: dict[str, str] = {}
    for file in sorted(files):
        # macOS takes the composed and the decomposed form of a letter for one.
        first = seen.setdefault(unicodedata.normalize("NFC", file).casefold(), file)
        why = next((why for part in PurePosixPath(file).parts if (why := unfit(part))), "")
        if first != file:
            message = f"on Windows and macOS it is the same file as {first}"
        elif why:
            message = f"Windows cannot have this file: {why}"
        else:
            continue
        yield Finding("file-name", file, message, None, None, "Give it another name.")
