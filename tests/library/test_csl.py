"""Zotero items as CSL-JSON: types, names, dates, Extra, and what a newer schema brings."""

from __future__ import annotations

import json
import subprocess
from typing import Any

import pypandoc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from weeknotes.library import store
from weeknotes.library.csl import to_csl
from weeknotes.library.csl_dates import local_day, parse_date
from weeknotes.library.zotero_schema import mapping


def test_every_item_type_has_its_csl_type() -> None:
    """The mapping of Zotero's schema, by group (zotero-schema, csl.types)."""
    assert len(mapping().types) == 39
    expected = {
        "preprint": "article",
        "journalArticle": "article-journal",
        "bookSection": "chapter",
        "conferencePaper": "paper-conference",
        "computerProgram": "software",
        "podcast": "broadcast",
        "email": "personal_communication",
        "forumPost": "post",
        "film": "motion_picture",
        "case": "legal_case",
        "statute": "legislation",
        "presentation": "speech",
        "audioRecording": "song",
        "artwork": "graphic",
        "standard": "standard",
        "dataset": "dataset",
    }
    assert {kind: to_csl({"itemType": kind})["type"] for kind in expected} == expected


def test_a_whole_item() -> None:
    entry = to_csl(
        {
            "key": "ABCD2345",
            "version": 12,
            "itemType": "journalArticle",
            "title": "<i>E. coli</i> & H<sub>2</sub>O",
            "creators": [
                {"creatorType": "author", "firstName": "철수", "lastName": "김"},
                {"creatorType": "author", "name": "World Health Organization"},
                {"creatorType": "author", "firstName": "Guofan 国藩", "lastName": "Zeng 曾"},
                {"creatorType": "editor", "firstName": "E.", "lastName": "Plato"},
                {"creatorType": "translator", "firstName": "", "lastName": "Homer"},
                {"creatorType": "futureRole", "firstName": "F.", "lastName": "New"},
            ],
            "publicationTitle": "Nature",
            "journalAbbreviation": "Nat.",
            "volume": "1",
            "issue": "2",
            "pages": "3-4",
            "date": "2020-06",
            "DOI": "10.1/x",
            "ISSN": "1",
            "url": "https://example.org",
            "accessDate": "2024-01-02T03:04:05Z",
            "language": "ko",
            "abstractNote": "One.\n\nTwo.",
            "shortTitle": "E.",
            "dateAdded": "2026-01-01T00:00:00Z",
            "relations": {},
            "collections": [],
        }
    )
    assert entry == {
        "type": "article-journal",
        "title": "<i>E. coli</i> & H<sub>2</sub>O",
        "title-short": "E.",
        "author": [
            {"family": "김", "given": "철수"},
            {"literal": "World Health Organization"},
            {"family": "Zeng 曾", "given": "Guofan 国藩"},
        ],
        "editor": [{"family": "Plato", "given": "E."}],
        "translator": [{"family": "Homer"}],
        "contributor": [{"family": "New", "given": "F."}],
        "container-title": "Nature",
        "container-title-short": "Nat.",
        "volume": "1",
        "issue": "2",
        "page": "3-4",
        "issued": {"date-parts": [[2020, 6]]},
        "DOI": "10.1/x",
        "ISSN": "1",
        "URL": "https://example.org",
        "accessed": {"date-parts": [[2024, 1, 2]]},
        "language": "ko",
        "abstract": "One.\n\nTwo.",
    }


@pytest.mark.parametrize(
    ("kind", "fields", "variable", "value"),
    [
        ("thesis", {"university": "KAIST", "thesisType": "PhD"}, "publisher", "KAIST"),
        ("report", {"reportNumber": "7", "institution": "I"}, "number", "7"),
        ("bookSection", {"bookTitle": "B"}, "container-title", "B"),
        ("conferencePaper", {"proceedingsTitle": "P", "conferenceName": "C"}, "event-title", "C"),
        ("case", {"caseName": "A v B"}, "title", "A v B"),
        ("email", {"subject": "Re: x"}, "title", "Re: x"),
        ("computerProgram", {"versionNumber": "2.1", "version": 99}, "version", "2.1"),
        ("presentation", {"place": "서울"}, "event-place", "서울"),
        ("patent", {"filingDate": "2019-01"}, "submitted", {"date-parts": [[2019, 1]]}),
        ("preprint", {"archiveID": "arXiv:2006.11239v2"}, "archive_location", "2006.11239"),
    ],
)
def test_fields_of_a_type(kind: str, fields: dict[str, Any], variable: str, value: Any) -> None:
    assert to_csl({"itemType": kind, **fields})[variable] == value


def test_extra_fills_what_is_empty_and_the_rest_is_a_note() -> None:
    extra = (
        "Citation Key: ho2020\nDOI: 10.1/x\nOriginal Date: 1999\ntype: article\nPMID: 7\nmy words"
    )
    entry = to_csl({"itemType": "document", "extra": extra, "title": "T"})
    assert entry == {
        "type": "article",
        "title": "T",
        "DOI": "10.1/x",
        "PMID": "7",
        "note": "my words",
        "original-date": {"date-parts": [[1999]]},
    }
    assert (
        to_csl({"itemType": "book", "DOI": "10.1/mine", "extra": "DOI: 10.1/x"})["DOI"]
        == "10.1/mine"
    )
    arxiv = to_csl({"itemType": "journalArticle", "extra": "arXiv:2006.11239 [cs.LG]"})
    assert arxiv["archive_location"] == "2006.11239"


def test_what_a_newer_schema_brings_is_kept() -> None:
    entry = to_csl({"itemType": "hologram", "title": "T", "luminosity": "5 lm", "nested": {"a": 1}})
    assert entry["type"] == "document"
    assert entry["title"] == "T"
    assert entry["custom"]["zotero"]["fields"] == {"luminosity": "5 lm", "itemType": "hologram"}


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2020", {"date-parts": [[2020]]}),
        ("2020-03-05", {"date-parts": [[2020, 3, 5]]}),
        ("2020/03", {"date-parts": [[2020, 3]]}),
        ("2020-03-00", {"date-parts": [[2020, 3]]}),
        ("March 2020", {"date-parts": [[2020, 3]]}),
        ("5 March 2020", {"date-parts": [[2020, 3, 5]]}),
        ("Sept. 5th, 2020", {"date-parts": [[2020, 9, 5]]}),
        ("2020 Jun", {"date-parts": [[2020, 6]]}),
        ("March-April 2020", {"date-parts": [[2020, 3], [2020, 4]]}),
        ("2019-2021", {"date-parts": [[2019], [2021]]}),
        ("1998–99", {"date-parts": [[1998], [1999]]}),
        ("2019-05/2020-06", {"date-parts": [[2019, 5], [2020, 6]]}),
        ("Spring 2019", {"date-parts": [[2019]], "season": 1}),
        ("c. 1999", {"date-parts": [[1999]], "circa": True}),
        ("1999?", {"date-parts": [[1999]], "circa": True}),
        ("2020년 3월 5일", {"date-parts": [[2020, 3, 5]]}),
        ("2020年3月", {"date-parts": [[2020, 3]]}),
        ("25/12/2020", {"date-parts": [[2020, 12, 25]]}),
        ("12/25/2020", {"date-parts": [[2020, 12, 25]]}),
        ("03/04/2020", {"date-parts": [[2020]]}),
        ("n.d.", {"literal": "n.d."}),
        ("미상", {"literal": "n.d."}),
        ("forthcoming", {"literal": "forthcoming"}),
        ("Accepted in 2021 (print)", {"date-parts": [[2021]]}),
        ("2020-13-45", {"date-parts": [[2020]]}),
        ("  ", None),
    ],
)
def test_dates_as_people_write_them(text: str, date: dict[str, Any] | None) -> None:
    assert parse_date(text) == date


def test_zotero_decides_where_day_and_month_are_open() -> None:
    assert parse_date("03/04/2020", "2020-04-03") == {"date-parts": [[2020, 4, 3]]}


@given(st.text(max_size=30))
def test_no_date_breaks_the_reader(text: str) -> None:
    date = parse_date(text)
    assert date is None or date.keys() & {"date-parts", "literal"}
    local_day(text)


_values = st.none() | st.booleans() | st.integers() | st.text(max_size=20) | st.lists(st.text())


@given(
    st.dictionaries(
        st.sampled_from(["title", "date", "creators", "extra", "itemType", "tags", "new", "url"]),
        _values | st.lists(st.dictionaries(st.sampled_from(["name", "lastName"]), _values)),
    )
)
def test_no_item_breaks_the_mapping(data: dict[str, Any]) -> None:
    entry = to_csl(data)
    assert isinstance(entry["type"], str)
    json.dumps(entry)


def test_pandoc_reads_every_kind_of_date_and_name() -> None:
    """The same items as pandoc's citeproc takes them: nothing is refused."""
    texts = ["2020", "2019-2021", "Spring 2019", "c. 1999", "n.d.", "forthcoming", "2020-03-05"]
    people = [{"name": "WHO"}, {"lastName": "Plato"}, {"lastName": "김", "firstName": "철수"}]
    entries = {
        f"k{n}": {
            "id": f"k{n}",
            **to_csl({"itemType": kind, "title": kind, "date": texts[n % 7], "creators": people}),
            "custom": {"zotero": {"library": "users/1"}},
        }
        for n, kind in enumerate(sorted(mapping().types))
    }
    done = subprocess.run(
        [pypandoc.get_pandoc_path(), "-f", "csljson", "-t", "plain", "--citeproc"],
        input=store.dump(entries),
        capture_output=True,
        check=True,
    )
    # Chicago style prints letters and interviews in the text alone; nothing else is remarked upon.
    remarks = done.stderr.decode().splitlines()
    assert all("no printed form" in remark for remark in remarks)
    assert "철수" in done.stdout.decode()
