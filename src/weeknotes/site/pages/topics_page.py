"""The pages of topics: all of them, those of each year, and a page for each tag."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from weeknotes.site.data import trends
from weeknotes.site.data.glossary import glossary_of, names_in
from weeknotes.site.data.page_records import Site
from weeknotes.site.data.topics import Tagged, Topics, ranked, topics_of
from weeknotes.site.data.trends import Trend
from weeknotes.site.html import graph
from weeknotes.site.html.graph import Column
from weeknotes.site.pages.page import ComposedFile, Page, PageOfList, data_script
from weeknotes.site.pages.pagination import ListPart, divide
from weeknotes.site.pages.shell import Shell
from weeknotes.text.folding import fold

HREF = "topics.html"
DATA = "topics.js"
NOTES_A_PAGE = 300
_SHOWN = 24
_TRENDS = 12
_MOST_IN_TABLE = 12
_ACROSS, _NARROW, _WIDE = 700, 9, 56
_PHONE, _WIDEST = 270, 90
#: So much room the name of a month needs, in CSS pixels.
_LABEL = 40


def year_href(year: str) -> str:
    """The page of one year."""
    return f"topics-{year}.html"


def pages(shell: Shell, site: Site) -> Iterator[ComposedFile]:
    """The page of all topics, one for each year, the numbers for the browser, and the topics' own."""
    topics = topics_of(site)
    yield TopicsPage(shell, site, HREF, "")
    for year in topics.years:
        yield TopicsPage(shell, site, year_href(year), year)
    yield TopicNumbers(shell, site, DATA)
    for topic, notes in topics.notes.items():
        for part in divide(notes, topics.hrefs[topic], NOTES_A_PAGE):
            yield TopicPage(shell, site, part, topic)


class TopicsPage(Page):
    """The page of all topics, or of those of one ``year``."""

    template = "topics.html"
    section = "topics"

    def __init__(self, shell: Shell, site: Site, href: str, year: str) -> None:
        super().__init__(shell, site, href)
        self.year = year
        self.topics = topics_of(site)

    def made_from(self) -> Sequence[Any]:
        topics, year = self.topics, self.year
        weeks = topics.weeks_of(year) if year else topics.weeks
        counts = [(week, ranked(found)) for week, found in sorted(weeks.items())]
        shown = [(week, ranked(found)) for week, found in topics.digests_of(year).items()]
        # Trends, which show notes, are on the page of all years.
        every = () if year else topics.notes.values()
        notes = [(t.href, t.note.title) for found in every for t in found[:_TRENDS]]
        return [counts, sorted(topics.hrefs.items()), list(topics.years), shown, notes]

    def values(self) -> Mapping[str, Any]:
        t, topics, year = self.shell.strings, self.topics, self.year
        counts = topics.years[year] if year else topics.totals
        return {
            "heading": f"{t('topics')} {year}".strip(),
            "description": self._description(),
            "year": year,
            "years": [(name, year_href(name)) for name in reversed(topics.years)],
            "rows": distribution(topics, counts)[:_SHOWN],
            "everything": [(topic, topics.hrefs[topic], counts[topic]) for topic in sorted(counts)],
            "graphs": list(self._graphs(counts)),
            "trends_about": t("trends_about", _half(topics)),
            "trends": [] if year else _trends(self.shell, topics),
            "weeks": sorted(topics.weeks),
        }

    def _description(self) -> str:
        """The span of weeks in which there are notes."""
        t, year = self.shell.strings, self.year
        weeks = self.topics.weeks_of(year)
        if not self.topics.weeks:
            return t("no_topics")
        return (f"{year} · " if year else "") + t("topics_about", min(weeks), max(weeks))

    def _graphs(self, counts: Mapping[str, int]) -> Iterator[dict[str, Any]]:
        """The graphs by year, by week, and of the digests."""
        shell, t, topics, year = self.shell, self.shell.strings, self.topics, self.year
        newest = year or max(topics.years, default="")
        series = [topic for topic, _ in ranked(counts)[: graph.SERIES]]
        weeks = topics.weeks_of(newest)
        if not year and len(topics.years) > 1:
            columns = [Column(name, name, found) for name, found in topics.years.items()]
            yield _graph(shell, t("by_year_topics"), columns, series, _WIDE)
        if year and weeks:
            title = t("by_week_in", newest)
            yield _graph(shell, title, _week_columns(weeks), series, _width(len(weeks)))
        if shown := topics.digests_of(newest or max(topics.digests, default="")[:4]):
            total = sum(shown.values(), Counter())
            series = [name for name, _ in ranked(total)[: graph.SERIES]]
            title = t("digest_categories", min(shown)[:4])
            yield _graph(shell, title, _week_columns(shown), series, _width(len(shown)))


def _trends(shell: Shell, topics: Topics) -> list[dict[str, Any]]:
    """The states of topics with their rows: small graphs of the last weeks, and of the years where
    there are several, each kind on one scale, so that topics can be compared."""
    if not topics.weeks:
        return []
    t = shell.strings
    found = trends.trends(topics.notes, max(topics.weeks), _half(topics))
    most = max((n for trend in found for n in trend.weeks), default=1)
    most_in_year = max((n for trend in found for _, n in trend.years), default=1)
    states = {
        trends.RISING: t("trend_rising"),
        trends.NEW: t("trend_new"),
        trends.STEADY: t("trend_steady"),
        trends.FALLING: t("trend_falling"),
        trends.RESTING: t("trend_resting"),
    }
    groups = []
    for state, name in states.items():
        rows = [_trend_row(shell, topics, x, most, most_in_year) for x in found if x.state == state]
        if rows:
            groups.append({"state": state, "name": name, "rows": rows[:_TRENDS], "all": len(rows)})
    return groups


def _half(topics: Topics) -> int:
    return trends.half_of(min(topics.weeks), max(topics.weeks)) if topics.weeks else trends.SPAN


def _trend_row(
    shell: Shell, topics: Topics, trend: Trend[Tagged], most: int, most_in_year: int
) -> dict[str, Any]:
    t = shell.strings
    said = t("trend_numbers", t.count("notes", trend.now), trend.before)
    years = [n for _, n in trend.years]
    spoken = ", ".join(f"{year}: {n}" for year, n in trend.years)
    return {
        "topic": trend.topic,
        "href": topics.hrefs[trend.topic],
        "said": said,
        "graph": graph.small(
            trend.weeks, most, split=len(trend.weeks) // 2, title=f"{trend.topic}: {said}"
        ),
        "years": graph.small(years, most_in_year, title=f"{trend.topic}, {spoken}")
        if len(years) > 1
        else "",
        "notes": trend.notes,
    }


def distribution(topics: Topics, counts: Mapping[str, int]) -> list[dict[str, Any]]:
    """A row for each topic: its name, address, number, and a bar."""
    rows = ranked(counts)
    most = rows[0][1] if rows else 1
    return [
        {"topic": topic, "href": topics.hrefs[topic], "count": n, "bar": graph.bar(n / most)}
        for topic, n in rows
        if n
    ]


def _week_columns(weeks: Mapping[str, Counter[str]]) -> list[Column]:
    """A column for each of ``weeks``; where they are narrow, every fifth says which week it is."""
    every = 1 if _width(len(weeks)) >= _WIDE else 5
    return [
        Column(week[5:] if number % every == 0 else "", week, found)
        for number, (week, found) in enumerate(weeks.items())
    ]


def _width(columns: int) -> int:
    """The width of each of so many columns, in CSS pixels, for a graph of about a page's width; a few
    take that of a phone."""
    widest = max(_WIDE, min(_WIDEST, _PHONE // max(1, columns)))
    return max(_NARROW, min(widest, _ACROSS // max(1, columns)))


def _graph(
    shell: Shell, title: str, columns: Sequence[Column], series: Sequence[str], width: int
) -> dict[str, Any]:
    """A graph with its legend and its numbers."""
    used = [name for name in series if any(column.values.get(name) for column in columns)]
    has_rest = any(name not in used for column in columns for name in column.values)
    table = ranked(sum((Counter(column.values) for column in columns), Counter()))
    heads = [name for name, _ in table[:_MOST_IN_TABLE]]
    return {
        "title": title,
        "svg": graph.columns(columns, used, title=title, width=width),
        "legend": [(f"series-{number}", name) for number, name in enumerate(used, 1)]
        + ([("series-rest", shell.strings("others"))] if has_rest else []),
        "heads": heads,
        "rows": [
            (
                column.name,
                [column.values.get(name, 0) for name in heads],
                sum(column.values.values()),
            )
            for column in columns
        ],
    }


class TopicNumbers(ComposedFile):
    """The numbers of every week as a script, for choosing any span of weeks in the browser."""

    def made_from(self) -> Sequence[Any]:
        topics = topics_of(self.site)
        numbers = [(week, sorted(counts.items())) for week, counts in sorted(topics.weeks.items())]
        return [numbers, sorted(topics.hrefs.items())]

    def make(self) -> bytes:
        topics = topics_of(self.site)
        names = sorted(topics.notes)
        place = {name: number for number, name in enumerate(names)}
        weeks = {
            week: [[place[topic], n] for topic, n in ranked(found)]
            for week, found in sorted(topics.weeks.items())
        }
        rows = {"topics": [[name, topics.hrefs[name]] for name in names], "weeks": weeks}
        return data_script(DATA, rows)


class TopicPage(PageOfList[Tagged]):
    """One page of the notes on ``topic``, newest first."""

    template = "topic.html"
    section = "topics"

    def __init__(self, shell: Shell, site: Site, part: ListPart[Tagged], topic: str) -> None:
        super().__init__(shell, site, part)
        self.topic = topic
        self.months = _months(topics_of(site).notes[topic])

    def items(self) -> Any:
        rows = [
            (page.label, [(t.note.anchor, t.note.title, t.note.tags) for t in tagged])
            for page, tagged in groupby(self.part.items, lambda t: t.page)
        ]
        return [self.topic, rows, self.months, self._other_names()]

    def values(self) -> Mapping[str, Any]:
        t, topic, months = self.shell.strings, self.topic, self.months
        years: dict[str, list[Tagged]] = {}
        for tagged in self.part.items:
            years.setdefault(tagged.week[:4], []).append(tagged)
        width = _width(len(months))
        columns = [
            Column(label, month, {topic: count})
            for label, (month, count) in zip(
                _month_labels(self.shell, [month for month, _ in months], width),
                months,
                strict=True,
            )
        ]
        return {
            "heading": topic,
            "description": t("notes_with_tag", topic),
            "part": self.part,
            "years": years,
            "total": topics_of(self.site).totals[topic],
            "other_names": self._other_names(),
            "graph": _graph(self.shell, t("over_time"), columns, [topic], width),
        }

    def _other_names(self) -> list[tuple[str, str, int]]:
        """The other names of the topic in the glossary, each with its own topic's page and the number
        of notes there: an empty address and 0 where the name is no topic."""
        names = glossary_of(self.site).others(self.topic)
        topics = topics_of(self.site)
        known = {fold(n): topic for topic in topics.hrefs for n in names_in(topic)} if names else {}
        found = [(name, known.get(fold(name), "")) for name in names]
        return [
            (name, topics.hrefs[topic] if topic else "", topics.totals[topic] if topic else 0)
            for name, topic in found
        ]


def _month_labels(shell: Shell, months: Sequence[str], width: int) -> list[str]:
    """What each of ``months`` is called below its column: the year for a January and for the first,
    else the month, as far as columns of ``width`` CSS pixels leave room for it."""
    labels: list[str] = []
    free = 0
    for number, month in enumerate(months):
        is_year = not number or month.endswith("-01")
        # The label of a January goes before those of the months that it has no room beside.
        january = next((n for n in range(13) if _is_january(months, number + n)), 13)
        if is_year or (number * width >= free and january * width >= _LABEL):
            named = shell.strings.month(f"{month}-01")
            short = width < _WIDE or month.endswith("-01")
            labels.append((month[:4] if short else f"{month[:4]} {named}") if is_year else named)
            free = number * width + _LABEL
        else:
            labels.append("")
    return labels


def _is_january(months: Sequence[str], number: int) -> bool:
    return number < len(months) and months[number].endswith("-01")


def _months(notes: Sequence[Tagged]) -> list[tuple[str, int]]:
    """The number of ``notes`` in each month from the first to the last."""
    counts = Counter(tagged.time[:7] for tagged in notes)
    months = []
    month, last = min(counts), max(counts)
    while month <= last:
        months.append((month, counts[month]))
        year, number = int(month[:4]), int(month[5:])
        month = f"{year + number // 12:04}-{number % 12 + 1:02}"
    return months
