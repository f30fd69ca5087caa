"""What a reader does on the site, in a real browser: fold, follow links, change colours, use tabs."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from shifting import layout_shift
from tests.until import until

pytestmark = pytest.mark.browser

WEEK = "journal/2026/2026-W47.html"
KOREAN_WEEK = "journal/2026/2026-W46.html"
CHINESE_WEEK = "journal/2026/2026-W45.html"
NOTE = "denoising-diffusion-probabilistic-models-ho2020"
EVERY_KIND = ("index.html", "weeks.html", WEEK, KOREAN_WEEK, CHINESE_WEEK, "404.html")

Visit = Callable[..., Any]


def open_folds(page: Any, selector: str) -> list[bool]:
    """Whether each of the folds is open, in order."""
    states = page.eval_on_selector_all(selector, "all => all.map(one => one.open)")
    assert states
    return list(states)


def fold(page: Any, anchor: str) -> None:
    """Click left of a note's heading, where its sign is."""
    page.locator(f"[id='{anchor}'] > summary").click(position={"x": -40, "y": 16}, force=True)


def fold_all(page: Any) -> None:
    """Fold everything, with the button that a page of this width has."""
    page.get_by_role("button", name=re.compile("^Fold( all)?$")).click()


def test_a_note_folds_by_its_heading(visit: Visit) -> None:
    page = visit(WEEK)
    text = page.get_by_text("A long Markov chain adds")
    assert text.is_visible()
    page.get_by_role("heading", name="Denoising Diffusion").click()
    assert not text.is_visible()
    page.get_by_role("heading", name="Denoising Diffusion").click()
    assert text.is_visible()


def test_a_note_folds_by_the_keyboard(visit: Visit) -> None:
    page = visit(WEEK)
    page.locator(f"#{NOTE} > summary").focus()
    page.keyboard.press("Enter")
    assert not page.get_by_text("A long Markov chain adds").is_visible()


def test_a_click_on_the_margin_line_folds(visit: Visit) -> None:
    page = visit(WEEK)
    fold(page, NOTE)
    assert not page.get_by_text("A long Markov chain adds").is_visible()


def test_the_citation_of_a_heading_is_followed_and_does_not_fold(visit: Visit) -> None:
    page = visit(WEEK)
    page.locator(f"#{NOTE} > .byline a", has_text="Ho et al.").click()
    assert page.url.endswith("papers/ho2020.html")
    assert page.get_by_text("A long Markov chain adds").first.is_visible()


def test_what_was_folded_is_remembered_on_every_page_that_shows_it(visit: Visit) -> None:
    page = visit(WEEK)
    page.locator(f"#{NOTE} > summary h2").click()
    until(page, "localStorage.length > 0")
    again = visit(WEEK, context=page.context)
    assert not again.get_by_text("A long Markov chain adds").is_visible()
    assert again.get_by_text("The skip connections carry").is_visible()
    weeks = visit("weeks.html", context=page.context)
    assert not weeks.get_by_text("A long Markov chain adds").first.is_visible()


def test_fold_all_and_unfold_all(visit: Visit) -> None:
    page = visit(WEEK)
    page.get_by_role("button", name="Fold all", exact=True).click()
    assert not any(open_folds(page, "details.note"))
    page.reload()
    assert not any(open_folds(page, "details.note"))
    page.get_by_role("button", name="Unfold all").click()
    assert all(open_folds(page, "details.note"))


def test_on_the_page_of_all_weeks_the_newest_is_open(visit: Visit) -> None:
    page = visit("weeks.html")
    states = open_folds(page, "details.week")
    assert states[0]
    assert not any(states[1:])
    page.get_by_role("button", name="Unfold all").click()
    assert all(open_folds(page, "details.week"))
    page.reload()
    assert all(open_folds(page, "details.week"))
    page.get_by_role("button", name="Fold all", exact=True).click()
    assert not any(open_folds(page, "details.week"))


@pytest.mark.parametrize(
    ("path", "anchor"),
    [
        (WEEK, NOTE),
        (WEEK, "fig-chain"),
        (WEEK, "went-wrong"),
        (WEEK, "in-korean-tab"),
        ("weeks.html", "2026-W45"),
        ("weeks.html", "2026-W45--心脏"),
    ],
)
def test_an_address_into_a_fold_opens_it_and_goes_there(
    visit: Visit, path: str, anchor: str
) -> None:
    page = visit(path)
    page.get_by_role("button", name="Fold all", exact=True).click()
    target = visit(f"{path}#{anchor}", context=page.context).locator(f"[id='{anchor}']")
    target.wait_for(state="visible")
    assert target.evaluate("one => one.checkVisibility({contentVisibilityAuto: true})")
    top = target.evaluate("one => one.getBoundingClientRect().top")
    assert -5 <= top < 800


def test_a_link_within_the_page_opens_the_fold_it_points_into(visit: Visit) -> None:
    page = visit(WEEK)
    page.get_by_role("button", name="Fold all", exact=True).click()
    page.locator(".contents a", has_text="Denoising").click()
    page.get_by_text("A long Markov chain adds").wait_for(state="visible")
    # What a link opens isn't the reader's choice of what is folded.
    page.goto(page.url.partition("#")[0])
    assert not page.get_by_text("A long Markov chain adds").is_visible()


def test_nothing_is_hidden_without_javascript(visit: Visit) -> None:
    page = visit(WEEK, java_script_enabled=False)
    for text in ("A long Markov chain adds", "서른 장의 영상에", "用三十张图像"):
        assert page.get_by_text(text).is_visible()
    assert not page.get_by_role("button").count()
    weeks = visit("weeks.html", context=page.context)
    assert weeks.get_by_text("整个模型去掉了循环与卷积").first.is_visible()


def test_the_search_box_leads_to_all_weeks_without_javascript(visit: Visit) -> None:
    page = visit(WEEK, java_script_enabled=False)
    page.get_by_role("searchbox").fill("확산")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/weeks\.html\?q="))


def test_everything_is_open_in_print(visit: Visit, tmp_path: Path) -> None:
    page = visit(WEEK)
    page.get_by_role("button", name="Fold all", exact=True).click()
    page.emulate_media(media="print")
    for text in (
        "A long Markov chain adds",
        "서른 장의 영상에",
        "用三十张图像",
        "The images were scaled",
    ):
        box = page.get_by_text(text).bounding_box()
        assert box is not None, text
        assert box["height"] > 5, text
    assert not page.locator(".site-header").is_visible()


def test_the_colour_scheme_follows_the_system_until_one_is_chosen(visit: Visit) -> None:
    def ground(page: Any) -> int:
        colour = page.evaluate("getComputedStyle(document.body).backgroundColor")
        return sum(map(int, re.findall(r"\d+", colour)[:3]))

    page = visit(WEEK, color_scheme="dark")
    assert ground(page) < 150
    toggle = page.get_by_role("button", name="Dark colours")
    assert toggle.get_attribute("aria-pressed") == "true"
    toggle.click()
    assert ground(page) > 700
    other = visit("index.html", context=page.context)
    assert ground(other) > 700
    other.get_by_role("button", name="Dark colours").click()
    assert ground(other) < 150
    other.emulate_media(color_scheme="light")
    assert ground(other) > 700


def test_tabs_by_mouse_and_keyboard(visit: Visit) -> None:
    page = visit(WEEK)
    tabs = page.get_by_role("tab")
    assert tabs.all_inner_texts() == ["English", "한국어", "中文"]
    tabs.nth(1).click()
    assert page.get_by_text("서른 장의 영상에").is_visible()
    assert not page.get_by_text("Trained on thirty images").is_visible()
    page.keyboard.press("ArrowRight")
    assert page.get_by_text("用三十张图像").is_visible()
    assert tabs.nth(2).evaluate("one => one === document.activeElement")
    page.keyboard.press("ArrowRight")
    assert page.get_by_text("Trained on thirty images").is_visible()
    page.keyboard.press("End")
    assert page.get_by_role("tabpanel").inner_text().startswith("用三十张图像")


def test_code_is_copied_by_a_button(visit: Visit) -> None:
    page = visit(WEEK, permissions=["clipboard-read", "clipboard-write"])
    page.get_by_text("Code", exact=True).click()
    page.get_by_role("button", name="Copy").click()
    page.get_by_role("button", name="Copied").wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("import numpy as np\n\ndef cosine(t, s=0.008):\n    ")


def test_the_skip_link_is_the_first_thing_the_keyboard_reaches(visit: Visit) -> None:
    page = visit(WEEK)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the text"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


@pytest.mark.parametrize("path", EVERY_KIND)
@pytest.mark.parametrize("width", [360, 2560])
def test_no_page_scrolls_sideways(visit: Visit, path: str, width: int) -> None:
    page = visit(path, viewport={"width": width, "height": 800})
    if path == "weeks.html":
        fold_all(page)
        page.get_by_role("button", name="Fold" if width == 360 else "Unfold all").click()
        assert all(open_folds(page, "details.week"))
    inner, outer = page.evaluate(
        "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
    )
    assert inner <= outer


@pytest.mark.parametrize("path", EVERY_KIND)
@pytest.mark.parametrize("width", [360, 1280])
def test_nothing_moves_as_a_page_loads(visit: Visit, path: str, width: int) -> None:
    page = visit(path, viewport={"width": width, "height": 800})
    if "2026" in path:
        fold_all(page)
        page.reload()
    page.wait_for_load_state("networkidle")
    assert layout_shift(page) < 0.005


def test_wide_content_scrolls_in_its_own_box_and_by_the_keyboard(visit: Visit) -> None:
    page = visit(WEEK, viewport={"width": 360, "height": 800})
    box = page.locator(".scroll", has=page.locator("math")).first
    until(page, "document.querySelector('.scroll.formula').tabIndex === 0")
    assert box.evaluate("one => one.scrollWidth > one.clientWidth")


@pytest.mark.parametrize(
    ("path", "selector", "family"),
    [
        (KOREAN_WEEK, "details.note p", "Noto Sans CJK KR"),
        (CHINESE_WEEK, "details.note p", "Noto Sans CJK SC"),
        (WEEK, "blockquote p[lang=zh]", "Noto Serif CJK SC"),
    ],
)
def test_each_language_is_set_in_a_font_made_for_it(
    visit: Visit, path: str, selector: str, family: str
) -> None:
    page = visit(path)
    client = page.context.new_cdp_session(page)
    root = client.send("DOM.getDocument")["root"]["nodeId"]
    nodes = client.send("DOM.querySelectorAll", {"nodeId": root, "selector": selector})["nodeIds"]
    client.send("DOM.enable")
    client.send("CSS.enable")
    used = set()
    for node in nodes:
        fonts = client.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]
        used |= {font["familyName"] for font in fonts}
    if not any("CJK" in name for name in used):
        pytest.skip("needs Debian's fonts-noto-cjk")
    assert family in used


PHONE = {"viewport": {"width": 390, "height": 740}, "has_touch": True, "is_mobile": True}


def test_on_a_telephone_the_thumb_reaches_what_is_on_the_page(visit: Visit) -> None:
    page = visit(WEEK, **PHONE)
    assert not page.locator("main .contents").is_visible()
    page.evaluate("window.scrollTo(0, 900)")
    page.get_by_role("button", name="Contents").tap()
    entry = page.get_by_role("dialog").get_by_role("link", name="Denoising Diffusion")
    assert entry.bounding_box()["height"] >= 44
    entry.tap()
    assert page.get_by_role("dialog").count() == 0
    until(
        page,
        "id => Math.abs(document.getElementById(id).getBoundingClientRect().top) < 40",
        arg=NOTE,
    )


def test_on_a_telephone_one_tap_folds_and_leaves_what_is_read_in_sight(visit: Visit) -> None:
    page = visit(WEEK, **PHONE)
    page.evaluate("id => document.getElementById(id).scrollIntoView()", NOTE)
    button = page.get_by_role("button", name="Fold", exact=True)
    assert min(button.bounding_box()["height"], button.bounding_box()["width"]) >= 44
    button.tap()
    assert not any(open_folds(page, "details.note"))
    assert page.locator(f"[id='{NOTE}'] > summary").is_visible()
    top = page.evaluate("id => document.getElementById(id).getBoundingClientRect().top", NOTE)
    assert -1 <= top < 650
    button.tap()
    assert all(open_folds(page, "details.note"))


def test_without_scripts_a_telephone_has_the_contents_and_the_search_in_the_page(
    visit: Visit,
) -> None:
    page = visit(WEEK, java_script_enabled=False, **PHONE)
    assert page.locator("main .contents").is_visible()
    assert page.locator("form[role=search] input").is_visible()
    assert not page.locator(".thumb").is_visible()
