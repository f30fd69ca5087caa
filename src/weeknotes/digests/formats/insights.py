"""A report a category with its sources, after the graph of the categories."""

from __future__ import annotations

from collections.abc import Sequence

from weeknotes.digests import entry_parts as parts
from weeknotes.digests.entry import CategoryReport, Digest, Entry, Summary, category_of
from weeknotes.digests.entry_cells import cell_name
from weeknotes.digests.formats import task_list
from weeknotes.digests.formats.made_cell import Made
from weeknotes.i18n import language
from weeknotes.text.untrusted import escaped, title_markdown


def cells(digest: Digest) -> list[Made]:
    """For each category, the most frequent first, the report and then a cell a paper."""
    made: list[Made] = []
    for number, category in enumerate(digest.counts, 1):
        own = [e for e in digest.entries if category_of(e.paper, digest.lang) == category]
        report = CategoryReport(category, digest.reports.get(category, Summary()))
        made.append(report_cell(report, own, number, digest.lang))
        made += [
            Made(cell_name(one.paper), entry(one, index), one) for index, one in enumerate(own, 1)
        ]
    return made


def report_cell(report: CategoryReport, own: Sequence[Entry], number: int, lang: str) -> Made:
    """The cell of the report on the category ``number`` of a digest, whose entries are ``own``."""
    return Made(f"category-{number}", report_text(report, own, lang), report=report)


def report_text(report: CategoryReport, own: Sequence[Entry], lang: str) -> str:
    """The heading and the report; where no model wrote one, a line on each paper."""
    w, summary = language(lang).digest, report.summary
    if summary.line or summary.bullets:
        text = parts.blocks(
            parts.in_language(escaped(summary.line), summary.lang, lang),
            "\n".join(
                f"- {parts.in_language(escaped(' '.join(point.split())), summary.lang, lang)}"
                for point in summary.bullets
            ),
            parts.origin(summary, lang),
        )
    else:
        text = _lines(own, lang)
    return parts.blocks(
        f"## {escaped(report.category)}",
        f"**{w['summary']}:**",
        text,
        parts.missing_text("missing_report", summary.missing, lang),
        f"**{w['sources']}:**",
    )


def _lines(own: Sequence[Entry], lang: str) -> str:
    """A line on each paper, with one label below where they are all of one origin, or one each."""
    told = [one for one in own if _line(one)]
    labels = [parts.origin(one.summary, lang) for one in told]
    shared = len(set(labels)) == 1
    listed = []
    for one, label in zip(told, labels, strict=True):
        line = parts.in_language(escaped(" ".join(_line(one).split())), one.summary.lang, lang)
        listed.append(f"- “{title_markdown(one.paper.title)}”: {line}")
        listed[-1] += "" if shared else f" {label}"
    return parts.blocks("\n".join(listed), labels[0] if shared else "")


def _line(one: Entry) -> str:
    return one.summary.line or next(iter(one.summary.bullets), "")


def entry(one: Entry, number: int) -> str:
    """A paper among the sources of its category's report."""
    return task_list.item(one, parts.facts(one), parts.why(one), parts.missing(one))
