"""A section a paper with bullets and numbered questions, as in a digest post of a blog."""

from __future__ import annotations

from weeknotes.digests import entry_parts as parts
from weeknotes.digests.entry import Digest, Entry
from weeknotes.digests.entry_cells import cell_name
from weeknotes.digests.formats.made_cell import Made
from weeknotes.i18n import language
from weeknotes.text.untrusted import escaped


def cells(digest: Digest) -> list[Made]:
    """A cell a paper, the nearest first."""
    return [
        Made(cell_name(one.paper), entry(one, number), one)
        for number, one in enumerate(digest.entries, 1)
    ]


def entry(one: Entry, number: int) -> str:
    """The section on a paper."""
    return parts.blocks(
        f"## {parts.title_link(one.paper)}",
        parts.task(parts.facts(one) or parts.title_link(one.paper)),
        parts.media(one),
        parts.why(one),
        parts.bullets(one),
        *(
            f"### Q{index}. {parts.in_language(question, one.summary.lang, one.lang)}"
            for index, question in enumerate(questions(one), 1)
        ),
        parts.abstract(one),
    )


def questions(one: Entry) -> list[str]:
    """The questions of the summary; where it has none, those that a reader would ask of any paper."""
    if one.summary.questions:
        return [escaped(" ".join(text.split())) for text in one.summary.questions]
    w = language(one.lang).digest
    week = next((near.week for near in one.nearest if near.week), "")
    bearing = [w["question_bearing"].format(week)] if week else []
    return [w["question_new"], *bearing, w["question_check"]]
