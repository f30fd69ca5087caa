"""Other markup made pandoc's Markdown, with front matter, for the formats that pandoc reads."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from weeknotes.errors import NotebookError
from weeknotes.importers import pandoc
from weeknotes.importers.markdown.divs import CALLOUT_KINDS
from weeknotes.importers.source_files import SourceError, SourcePlace
from weeknotes.journal import frontmatter

_TO = "markdown-smart-simple_tables-multiline_tables-grid_tables-raw_tex-raw_attribute"
_KEEP_RAW = Path(__file__).parent / "lua" / "keep_raw.lua"
_OPTIONS = ("--standalone", "--wrap=none", "--columns=1000", f"--lua-filter={_KEEP_RAW}")
_ADMONITION = re.compile(
    r"^(:{3,}) (note|tip|hint|important|warning|caution|attention|danger|error|seealso|admonition)\n"
    r"::: title\n(.*)\n:::\n\n",
    re.M,
)
_FRONT = re.compile(r"\A---\n(?:.*?\n)??(?:---|\.\.\.)\n", re.S)


def text_of(place: SourcePlace) -> str:
    """The text of a file in UTF-8."""
    try:
        return place.path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError(f"no text in UTF-8: {error}", file=place.name) from error


def markdown_of(text: str, source: str, place: SourcePlace, more: Mapping[str, Any]) -> str:
    """``text`` in pandoc's format ``source`` as Markdown. Its front matter holds the metadata that
    pandoc finds, and ``more``, each value as JSON, which is YAML too."""
    try:
        made = pandoc.convert(text, source, _TO, *_OPTIONS)
    except pandoc.PandocError as error:
        raise SourceError(error.message, file=place.name) from error
    found: dict[str, Any] = {}
    if match := _FRONT.match(made):
        try:
            found = frontmatter.parse(match[0].rstrip("\n"))
        except NotebookError:
            found = {}
        made = made[match.end() :]
    found |= {key: value for key, value in more.items() if value}
    lines = [
        f"{key}: {json.dumps(value, ensure_ascii=False, default=str)}"
        for key, value in found.items()
    ]
    front = "---\n" + "\n".join(lines) + "\n---\n\n" if lines else ""
    return front + made


def with_callouts(text: str) -> str:
    """``text`` with the admonitions that pandoc writes for reStructuredText and org-mode as callouts of
    Quarto."""
    return _ADMONITION.sub(_callout, text)


def _callout(match: re.Match[str]) -> str:
    colons, kind, title = match[1], match[2], match[3].strip()
    shown = "" if title.lower() == kind else ' title="' + title.replace('"', "&quot;") + '"'
    return f"{colons} {{.callout-{CALLOUT_KINDS.get(kind, 'note')}{shown}}}\n"
