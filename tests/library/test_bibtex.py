"""references.bib: what is written comes back through pandoc as it was."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pypandoc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from weeknotes.library import bibtex, store

PANDOC = pypandoc.get_pandoc_path()


def pandoc_reads(entries: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """``entries`` written as BibLaTeX and read again by pandoc, by citation key."""
    done = subprocess.run(
        [PANDOC, "-f", "biblatex", "-t", "csljson"],
        input=bibtex.render(entries),
        capture_output=True,
        check=True,
    )
    return {item["id"]: item for item in json.loads(done.stdout)}


def entry(key: str, **fields: Any) -> dict[str, Any]:
    return {"id": key, "type": "article-journal", **fields}


def typographic(text: str) -> str:
    """``text`` as pandoc gives it back: straight single quotes curled, spaces folded."""
    return re.sub(r"\s+", " ", text.replace("'", "’").replace("\u00a0", " ")).strip()


TITLES = {
    "braces": "Sets {a, b} and a lonely } or { brace",
    "pairs": "On {Braces} in titles",
    "quotes": 'The "quoted" and the “curly” and the author’s',
    "accents": "Ångström, Gödel, Łukasiewicz, Đặng and ﬁ",
    "korean": "확산 모형을 이용한 영상 생성",
    "chinese": "扩散模型综述：从 DDPM 到潜在扩散",
    "ampersand": "Research & Development at 100% of #1_x ~ ^ \\ here",
    "maths": r"Learning with $\ell_2$ and $O(n^2)$ cost",
    "money": "From $5 to $10 a day",
    "markup": "<i>E. coli</i> and H<sub>2</sub>O in 10<sup>3</sup> <b>bold</b>",
    "tags": "a < b, c > d, <script>alert(1)</script> and </i> alone",
    "dashes": "pages 1--20 --- and ``ticks'' -",
    "case": "iPhone, DDPM and LaTeX in eBay's arXiv",
}


def test_titles_survive_the_round_trip() -> None:
    back = pandoc_reads([entry(key, title=title) for key, title in TITLES.items()])
    titles = {key: item["title"] for key, item in back.items()}
    # pandoc has no sign for \textbraceleft; LaTeX prints it.
    expected = {key: typographic(title) for key, title in TITLES.items()}
    expected["braces"] = "Sets a, b and a lonely  or  brace"
    assert titles == expected


def test_names_survive_the_round_trip() -> None:
    people = [
        {"family": "Gödel", "given": "Kurt"},
        {"family": "김", "given": "철수"},
        {"family": "曾", "given": "国藩"},
        {"literal": "Health and Safety Executive, London"},
        {"family": "O’Neil", "given": "Łukasz", "suffix": "Jr."},
        {"family": "Beethoven", "given": "Ludwig", "non-dropping-particle": "van"},
        {"family": "Smith, Inc", "given": "J."},
        {"family": "Marks and Spencer", "given": "M."},
    ]
    back = pandoc_reads([entry("names", author=people)])
    assert back["names"]["author"] == people


@pytest.mark.parametrize(
    ("csl", "text"),
    [
        ({"date-parts": [[2020]]}, "2020"),
        ({"date-parts": [[2020, 3]]}, "2020-03"),
        ({"date-parts": [["2020", "3", 5]]}, "2020-03-05"),
        ({"date-parts": [[2020, 5], [2021, 6]]}, "2020-05/2021-06"),
        ({"date-parts": [[1999]], "circa": True}, "1999~"),
        ({"date-parts": [[2021]], "season": "2"}, "2021-22"),
        ({"date-parts": [[-44, 3, 15]]}, "-0043-03-15"),
        ({"literal": "n.d."}, ""),
        ({"date-parts": [[]]}, ""),
        ({"date-parts": [["soon"]]}, ""),
        (None, ""),
    ],
)
def test_dates_follow_iso_8601_2(csl: Any, text: str) -> None:
    assert bibtex.bib_date(csl) == text


def test_dates_and_identifiers_survive_the_round_trip() -> None:
    whole = entry(
        "whole",
        title="T",
        issued={"date-parts": [[2020, 5], [2021, 6]]},
        accessed={"date-parts": [[2024, 1, 2]]},
        DOI="10.1000/x_y<z>%25",
        URL="https://example.org/a_b?c=d&e=%20f#g~h",
        volume="12",
        issue="3",
        page="1-20",
        language="ko",
        keyword="diffusion, 扩散模型, R&D",
        abstract="First with 5% & $x_i$.\n\nSecond.",
        **{"container-title": "Journal of A & B", "other-ids": "old new"},
    )
    back = pandoc_reads([whole])["whole"]
    for name in ("issued", "accessed", "DOI", "URL", "volume", "issue", "page", "language"):
        assert back[name] == whole[name], name
    assert back["keyword"] == whole["keyword"]
    assert back["container-title"] == "Journal of A & B"
    assert back["abstract"] == "First with 5% & $x_i$. Second."


def test_an_arxiv_paper_names_its_eprint() -> None:
    text = bibtex.bib_entry(
        {
            "id": "ho2020",
            "type": "article",
            "title": "T",
            "number": "2006.11239",
            "archive": "arXiv",
        }
    )
    assert "@online{ho2020," in text
    assert "eprint = {2006.11239}" in text
    assert "eprinttype = {arxiv}" in text


def test_common_types_survive_the_round_trip() -> None:
    kinds = (
        "article-journal article-magazine article-newspaper book chapter dataset graphic legal_case "
        "legislation manuscript motion_picture pamphlet paper-conference patent personal_communication "
        "report review software song thesis treaty webpage entry-encyclopedia"
    ).split()
    back = pandoc_reads([{"id": f"k-{kind}", "type": kind, "title": "T"} for kind in kinds])
    assert {key: item["type"] for key, item in back.items()} == {
        f"k-{kind}": kind for kind in kinds
    }


def test_the_file_is_written_again_only_when_the_library_changed(tmp_path: Path) -> None:
    library, bib = tmp_path / "references.json", tmp_path / "references.bib"
    library.write_bytes(store.dump({"a": entry("a", title="One")}))
    assert bibtex.update(library, bib) is True
    first = bib.read_bytes()
    assert first == bibtex.to_bib(library)
    assert bibtex.update(library, bib) is False
    library.write_bytes(store.dump({"a": entry("a", title="Two")}))
    assert bibtex.update(library, bib) is True
    assert b"Two" in bib.read_bytes()


# Letters that pandoc's BibLaTeX reader gives back as they are: no controls, no unassigned ones.
_words = st.text(
    st.sampled_from(list("abcXYZ 0123 éßø김철수曾国藩{}\\%&#_$^~\"'`-<>/.,:;!?()[]@*|=+–—…“”"))
    | st.characters(codec="utf-8", categories=("Lu", "Ll", "Lo", "Nd")),
    max_size=40,
)


@settings(max_examples=12, deadline=None)
@given(st.lists(_words, min_size=20, max_size=60))
def test_no_title_breaks_the_file_or_its_neighbours(titles: list[str]) -> None:
    entries = [entry(f"k{n:03d}", title=title, volume=str(n)) for n, title in enumerate(titles)]
    back = pandoc_reads(entries)
    assert {key: item["volume"] for key, item in back.items()} == {
        item["id"]: item["volume"] for item in entries
    }


_plain = st.text(
    st.sampled_from(list("abc XYZ 012 éßø 김철수 曾国藩 %&#_^~")), min_size=1, max_size=40
).map(lambda text: f"T {text} t")


@settings(max_examples=12, deadline=None)
@given(st.lists(_plain, min_size=20, max_size=60))
def test_titles_of_plain_words_come_back_letter_by_letter(titles: list[str]) -> None:
    back = pandoc_reads([entry(f"k{n:03d}", title=title) for n, title in enumerate(titles)])
    expected = {f"k{n:03d}": typographic(title) for n, title in enumerate(titles)}
    assert {key: item["title"] for key, item in back.items()} == expected


def test_a_file_of_the_version_before_is_derived_again(tmp_path: Path) -> None:
    """The same library, and a writer that writes more: the head alone must not settle it."""
    library, bib = tmp_path / "references.json", tmp_path / "references.bib"
    library.write_text('[{"id": "a", "type": "book", "title": "A"}]')
    digest = hashlib.sha256(library.read_bytes()).hexdigest()
    bib.write_text(f"{bibtex._HEADER}{digest}\n\n@book{{a,\n}}\n")
    assert bibtex.update(library, bib)
    assert "{{A}}" in bib.read_text()
    assert not bibtex.update(library, bib)
