"""The beginning of the home page, one screen: what the author says to the journal's reader, questions
to the reader, decisions needed, what was promised and done, and one figure of the latest week."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from weeknotes.site.data import for_reader
from weeknotes.site.data.ledger import Entry, last_day, ledger_of
from weeknotes.site.data.page_records import PageRecord, Site
from weeknotes.site.data.tasks_and_questions import drop_open, shortened
from weeknotes.site.html import markup
from weeknotes.site.pages import figures_page
from weeknotes.site.pages.page_body import finish, image_state
from weeknotes.site.pages.shell import Shell

HREF = "index.html"
_MOST = 4
_LONGEST = 110
#: The room for the figure, in CSS pixels.
_ROOM = (352, 130)


@dataclass(frozen=True)
class Listed:
    """Some entries of the ledger under the heading ``name``, with their ``texts``, long ones cut;
    ``more`` are left out, and ``overdue`` are the addresses of those that wait for too long."""

    id: str
    name: str
    entries: tuple[Entry, ...]
    texts: tuple[str, ...]
    more: int
    total: int
    overdue: frozenset[str]


@dataclass(frozen=True)
class Front:
    """The parts of the beginning: ``said`` is the HTML of what the author says, in the language
    ``lang``; ``asked`` are the lists of questions and decisions, and ``figure`` is a card of the
    gallery, None where the week has no figure, with the ``size`` that it has here in CSS pixels."""

    said: str
    lang: str
    asked: tuple[Listed, ...]
    promised: Listed | None
    done: Listed | None
    figure: dict[str, Any] | None
    size: tuple[int, int] | None = None

    def __bool__(self) -> bool:
        return bool(self.said or self.asked or self.promised or self.done or self.figure)


def of(shell: Shell, site: Site, latest: PageRecord | None) -> Front:
    """The beginning of the home page of a journal whose latest week is ``latest``."""
    if latest is None:
        return Front("", "", (), None, None, None)
    t = shell.strings
    asked, decisions, promised, done = _entries(site, latest)
    today = last_day(site.pages)

    def listed(id: str, name: str, entries: Sequence[Entry]) -> Listed | None:
        if not entries:
            return None
        overdue = frozenset(e.last[1] for e in entries if e.is_overdue(today))
        shown, number = tuple(entries[:_MOST]), len(entries)
        texts = tuple(shortened(entry.text, _LONGEST) for entry in shown)
        return Listed(id, name, shown, texts, max(0, number - _MOST), number, overdue)

    lists = (
        listed("asked", t("for_you_questions"), asked),
        listed("decisions", t("open_decisions"), decisions),
    )
    figure = _figure(site, latest)
    card = figures_page.card(shell, figure, HREF) if figure is not None else None
    return Front(
        _said(shell, site, latest),
        latest.lang,
        tuple(part for part in lists if part is not None),
        listed("promised", t("changes_promised"), promised),
        listed("done", t("done_tasks"), done),
        card,
        _fitted(card["size"]) if card and card["size"] else None,
    )


def _fitted(size: tuple[int, int]) -> tuple[int, int]:
    scale = min(_ROOM[0] / size[0], _ROOM[1] / size[1], 1)
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def inputs(site: Site, latest: PageRecord | None) -> Any:
    """What the beginning is made from besides the page of the latest week."""
    if latest is None:
        return None
    entries = [
        [(e.text, e.label, e.title, e.lang, e.first, e.last, e.carried) for e in found]
        for found in _entries(site, latest)
    ]
    return [entries, image_state(site, latest), last_day(site.pages)]


def _entries(site: Site, latest: PageRecord) -> tuple[list[Entry], ...]:
    """Questions to the reader and decisions that are open, the newest first; the tasks that are open,
    overdue ones and those of the latest week first; and what was done in the latest week."""
    entries, today = ledger_of(site), last_day(site.pages)
    still = [entry for entry in entries if not entry.closed]
    newest = sorted(still, key=lambda entry: entry.first[0], reverse=True)
    # What is only a sentence to the reader is read there.
    listed = [e for e in newest if e.is_marked or not (e.to_reader and _page(e) == latest.href)]
    return (
        [entry for entry in listed if entry.kind == "question" and entry.to_reader],
        [entry for entry in listed if entry.kind == "decision"],
        sorted(
            (entry for entry in still if entry.kind == "task"),
            key=lambda entry: (not entry.is_overdue(today), _page(entry) != latest.href),
        ),
        [
            entry
            for entry in entries
            if entry.kind == "task" and entry.closed and _page(entry) == latest.href
        ],
    )


def _page(entry: Entry) -> str:
    return entry.last[1].partition("#")[0]


def _figure(site: Site, latest: PageRecord) -> figures_page.ShownFigure | None:
    """The figure of the latest week: one that the author shows to the reader, or else its first."""
    found = [figure for figure in figures_page.of_page(site, latest) if figure.note is not None]
    chosen = for_reader.anchors(site, latest)
    return next((f for f in found if f.note and f.note.anchor in chosen), next(iter(found), None))


def _said(shell: Shell, site: Site, latest: PageRecord) -> str:
    """The parts of the latest week that address its reader, without the heading, which the home page
    gives them, and without the questions and decisions that it lists."""
    shown = []
    for part in for_reader.parts(site, latest):
        tree = markup.parse(markup.serialise(part))
        drop_open(tree)
        heading = next(iter(tree), None)
        if heading is not None and for_reader.is_headed(tree):
            heading.drop_tree()
        if not for_reader.says_something(tree):
            continue
        finish(tree, shell, site, latest, top=3)
        markup.rebase(tree, latest.href, HREF)
        for element in tree.iter():
            element.attrib.pop("id", None)
        shown.append(markup.serialise(tree))
    return "\n".join(shown)
