"""The identifiers that both engines give to headings (Pandoc User's Guide, "Extension:
auto_identifiers"), told from their Markdown."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import pairwise

from weeknotes.journal import note_places
from weeknotes.journal.notebooks import Notebook

_HEADING = re.compile(r"^ {0,3}(#{1,6})[ \t]+(.*?)[ \t]*#*[ \t]*$")
_NESTED_HEADING = re.compile(r"^[ \t>]*(?:[-*+>]|\d+[.)])[ \t]+(#{1,6})[ \t]+(.*?)[ \t]*#*[ \t]*$")
_ATTRIBUTES = re.compile(r"""[ \t]*\{((?:[^{}"']|"[^"]*"|'[^']*')*)\}[ \t]*#*[ \t]*$""")
_OWN = re.compile(r"(?:^|\s)#([^\s#{}]+)")
_LINK = re.compile(
    r"!?\[((?:[^\[\]]|\[[^\[\]]*\])*)\](?:\((?:[^()]|\([^()]*\))*\)|\{[^{}]*\}|\[[^\]]*\])"
)
_NOTE = re.compile(r"\^\[[^\]]*\]|\[\^[^\]]+\]")
_SPAN = re.compile(r"(?<!`)(`+)(?!`)(.{1,500}?)(?<!`)\1(?!`)(\{=\w+\})?")
_TAG = re.compile(r"""<!--.*?-->|</?[A-Za-z](?:[^<>"']|"[^"]*"|'[^']*')*>""")
_RULE = re.compile(r"(?:=+|-+)[ \t]*")


def headings(shown: str) -> Iterator[str]:
    """The headings of a text, code and comments blanked out, in their order."""
    lines = shown.split("\n")
    for line, after in pairwise([*lines, ""]):
        if match := _HEADING.match(line) or _NESTED_HEADING.match(line):
            yield match[2]
        elif line.strip() and _RULE.fullmatch(after):
            yield line.strip()


def own_identifier(heading: str) -> str | None:
    """The identifier that a heading's attributes give it; None where it gets one of its text."""
    attributes = _ATTRIBUTES.search(heading)
    own = _OWN.search(attributes[1]) if attributes else None
    return own[1] if own else None


def identifier(heading: str) -> str:
    """The identifier made from the text of a heading, as far as nothing else on the page has it."""
    text = _ATTRIBUTES.sub("", heading)
    text = _SPAN.sub(lambda code: "" if code[3] else code[2].replace("_", "\0"), text)
    text = _TAG.sub("", _NOTE.sub("", text))
    while (plainer := _LINK.sub(r"\1", text)) != text:
        text = plainer
    text = html.unescape(text)
    # Emphasis, and what smart punctuation makes dashes and an ellipsis of.
    text = re.sub(r"(?<![\w\\])_+(?=\S)|(?<=[^\s\\])_+(?!\w)", "", text)
    text = re.sub(r"-{2,3}|\.{3}", "", text).replace("\0", "_")
    kept = "".join(c for c in text.lower() if c.isalnum() or c.isspace() or c in "_-.")
    joined = "-".join(kept.split())
    first = next((n for n, c in enumerate(joined) if c.isalpha()), len(joined))
    return joined[first:] or "section"


def named_headings(notebook: Notebook) -> Iterator[tuple[note_places.Heading, str]]:
    """The headings of ``notebook`` in order, each with the identifier that its page gives it."""
    counts: Counter[str] = Counter()
    for heading in note_places.headings(notebook):
        name = heading.own_id or identifier(heading.text)
        number = counts[name]
        counts[name] += 1
        yield heading, f"{name}-{number}" if number and not heading.own_id else name


def numbered(identifiers: Iterable[str]) -> set[str]:
    """All that ``identifiers`` become on one page, where a repeated one gets a number."""
    counts = Counter(identifiers)
    return {
        f"{name}-{number}" if number else name
        for name, count in counts.items()
        for number in range(count)
    }
