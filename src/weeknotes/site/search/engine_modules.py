"""The modules of the search's engine, which runs in a reader's browser.

Its tables are those with which the index is made, written as a module of their own, so that a query is
read as the notes were.
"""

from __future__ import annotations

import json
from pathlib import Path

from weeknotes.site.search import times
from weeknotes.text import folding, inflections, tokens

_BROWSER = Path(__file__).parent / "browser"
_TABLES = "tables"
#: The modules, each after those that it imports.
MODULES = (_TABLES, "text", "times", "query", "postings", "hits", "marks", "engine")


def source(name: str) -> str:
    """The text of the module ``name``, which imports its neighbours as ``./NAME.js``."""
    return _tables() if name == _TABLES else (_BROWSER / f"{name}.js").read_text("utf-8")


def _tables() -> str:
    tables = {
        "HAN": tokens.HAN,
        "HANGUL": tokens.HANGUL,
        "JOINERS": tokens.JOINERS,
        "LETTERS": folding.LETTERS,
        "INVISIBLE": folding.INVISIBLE,
        "FAMILIES": inflections.FAMILIES,
        "UNCHANGED": sorted(inflections.UNCHANGED),
        "MONTHS": times.MONTHS,
        "TIME_FORMS": times.FORMS,
    }
    return "".join(
        f"export const {name} = {json.dumps(value)};\n" for name, value in tables.items()
    )
