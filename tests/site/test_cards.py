"""Cards beside links, figures over the page, lists that filter, and formulas that are copied as TeX."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

import pytest
from shipped_journal import Open
from tests.until import until

pytestmark = pytest.mark.browser

WEEK = "journal/2026/2026-W47.html"
CITED = ".text .citation a[href*='papers/']"
PHONE = {"viewport": {"width": 360, "height": 740}, "is_mobile": True, "has_touch": True}
CLIPBOARD = {"permissions": ["clipboard-read", "clipboard-write"]}


def test_a_citation_has_a_card_and_nothing_moves(open_page: Open) -> None:
    page = open_page(WEEK, **CLIPBOARD)
    link = page.locator(CITED).first
    link.scroll_into_view_if_needed()
    where = "[document.documentElement.scrollHeight, scrollY]"
    before = page.evaluate(where)
    link.hover()
    card = page.locator(".card")
    card.wait_for()
    assert "Lipman, Yaron" in card.inner_text()
    assert page.evaluate(where) == before
    card.locator(".card-copy").click()
    until(page, "document.querySelector('.card-copy').textContent === 'Copied'")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("@inproceedings{lipman2023flow,") and copied.endswith("}\n")
    page.mouse.move(2, 2)
    card.wait_for(state="detached")


def test_a_card_is_reached_and_left_by_the_keyboard(open_page: Open) -> None:
    page = open_page(WEEK)
    link = page.locator(CITED).first
    link.focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    page.locator(".card").wait_for()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('.card') !== null")
    page.keyboard.press("Escape")
    assert page.locator(".card").count() == 0
    assert link.evaluate("link => link === document.activeElement")


def test_references_within_the_page_show_what_they_name(open_page: Open) -> None:
    page = open_page(WEEK)
    for kind, shows in (("fig", "figure img"), ("tbl", "table"), ("eq", "math")):
        link = page.locator(f".text a[href^='#{kind}-']").first
        link.scroll_into_view_if_needed()
        link.hover()
        page.locator(f".card {shows}").first.wait_for()
        page.mouse.move(2, 2)
        page.locator(".card").wait_for(state="detached")
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map(e => e.id)")
    assert len(ids) == len(set(ids))


def test_a_tap_shows_the_card_and_leads_on_from_it(open_page: Open) -> None:
    page = open_page(WEEK, **PHONE)
    link = page.locator(CITED).first
    link.scroll_into_view_if_needed()
    link.tap()
    card = page.locator(".card")
    card.wait_for()
    assert page.url.endswith(WEEK)
    box = card.bounding_box()
    assert box["x"] == 0 and box["width"] == 360 and round(box["y"] + box["height"]) == 740
    card.locator(".card-open").tap()
    page.wait_for_url("**/papers/lipman2023flow.html")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_accessibility_violation_with_something_open(open_page: Open, scheme: str) -> None:
    page = open_page(WEEK, color_scheme=scheme, reduced_motion="reduce")
    script = (files("axe_playwright_python") / "axe.min.js").read_text("utf-8")
    page.evaluate(script)

    def broken() -> list[Any]:
        found = page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
        return [(v["id"], [n["html"][:120] for n in v["nodes"]]) for v in found["violations"]]

    page.locator(CITED).first.hover()
    page.locator(".card").wait_for()
    assert not broken()
    page.keyboard.press("Escape")
    page.locator("[data-enlarge]").first.click()
    page.locator("dialog.full[open] img").wait_for()
    assert not broken()
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    page.locator(".search-input").fill("diffusion")
    page.locator(".search-hits a").first.wait_for()
    assert not broken()
    page.keyboard.press("Escape")
    page.set_viewport_size({"width": 360, "height": 740})
    page.locator("[data-thumb-contents]").click()
    page.locator(".contents-sheet[open]").wait_for()
    assert not broken()
    page.keyboard.press("Escape")
    page.locator("[data-thumb-menu]").click()
    page.locator(".contents-sheet[open] .menu-list").wait_for()
    assert not broken()
    page.keyboard.press("Escape")
    page.locator("[data-thumb-search]").click()
    page.locator(".search-input").fill("확산")
    page.locator(".search-name").first.wait_for()
    page.locator(".search-unfold").click()
    assert not broken()


def test_figures_of_the_text_follow_one_another_by_the_arrows(open_page: Open) -> None:
    page = open_page(WEEK)
    first = page.locator("[data-enlarge]").first
    first.focus()
    page.keyboard.press("Enter")
    shown = page.locator("dialog.full img")
    shown.wait_for()
    assert "Curved paths" in page.locator(".full-caption").inner_text()
    source = shown.get_attribute("src")
    page.keyboard.press("ArrowRight")
    assert shown.get_attribute("src") != source
    page.keyboard.press("ArrowLeft")
    assert shown.get_attribute("src") == source
    page.keyboard.press("Escape")
    until(page, "document.activeElement.matches('[data-enlarge]')")


def test_papers_are_filtered_by_topic_year_and_venue(open_page: Open) -> None:
    page = open_page("papers.html")
    rows = page.locator("table.listing tbody tr")
    every = rows.count()
    page.locator("select[name=topic] option[value=diffusion]").wait_for(state="attached")
    page.select_option("select[name=topic]", "diffusion")
    until(page, f"document.querySelectorAll('tbody tr').length < {every}")
    on_topic = rows.count()
    page.select_option("select[name=year]", "2020")
    until(page, f"document.querySelectorAll('tbody tr').length < {on_topic}")
    assert rows.locator("td:nth-child(2)").all_inner_texts() == ["2020"] * rows.count()
    assert page.url.endswith("?topic=diffusion&year=2020")
    titles = rows.locator("a").all_inner_texts()
    page.reload(wait_until="networkidle")
    assert rows.locator("a").all_inner_texts() == titles
    page.goto(page.url.split("?")[0] + "?show=library", wait_until="networkidle")
    assert set(rows.locator("td:nth-child(3)").all_inner_texts()) == {"In the library"}


def test_figures_are_filtered_by_topic_paper_and_words(open_page: Open) -> None:
    page = open_page("figures.html")
    items = page.locator(".gallery > li")
    every = items.count()

    def fewer(than: int) -> int:
        until(page, f"document.querySelectorAll('.gallery > li').length < {than}")
        return int(items.count())

    page.locator("select[name=topic] option[value=diffusion]").wait_for(state="attached")
    page.select_option("select[name=topic]", "diffusion")
    on_topic = fewer(every)
    page.fill("[name=words]", "expensive LOOP")
    assert fewer(on_topic) > 0
    assert "expensive loop" in items.first.inner_text()
    assert items.first.locator("img").evaluate("image => image.decode().then(() => true)")
    page.select_option("select[name=topic]", "")
    page.fill("[name=words]", "")
    until(page, f"document.querySelectorAll('.gallery > li').length === {every}")
    value = page.locator("select[name=paper] option").nth(1).get_attribute("value")
    page.select_option("select[name=paper]", value)
    assert fewer(every) > 0


def test_figures_are_found_by_names_in_other_languages_and_by_authors(open_page: Open) -> None:
    page = open_page("figures.html?topic=확산")
    items = page.locator(".gallery > li")
    until(page, "document.querySelector('select[name=topic]').value === 'diffusion'")
    on_topic = items.count()
    assert on_topic and on_topic < 10
    chosen = page.locator("select[name=topic] option:checked").inner_text()
    assert chosen == f"diffusion · 확산 · 디퓨전 · 扩散 ({on_topic})"
    page.select_option("select[name=topic]", "")
    for words in ("디퓨전", "扩散", "robin rombach"):
        page.fill("[name=words]", words)
        until(page, f"document.querySelectorAll('.gallery > li').length <= {on_topic}")
        assert items.count(), words


def touch(page: Any, *moments: list[tuple[int, int]]) -> None:
    """Fingers that go down, move and are lifted: their places at each moment."""
    session = page.context.new_cdp_session(page)
    for number, points in enumerate([*moments, []]):
        kind = "touchEnd" if not points else "touchMove" if number else "touchStart"
        places = [{"x": x, "y": y, "id": finger} for finger, (x, y) in enumerate(points)]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": places})


def test_a_figure_fills_a_telephone_and_follows_the_fingers(open_page: Open) -> None:
    page = open_page("figures.html", **PHONE, reduced_motion="reduce")
    page.locator(".gallery .frame").first.tap()
    dialog, image = page.locator("dialog.full"), page.locator("dialog.full img")
    until(page, "document.querySelector('dialog.full img').offsetWidth === 360")
    assert dialog.bounding_box() == {"x": 0, "y": 0, "width": 360, "height": 740}
    touch(page, [(150, 370), (210, 370)], [(90, 370), (270, 370)])
    box = image.bounding_box()
    assert round(box["width"]) == 1080
    assert (
        abs(box["x"] + box["width"] / 2 - 180) < 5
    )  # What was between the fingers is there still.
    touch(page, [(300, 370)], [(60, 370)])  # Moves the enlarged figure, and shows no other one.
    assert round(image.bounding_box()["x"] - box["x"]) == -240
    assert page.locator(".full-place").inner_text() == "1 / 20"
    page.keyboard.press("0")
    touch(page, [(300, 370)], [(200, 372)], [(80, 374)])
    assert page.locator(".full-place").inner_text() == "2 / 20"
    page.get_by_role("button", name="Next figure").tap()
    page.get_by_role("button", name="Enlarge", exact=True).tap()
    assert page.locator(".full-place").inner_text() == "3 / 20"
    assert image.bounding_box()["width"] > 360
    page.get_by_role("button", name="Close").tap()
    assert not dialog.is_visible()


@pytest.mark.parametrize("path", ["index.html", "figures.html", "record.html", "404.html", WEEK])
def test_every_page_of_a_telephone_has_the_menu_and_more_under_the_thumb(
    open_page: Open, path: str
) -> None:
    page = open_page(path, viewport={"width": 320, "height": 640}, is_mobile=True, has_touch=True)
    buttons = page.locator(".thumb button:visible")
    names = buttons.all_inner_texts()
    assert names[0] == "Menu" and names[-1] == "Search" and len(names) >= 3
    for button in buttons.all():
        assert button.evaluate("b => b.scrollWidth <= b.clientWidth && b.offsetHeight >= 44")
    buttons.first.tap()
    links = page.locator(".contents-sheet[open] a")
    assert {"Weeks", "Topics", "Figures", "Record"} <= set(links.all_inner_texts())
    links.get_by_text("Topics").tap()
    page.wait_for_url("**/topics.html")


@pytest.mark.parametrize("path", [WEEK, "papers/lipman2023flow.html"])
def test_formulas_are_copied_as_tex(open_page: Open, path: str) -> None:
    page = open_page(path, **CLIPBOARD)
    page.evaluate(
        """() => {
          const range = document.createRange();
          range.selectNodeContents(document.querySelector(".text p math").closest("p"));
          getSelection().removeAllRanges();
          getSelection().addRange(range);
          document.execCommand("copy");
        }"""
    )
    copied = page.evaluate("navigator.clipboard.readText()")
    assert "$v_\\theta(\\mathbf{x}, t)$" in copied


def test_a_citation_of_a_page_from_a_folder_has_its_reference(browser: Any, site: Any) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto((site / WEEK).as_uri())
    page.locator(CITED).first.hover()
    page.locator(".card").wait_for()
    assert "Lipman, Yaron" in page.locator(".card").inner_text()
    page.goto((site / "papers.html").as_uri() + "?topic=diffusion")
    until(page, "document.querySelectorAll('tbody tr').length === 12")
    context.close()
