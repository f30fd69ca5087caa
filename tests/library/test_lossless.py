"""Files in the forms that people and programs give them: no name, year, number or field vanishes."""

from __future__ import annotations

import datetime
import json
from typing import Any

import pytest

from weeknotes.actions.add import join
from weeknotes.journal.project import Project
from weeknotes.library import formats
from weeknotes.library.identifiers import bare_doi, named_in, parse_identifier
from weeknotes.library.store import Entry, Library

ANN, CY = {"family": "Bee", "given": "Ann"}, {"family": "Dee", "given": "Cy"}
OTHERS = {"literal": "others"}


def _ris(lines: str, kind: str = "JOUR") -> Entry:
    text = f"TY  - {kind}\nTI  - Tides\n{lines}\nER  - \n"
    return formats.read(text.encode(), "x.ris").entries[0]


@pytest.mark.parametrize(
    ("lines", "issued"),
    [
        ("PY  - 2018\nDA  - Mar 5", {"date-parts": [[2018, 3, 5]]}),
        ("DA  - 2018/03/05\nPY  - 2018", {"date-parts": [[2018, 3, 5]]}),
        ("PY  - 2018///Spring", {"date-parts": [[2018]], "season": 1}),
        ("PY  - 2015/october", {"date-parts": [[2015, 10]]}),
        ("PY  - 2018/00/00/", {"date-parts": [[2018]]}),
        ("PY  - 1998/12/31/-1999/01/02", {"date-parts": [[1998, 12, 31], [1999, 1, 2]]}),
        ("DA  - 2018 Nov-Dec\nPY  - 2018", {"date-parts": [[2018, 11], [2018, 12]]}),
        ("Y1  - c1999", {"date-parts": [[1999]]}),
        ("Y1  - ca. 1999", {"date-parts": [[1999]], "circa": True}),
        ("PY  - in press", {"literal": "in press"}),
    ],
)
def test_dates_of_ris(lines: str, issued: dict[str, Any]) -> None:
    assert _ris(lines)["issued"] == issued


@pytest.mark.parametrize(
    ("lines", "authors"),
    [
        ("AU  - Bee, Ann; Dee, Cy", [ANN, CY]),
        ("AU  - Bee, Ann and Dee, Cy", [ANN, CY]),
        ("AU  - Bee, Ann\nAU  - et al.", [ANN, OTHERS]),
        ("AU  - Bee, Ann et al.", [ANN, OTHERS]),
        ("A1  - Bee, Ann\nAU  - Dee, Cy", [ANN, CY]),
        ("AU  - Bee, Ann Jr", [ANN | {"suffix": "Jr"}]),
        ("AU  - World Rain and Wind Centre", [{"literal": "World Rain and Wind Centre"}]),
        ("AU  - World Rain Centre,", [{"literal": "World Rain Centre"}]),
    ],
)
def test_people_of_ris(lines: str, authors: list[dict[str, str]]) -> None:
    assert _ris(lines)["author"] == authors


@pytest.mark.parametrize(
    ("kind", "lines", "field", "value"),
    [
        ("JOUR", "A3  - Bee, Ann", "contributor", [ANN]),
        ("BOOK", "A2  - Bee, Ann\nA3  - Dee, Cy", "collection-editor", [ANN]),
        ("BOOK", "A2  - Bee, Ann\nA3  - Dee, Cy", "editor", [CY]),
        ("CHAP", "A3  - Dee, Cy", "collection-editor", [CY]),
        ("EDBOOK", "AU  - Bee, Ann", "editor", [ANN]),
        ("MPCT", "AU  - Bee, Ann", "director", [ANN]),
        ("BOOK", "T2  - Rain Series", "collection-title", "Rain Series"),
        ("BOOK", "SP  - 320", "number-of-pages", "320"),
        ("CONF", "C3  - Proc. of Rain\nT2  - RAIN 2018", "container-title", "Proc. of Rain"),
        ("CONF", "C3  - Proc. of Rain\nT2  - RAIN 2018", "event-title", "RAIN 2018"),
        ("THES", "M3  - PhD thesis", "genre", "PhD thesis"),
        ("JOUR", "Y2  - 2020/01/02", "accessed", {"date-parts": [[2020, 1, 2]]}),
        ("JOUR", "M3  - 10.1000/abc", "DOI", "10.1000/abc"),
        ("JOUR", "L3  - https://doi.org/10.1000/abc", "DOI", "10.1000/abc"),
        ("JOUR", "N1  - doi: 10.1000/abc.", "DOI", "10.1000/abc"),
        ("JOUR", "UR  - http://dx.doi.org/10.1000%2Fabc", "DOI", "10.1000/abc"),
        ("JOUR", "C7  - e17", "number", "e17"),
        ("JOUR", "N1  - one\nN1  - two", "note", "one\ntwo"),
        ("JOUR", "KW  - rain\nwind\nKW  - sea; ice", "keyword", "rain, wind, sea, ice"),
        ("JOUR", "SN  - 1234-5679 (print)\nSN  - 2345-6789", "ISSN", "1234-5679 2345-6789"),
        ("JOUR", "AN  - 123\nDB  - PubMed", "PMID", "123"),
        ("JOUR", "JA  - J. Rain", "container-title", "J. Rain"),
        ("JOUR", "ID  - bee2018rain", "id", "bee2018rain"),
        ("Journal Article", "AU  - Bee, Ann", "type", "article-journal"),
        ("JOUR", "T2  - A &amp; B", "container-title", "A & B"),
    ],
)
def test_fields_of_ris(kind: str, lines: str, field: str, value: Any) -> None:
    assert _ris(lines, kind)[field] == value


def test_what_has_no_variable_is_kept_and_files_of_others_are_not() -> None:
    entry = _ris(
        "U1  - own\nM3  - Article\nAD  - A Street\nT1  - Waves\nL1  - file:///home/bee/a.pdf"
    )
    fields = entry["custom"]["fields"]
    assert fields == {
        "U1": "own",
        "work-type": "Article",
        "auth-address": "A Street",
        "title": "Waves",
    }


def _nbib(lines: str) -> Entry:
    return formats.read(f"PMID- 1\nTI  - Tides.\n{lines}\n".encode(), "x.nbib").entries[0]


@pytest.mark.parametrize(
    ("lines", "field", "value"),
    [
        ("AU  - Bee A\nAU  - van der Berg JA", "author",
         [{"family": "Bee", "given": "A"}, {"family": "van der Berg", "given": "JA"}]),
        ("AU  - Bee A Jr", "author", [{"family": "Bee", "given": "A", "suffix": "Jr"}]),
        ("FAU - Bee, Ann 3rd", "author", [ANN | {"suffix": "3rd"}]),
        ("FAU - Bee, Ann\nAU  - Bee A\nAU  - Dee C", "author",
         [ANN, {"family": "Dee", "given": "C"}]),
        ("DP  - 2018\nDEP - 20171103", "available-date", {"date-parts": [[2017, 11, 3]]}),
        ("DEP - 20171103", "issued", {"date-parts": [[2017, 11, 3]]}),
        ("PG  - 1123-31; quiz 1140", "page", "1123-1131; quiz 1140"),
        ("LID - e17 [pii]", "page", "e17"),
        ("IS  - 1234-5679 (Print)\nIS  - 2345-6789 (Linking)", "ISSN", "1234-5679 2345-6789"),
        ("TT  - Gezeiten", "original-title", "Gezeiten"),
        ("PT  - Preprint", "type", "article"),
        ("FIR - Fox, Eve", "custom", {"fields": {"FIR": "Fox, Eve"}}),
    ],
)  # fmt: skip
def test_fields_of_nbib(lines: str, field: str, value: Any) -> None:
    assert _nbib(lines)[field] == value


def _csl(**fields: Any) -> Entry:
    data = [{"id": "a", "title": "Tides", **fields}]
    return formats.read(json.dumps(data).encode(), "x.json").entries[0]


@pytest.mark.parametrize(
    ("issued", "wanted"),
    [
        ({"date-parts": [["2018", "3"]]}, {"date-parts": [[2018, 3]]}),
        ({"date-parts": ["2018", 3]}, {"date-parts": [[2018, 3]]}),
        ({"date-parts": [2018, 3]}, {"date-parts": [[2018, 3]]}),
        ({"date-parts": [[2018, None]]}, {"date-parts": [[2018]]}),
        ({"date-parts": [[2018, "March"]]}, {"date-parts": [[2018, 3]]}),
        ({"date-parts": [["c. 2018"]]}, {"date-parts": [[2018]], "circa": True}),
        ({"date-parts": [[2018.0]]}, {"date-parts": [[2018]]}),
        ({"date-parts": [[2018]], "season": "Spring"}, {"date-parts": [[2018]], "season": 1}),
        ({"literal": "in press"}, {"literal": "in press"}),
        ({"raw": "2018-03/2018-05"}, {"date-parts": [[2018, 3], [2018, 5]]}),
        ({"date-time": "2018-03-05T00:00:00Z"}, {"date-parts": [[2018, 3, 5]]}),
        ({"year": "2019-2020"}, {"date-parts": [[2019], [2020]]}),
        ("2018-03", {"date-parts": [[2018, 3]]}),
        (2018, {"date-parts": [[2018]]}),
        ([[2018, 3]], {"date-parts": [[2018, 3]]}),
        ([{"year": "2018", "month": "3"}], {"date-parts": [[2018, 3]]}),
    ],
)
def test_dates_of_csl(issued: Any, wanted: dict[str, Any]) -> None:
    assert _csl(issued=issued)["issued"] == wanted


@pytest.mark.parametrize(
    ("author", "wanted"),
    [
        ("Bee, Ann and Dee, Cy", [ANN, CY]),
        (["Bee, Ann", {"name": "Rain Group"}], [ANN, {"literal": "Rain Group"}]),
        (ANN, [ANN]),
        ([ANN | {"dropping-particle": None}], [ANN]),
        ([{"lastName": "Bee", "firstName": "Ann"}], [ANN]),
        ([{"given": "Ann"}], [{"literal": "Ann"}]),
        ([ANN, {"literal": "et al."}], [ANN, OTHERS]),
    ],
)
def test_names_of_csl(author: Any, wanted: list[dict[str, str]]) -> None:
    assert _csl(author=author)["author"] == wanted


def test_texts_of_csl_and_what_is_no_variable() -> None:
    entry = _csl(page=12, volume=3.0, ISSN=["1234-5679", "2345-6789"], journalAbbreviation="J",
                 DOI="https://doi.org/10.1000/Abc", score=7, shortTitle=None)  # fmt: skip
    assert (entry["page"], entry["volume"], entry["ISSN"]) == ("12", "3", "1234-5679 2345-6789")
    assert (entry["container-title-short"], entry["DOI"]) == ("J", "10.1000/Abc")
    assert entry["custom"] == {"fields": {"score": 7}}
    other = json.dumps([{"id": "a", "title": "Tides"}, {"id": "b"}, 7]).encode()
    read = formats.read(other, "x.json")
    assert len(read.entries) == 1 and len(read.unread) == 2


def test_csl_yaml_of_pandoc_has_titles_in_markdown() -> None:
    title = '"*E. coli*, H~2~O, x^2^, [iPhone]{.nocase}, 2 \\\\* 3"'
    text = f"---\nreferences:\n- id: a\n  title: {title}\n---\n"
    (entry,) = formats.read(text.encode(), "x.yaml").entries
    assert entry["title"] == (
        '<i>E. coli</i>, H<sub>2</sub>O, x<sup>2</sup>, <span class="nocase">iPhone</span>, 2 * 3'
    )


def test_zoteros_answers_and_crossrefs_records_are_read_as_files() -> None:
    item = {"key": "ABCD2345", "data": {"itemType": "book", "title": "Tides", "date": "2018-03"}}
    (entry,) = formats.read(json.dumps([item]).encode(), "items.json").entries
    assert (entry["type"], entry["issued"]) == ("book", {"date-parts": [[2018, 3]]})
    work = {"type": "journal-article", "title": ["Tides"], "DOI": "10.1000/a", "author": [ANN]}
    (entry,) = formats.read(json.dumps({"message": work}).encode(), "work.json").entries
    assert (entry["type"], entry["title"]) == ("article-journal", "Tides")


def test_all_of_a_citation_file() -> None:
    text = """cff-version: 1.2.0
title: rain
authors: [{name: Rain Group}]
preferred-citation:
  type: conference-paper
  title: Tides
  authors: [{family-names: Bee, given-names: Ann}]
  editors-series: [{family-names: Dee, given-names: Cy}]
  conference: {name: RAIN 2018, city: Bern}
  publisher: {name: Rain Press, city: Basel}
  doi: https://doi.org/10.1000/Abc
  year: 2018
  month: March
  pages: 12
  nihmsid: N1
"""
    (entry,) = formats.read(text.encode(), "CITATION.cff").entries
    assert (entry["DOI"], entry["issued"]) == ("10.1000/Abc", {"date-parts": [[2018, 3]]})
    assert (entry["event-title"], entry["event-place"]) == ("RAIN 2018", "Bern")
    assert (entry["publisher"], entry["publisher-place"]) == ("Rain Press", "Basel")
    assert (entry["collection-editor"], entry["number-of-pages"]) == ([CY], "12")
    assert entry["custom"] == {"fields": {"nihmsid": "N1"}}


BIB = r"""
@article{accents, title={T}, author={Bari\ifmmode \check{s}\else \v{s}\fi{}, N.
  and S\lowi\'{n}ski, R. and Ro{\\c{s}}u, M. and {\proglang{R} Core Team} and Tret'\t{ia}kov, N.
  and Senbabao$\backslash$u{g}lu, Y.}}
@article{commas, title={T}, author={Ann Bee, Cy Dee, Eve Fox, Guy Hay}}
@article{initials, title={T}, author={Bee, A. B., Dee, C., Fox, E.-F., Hay, G.}}
@article{semicolons, title={T}, author={Bee, Ann; Dee, Cy}}
@article{junior, title={T}, author={Bee, Jr, Ann}}
@article{signs, title={Etude #2 and 90% of {\mbox{$\mu$}}J, \Lambda-Values, \$\ell_1\$-Norms},
  note={see \url{http://example.org/a%20b#c}}}
@article{range, title={T}, date={2004-01-01/..}}
@article{short, title={T}, date={2015-1-2}}
@article{letter, title={T}, year={1985a}, month=jan}
@article{months, title={T}, year=1988, month=nov # ", " # dec}
@article{day, title={T}, year=1988, month="10~" # jan}
@article{slashed, title={T}, year=2006, month={March\slash April}}
@book{volume, maintitle={All of Rain}, title={Tides}, volume=3}
@article{rest, title={T}, //series={X}, comments={good \emph{one}}, file={:a.pdf:PDF}, numpages={12},
  urlsuppl={http://example.org/s}, timestamp={2020}}
@article{one, title={A circle}, crossref={two}}
@article{two, title={Of two}, crossref={one}}
@klodt2013{odd, title={An odd type}}
"""


@pytest.fixture(scope="module")
def bib() -> dict[str, Entry]:
    read = formats.read(BIB.encode(), "x.bib")
    assert not read.unread
    return {str(entry["id"]): entry for entry in read.entries}


@pytest.mark.parametrize(
    ("key", "families"),
    [
        ("accents", ["Bariš", "Słowiński", "Roşu", "R Core Team", "Tret’iakov", "Senbabaoğlu"]),
        ("commas", ["Bee", "Dee", "Fox", "Hay"]),
        ("initials", ["Bee", "Dee", "Fox", "Hay"]),
        ("semicolons", ["Bee", "Dee"]),
        ("junior", ["Bee"]),
    ],
)
def test_names_of_bib_files(bib: dict[str, Entry], key: str, families: list[str]) -> None:
    assert [one.get("family") or one["literal"] for one in bib[key]["author"]] == families


@pytest.mark.parametrize(
    ("key", "parts"),
    [
        ("range", [[2004, 1, 1]]),
        ("short", [[2015, 1, 2]]),
        ("letter", [[1985, 1]]),
        ("months", [[1988, 11], [1988, 12]]),
        ("day", [[1988, 1, 10]]),
        ("slashed", [[2006, 3], [2006, 4]]),
    ],
)
def test_years_of_bib_files(bib: dict[str, Entry], key: str, parts: list[list[int]]) -> None:
    assert bib[key]["issued"]["date-parts"] == parts


def test_the_rest_of_bib_files(bib: dict[str, Entry]) -> None:
    title = r"Etude #2 and 90% of $\mu$J, Λ-Values, $\ell_1$-Norms"
    assert bib["signs"]["title"] == title
    assert bib["signs"]["note"] == "see http://example.org/a%20b#c"
    assert (bib["volume"]["title"], bib["volume"]["container-title"]) == ("Tides", "All of Rain")
    assert bib["rest"]["custom"]["fields"] == {
        "//series": "X",
        "comments": "good one",
        "numpages": "12",
        "urlsuppl": "http://example.org/s",
    }
    assert bib["one"]["title"] == "A circle" and bib["odd"]["type"] == "document"


@pytest.mark.parametrize(
    ("encoding", "head"),
    [
        ("cp1251", ""),
        ("koi8_r", ""),
        ("iso8859_15", "% -*- coding: latin-9-unix -*-\n"),
        ("iso8859_2", "% -*- coding: latin-2 -*-\n"),
    ],
)
def test_more_encodings(encoding: str, head: str) -> None:
    cyrillic = encoding in ("cp1251", "koi8_r")
    title = "Модели волн и дождя" if cyrillic else "Žofie"
    author = "Иванов, Пётр" if cyrillic else "Bee, Ann"
    text = f"{head}@book{{k, title={{{title}}}, author={{{author}}}}}"
    (entry,) = formats.read(text.encode(encoding), "old.bib").entries
    assert entry["title"] == title
    assert entry["author"][0]["family"] == author.split(",")[0]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("논문 10.1000/xyz123 참고", "doi:10.1000/xyz123"),
        ("https://doi.org/10.1000/xyz123를", "doi:10.1000/xyz123"),
        ("参见https://doi.org/10.1000/xyz123。", "doi:10.1000/xyz123"),
        ("Bee et al. 2020, https://arxiv.org/abs/2006.11239", "arXiv:2006.11239"),
        ("[paper](https://arxiv.org/abs/2006.11239)", "arXiv:2006.11239"),
        ("@10.1000/xyz123", "doi:10.1000/xyz123"),
        ("http://arxiv.org/abs/2006.11239v2 [cs.LG]", "arXiv:2006.11239v2"),
        ("Bee, A. (2020). Tides. doi:10.1000/xyz123.", "doi:10.1000/xyz123"),
        ("see PMID: 31452104, p. 3", "PMID 31452104"),
        ("“Tides” (arXiv:2006.11239)", "arXiv:2006.11239"),
    ],
)
def test_a_paper_named_within_words(text: str, wanted: str) -> None:
    found = parse_identifier(text)
    named = [found] if found else [parse_identifier(one) for one in named_in(text)]
    assert [str(one).removesuffix("v2") for one in named] == [wanted.removesuffix("v2")]


@pytest.mark.parametrize(
    "text",
    [
        "https://doi.org/10.1000/A(b)c", "doi:10.1000/A(b)c.", "(10.1000/A(b)c)", "10.1000%2FA%28b%29c",
        "DOI 10.1000/A(b)c; see", "http://dx.doi.org/10.1000/A(b)c,",
    ],
)  # fmt: skip
def test_a_doi_in_any_text(text: str) -> None:
    assert bare_doi(text) == "10.1000/A(b)c"


def test_keys_that_an_older_version_made_stay(journal: Project) -> None:
    """Keys made by rules that have changed since are for life; the papers are known again."""
    old = [
        ("u627lkhwu627rzmy2020rain", "الخوارزمي", "Rain on the plain, one"),
        ("papadopoylos2020rain", "Παπαδόπουλος", "Rain on the plain, two"),
        ("srm2020rain", "शर्मा", "Rain on the plain, three"),
    ]
    papers = [
        {
            "id": key,
            "type": "book",
            "title": title,
            "author": [{"family": family, "given": "A"}],
            "issued": {"date-parts": [[2020]]},
        }
        for key, family, title in old
    ]
    Library({str(one["id"]): one for one in papers}, journal.library_path).save()
    before = journal.library_path.read_bytes()
    joined = join(journal, [{**one, "id": ""} for one in papers], datetime.date(2026, 11, 30))
    assert joined.keys == tuple(key for key, _, _ in old)
    assert journal.library_path.read_bytes() == before
