"""The list of digests, and the way to it."""

from __future__ import annotations

from typing import Any

import pytest
from lxml import html
from sample_journal import Journal

from weeknotes.site.pages import digests_page


def add(journal: Journal, day: str, **meta: object) -> None:
    journal.add_page(
        f"journal/digests/{day}.html",
        "digest",
        '<section id="one" class="level2"><h2>One '
        '<span class="citation" data-cites="ho2020">(<a href="#ref-ho2020">Ho 2020</a>)</span></h2>'
        "<p>Gist.</p></section>",
        title=f"Papers of {day}",
        date=day,
        lang="en",
        **meta,
    )


def test_digests_are_listed_newest_first_and_the_navigation_leads_there(journal: Journal) -> None:
    for day in ("2026-11-18", "2026-11-20", "2026-11-19"):
        add(journal, day, categories=["diffusion"])
    site = journal.compose()
    tree: Any = html.fromstring((site / "digests.html").read_text())
    links = tree.xpath('//ol[@class="ledger"]//a/@href')
    days = ("2026-11-20", "2026-11-19", "2026-11-18")
    assert links == [f"journal/digests/{day}.html" for day in days]
    first = tree.xpath('string(//ol[@class="ledger"]/li[1])')
    assert all(words in first for words in ("Papers of 2026-11-20", "1 paper", "diffusion"))
    for name in ("index.html", "digests.html", "journal/digests/2026-11-20.html"):
        page: Any = html.fromstring((site / name).read_text())
        nav = page.xpath('//nav[@class="site-nav"]//a/@href')
        assert any(href.endswith("digests.html") for href in nav)


def test_a_journal_without_digests_has_no_list_of_them(journal: Journal) -> None:
    site = journal.compose()
    assert not (site / "digests.html").exists()
    assert "digests.html" not in (site / "index.html").read_text()


def test_many_digests_go_over_several_pages(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(digests_page, "DIGESTS_A_PAGE", 2)
    for day in ("2026-11-18", "2026-11-20", "2026-11-19"):
        add(journal, day)
    second: Any = html.fromstring((journal.compose() / "digests-2.html").read_text())
    assert second.xpath('//ol[@class="ledger"]//a/@href') == ["journal/digests/2026-11-18.html"]
