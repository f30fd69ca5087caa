"""Everything on the site that is derived from more than one page: papers, topics, figures and so on."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from weeknotes.site import paper_page, papers_page
from weeknotes.site.bibliography import bibliography_of
from weeknotes.site.divided import divide
from weeknotes.site.pages import Artifact, Site
from weeknotes.site.shell import Shell


def artifacts(shell: Shell, site: Site) -> Iterator[Artifact]:
    """The derived pages and what belongs to them."""
    yield from _papers(shell, site)


def _papers(shell: Shell, site: Site) -> Iterator[Artifact]:
    papers = bibliography_of(site)
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
