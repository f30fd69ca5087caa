"""Still images of interactive figures, made by libraries that the journal's environment may have:
vl-convert for Vega and Vega-Lite, Plotly with kaleido for Plotly.

Each is made in a process of its own, with a limit of time, and kept by the content of the figure.
Nothing is fetched: a figure whose data are on another host has no still.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import subprocess
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from weeknotes.files import write_cache

SECONDS = 60
"""How long a still may take: kaleido starts a browser."""

#: By the kind of a figure: the packages that are needed, and the program that turns the figure on
#: standard input into SVG on standard output.
_MAKERS = {
    "Vega": (
        ("vl_convert",),
        """
import json, sys, vl_convert
spec = json.load(sys.stdin)
made = vl_convert.vega_to_svg if "/vega/" in str(spec.get("$schema")) else vl_convert.vegalite_to_svg
sys.stdout.write(made(spec, allowed_base_urls=[]))
""",
    ),
    "Plotly": (
        ("plotly", "kaleido"),
        """
import json, sys
import plotly.io
sys.stdout.buffer.write(plotly.io.to_image(json.load(sys.stdin), format="svg", validate=False))
""",
    ),
}
PACKAGES = {"Vega": "vl-convert-python", "Plotly": "kaleido"}
"""What to install for the stills of a kind of figure."""


@dataclass(frozen=True)
class Stills:
    """Makes stills and keeps them in ``folder``."""

    folder: Path

    def svg(self, kind: str, spec: Any) -> str | None:
        """The figure ``spec`` of a ``kind`` as SVG; None where no library can draw it, or it fails."""
        if kind not in _MAKERS or not isinstance(spec, dict) or not is_available(kind):
            return None
        text = json.dumps(spec, sort_keys=True)
        name = hashlib.blake2b(f"{kind} {text}".encode(), digest_size=16).hexdigest()
        path = self.folder / f"{name}.svg"
        failed = path.with_suffix(".none")
        if path.is_file():
            return path.read_text("utf-8")
        if failed.is_file():
            return None
        made = _run(_MAKERS[kind][1], text)
        write_cache(path if made else failed, (made or "").encode())
        return made


def is_available(kind: str) -> bool:
    """Whether the libraries for stills of ``kind`` are installed."""
    return all(importlib.util.find_spec(name) for name in _MAKERS[kind][0])


def library_files() -> list[str]:
    """The paths of the libraries, installed or not: a page with such a figure depends on them, so
    that it is rendered again when one is installed."""
    folder = Path(sysconfig.get_path("purelib"))
    return sorted(str(folder / name) for names, _ in _MAKERS.values() for name in names)


def _run(program: str, text: str) -> str | None:
    try:
        done = subprocess.run(
            [sys.executable, "-c", program],
            input=text.encode(),
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    made = done.stdout.decode("utf-8", "replace")
    return made if done.returncode == 0 and "<svg" in made else None
