"""A post in reStructuredText, as blogs of Pelican, Nikola and Sphinx (ABlog) have them.

::

    bells.rst
    Bells that count
    ================

    :date: 2024-07-01
    :tags: bells, counting

    Counting is hard.

pandoc reads it, and it becomes a page as a post of Quarto does. Metadata are the fields below the
title, or the comments of Nikola (``.. date: 2024-07-01``). A file without any date is not recognised:
most are the documentation of some program.
"""

from __future__ import annotations

import re

from weeknotes.importers.converted import markdown_of, text_of, with_callouts
from weeknotes.importers.dates.dates_in_names import day_in_name
from weeknotes.importers.format import Evidence, Format
from weeknotes.importers.pandoc_pages import plan, split
from weeknotes.importers.source_files import Source, SourcePlace

_NIKOLA = re.compile(r"^\.\. (\w+): ?(.*)$")
_COMMENT = re.compile(r"^\.\.(?: (?![\w:-]+::)(?!_|\[|\|).*)?\n(?:[ \t]+.*\n|\n(?=[ \t]))*", re.M)
_TIME = re.compile(r"^:date: *([0-9][0-9-]{9}[ T][0-9:]{4,8})", re.M | re.I)
_POST = re.compile(r"^\.\. post:: *(\S.*)$", re.M)


def convert(place: SourcePlace) -> str:
    """The file as Markdown, what pandoc leaves out of it in the front matter."""
    text = text_of(place)
    more: dict[str, object] = {}
    for line in text.split("\n"):
        match = _NIKOLA.match(line)
        if match is None:
            break
        more[match[1].lower()] = match[2].strip()
    if match := _POST.search(text):
        more["date"] = match[1].strip()
    if "date" not in more and (match := _TIME.search(text)):
        # Pandoc reads the day of it only.
        more["date"] = match[1].strip()
    if "date" not in more and (day := day_in_name(place.path.stem)):
        more["date"] = day.isoformat()
    named = {f".. {key}: {value}".strip() for key, value in more.items()}
    comments = (match[0].strip() for match in _COMMENT.finditer(text + "\n"))
    more["rst"] = [
        comment
        for comment in comments
        if comment not in ("..", *named) and not _NIKOLA.match(comment)
    ]
    return with_callouts(markdown_of(text, "rst-auto_identifiers", place, more))


def sniff(source: Source) -> Evidence:
    """The suffix, and a date."""
    if source.place.path.suffix.lower() != ".rst":
        return Evidence()
    dated = any(text.startswith("date: ") for text in source.lines[:40])
    if dated or source.place.named:
        return Evidence(12.0, ("a file in reStructuredText with a date",))
    return Evidence(0.5, ("a file in reStructuredText without a date",))


FORMAT = Format(
    "rst",
    "posts in reStructuredText, through pandoc",
    sniff,
    plan,
    suffixes=(".rst",),
    convert=convert,
    split=split,
    pandoc=True,
)
