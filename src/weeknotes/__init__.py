"""Weeknotes: a research journal of plain Jupyter notebooks, one a week."""

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

#: What the code cells of templates and of journals import from this package by its short name.
_PUBLIC = {"charts": "weeknotes.text.charts", "glance": "weeknotes.actions.glance"}


def __getattr__(name: str) -> Any:
    """Let a notebook say ``from weeknotes import glance``, and load the module only then."""
    if name in _PUBLIC:
        return import_module(_PUBLIC[name])
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
