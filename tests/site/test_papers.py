"""The pages of the papers, their list, and the citations that lead there."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from lxml import html
from sample_journal import Journal

from weeknotes.actions import create
from weeknotes.library.formats.ris import read as read_ris
from weeknotes.site.data import entry_text
from weeknotes.site.data.addresses import file_names
from weeknotes.site.data.bibliography import bibliography_of
from weeknotes.site.pages import papers_page

HO = {
    "id": "ho2020denoising",
    "type": "paper-conference",
    "title": "Denoising Diffusion Probabilistic Models",
    "author": [{"family": "Ho", "given": "Jonathan"}, {"family": "Jain", "given": "Ajay"}],
    "issued": {"date-parts": [[2020]]},
    "DOI": "10.48550/arXiv.2006.11239",
    "abstract": "High quality image synthesis.\n\nA second paragraph <script>.",
    "custom": {"date-added": "2026-11-02", "zotero": {"library": "users/7", "key": "ABCD2345"}},
}
KIM = {
    "id": "김2021/확산",
    "type": "article-journal",
    "title": "확산 모델 개론",
    "author": [{"family": "김", "given": "민지"}],
    "DOI": "10.1000/182",
}
WAITING = {
    "id": "later2024",
    "type": "book",
    "title": "Read me later",
    "URL": "javascript:alert(1)",
}


def note(anchor: str, key: str, text: str) -> str:
    return (
        f'<section id="{anchor}" class="level2"><h2>A note '
        f'<span class="citation" data-cites="{key}">(<a href="#ref-{key}">Ho 2020</a>)</span></h2>'
        f"<p>{text}</p></section>"
    )


def references(key: str) -> str:
    return (
        '<section class="references" role="doc-bibliography" id="references"><h2>References</h2>'
        f'<div id="refs"><div id="ref-{key}" class="csl-entry">Ho, as the style has it.</div></div>'
        "</section>"
    )


@pytest.fixture
def read(journal: Journal) -> Journal:
    """Two notes on one paper, an aside that cites another, and a paper that nobody has read."""
    (journal.root / "references.json").write_text(json.dumps([HO, KIM, WAITING]), "utf-8")
    key = HO["id"]
    aside = (
        '<section id="plan" class="level2"><h2>Plan</h2><p>Begin.</p><p>As in <span class="citation" '
        f'data-cites="{key} {KIM["id"]}">(<a href="#ref-{key}">Ho</a>; '
        f'<a href="#ref-{KIM["id"]}">김</a>)</span>, noise first.</p></section>'
    )
    later = note("again", key, "It holds up.") + aside + references(key)
    journal.add_week(date(2026, 11, 16), "en", later)
    journal.add_week(
        date(2026, 11, 9), "ko", note("first", key, "잡음을 맞힌다.") + references(key)
    )
    return journal


def tree(journal: Journal, href: str) -> Any:
    path = journal.compose() / href
    return html.fromstring(path.read_text("utf-8"))


def test_every_note_on_a_paper_stands_on_its_page_in_order_of_time(read: Journal) -> None:
    page = tree(read, "papers/ho2020denoising.html")
    told = [" ".join(t.text_content().split()) for t in page.find_class("told")]
    assert len(told) == 2
    assert "잡음을 맞힌다." in told[0] and "2026-W46" in told[0]
    assert "It holds up." in told[1] and "2026-W47" in told[1]
    # Where it is only cited, the words around the citation are shown.
    assert "noise first" in page.xpath('//section[@aria-labelledby="cited"]')[0].text_content()
    assert "확산 모델 개론" in page.xpath('//section[@aria-labelledby="beside"]')[0].text_content()


def test_reference_links_and_abstract(read: Journal) -> None:
    page = tree(read, "papers/ho2020denoising.html")
    assert "Ho, as the style has it." in page.find_class("csl-entry")[0].text_content()
    links = page.xpath("//ul[@class='places']//a[@rel]/@href")
    assert links == [
        "https://arxiv.org/abs/2006.11239",
        "https://www.zotero.org/users/7/items/ABCD2345",
    ]
    assert "A second paragraph <script>." in page.find_class("abstract")[0].text_content()


def test_an_address_that_is_no_web_address_is_no_link(read: Journal) -> None:
    page = tree(read, "papers/later2024.html")
    assert not page.xpath('//a[starts-with(@href, "javascript")]')


def test_citations_lead_to_the_paper_and_the_reference_list_stays(read: Journal) -> None:
    site = read.compose()
    page = html.fromstring((site / "journal/2026/2026-W47.html").read_text("utf-8"))
    citations = page.xpath('//p[@class="byline"]//a/@href')
    assert citations == ["../../papers/ho2020denoising.html"]
    entry = page.get_element_by_id("ref-ho2020denoising")
    assert entry.xpath(".//a/@href") == ["../../papers/ho2020denoising.html"]
    weeks = html.fromstring((site / "weeks.html").read_text("utf-8"))
    assert "papers/ho2020denoising.html" in weeks.xpath("//a/@href")


def test_the_list_tells_read_from_cited_from_waiting(read: Journal) -> None:
    page = tree(read, "papers.html")
    rows = {row.xpath("string(.//a)"): row.get("data-status") for row in page.xpath("//tbody/tr")}
    assert rows == {
        "Denoising Diffusion Probabilistic Models": "read",
        "확산 모델 개론": "cited",
        "Read me later": "library",
    }


def test_a_note_that_links_to_a_paper_at_its_head_is_on_it(read: Journal) -> None:
    key = HO["id"]
    cited = note("both", key, "").replace(
        "</p>", ' <a href="https://doi.org/10.1000/182">2</a></p>'
    )
    linked = (
        '<section id="linked" class="level2"><h2><a href="https://dx.doi.org/10.1000/182">확산</a></h2>'
        "<p>A careful introduction.</p></section>"
    )
    read.add_week(date(2026, 11, 2), "en", cited + linked)
    papers = bibliography_of(read.site()).papers
    # What a heading cites is what the note is about; a link below it then leads elsewhere.
    assert [m.note.anchor for m in papers[KIM["id"]].mentions if m.about] == ["linked"]
    told = tree(read, papers[KIM["id"]].href).find_class("told")
    assert "A careful introduction." in told[0].text_content()
    home = tree(read, "index.html").find_class("totals")[0].text_content()
    assert home.split("·")[-1].strip() == "3 papers"


def test_a_paper_page_changes_with_its_notes_alone(read: Journal) -> None:
    before = read.inputs()
    read.add_week(date(2026, 11, 9), "ko", note("first", str(HO["id"]), "다시 썼다."))
    after = read.inputs()
    changed = {
        href for href in before if href.startswith("papers/") and before[href] != after[href]
    }
    assert changed == {"papers/ho2020denoising.html"}


def test_a_long_list_goes_over_several_pages(
    read: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(papers_page, "PAPERS_A_PAGE", 2)
    site = read.compose()
    first, second = (
        html.fromstring((site / n).read_text()) for n in ("papers.html", "papers-2.html")
    )
    assert len(first.xpath("//tbody/tr")) == 2
    assert len(second.xpath("//tbody/tr")) == 1
    assert first.xpath('//nav[@class="pager"]//a/@href') == ["papers.html", "papers-2.html"]


def test_another_key_of_an_entry_is_the_same_paper(read: Journal) -> None:
    library = [{**HO, "other-ids": "ddpm"}, KIM]
    (read.root / "references.json").write_text(json.dumps(library), "utf-8")
    read.add_week(date(2026, 11, 2), "en", note("alias", "ddpm", "Under its other key."))
    paper = bibliography_of(read.site()).papers["ho2020denoising"]
    assert [mention.note.anchor for mention in paper.mentions] == [
        "alias",
        "first",
        "again",
        "plan",
    ]


def test_file_names_are_safe_and_distinct() -> None:
    keys = ["ho2020", "Ho2020", "a/b", "a:b", "..", "con", "김2021확산", "x" * 300, ""]
    names = file_names(keys)
    assert names["ho2020"] != names["Ho2020"]
    assert names["김2021확산"] == "김2021확산"
    assert len({name.casefold() for name in names.values()}) == len(keys)
    for name in names.values():
        assert name and "/" not in name and ":" not in name and not name.startswith(".")
        assert len(f"{name}.html".encode()) < 255


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ({"DOI": "https://doi.org/10.1000/182"}, ["https://doi.org/10.1000/182"]),
        ({"URL": "http://arxiv.org/pdf/2006.11239v2"}, ["https://arxiv.org/abs/2006.11239"]),
        (
            {"archive": "arXiv", "archive_location": "cs/0112017"},
            ["https://arxiv.org/abs/cs/0112017"],
        ),
        ({"URL": "https://example.org/a.pdf"}, ["https://example.org/a.pdf"]),
        ({"URL": "data:text/html,x"}, []),
        ({"custom": {"zotero": {"library": "../evil", "key": "ABCD2345"}}}, []),
    ],
)
def test_where_a_paper_can_be_read(entry: dict[str, Any], expected: list[str]) -> None:
    assert [link.href for link in entry_text.links(entry)] == expected


def test_filter_and_sort(visit: Callable[..., Any], sample_library: list[dict[str, Any]]) -> None:
    page = visit("papers.html")
    assert page.locator("tbody tr").count() == len(sample_library)
    page.locator("input[value=read]").check()
    page.wait_for_function("document.querySelectorAll('tbody tr').length < 5")
    page.locator("input[name=status]").first.check()
    page.get_by_label("Words in title or authors").fill("DIFFUSION ho")
    page.wait_for_function("document.querySelectorAll('tbody tr').length === 1")
    page.get_by_label("Words in title or authors").fill("")
    page.get_by_role("button", name="Year").click()
    head = page.locator("th[aria-sort]")
    assert head.get_attribute("aria-sort") == "descending"
    years = [int(text) for text in page.locator("tbody td:nth-child(2)").all_inner_texts() if text]
    assert years == sorted(years, reverse=True)


def test_others_at_the_end_of_authors_are_no_person() -> None:
    people = [{"family": "Ho", "given": "Jonathan"}, {"literal": "others"}]
    entry = {"id": "ho2020", "type": "article", "author": people}
    assert entry_text.authors(entry) == ["Jonathan Ho", "et al."]
    assert entry_text.short_authors(entry) == "Ho et al."
    assert create.summary(entry)["authors"] == ["Ho", "et al."]


def test_the_dossier_has_venue_verdict_and_references_to_copy(journal: Journal) -> None:
    entry = {**HO, "container-title": "NeurIPS", "page": "6840-6851", "note": "my own remark"}
    (journal.root / "references.json").write_text(json.dumps([entry], ensure_ascii=False), "utf-8")
    said = [
        (date(2026, 10, 26), "<p>Verdict: to be tried.</p>"),
        (date(2026, 11, 2), "<p>A long second reading without any judgement about it at all.</p>"),
        (date(2026, 11, 9), "<ul><li>한 줄 평: 써 볼 만하다 <em>지금</em>.</li></ul>"),
    ]
    for monday, text in said:
        body = note("one", HO["id"], "").replace("</section>", f"{text}</section>")
        journal.add_week(monday, "en", body + references(str(HO["id"])))
    page = tree(journal, "papers/ho2020denoising.html")
    assert page.xpath("string(//p[@class='venue'])") == "NeurIPS"
    verdict = page.xpath("//p[@class='verdict']")[0].text_content()
    assert "써 볼 만하다 지금." in verdict and "2026-W46" in verdict
    views = [li.text_content().split(None, 1) for li in page.xpath("//section[@class='views']//li")]
    assert [week for week, _ in views] == ["2026-W44", "2026-W45", "2026-W46"]
    assert views[0][1].strip() == "to be tried." and views[1][1].startswith("A long second")
    targets = page.xpath("//section[@class='views']//a/@href")
    assert all(target[1:] in page.xpath("//@id") for target in targets)
    bibtex, ris = page.xpath("//details[@id='cite-as']//code/text()")
    assert bibtex.startswith("@inproceedings{ho2020denoising,") and "NeurIPS" in bibtex
    (back,) = read_ris(ris)
    assert back["type"] == "paper-conference" and back["page"] == "6840-6851"
    assert [name["family"] for name in back["author"]] == ["Ho", "Jain"]
    assert back["issued"]["date-parts"] == [[2020]] and back["container-title"] == "NeurIPS"
    assert "my own remark" not in html.tostring(page, encoding="unicode")
    data = (journal.root / "_site/papers.js").read_text("utf-8")
    assert data.startswith('weeknotes.data("papers.js",[["papers/ho2020denoising.html"')
    assert '"NeurIPS","2020","read",3,' in data
    # The whole names, and what notes call it, are words that it is found by.
    assert '"A Ajay Ho Jain Jonathan ho2020denoising note"' in data
