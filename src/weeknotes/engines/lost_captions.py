"""Captions that a cell's options give and that are nowhere on its page.

A caption needs a figure, table or listing to be below. Where a cell shows none, or fewer than it has
captions for, both engines leave the words out, and so they are reported here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from weeknotes.engines.code_cells import Options, is_shown, split_options
from weeknotes.engines.normalise import Element
from weeknotes.engines.page_settings import PageSettings
from weeknotes.engines.source_reading import PageSource

_CAPTIONS = ("fig-cap", "fig-subcap", "tbl-cap", "tbl-subcap", "lst-cap", "title")
#: Parts of a caption whose words a page shows in another form.
_OTHERWISE = re.compile(r"\$[^$]*\$|-?@\{?[\w:.-]+\}?|\]\([^)]*\)|<[^<>]*>|\\\w+|\{[^{}]*\}")
_MARKS = re.compile(r"[*_~`]")
_WORD = re.compile(r"[^\W_]+")
_LONG = 60

Warn = Callable[[str, int | None, str], None]
"""Called with a message, the number of the cell, and what to do."""


def report(source: PageSource, settings: PageSettings, root: Element, warn: Warn) -> None:
    """Report each caption of a shown cell in ``source`` of which the page ``root`` has less than half
    of the words."""
    if not source.path.endswith(".ipynb"):
        return
    shown: set[str] | None = None
    for number, option, caption in _captions(source, settings):
        if shown is None:
            shown = {w for element in _places(root) for w in _WORD.findall(element.text_content())}
        words = _WORD.findall(_MARKS.sub("", _OTHERWISE.sub(" ", caption)))
        if words and sum(word in shown for word in words) * 2 < len(words):
            text = caption if len(caption) <= _LONG else f"{caption[: _LONG - 1]}…"
            hint = "Write it in a Markdown cell; a caption needs a figure, table or listing."
            warn(f"the '{option}' of this cell is not shown: {text}", number, hint)


def _places(root: Element) -> Iterator[Element]:
    """The elements of a page in which a caption may be: that of an output without a figure is a
    paragraph below it."""
    yield from root.iter("figcaption", "caption")
    for cell in root.iter("div"):
        if "cell" in (cell.get("class") or "").split():
            yield from cell.iter("p")


def _captions(source: PageSource, settings: PageSettings) -> Iterator[tuple[int | None, str, str]]:
    """The captions in the options of each shown cell, with the cell's number and the option."""
    for cell in source.cells:
        if cell.kind != "code" or "|" not in cell.text:
            continue
        values, lines, _, _ = split_options(cell, source.language)
        options = Options(values, settings)
        if not lines or not is_shown(cell, options):
            continue
        for name in _CAPTIONS:
            if name == "lst-cap" and not options.flag("echo"):
                continue
            if name.startswith(("fig", "tbl")) and not options.flag("output"):
                continue
            yield from ((cell.number, name, text) for text in _texts(values.get(name)))


def _texts(value: Any) -> Iterator[str]:
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, str):
            yield " ".join(item.split())
