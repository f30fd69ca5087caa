"""The theme's files: styles and scripts, each served under an address that carries its hash.

What is in ``theme/css`` is one style sheet, joined in the order of names, and ``theme/js`` one
script. Every other style sheet and script in ``theme`` is a file of its own.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from weeknotes.site.data.page_records import Artifact, FileArtifact

THEME = Path(__file__).parent
_KINDS = (".css", ".js", ".svg", ".html")
_SERVED = (".css", ".js", ".svg")


@dataclass(frozen=True)
class Theme:
    """The theme as it is on disk.

    ``addresses`` maps a plain name ("weeknotes.css", "early.js") to the site-relative path of that
    file; ``artifacts`` are the files; ``fingerprint`` changes with any of them and any template.
    """

    addresses: Mapping[str, str]
    artifacts: tuple[Artifact, ...]
    fingerprint: str

    @classmethod
    def load(cls, folder: Path = THEME) -> Theme:
        """The theme in ``folder``; read again only when a file in it has changed."""
        paths = sorted(path for path in folder.rglob("*") if path.suffix in _KINDS)
        stats = tuple((str(path), path.stat().st_mtime_ns) for path in paths)
        return _load(folder, stats)


@lru_cache(maxsize=2)
def _load(folder: Path, stats: tuple[tuple[str, int], ...]) -> Theme:
    paths = [Path(name) for name, _ in stats]
    files = {
        "weeknotes.css": _joined(paths, folder / "css"),
        "weeknotes.js": _joined(paths, folder / "js"),
    }
    for path in paths:
        if path.parent == folder and path.suffix in _SERVED:
            files[path.name] = path.read_bytes()
    addresses = {name: _address(name, data) for name, data in files.items()}
    return Theme(
        addresses=addresses,
        artifacts=tuple(
            FileArtifact(addresses[name], addresses[name], lambda data=data: data)  # type: ignore[misc]
            for name, data in files.items()
        ),
        fingerprint=_hash(b"".join(str(path).encode() + path.read_bytes() for path in paths)),
    )


def _joined(paths: list[Path], folder: Path) -> bytes:
    return b"\n".join(path.read_bytes() for path in paths if path.parent == folder)


def _address(name: str, data: bytes) -> str:
    stem, _, suffix = name.rpartition(".")
    return f"theme/{stem}.{_hash(data)[:10]}.{suffix}"


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
