"""A file of org-mode, as journals and notes of org-roam are.

::

    20240701-bells.org
    #+title: Bells that count
    #+date: [2024-07-01 Mon]
    * TODO Counting
    Counting is hard [cite:@kim2024].

pandoc reads it, and it becomes a page as a post of Quarto does: of the day that its date or its name
tells. The days of a journal, in a date tree or a file each, go to their weeks (`pandoc_days`). Drawers,
keywords, comments and the times of tasks, which no reader sees, are kept in the notebook's metadata.
Sections that org-mode does not export (``:noexport:``, ``COMMENT``) and blocks of comments are private.
"""

from __future__ import annotations

import re

from weeknotes.importers.converted import markdown_of, text_of, with_callouts
from weeknotes.importers.dates.dates_in_names import day_in_name
from weeknotes.importers.format import Evidence, Format
from weeknotes.importers.pandoc_days import journal_pages
from weeknotes.importers.pandoc_pages import split
from weeknotes.importers.source_files import Source, SourceError, SourcePlace

_DRAWER = re.compile(r"^\s*:[A-Z_]+:\s*\n(?:.*\n)*?\s*:END:\s*$", re.M)
_KEYWORD = re.compile(r"^\s*#\+(\w+):[ \t]*(.*?)[ \t]*$", re.M)
_HIDDEN = re.compile(r"^\s*(?:#(?: .*|$)|(?:SCHEDULED|DEADLINE|CLOSED|CLOCK):.*)$", re.M)
_NOTE_LINK = re.compile(r"\[\[(?:id|roam|fuzzy|denote):[^\[\]]*\](?:\[([^\[\]]+)\])?\]")
# The last settings are those that count.
_SETTINGS = "\n\n#+OPTIONS: H:6 arch:t\n#+EXCLUDE_TAGS: none\n"
_HEADLINE = re.compile(
    r"^(\*+ (?:(?!COMMENT\b)[A-Z]{3,} )?)(COMMENT(?= |$) ?)?(.*?)(?:[ \t]+(:[\w@#%:]+:))?[ \t]*$",
    re.M,
)
_EXCLUDED = re.compile(r"^#\+exclude_tags:(.*)$", re.M | re.I)
_INLINE_COMMENT = re.compile(r"@@comment:(.*?)@@", re.S)
# The metadata of a post of Nikola, in a block of comments that the file begins with.
_NIKOLA = re.compile(
    r"\A\s*#\+begin_comment[ \t]*\n((?:\.\. \w+:.*\n|[ \t]*\n)+)#\+end_comment[ \t]*(?:\n|\Z)", re.I
)
_COMMENTS = re.compile(r"^([ \t]*#\+(?:begin|end)_)comment\b", re.M | re.I)
# The keywords that pandoc reads. It shows any other as code.
_READ = frozenset(
    "title subtitle author date email language bibliography description keywords caption name label "
    "tblfm results header headers html latex macro include link options todo seq_todo typ_todo "
    "attr_html attr_latex attr_org plot".split()
)
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
_WITHHELD = ("draft", "hugo_draft", "private", "published", "status", "visibility")
_BLOCK = re.compile(r"^\s*#\+begin_.*?^\s*#\+end_\w+", re.M | re.S | re.I)


def convert(place: SourcePlace) -> str:
    """The file as Markdown, what pandoc leaves out of it in the front matter."""
    text = text_of(place)
    nikola: dict[str, str] = {}
    if match := _NIKOLA.match(text):
        fields = re.findall(r"^\.\. (\w+): *(.*?)[ \t]*$", match[1], re.M)
        nikola = {name.lower(): value for name, value in fields if value}
        text = text[match.end() :]
    outside = _BLOCK.sub("", text)
    kept = [match[0].strip() for match in _DRAWER.finditer(outside)]
    keywords = {match[1].lower(): match[2] for match in _KEYWORD.finditer(outside)}
    kept += [
        match[0].strip()
        for match in _KEYWORD.finditer(outside)
        if match[1].lower() not in (*_TITLED, "caption", "name", "tblfm", "html")
    ]
    kept += [match[0].strip() for match in _HIDDEN.finditer(_DRAWER.sub("", outside))]
    kept += [match[0] for match in _INLINE_COMMENT.finditer(outside)]
    more: dict[str, object] = {"org": [line for line in kept if line not in ("", "#")]}
    if day := _DATE.search(keywords.get("date", "")):
        more["date"] = day[1]
    elif found := day_in_name(place.path.stem):
        more["date"] = found.isoformat()
    more["tags"] = [word for word in re.split(r"[:\s]+", keywords.get("filetags", "")) if word]
    more |= {name.removeprefix("hugo_"): keywords[name] for name in _WITHHELD if name in keywords}
    more |= nikola
    # Headings of the fourth level and below would be items of lists, and archived ones lose their text.
    plain = _on_one_line(_without_keywords(_NOTE_LINK.sub(_named, _with_private(text)))) + _SETTINGS
    try:
        return with_callouts(markdown_of(plain, _READER, place, more))
    except SourceError:
        # pandoc stops at a backslash that is before no letter, as in %HOME%\.cargo.
        made = markdown_of(_without_backslashes(plain), _READER, place, more)
        return with_callouts(made.replace(_BACKSLASH, "\\\\"))


def _with_private(text: str) -> str:
    """``text`` in which each section that org-mode does not export has the tag ``noexport``, and each
    block of comments is one that pandoc makes a private div of."""
    found = _EXCLUDED.findall(text)
    excluded = {"noexport", *(tag for line in found for tag in line.split())}

    def headline(match: re.Match[str]) -> str:
        tags = [tag for tag in (match[4] or "").split(":") if tag]
        if match[2] or excluded & set(tags):
            tags = [*(tag for tag in tags if tag != "noexport"), "noexport"]
        return f"{match[1]}{match[3]}" + (f" :{':'.join(tags)}:" if tags else "")

    made, at = [], 0
    for block in _BLOCK.finditer(text):
        made += [_HEADLINE.sub(headline, text[at : block.start()]), block[0]]
        at = block.end()
    marked = "".join([*made, _HEADLINE.sub(headline, text[at:])])
    return _INLINE_COMMENT.sub("", _COMMENTS.sub(r"\1private", marked))


def _without_keywords(text: str) -> str:
    """``text`` without the keywords that only programs read, which are kept in the front matter."""
    made, at = [], 0
    for block in _BLOCK.finditer(text):
        made += [_KEYWORD.sub(_if_read, text[at : block.start()]), block[0]]
        at = block.end()
    return "".join([*made, _KEYWORD.sub(_if_read, text[at:])])


def _if_read(match: re.Match[str]) -> str:
    return match[0] if match[1].lower() in _READ else ""


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
    journal_pages,
    suffixes=(".org",),
    convert=convert,
    split=split,
    pandoc=True,
)
