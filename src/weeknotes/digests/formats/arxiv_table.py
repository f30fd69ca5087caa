"""A table with a line a paper, and a footnote each with title and abstract, in two languages where
there is a translation."""

from __future__ import annotations

from weeknotes.digests import entry_parts as parts
from weeknotes.digests.entry import Digest, Entry
from weeknotes.digests.entry_cells import cell_name
from weeknotes.digests.formats.made_cell import Made
from weeknotes.i18n import language
from weeknotes.text.main_language import main_language
from weeknotes.text.untrusted import escaped, title_markdown


def cells(digest: Digest) -> list[Made]:
    """The table, and a cell a paper with its task and its footnote."""
    w = language(digest.lang).digest
    rows = [
        f"| {w['ref']} | {w['paper']} | {w['in_brief']} |",
        "| --- | --- | --- |",
        *(row(one, number) for number, one in enumerate(digest.entries, 1)),
    ]
    return [
        Made("digest-table", parts.blocks(f"## {w['overview']}", "\n".join(rows))),
        Made("digest-details", f"## {w['details']}"),
        *(
            Made(cell_name(one.paper), entry(one, number), one)
            for number, one in enumerate(digest.entries, 1)
        ),
    ]


def row(one: Entry, number: int) -> str:
    """The line of the table on a paper."""
    return f"| [^{number}] | {parts.title_link(one.paper)} | {_line(one)} |"


def _line(one: Entry) -> str:
    text = one.summary.line or next(iter(one.summary.bullets), "")
    shown = parts.in_language(escaped(" ".join(text.split())), one.summary.lang, one.lang)
    label = parts.origin(one.summary, one.lang) if text else ""
    # A bar would end the table's cell, in maths too.
    return f"{shown} {label}".strip().replace("|", r"\|").replace(r"\\|", r"\|")


def entry(one: Entry, number: int) -> str:
    """The task, and the footnote ``number``."""
    facts = " · ".join(filter(None, (parts.title_link(one.paper), parts.facts(one))))
    return parts.blocks(parts.task(facts), parts.indented(parts.why(one)), _footnote(one, number))


def _footnote(one: Entry, number: int) -> str:
    """Title and abstract: the translated ones first, each in its language."""
    paper, other = one.paper, one.translation
    own = main_language(f"{paper.title} {paper.abstract}")
    title = parts.in_language(title_markdown(paper.title), own, one.lang)
    name = paper.id.removeprefix("arxiv:") if paper.id.startswith("arxiv:") else ""
    version = f"v{paper.version}" if paper.version else ""
    category = f" [{paper.categories[0]}]" if paper.categories else ""
    told = " " + escaped(f"(arXiv:{name}{version}{category})") if name else ""
    translated = ""
    if other and other.title:
        translated = parts.in_language(title_markdown(other.title), other.lang, one.lang)
    first, second = (translated, f"{title}{told}") if translated else (f"{title}{told}", "")
    abroad = ""
    if other and other.abstract:
        abroad = parts.in_language(escaped(other.abstract), other.lang, one.lang)
    at_home = ""
    if paper.abstract:
        at_home = parts.in_language(
            escaped(paper.abstract), main_language(paper.abstract), one.lang
        )
    label = ""
    if other and other.by:
        label = parts.by_model(other.by, other.provenance, one.lang)
    body = parts.blocks(
        second,
        f"[{paper.url}]({paper.url})" if paper.url else "",
        _line(one),
        f"{abroad} {label}".strip(),
        at_home,
        parts.missing(one),
    )
    return parts.blocks(f"[^{number}]: {first}", parts.indented(body, "    "))
