"""Keys of the keyboard as HTML, for `{{< kbd >}}` under both engines.

Quarto shows the keys of the reader's own system, which takes a script. Here they are all shown, each
with its system, as Quarto does in formats other than HTML.
"""

from __future__ import annotations

import html
from collections.abc import Mapping

SYSTEMS = {"linux": "Linux", "mac": "macOS", "windows": "Windows"}
"""The systems that keys can be named for, and what a reader calls them."""
ARGUMENTS = {"linux": "linux", "mac": "mac", "win": "windows"}
"""The arguments of the shortcode, and the systems that they name."""


def keys(default: str, systems: Mapping[str, str]) -> str:
    """HTML that shows the keys `default` (may be empty) and those of `systems` that differ."""
    named: dict[str, list[str]] = {}
    for system, text in sorted(systems.items()):
        named.setdefault(text, []).append(SYSTEMS[system])
    if not default and len(named) == 1:
        default = next(iter(named))
    shown = [f"{_key(text)} ({', '.join(on)})" for text, on in named.items() if text != default]
    return (_key(default) + (" " if shown else "") if default else "") + ", ".join(shown)


def _key(text: str) -> str:
    return f"<kbd>{html.escape(text)}</kbd>"
