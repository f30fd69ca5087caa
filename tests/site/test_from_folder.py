"""A site that is opened from a folder, where a browser lets a page load scripts and images alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from lxml import html
from sample_journal import Journal, data_of, fill
from tests.until import until

from weeknotes.site.pages import ledger_page

pytestmark = pytest.mark.browser


@pytest.fixture
def folder_page(browser: Any) -> Iterator[Callable[..., Any]]:
    """Opens a file of a site. Fails the test where it complains, or something could not be loaded."""
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("requestfailed", lambda request: complaints.append(request.url))

    def opened(path: Path, query: str = "") -> Any:
        page.goto(path.as_uri() + query)
        return page

    yield opened
    assert complaints == []
    context.close()


def test_the_shipped_site_is_searched(folder_page: Callable[..., Any], site: Path) -> None:
    page = folder_page(site / "journal/2026/2026-W47.html")
    page.keyboard.press("/")
    page.locator(".search-input").fill("디퓨전")
    hit = page.locator(".search-hits a").first
    hit.wait_for()
    assert "diffusion" in page.locator(".search-hits").inner_text().casefold()
    page.locator("dialog select[name=lang]").select_option("ko")
    page.locator(".search-context[lang=ko] mark").first.wait_for()
    hit.click()
    page.locator("main mark").first.wait_for()
    assert page.url.startswith("file:///")


def test_every_kind_of_page_is_whole(folder_page: Callable[..., Any], site: Path) -> None:
    for path in sorted(site.glob("*.html")):
        if path.name != "404.html":  # which is served at any depth of a host
            page = folder_page(path)
            assert page.locator("[data-since]:visible").count() == 0  # Nothing is remembered there.


def test_figures_and_papers_are_filtered(folder_page: Callable[..., Any], site: Path) -> None:
    page = folder_page(site / "figures.html")
    every = page.locator(".gallery > li").count()
    page.locator("select[name=topic] option[value=diffusion]").wait_for(state="attached")
    page.select_option("select[name=topic]", "diffusion")
    until(page, f"document.querySelectorAll('.gallery > li').length < {every}")
    page.locator(".gallery .frame").first.click()
    until(page, "document.querySelector('dialog.full img').naturalWidth > 0")


@pytest.fixture(scope="module")
def listed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A site whose ledger goes over several pages."""
    journal = fill(Journal(tmp_path_factory.mktemp("listed")), 4)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ledger_page, "ENTRIES_A_PAGE", 2)
        yield journal.compose()


def test_a_ledger_of_several_pages_is_sorted_and_filtered(
    folder_page: Callable[..., Any], listed: Path
) -> None:
    paths = sorted(listed.glob("open*.html"))
    assert len(paths) > 1
    total = sum(len(html.parse(path).xpath("//tbody/tr")) for path in paths)
    page = folder_page(paths[-1])
    page.locator("input[name=status][value='']").check()
    page.locator("th button").nth(2).click()
    until(page, f"document.querySelectorAll('tbody tr').length === {total}")
    assert page.locator(".pager").is_hidden()


def test_any_span_of_topics_is_counted(folder_page: Callable[..., Any], listed: Path) -> None:
    weeks = sorted(data_of(listed / "topics.js")["weeks"])
    page = folder_page(listed / "topics.html")
    before = page.locator(".bars tbody").inner_text()
    page.get_by_label("From").select_option(weeks[-1])
    until(page, "b => document.querySelector('.bars tbody').innerText !== b", before)
    assert page.locator(".bars tbody a").first.get_attribute("href").startswith("topics/")
