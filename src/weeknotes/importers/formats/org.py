"""A file of org-mode, as journals and notes of org-roam are.

::

    20240701-bells.org
    #+title: Bells that count
    #+date: [2024-07-01 Mon]
    * TODO Counting
    Counting is hard [cite:@kim2024].

pandoc reads it, and it becomes a page as a post of Quarto does: of the day that its date, its timestamp
or its name tells. Drawers, keywords, comments and the times of tasks, which no reader sees, are kept in
the notebook's metadata.
"""

from __future__ import annotations

import re

from weeknotes.importers.converted import markdown_of, text_of
from weeknotes.importers.dates.dates_in_names import day_in_name
from weeknotes.importers.format import Evidence, Format
from weeknotes.importers.pandoc_pages import plan, split
from weeknotes.importers.source_files import Source, SourceError, SourcePlace

_DRAWER = re.compile(r"^\s*:[A-Z_]+:\s*\n(?:.*\n)*?\s*:END:\s*$", re.M)
_KEYWORD = re.compile(r"^\s*#\+(\w+):[ \t]*(.*?)[ \t]*$", re.M)
_HIDDEN = re.compile(r"^\s*(?:#(?: .*|$)|(?:SCHEDULED|DEADLINE|CLOSED|CLOCK):.*)$", re.M)
_NOTE_LINK = re.compile(r"\[\[(?:id|roam|fuzzy|denote):[^\[\]]*\](?:\[([^\[\]]+)\])?\]")
_READER = "org-auto_identifiers"
_BACKSLASH = "\ue05c"
# Blocks, verbatim text and formulas.
_VERBATIM = re.compile(
    r"(^[ \t]*#\+begin_.*?^[ \t]*#\+end_\w+|(?<![\w=~])([=~])(?=\S)[^\n]*?\S?\2(?![\w=~])|"
    r"\$\$.*?\$\$|\$(?=\S)(?:[^$\n]|\n(?![ \t]*\n))+?(?<=\S)\$(?![\w$])|\\\(.*?\\\)|\\\[.*?\\\])",
    re.M | re.S | re.I,
)
_LONELY = re.compile(r"\\(?=[^A-Za-z\n])")
_DATE = re.compile(r"[<\[]?(\d{4}-\d{2}-\d{2})")
_TITLED = ("title", "author", "date", "language", "bibliography")
_BLOCK = re.compile(r"^\s*#\+begin_.*?^\s*#\+end_\w+", re.M | re.S | re.I)


def convert(place: SourcePlace) -> str:
    """The file as Markdown, what pandoc leaves out of it in the front matter."""
    text = text_of(place)
    outside = _BLOCK.sub("", text)
    kept = [match[0].strip() for match in _DRAWER.finditer(outside)]
    keywords = {match[1].lower(): match[2] for match in _KEYWORD.finditer(outside)}
    kept += [
        match[0].strip()
        for match in _KEYWORD.finditer(outside)
        if match[1].lower() not in (*_TITLED, "caption", "name", "tblfm", "html")
    ]
    kept += [match[0].strip() for match in _HIDDEN.finditer(_DRAWER.sub("", outside))]
    more: dict[str, object] = {"org": [line for line in kept if line not in ("", "#")]}
    if day := _DATE.search(keywords.get("date", "")):
        more["date"] = day[1]
    elif found := day_in_name(place.path.stem):
        more["date"] = found.isoformat()
    tags = [word for word in re.split(r"[:\s]+", keywords.get("filetags", "")) if word]
    more["tags"] = tags
    plain = _on_one_line(_NOTE_LINK.sub(_named, text))
    try:
        return markdown_of(plain, _READER, place, more)
    except SourceError:
        # pandoc stops at a backslash that is before no letter, as in %HOME%\.cargo.
        made = markdown_of(_without_backslashes(plain), _READER, place, more)
        return made.replace(_BACKSLASH, "\\\\")


def _on_one_line(text: str) -> str:
    """``text`` with each formula between dollar signs on one line: pandoc reads one over several lines
    as text."""
    return _VERBATIM.sub(lambda found: _joined(found[0]), text)


def _joined(found: str) -> str:
    return " ".join(found.split()) if re.fullmatch(r"\$[^$]+\$", found) else found


def _without_backslashes(text: str) -> str:
    """``text`` with a stand-in for each backslash that is before no letter, outside of code and
    formulas."""
    made, at = [], 0
    for match in _VERBATIM.finditer(text):
        made += [_LONELY.sub(_BACKSLASH, text[at : match.start()]), match[0]]
        at = match.end()
    return "".join([*made, _LONELY.sub(_BACKSLASH, text[at:])])


def _named(match: re.Match[str]) -> str:
    """The words of a link to another note, which is not a place to go to from here."""
    return match[1] or match[0].strip("[]").partition(":")[2]


def sniff(source: Source) -> Evidence:
    """The suffix."""
    if source.place.path.suffix.lower() == ".org":
        return Evidence(12.0, ("a file of org-mode",))
    return Evidence()


FORMAT = Format(
    "org",
    "files of org-mode, through pandoc",
    sniff,
    plan,
    suffixes=(".org",),
    convert=convert,
    split=split,
    pandoc=True,
)
