"""The completions at a place in a cell: papers, cross-references, anchors, tags."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

from weeknotes.assist.documents import Document
from weeknotes.assist.labels import Label, anchors, labels
from weeknotes.assist.names import Names
from weeknotes.assist.papers import Paper, Papers
from weeknotes.text import untrusted
from weeknotes.text.markdown import VERBATIM, read_any_ends
from weeknotes.text.markdown.citations import CROSS_REFERENCE, KEY, prose

MOST = 50
#: A longer cell is read from a line on that is about so many characters before the cursor.
_FAR = 30_000
_PLAIN_KEY = re.compile(rf"{KEY}\Z")
_CITATION = re.compile(
    r"(?P<head>\#{1,6}[ \t]+(?=@))?(?P<mark>-?@\{?)(?P<query>[^\s\[\]{}(),;\"'`@]*)\Z"
)
_ANCHOR = re.compile(r"\]\(#(?P<query>[^\s()]*)\Z")
_TAG = re.compile(r"(?:^|(?<=[\s(]))#(?P<query>[^\s#\[\](){}.,;:!]+)\Z")
_TAG_SPAN = re.compile(r"(?<![!\\\]])\[(?P<query>[^\[\]@^!]{0,60})\Z")
_CLASS = re.compile(r"\]\{\.?(?P<query>[\w-]*)\Z")
_TAG_LINE = re.compile(r"\s*\[[^\[\]]+\]\{\.tag\}")
_CLASSES = (("tag", "a topic"), ("private", "on no page of the site"))
_EAST_ASIAN = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff]")


@dataclass(frozen=True)
class Candidate:
    """Something that can be written at the cursor: ``text`` in place of the cell's characters from
    ``start`` to ``end``. ``kind`` is "paper", "label", "anchor", "tag" or "class"; ``label`` and
    ``detail`` are for a list, ``about`` is Markdown; ``unread`` papers have no note, and ``key`` is a
    paper's citation key."""

    kind: str
    label: str
    detail: str
    text: str
    start: int
    end: int
    about: str = ""
    unread: bool = False
    key: str = ""

    def to_dict(self) -> dict[str, Any]:
        """The candidate as plain JSON values."""
        return asdict(self)


def complete(
    papers: Papers,
    names: Names,
    document: Document,
    cell: int,
    at: int,
    about: Callable[[Paper], str],
) -> list[Candidate]:
    """The candidates at the offset ``at`` of the cell with the index ``cell`` (from 0), the best first;
    at most MOST papers. ``about`` tells of a paper in Markdown."""
    if document.cells[cell].kind != "markdown":
        return []
    text = document.cells[cell].text
    before = text[text.rfind("\n", 0, at) + 1 : at]
    if found := _CITATION.search(before):
        start = at - len(before) + found.start("mark")
        if not _cites(text, start + found["mark"].index("@")):
            return []
        asked = _Asked(text, start, at, found["mark"], found["query"], bool(found["head"]))
        return [*_labels(document, asked), *_papers(papers, names, asked, about)]
    for pattern, make in _OTHERS.items():
        found = pattern.search(before)
        if found and not _is_verbatim(text, at - 1):
            start = at - len(before) + found.start("query")
            return list(make(document, names, before, found["query"], start, at))
    return []


# Papers and cross-references


@dataclass(frozen=True)
class _Asked:
    """A citation that is being written: the cell's text, where it begins and ends there, what is
    before its words, these, and whether it is all that a heading has."""

    text: str
    start: int
    end: int
    mark: str
    query: str
    heads: bool

    def written(self, key: str) -> tuple[str, int]:
        """The citation of ``key``, and where the text ends that it takes the place of."""
        after = self.text[self.end : self.end + 1]
        braced = self.mark.endswith("{") or not _PLAIN_KEY.match(key) or after.isalnum()
        sign = self.mark.rstrip("{")
        end = self.end + 1 if self.mark.endswith("{") and after == "}" else self.end
        citation = f"{sign}{{{key}}}" if braced else f"{sign}{key}"
        before = self.text[self.start - 1 : self.start]
        # Behind a letter the sign is a part of the word; in brackets it cites.
        return (f"[{citation}]" if _EAST_ASIAN.match(before) else citation), end


def _cites(text: str, at: int) -> bool:
    """Whether the ``@`` at ``text[at]`` can begin a citation: not in code or a formula, and behind no
    letter but one of a script that is written without spaces."""
    before = text[at - 1 : at] if at else ""
    if before == "-" and at >= 2:
        before = text[at - 2 : at - 1]
    if before == "\\" or ((before.isalnum() or before == "_") and not _EAST_ASIAN.match(before)):
        return False
    near, shift = _near(text, at)
    return prose(near)[at - shift : at - shift + 1] == "@"


def _is_verbatim(text: str, at: int) -> bool:
    near, shift = _near(text, at)
    return read_any_ends(near).inside(max(at - shift, 0), VERBATIM)


def _near(text: str, at: int) -> tuple[str, int]:
    """The part of ``text`` that is read, and where it begins. The whole of a cell is read within some
    milliseconds, a book is not."""
    if len(text) <= _FAR:
        return text, 0
    begin = text.rfind("\n\n", 0, max(at - _FAR, 0)) + 1
    end = text.find("\n\n", at)
    return text[begin : end if end >= 0 else None], begin


def _papers(
    papers: Papers, names: Names, asked: _Asked, about: Callable[[Paper], str]
) -> Iterator[Candidate]:
    if CROSS_REFERENCE.match(asked.query):
        return
    for paper in papers.find(asked.query, names.notes.__contains__, MOST):
        text, end = asked.written(paper.key)
        if asked.heads:
            text = f"{untrusted.title_markdown(paper.title)} [{text}]"
        unread = paper.key not in names.notes
        label = f"{paper.title}"
        detail = " · ".join(part for part in (paper.byline, "@" + paper.key) if part)
        yield Candidate(
            "paper", label, detail, text, asked.start, end, about(paper), unread, paper.key
        )


def _labels(document: Document, asked: _Asked) -> Iterator[Candidate]:
    query = asked.query.casefold()
    for label in labels(document):
        if label.is_numbered and query in label.name.casefold() and not asked.heads:
            text, end = asked.written(label.name)
            yield Candidate("label", label.name, label.words, text, asked.start, end)


# What is written in other ways


def _anchors(
    document: Document, names: Names, before: str, query: str, start: int, end: int
) -> Iterator[Candidate]:
    for anchor in anchors(document):
        if query.casefold() in anchor.name.casefold():
            yield Candidate("anchor", anchor.name, anchor.words, anchor.name, start, end)


def _tags(
    document: Document, names: Names, before: str, query: str, start: int, end: int
) -> Iterator[Candidate]:
    """Tags written as ``#word``, which become spans."""
    for tag, count in _tags_like(document, names, query):
        yield Candidate("tag", tag, f"{count} ×", f"[{tag}]{{.tag}}", start - 1, end)


def _bracketed_tags(
    document: Document, names: Names, before: str, query: str, start: int, end: int
) -> Iterator[Candidate]:
    """Tags in brackets that are open: on a line of tags, or where a tag begins so."""
    if not query and not _TAG_LINE.match(before):
        return
    for tag, count in _tags_like(document, names, query):
        yield Candidate("tag", tag, f"{count} ×", f"[{tag}]{{.tag}}", start - 1, end)


def _tags_like(document: Document, names: Names, query: str) -> list[tuple[str, int]]:
    """The tags that ``query`` begins, the most frequent first, then those with it further in."""
    folded = query.casefold()
    known = [(tag, count) for tag, count in names.tags.items() if folded in tag.casefold()]
    return sorted(known, key=lambda t: (not t[0].casefold().startswith(folded), -t[1], t[0]))[:MOST]


def _classes(
    document: Document, names: Names, before: str, query: str, start: int, end: int
) -> Iterator[Candidate]:
    dot = "" if before[: len(before) - len(query)].endswith(".") else "."
    for name, detail in _CLASSES:
        if name.startswith(query):
            yield Candidate("class", f".{name}", detail, dot + name, start, end)


_OTHERS = {_ANCHOR: _anchors, _CLASS: _classes, _TAG: _tags, _TAG_SPAN: _bracketed_tags}

__all__ = ["MOST", "Candidate", "Label", "complete"]
