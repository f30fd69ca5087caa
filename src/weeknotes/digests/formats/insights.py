"""A report a category with its sources, after the graph of the categories."""

from __future__ import annotations

from weeknotes.digests import entry_parts as parts
from weeknotes.digests.entry import Digest, Entry, Summary, category_of
from weeknotes.digests.entry_cells import cell_name
from weeknotes.digests.formats import task_list
from weeknotes.digests.formats.made import Made
from weeknotes.i18n import language
from weeknotes.text.untrusted import escaped, title_markdown


def cells(digest: Digest) -> list[Made]:
    """For each category, the most frequent first, the report and then a cell a paper."""
    made: list[Made] = []
    for number, category in enumerate(digest.counts, 1):
        own = [e for e in digest.entries if category_of(e.paper, digest.lang) == category]
        report = digest.reports.get(category, Summary())
        text = _report(digest, category, report, own)
        made.append(Made(f"category-{number}", text, provenance=report.provenance))
        made += [
            Made(cell_name(one.paper), entry(one, index), one) for index, one in enumerate(own, 1)
        ]
    return made


def _report(digest: Digest, category: str, report: Summary, own: list[Entry]) -> str:
    """The heading and the report; where no model wrote one, a line on each paper."""
    w = language(digest.lang).digest
    if report.line or report.bullets:
        text = parts.blocks(
            escaped(report.line),
            "\n".join(f"- {escaped(' '.join(point.split()))}" for point in report.bullets),
            parts.origin(report, digest.lang),
        )
    else:
        text = "\n".join(
            f"- “{title_markdown(one.paper.title)}”: "
            + parts.in_language(
                escaped(" ".join(_line(one).split())), one.summary.lang, digest.lang
            )
            for one in own
            if _line(one)
        )
        label = next((parts.origin(one.summary, digest.lang) for one in own if _line(one)), "")
        text = parts.blocks(text, label)
    head = f"## {escaped(category)}"
    return parts.blocks(head, f"**{w['summary']}:**", text, f"**{w['sources']}:**")


def _line(one: Entry) -> str:
    return one.summary.line or next(iter(one.summary.bullets), "")


def entry(one: Entry, number: int) -> str:
    """A paper among the sources of its category's report."""
    return task_list.item(one, parts.facts(one), parts.why(one), parts.missing(one))
