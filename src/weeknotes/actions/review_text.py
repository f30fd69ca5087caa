"""The letter as plain text, for the body of a mail: its summary, and what was written, without code and
pictures. A long note is cut, with a pointer to the whole of it."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from lxml.html import HtmlElement

from weeknotes.actions import letter
from weeknotes.journal.notes import text_of
from weeknotes.site.data import for_reader
from weeknotes.site.data.page_records import PageRecord
from weeknotes.site.data.site_view import BuiltSite
from weeknotes.site.html import markup
from weeknotes.site.pages.shell import Shell

_WIDTH = 76
#: A longer note is cut; the letter has all of it.
_MOST_LINES = 12
_QUIET = ("sourceCode", "code-fold", "permalink")


def text(
    shell: Shell, site: BuiltSite, pages: Sequence[PageRecord], summed: letter.Summary, title: str
) -> str:
    """The letter about ``pages`` in lines of a mail's width (Chinese and Korean ones are half as
    long): ``summed`` first, then each note, a digest by its title alone."""
    lines = [title, "=" * _columns(title), "", summed.numbers]
    lines += _for_reader(shell, site, pages)
    lines += _summary(shell, summed)
    for page in pages:
        head = " ".join(part for part in (page.week or page.date[:10], page.title) if part)
        lines += ["", "", head, "-" * _columns(head)]
        if shell.site_url:
            lines += [shell.site_url + page.href]
        if page.kind != "digest":
            lines += _notes(shell, site, page)
    return "\n".join(lines).strip() + "\n"


def _for_reader(shell: Shell, site: BuiltSite, pages: Sequence[PageRecord]) -> Iterator[str]:
    parts = [part for page in reversed(pages) for part in for_reader.parts(site, page)]
    if parts:
        yield from ("", shell.strings("for_you").upper())
    for part in parts:
        if for_reader.is_headed(part):
            part[0].drop_tree()
        yield from _blocks(part)


def _summary(shell: Shell, summed: letter.Summary) -> Iterator[str]:
    t = shell.strings
    for name, entries, more in summed.lists:
        yield from ("", name.upper())
        for entry in entries:
            late = f", {t('overdue')}" if entry.is_overdue(summed.today) else ""
            yield from _wrapped(f"{entry.said} ({entry.first[0]}{late})", "  - ", "    ")
        if more:
            yield f"    {t('review_more', more)}"
    if summed.changes:
        yield from ("", t("changes").upper())
    for change in summed.changes:
        said = t("review_removed") if change.kind == "removed" else change.added
        words = f"{change.title} ({change.week})" + (f": {said}" if said else "")
        yield from _wrapped(words, "  - ", "    ")
    if summed.more_changes:
        yield f"    {t('review_more', summed.more_changes)}"


def _notes(shell: Shell, site: BuiltSite, page: PageRecord) -> Iterator[str]:
    said = for_reader.anchors(site, page)
    for note in site.notes(page.href):
        if note.anchor in said:
            continue
        tree = markup.parse(note.html)
        yield from ("", f"* {note.title}")
        heading = next(tree.iter(*markup.HEADINGS), None)
        if heading is not None:
            heading.drop_tree()
        lines = list(_blocks(tree))
        yield from lines if len(lines) <= _MOST_LINES else lines[:_MOST_LINES]
        if len(lines) > _MOST_LINES:
            where = f"{shell.site_url}{page.href}#{note.anchor}" if shell.site_url else ""
            yield f"  [...] {where}".rstrip()


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
