"""The letter as plain text, for the body of a mail: what was written, without code and pictures."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from lxml.html import HtmlElement

from weeknotes.journal.notes import text_of
from weeknotes.site.data.page_records import PageRecord, Site
from weeknotes.site.html import markup

_WIDTH = 76
_QUIET = ("sourceCode", "code-fold", "permalink")


def text(site: Site, pages: Sequence[PageRecord], title: str) -> str:
    """What ``pages`` say, in lines of a mail's width (Chinese and Korean ones are half as long)."""
    lines = [title, "=" * _columns(title)]
    for page in pages:
        head = " ".join(part for part in (page.week or page.date[:10], page.title) if part)
        lines += ["", "", head, "-" * _columns(head)]
        for note in site.notes(page.href):
            tree = markup.parse(note.html)
            lines += ["", f"* {note.title}"]
            heading = next(tree.iter(*markup.HEADINGS), None)
            if heading is not None:
                heading.drop_tree()
            lines += _blocks(tree)
    return "\n".join(lines).strip() + "\n"


def _blocks(element: HtmlElement, indent: str = "  ") -> Iterator[str]:
    for child in element:
        if not isinstance(child.tag, str) or set(child.get("class", "").split()) & set(_QUIET):
            continue
        if child.tag == "pre":
            continue
        if child.tag in ("p", "dt", "dd", "summary", "figcaption", "caption", *markup.HEADINGS):
            yield from _wrapped(text_of(child), indent)
        elif child.tag == "li":
            yield from _item(child, indent)
        elif child.tag == "blockquote":
            yield from _blocks(child, f"{indent}> ")
        elif child.tag == "tr":
            cells = [text_of(cell) for cell in child if isinstance(cell.tag, str)]
            yield from _wrapped(" | ".join(cells), indent)
        else:
            yield from _blocks(child, indent)


def _item(item: HtmlElement, indent: str) -> Iterator[str]:
    box = next((e for e in item.iter("input") if e.get("type") == "checkbox"), None)
    mark = "- " if box is None else "[x] " if box.get("checked") is not None else "[ ] "
    own = text_of(item, skip=lambda e: e.tag in ("ul", "ol", "pre", "table", "figure"))
    yield from _wrapped(own, indent + mark, indent + " " * len(mark))
    for inner in item.iter("ul", "ol"):
        if next(inner.iterancestors("li"), None) is item:
            yield from _blocks(inner, indent + "  ")


def _wrapped(words: str, first: str, rest: str | None = None) -> Iterator[str]:
    if words:
        wide = sum(1 for character in words if character > "\u1100")
        width = _WIDTH if wide * 3 < len(words) else _WIDTH // 2 + 4
        yield from textwrap.wrap(
            words,
            width,
            initial_indent=first,
            subsequent_indent=first if rest is None else rest,
            break_on_hyphens=False,
        )


def _columns(words: str) -> int:
    """The number of columns that ``words`` take, of which a wide character takes two."""
    return sum(2 if character > "\u1100" else 1 for character in words)
