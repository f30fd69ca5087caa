"""The site's pages, composed from what an engine rendered: the same under every engine."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from xml.sax.saxutils import escape

from weeknotes.site.data.page_records import Artifact, PageRecord, Site
from weeknotes.site.pages.shell import Shell, fingerprint

NOT_FOUND = "404.html"
SITEMAP = "sitemap.xml"


def artifacts(site: Site) -> Iterator[Artifact]:
    """Every file that is composed: pages with a source, the page of all weeks, home, and the theme.

    Reads no page's text; an artifact's ``make`` does.
    """
    # The modules that compose need an HTML parser, which a build with nothing to do never loads.
    from weeknotes.site.pages import derived as sections
    from weeknotes.site.pages import home_page, source_page, weeks_page

    shell = Shell.of(site.project, site.pages)
    yield from shell.artifacts()
    weeks = [page for page in site.pages if page.kind == "week" and page.start]
    digests = [page for page in site.pages if page.kind == "digest"]
    in_time = {page.href for page in (*weeks, *digests)}
    others = [
        page for page in site.pages if page.href not in in_time and page.href != home_page.HREF
    ]
    for group in (weeks, digests):
        for page, newer, older in _with_neighbours(group):
            yield Artifact(
                page.href,
                source_page.inputs(shell, site, page, newer, older),
                partial(source_page.make, shell, site, page, newer, older),
            )
    for page in others:
        yield Artifact(
            page.href,
            source_page.inputs(shell, site, page, None, None),
            partial(source_page.make, shell, site, page, None, None),
        )
    pages = weeks_page.divide(weeks)
    for part in pages:
        yield Artifact(
            part.href,
            weeks_page.inputs(shell, site, pages, part),
            partial(weeks_page.make, shell, site, pages, part),
        )
    overview = home_page.Overview.of(site, weeks, pages)
    yield Artifact(
        home_page.HREF,
        home_page.inputs(shell, site, weeks, overview),
        partial(home_page.make, shell, site, weeks, overview),
    )
    derived = list(sections.artifacts(shell, site))
    yield from derived
    yield Artifact(NOT_FOUND, fingerprint(shell.fingerprint), partial(_not_found, shell))
    if shell.site_url:
        listed = [home_page.HREF, *(part.href for part in pages)]
        listed += [page.href for page in derived if page.href.endswith(".html")]
        dated = {page.href: page.end or page.date for page in site.pages}
        dated = {**dict.fromkeys(listed, ""), **dated}
        yield Artifact(
            SITEMAP,
            fingerprint(shell.site_url, sorted(dated.items())),
            partial(_sitemap, shell, dated),
        )


def _with_neighbours(
    pages: Sequence[PageRecord],
) -> Iterable[tuple[PageRecord, PageRecord | None, PageRecord | None]]:
    """Each of ``pages`` (newest first) with the newer and the older one beside it."""
    for position, page in enumerate(pages):
        newer = pages[position - 1] if position else None
        older = pages[position + 1] if position + 1 < len(pages) else None
        yield page, newer, older


def _not_found(shell: Shell) -> bytes:
    return shell.render(
        "404.html",
        NOT_FOUND,
        absolute=True,
        lang=shell.strings.lang,
        section="",
        heading=shell.strings("not_found"),
        description=shell.strings("not_found_text"),
    )


def _sitemap(shell: Shell, pages: dict[str, str]) -> bytes:
    """A sitemap after sitemaps.org, protocol 0.9. ``pages`` maps hrefs to ISO dates or nothing."""
    lines = ['<?xml version="1.0" encoding="UTF-8"?>']
    lines += ['<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">']
    for href, date in sorted(pages.items()):
        modified = f"<lastmod>{escape(date[:10])}</lastmod>" if date else ""
        lines.append(f"<url><loc>{escape(shell.site_url + href)}</loc>{modified}</url>")
    lines += ["</urlset>", ""]
    return "\n".join(lines).encode()
