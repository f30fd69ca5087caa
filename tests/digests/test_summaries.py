"""Sentences, and the summary that is taken from an abstract."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weeknotes.digests.paper import Paper
from weeknotes.digests.summaries.extract import extract
from weeknotes.digests.summaries.sentences import sentences


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("We ring bells. They are loud.", ["We ring bells.", "They are loud."]),
        ("Bells (e.g. carillons) ring, cf. Fig. 3 of Bell et al. (2020).", 1),
        ("It gains 3.5% over v1.2 at p < 0.05. Code is out.", 2),
        ("J. S. Bach wrote it. A. Bell rang it!", 2),
        ("Is it loud? Yes! It is.", 3),
        ("We use bells, clappers, etc. Results improve.", 2),
        ("As shown by Bell et al. the tower rings.", 1),
        ('He said "it rings." Then it rang.', 2),
        ("Let $f(x) = 0. 5x$ hold. Then ring.", 2),
        ("This is in the U.S. and in the U.K. too.", 1),
        ("The bells i.e. carillons vs. gongs ring…  Done.", 2),
        ("종은 크다. 그러나 3.5배 느리다. 왜 그런가? 모른다.", 4),
        ("종을 만든다.그리고 친다.", 2),
        ("我们提出一种方法。它提高了3.5%！为什么？因为简单。", 4),
        ("他说：“钟响了。”然后走了。", 2),
        ("扩散模型（如DDPM等）有效。代码见 github.com/a/b。", 2),
        ("鐘を鳴らす。音は大きい。", 2),
        ("No end", 1),
        ("", 0),
    ],
)
def test_sentences(text, parts):
    found = sentences(text)
    assert found == parts if isinstance(parts, list) else len(found) == parts


@given(st.text(alphabet=st.sampled_from('ab. 。!?가나다中文$3("”\n'), max_size=80))
def test_splitting_loses_nothing_but_spaces(text):
    assert "".join("".join(sentences(text)).split()) == "".join(text.split())


ENGLISH = Paper(
    id="x",
    title="Bronze that counts",
    abstract=(
        "Towers have held bells for centuries. However, nobody has counted their strokes. "
        "We propose a bronze counter that counts the strokes of a bell by its own resonance. "
        "It needs no power. Experiments show that the counter errs in 0.3% of strokes, e.g. at night. "
        "Our code is public."
    ),
)


def test_the_line_says_what_the_authors_do():
    summary = extract(ENGLISH)
    assert summary.line.startswith("We propose a bronze counter")
    assert any("0.3% of strokes, e.g. at night." in bullet for bullet in summary.bullets)
    assert summary.origin == "abstract" and summary.lang == "en"
    assert not summary.questions and not summary.missing


def test_every_sentence_of_it_stands_in_the_abstract():
    summary = extract(ENGLISH)
    for text in (summary.line, *summary.bullets):
        assert text in ENGLISH.abstract
    assert summary.line not in summary.bullets
    places = [ENGLISH.abstract.index(text) for text in summary.bullets]
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("abstract", "lang", "part"),
    [
        (
            "종은 오래되었다. 본 논문은 종의 울림을 세는 청동 계수기를 제안한다. 전력이 필요 없다. "
            "실험 결과 오차는 0.3%였다.",
            "ko",
            "제안한다.",
        ),
        (
            "钟楼历史悠久。本文提出一种用共振计数钟声的青铜计数器。它不需要电。实验表明误差为0.3%。",
            "zh",
            "本文提出",
        ),
    ],
)
def test_korean_and_chinese_abstracts(abstract, lang, part):
    summary = extract(Paper(id="x", title="青铜计数器 청동 계수기", abstract=abstract))
    assert part in summary.line and summary.lang == lang
    assert all(bullet in abstract for bullet in summary.bullets)


def test_what_raised_the_paper_decides_between_sentences():
    paper = Paper(
        id="x",
        title="Notes",
        abstract="The tower holds carillons of bronze. The harbour holds gauges of brass. Old.",
    )
    assert "harbour" in extract(paper, ["harbour", "gauges"]).line
    assert "carillons" in extract(paper, ["carillons", "tower"]).line


def test_no_abstract_gives_no_summary():
    assert extract(Paper(id="x", title="T")).origin == ""


def test_one_endless_sentence_is_still_a_line():
    paper = Paper(id="x", title="T", abstract="word " * 400)
    assert extract(paper).line.startswith("word word")
