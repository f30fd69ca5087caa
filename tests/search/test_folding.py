"""What Python does to the notes, the browser does to queries: the same folding, the same tokens."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from weeknotes.site.search.postings import number, shard_of
from weeknotes.text.folding import fold, simplified
from weeknotes.text.tokens import prefix, tokenise

from .conftest import Served

SCRIPTS = st.characters(categories=("L", "N", "P", "Z", "M", "S"), max_codepoint=0xFFFF)
MIXED = st.text(
    st.sampled_from(
        list("aZé9 \u3000-_.,'/。「」扩擴散模型图圖强학습각ㄱㅏ가각ｱﾞｶＡß①ﬁ²İıΣς\u0301\u200b\n")
    )
)
TEXTS = MIXED | st.text(SCRIPTS, max_size=30)


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Ｆｕｌｌ　Ｗｉｄｔｈ", "full width"),
        ("\u1112\u1161\u11ab\u1100\u1173\u11af", "한글"),
        ("Ångström Łódź Straße", "angstrom lodz strasse"),
        ("擴散模型與學習", "扩散模型与学习"),
        ("soft\u00adhyphen\u200b", "softhyphen"),
        ("  a \n\t b ", "a b"),
        ("が ガ", "が ガ"),
    ],
)
def test_forms_of_the_same_text_are_one(written: str, folded: str) -> None:
    assert fold(written) == folded


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("deep learning", {"deep": [0], "learning": [1]}),
        ("deep-learning", {"deep": [0], "learning": [1]}),
        ("deep. learning", {"deep": [0], "learning": [2]}),
        ("2006.11239", {"2006": [0], "11239": [1]}),
        ("心脏图", {"心脏": [0], "脏图": [1], "图.": [2]}),
        ("心。脏", {"心.": [0], "脏.": [2]}),
        ("강화 학습", {"강화": [0], "화학": [1], "학습": [2], "습.": [3]}),
        ("CMR图", {"CMR": [0], "图.": [1]}),
    ],
)
def test_positions_say_what_follows_what(text: str, terms: dict[str, list[int]]) -> None:
    assert tokenise(text)[0] == terms


def test_traditional_characters_have_simplified_ones() -> None:
    table = simplified()
    assert table["擴"] == "扩"
    assert "扩" not in table
    assert all(len(a) == len(b) == 1 for a, b in table.items())


@pytest.fixture(scope="module")
def scripts(served: Served, browser: Any) -> Iterator[Any]:
    """A page with the search's modules as `text` and `engine`."""
    if served.site.engine != "builtin":
        pytest.skip("the scripts are the same under both engines")
    page = browser.new_page()
    page.goto(served.url)
    page.evaluate(
        """async (root) => {
          const table = await (await fetch(`${root}search/index.json`)).json();
          const engine = await (await fetch(root + table.engine)).text();
          const name = /"\\.\\/(text\\.\\w+\\.js)"/.exec(engine)[1];
          window.text = await import(`${root}search/${name}`);
          const pairs = await (await fetch(`${root}search/simplified.json`)).json();
          const [from, to] = pairs.map((characters) => [...characters]);
          window.simple = new Map(from.map((character, i) => [character, to[i]]));
        }""",
        served.url,
    )
    yield page
    page.close()


@pytest.mark.browser
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(texts=st.lists(TEXTS, min_size=20, max_size=20))
def test_the_browser_reads_text_as_the_index_does(scripts: Any, texts: list[str]) -> None:
    read = scripts.evaluate(
        """(texts) => texts.map((one) => {
          const folded = text.fold(one, simple);
          const terms = {};
          const add = (term, position) => (terms[term] ??= []).push(position);
          for (const token of text.tokenise(folded)) {
            if (token.kind === "word") { add(token.text, token.position); continue; }
            const characters = [...token.text];
            characters.forEach((c, i) => add(c + (characters[i + 1] ?? "."), token.position + i));
          }
          return [folded, terms];
        })""",
        texts,
    )
    for one, (folded, terms) in zip(texts, read, strict=True):
        assert folded == fold(one)
        assert terms == tokenise(folded)[0]


@pytest.mark.browser
@pytest.mark.parametrize(
    ("text", "query", "marked"),
    [
        ("We train networks.", ["train"], ["train"]),
        ("强化<学习>", ["强化"], ["强化"]),
        ("이 강화 학습은", ["강화학습"], ["강화 학습"]),
        ("擴散 and ＤＩＦＦ", ["扩散", "diff"], ["擴散", "ＤＩＦＦ"]),
        (
            "\u1112\u1161\u11ab\u1100\u1173\u11af!",
            ["한글"],
            ["\u1112\u1161\u11ab\u1100\u1173\u11af"],
        ),
        ("cafe\u0301 x", ["cafe"], ["cafe\u0301"]),
    ],
)
def test_marks_stand_where_the_words_are(
    scripts: Any, text: str, query: list[str], marked: list[str]
) -> None:
    marks = scripts.evaluate(
        """([one, words]) => {
          const patterns = words.map((word) => text.tokenise(word).flatMap((token) =>
            (token.kind === "word" ? [token.text] : [...token.text]).map((part, offset) =>
              ({ offset, accepts: (other) => other === part }))));
          return text.findMarks(one, patterns, simple).map(([a, b]) => one.slice(a, b));
        }""",
        [text, query],
    )
    assert marks == marked


@pytest.mark.browser
@pytest.mark.parametrize(
    "forms",
    [
        "network networks networked networking",
        "study studies studied studying",
        "model models modelled modelling modeled modeling",
        "image images imaged imaging",
        "boundary boundaries",
        "process processes processed processing",
        "plan plans planned planning",
        "analyse analyses analysed analysis",
        "matrix matrices",
        "write writes wrote written writing",
        "embed embeds embedded embedding",
        "bias biases biased",
    ],
)
def test_inflected_forms_find_each_other(scripts: Any, forms: str) -> None:
    words = forms.split()
    related = scripts.evaluate(
        """(words) => words.map((one) => words.filter((other) => {
          const stems = new Set(text.relatives(one).map(text.stem));
          return stems.has(text.stem(other));
        }))""",
        words,
    )
    assert related == [words] * len(words)


@pytest.mark.browser
@pytest.mark.parametrize(
    ("one", "other"),
    [("class", "clay"), ("string", "stre"), ("being", "bee"), ("this", "thi"), ("need", "ne"),
     ("series", "serum"), ("process", "proces"), ("universe", "university"), ("focus", "foc")],
)  # fmt: skip
def test_other_words_are_not_taken_for_inflections(scripts: Any, one: str, other: str) -> None:
    assert not scripts.evaluate("([a, b]) => text.stem(a) === text.stem(b)", [one, other])


@given(st.integers(0, 200_000))
def test_numbers_are_written_in_characters_that_mean_nothing_else(value: int) -> None:
    text = number(value)
    assert text.isascii()
    assert text.isprintable()
    assert not set(text) & set(" .=\n")
    assert len(text) <= (1 if value < 62 else 2 if value < 1922 else 4)


def test_terms_of_one_prefix_are_filed_together() -> None:
    assert prefix("diffusion") == prefix("dice") == "di"
    assert prefix("扩散") == prefix("扩大") == "扩"
    assert shard_of("di", 64) == shard_of("di", 512) % 64
