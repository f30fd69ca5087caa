"""Asking the index without a browser finds what a page's dialog finds, in the same order."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weeknotes.site.search.asking import Finder
from weeknotes.site.search.index import Index
from weeknotes.text.folding import fold
from weeknotes.text.tokens import tokenise, tokens

from .conftest import Served
from .searching import Searcher
from .test_queries import QUERIES, load

#: More than one query of each kind, and what a browser and Python may read otherwise.
OWN = [
    "",
    "  ",
    '"',
    "？",
    "diffusion difusion",
    "①",
    "ﬁgure",
    "扩散模型的噪声",
    "강화 학습",
    "CMR图像",
]


@pytest.fixture(scope="module")
def searcher(served: Served, browser: Any) -> Iterator[Searcher]:
    page = browser.new_page()
    yield Searcher(page, served.url)
    page.close()


@pytest.fixture(scope="module")
def finder(served: Served) -> Finder:
    return Finder(Index(served.site))


@pytest.mark.browser
def test_the_same_hits_in_the_same_order(
    served: Served, searcher: Searcher, finder: Finder
) -> None:
    for case in load(QUERIES):
        query = case.values[1]["q"]
        there = searcher.ask(query)
        here = finder.search(query)
        assert [[hit.page.href, hit.number] for hit in here.hits] == there["hits"], query
        assert here.whole == there["whole"], query


@pytest.mark.browser
@pytest.mark.parametrize("query", OWN)
def test_odd_queries_are_read_alike(query: str, searcher: Searcher, finder: Finder) -> None:
    there = searcher.ask(query)
    assert [[hit.page.href, hit.number] for hit in finder.search(query).hits] == there["hits"]


def test_a_query_without_words_finds_nothing(finder: Finder) -> None:
    assert not finder.search(" \t").hits
    assert not finder.search("？！").hits


def test_the_text_of_a_hit_is_that_of_its_note(served: Served, finder: Finder) -> None:
    hit = finder.search("bandicoot").hits[0]
    anchor, title, about, text = finder.text(hit)
    assert any(n.anchor == anchor and n.title == title for n in served.notes)
    assert "bandicoot" in fold(" ".join([title, text, *about]))


@given(st.text(alphabet="ab1é강화 ㄱ扩模型-. !？\n", max_size=30))
def test_tokens_have_the_places_of_their_terms(text: str) -> None:
    folded = fold(text)
    terms, _ = tokenise(folded)
    places = {term: positions[0] for term, positions in terms.items()}
    for token in tokens(folded):
        if not token.wide:
            assert token.position in terms[token.text]
    assert bool(places) == bool(list(tokens(folded)))
