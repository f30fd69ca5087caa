"""What is new since a reader last looked, the feed, related notes, downloads, and remarks."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from bench.host import ForgetfulHost, serving
from lxml import etree, html
from sample_journal import Journal
from shifting import layout_shift
from tests.until import until

from weeknotes.errors import ProjectError
from weeknotes.journal import cell_edit
from weeknotes.site.data import likeness, note_identities, note_terms
from weeknotes.site.data.note_index import words_digest
from weeknotes.site.pages import compose
from weeknotes.text import terms

ATOM = "{http://www.w3.org/2005/Atom}"


def note(anchor: str, text: str, key: str = "", title: str = "") -> str:
    cite = f'<span class="citation" data-cites="{key}">(X)</span>' if key else ""
    title = title or anchor.capitalize()
    return f'<section id="{anchor}" class="level2"><h2>{title} {cite}</h2><p>{text}</p></section>'


def identities(journal: Journal) -> dict[str, str]:
    """The identity of each note by its title."""
    return {known.note.title: known.id for known in note_identities.known_notes(journal.site())}


def test_identity_survives_moving_renaming_and_rendering_anew(journal: Journal) -> None:
    week = date(2026, 11, 16)
    journal.add_week(week, "en", note("a", "On noise.", "ho2020") + note("plan", "Next."))
    before = identities(journal)
    # Another title and anchor, another place on the page, one word more.
    journal.add_week(
        week, "en", note("plan", "Next.") + note("b", "On noise!", "ho2020", "Renamed")
    )
    after = identities(journal)
    assert after["Renamed"] == before["A"]
    assert after["Plan"] == before["Plan"]
    # Another week.
    journal.sources.clear()
    journal.add_week(date(2026, 11, 9), "en", note("b", "On noise!", "ho2020", "Renamed"))
    assert identities(journal)["Renamed"] == before["A"]


def test_two_notes_on_one_paper_are_two(journal: Journal) -> None:
    journal.add_week(date(2026, 11, 9), "en", note("first", "One.", "ho2020"))
    journal.add_week(date(2026, 11, 16), "en", note("second", "Two.", "ho2020"))
    found = identities(journal)
    assert found["First"] != found["Second"]


def test_a_figure_that_gets_another_number_changes_no_words() -> None:
    assert words_digest("see Figure 2 and  그림 3") == words_digest("see Figure 4 and 그림 1")
    assert words_digest("see Figure 2") != words_digest("sees Figure 2")


def test_another_engine_that_sets_formulas_otherwise_changes_no_words() -> None:
    assert words_digest("log\u2061 𝐱 = 1") == words_digest("log 𝒙=1")
    assert words_digest("log 𝐱 = 1") != words_digest("log 𝐲 = 1")


def test_changes_carry_every_note_and_no_task(journal: Journal) -> None:
    boxes = '<ul><li><input type="checkbox">x</li></ul>'
    tasks = f'<section id="t" class="level2"><h2>Tasks</h2>{boxes}</section>'
    journal.add_week(date(2026, 11, 16), "ko", tasks + note("a", "확산 모델"))
    site = journal.compose()
    index = json.loads((site / "changes.json").read_text("utf-8"))
    notes = json.loads((site / "changes/2026-11.json").read_text("utf-8"))
    assert index["months"] == {"2026-11": [notes[0]["key"]]}
    assert notes[0]["text"] == "A 확산 모델"
    assert notes[0]["href"] == "journal/2026/2026-W47.html#a"


@pytest.fixture
def served(journal: Journal) -> Iterator[str]:
    """Serves the journal's site as it was last composed."""

    # Builds follow each other within the minutes that a browser may keep a file.
    with serving(journal.root / "_site", ForgetfulHost, base="/") as host:
        yield host.url


def come_back_later(page: Any) -> None:
    """Let this reader's last visit be a day ago, once its words are kept."""
    until(page, "() => Object.keys(localStorage).some(k => k.includes(':words:'))")
    page.evaluate(
        """() => {
          const key = Object.keys(localStorage).find(k => k.includes(":seen:"));
          const state = JSON.parse(localStorage[key]);
          state.at -= 24 * 3600 * 1000;
          localStorage[key] = JSON.stringify(state);
        }"""
    )


def test_what_is_new_and_what_changed_is_marked_and_told(
    journal: Journal, served: str, browser: Any
) -> None:
    week = date(2026, 11, 16)
    moved = note("moved", "A note that is only moved, word for word.")
    journal.add_week(week, "en", note("noise", "The chain adds noise slowly.", "ho2020") + moved)
    journal.compose()
    context = browser.new_context()
    page = context.new_page()
    page.goto(served + "new.html")
    page.get_by_text("You are looking for the first time").wait_for()
    # The other pages of the first visit say the same.
    page.goto(served + "index.html")
    page.get_by_text("all is new").wait_for()
    page.goto(served + "new.html")
    page.get_by_text("You are looking for the first time").wait_for()
    come_back_later(page)

    journal.add_week(week, "en", note("noise", "The chain adds noise quickly.", "ho2020"))
    newer = note("shape", "心脏的形状 is new.") + moved.replace('"moved"', '"elsewhere"')
    journal.add_week(date(2026, 11, 23), "en", newer)
    journal.compose()
    page.goto(served + "journal/2026/2026-W47.html")
    page.locator("#noise .mark.changed").wait_for()
    page.goto(served + "journal/2026/2026-W48.html")
    page.locator("#shape .mark.new").wait_for()
    assert page.locator("#elsewhere .mark").count() == 0
    page.goto(served + "new.html")
    page.locator(".since-list li").nth(1).wait_for()
    assert page.locator(".side-by-side del").inner_text() == "slowly."
    assert page.locator(".side-by-side ins").inner_text() == "quickly."
    page.goto(served + "index.html")
    page.get_by_text("1 changed").wait_for()
    since = page.locator(".since summary")
    assert since.inner_text().endswith("1 new 1 changed")
    since.click()
    assert page.locator(".since-list li:visible").count() == 2
    # Told once; on the next visit it is known.
    come_back_later(page)
    page.goto(served + "new.html")
    page.get_by_text("Nothing has changed since you last looked").wait_for()
    context.close()


@pytest.mark.parametrize("width", [360, 1280])
def test_news_moves_nothing(journal: Journal, served: str, browser: Any, width: int) -> None:
    week = date(2026, 11, 16)
    notes = "".join(note(f"n{n}", f"Words of the note number {n}, as they are.") for n in range(8))
    journal.add_week(week, "en", note("noise", "Slowly.", "ho2020"))
    journal.compose()
    context = browser.new_context(viewport={"width": width, "height": 800})
    page = context.new_page()
    page.goto(served + "new.html")
    come_back_later(page)
    journal.add_week(week, "en", note("noise", "Quickly.", "ho2020") + notes)
    journal.compose()
    for path in ("index.html", "new.html", "journal/2026/2026-W47.html", "weeks.html"):
        page.goto(served + path)
        page.locator("main .mark").first.wait_for(state="attached")
        assert layout_shift(page) < 0.005, path
    context.close()


def test_on_a_telephone_a_tap_leads_from_one_new_note_to_the_next(
    journal: Journal, served: str, browser: Any
) -> None:
    week = date(2026, 11, 16)
    old = "".join(note(f"old{n}", "Words that were there. " * 120) for n in range(3))
    journal.add_week(week, "en", old)
    journal.compose()
    phone = {"viewport": {"width": 390, "height": 740}, "is_mobile": True, "has_touch": True}
    context = browser.new_context(**phone)
    page = context.new_page()
    page.goto(served + "new.html")
    assert page.get_by_role("button", name="Next new").count() == 0
    come_back_later(page)
    newer = [note(f"new{n}", "Words that are new. " * 120) for n in range(2)]
    journal.add_week(week, "en", newer[0] + old + newer[1])
    journal.compose()
    page.goto(served + "journal/2026/2026-W47.html")
    button = page.get_by_role("button", name="Next new")
    page.evaluate("document.getElementById('new1').open = false")
    for anchor in ("new0", "new1", "new0"):
        button.tap()
        until(
            page,
            "id => Math.abs(document.getElementById(id).getBoundingClientRect().top) < 60",
            arg=anchor,
        )
    assert page.locator("#new1").evaluate("note => note.open")
    context.close()


def test_all_of_it_can_be_called_seen(journal: Journal, served: str, browser: Any) -> None:
    journal.add_week(date(2026, 11, 16), "en", note("one", "Words."))
    journal.compose()
    context = browser.new_context()
    page = context.new_page()
    page.goto(served + "new.html")
    come_back_later(page)
    journal.add_week(date(2026, 11, 16), "en", note("one", "Words.") + note("two", "More."))
    journal.compose()
    page.goto(served + "new.html")
    page.get_by_role("button", name="I have seen all of it").click()
    assert page.locator(".mark").count() == 0
    page.reload()
    page.get_by_text("Nothing has changed since you last looked").wait_for()
    context.close()


def test_the_feed_is_atom_with_absolute_addresses(journal: Journal) -> None:
    journal.website = "  site-url: https://example.org/log"
    body = note("a", '<a href="../../x.html">x</a> &amp; <em>확산</em>', "ho2020")
    journal.add_week(date(2026, 11, 16), "ko", body)
    feed = etree.parse(str(journal.compose() / "feed.xml")).getroot()
    for name in ("id", "title", "updated"):
        assert feed.findtext(f"{ATOM}{name}")
    (entry,) = feed.findall(f"{ATOM}entry")
    assert (
        entry.find(f"{ATOM}link").get("href")
        == "https://example.org/log/journal/2026/2026-W47.html#a"
    )
    content = entry.findtext(f"{ATOM}content")
    assert 'href="https://example.org/log/x.html"' in content
    assert "<em>확산</em>" in content


def test_related_notes_are_found_across_languages(journal: Journal) -> None:
    library = [
        {"id": "ho2020", "type": "book", "title": "Denoising diffusion probabilistic models"}
    ]
    (journal.root / "references.json").write_text(json.dumps(library), "utf-8")
    journal.add_week(date(2026, 11, 2), "ko", note("ko", "잡음을 조금씩 더한다.", "ho2020"))
    others = note("zh", "扩散模型 denoising diffusion 的采样。") + note(
        "x", "The weather in spring."
    )
    journal.add_week(date(2026, 11, 9), "zh", others)
    journal.add_week(date(2026, 11, 16), "en", note("en", "Denoising diffusion, again.", "ho2020"))
    page = html.fromstring((journal.compose() / "journal/2026/2026-W47.html").read_text("utf-8"))
    links = page.xpath('//div[@class="related"]//a/@href')
    assert links[0] == "2026-W45.html#ko"
    assert "2026-W46.html#zh" in links
    assert "2026-W46.html#x" not in links


def test_likeness_is_the_cosine_and_of_no_note_with_itself() -> None:
    notes = [{1: 1, 2: 1, 9: 1}, {1: 1, 2: 2, 8: 1}, {3: 1, 4: 1}]
    packed = [note_terms.pack(terms) for terms in notes]
    vectors = [likeness.vector(one, lambda term: term < 5, lambda term: 2.0) for one in packed]
    assert list(vectors[1]) == [2, 1]  # The weightiest first, and no term of one note alone.
    assert likeness.unpack(likeness.pack(vectors[1])) == vectors[1]
    postings = {t: [(n, v[t]) for n, v in enumerate(vectors) if t in v] for t in (1, 2, 3, 4)}
    found = likeness.likenesses(0, vectors[0], lambda term: postings[term])
    heavy = 1 + math.log(2)
    expected = (1 + heavy) / (math.sqrt(2) * math.sqrt(1 + heavy**2))
    assert list(found) == [1]
    assert found[1] / likeness.ONE == pytest.approx(expected, abs=1e-4)


def test_a_change_in_the_newest_year_leaves_other_weeks_alone(journal: Journal) -> None:
    for back in range(60):
        monday = date.fromordinal(date(2026, 11, 16).toordinal() - 7 * back)
        journal.add_week(monday, "en", note("n", f"Word{back % 7} term{back % 5} shared thing."))
    before = journal.inputs()
    journal.add_week(date(2026, 11, 16), "en", note("n", "Something quite different, alone."))
    after = journal.inputs()
    weeks = {href for href in before if href.startswith("journal/") and before[href] != after[href]}
    assert "journal/2026/2026-W47.html" in weeks
    assert len(weeks) < 15


def test_terms_are_words_pairs_of_characters_and_singular() -> None:
    assert list(terms.words("Networks, 扩散模型 class")) == [
        "network",
        "扩散",
        "散模",
        "模型",
        "class",
    ]


def test_the_notebook_is_there_without_what_is_private(journal: Journal) -> None:
    cells = [
        cell_edit.new_cell("markdown", "## Open\n\nFor all.", id="one"),
        cell_edit.new_cell("markdown", "For me alone.", id="two", metadata={"tags": ["private"]}),
    ]
    week = journal.add_week(date(2026, 11, 16), "en", note("open", "For all."))
    source = week.source.replace(".md", ".ipynb")
    journal.sources[-1] = replace(week, source=source)
    site = journal.site()
    (journal.root / source).write_bytes(cell_edit.dump(cell_edit.new_notebook(cells, {})))
    made = {a.href: a for a in compose.artifacts(site)}["journal/2026/2026-W47.ipynb"].make()
    assert b"For all." in made
    assert b"For me alone." not in made
    assert json.loads(made)["nbformat"] == 4


def test_edit_and_jupyterlab_where_they_are_configured(journal: Journal) -> None:
    journal.website = (
        "  repo-url: https://github.com/me/log\n  repo-actions: [edit]\n"
        "weeknotes:\n  jupyterlab: https://hub.example.org/lab/tree"
    )
    journal.add_week(date(2026, 11, 16), "en", note("a", "x"))
    page = html.fromstring((journal.compose() / "journal/2026/2026-W47.html").read_text("utf-8"))
    assert page.xpath('//ul[@class="actions"]//a/@href') == [
        "https://github.com/me/log/edit/main/journal/2026/2026-W47.md",
        "https://hub.example.org/lab/tree/journal/2026/2026-W47.md",
    ]


@pytest.mark.parametrize(
    ("key", "host"),
    [
        ("giscus: {repo: me/log, repo-id: R_1}", "https://giscus.app"),
        ("utterances: {repo: me/log}", "https://utteranc.es"),
        ("hypothesis: true", "https://hypothes.is"),
    ],
)
def test_remarks_are_loaded_only_where_asked_for(journal: Journal, key: str, host: str) -> None:
    journal.add_week(date(2026, 11, 16), "en", note("a", "x"))
    href = "journal/2026/2026-W47.html"
    assert host not in (journal.compose() / href).read_text("utf-8")
    journal.website = f"weeknotes:\n  comments:\n    {key}"
    page = html.fromstring((journal.compose() / href).read_text("utf-8"))
    scripts = [s for s in page.xpath("//script/@src") if s.startswith("https:")]
    assert len(scripts) == 1 and scripts[0].startswith(host)
    policy = page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")[0]
    assert f"script-src 'self' {host}" in policy


def test_a_service_that_is_not_known_is_told(journal: Journal) -> None:
    journal.website = "weeknotes:\n  comments:\n    disqus: true"
    with pytest.raises(ProjectError, match="giscus"):
        journal.compose()


def test_a_picture_for_other_sites(journal: Journal) -> None:
    journal.website = "  site-url: https://example.org"
    journal.add_week(date(2026, 11, 16), "en", note("a", "x", "ho2020"))
    site = journal.compose()
    assert (site / "card.png").read_bytes().startswith(b"\x89PNG")
    page = html.fromstring((site / "index.html").read_text("utf-8"))
    assert page.xpath("//meta[@property='og:image']/@content") == ["https://example.org/card.png"]


Visit = Callable[..., Any]


def test_what_is_in_storage_may_be_anything(visit: Visit) -> None:
    page = visit("index.html")
    page.evaluate(
        "() => Object.keys(localStorage).forEach(k => localStorage.setItem(k, '{\"now\": 3}'))"
    )
    page.reload()
    assert Path(page.url).name == "index.html"


def test_the_sitemap_lists_derived_pages(journal: Journal) -> None:
    journal.website = "  site-url: https://example.org"
    journal.add_week(date(2026, 11, 16), "en", note("a", "x", "ho2020"))
    sitemap = (journal.compose() / "sitemap.xml").read_text("utf-8")
    for href in ("papers.html", "topics.html", "record.html", "journal/2026/2026-W47.html"):
        assert f"<loc>https://example.org/{href}</loc>" in sitemap
