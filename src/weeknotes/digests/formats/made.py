"""A cell as a form makes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from weeknotes.digests.entry import Entry


@dataclass(frozen=True)
class Made:
    """A Markdown cell called ``name`` with ``text``; ``entry`` is the paper that it is about, and
    ``provenance`` that of a text in it which a model wrote and which is no entry's."""

    name: str
    text: str
    entry: Entry | None = None
    provenance: Mapping[str, Any] = field(default_factory=dict)
