"""Links to headings, which GitHub and other programs call otherwise than pandoc does.

A table of contents links to ``#1-first-steps`` on GitHub, where pandoc calls the heading
``first-steps`` (Pandoc User's Guide, "Extension: auto_identifiers").
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from urllib.parse import unquote

from weeknotes.checks.anchors import identifier
from weeknotes.importers.markdown.text import plain
from weeknotes.text import markdown

_CITED = re.compile(r" \[@[^\]]*\](?=\s*(?:\{[^{}]*\})?\s*$)")
_MARKDOWN_LINK = re.compile(r"(?<!\\)\]\(#([^()\s]+)\)")
_HTML_LINK = re.compile(r"(<a\b[^<>]*\bhref=\")#([^\"<>\s]+)(?=\")", re.I)
_TARGET = re.compile(
    r"\]\(\s*<?#([^()\s<>]+)|\bhref\s*=\s*[\"']?#([^\s\"'<>]+)|^ {0,3}\[[^\]\n]+\]:\s*<?#([^\s<>]+)",
    re.I | re.M,
)
_SAFE_ANCHOR = re.compile(r"\w[\w.:-]*")
_HEADING = re.compile(r"^[ >]*#{1,6}\s+(.*?)\s*#*\s*$", re.M)
_ANCHOR = re.compile(r"\b(?:id|name)=[\"']?([^\s\"'<>]+)|\{#([^\s{}]+)")


def linked_anchors(lines: Sequence[str]) -> frozenset[str]:
    """The anchors that the ``lines`` of a source link to, and that none of its headings is: those that
    elements of HTML have to keep, since links would go nowhere without them."""
    text = "\n".join(lines)
    wanted = {unquote("".join(groups)) for groups in _TARGET.findall(text)}
    if not wanted:
        return frozenset()
    headings = {identifier(plain(heading)) for heading in _HEADING.findall(text)}
    given = {name for _, name in _ANCHOR.findall(text) if name}
    return frozenset(filter(_SAFE_ANCHOR.fullmatch, wanted - headings - given))


def resolved(texts: Sequence[str]) -> list[str]:
    """The ``texts`` of a page's cells with links to headings that lead to them: those that name no
    anchor of the page as pandoc makes it, but one as GitHub does."""
    if not any("](#" in text or 'href="#' in text for text in texts):
        return list(texts)
    here: set[str] = set()
    theirs: dict[str, str] = {}
    counts: dict[str, int] = {}
    for text in texts:
        structure = markdown.read(text)
        here |= {one or other for one, other in _ANCHOR.findall(text)}
        for region in structure.of("heading"):
            heading = text[slice(*region.inner)].strip()
            own = region.attributes.identifier
            name = own or identifier(heading)
            number = counts.get(name, 0)
            counts[name] = number + 1
            name = f"{name}-{number}" if number and not own else name
            here.add(name)
            for other in _other_names(_CITED.sub("", heading)):
                theirs.setdefault(other, name)
    wrong = {name: to for name, to in theirs.items() if name not in here}
    return [_relinked(text, wrong, here) for text in texts] if wrong else list(texts)


def _other_names(heading: str) -> list[str]:
    """The names that other programs give a heading: GitHub keeps its letters, digits, hyphens and
    underscores; others also join what punctuation separates, or drop leading marks."""
    words = plain(re.sub(r"\s*\{[^{}]*\}\s*$", "", heading)).strip().lower()
    github = re.sub(r"\s", "-", re.sub(r"[^\w\s-]", "", words))
    joined = re.sub(r"[^\w]+", "-", words).strip("-")
    return list(dict.fromkeys(name for name in (github, joined, github.strip("-")) if name))


def _relinked(text: str, wrong: Mapping[str, str], here: set[str]) -> str:
    def target(name: str) -> str:
        plain_name = unquote(name)
        if name in here or plain_name in here:
            return name
        return wrong.get(plain_name.lower(), name)

    text = _MARKDOWN_LINK.sub(lambda match: f"](#{target(match[1])})", text)
    return _HTML_LINK.sub(lambda match: f"{match[1]}#{target(match[2])}", text)
