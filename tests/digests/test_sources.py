"""What each source gives for a day, from services that speak its protocol and fail as it does."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from weeknotes.digests import sources
from weeknotes.digests.sources import Failure, Listing
from weeknotes.digests.sources.arxiv import Announcements
from weeknotes.digests.sources.arxiv_days import announced_on, submitted_between
from weeknotes.digests.sources.arxiv_harvest import names_in, set_of
from weeknotes.digests.sources.biorxiv import Preprints
from weeknotes.digests.sources.feed import Feed
from weeknotes.digests.sources.huggingface import DailyPapers
from weeknotes.errors import UsageError
from weeknotes.journal.project import Project
from weeknotes.library.web_client import Web

from .servers import DigestServer, Item, hf_row, preprint

FRIDAY = date(2026, 11, 27)
MONDAY = date(2026, 11, 30)


def listed(source: Any, day: date, web: Web, today: date = FRIDAY) -> Listing:
    found = source.listings([day], web, today)[0]
    assert isinstance(found, Listing), found
    return found


def ids(listing: Listing) -> list[str]:
    return sorted(paper.id.removeprefix("arxiv:") for paper in listing.papers)


@pytest.fixture
def arxiv(server: DigestServer) -> Announcements:
    """Two categories on a Friday: new, cross-listed, revised; and one that both list."""
    server.world.papers = [
        Item("2611.00001", "Lamps that learn", categories=("cs.LG", "stat.ML"), doi="10.1000/lamp"),
        Item("2611.00002", "Lamps that see", categories=("cs.CV", "cs.LG")),
        Item("2610.00003", "Lamps revised", announced=(date(2026, 10, 5), FRIDAY)),
        Item(
            "2610.00004",
            "Eyes revised",
            categories=("cs.CV", "cs.LG"),
            announced=(date(2026, 10, 6), FRIDAY),
        ),
        Item("2611.00005", "Ignored", categories=("quant-ph",)),
    ]
    return Announcements(("cs.LG", "stat.ML"))


def test_a_feed_gives_new_and_cross_listed_papers_once_and_revisions_apart(
    arxiv: Announcements, web: Web
) -> None:
    listing = listed(arxiv, FRIDAY, web)
    assert ids(listing) == ["2611.00001", "2611.00002"]
    assert {p.id[-5:]: p.announce_type for p in listing.papers} == {
        "00001": "new",
        "00002": "cross",
    }
    assert sorted(p.announce_type or "" for p in listing.updates) == ["replace", "replace-cross"]
    paper = next(p for p in listing.papers if p.id == "arxiv:2611.00001")
    assert paper.authors == ("Ada Kim", "Bo van der Berg")
    assert paper.abstract.startswith("We measure")
    assert (paper.version, paper.date, paper.doi) == (1, FRIDAY, "10.1000/lamp")
    assert paper.categories == ("cs.LG", "stat.ML")
    assert listing.settled


def test_atom_gives_what_rss_gives(arxiv: Announcements, web: Web, server: DigestServer) -> None:
    server.world.faults = [("/rss/", "404"), ("/rss/", "404")]
    by_atom = listed(arxiv, FRIDAY, web)
    assert any("/atom/cs.LG" in path for path in server.paths)
    kept = web._cache
    for path in kept.rglob("*"):
        if path.is_file():
            path.unlink()
    assert listed(arxiv, FRIDAY, web) == by_atom
    assert len(by_atom.papers) == 2


def test_arxiv_is_asked_once_in_three_seconds_over_all_its_services(
    arxiv: Announcements, web: Web, server: DigestServer, slept: list[float]
) -> None:
    listed(arxiv, FRIDAY, web)
    listed(arxiv, date(2026, 11, 24), web)
    services = {path.split("/")[1] for path in server.paths}
    assert services == {"arxiv_rss", "arxiv_oai"}
    assert len(slept) == len(server.log) - 1 and all(2.5 < pause <= 3 for pause in slept)
    assert all("xml" in headers["accept"] for _, _, headers in server.log)
    assert all(headers["user-agent"].startswith("weeknotes/") for _, _, headers in server.log)


def test_what_was_asked_is_not_asked_again(
    arxiv: Announcements, web: Web, server: DigestServer
) -> None:
    first = listed(arxiv, FRIDAY, web)
    asked = len(server.log)
    assert listed(arxiv, FRIDAY, web) == first
    assert len(server.log) == asked


@pytest.mark.parametrize("status", ["406", "429", "503"])
def test_throttling_is_waited_for_and_no_failure(
    arxiv: Announcements, web: Web, server: DigestServer, slept: list[float], status: str
) -> None:
    server.world.faults = [("cs.LG", status), ("cs.LG", "cut"), ("stat.ML", "junk")]
    assert len(listed(arxiv, FRIDAY, web).papers) == 2
    assert any(6.9 < seconds <= 7 for seconds in slept)


def test_a_source_that_stays_away_is_a_failure_and_not_an_empty_day(
    arxiv: Announcements, web: Web, server: DigestServer
) -> None:
    server.world.faults = [("", "500")] * 40
    found = arxiv.listings([FRIDAY], web, FRIDAY)[0]
    assert isinstance(found, Failure)
    assert "500" in found.reason


def test_a_wrong_category_is_named_and_the_others_are_given(web: Web, server: DigestServer) -> None:
    server.world.papers = [Item("2611.00001", "Lamps that learn")]
    listing = listed(Announcements(("cs.LG", "lamps.XX")), FRIDAY, web)
    assert ids(listing) == ["2611.00001"]
    assert "lamps.XX" in listing.remark and "Valid archive names" in listing.remark


def test_nothing_but_wrong_categories_is_a_failure(web: Web) -> None:
    found = Announcements(("lamps.XX",)).listings([FRIDAY], web, FRIDAY)[0]
    assert isinstance(found, Failure) and "Valid archive names" in found.reason


def test_weekends_are_empty_said_to_be_and_not_asked_for(
    arxiv: Announcements, web: Web, server: DigestServer
) -> None:
    listing = listed(arxiv, date(2026, 11, 28), web, MONDAY)
    assert (listing.papers, listing.settled) == ((), True)
    assert "Saturdays and Sundays" in listing.remark
    assert not server.log


def test_a_holiday_is_empty_and_said_to_be(web: Web, server: DigestServer) -> None:
    server.world.papers = [Item("2611.00001", "Lamps that learn")]
    server.world.holidays = (FRIDAY,)
    listing = listed(Announcements(("cs.LG",)), FRIDAY, web)
    assert (listing.papers, listing.settled) == ((), True)
    assert "holiday" in listing.remark


def test_a_day_not_announced_yet_is_asked_for_again(
    arxiv: Announcements, web: Web, server: DigestServer
) -> None:
    listing = listed(arxiv, MONDAY, web, MONDAY)
    assert not listing.papers and not listing.settled
    assert "2026-11-27" in listing.remark


def test_a_full_feed_is_completed_from_the_archive(web: Web, server: DigestServer) -> None:
    old = [
        Item(f"2610.0{n:04}", f"Old {n}", announced=(date(2026, 10, 5), FRIDAY))
        for n in range(2000)
    ]
    server.world.papers = [*old, Item("2611.00009", "The new one, cut off")]
    # OAI-PMH lists as of the day; only the new paper is of it.
    listing = listed(Announcements(("cs.LG",)), FRIDAY, web)
    assert ids(listing) == ["2611.00009"]


def test_a_feed_that_stood_still_costs_no_day(web: Web, server: DigestServer) -> None:
    """The feeds are of Friday still, on Tuesday, and OAI-PMH has what was announced on Monday."""
    server.world.papers = [Item("2611.00021", "Of Monday", announced=(MONDAY,))]
    server.world.feed_day = date(2026, 12, 1)
    harvest = Announcements(("cs.LG",))
    stuck = {"feed_day": FRIDAY}
    answer = server.answer

    def stood_still(path: str, query: dict[str, str]) -> tuple[int, str, bytes]:
        day = server.world.feed_day
        if "rss" in path:
            server.world.feed_day = stuck["feed_day"]
        try:
            return answer(path, query)
        finally:
            server.world.feed_day = day

    server.answer = stood_still  # type: ignore[method-assign]
    listing = listed(harvest, MONDAY, web, date(2026, 12, 1))
    assert ids(listing) == ["2611.00021"]


def test_missed_days_come_from_oai_by_the_day_of_the_first_version(
    web: Web, server: DigestServer
) -> None:
    tuesday, wednesday = date(2026, 11, 24), date(2026, 11, 25)
    server.world.feed_day = MONDAY
    server.world.papers = [
        Item("2611.00011", "Of Tuesday", announced=(tuesday,)),
        Item("2611.00012", "Of Tuesday, revised since", announced=(tuesday, FRIDAY)),
        Item("2611.00013", "Of Wednesday", announced=(wednesday,)),
        Item("2505.00014", "Old, with a new DOI", announced=(date(2025, 5, 6),), touched=tuesday),
        Item(
            "2611.00015", "Of October, revised on Tuesday", announced=(date(2026, 10, 6), tuesday)
        ),
        *(
            Item(f"2611.0002{n}", f"More of Wednesday {n}", announced=(wednesday,))
            for n in range(5)
        ),
    ]
    source = Announcements(("cs.LG",))
    one, two = source.listings([tuesday, wednesday], web, MONDAY)
    assert isinstance(one, Listing) and isinstance(two, Listing)
    assert ids(one) == ["2611.00011", "2611.00012"]
    assert ids(two) == ["2611.00013", *(f"2611.0002{n}" for n in range(5))]
    assert one.papers[0].authors == ("Ada Kim", "Bo van der Berg")
    assert not any("/rss/" in path for path in server.paths)


def test_oai_without_the_raw_format_is_read_too(web: Web, server: DigestServer) -> None:
    tuesday = date(2026, 11, 24)
    server.world.feed_day = MONDAY
    server.world.raw_format = False
    server.world.papers = [
        Item("2611.00011", "Of Tuesday", announced=(tuesday,)),
        Item("2611.00015", "Of October", announced=(date(2026, 10, 6), tuesday)),
    ]
    listing = listed(Announcements(("cs.LG",)), tuesday, web, MONDAY)
    assert ids(listing) == ["2611.00011"]
    assert listing.papers[0].authors == ("Ada Kim", "Bo van der Berg")


def test_the_api_takes_the_place_of_oai(web: Web, server: DigestServer) -> None:
    tuesday = date(2026, 11, 24)
    server.world.feed_day = MONDAY
    server.world.papers = [
        Item("2611.00011", "Of Tuesday", announced=(tuesday, FRIDAY)),
        Item("2611.00013", "Of Wednesday", announced=(date(2026, 11, 25),)),
    ]
    server.world.faults = [("arxiv_oai", "500")] * 4
    listing = listed(Announcements(("cs.LG", "stat.ML")), tuesday, web, MONDAY)
    assert "2611.00011" in ids(listing)
    assert listing.papers[0].version == 2
    assert any("max_results=2000" in path and "submittedDate" in path for path in server.paths)


def test_hugging_face_gives_votes_and_links_and_each_author_once(
    web: Web, server: DigestServer
) -> None:
    row = hf_row(
        "2611.00031",
        "Lamps for all",
        FRIDAY,
        ai_summary="Lamps, summed up.",
        githubRepo="https://github.com/lamps/lamps",
        projectPage="https://lamps.example",
        mediaUrls=["https://cdn-uploads.huggingface.co/x/lamp.mp4"],
    )
    late = hf_row("2611.00032", "Of another list", date(2026, 11, 26))
    server.world.hf = {FRIDAY: [row, late]}
    listing = listed(DailyPapers(), FRIDAY, web, MONDAY)
    (paper,) = listing.papers
    assert (paper.id, paper.votes, paper.date) == ("arxiv:2611.00031", 7, FRIDAY)
    assert paper.authors == ("Ada Kim", "Bo Li")
    assert paper.source_summary == "Lamps, summed up."
    assert paper.code == "https://github.com/lamps/lamps"
    assert paper.project == "https://lamps.example"
    assert paper.video and paper.video.endswith("lamp.mp4")
    assert paper.thumbnail and paper.thumbnail.startswith("https://cdn-thumbnails")


def test_hugging_face_has_no_list_of_a_day_to_come(web: Web) -> None:
    listing = listed(DailyPapers(), date(2026, 12, 1), web, date(2026, 12, 1))
    assert (listing.papers, listing.settled) == ((), False)
    assert "no list" in listing.remark


def test_hugging_faces_weekend_is_empty(web: Web) -> None:
    listing = listed(DailyPapers(), date(2026, 11, 28), web, MONDAY)
    assert (listing.papers, listing.settled, listing.remark) == ((), True, "no papers on weekends")


def test_more_than_a_page_of_a_daily_list_is_read(web: Web, server: DigestServer) -> None:
    server.world.hf = {FRIDAY: [hf_row(f"2611.1{n:04}", f"Lamp {n}", FRIDAY) for n in range(130)]}
    assert len(listed(DailyPapers(), FRIDAY, web, MONDAY).papers) == 130


def test_biorxiv_is_read_to_its_end_and_versions_are_updates(
    web: Web, server: DigestServer
) -> None:
    server.world.preprints = [
        preprint(f"10.1101/2026.11.27.{n:06}", f"Mice and lamps {n}", FRIDAY) for n in range(65)
    ]
    server.world.preprints[0]["version"] = "2"
    server.world.preprints[1]["published"] = "10.1038/S1"
    server.world.preprints += [preprint("10.1101/9", "Other", FRIDAY, server="medRxiv")]
    listing = listed(Preprints("biorxiv"), FRIDAY, web, MONDAY)
    assert len(listing.papers) == 64 and len(listing.updates) == 1
    assert listing.papers[0].authors == ("A. Kim", "B. van der Berg")
    assert "doi:10.1038/s1" in listing.papers[0].ids
    assert len(listed(Preprints("medrxiv"), FRIDAY, web, MONDAY).papers) == 1
    assert listed(Preprints("biorxiv", ("cell biology",)), FRIDAY, web, MONDAY).papers == ()


def test_a_day_without_preprints_is_no_failure(web: Web) -> None:
    assert listed(Preprints("medrxiv"), FRIDAY, web, MONDAY).papers == ()


FEEDS = {
    "rss": """<?xml version="1.0"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"
        xmlns:prism="http://prismstandard.org/namespaces/basic/2.0/"><channel><title>J</title>
        <item><title>A &lt;i&gt;lamp&lt;/i&gt; &amp;amp; its light</title>
        <link>/articles/1?x=1&amp;y=2
        </link><description>&lt;p&gt;Light, &lt;b&gt;measured&lt;/b&gt;.&lt;/p&gt;</description>
        <dc:creator>Ada Kim, Bo Li and Cho Park</dc:creator><prism:doi>10.1000/j.1</prism:doi>
        <pubDate>Fri, 27 Nov 2026 08:00:00 GMT</pubDate><category>Optics</category></item>
        <item><title>Older</title><link>https://j.example/2</link>
        <pubDate>Thu, 26 Nov 2026 08:00:00 GMT</pubDate></item></channel></rss>""",
    "atom": """<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>J</title>
        <entry><id>tag:j,1</id><title type="html">A &lt;i&gt;lamp&lt;/i&gt; &amp;amp; its light</title>
        <link rel="self" href="https://j.example/self"/><link href="/articles/1?x=1&amp;y=2"/>
        <summary type="html">&lt;p&gt;Light, &lt;b&gt;measured&lt;/b&gt;.&lt;/p&gt;</summary>
        <author><name>Ada Kim</name></author><author><name>Bo Li</name></author>
        <author><name>Cho Park</name></author><category term="Optics"/>
        <link rel="related" href="https://doi.org/10.1000/j.1"/>
        <id>https://doi.org/10.1000/j.1</id>
        <published>2026-11-27T08:00:00Z</published></entry>
        <entry><id>tag:j,2</id><title>Older</title><link href="https://j.example/2"/>
        <published>2026-11-26T08:00:00Z</published></entry></feed>""",
    "rdf": """<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
        xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
        <channel><title>J</title></channel><item><title>A lamp &amp; its light</title>
        <link>/articles/1?x=1&amp;y=2</link><description>Light, measured.</description>
        <dc:creator>Ada Kim</dc:creator><dc:creator>Bo Li</dc:creator><dc:creator>Cho Park</dc:creator>
        <dc:identifier>doi:10.1000/j.1</dc:identifier><dc:subject>Optics</dc:subject>
        <dc:date>2026-11-27</dc:date></item></rdf:RDF>""",
}


@pytest.mark.parametrize("form", FEEDS)
def test_a_feed_of_ones_own_is_read_whatever_its_form(
    form: str, web: Web, server: DigestServer
) -> None:
    server.world.own_feed = FEEDS[form]
    feed = Feed("journal", f"{server.address}/feed.xml?key=1")
    (paper,) = listed(feed, FRIDAY, web, MONDAY).papers
    assert paper.title == "A lamp & its light"
    assert paper.abstract == "Light, measured."
    assert paper.authors == ("Ada Kim", "Bo Li", "Cho Park")
    assert paper.url == f"{server.address}/articles/1?x=1&y=2"
    assert paper.categories == ("Optics",)
    if form != "atom":
        assert paper.id == "doi:10.1000/j.1"
    assert server.paths == ["/feed.xml?key=1"]


def test_what_is_no_feed_is_a_failure(web: Web, server: DigestServer) -> None:
    server.world.own_feed = "<html>moved</html>"
    found = Feed("journal", f"{server.address}/feed.xml").listings([FRIDAY], web, FRIDAY)[0]
    assert isinstance(found, Failure)


def test_announcements_follow_arxivs_week() -> None:
    cases = {
        "2026-11-23T18:59": "2026-11-24",  # Monday, before 14:00 in New York
        "2026-11-23T19:01": "2026-11-25",
        "2026-11-26T20:00": "2026-11-30",  # Thursday afternoon
        "2026-11-27T12:00": "2026-11-30",  # Friday
        "2026-11-27T20:00": "2026-12-01",
        "2026-11-29T12:00": "2026-12-01",  # Sunday
        "2026-07-01T17:59": "2026-07-02",  # in summer time
        "2026-07-01T18:01": "2026-07-03",
    }
    for submitted, announced in cases.items():
        moment = datetime.fromisoformat(submitted).replace(tzinfo=UTC)
        assert str(announced_on(moment)) == announced
        since, until = submitted_between(date.fromisoformat(announced))
        assert since <= moment < until


def test_sets_of_oai() -> None:
    assert [set_of(c) for c in ("cs.LG", "math", "quant-ph", "astro-ph.CO", "physics.optics")] == [
        "cs:cs:LG",
        "math",
        "physics:quant-ph",
        "physics:astro-ph:CO",
        "physics:physics:optics",
    ]


def test_names_in_a_list_of_authors() -> None:
    assert names_in("A. One (1), B. Two (1, 2) and C. de la Three ((1) Lab, Town, (2) U.)") == [
        "A. One",
        "B. Two",
        "C. de la Three",
    ]


def test_sources_are_configured_in_the_ways_that_people_write_lists(journal: Project) -> None:
    ways: list[Any] = [
        {"sources": {"arxiv": ["cs.LG", "cs.CV"], "hf": True, "lab": "https://lab.example/feed"}},
        {
            "sources": [
                {"arxiv": {"categories": "cs.LG cs.CV"}},
                "hf",
                {"lab": "https://lab.example/feed"},
            ]
        },
        {
            "sources": {
                "arxiv": None,
                "huggingface": None,
                "lab": {"url": "https://lab.example/feed"},
            },
            "categories": ["cs.LG", "cs.CV"],
        },
    ]
    for settings in ways:
        found = sources.configured(settings)
        assert list(found) == ["arxiv", "hf", "lab"]
        assert found["arxiv"] == Announcements(("cs.LG", "cs.CV"))
    assert list(sources.configured({})) == ["arxiv", "hf"]
    chosen = sources.named(["arxiv:quant-ph", "medrxiv", "https://x.example/f?k=1"], {})
    assert [source.name for source in chosen] == ["arxiv:quant-ph", "medrxiv", "x.example/f"]
    with pytest.raises(UsageError, match="no source called 'arxv'"):
        sources.named(["arxv"], {})
