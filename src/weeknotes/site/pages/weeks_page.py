"""The page of all weeks: newest first, each a section that folds, a dozen weeks on a page.

Pages are counted from the oldest week, so that a new week changes the newest page alone: that one is
``weeks.html``, the others ``weeks-1.html``, ``weeks-2.html`` and so on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lxml.html import HtmlElement

from weeknotes.site.data.bibliography import bibliography_of
from weeknotes.site.data.page_records import PageRecord, Site, weeks_of
from weeknotes.site.html import folds, markup
from weeknotes.site.pages.page import Page
from weeknotes.site.pages.page_body import finish, fold_notes, page_state, permanent_label
from weeknotes.site.pages.shell import Shell

NEWEST = "weeks.html"
WEEKS_A_PAGE = 12
#: A newest page with fewer weeks than this is joined with the one before it.
FEWEST_WEEKS = 4
#: What the weeks of one page may weigh together, in bytes, so that the page stays under 300 kB.
_BUDGET = 265_000


@dataclass(frozen=True)
class WeeksPart:
    """One page of weeks, newest first."""

    href: str
    weeks: tuple[PageRecord, ...]

    @property
    def start(self) -> str:
        """The first day of its oldest week."""
        return self.weeks[-1].start

    @property
    def end(self) -> str:
        """The last day of its newest week."""
        return self.weeks[0].end


@dataclass
class Content:
    """The content of a week on the page of all weeks, and what of it had to be left out."""

    tree: HtmlElement
    code_left_out: bool = False
    left_out: bool = False

    def weight(self) -> int:
        """Its size in bytes."""
        return 0 if self.left_out else len(self.html().encode())

    def html(self) -> str:
        """Its HTML."""
        return markup.serialise(self.tree)


def divide(weeks: Sequence[PageRecord]) -> list[WeeksPart]:
    """``weeks`` (newest first) as pages, the newest first."""
    oldest_first = list(reversed(weeks))
    chunks = [
        oldest_first[start : start + WEEKS_A_PAGE]
        for start in range(0, len(oldest_first), WEEKS_A_PAGE)
    ]
    if len(chunks) > 1 and len(chunks[-1]) < FEWEST_WEEKS:
        chunks[-2:] = [chunks[-2] + chunks[-1]]
    pages = [
        WeeksPart(f"weeks-{number}.html", tuple(reversed(chunk)))
        for number, chunk in enumerate(chunks, 1)
    ]
    if not pages:
        return [WeeksPart(NEWEST, ())]
    pages[-1] = WeeksPart(NEWEST, pages[-1].weeks)
    return pages[::-1]


def week_anchors(weeks: Sequence[PageRecord]) -> dict[str, str]:
    """The id of each week's section, by the href of its page."""
    anchors: dict[str, str] = {}
    for week in weeks:
        name = week.week or week.start
        taken = sum(1 for anchor in anchors.values() if anchor.partition("_")[0] == name)
        anchors[week.href] = f"{name}_{taken + 1}" if taken else name
    return anchors


def pages(shell: Shell, site: Site) -> Iterator[PageOfWeeks]:
    """The pages of all weeks."""
    parts = divide(weeks_of(site))
    for part in parts:
        yield PageOfWeeks(shell, site, parts, part)


class PageOfWeeks(Page):
    """The page that shows ``part``, one of ``parts``."""

    template = "weeks.html"
    section = "weeks"

    def __init__(
        self, shell: Shell, site: Site, parts: Sequence[WeeksPart], part: WeeksPart
    ) -> None:
        super().__init__(shell, site, part.href)
        self.parts = parts
        self.part = part

    def made_from(self) -> Sequence[Any]:
        site = self.site
        weeks = [page_state(site, week) for week in self.part.weeks]
        others = [(other.href, other.start) for other in self.parts if other.weeks]
        return [weeks, others, bibliography_of(site).renamed]

    def values(self) -> Mapping[str, Any]:
        shell, part = self.shell, self.part
        anchors = week_anchors(part.weeks)
        contents = [
            Content(_week_tree(shell, self.site, week, anchors[week.href], part))
            for week in part.weeks
        ]
        _shorten(contents)
        entries = [
            {"record": week, "anchor": anchors[week.href], "content": content}
            for week, content in zip(part.weeks, contents, strict=True)
        ]
        position = self.parts.index(part)
        return {
            "heading": shell.strings("weeks"),
            "description": _description(shell, part),
            "page": part,
            "entries": entries,
            "years": _years(shell, self.parts),
            "newer": self.parts[position - 1] if position else None,
            "older": self.parts[position + 1] if position + 1 < len(self.parts) else None,
        }


def _description(shell: Shell, page: WeeksPart) -> str:
    """The span of weeks on ``page``, for a search engine or a preview."""
    if not page.weeks:
        return shell.strings("no_weeks")
    count = shell.strings.count("weeks_count", len(page.weeks))
    return f"{count} · {shell.strings.span(page.start, page.end)}"


def _years(shell: Shell, pages: Sequence[WeeksPart]) -> list[dict[str, Any]]:
    """The pages by the year and month they begin in, newest first; empty where there is but one."""
    years: dict[str, list[dict[str, str]]] = {}
    for page in pages if len(pages) > 1 else ():
        label = shell.strings.month(page.start)
        years.setdefault(page.start[:4], []).append({"href": page.href, "label": label})
    return [{"year": year, "pages": entries} for year, entries in years.items()]


def _week_tree(
    shell: Shell, site: Site, week: PageRecord, anchor: str, page: WeeksPart
) -> HtmlElement:
    """The text written in ``week``, for the page of all weeks."""
    tree = markup.parse(site.body(week.href))
    for section in list(tree.iter("section")):
        if section.get("role") == "doc-bibliography":
            section.drop_tree()
    fold_notes(tree, week)
    _drop_loose_cells(tree)
    markup.drop_code_anchors(tree)
    markup.lighten_formulas(tree)
    finish(tree, shell, site, week, top=3, eager=0)
    folds.add_permanent_links(tree, lambda inner: f"#{inner}", permanent_label(shell))
    markup.rebase(tree, week.href, page.href)
    _aim_permanent_links(tree, week.href)
    markup.prefix_identifiers(tree, f"{anchor}--", lambda inner: f"{week.href}#{inner}")
    return tree


def _aim_permanent_links(tree: HtmlElement, href: str) -> None:
    """A note's permanent address is on its week's own page."""
    for link in tree.iter("a"):
        if link.get("class") == "permalink":
            link.set("href", href + link.get("href", ""))


def _drop_loose_cells(tree: HtmlElement) -> None:
    """Leave out cells that are in no note, such as the week at a glance: this page has its own
    summary."""
    for cell in list(tree.iter("div")):
        in_note = any("note" in e.get("class", "").split() for e in cell.iterancestors("details"))
        if "cell" in cell.get("class", "").split() and not in_note:
            cell.drop_tree()


def _shorten(contents: list[Content]) -> None:
    """Make the weeks of a page fit on it: with plain code, then without the code of the longest ones,
    then without the longest ones."""
    if _weight(contents) > _BUDGET:
        for content in contents:
            markup.plain_code(content.tree)
    while _weight(contents) > _BUDGET:
        longest = max(contents, key=Content.weight)
        if longest.code_left_out or not _drop_code(longest.tree):
            longest.left_out = True
        longest.code_left_out = True


def _weight(contents: list[Content]) -> int:
    return sum(content.weight() for content in contents)


def _drop_code(tree: HtmlElement) -> bool:
    """Take the code out of a week; False where it has none."""
    blocks = [element for element in tree.iter("details", "div") if _is_code(element)]
    for block in blocks:
        if block.getparent() is not None:
            block.drop_tree()
    return bool(blocks)


def _is_code(element: HtmlElement) -> bool:
    classes = element.get("class", "").split()
    return "sourceCode" in classes or "code-fold" in classes
