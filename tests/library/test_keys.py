"""Citation keys: readable, ASCII, distinct, and never without the name."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from weeknotes.library.keys import KeysInUse, is_citable, is_readable, make_key, zotero_key
from weeknotes.text.romanise import ascii_letters, surname


def paper(family: str, year: int, title: str, **name: str) -> dict[str, Any]:
    return {
        "title": title,
        "author": [{"family": family, "given": "X", **name}],
        "issued": {"date-parts": [[year]]},
    }


@pytest.mark.parametrize(
    ("entry", "key"),
    [
        (paper("Ho", 2020, "Denoising Diffusion Probabilistic Models"), "ho2020denoising"),
        (paper("Vaswani", 2017, "Attention Is All You Need"), "vaswani2017attention"),
        (paper("김", 2021, "확산 모형을 이용한 영상 생성"), "kim2021hwaksan"),
        (paper("곽", 2021, "The <i>E. coli</i> genome"), "kwak2021coli"),
        (paper("曾", 2022, "扩散模型综述"), "zeng2022kuosan"),
        (paper("欧阳", 2022, "扩散"), "ouyang2022kuosan"),
        (paper("吕", 2022, "A"), "lyu2022a"),
        (paper("Zeng 曾", 2022, "扩散"), "zeng2022kuosan"),
        (paper("Gödel", 1931, "Über formal unentscheidbare Sätze"), "godel1931uber"),
        (paper("Łukasiewicz", 1920, "O logice"), "lukasiewicz1920logice"),
        (paper("van der Berg", 1999, "On $\\ell_2$ norms"), "vanderberg1999norms"),
        (paper("Иванов", 1980, "Щука"), "ivanov1980shchuka"),
        (paper("すずき", 2001, "きょうと"), "suzuki2001kyouto"),
        (paper("ナッシュ", 2001, "X"), "nasshu2001x"),
        (paper("Παππάς", 2001, "X"), "pappas2001x"),
        ({"title": "R&D", "author": [{"literal": "World Health Organization"}]}, "worldhealthndr"),
        ({"title": "An untitled thing"}, "untitlednd"),
        ({}, "itemnd"),
        ({"title": "2001", "issued": {"date-parts": [["2001"]]}}, "x20012001"),
    ],
)
def test_made_keys_are_readable(entry: dict[str, Any], key: str) -> None:
    assert make_key(entry, KeysInUse()) == key


def test_keys_of_one_stem_are_kept_apart_by_letters() -> None:
    entry = paper("Ho", 2020, "Denoising")
    taken = KeysInUse()
    for _ in range(30):
        taken.add(make_key(entry, taken))
    assert len(taken) == 30
    assert {"ho2020denoising", "ho2020denoisinga", "ho2020denoisingz", "ho2020denoisingaa"} <= taken


def test_the_first_letters_that_are_free_are_taken_though_others_use_some() -> None:
    entry = paper("Ho", 2020, "Denoising")
    taken = KeysInUse({"ho2020denoising", "ho2020denoisingb"})
    made = []
    for _ in range(3):
        made.append(make_key(entry, taken))
        taken.add(made[-1])
    assert [key.removeprefix("ho2020denoising") for key in made] == ["a", "c", "d"]


def test_many_papers_of_one_stem_are_asked_for_once_each() -> None:
    class Counting(KeysInUse):
        asked = 0

        def __contains__(self, key: object) -> bool:
            self.asked += 1
            return super().__contains__(key)

    taken = Counting()
    for _ in range(4800):
        taken.add(make_key(paper("Ho", 2020, "Denoising"), taken))
    assert len(taken) == 4800
    assert taken.asked < 4 * 4800


@pytest.mark.parametrize(
    ("data", "key"),
    [
        ({"citationKey": "ho2020"}, "ho2020"),
        ({"citationKey": "", "extra": "tex: x\nCitation Key: ho2020ddpm\nDOI: 1"}, "ho2020ddpm"),
        ({"extra": "citation-key: a b"}, "a b"),
        ({"citationKey": "new", "extra": "Citation Key: old"}, "new"),
        ({"extra": "See the citation key: below"}, ""),
        ({}, ""),
    ],
)
def test_zoteros_own_key_comes_first(data: dict[str, Any], key: str) -> None:
    assert zotero_key(data) == key


@pytest.mark.parametrize(
    ("name", "begins"),
    [
        *(("Nguyễn", "nguyen"), ("Trần", "tran"), ("Phạm", "pham"), ("Đặng", "dang")),
        *(("Łukasz", "lukasz"), ("Øystein", "oystein"), ("Þór", "thor"), ("Ħal", "hal")),
        *(("Ḥasan", "hasan"), ("محمد", "mhmd"), ("כהן", "khhn"), ("Щукин", "shchukin")),
        *(("الخوارزمي", "alkhwarzmy"), ("أحمد", "ahmd"), ("سعيد", "sayd"), ("शर्मा", "srma")),
        *(("Παπαδόπουλος", "papadopoulos"), ("Ευαγγέλου", "evangelou"), ("Ναύτης", "naftis")),
        *(("Μπότσαρης", "botsaris"), ("Μάιος", "maios"), ("Μάϋος", "mayos"), ("ศรีสุข", "srisukh")),
        *(("Шевченко", "shevchenko"), ("Їжакевич", "yizhakevich"), ("Đặng", "dang")),
        *(("강형민", "kang"), ("남궁민수", "namgung"), ("고려대", "goryeodae")),
    ],
)
def test_names_keep_every_letter(name: str, begins: str) -> None:
    person = {"literal": name} if "가" <= name[0] <= "힣" else {"family": name, "given": "Ann"}
    entry = {"author": [person], "title": "Rain", "issued": {"date-parts": [[2020]]}}
    assert make_key(entry, KeysInUse()) == f"{begins}2020rain"


def test_keys_that_bibtex_reads_are_known() -> None:
    assert all(map(is_readable, ["ho2020:ddpm-v2/x", "김2020", "b.c_d+e", "Ærø1999"]))
    assert not any(map(is_readable, ["", "a#b", "a<b", "a^b", "a|b", "a–b", "a🌧", "a\u200bb"]))


def test_keys_that_cannot_be_cited_are_known() -> None:
    assert is_citable("ho2020:ddpm-v2/x")
    assert is_citable("김2020")
    assert not any(map(is_citable, ["", "a b", "a,b", "a{b", "a]b", "a@b"]))


# The first name in Chinese loads the tables of pypinyin.
@settings(deadline=None)
@given(
    st.text(max_size=30),
    st.text(max_size=30),
    st.one_of(st.none(), st.integers(-3000, 3000)),
)
def test_every_key_is_ascii_and_citable(family: str, title: str, year: int | None) -> None:
    entry: dict[str, Any] = {"title": title, "author": [{"family": family}]}
    if year is not None:
        entry["issued"] = {"date-parts": [[year]]}
    key = make_key(entry, KeysInUse())
    assert re.fullmatch(r"[a-z][a-z0-9]*", key)
    assert is_citable(key)
    assert make_key(entry, KeysInUse({key})) != key
    assert make_key(entry, KeysInUse()) == key


@settings(deadline=None)
@given(st.text(st.characters(categories=["Lu", "Ll", "Lt", "Lo"]), min_size=1, max_size=10))
def test_no_letter_is_dropped(text: str) -> None:
    # Signs that have no sound of their own, and marks that Unicode counts among the letters.
    silent = "ъьЪЬっッ"
    sounding = [
        letter
        for letter in text
        if letter not in silent and unicodedata.normalize("NFKC", letter)[0].isalpha()
    ]
    assert all(ascii_letters(letter) for letter in sounding)


@settings(deadline=None)
@given(st.text("김이박최曾国藩欧阳修유하늘강", min_size=1, max_size=3))
def test_korean_and_chinese_surnames_are_never_empty(name: str) -> None:
    assert re.fullmatch("[a-z]+", surname(name))
