"""The composed files: what is in them, what they are made from, and that they hold together."""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from datetime import date
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from lxml import html
from sample_journal import BODIES, Journal, fill

from weeknotes.site.pages import compose, weeks_page

WEEK = "journal/2026/2026-W47.html"


def read(site: Path, href: str) -> html.HtmlElement:
    """A page of the site, parsed."""
    return html.document_fromstring((site / href).read_text(encoding="utf-8"))


def text_of(element: html.HtmlElement) -> str:
    """Its text, white space folded."""
    return " ".join(element.text_content().split())


def pages_of(site: Path) -> list[str]:
    """The hrefs of all pages."""
    return sorted(path.relative_to(site).as_posix() for path in site.rglob("*.html"))


def test_every_link_and_anchor_resolves(sample: Path) -> None:
    parsed = {href: read(sample, href) for href in pages_of(sample)}
    ids = {href: {e.get("id") for e in page.iter() if e.get("id")} for href, page in parsed.items()}
    broken = []
    for href, page in parsed.items():
        for element, _, link, _ in page.iterlinks():
            if element.get("rel") == "canonical":
                continue
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                continue
            path = unquote(parts.path)
            target = href
            if path:
                folder = "" if path.startswith("/") else posixpath.dirname(href)
                target = posixpath.normpath(posixpath.join(folder, path.lstrip("/")))
            missing = not (sample / target).is_file()
            fragment = unquote(parts.fragment)
            if missing or (fragment and target in ids and fragment not in ids[target]):
                broken.append((href, link))
    assert broken == []


def test_no_id_is_there_twice(sample: Path) -> None:
    for href in pages_of(sample):
        counts = Counter(e.get("id") for e in read(sample, href).iter() if e.get("id"))
        assert [name for name, count in counts.items() if count > 1] == [], href


def test_pages_carry_no_inline_script_and_no_inline_style_of_ours(sample: Path) -> None:
    for href in ("index.html", "weeks.html", WEEK, "404.html"):
        page = read(sample, href)
        assert [s for s in page.iter("script") if not s.get("src")] == []
        assert page.xpath("//@*[starts-with(name(), 'on')]") == []
        outside = page.xpath("//*[@style][not(ancestor::*[@class='text'])]")
        assert outside == [], href


def test_a_page_says_its_language_and_the_chrome_keeps_its_own(sample: Path) -> None:
    page = read(sample, "journal/2026/2026-W46.html")
    assert page.get("lang") == "ko"
    assert page.find(".//header").get("lang") == "en"
    remark = page.xpath("//blockquote/p[starts-with(text(), 'Worth asking')]")[0]
    assert remark.get("lang") == "en"
    assert (
        page.xpath("//section[@id='references']//em")[0].get("lang")
        or page.xpath("//div[@class='csl-entry']")[0].get("lang") == "en"
    )


def test_the_chrome_speaks_the_language_of_the_site(journal: Journal) -> None:
    journal.lang = "zh"
    site = fill(journal, 3).compose()
    page = read(site, WEEK)
    assert page.xpath("//button[@data-fold-all='close']")[0].text == "全部折叠"
    assert text_of(page.xpath("//time")[0]) == "2026年11月16–22日"
    assert page.xpath("//nav[@class='contents']")[0].get("lang") == "zh"


def test_each_note_folds_and_none_is_lost(sample: Path) -> None:
    page = read(sample, WEEK)
    notes = page.xpath("//details[contains(@class, 'note')]")
    assert [note.get("id") for note in notes] == [
        "tasks",
        "denoising-diffusion-probabilistic-models-ho2020",
        "u-net-ronneberger2015",
        "nnu-net-isensee2021",
    ]
    assert all(note.get("open") is not None for note in notes)
    assert all(note[0].tag == "summary" and note[0][0].tag in ("h2", "h3") for note in notes)
    source = html.fragment_fromstring(
        (BODIES / "en.html").read_text(encoding="utf-8"), create_parent=True
    )
    heads = page.xpath("//details[@class='glance']/summary | //section[@id='footnotes']/h2")
    for added in [*page.find_class("to-paper"), *page.find_class("related"), *heads]:
        added.drop_tree()
    composed = page.xpath("//div[@class='text']")[0].text_content()
    assert "".join(source.text_content().split()) == "".join(composed.split())


def test_permanent_links_add_no_words(sample: Path) -> None:
    heading = read(sample, WEEK).xpath("//h2[starts-with(., 'Denoising')]")[0]
    link = heading.getparent().getnext()
    assert text_of(link) == ""
    assert link.get("href") == "#denoising-diffusion-probabilistic-models-ho2020"
    assert "Denoising Diffusion" in link.get("aria-label")


def test_no_heading_skips_a_level_and_no_summary_holds_a_link(sample: Path) -> None:
    for href in pages_of(sample):
        page = read(sample, href)
        levels = [int(e.tag[1]) for e in page.iter("h1", "h2", "h3", "h4", "h5", "h6")]
        assert levels[0] == 1, href
        assert all(after - before <= 1 for before, after in pairwise(levels)), href
        assert page.xpath("//summary//a") == [], href


def test_all_weeks_newest_first_with_what_was_written(sample: Path) -> None:
    page = read(sample, "weeks.html")
    weeks = page.xpath("//details[contains(@class, 'week')]")
    assert [week.get("id") for week in weeks] == [f"2026-W{number}" for number in range(47, 32, -1)]
    summary = text_of(weeks[0][0])
    assert "16–22 November 2026" in summary
    assert "3 notes" in summary
    assert "generative models" in summary
    assert "A long Markov chain adds a little noise" in text_of(weeks[0])
    assert not weeks[0].xpath(".//*[@role='doc-bibliography']")
    citation = weeks[0].xpath(".//span[@data-cites='song2021']/a")[0]
    assert citation.get("href") == "papers/song2021.html"
    assert weeks[0].xpath(".//img")[0].get("src") == "assets/images/chain.svg"
    assert weeks[0].xpath(".//a[@class='xref']")[0].get("href") == "#2026-W47--fig-chain"
    assert weeks[0].xpath(".//a[text()='W46']")[0].get("href") == "journal/2026/2026-W46.html"


def test_home_shows_the_latest_week_its_tasks_and_the_weeks_before(sample: Path) -> None:
    text = text_of(read(sample, "index.html").xpath("//main")[0])
    assert "Denoising Diffusion Probabilistic Models A long Markov chain adds" in text
    promised = text.partition("Promised")[2]
    assert "Rerun the ablation with a cosine schedule" in promised.partition("Latest week")[0]
    assert "Done 1 Read the appendix" in text
    assert "26 Oct – 1 Nov Noise, and taking it away 3 notes" in text
    assert "15 weeks · 35 notes" in text
    assert "Daily papers" in text


def test_an_index_page_of_the_journal_stands_on_top_of_home(journal: Journal) -> None:
    journal.add_page(
        "index.html", "page", "<p>What this is about.</p>", title="My notes", lang="en"
    )
    site = fill(journal, 2).compose()
    page = read(site, "index.html")
    assert text_of(page.xpath("//h1")[0]) == "My notes"
    text = text_of(page.xpath("//main")[0])
    assert text.index("What this is about.") < text.index("Denoising Diffusion")


def test_a_week_without_a_week_and_a_date_that_is_none_do_no_harm(journal: Journal) -> None:
    journal.add_week(date(2026, 11, 16), "en", week="someday", kind="week", title="")
    journal.add_page("journal/d.html", "digest", "<p>x</p>", title="D", date="mid-November")
    site = journal.compose()
    assert text_of(read(site, WEEK).xpath("//h1")[0]) == "2026-W47"
    assert "mid-November" in text_of(read(site, "journal/d.html").xpath("//main")[0])


def test_an_empty_journal_says_how_to_start(journal: Journal) -> None:
    site = journal.compose()
    assert "weeknotes new" in text_of(read(site, "index.html").xpath("//main")[0])
    assert "No week is written yet." in text_of(read(site, "weeks.html").xpath("//main")[0])


def test_what_the_configuration_says_of_the_website(journal: Journal) -> None:
    journal.website = """\
  site-url: https://example.org/notes
  favicon: icon.svg
  navbar:
    left:
      - text: About
        href: about.md
    right:
      - text: Group & friends
        href: https://example.org/group
  page-footer:
    left: "Licence: [CC BY](https://example.org/licence) <b>"
    right: "[no](javascript:alert(1))"
"""
    (journal.root / "icon.svg").write_text("<svg/>", encoding="utf-8")
    journal.add_page("about.html", "page", "<p>Hello.</p>", title="About", lang="en")
    site = fill(journal, 1).compose()
    page = read(site, WEEK)
    links = {text_of(a): a.get("href") for a in page.xpath("//header//li/a")}
    assert links["About"] == "../../about.html"
    assert links["Group & friends"] == "https://example.org/group"
    footer = page.xpath("//footer")[0]
    assert "Licence: CC BY <b>" in text_of(footer)
    assert [a.get("href") for a in footer.iter("a")] == ["https://example.org/licence"]
    assert page.xpath("//link[@rel='icon']/@href") == ["../../icon.svg"]
    assert (site / "icon.svg").read_text(encoding="utf-8") == "<svg/>"
    sitemap = (site / "sitemap.xml").read_text(encoding="utf-8")
    assert f"<loc>https://example.org/notes/{WEEK}</loc><lastmod>2026-11-22</lastmod>" in sitemap
    assert read(site, "404.html").xpath("//a[@class='site-title']/@href") == ["/notes/index.html"]


def test_titles_are_data(journal: Journal) -> None:
    evil = '<script>alert("x")</script> & more'
    journal.add_week(date(2026, 11, 16), "en", title=evil, categories=[evil])
    journal.add_week(date(2026, 11, 9), "en", title=evil)
    site = journal.compose()
    for href in pages_of(site):
        assert "<script>alert" not in (site / href).read_text(encoding="utf-8"), href


def changed(before: dict[str, str], after: dict[str, str]) -> set[str]:
    """The hrefs whose inputs differ."""
    return {href for href in before.keys() | after.keys() if before.get(href) != after.get(href)}


def test_nothing_changed_means_nothing_is_made_again(journal: Journal) -> None:
    fill(journal, 30)
    assert changed(journal.inputs(), journal.inputs()) == set()


OVERVIEWS = {"index.html", "weeks.html", "weeks-1.html", "weeks-2.html"}


def test_a_changed_week_touches_its_page_its_page_of_weeks_and_home(journal: Journal) -> None:
    fill(journal, 30)
    before = journal.inputs()
    monday = date(2026, 11, 2)
    # With a tag that is known: the categories of a page without any would become topics of others too.
    body = "<h2>New</h2><p><span class='tag'>transformer</span> words</p>"
    journal.add_week(monday, "zh", f"<section id='a' class='level2'>{body}</section>")
    found = changed(before, journal.inputs())
    assert "journal/2026/2026-W45.html" in found
    assert found & OVERVIEWS == {"weeks.html", "index.html"}


def test_an_old_changed_week_leaves_the_newest_page_of_weeks_alone(journal: Journal) -> None:
    fill(journal, 30)
    before = journal.inputs()
    journal.add_week(date(2026, 5, 4), "ko", (BODIES / "ko.html").read_text() + "<p>더.</p>")
    found = changed(before, journal.inputs())
    assert "journal/2026/2026-W19.html" in found
    assert found & OVERVIEWS == {"weeks-1.html"}


def test_a_new_week_touches_its_neighbour_the_newest_weeks_and_home(journal: Journal) -> None:
    fill(journal, 30)
    before = journal.inputs()
    journal.add_week(date(2026, 11, 23), "en")
    found = changed(before, journal.inputs())
    assert {"journal/2026/2026-W48.html", WEEK} <= found
    assert found & OVERVIEWS == {"weeks.html", "index.html"}


def test_a_changed_title_of_the_site_touches_every_page(journal: Journal) -> None:
    fill(journal, 3)
    before = journal.inputs()
    journal.website = "  description: Another\n"
    pages = {href for href in before if href.endswith(".html")}
    assert pages <= changed(before, journal.inputs())


@pytest.mark.parametrize("count", [0, 1, 3, 12, 15, 16, 24, 27, 28, 520])
def test_pages_of_weeks_hold_every_week_once_and_are_counted_from_the_oldest(
    journal: Journal, count: int
) -> None:
    records = list(fill(journal, min(count, 60)).site().pages)
    records = (records * 10)[:count]
    pages = weeks_page.divide(records)
    assert [week for page in pages for week in page.weeks] == records
    assert pages[0].href == "weeks.html"
    assert [page.href for page in pages[1:]] == [
        f"weeks-{number}.html" for number in range(len(pages) - 1, 0, -1)
    ]
    assert all(len(page.weeks) == 12 for page in pages[1:])
    if count >= 12:
        assert 4 <= len(pages[0].weeks) <= 15


def test_a_page_of_weeks_stays_under_300_kb_however_long_the_weeks(journal: Journal) -> None:
    fill(journal, 12)
    long = "".join(
        f"<p>{number} 확산 모델의 잡음 일정을 다시 읽었다.</p>" for number in range(2500)
    )
    code = "<div class='sourceCode'><pre><code>" + "<span class='kw'>if</span> x\n" * 900
    for day, body in ((16, long), (9, code + "</code></pre></div>"), (2, long)):
        section = f"<section id='a' class='level2'><h2>Long</h2>{body}</section>"
        journal.add_week(date(2026, 11, day), "ko", section)
    site = journal.compose()
    assert (site / "weeks.html").stat().st_size < 300_000
    page = read(site, "weeks.html")
    longest = page.get_element_by_id("2026-W47")
    assert longest.xpath(".//li/a/@href") == ["journal/2026/2026-W47.html#a"]
    assert "영상을 16×16 화소의" in text_of(page)


def test_listing_the_files_of_ten_years_reads_no_page_twice(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = fill(journal, 520).site()
    count = len(list(compose.artifacts(site)))
    assert count > 520

    def read(*_: object) -> None:
        raise AssertionError("a page was read")

    for name in ("body", "notes", "opening"):
        monkeypatch.setattr(site, name, read)
    assert len(list(compose.artifacts(site))) == count


def test_theme_files_are_named_after_their_content(sample: Path) -> None:
    names = [path.name for path in (sample / "theme").iterdir()]
    assert names
    assert all(re.fullmatch(r"[\w-]+\.[0-9a-f]{10}\.(css|js|svg)", name) for name in names)
    style = next((sample / "theme").glob("weeknotes.*.css")).read_text(encoding="utf-8")
    assert "url(" not in style
    assert "@import" not in style
