"""The cells of a digest's notebook, and reading them again.

A paper's cell carries, in its metadata under ``weeknotes: digest``, the record of the paper, what it
was summarised as, and hashes of the lines as they were made: by these a later run knows the paper, and
tells what the author has written from what was made.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from weeknotes.digests.entry import (
    CategoryReport,
    Digest,
    Entry,
    News,
    Summary,
    Translation,
    counts_of,
)
from weeknotes.digests.entry_cells import line_marks
from weeknotes.digests.entry_parts import blocks, title_link
from weeknotes.digests.formats import FORMATS, Made
from weeknotes.digests.paper import Paper, paper_of, to_record
from weeknotes.i18n import language
from weeknotes.journal.cell_edit import new_cell
from weeknotes.journal.notebooks import Cell, CellJson, Notebook
from weeknotes.text.untrusted import escaped

STATUS = "digest-status"
NEWS = "digest-news"
DAY = "digest-day"


@dataclass(frozen=True)
class PaperCell:
    """A paper's cell as it is in a notebook: the paper, its number and score, the lines that were
    made, its summary and its translation."""

    cell: Cell
    paper: Paper
    number: int
    score: float
    lines: str
    summary: Summary
    translation: Translation | None = None


@dataclass(frozen=True)
class ReportCell:
    """The cell of the report on a category as it is in a notebook, and its number among them."""

    cell: Cell
    report: CategoryReport
    number: int


def cells(digest: Digest) -> list[CellJson]:
    """The cells of ``digest`` in its format."""
    return [
        cell_of(made, number) for made, number in _numbered(FORMATS[digest.format].cells(digest))
    ]


def cell_of(made: Made, number: int) -> CellJson:
    """A cell as it is written; ``number`` is that of the paper among the notebook's."""
    own: dict[str, Any] = {"lines": line_marks(made.text)}
    if made.report:
        summary = _record(made.report.summary)
        if provenance := summary.pop("provenance", None):
            own["provenance"] = provenance
        own["report"] = {"category": made.report.category, "summary": summary}
    if made.entry:
        own |= {
            "paper": to_record(made.entry.paper),
            "number": number,
            "score": round(made.entry.score, 4),
            "summary": _record(made.entry.summary),
        }
        if made.entry.translation:
            own["translation"] = _record(made.entry.translation)
    return new_cell("markdown", made.text, id=made.name, metadata={"weeknotes": {"digest": own}})


def _record(text: Summary | Translation) -> dict[str, Any]:
    """A summary or a translation as plain JSON values, without what is empty."""
    return {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in asdict(text).items()
        if value not in ("", (), {}, None)
    }


def _numbered(made: Sequence[Made]) -> Iterator[tuple[Made, int]]:
    number = 0
    for one in made:
        number += one.entry is not None
        yield one, number


def parameters(digest: Digest, title: str) -> dict[str, Any]:
    """The values that a template of a digest gets: plain JSON values, in a fixed order."""
    return {
        "day": digest.day.isoformat(),
        "title": title,
        "lang": digest.lang,
        "format": digest.format,
        **paper_parameters([(entry.paper, entry.score) for entry in digest.entries], digest.lang),
    }


def paper_parameters(shown: Sequence[tuple[Paper, float]], lang: str) -> dict[str, Any]:
    """The parameters that follow from the papers of a digest and their scores: ``papers``, and how many
    each category has, the most first."""
    counts = counts_of([paper for paper, _ in shown], lang)
    none = language(lang).digest["uncategorised"]
    return {
        "categories": [name for name in counts if name != none],
        "counts": counts,
        "papers": [row(paper, score) for paper, score in shown],
    }


def row(paper: Paper, score: float) -> dict[str, Any]:
    """A paper as a template's parameter ``papers`` has it."""
    return {
        "id": paper.id,
        "title": paper.title,
        "authors": list(paper.authors[:6]),
        "category": paper.categories[0] if paper.categories else "",
        "url": paper.url,
        "votes": paper.votes,
        "score": round(score, 4),
    }


def status_cell(text: str, own: Mapping[str, Any]) -> CellJson:
    """The cell that says what the digest is made of, and what it lacks; ``own`` is what a later run
    needs to say it again."""
    metadata = {"weeknotes": {"digest": dict(own)}}
    return new_cell("markdown", text, id=STATUS, tags=("generated",), metadata=metadata)


def news_cell(news: Sequence[News], lang: str) -> CellJson:
    """The cell on new versions of papers that there are notes on."""
    w = language(lang).digest
    lines = []
    for one in news:
        version = w["new_version"].format(one.paper.version or "?")
        link = f"[{one.week}]({one.href})" if one.href else one.week
        note = w["your_note"].format(link)
        lines.append(f"- {version} {title_link(one.paper)} [@{one.key}] ({note})")
    text = blocks(f"## {escaped(w['news'])}", "\n".join(lines))
    own = {"lines": line_marks(text)}
    return new_cell("markdown", text, id=NEWS, metadata={"weeknotes": {"digest": own}})


def own_metadata(cell: Cell) -> Mapping[str, Any]:
    """The digest's own metadata in a cell; empty for a cell that a digest did not make."""
    weeknotes = cell.metadata.get("weeknotes")
    own = weeknotes.get("digest") if isinstance(weeknotes, dict) else None
    return own if isinstance(own, dict) else {}


def is_made(cell: Cell) -> bool:
    """Whether a digest made the cell, or its template, and not its author."""
    return bool(own_metadata(cell)) or cell.generated or cell.kind != "markdown"


def paper_cells(notebook: Notebook) -> list[PaperCell]:
    """The papers' cells of a notebook, in order. Raises DigestError for a record that is no paper."""
    found = []
    for cell in notebook.cells:
        own = own_metadata(cell)
        record = own.get("paper")
        if cell.kind != "markdown" or not isinstance(record, dict):
            continue
        where = f"{notebook.file}, cell {cell.index}"
        found.append(
            PaperCell(
                cell,
                paper_of(record, where=where),
                int(own.get("number") or 0),
                float(own.get("score") or 0),
                str(own.get("lines") or ""),
                _summary(own.get("summary")),
                _translation(own.get("translation")),
            )
        )
    return found


def report_cells(notebook: Notebook) -> list[ReportCell]:
    """The cells of reports on categories, in order."""
    found: list[ReportCell] = []
    for cell in notebook.cells:
        own = own_metadata(cell)
        there = own.get("report")
        if cell.kind == "markdown" and isinstance(there, dict):
            summary = _summary({"provenance": own.get("provenance"), **_mapping(there, "summary")})
            report = CategoryReport(str(there.get("category") or ""), summary)
            found.append(ReportCell(cell, report, len(found) + 1))
    return found


def _mapping(value: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    there = value.get(name)
    return there if isinstance(there, dict) else {}


def _summary(value: Any) -> Summary:
    if not isinstance(value, dict):
        return Summary()
    return Summary(
        line=str(value.get("line") or ""),
        bullets=tuple(map(str, value.get("bullets") or ())),
        questions=tuple(map(str, value.get("questions") or ())),
        origin=str(value.get("origin") or ""),
        by=str(value.get("by") or ""),
        lang=str(value.get("lang") or "en"),
        provenance=dict(value.get("provenance") or {}),
        missing=str(value.get("missing") or ""),
    )


def _translation(value: Any) -> Translation | None:
    if not isinstance(value, dict):
        return None
    return Translation(
        lang=str(value.get("lang") or "en"),
        title=str(value.get("title") or ""),
        abstract=str(value.get("abstract") or ""),
        by=str(value.get("by") or ""),
        provenance=_mapping(value, "provenance"),
        missing=str(value.get("missing") or ""),
    )


def digest_of(notebook: Notebook) -> Mapping[str, Any]:
    """The metadata of the digest in a notebook: ``day`` or ``week``, ``format``; empty for a
    notebook that is not a digest, or that was imported."""
    own = notebook.metadata.get("weeknotes")
    found = own.get("digest") if isinstance(own, dict) else None
    return found if isinstance(found, dict) else {}


def form_of(notebook: Notebook) -> str:
    """The form of the entries of a digest."""
    form = str(digest_of(notebook).get("format"))
    return form if form in FORMATS else "list"


def language_of(notebook: Notebook, otherwise: str) -> str:
    """The language that a digest is in: that of its front matter, or ``otherwise``."""
    lang = notebook.front_matter.get("lang")
    return lang if isinstance(lang, str) and lang else otherwise


def entry_again(found: PaperCell, lang: str, hosts: tuple[str, ...]) -> Entry:
    """The entry of a paper that a notebook shows, but for the reasons why it is there."""
    return Entry(
        found.paper,
        found.score,
        summary=found.summary,
        translation=found.translation,
        lang=lang,
        hosts=hosts,
    )
