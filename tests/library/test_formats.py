"""Files in which people keep their papers: every format, encoding and fault."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from weeknotes.actions.add import add
from weeknotes.errors import LibraryError
from weeknotes.journal.project import Project
from weeknotes.library import formats
from weeknotes.library.encodings import decoded
from weeknotes.library.formats import bib
from weeknotes.library.store import Library

BIB = """@article{{k2020,
  title = {{{}}},
  author = {{{}}},
  journal = {{{}}},
  year = 2020
}}
"""


@pytest.mark.parametrize(
    ("encoding", "title", "author", "journal"),
    [
        ("euc_kr", "비와 물결의 통계", "김, 민수", "한국해양학회지"),
        ("gbk", "图像生成的方法研究", "王, 小明", "计算机学报"),
        ("gb18030", "海风与数据", "陈, 明", "物理学报"),
        ("big5", "量子計算與學習", "陳, 大文", "物理學報"),
        ("shift_jis", "雨の統計と画像の生成", "山田, 太郎", "情報処理"),
        ("cp1252", "L’été à la forêt – “naïve”", "Müller, Zoë", "Études"),
        ("utf-8-sig", "비와 물결", "김, 민수", "학회지"),
        ("utf-16", "비와 물결", "김, 민수", "학회지"),
    ],
)
def test_a_bib_file_in_its_own_encoding(
    encoding: str, title: str, author: str, journal: str
) -> None:
    read = formats.read(BIB.format(title, author, journal).encode(encoding), "old.bib")
    (entry,) = read.entries
    assert entry["title"] == title
    assert entry["container-title"] == journal
    assert entry["author"][0]["family"] == author.split(",")[0]


def test_an_encoding_that_is_not_certain_is_refused() -> None:
    for data in (b"@book{k, title={\xb3\xb9\xbf}}", b"@book{k, title={\xff\xfe\xfa\x80\x81}}"):
        with pytest.raises(LibraryError, match=r"old\.bib.*not certain"):
            formats.read(data, "old.bib")
    with pytest.raises(LibraryError, match="said to be"):
        decoded(b"% Encoding: EUC-KR\n@book{k, title={\xff}}", "old.bib")


def test_the_encoding_that_a_file_declares_is_taken() -> None:
    text = "% Encoding: ISO8859_2\n@book{k, title={Łódź}}"
    assert "Łódź" in decoded(text.encode("iso8859_2"), "old.bib")


@settings(deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=60))
def test_a_letter_is_never_replaced(text: str) -> None:
    for encoding in ("euc_kr", "gbk", "big5", "shift_jis", "cp1252"):
        try:
            data = text.encode(encoding)
            found = decoded(data, "old.bib")
        except (UnicodeEncodeError, LibraryError):
            continue
        assert "\ufffd" not in found or "\ufffd" in text


FAULTY = r"""
@article{, title = {No key}, author = {Bee, Ann}, year = 2019}
@article(round2018, title = "Round {"}brackets{"} (all)", author = {Bee, Ann}, year = 2018)
@article{blank2017,
  title = {Blank line},
  author = {Bee, Ann and

            Cho, Min},
  year = 2017,
}
@book{open2016, title = {Never closed, author = {Bee, Ann}, year = 2016}
@misc{words, title = {Words for a Date}, author = {Bee, Ann}, year = {in press}, month = may}
@article{novalue, title = , year = 2015}
@comment{jabref-meta: databaseType:bibtex; @article{not, title={x}} }
@string{press = "Old " # "House"}
@book{joined, title = {Joined {DNA} Strings in English}, publisher = press, langid = {english},
  year = {c. 2014}}
@online{pre, title = {On arXiv}, eprint = {2006.11239v2}, eprinttype = {arxiv},
  date = {2020-06/2020-07}}
@misc{hal, title = {Elsewhere}, archive = {HAL}, eprint = {hal-01}, eprinttype = {hal}}
@article{sici, title = {{x < y} and y > z}, doi = {https://doi.org/10.1000/(SICI)1(1998)4:8<6::AID-R4>3.0.CO;2-O}}
@incollection{child, title = {A Child of Books}, crossref = {parent}, author = {Cho, Min}}
@book{parent, title = {The Parent Book}, editor = {Bee, Ann}, year = 2013}
@book{odd#key, title = {An Odd Key}}
"""


def test_one_bad_entry_is_named_and_the_others_come_in() -> None:
    entries, bad = bib.read(FAULTY)
    by_title = {entry["title"]: entry for entry in entries}
    assert set(by_title) == {
        "No key",
        'Round "brackets" (all)',
        "Blank line",
        "Words for a Date",
        "Joined DNA Strings in English",
        "On arXiv",
        "Elsewhere",
        "x < y and y > z",
        "A Child of Books",
        "The Parent Book",
        "An Odd Key",
    }
    assert [(one.key, one.line) for one in bad] == [("open2016", 11), ("novalue", 13)]
    assert by_title["No key"]["id"] == ""
    assert [one["family"] for one in by_title["Blank line"]["author"]] == ["Bee", "Cho"]
    assert by_title["Words for a Date"]["issued"] == {"literal": "in press"}
    joined = by_title["Joined DNA Strings in English"]
    assert joined["publisher"] == "Old House"
    assert joined["issued"] == {"date-parts": [[2014]], "circa": True}
    arxiv = by_title["On arXiv"]
    assert (arxiv["archive"], arxiv["archive_location"]) == ("arXiv", "2006.11239")
    assert arxiv["issued"] == {"date-parts": [[2020, 6], [2020, 7]]}
    assert by_title["Elsewhere"]["archive"] == "HAL"
    assert by_title["Elsewhere"]["archive_location"] == "hal-01"
    doi = "10.1000/(SICI)1(1998)4:8<6::AID-R4>3.0.CO;2-O"
    assert by_title["x < y and y > z"]["DOI"] == doi
    child = by_title["A Child of Books"]
    assert (child["container-title"], child["editor"][0]["family"]) == ("The Parent Book", "Bee")
    assert child["issued"] == {"date-parts": [[2013]]}


def test_a_file_with_a_bad_entry_is_added_but_for_that(journal: Project, tmp_path: Path) -> None:
    path = tmp_path / "mine.bib"
    path.write_text(FAULTY)
    report = add(journal, str(path))
    assert len(report.added) == 11
    assert report.exit_code == 1
    assert [line for line in report.failed if "open2016" in line and "line 11" in line]
    keys = Library.load(journal.library_path).entries
    assert "bee2019no" in keys and "odd#key" not in keys


@settings(deadline=None, max_examples=30)
@given(st.text(st.sampled_from('@{}()"=,#%\n aé\\'), max_size=40))
def test_no_text_breaks_the_reader_of_bib_files(text: str) -> None:
    bib.read("@book{k, title={T}}\n" + text)


def test_a_lone_brace_behind_a_backslash_is_a_sign() -> None:
    entries, bad = bib.read(
        "@book{a, title = {One \\} brace}, year = 2020}\n@book{b, title = {Two}}"
    )
    assert not bad
    assert [entry["title"] for entry in entries] == ["One } brace", "Two"]


RIS = """TY  - CPAPER
AU  - Bee, Ann, Jr.
A2  - Cho, Min
TI  - Rain and
  more rain
T2  - Proceedings of Small Cases
DA  - 2018/03/05/
PY  - 2018
SP  - 11
EP  - 19
SN  - 9780306406157
DO  - 10.1000/ris.7
KW  - rain
KW  - small, cases
ER  -

TY  - JOUR
AU  - 박, 서연
T1  - 파도
JO  - 학회지
Y1  - 2016///
SN  - 1234-5679
ER  -
"""


def test_ris() -> None:
    paper, article = formats.read(RIS.encode(), "two.ris").entries
    assert paper["type"] == "paper-conference"
    assert paper["title"] == "Rain and more rain"
    assert paper["author"] == [{"family": "Bee", "given": "Ann", "suffix": "Jr."}]
    assert paper["editor"] == [{"family": "Cho", "given": "Min"}]
    assert paper["issued"] == {"date-parts": [[2018, 3, 5]]}
    assert (paper["page"], paper["ISBN"], paper["DOI"]) == (
        "11-19",
        "9780306406157",
        "10.1000/ris.7",
    )
    assert paper["keyword"] == "rain, small; cases"
    assert article["container-title"] == "학회지"
    assert (article["issued"], article["ISSN"]) == ({"date-parts": [[2016]]}, "1234-5679")


NBIB = """
PMID- 10000001
TI  - A made-up trial of
      rain.
FAU - Bee, Ann
AU  - Bee A
FAU - Cho, Min
AU  - Cho M
CN  - Rain Group
DP  - 2019 Aug 27
JT  - Journal of small cases
TA  - J Small Cases
VI  - 3
LID - 10.1000/trial.1 [doi]
IS  - 1234-5679 (Electronic)
PMC - PMC9000001
MH  - *Rain
"""


def test_nbib() -> None:
    (entry,) = formats.read(NBIB.encode(), "paper.nbib").entries
    assert entry["title"] == "A made-up trial of rain"
    assert entry["author"][1:] == [{"family": "Cho", "given": "Min"}, {"literal": "Rain Group"}]
    assert entry["issued"] == {"date-parts": [[2019, 8, 27]]}
    assert (entry["DOI"], entry["PMID"], entry["PMCID"]) == (
        "10.1000/trial.1",
        "10000001",
        "PMC9000001",
    )


def test_endnote_xml() -> None:
    style = '<style face="{}">{}</style>'
    text = f"""<?xml version="1.0"?><xml><records><record><ref-type name="Book Section">5</ref-type>
    <contributors><authors><author>{style.format("normal", "Bee, Ann")}</author></authors>
    <secondary-authors><author><style>Cho, Min</style></author></secondary-authors></contributors>
    <titles><title>{style.format("normal", "Rain in ")}{style.format("italic", "parts")}</title>
    <secondary-title><style>A book of rain</style></secondary-title></titles>
    <dates><year><style>2017</style></year><pub-dates><date><style>March</style></date></pub-dates></dates>
    <isbn><style>9780306406157</style></isbn>
    <electronic-resource-num><style>10.1000/xml.7</style></electronic-resource-num>
    </record></records></xml>"""
    (entry,) = formats.read(text.encode(), "library.xml").entries
    assert entry["title"] == "Rain in parts"
    assert entry["editor"] == [{"family": "Cho", "given": "Min"}]
    assert entry["issued"] == {"date-parts": [[2017, 3]]}
    assert (entry["type"], entry["DOI"]) == ("chapter", "10.1000/xml.7")
    with pytest.raises(LibraryError, match=r"broken\.xml, line"):
        formats.read(b"<xml><records>", "broken.xml")


def test_csl_in_its_forms() -> None:
    yaml = """---
references:
- id: bee2020
  type: article-journal
  title: "x < y: rain"
  author:
  - family: Bee
    given: Ann
  issued: 2020-03-05
- id: cho2019
  title: Years
  issued:
  - year: 2019
    month: 4
"""
    first, second = formats.read(yaml.encode(), "library.yaml").entries
    assert (first["id"], first["title"]) == ("bee2020", "x < y: rain")
    assert first["issued"] == {"date-parts": [[2020, 3, 5]]}
    assert second["issued"] == {"date-parts": [[2019, 4]]}
    one = {"id": 7, "title": "One", "issued": {"raw": "March 2018"}}
    (entry,) = formats.read(json.dumps(one).encode(), "one.json").entries
    assert entry["issued"] == {"date-parts": [[2018, 3]]}


def test_better_bibtex_json() -> None:
    items = [
        {
            "itemType": "journalArticle",
            "itemID": 7,
            "citationKey": "bee2020rain",
            "title": "Rain",
            "creators": [{"creatorType": "author", "lastName": "Bee", "firstName": "Ann"}],
            "date": "5 mars 2020",
            "publicationTitle": "J",
            "tags": [{"tag": "rain"}],
        },
        {"itemType": "note", "note": "<p>x</p>"},
    ]
    data = json.dumps({"config": {}, "collections": {}, "items": items}).encode()
    (entry,) = formats.read(data, "export.json").entries
    assert entry["id"] == "bee2020rain"
    assert entry["issued"] == {"date-parts": [[2020, 3, 5]]}
    assert entry["container-title"] == "J"


def test_citation_cff() -> None:
    text = """cff-version: 1.2.0
title: rain-tools
version: 1.4
doi: 10.1000/tools.1
date-released: 2021-02-03
authors:
- family-names: Bee
  given-names: Ann
  name-particle: van
- name: Rain Group
"""
    (entry,) = formats.read(text.encode(), "CITATION.cff").entries
    assert (entry["type"], entry["version"]) == ("software", "1.4")
    assert entry["author"][0]["non-dropping-particle"] == "van"
    assert entry["issued"] == {"date-parts": [[2021, 2, 3]]}
    text += """preferred-citation:
  type: article
  title: Tools for rain
  journal: Journal of Small Cases
  year: 2022
  month: 5
  start: 3
  end: 9
  authors: [{family-names: Bee, given-names: Ann}]
"""
    (entry,) = formats.read(text.encode(), "CITATION.cff").entries
    assert (entry["title"], entry["page"]) == ("Tools for rain", "3-9")
    assert entry["issued"] == {"date-parts": [[2022, 5]]}


def test_a_file_in_no_format_is_refused() -> None:
    with pytest.raises(LibraryError, match="in no format"):
        formats.read(b"Dear diary", "diary.txt")
    with pytest.raises(LibraryError, match=r"no entry.*novalue"):
        formats.read(b"@article{novalue, title = , year = 2015}", "bad.bib")


@pytest.mark.parametrize(
    ("name", "family", "given"),
    [
        (r"{\'A}lvaro Soto", "Soto", "Álvaro"),
        (r"{\L}ucja Maria Nowak", "Nowak", "Łucja Maria"),
        (r"{\v{S}}t{\v e}p{\'a}n Nov{\'a}k", "Novák", "Štěpán"),
        (r"{\O}yvind Berg", "Berg", "Øyvind"),
        (r"{\'O} Briain, Se{\'a}n", "Ó Briain", "Seán"),
        (r"{J}. {M}ac{D}onald", "MacDonald", "J."),
        ("박 서준", "박", "서준"),
        ("서준 박", "박", "서준"),
        ("諸葛 亮", "諸葛", "亮"),
        ("高橋 花子", "高橋", "花子"),
    ],
)
def test_a_letter_of_a_name_does_not_make_a_particle_of_it(
    name: str, family: str, given: str
) -> None:
    data = f"@article{{a, title={{T}}, author={{{name} and Ann Lee}}}}".encode()
    (entry,) = formats.read(data, "a.bib").entries
    assert entry["author"] == [
        {"family": family, "given": given},
        {"family": "Lee", "given": "Ann"},
    ]


def test_two_entries_with_one_key_stay_two() -> None:
    data = b"@book{a, title={One}, year=2001}\n@book{a, title={Two}, publisher={P}, year=2002}\n"
    one, two = formats.read(data, "a.bib").entries
    assert (one["title"], one["issued"]) == ("One", {"date-parts": [[2001]]})
    assert "publisher" not in one
    assert (two["title"], two["publisher"], two["issued"]["date-parts"]) == ("Two", "P", [[2002]])


def _bib(fields: str) -> dict[str, Any]:
    entry: dict[str, Any] = formats.read(
        f"@book{{k, title = {{T}}, {fields}}}".encode(), "x.bib"
    ).entries[0]
    return entry


@pytest.mark.parametrize(
    ("authors", "families"),
    [
        ("Ann Bee & Cy Dee", ["Bee", "Dee"]),
        (r"Bee, Ann \& Dee, Cy and Eve Fox", ["Bee", "Dee", "Fox"]),
        (r"Bee \& Sons", [r"Bee & Sons"]),
        (r"{Bee \& Dee Ltd} and Fox, Eve", ["Bee & Dee Ltd", "Fox"]),
        ("Bee, Ann et al.", ["Bee", "others"]),
        ("Bee, A. and et al", ["Bee", "others"]),
        ("Bee, A. and Metal, Al", ["Bee", "Metal"]),
        (r"Be{=e}, Ann and Dee, Cy", ["Be=e", "Dee"]),
        ("family=Bee, given=Ann and Dee, Cy", ["Bee", "Dee"]),
    ],
)
def test_no_name_of_a_bib_file_is_lost_or_a_particle(authors: str, families: list[str]) -> None:
    people = _bib(f"author = {{{authors}}}")["author"]
    assert [one.get("family") or one["literal"] for one in people] == families
    assert not any("particle" in part for one in people for part in one)


def test_arguments_of_unknown_commands_stay_in_titles() -> None:
    text = (
        r"@book{k, title = {The \pkg{waves} Package for \proglang{S}}, year = {1981},"
        r" publisher = {Bee and Dee/XYZ}, note = {\emph{x} $\frac{a}{b}$}}"
    )
    entry = formats.read(text.encode(), "x.bib").entries[0]
    assert entry["title"] == "The waves Package for S"
    assert entry["publisher"] == "Bee and Dee/XYZ"


def test_the_first_of_two_fields_counts_and_a_tie_is_a_space() -> None:
    entry = _bib("year = {2014}, year = {2008}, month = {10~January}, note = {}, note = {n}")
    assert entry["issued"] == {"date-parts": [[2014, 1, 10]]}
    assert entry["note"] == "n"
    assert _bib("year = 1988, month = {June-August}")["issued"] == {
        "date-parts": [[1988, 6], [1988, 8]]
    }


@pytest.mark.parametrize(
    ("lines", "field", "value"),
    [
        ("DO  - https://doi.org/10.1000/AbC", "DOI", "10.1000/AbC"),
        ("DO  - doi: 10.1000/abc", "DOI", "10.1000/abc"),
        ("SP  - 12-19\nEP  - 19", "page", "12-19"),
        ("SP  - 12-3\nEP  - 12-9", "page", "12-3–12-9"),
        ("SP  - 7\nEP  - 7", "page", "7"),
        ("EP  - 19", "page", "19"),
    ],
)
def test_dois_and_pages_of_ris(lines: str, field: str, value: str) -> None:
    record = f"TY  - JOUR\nTI  - Tides\n{lines}\nER  - \n"
    assert formats.read(record.encode(), "x.ris").entries[0][field] == value
