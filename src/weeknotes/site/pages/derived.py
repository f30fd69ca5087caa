"""Everything on the site that is derived from more than one page: papers, topics, figures and so on."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from weeknotes.site.data import changes, history
from weeknotes.site.data.bibliography import Bibliography, bibliography_of
from weeknotes.site.data.ledger import last_day, ledger_of
from weeknotes.site.data.page_records import Artifact, Site
from weeknotes.site.pages import (
    changes_page,
    digests_page,
    downloads,
    feed,
    figures_page,
    ledger_page,
    new_page,
    paper_page,
    papers_page,
    record_page,
    social_card,
    topics_page,
)
from weeknotes.site.pages.pagination import divide, divide_from_oldest
from weeknotes.site.pages.shell import Shell, fingerprint


def artifacts(shell: Shell, site: Site) -> Iterator[Artifact]:
    """The derived pages and what belongs to them."""
    papers = bibliography_of(site)
    yield from _papers(shell, site, papers)
    yield from _digests(shell, site)
    yield from _record(shell, site, papers)
    yield from _topics(shell, site)
    yield from _figures(shell, site)
    yield from _ledger(shell, site)
    yield from _news(shell, site)
    yield from _changes(shell, site)
    yield from downloads.artifacts(site)


def _papers(shell: Shell, site: Site, papers: Bibliography) -> Iterator[Artifact]:
    for paper in papers.papers.values():
        yield Artifact(
            paper.href,
            paper_page.inputs(shell, site, papers, paper),
            partial(paper_page.make, shell, site, papers, paper),
        )
    listed = papers_page.ordered(papers)
    for part in divide(listed, papers_page.HREF, papers_page.PAPERS_A_PAGE):
        yield Artifact(
            part.href,
            papers_page.inputs(shell, papers, part),
            partial(papers_page.make, shell, papers, part),
        )


def _digests(shell: Shell, site: Site) -> Iterator[Artifact]:
    if not shell.has_digests:
        return
    found = [page for page in site.pages if page.kind == "digest"]
    found.sort(key=lambda page: (page.date, page.href), reverse=True)
    for part in divide(found, digests_page.HREF, digests_page.DIGESTS_A_PAGE):
        yield Artifact(
            part.href,
            digests_page.inputs(shell, part, len(found)),
            partial(digests_page.make, shell, part, len(found)),
        )


def _record(shell: Shell, site: Site, papers: Bibliography) -> Iterator[Artifact]:
    weeks = [page for page in site.pages if page.kind == "week"]
    unread = record_page.waiting(papers)
    yield Artifact(
        record_page.HREF,
        record_page.inputs(shell, weeks, unread, len(papers.papers)),
        partial(record_page.make, shell, weeks, unread, len(papers.papers)),
    )
    for part in divide(unread, record_page.WAITING, record_page.WAITING_A_PAGE):
        yield Artifact(
            part.href,
            record_page.waiting_inputs(shell, part),
            partial(record_page.waiting_page, shell, part),
        )


def _topics(shell: Shell, site: Site) -> Iterator[Artifact]:
    found = topics_page.topics_of(site)
    for year in ("", *found.years):
        yield Artifact(
            topics_page.year_href(year) if year else topics_page.HREF,
            topics_page.overview_inputs(shell, found, year),
            partial(topics_page.overview, shell, found, year),
        )
    numbers = [(week, sorted(counts.items())) for week, counts in sorted(found.weeks.items())]
    yield Artifact(
        topics_page.DATA,
        fingerprint(shell.fingerprint, numbers, sorted(found.hrefs.items())),
        partial(topics_page.data, found),
    )
    for topic, notes in found.notes.items():
        for part in divide(notes, found.hrefs[topic], topics_page.NOTES_A_PAGE):
            yield Artifact(
                part.href,
                topics_page.tag_inputs(shell, found, topic, part),
                partial(topics_page.tag_page, shell, found, topic, part),
            )


def _figures(shell: Shell, site: Site) -> Iterator[Artifact]:
    shown = figures_page.shown(site)
    for part in divide_from_oldest(shown, figures_page.HREF, figures_page.FIGURES_A_PAGE):
        yield Artifact(
            part.href,
            figures_page.inputs(shell, site, part, len(shown)),
            partial(figures_page.make, shell, part, len(shown)),
        )
    yield from figures_page.images(site, shown)


def _ledger(shell: Shell, site: Site) -> Iterator[Artifact]:
    entries = ledger_of(site)
    totals, today = ledger_page.totals_of(entries), last_day(site.pages)
    for part in divide(entries, ledger_page.HREF, ledger_page.ENTRIES_A_PAGE):
        yield Artifact(
            part.href,
            ledger_page.inputs(shell, part, totals, today),
            partial(ledger_page.make, shell, part, totals, today),
        )


def _changes(shell: Shell, site: Site) -> Iterator[Artifact]:
    state = changes_page.inputs(shell, site)
    found = history.history_of(site)
    yield Artifact(changes_page.HREF, state, partial(changes_page.make, shell, site))
    yield Artifact(history.INDEX, state, partial(history.index, found))
    for year in found.years:
        yield Artifact(f"{history.FOLDER}{year}.js", state, partial(history.year, found, year))


def _news(shell: Shell, site: Site) -> Iterator[Artifact]:
    known = changes.known_notes(site)
    yield Artifact(
        new_page.HREF, new_page.inputs(shell, known), partial(new_page.make, shell, site, known)
    )
    yield Artifact(
        changes.HREF, changes.index_inputs(shell, site), partial(changes.index, shell, site)
    )
    for month, notes in changes.months(site).items():
        yield Artifact(
            f"{changes.FOLDER}{month}.json",
            changes.month_inputs(notes),
            partial(changes.month, site, notes),
        )
    if shell.site_url:
        # Readers of feeds resolve addresses each in their own way: a feed needs whole ones.
        yield Artifact(
            feed.HREF, feed.inputs(shell, site, known), partial(feed.make, shell, site, known)
        )
        weeks = [page for page in site.pages if page.kind == "week"]
        yield Artifact(
            social_card.HREF,
            social_card.inputs(shell, weeks),
            partial(social_card.make, shell, weeks),
        )
