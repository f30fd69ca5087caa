"""The search as a reader meets it: keys, addresses, marks, filters, a telephone, no scripts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from tests.until import until

from weeknotes.site.data.bibliography import bibliography_of

from .conftest import Served
from .searching import Searcher

pytestmark = pytest.mark.browser
DIALOG = "dialog.search-dialog[open]"
OPTION = "dialog [role=option]"


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    context = browser.new_context(viewport={"width": 1200, "height": 800})
    page = context.new_page()
    page.errors = []
    page.on("pageerror", lambda error: page.errors.append(str(error)))
    page.on("console", lambda m: page.errors.append(m.text) if m.type == "error" else None)
    yield page
    assert not page.errors
    context.close()


def options(page: Any) -> list[str]:
    """The titles of the hits that are shown."""
    titles: list[str] = page.locator(f"{OPTION} .search-title").all_inner_texts()
    return titles


@pytest.mark.parametrize("key", ["/", "Control+k", "Meta+k"])
def test_keys_open_and_close_it(page: Any, served: Served, key: str) -> None:
    page.goto(served.url)
    page.keyboard.press(key)
    page.wait_for_selector(DIALOG)
    page.keyboard.type("/ quokkabody")  # a slash is a character like others here
    assert page.locator("dialog input").input_value() == "/ quokkabody"
    page.wait_for_selector(OPTION)
    page.keyboard.press("Escape")
    page.wait_for_selector(DIALOG, state="detached")
    assert "q=" not in page.url


def test_the_box_of_the_page_leads_into_the_dialog(page: Any, served: Served) -> None:
    page.goto(served.url)
    page.locator("form[role=search] input").first.focus()
    page.keyboard.type("q")
    page.wait_for_selector(DIALOG)
    page.keyboard.press("End")
    page.keyboard.type("uokkabody")
    page.wait_for_selector(OPTION)
    assert options(page) == ["In a callout"]


def test_arrows_and_enter_open_a_note_with_its_words_marked(page: Any, served: Served) -> None:
    search = Searcher(page, served.url)
    search.ask("pangolin tapir")
    assert options(page) == ["Near words", "Far words"]
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    active = page.locator("dialog input").get_attribute("aria-activedescendant")
    assert page.locator(f"#{active}").get_attribute("aria-selected") == "true"
    assert "Far words" in page.locator(f"#{active}").inner_text()
    page.keyboard.press("Enter")
    page.wait_for_selector("main mark")
    assert urlsplit(page.url).fragment == "far-words"
    assert page.locator("main mark").all_inner_texts() == ["pangolin", "tapir"]


def test_enter_right_after_typing_opens_the_best_hit(page: Any, served: Served) -> None:
    page.goto(served.url)
    page.keyboard.press("/")
    page.wait_for_selector(DIALOG)
    page.keyboard.type("aardwolf")
    page.keyboard.press("Enter")
    page.wait_for_url("**/2026-W48.html?*#aardwolf-first")


@pytest.mark.parametrize(
    ("query", "marked"),
    [
        ("quokkabody", "quokkabody"),
        ("접힌글자", "접힌글자"),
        ("dunnartfolded", "Dunnartfolded"),
        ("potorootwo", "Potorootwo"),
        ("wombatvalue", "wombatvalue"),
    ],
)
def test_a_hit_in_a_fold_is_opened(page: Any, served: Served, query: str, marked: str) -> None:
    search = Searcher(page, served.url)
    search.ask(query)
    page.locator(OPTION).first.click()
    mark = page.locator("main mark", has_text=marked).first
    mark.wait_for(state="visible")
    assert mark.is_visible()
    box = mark.bounding_box()
    assert box and 0 <= box["y"] <= 800


def test_a_folded_note_is_opened_though_the_reader_folded_it(page: Any, served: Served) -> None:
    page.goto(f"{served.url}journal/2026/2026-W48.html")
    page.locator("[data-fold-all=close]").first.click()
    page.locator("#aardwolf-first").get_by_text("Zebracorn").wait_for(state="hidden")
    search = Searcher(page, served.url)
    search.ask("zebracorn first")
    page.locator(OPTION).first.click()
    page.locator("main mark", has_text="Zebracorn").first.wait_for(state="visible")


def test_the_address_holds_the_search(page: Any, served: Served) -> None:
    search = Searcher(page, served.url, "weeks.html")
    search.ask("확산 모델")
    assert parse_qs(urlsplit(page.url).query)["q"] == ["확산 모델"]
    address, titles = page.url, options(page)
    page.goto("about:blank")
    page.goto(address)
    page.wait_for_selector(OPTION)
    assert options(page) == titles


def test_back_returns_to_the_hits_and_then_to_the_page(page: Any, served: Served) -> None:
    search = Searcher(page, served.url, "weeks.html")
    search.ask("pangolin tapir")
    page.locator(OPTION).first.click()
    page.wait_for_selector("main mark")
    page.go_back()
    page.wait_for_selector(OPTION)
    assert options(page) == ["Near words", "Far words"]
    page.go_back()
    page.wait_for_selector(DIALOG, state="detached")
    assert page.url == f"{served.url}weeks.html"


def test_best_first(page: Any, served: Served) -> None:
    search = Searcher(page, served.url)
    for query, titles in {
        "aardwolf": ["Aardwolf first", "Second of all"],  # title before text
        "pangolin tapir": ["Near words", "Far words"],  # near before far
        "zibelin": ["Denoising by hand"],
    }.items():
        search.ask(query)
        assert options(page) == titles
    tagged = [href for href, anchor in search.find("reproducibility") if anchor]
    assert tagged
    assert tagged == sorted(tagged, reverse=True)  # alike but for their weeks


def test_some_words_where_no_note_has_all(page: Any, served: Served) -> None:
    search = Searcher(page, served.url)
    found = search.ask("pangolin tapir zebracorn")
    assert not found["whole"]
    assert options(page)[:2] == ["Near words", "Far words"]
    assert set(options(page)[2:]) == {"Aardwolf first", "Second of all", "Only one word"}
    assert "some of them" in page.locator("dialog [role=status]").inner_text()


def test_the_context_reads_as_it_was_written(page: Any, served: Served) -> None:
    search = Searcher(page, served.url)
    search.ask("강화학습")
    spaced = page.locator(OPTION, has_text="Korean with spaces").locator(".search-context")
    assert "강화 학습으로 보상 모델을 배운다." in spaced.inner_text()
    assert spaced.locator("mark").all_inner_texts() == ["강화 학습"]
    search.ask("扩散模型")
    traditional = page.locator(OPTION, has_text="Traditional").locator("mark").all_inner_texts()
    assert traditional == ["擴散模型"]


def test_a_hit_by_author_says_so(page: Any, served: Served) -> None:
    search = Searcher(page, served.url)
    search.ask("hogsetius")
    about = page.locator(OPTION).first.locator(".search-about")
    assert "Jönathan Høgsetius" in about.inner_text()
    assert about.locator("mark").all_inner_texts() == ["Høgsetius"]
    assert "2026-W48" in page.locator(OPTION).first.inner_text()


def test_a_paper_that_no_note_is_about_is_found_and_opened(page: Any, served: Served) -> None:
    papers = bibliography_of(served.site).papers.values()
    unread = next(paper for paper in papers if paper.status == "library")
    search = Searcher(page, served.url)
    for query in (unread.title, unread.key):
        assert unread.href in [anchor for _, anchor in search.find(query)]
    search.ask(unread.key)
    page.locator(OPTION, has_text=unread.title).click()
    page.wait_for_url(f"**/{unread.href}?highlight=*")
    assert page.locator("h1").inner_text() == unread.title


def test_the_notes_on_a_paper_come_before_its_page(page: Any, served: Served) -> None:
    search = Searcher(page, served.url)
    for query in ("planted2020denoising", "quolltitle", "2006.11239"):
        found = search.find(query)
        assert "W48" in found[0][0]
        assert found[-1][1] == "papers/planted2020denoising.html"


def test_han_in_a_korean_context_may_break_anywhere(page: Any, served: Served) -> None:
    search = Searcher(page, served.url)
    search.ask("袋狼动物园")
    korean = page.locator("dialog .search-context:lang(ko)")
    assert korean.locator(".search-han").count() > 0
    assert korean.first.evaluate("e => getComputedStyle(e).wordBreak") == "keep-all"
    for run in korean.locator(".search-han").all():
        assert run.evaluate("e => getComputedStyle(e).wordBreak") == "normal"


def test_filters_narrow_and_are_in_the_address(page: Any, served: Served) -> None:
    search = Searcher(page, served.url)
    everything = len(search.ask("모델")["hits"])
    page.locator("dialog select[name=lang]").select_option("en")
    page.wait_for_url("**lang=en**")
    until(page, "all => window.found.hits.length < all", everything)
    hits = page.evaluate("window.found.hits.length")
    assert hits and page.locator(".search-context").count()
    assert page.locator(".search-context:not([lang=en])").count() == 0
    page.reload()
    page.wait_for_selector(OPTION)
    until(page, "hits => window.found.hits.length === hits", hits)
    assert page.locator("dialog select[name=lang]").input_value() == "en"


def test_the_language_is_that_of_a_passage(page: Any, served: Served) -> None:
    search = Searcher(page, served.url)
    assert len(search.ask("thylacine")["hits"]) == 3
    # Other words that are in the same note, in another language, are no reason to leave it out; one
    # in which the word itself is in that language comes first. A foreign word is no passage.
    page.locator("dialog select[name=lang]").select_option("ko")
    until(page, "window.found.hits.length === 2")
    until(page, f"document.querySelectorAll('{OPTION}').length === 2")
    assert options(page) == ["Thylacine in Korean", "Thylacine in two languages"]
    contexts = page.locator(".search-context")
    assert [context.get_attribute("lang") for context in contexts.all()] == ["ko", "ko"]
    assert contexts.first.locator("mark").all_inner_texts() == ["thylacine"]
    assert contexts.last.inner_text().startswith("이 문단은 우리말로")
    page.locator("dialog select[name=lang]").select_option("en")
    until(page, "window.found.hits.length === 3")
    assert options(page)[-1] == "Thylacine in Korean"


def test_a_telephone_shows_the_language_and_unfolds_the_other_filters(
    served: Served, browser: Any
) -> None:
    telephone = {"width": 320, "height": 640}
    context = browser.new_context(viewport=telephone, has_touch=True, is_mobile=True)
    page = context.new_page()
    page.goto(served.url + "?q=모델")
    page.wait_for_selector(OPTION)
    filters = page.locator(".search-filters")
    assert filters.bounding_box()["height"] < 64
    assert filters.locator("select:visible").count() == 1
    button = page.get_by_role("button", name="Filters")
    button.tap()
    assert button.get_attribute("aria-expanded") == "true"
    filters.locator("[name=year]").select_option(index=1)
    page.wait_for_url("**year=20**")
    page.get_by_role("button", name="Filters (1)").wait_for()
    assert page.locator("dialog").evaluate("d => d.scrollWidth <= d.clientWidth")
    context.close()


def test_half_composed_syllables_are_not_searched(page: Any, served: Served) -> None:
    search = Searcher(page, served.url)
    search.ask("quokkabody")
    session = page.context.new_cdp_session(page)
    search.box.fill("")
    page.evaluate("window.queries = []")
    page.evaluate(
        "document.addEventListener('weeknotes:found', (e) => queries.push(e.detail.query))"
    )
    page.wait_for_timeout(200)
    page.evaluate("window.queries.length = 0")
    for part in ("ㄱ", "가", "강", "강ㅎ", "강호", "강화"):
        session.send(
            "Input.imeSetComposition", {"text": part, "selectionStart": 1, "selectionEnd": 1}
        )
        page.wait_for_timeout(60)
    assert page.evaluate("queries") == []
    session.send("Input.insertText", {"text": "강화"})
    page.wait_for_function("() => queries.length > 0")
    assert page.evaluate("queries") == ["강화"]


def test_a_screen_reader_is_told(page: Any, served: Served) -> None:
    search = Searcher(page, served.url)
    box = page.get_by_role("combobox", name="Search")
    assert box.get_attribute("aria-expanded") == "false"
    search.ask("aardwolf")
    assert box.get_attribute("aria-expanded") == "true"
    assert page.get_by_role("listbox").get_by_role("option").count() == 2
    assert page.get_by_role("status").inner_text() == "2 results"
    search.ask("qqzzxx")
    assert "qqzzxx" in page.get_by_role("status").inner_text()
    assert box.get_attribute("aria-expanded") == "false"


def test_more_hits_are_shown_on_demand(page: Any, served: Served) -> None:
    search = Searcher(page, served.url)
    found = len(search.ask("the")["hits"])
    assert page.locator(OPTION).count() == 10
    page.locator("dialog .search-more").click()
    page.wait_for_function(f"() => document.querySelectorAll('{OPTION}').length > 10")
    assert page.locator(OPTION).count() == min(found, 30)


def test_on_a_telephone_it_fills_the_screen(served: Served, browser: Any) -> None:
    telephone = {"width": 360, "height": 640}
    context = browser.new_context(viewport=telephone, has_touch=True, is_mobile=True)
    page = context.new_page()
    page.goto(served.url)
    page.get_by_role("button", name="Search").tap()
    page.wait_for_selector(DIALOG)
    page.keyboard.type("모델")
    page.wait_for_selector(OPTION)
    box = page.locator("dialog").bounding_box()
    assert (box["x"], box["width"]) == (0, 360)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.locator("dialog").evaluate("d => d.scrollWidth <= d.clientWidth")
    context.close()


def test_without_scripts_the_box_leads_to_all_weeks(served: Served, browser: Any) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(served.url)
    page.locator("form[role=search] input").first.fill("diffusion")
    page.keyboard.press("Enter")
    page.wait_for_url("**/weeks.html?q=diffusion")
    context.close()


def test_a_failed_load_is_said_and_can_be_repeated(page: Any, served: Served) -> None:
    page.route("**/search/index.json", lambda route: route.abort())
    page.goto(served.url)
    page.keyboard.press("/")
    page.wait_for_function(
        "() => document.querySelector('dialog [role=status]').textContent !== ''"
    )
    page.unroute("**/search/index.json")
    page.keyboard.type("quokkabody")
    page.wait_for_selector(OPTION)
    page.errors.clear()


def test_no_citation_key_is_shown(page: Any, served: Served) -> None:
    search = Searcher(page, served.url)
    search.ask("planted2020denoising")
    assert options(page)
    assert "planted2020denoising" not in page.locator(".search-hits").inner_text()


def test_figures_are_a_kind_of_their_own(page: Any, served: Served) -> None:
    search = Searcher(page, served.url)
    word = "zebrafigure"
    before = [href for href, _ in search.find(word)]
    assert not [href for href in before if href.startswith("figures/")]
    page.locator(".search-filters select[name=kind]").select_option("figure")
    page.wait_for_function("document.querySelectorAll('.search-hits a').length === 1")
    page.locator(OPTION).click()
    page.wait_for_url("**/2026-W48.html?highlight=*#fig-zebra")


def test_an_excerpt_keeps_to_the_table_that_holds_the_word(page: Any, served: Served) -> None:
    search = Searcher(page, served.url)
    search.ask("tablequokka")
    context = page.locator(OPTION).first.locator(".search-context").inner_text()
    assert context.strip(" …") == "tablequokka · 3 · 4"
