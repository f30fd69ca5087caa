"""The record of what JupyterLab's extension was built from: `make labextension` writes it.

Node is needed to build it, and neither to use nor to test it. So the digests of the sources and
of what was built are kept beside the latter, and a test compares both: an edit of either is found out.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "labextension"
BUILT = ROOT / "src" / "weeknotes" / "editors" / "labextension"
RECORD = BUILT / "built-from.json"
_PARTS = (
    "src/*.ts",
    "style/*",
    "package.json",
    "package-lock.json",
    "tsconfig.json",
    "webpack.config.js",
)


def record() -> dict[str, dict[str, str]]:
    """The digests of the sources and of what was built from them, by their paths (POSIX)."""
    sources = sorted(path for part in _PARTS for path in SOURCE.glob(part))
    built = sorted(p for p in BUILT.rglob("*") if p.is_file() and p != RECORD)
    return {
        "sources": {path.relative_to(SOURCE).as_posix(): _digest(path) for path in sources},
        "built": {path.relative_to(BUILT).as_posix(): _digest(path) for path in built},
    }


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


if __name__ == "__main__":
    RECORD.write_text(json.dumps(record(), indent=1) + "\n", "utf-8")
