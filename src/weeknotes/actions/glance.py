"""Contents of the generated cells of a week and of a digest: what was added to the library, and on
what; how many of a day's papers each category has.

Each function returns an object that Jupyter displays as HTML or SVG, with plain text beside it. The
notebook that holds the output needs neither Weeknotes nor a style sheet to be read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from weeknotes.i18n import language
from weeknotes.text import charts

_MOST_BARS = 12
_MOST_AUTHORS = 3


@dataclass(frozen=True)
class Display:
    """Something to look at in several forms, by MIME type, for Jupyter to choose from."""

    bundle: Mapping[str, str]

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return dict(self.bundle)

    def __repr__(self) -> str:
        return self.bundle["text/plain"]


def reading(entries: Sequence[Mapping[str, Any] | str], lang: str = "en") -> Display:
    """A table of ``entries``, the papers of a template's parameter ``reading`` or their citation keys,
    with headings in the language ``lang`` (English where it is neither Korean nor Chinese)."""
    words = language(lang).library_table
    entries = _rows(entries)
    if not entries:
        return _remark(words["nothing"])
    rows = [_row(entry, lang) for entry in entries]
    head = "".join(f"<th>{escape(words[key])}</th>" for key in ("title", "authors", "year", "key"))
    html = "\n".join(
        [
            "<table>",
            f"<caption>{escape(words['caption'])}</caption>",
            f"<thead><tr>{head}</tr></thead>",
            "<tbody>",
            *rows,
            "</tbody>",
            "</table>",
        ]
    )
    plain = "\n".join(
        [words["caption"] + ":"]
        + [
            f"- {entry['title']} ({_authors(entry, lang)}, {entry.get('year') or '–'}) "
            f"[@{entry['key']}]"
            for entry in entries
        ]
    )
    return Display({"text/html": html, "text/plain": plain})


def _rows(entries: Sequence[Mapping[str, Any] | str]) -> list[Mapping[str, Any]]:
    """The rows that a template gets for ``entries``. A citation key becomes the summary of its entry in
    the library of the notebook's journal, or the key alone where the library has no such entry."""
    keys = [entry for entry in entries if isinstance(entry, str)]
    known: dict[str, Mapping[str, Any]] = {}
    if keys:
        from weeknotes.actions.create import summary
        from weeknotes.journal import project
        from weeknotes.library.store import Library

        library = Library.load(project.find().library_path)
        known = {key: summary(entry) for key in keys if (entry := library.get(key))}
    return [
        (known.get(entry) or {"key": entry, "title": entry}) if isinstance(entry, str) else entry
        for entry in entries
    ]


def categories(entries: Sequence[Mapping[str, Any] | str], lang: str = "en") -> Display | None:
    """A bar chart of how many of ``entries`` have each tag, most first; the rarest in one bar.

    None, which shows nothing, where there are no entries: the table has said so.
    """
    words = language(lang).library_table
    entries = _rows(entries)
    if not entries:
        return None
    counted = Counter(tag for entry in entries for tag in entry.get("tags", ()))
    if not counted:
        return _remark(words["no_categories"])
    return _bars(counted, words["categories"], words["others"], lang)


def distribution(papers: Sequence[Mapping[str, Any]], lang: str = "en") -> Display | None:
    """A bar chart of how many of ``papers``, a digest's parameter of that name, each category has, a
    paper being counted in its first one. None, which shows nothing, where there are no papers."""
    if not papers:
        return None
    words = language(lang).digest
    counted = Counter(str(paper.get("category") or words["uncategorised"]) for paper in papers)
    return _bars(counted, words["distribution"], words["others"], lang)


def _bars(counted: Mapping[str, int], title: str, others: str, lang: str) -> Display:
    """A bar chart of ``counted``, most first, the rarest in one bar."""
    ranked = sorted(counted.items(), key=lambda pair: (-pair[1], pair[0].casefold(), pair[0]))
    counts = dict(ranked)
    if len(ranked) > _MOST_BARS:
        counts = dict(ranked[: _MOST_BARS - 1])
        rest = ranked[_MOST_BARS - 1 :]
        counts[f"{others} ({len(rest)})"] = sum(count for _, count in rest)
    return Display(
        {
            "image/svg+xml": charts.bars(counts, title=title, lang=lang),
            "text/plain": f"{title}:\n{charts.text_bars(counts)}",
        }
    )


def _row(entry: Mapping[str, Any], lang: str) -> str:
    title = escape(entry["title"])
    url = str(entry.get("url") or "")
    if url.startswith(("https://", "http://")):
        title = f'<a href="{escape(url)}">{title}</a>'
    cells = [
        title,
        escape(_authors(entry, lang)),
        escape(str(entry.get("year") or "–")),
        f"<code>{escape(entry['key'])}</code>",
    ]
    return "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"


def _authors(entry: Mapping[str, Any], lang: str) -> str:
    names = list(entry.get("authors") or [])
    if not names:
        return "–"
    known = language(lang)
    more = known.et_al if len(names) > _MOST_AUTHORS else ""
    return known.comma.join(names[:_MOST_AUTHORS]) + more


def _remark(text: str) -> Display:
    return Display({"text/html": f"<p><em>{escape(text)}</em></p>", "text/plain": text})
