"""The files of a journal that a text of it refers to: by links, images, attributes and shortcodes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from urllib.parse import unquote

_TARGET = re.compile(
    r"""\]\(\s*(?:<([^>\n]+)>|((?:[^()\s]|\([^()\s]*\))+))"""
    r"""|\b(?:src|href|poster|data)\s*=\s*(?:"([^"]+)"|'([^']+)'|([^"'\s>]+))"""
    r"""|\{\{<\s*(?:include|video|embed)\s+["']?([^"'\s>]+)"""
    r"""|^\s*\[[^\]^]+\]:\s*(?:<([^>\n]+)>|(\S+))""",
    re.M,
)


def referred(root: Path, source: str, text: str) -> Iterator[str]:
    """The files of the journal at ``root`` that ``text``, from the file ``source``, refers to, POSIX
    from the root."""
    if "(" not in text and "=" not in text and "{{<" not in text and "]:" not in text:
        return
    for match in _TARGET.finditer(text):
        name = next(group for group in match.groups() if group)
        if "://" in name or name.startswith(("#", "data:", "mailto:", "attachment:")):
            continue
        if local := local_file(root, source, unquote(name.partition("#")[0].partition("?")[0])):
            yield local


def local_file(root: Path, source: str, name: str) -> str | None:
    """The file that ``source`` calls ``name``, POSIX from the root; None where there is none."""
    if not name:
        return None
    base = PurePosixPath() if name.startswith("/") else PurePosixPath(source).parent
    path = (root / base / name.lstrip("/")).resolve()
    try:
        return path.relative_to(root).as_posix() if path.is_file() else None
    except (ValueError, OSError):
        return None
