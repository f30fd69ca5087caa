"""Images attached to a cell (nbformat, "Cell attachments") under names that both engines find them by.

JupyterLab writes the name of an attachment into the address as an address needs it: ``a b.png`` becomes
``attachment:a%20b.png``. Engines look for the name as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import unquote

_ADDRESS = re.compile(r"\battachment:(?:([^\s()<>\"'\\]+(?:\([^\s()<>\"']*\)[^\s()<>\"']*)*))")
_ANGLED = re.compile(r"<attachment:([^<>\n]+)>")
_PLAIN = re.compile(r"[A-Za-z0-9_.-]+")


def mentions(text: str) -> Iterator[tuple[int, int, str]]:
    """The attachments that the Markdown ``text`` names: start and end of each name as it is
    written, and the name decoded."""
    spans: list[tuple[int, int]] = []
    for pattern in (_ANGLED, _ADDRESS):
        for match in pattern.finditer(text):
            if not any(start <= match.start(1) < end for start, end in spans):
                spans.append(match.span(1))
                yield *match.span(1), unquote(match[1])


def with_plain_names(
    text: str, attached: Mapping[str, Any]
) -> tuple[str, dict[str, Any], list[tuple[int, str]]]:
    """``text`` and ``attached`` with names that need no encoding, and the names that ``text`` mentions
    and nothing is attached as, each with its line."""
    kept: dict[str, Any] = {}
    made: dict[str, str] = {}
    for number, (name, data) in enumerate(attached.items(), 1):
        plain = name
        if not _PLAIN.fullmatch(name):
            suffix = PurePosixPath(name).suffix
            plain = f"attachment-{number}{suffix if _PLAIN.fullmatch(suffix) else ''}"
        kept[plain] = data
        made[name] = plain
    edits, missing = [], []
    for start, end, name in mentions(text):
        written = text[start:end]
        found = made.get(name) or made.get(written)
        if found is None:
            missing.append((text.count("\n", 0, start) + 1, name))
        elif found != written:
            edits.append((start, end, found))
    for start, end, found in sorted(edits, reverse=True):
        text = text[:start] + found + text[end:]
    return text, kept, missing
