"""The contents of a letter: what it sums up before the notes, and the notes themselves, folded.

A letter is read in ten minutes, and on paper it has two sheets: what the author says to its reader,
open questions, what was promised and done, what changed in older notes, small figures, and then each
note by its beginning. The rest of a note unfolds; on paper only what was unfolded is printed.
"""

from __future__ import annotations

import base64
import mimetypes
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from lxml import html
from lxml.html import HtmlElement

from weeknotes.journal.records import Note
from weeknotes.site.data import for_reader
from weeknotes.site.data.history import GONE, history_of, with_pictures
from weeknotes.site.data.ledger import Entry, last_day, ledger_of
from weeknotes.site.data.page_records import PageRecord
from weeknotes.site.data.site_view import BuiltSite
from weeknotes.site.html import markup, thumbnails
from weeknotes.site.pages import figures_page
from weeknotes.site.pages.home_page import excerpt
from weeknotes.site.pages.shell import Shell

#: A note of no more characters, without a figure or a table, is shown whole.
SHORT_NOTE = 320
_MOST_ENTRIES = 6
_MOST_CHANGES = 8
_MOST_FIGURES = 10
_ADDED_LENGTH = 160
_SENTENCE = re.compile(r"(?<=[.!?。！？])\s+|(?<=[。！？])|\n+")
_FOR_READER = "data-for-reader"
_LARGE = ".//img | .//svg | .//table | .//video | .//pre"


@dataclass(frozen=True)
class ChangedNote:
    """A note of an earlier week that was changed or removed: ``kind`` is "changed" or "removed",
    ``href`` its site-relative address, empty where it is gone, and ``added`` the new words."""

    kind: str
    title: str
    week: str
    lang: str
    href: str
    added: str


@dataclass(frozen=True)
class SmallFigure:
    """A figure of the time, small: ``image`` is its address with all its data in it."""

    image: str
    name: str
    href: str
    title: str
    lang: str
    size: tuple[int, int] | None


@dataclass(frozen=True)
class Summary:
    """The part of a letter before its notes. ``lists`` are headings with ledger entries, those without
    any left out, and how many more there are of each."""

    numbers: str
    lists: tuple[tuple[str, tuple[Entry, ...], int], ...]
    changes: tuple[ChangedNote, ...]
    more_changes: int
    today: str


def summary(shell: Shell, site: BuiltSite, pages: Sequence[PageRecord], since: date) -> Summary:
    """The summary of ``pages``, which are those of ``since`` and after it."""
    t = shell.strings
    weeks = {page.href for page in pages if page.kind == "week"}
    entries = [entry for entry in ledger_of(site) if _page_of(entry.last) in weeks]
    by_kind: dict[str, list[Entry]] = {
        kind: [] for kind in ("decision", "question", "answered", "task", "done")
    }
    for entry in entries:
        if not entry.closed:
            by_kind[entry.kind].append(entry)
        elif entry.kind == "task":
            by_kind["done"].append(entry)
        elif _page_of(entry.first) not in weeks:
            by_kind["answered"].append(entry)
    names = {
        "decision": t("open_decisions"),
        "question": t("open_questions"),
        "answered": t("answered"),
        "task": t("changes_promised"),
        "done": t("done_tasks"),
    }
    lists = tuple(
        (name, tuple(found[:_MOST_ENTRIES]), max(0, len(found) - _MOST_ENTRIES))
        for kind, name in names.items()
        # The letter begins with what is said to its reader, and with the questions in it.
        if (found := [entry for entry in by_kind[kind] if entry.closed or not entry.to_reader])
    )
    changes = _changes(site, since, {page.week for page in pages if page.week})
    notes = [
        note for page in pages for note in page.notes if page.href in weeks and note.kind != "tasks"
    ]
    papers = {paper for note in notes for paper in note.papers}
    numbers = [t.count("notes", len(notes)), t.count("papers", len(papers))]
    numbers += [t.count("questions_open", len(by_kind["question"]))]
    numbers += [t.count("tasks_open", len(by_kind["task"]))]
    if by_kind["decision"]:
        numbers += [t.count("decisions_open", len(by_kind["decision"]))]
    return Summary(
        " · ".join(numbers),
        lists,
        tuple(changes[:_MOST_CHANGES]),
        max(0, len(changes) - _MOST_CHANGES),
        last_day(site.pages),
    )


def _page_of(where: tuple[str, str]) -> str:
    return where[1].partition("#")[0]


def _changes(site: BuiltSite, since: date, weeks: set[str]) -> list[ChangedNote]:
    """The notes of other weeks than ``weeks`` that were changed or removed since a day."""
    eve = (since - timedelta(days=1)).isoformat()
    found = []
    for row in history_of(site).notes_since(since.isoformat()):
        versions = [version for version in row["v"] if version[0] <= eve]
        now = row["v"][-1]
        if not versions or now is versions[-1] or row["w"] in weeks:
            continue
        texts, old, new = row.get("x", ()), versions[-1][1], now[1]
        if old in (new, GONE):
            continue
        removed = new == GONE
        added = (
            _added(*map(with_pictures, (texts[old], texts[new]))) if old >= 0 and new >= 0 else ""
        )
        found.append(
            ChangedNote(
                "removed" if removed else "changed",
                row["t"],
                row["w"],
                row["l"],
                "" if removed else row.get("h", ""),
                added,
            )
        )
    return sorted(found, key=lambda change: change.week, reverse=True)


def _added(before: str, now: str) -> str:
    """The sentences of ``now`` that ``before`` does not have, as far as there is room."""
    known = set(_SENTENCE.split(before))
    new = " ".join(s for s in _SENTENCE.split(now) if s and s.strip() and s not in known)
    if len(new) <= _ADDED_LENGTH:
        return new
    return new[: markup.word_end(new, _ADDED_LENGTH)].rstrip() + "…"


def small_figures(site: BuiltSite, pages: Sequence[PageRecord]) -> list[SmallFigure]:
    """The figures of the notes of ``pages``, small, those of the newest page first."""
    weeks = {page.href for page in pages if page.kind == "week"}
    found = [f for f in figures_page.shown(site) if f.page.href in weeks and f.note is not None]
    return [_small(site, item) for item in found[:_MOST_FIGURES]]


def _small(site: BuiltSite, item: figures_page.ShownFigure) -> SmallFigure:
    made = {artifact.href: artifact for artifact in figures_page.images(site, [item])}
    artifact = made.get(thumbnails.thumbnail_of(item.asset))
    if artifact is not None:
        image = data_address("image/webp", artifact.make())
    else:
        image = file_data_address(Path(item.path))
    size = thumbnails.scaled(item.inside.size) if item.inside else thumbnails.shown_size(item.path)
    title = item.note.title if item.note else item.page.title
    return SmallFigure(image, item.figure.alt or title, item.href, title, item.page.lang, size)


def data_address(kind: str, data: bytes) -> str:
    """``data`` of the media type ``kind`` as an address that holds it (RFC 2397)."""
    return f"data:{kind};base64,{base64.b64encode(data).decode()}"


def file_data_address(path: Path) -> str:
    """The file at ``path`` as such an address."""
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return data_address(kind, path.read_bytes())


def mark_for_reader(tree: HtmlElement, site: BuiltSite, page: PageRecord) -> None:
    """Mark the parts of the body of ``page`` that address its reader."""
    anchors = for_reader.anchors(site, page)
    for part in tree.iter("section", "div"):
        within = any(_FOR_READER in around.attrib for around in part.iterancestors())
        marked = for_reader.CLASS in part.get("class", "").split()
        if not within and (marked or part.get("id", "") in anchors):
            part.set(_FOR_READER, "")


def take_for_reader(tree: HtmlElement) -> str:
    """Take the marked parts out of ``tree``, as HTML, since the letter begins with them."""
    said = []
    for part in tree.xpath(f".//*[@{_FOR_READER}]"):
        del part.attrib[_FOR_READER]
        if for_reader.is_headed(part):
            part[0].drop_tree()
        said.append(markup.serialise(part))
        part.drop_tree()
    return "\n".join(said)


def fold(tree: HtmlElement, shell: Shell, site: BuiltSite, page: PageRecord) -> None:
    """Fold what is long in the body of ``page``: each note below its beginning, the references, and a
    digest as a whole. What addresses the reader stays open."""
    for section in list(tree.iter("section")):
        if section.get("id") in ("references", "footnotes"):
            _fold_below_heading(section, "letter-references")
    if page.kind == "digest":
        inner = [*tree]
        whole = _details(shell.strings("review_whole_digest"), "letter-digest")
        tree.append(whole)
        whole.extend(inner)
        return
    open_ones = for_reader.anchors(site, page)
    notes = {note.anchor: note for note in site.notes(page.href) if note.anchor not in open_ones}
    for section in list(tree.iter("section")):
        if (note := notes.get(section.get("id", ""))) is not None:
            _fold_note(section, note, shell)


def _fold_note(section: HtmlElement, note: Note, shell: Shell) -> None:
    if note.kind == "tasks":
        _fold_below_heading(section, "letter-note letter-tasks")  # The summary has them.
        return
    heading = next((child for child in section if child.tag in markup.HEADINGS), None)
    inner = [child for child in section if child is not heading]
    text = "".join(child.text_content() for child in inner if isinstance(child.tag, str))
    if len(" ".join(text.split())) <= SHORT_NOTE and not section.xpath(_LARGE):
        return
    whole = _details(shell.strings("review_whole"), "letter-note")
    whole.extend(inner)
    section.append(whole)
    if beginning := excerpt(note):
        short = html.fromstring(f"<div>{beginning}</div>")
        short.set("class", "letter-excerpt")
        whole.addprevious(short)


def _fold_below_heading(section: HtmlElement, kind: str) -> None:
    heading = next((child for child in section if child.tag in markup.HEADINGS), None)
    if heading is None:
        return
    title = heading.text_content()
    inner = [child for child in section if child is not heading]
    for child in list(section):
        section.remove(child)
    whole = _details(str(title), kind)
    whole.extend(inner)
    section.append(whole)


def _details(name: str, kind: str) -> HtmlElement:
    details = html.Element("details")
    details.set("class", kind)
    label = html.Element("summary")
    label.text = name
    details.append(label)
    return details


def address_in(shell: Shell, anchors: Mapping[str, str], href: str) -> str:
    """The address in the letter of the site-relative ``href``; on the site where it is on no page of
    the letter, and empty where the site's address is not known."""
    path, _, fragment = href.partition("#")
    if path in anchors:
        return f"#{anchors[path]}--{fragment}" if fragment else f"#{anchors[path]}"
    return shell.site_url + href if shell.site_url and href else ""


def linker(shell: Shell, anchors: Mapping[str, str]) -> Any:
    """`address_in` of one letter, for its template."""
    return partial(address_in, shell, anchors)
