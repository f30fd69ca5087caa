"""The record of a paper that all sources give, and its JSON Lines."""

import datetime
import json

import pytest

from weeknotes.digests.paper import (
    Paper,
    identities_of,
    paper_of,
    read_papers,
    title_identity,
    to_record,
    write_line,
)
from weeknotes.errors import DigestError


@pytest.mark.parametrize(
    ("given", "canonical", "version"),
    [
        ("2310.00001", "arxiv:2310.00001", None),
        ("arXiv:2310.00001v3", "arxiv:2310.00001", 3),
        ("https://arxiv.org/abs/2310.00001v2", "arxiv:2310.00001", 2),
        ("10.1101/2026.11.01.123456", "doi:10.1101/2026.11.01.123456", None),
        ("10.48550/arXiv.2310.00001", "arxiv:2310.00001", None),
        ("own-17", "id:own-17", None),
        ("acl:2023.main-1", "acl:2023.main-1", None),
    ],
)
def test_an_id_of_any_form_becomes_the_canonical_one(given, canonical, version):
    paper = paper_of({"id": given, "title": "Bells"})
    assert paper.id == canonical and paper.ids[0] == canonical
    assert paper.version == version
    assert paper.given_id == given


def test_doi_and_arxiv_id_of_one_paper_are_both_its_identities():
    ids, _ = identities_of("2310.00001", "10.1000/XYZ", "https://arxiv.org/abs/2310.00001", "Bells")
    assert ids == ("arxiv:2310.00001", "doi:10.1000/xyz", title_identity("Bells"))


def test_a_title_in_another_dress_has_the_same_identity():
    assert title_identity("Détecting  Bells: a Survey") == title_identity(
        "Detecting bells - a survey"
    )
    assert title_identity("Detecting Bells") != title_identity("Detecting Balls")


def test_without_id_the_address_counts_and_then_the_title():
    assert paper_of({"title": "T", "url": "https://e.org/p"}).id == "url:https://e.org/p"
    assert paper_of({"title": "T"}).id == title_identity("T")


@pytest.mark.parametrize(
    "authors",
    [
        ["Ada Bell", "Kim Min-ji"],
        "Ada Bell, Kim Min-ji",
        "Ada Bell and Kim Min-ji",
        "Ada Bell; Kim Min-ji",
        [{"name": "Ada Bell"}, {"given": "Kim", "family": "Min-ji"}],
    ],
)
def test_authors_are_read_in_the_forms_that_sources_use(authors):
    assert paper_of({"title": "T", "authors": authors}).authors == ("Ada Bell", "Kim Min-ji")


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-11-27", datetime.date(2026, 11, 27)),
        ("2026-11-27T08:00:00Z", datetime.date(2026, 11, 27)),
        ("2026-11", datetime.date(2026, 11, 1)),
        ("27 Nov 2026", datetime.date(2026, 11, 27)),
    ],
)
def test_dates(text, day):
    assert paper_of({"title": "T", "date": text}).date == day


@pytest.mark.parametrize(
    ("line", "part"),
    [
        ("{", "no JSON object"),
        ("[]", "no object"),
        ('{"id": "2310.00001"}', "no title"),
        ('{"title": ["a"]}', '"title" is no text'),
        ('{"title": "a", "authors": [1]}', "no name"),
        ('{"title": "a", "date": "soon"}', "no date"),
        ('{"title": "a", "votes": "many"}', "whole number"),
        ('{"title": "a", "id": 2310.0001}', "loses digits"),
    ],
)
def test_a_line_that_is_no_paper_is_named_by_its_number(line, part):
    with pytest.raises(DigestError, match=part) as caught:
        read_papers(['{"title": "fine"}', "", line], name="mine.jsonl")
    assert "mine.jsonl, line 3" in str(caught.value)


def test_a_paper_survives_being_written_and_read():
    paper = Paper(
        id="arxiv:2310.00001",
        title="종과 벨",
        abstract="Of bells.",
        authors=("Ada Bell",),
        url="https://arxiv.org/abs/2310.00001",
        date=datetime.date(2026, 11, 27),
        source="hf",
        categories=("cs.CL", "cs.SD"),
        votes=0,
        thumbnail="https://e.org/t.png",
        doi="10.1000/xyz",
        version=2,
        announce_type="replace",
        ids=("arxiv:2310.00001", "doi:10.1000/xyz", title_identity("종과 벨")),
        given_id="2310.00001v2",
    )
    line = write_line(paper)
    assert line.count("\n") == 1
    again = read_papers([line])[0]
    assert to_record(again) == to_record(paper)
    assert write_line(again) == line


def test_only_web_addresses_are_kept_as_links():
    paper = paper_of({"title": "T", "url": "javascript:alert(1)", "code": "file:///etc/passwd"})
    assert paper.url == "" and paper.code is None


def test_control_characters_and_line_breaks_are_no_text():
    assert paper_of(json.loads(r'{"title": "a\u0000b\n c"}')).title == "a b c"
