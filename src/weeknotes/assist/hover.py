"""The text that an author sees when the pointer rests on a citation or a cross-reference."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath

from weeknotes.assist.documents import Document
from weeknotes.assist.labels import labels
from weeknotes.assist.names import Names
from weeknotes.assist.papers import Paper, Papers
from weeknotes.text.markdown.citations import Citation, citations
from weeknotes.text.untrusted import escaped

_MOST_NOTES = 3


@dataclass(frozen=True)
class Hover:
    """Markdown about the characters of the cell from ``start`` to ``end``; ``key`` is the citation key
    where they cite a paper of the library."""

    start: int
    end: int
    markdown: str
    key: str = ""


def citation_at(text: str, at: int) -> Citation | None:
    """The citation or cross-reference that the offset ``at`` is in, its sign included."""
    for one in citations(text):
        if one.at - 1 - one.braced <= at <= one.at + len(one.key):
            return one
    return None


def hover(papers: Papers, names: Names, document: Document, cell: int, at: int) -> Hover | None:
    """The text to show for the citation or cross-reference at the offset ``at`` of the cell ``cell``
    (from 0); None where there is none."""
    if document.cells[cell].kind != "markdown":
        return None
    one = citation_at(document.cells[cell].text, at)
    if one is None:
        return None
    start, end = one.at - 1 - one.braced, one.at + len(one.key) + one.braced
    if one.is_cross_reference:
        name = one.key[0].lower() + one.key[1:]
        words = next((label.words for label in labels(document) if label.name == name), None)
        said = f"nothing here is labelled `{name}`" if words is None else escaped(words) or name
        return Hover(start, end, said)
    paper = papers.get(one.key)
    if paper is None:
        return Hover(start, end, f"the library has no `{one.key}`")
    return Hover(start, end, about(paper, names), paper.key)


def about(paper: Paper, names: Names) -> str:
    """A description of ``paper`` in Markdown: its reference, whether it was read, and what its notes
    say, in the author's own Markdown."""
    parts = [f"**{escaped(paper.title)}**", escaped(paper.reference)]
    if paper.links:
        parts.append(" · ".join(f"[{escaped(name)}](<{href}>)" for name, href in paper.links))
    notes = names.notes.get(paper.key, [])
    cites = names.cites.get(paper.key, [])
    if notes:
        for note in notes[-_MOST_NOTES:]:
            said = "\n>\n".join(f"> {line}" for line in note.said)
            parts.append(f"*read in {escaped(_page(note.file))}*\n\n{said}".rstrip())
    else:
        parts.append("*unread*" + (f", cited in {', '.join(map(_page, cites))}" if cites else ""))
    if paper.abstract and not notes:
        parts.append(escaped(paper.abstract))
    return "\n\n".join(parts)


def _page(file: str) -> str:
    return PurePosixPath(file).stem
