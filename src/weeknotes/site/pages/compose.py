"""The site's files, composed from what an engine rendered: the same under every engine."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Any

from weeknotes.site.data.page_records import Artifact, Site
from weeknotes.site.pages.page import ComposedFile, Page
from weeknotes.site.pages.shell import Shell

NOT_FOUND = "404.html"
SITEMAP = "sitemap.xml"


def artifacts(site: Site) -> Iterator[Artifact]:
    """Every file that is composed: the pages of all kinds, what belongs to them, and the theme.

    Reads no page's text; an artifact's ``make`` does.
    """
    # The modules that compose need an HTML parser, which a build with nothing to do never loads.
    from weeknotes.site.pages import (
        changes_page,
        digests_page,
        downloads,
        feed,
        figures_page,
        home_page,
        ledger_page,
        new_page,
        paper_page,
        papers_page,
        record_page,
        social_card,
        source_page,
        topics_page,
        weeks_page,
    )

    kinds = (
        source_page,
        weeks_page,
        home_page,
        paper_page,
        papers_page,
        digests_page,
        record_page,
        topics_page,
        figures_page,
        ledger_page,
        new_page,
        feed,
        social_card,
        changes_page,
        downloads,
    )
    shell = Shell.of(site.project, site.pages)
    yield from shell.artifacts()
    hrefs = []
    for kind in kinds:
        for artifact in kind.pages(shell, site):
            hrefs.append(artifact.href)
            yield artifact
    yield NotFound(shell, site, NOT_FOUND)
    if shell.site_url:
        yield Sitemap(shell, site, hrefs)


class NotFound(Page):
    """The page that a host shows in place of one that is not there, at any depth."""

    template = "404.html"
    absolute = True

    def values(self) -> Mapping[str, Any]:
        t = self.shell.strings
        return {"heading": t("not_found"), "description": t("not_found_text")}


class Sitemap(ComposedFile):
    """A sitemap after sitemaps.org, protocol 0.9, of the pages among ``hrefs``."""

    def __init__(self, shell: Shell, site: Site, hrefs: Sequence[str]) -> None:
        super().__init__(shell, site, SITEMAP)
        dates = {page.href: page.end or page.date for page in site.pages}
        self.dated = sorted((h, dates.get(h, "")) for h in hrefs if h.endswith(".html"))

    def made_from(self) -> Sequence[Any]:
        return self.dated

    def make(self) -> bytes:
        lines = ['<?xml version="1.0" encoding="UTF-8"?>']
        lines += ['<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">']
        for href, date in self.dated:
            modified = f"<lastmod>{escape(date[:10])}</lastmod>" if date else ""
            lines.append(f"<url><loc>{escape(self.shell.site_url + href)}</loc>{modified}</url>")
        lines += ["</urlset>", ""]
        return "\n".join(lines).encode()
