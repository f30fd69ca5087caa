"""Folded code and outputs, paper, the feed, and what the author wrote for the reader."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import nbformat
import pytest
from lxml import html
from shipped_journal import Open
from tests.site.sample_journal import Journal
from tests.until import until

from weeknotes.engines.for_advisor import marked
from weeknotes.i18n.strings import Strings
from weeknotes.journal import project
from weeknotes.journal.project import Project
from weeknotes.scaffold import init
from weeknotes.site import build
from weeknotes.site.html import markup
from weeknotes.site.html.cell_folds import fold_cells

MONDAY = date(2026, 11, 16)
CODE = '<div class="sourceCode cell-code"><pre><code>plot(x)\ny = 2</code></pre></div>'
FIGURE = '<div class="cell-output"><figure><img src="a.png" alt=""></figure></div>'


def folded(body: str, lang: str = "en") -> Any:
    tree = markup.parse(body)
    fold_cells(tree, lang)
    return tree


def test_code_above_a_figure_is_folded() -> None:
    tree = folded(f'<div class="cell">{CODE}{FIGURE}</div>')
    (fold,) = tree.xpath("//details")
    assert (fold.get("class"), fold.get("open")) == ("code-fold", None)
    assert fold.find("summary").text == "Code"
    assert "plot(x)" in fold.text_content()
    assert not fold.xpath(".//img")


def test_code_above_words_stays_and_so_does_a_fold_of_the_authors() -> None:
    words = f'<div class="cell">{CODE}<div class="cell-output"><pre>3</pre></div></div>'
    assert not folded(words).xpath("//details")
    own = f'<div class="cell"><details class="code-fold" open>{CODE}</details>{FIGURE}</div>'
    (fold,) = folded(own).xpath("//details")
    assert fold.get("open") is not None


@pytest.mark.parametrize(("lines", "folds"), [(40, False), (41, True)])
def test_an_output_of_more_than_forty_lines_is_folded(lines: int, folds: bool) -> None:
    text = "\n".join(map(str, range(lines)))
    for output in (f"<pre>{text}\n</pre>", f"<table>{'<tr><td>1</td></tr>' * lines}</table>"):
        tree = folded(f'<div class="cell"><div class="cell-output">{output}</div></div>', "zh")
        assert bool(tree.xpath("//details[@class='output-fold']")) is folds
        if folds:
            assert tree.xpath("string(//summary)") == f"输出，共 {lines} 行"


def test_without_an_address_there_is_no_feed(tmp_path: Path) -> None:
    bare, known = Journal(tmp_path / "a"), Journal(tmp_path / "b")
    for journal in (bare, known):
        journal.root.mkdir()
        journal.add_week(MONDAY, "en")
    known.website = "  site-url: https://example.org/"
    site = bare.compose()
    assert not (site / "feed.xml").exists()
    assert not [page.name for page in site.rglob("*.html") if b"feed.xml" in page.read_bytes()]
    assert (known.compose() / "feed.xml").exists()


def test_an_empty_library_has_not_been_read(tmp_path: Path) -> None:
    page = (Journal(tmp_path).compose() / "record.html").read_text("utf-8")
    assert Strings("en")("no_papers") in page
    assert Strings("en")("nothing_waits") not in page


def test_the_table_of_what_was_added_shows_no_keys(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    head = "<tr><th>Title</th><th>{}</th></tr>"
    for week, (lang, word) in enumerate([("en", "Citation key"), ("ko", "인용 키")]):
        table = (
            f"<table><thead>{head.format(word)}</thead><tbody><tr><td>A</td><td>key2020</td></tr>"
        )
        cell = f'<div id="cell-reading-list" class="cell">{table}</tbody></table></div>'
        journal.add_week(date(2026, 11, 2 + 7 * week), lang, cell)
    site = journal.compose()
    for week in ("2026-W45", "2026-W46"):
        page = html.parse(str(site / f"journal/2026/{week}.html"))
        assert [c.text_content() for c in page.xpath("//details[@class='glance']//td")] == ["A"]


def test_the_line_below_a_heading_does_not_repeat_it(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    entry = {
        "id": "icon2024",
        "title": "A Title Nobody Signed",
        "URL": "https://arxiv.org/abs/2402.12844",
        "issued": {"date-parts": [[2024]]},
    }
    (tmp_path / "references.json").write_text(json.dumps([entry]), "utf-8")
    heading = (
        '<a href="https://arxiv.org/abs/2402.12844">A Title Nobody Signed</a> <span class="citation" '
        'data-cites="icon2024">(<a href="#ref-icon2024">“A Title Nobody Signed” 2024</a>)</span>'
    )
    journal.add_week(
        MONDAY, "en", f'<section id="a" class="level2"><h2>{heading}</h2><p>Text.</p></section>'
    )
    page = html.parse(str(journal.compose() / "journal/2026/2026-W47.html"))
    (line,) = page.xpath("//p[@class='byline']")
    assert " ".join(line.text_content().split()) == "(2024) arXiv:2402.12844"
    assert line.xpath(".//a/@href")[0] == "../../papers/icon2024.html"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("## Please read\n\nText.", "## Please read {.for-advisor}\n\nText."),
        ("## A {#b .c}\n\nText.", "## A {#b .c .for-advisor}\n\nText."),
        ("A sentence.", "::: {.for-advisor}\n\nA sentence.\n\n:::\n"),
        (
            "::: {.callout-note}\nA.\n:::",
            ":::::: {.for-advisor}\n\n::: {.callout-note}\nA.\n:::\n\n::::::\n",
        ),
        ("::: {.private}\nIt begins here.", "::: {.private}\nIt begins here."),
        ("It ends here.\n:::", "It ends here.\n:::"),
        ("```\ncode", "```\ncode"),
    ],
)
def test_the_tag_of_a_cell_becomes_a_class(text: str, expected: str) -> None:
    assert marked(text, ("for-advisor",)) == expected
    assert marked(text, ("other",)) == text


def write_week(project: Project, *cells: tuple[str, list[str]]) -> None:
    front = nbformat.v4.new_raw_cell('---\ntitle: "A week"\nweek: 2026-W47\nlang: en\n---')
    texts = [nbformat.v4.new_markdown_cell(text, metadata={"tags": tags}) for text, tags in cells]
    path = project.root / "journal/2026/2026-W47.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(nbformat.v4.new_notebook(cells=[front, *texts]), path)


def test_what_a_tagged_cell_says_comes_first_at_home(tmp_path: Path) -> None:
    init(tmp_path / "log", title="Reading log", author="Kim Minji", lang="en")
    journal = project.find(tmp_path / "log")
    write_week(
        journal,
        ("## Tasks\n\n- [ ] one", []),
        ("Please decide by Friday.", ["for-advisor"]),
        ("## Also for you\n\nIt converged.", ["for-advisor"]),
        ("## For you\n\n<!-- nothing yet -->", ["for-advisor"]),
        ("## A note\n\nIts text.\n\n::: {.private}\nPlease tell nobody.\n:::", ["for-advisor"]),
    )
    site = build.render(journal, engine="builtin").output
    home = html.parse(str(site / "index.html"))
    shown = " ".join(home.xpath("string(//section[@class='for-you'])").split())
    assert shown == ("For you Please decide by Friday. Also for you It converged. A note Its text.")
    assert not home.xpath("//ol[@class='entries']/li")  # They are not told twice.
    week = (site / "journal/2026/2026-W47.html").read_text("utf-8")
    assert week.count("Please decide by Friday.") == 1
    assert "nobody" not in week
    assert ">For you<" not in week  # Nothing is written there yet.


@pytest.mark.parametrize("lang", ["en", "ko", "zh"])
def test_a_new_week_offers_a_section_for_its_reader(lang: str) -> None:
    folder = Path(build.__file__).parent.parent / "scaffold/templates"
    notebook = nbformat.read(folder / f"weekly.{lang}.ipynb", as_version=4)
    (cell,) = [cell for cell in notebook.cells if "for-advisor" in cell.metadata.get("tags", ())]
    assert cell.source.startswith(f"## {Strings(lang)('for_you')}\n")


def test_on_paper_a_page_says_where_it_is_from_and_shows_no_controls(visit: Any) -> None:
    page = visit("weeks.html", color_scheme="dark")
    assert page.locator(".on-paper").is_hidden()
    page.emulate_media(media="print")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    line = page.locator(".on-paper").inner_text()
    assert page.url in line
    assert "Printed" in line
    for hidden in (".site-header", ".fold-buttons", ".contents", ".permalink", ".thumb"):
        assert not any(e.is_visible() for e in page.locator(hidden).all())
    assert page.locator("details.week:not([open]), details.note:not([open])").count() == 0
    look = "e => [getComputedStyle(e).filter, getComputedStyle(document.body).backgroundColor]"
    assert page.locator(".text img").first.evaluate(look) == ["none", "rgb(255, 255, 255)"]


def test_the_head_of_the_list_of_papers_is_printed_once(visit: Any) -> None:
    page = visit("papers.html")
    page.emulate_media(media="print")
    head = page.locator(".listing thead").evaluate("e => getComputedStyle(e).display")
    assert head == "table-row-group"


def test_opened_from_a_folder_the_search_says_why_it_cannot(browser: Any, sample: Path) -> None:
    page = browser.new_page()
    page.goto((sample / "index.html").as_uri())
    page.keyboard.press("/")
    page.wait_for_selector("dialog[open]")
    until(page, "document.querySelector('.search-status').textContent")
    assert page.locator(".search-status").inner_text() == Strings("en")("no_search_here")
    page.close()


@pytest.mark.browser
def test_footnotes_are_beside_the_text_where_there_is_room(open_page: Open) -> None:
    page = open_page("journal/2026/2026-W39.html", viewport={"width": 1280, "height": 800})
    note, text = page.locator(".sidenote"), page.locator(".text").first
    assert "이 일지에서는" in note.inner_text()
    assert note.bounding_box()["x"] >= text.bounding_box()["x"] + text.bounding_box()["width"]
    foot = page.locator("section.footnotes")
    assert not foot.is_visible()
    page.set_viewport_size({"width": 900, "height": 800})
    until(page, "() => !document.querySelector('.sidenote')")
    assert foot.is_visible()
    assert page.locator(".footnote-ref").get_attribute("href") == "#fn1"
