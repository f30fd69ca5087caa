"""An index of all notes for the derived pages, kept between builds.

Reading it from a page's HTML takes some milliseconds, so that after a change only the changed pages
are read again. It is under ``.weeknotes/facts/<engine>/``, a file a year, and may be deleted at any
time.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from weeknotes.files import code_fingerprint, keep_cache
from weeknotes.journal.records import Figure
from weeknotes.site.data.cache import once_a_site
from weeknotes.site.data.page_records import PageRecord, Site
from weeknotes.site.data.reading_state import is_being_read
from weeknotes.site.data.tasks_and_questions import Ask, asks_in
from weeknotes.site.html import embedded_images
from weeknotes.site.pages.week_glance import chart_at

#: A number that a figure, a table or a formula has on its page. It changes with what is before it.
_NUMBERED = re.compile(
    r"\b(Figure|Table|Equation|Section)\s*\d+|(그림|표|식|절|图|表|式|节)\s*\d+", re.I
)

#: White space, and the invisible operators of formulas.
_UNSEEN = re.compile("[\\s\u2061-\u2064]+")


class NoteFacts(NamedTuple):
    """The indexed facts of a note: the fingerprint of its words, its images, and its tasks, questions
    and decisions, and whether it says that its paper is still being read."""

    digest: str
    figures: tuple[Figure, ...]
    asks: tuple[Ask, ...] = ()
    is_being_read: bool = False


class PageFacts(NamedTuple):
    """The indexed facts of a page: its notes in order, its images that are in none of them, and the
    HTML of each entry in its reference list by citation key."""

    notes: tuple[NoteFacts, ...]
    figures: tuple[Figure, ...]
    references: Mapping[str, str]


class NoteIndex:
    """The indexed facts of every page of a site; a new or changed page is read when it is asked for."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._folder = site.project.state / "facts" / site.engine
        self._rows = self._load()
        self._facts: dict[str, PageFacts] = {}

    def of(self, page: PageRecord) -> PageFacts:
        """The facts of ``page``, which is one of the site's."""
        if page.href not in self._facts:
            self._facts[page.href] = _page_facts(self._rows[page.href])
        return self._facts[page.href]

    def _load(self) -> dict[str, Mapping[str, Any]]:
        years: dict[str, list[PageRecord]] = {}
        for page in self._site.pages:
            years.setdefault((page.week or page.date)[:4] or "undated", []).append(page)
        found: dict[str, Mapping[str, Any]] = {}
        for year, pages in years.items():
            found.update(self._year(self._folder / f"{Path(year).name}.json", pages))
        for path in self._folder.glob("*.json"):
            if path.stem not in years:
                path.unlink(missing_ok=True)
        return found

    def _year(self, path: Path, pages: list[PageRecord]) -> dict[str, Mapping[str, Any]]:
        try:
            known = json.loads(path.read_bytes())
        except (OSError, ValueError):
            known = {}
        if not isinstance(known, dict) or known.get("code") != code_fingerprint():
            known = {"pages": {}}
        rows: dict[str, Any] = {}
        changed = len(known["pages"]) != len(pages)
        for page in pages:
            row = known["pages"].get(page.href)
            if row is None or row["key"] != page.fingerprint:
                row = {"key": page.fingerprint, **_read(self._site, page)}
                changed = True
            rows[page.href] = row
        if changed:
            data = {"code": code_fingerprint(), "pages": rows}
            text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
            keep_cache(path, text.encode("utf-8", "surrogatepass"))
        return rows


@once_a_site
def facts_of(site: Site) -> NoteIndex:
    """The facts of ``site``, read once."""
    return NoteIndex(site)


def words_digest(text: str) -> str:
    """A fingerprint of a note's words that stays when the note is moved, renumbered or rendered by
    another engine, which may write the letters of formulas in another style, with other spaces."""
    text = unicodedata.normalize("NFKC", _NUMBERED.sub(r"\1\2", text))
    text = _UNSEEN.sub("", text)
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()


def _read(site: Site, page: PageRecord) -> dict[str, Any]:
    """The facts of ``page`` as plain JSON values."""
    notes = site.notes(page.href)
    body = site.body(page.href)
    assets = site.assets(page.href)

    def rows(figures: Iterable[Figure]) -> list[list[str]]:
        shown = (figure for figure in figures if chart_at(page.href, figure.src, assets) is None)
        return [row for row in map(_figure_row, shown) if row[0]]

    return {
        "notes": [
            [
                words_digest(note.text),
                rows(note.figures),
                [list(vars(ask).values()) for ask in asks_in(note)],
                note.kind == "reading" and is_being_read(note),
            ]
            for note in notes
        ],
        "figures": rows(_loose_figures(body)),
        "references": _references(body),
    }


def _figure_row(figure: Figure) -> list[str]:
    """The facts of ``figure``. An image that is part of the page itself is kept by its name; the
    address is empty where it shows no figure."""
    src = figure.src
    if src.startswith("data:"):
        src = str(embedded_images.name_of(src) or "")
    return [src, figure.alt, figure.caption_html, figure.anchor]


def _loose_figures(body: str) -> list[Figure]:
    """The images of a page that are in no note."""
    if "<img" not in body:
        return []
    from weeknotes.journal import notes as reading

    root = reading.parse(body)
    inside = {image for note in reading.note_sections(root) for image in note.iter("img")}
    found = zip(root.iter("img"), reading.figures(root, ""), strict=True)
    return [figure for image, figure in found if image not in inside]


def _references(body: str) -> dict[str, str]:
    """The HTML of the entries in a page's reference list, by citation key."""
    if 'role="doc-bibliography"' not in body:
        return {}
    from weeknotes.site.html import markup

    start = body.rindex("<section", 0, body.rindex('role="doc-bibliography"'))
    tree = markup.parse(body[start:])
    found = {}
    for entry in tree.xpath('.//*[starts-with(@id, "ref-")]'):
        key = entry.get("id").removeprefix("ref-")
        for element in entry.iter():
            element.attrib.pop("id", None)
        found[key] = markup.serialise(entry).strip()
    return found


def _page_facts(row: Mapping[str, Any]) -> PageFacts:
    return PageFacts(
        notes=tuple(
            NoteFacts(
                digest,
                tuple(Figure(*figure) for figure in figures),
                tuple(Ask(*ask) for ask in asks),
                begun,
            )
            for digest, figures, asks, begun in row["notes"]
        ),
        figures=tuple(Figure(*figure) for figure in row["figures"]),
        references=row["references"],
    )
