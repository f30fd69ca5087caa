"""The shipped journal's whole site, held to what a reader, a browser and a validator expect."""

from __future__ import annotations

import re
import shutil
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

import html5lib
import pytest
from lxml import html
from shifting import layout_shift
from shipped_journal import Open, shipped
from tests.until import until

from weeknotes.site.build import render

REPOSITORY = Path(__file__).resolve().parents[2]
#: One page of each kind.
KINDS = {
    "home": "index.html",
    "week": "journal/2026/2026-W45.html",
    "weeks": "weeks.html",
    "digest": "journal/2026/2026-11-20-ten-papers.html",
    "digests": "digests.html",
    "paper": "papers/ho2020denoising.html",
    "papers": "papers.html",
    "topics": "topics.html",
    "topic": "topics/diffusion.html",
    "figures": "figures.html",
    "record": "record.html",
    "waiting": "waiting.html",
    "new": "new.html",
    "missing": "404.html",
}


def pages_of(site: Path) -> list[str]:
    return sorted(path.relative_to(site).as_posix() for path in site.rglob("*.html"))


def dead_links(site: Path) -> tuple[list[tuple[str, str]], int]:
    """The internal links of the pages that lead nowhere, and how many links there are."""
    trees = {href: html.fromstring((site / href).read_text("utf-8")) for href in pages_of(site)}
    anchors = {href: set(tree.xpath("//@id")) for href, tree in trees.items()}
    dead = []
    checked = 0
    for href, tree in trees.items():
        if href == "404.html":
            continue
        for address in tree.xpath("//@href | //@src | //@poster"):
            parts = urlsplit(address)
            if parts.scheme or parts.netloc:
                continue
            checked += 1
            target = unquote(urlsplit(urljoin(href, address)).path) if parts.path else href
            fragment = unquote(parts.fragment)
            if not (site / target).is_file() or (fragment and fragment not in anchors[target]):
                dead.append((href, address))
    return dead, checked


def test_every_internal_link_and_anchor_resolves(site: Path) -> None:
    dead, checked = dead_links(site)
    assert dead == []
    assert checked > 3000


def test_ids_are_used_once(site: Path) -> None:
    for href in pages_of(site):
        ids = html.fromstring((site / href).read_text("utf-8")).xpath("//@id")
        assert len(ids) == len(set(ids)), href


def test_html_is_valid(site: Path) -> None:
    """As far as the parsing rules of the HTML standard go (section 13.2, "Parsing HTML documents")."""
    wrong = []
    for href in pages_of(site):
        parser = html5lib.HTMLParser()
        parser.parse((site / href).read_text("utf-8"))
        wrong += [(href, code, data) for _, code, data in parser.errors]
    assert wrong == []


def violations(page: Any) -> list[tuple[str, list[Any]]]:
    """What axe finds on ``page`` as it is now: the rules, and where they are broken."""
    page.evaluate((files("axe_playwright_python") / "axe.min.js").read_text("utf-8"))
    results = page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
    return [
        (violation["id"], [node["target"] for node in violation["nodes"]][:3])
        for violation in results["violations"]
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("kind", KINDS)
def test_no_accessibility_violation(open_page: Open, kind: str, scheme: str) -> None:
    page = open_page(KINDS[kind], color_scheme=scheme, bypass_csp=True)
    assert violations(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nor_on_a_telephone_with_its_contents_or_a_search_open(
    open_page: Open, scheme: str
) -> None:
    phone = {"viewport": {"width": 390, "height": 740}, "is_mobile": True, "has_touch": True}
    page = open_page(KINDS["week"], color_scheme=scheme, bypass_csp=True, **phone)
    assert violations(page) == []
    page.get_by_role("button", name="Contents").tap()
    assert violations(page) == []
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Search").tap()
    page.keyboard.type("diffusion")
    page.locator("dialog [role=option]").nth(3).wait_for()
    assert violations(page) == []


@pytest.mark.parametrize("width", [360, 2560])
@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_wider_than_the_screen(open_page: Open, kind: str, width: int) -> None:
    page = open_page(KINDS[kind], viewport={"width": width, "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("kind", KINDS)
def test_nothing_moves_while_a_page_loads(open_page: Open, kind: str, width: int) -> None:
    page = open_page(KINDS[kind], viewport={"width": width, "height": 900})
    assert layout_shift(page) < 0.005


@pytest.mark.parametrize("kind", KINDS)
def test_the_keyboard_reaches_everything(open_page: Open, kind: str) -> None:
    page = open_page(KINDS[kind])
    missed = page.evaluate(
        """() => Array.from(document.querySelectorAll("a[href], button, summary, input, select"))
          .filter(e => e.checkVisibility() && !e.disabled && e.tabIndex < 0 &&
            !(e.getAttribute("role") === "tab")).map(e => e.outerHTML.slice(0, 100))"""
    )
    assert missed == []
    # The first stop is the link that skips the header, and each stop can be seen.
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    for _ in range(12):
        page.keyboard.press("Tab")
        shown = page.evaluate(
            """() => { const s = getComputedStyle(document.activeElement);
              return document.activeElement === document.body ||
                s.outlineStyle !== "none" || s.boxShadow !== "none"; }"""
        )
        assert shown, page.evaluate("document.activeElement.outerHTML.slice(0, 200)")


def test_pages_are_light(site: Path) -> None:
    for href in pages_of(site):
        limit = 150_000 if href.startswith("journal/") else 300_000
        assert (site / href).stat().st_size < limit, href


def test_titles_and_descriptions_tell_pages_apart(site: Path) -> None:
    trees = {href: html.fromstring((site / href).read_text("utf-8")) for href in pages_of(site)}
    titles = [tree.findtext(".//title") for tree in trees.values()]
    assert len(set(titles)) == len(titles)
    for href in KINDS.values():
        if href not in ("404.html", "index.html", "weeks.html", "new.html"):
            assert trees[href].xpath("//meta[@name='description']/@content"), href


def test_print_shows_the_text_and_no_controls(open_page: Open) -> None:
    for kind in ("week", "paper", "papers", "topics"):
        page = open_page(KINDS[kind])
        page.emulate_media(media="print")
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        for control in (".site-header", ".crumbs", ".related", ".filter", ".cite-as", ".thumb"):
            assert page.locator(control).locator("visible=true").count() == 0, (kind, control)
        assert page.locator("h1").is_visible()


def test_a_figure_opens_at_its_full_size_and_closes_by_the_keyboard(open_page: Open) -> None:
    page = open_page(KINDS["figures"])
    frame = page.locator(".gallery .frame").first
    frame.click()
    dialog = page.locator("dialog.full")
    assert dialog.is_visible()
    source = dialog.locator("img").get_attribute("src")
    assert source and not re.search(r"/thumbs/", source)
    page.keyboard.press("Escape")
    assert not dialog.is_visible()
    until(page, "document.activeElement.classList.contains('frame')")


def test_no_thumbnail_is_loaded_before_it_is_needed(browser: Any, host: str) -> None:
    context = browser.new_context(viewport={"width": 1000, "height": 500})
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(host + "weeks.html", wait_until="networkidle")
    total = page.locator("img").count()
    loaded = {url for url in asked if re.search(r"\.(png|svg|webp)$", url) and "theme" not in url}
    assert len(loaded) < total
    context.close()


@pytest.mark.quarto
@pytest.mark.slow
def test_quarto_gives_the_same_pages_and_nothing_new_to_its_readers(
    site: Path, tmp_path: Path
) -> None:
    if not shutil.which("quarto"):
        pytest.skip("needs the quarto command on PATH")
    other = render(shipped(tmp_path / "journal"), engine="quarto").output
    assert pages_of(other) == pages_of(site)
    assert (other / "changes.json").read_bytes() == (site / "changes.json").read_bytes()
    assert dead_links(other)[0] == []
