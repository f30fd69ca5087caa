"""The ranking of candidates: what it learns from, what it must not learn from, and its reasons."""

import datetime
import itertools
import random
import time

import numpy as np
import pytest

from weeknotes.digests.entry import Nearest
from weeknotes.digests.paper import Paper
from weeknotes.digests.ranking import Item, Profile, rank
from weeknotes.digests.ranking.features import Document, Matrix, matrices
from weeknotes.digests.ranking.model import nearest, ridge

SUBJECTS = {
    "bell": "bell tower bronze casting strike resonance carillon clapper foundry tuning",
    "tide": "tide estuary salinity harbour current sediment mooring gauge lunar coast",
    "moss": "moss spore humidity substrate shade rhizoid bog peat sphagnum growth",
    "loom": "loom warp weft shuttle thread pattern textile heddle fabric weave",
}
COMMON = (
    "we study the method and show results on data with a new approach that improves over".split()
)


def papers(subject, count, seed=0, start=0):
    """Made-up papers on ``subject``: some of its words amid common ones."""
    rng = random.Random(f"{subject}{seed}")
    words = SUBJECTS[subject].split()
    for n in range(start, start + count):
        chosen = rng.sample(words, 4)
        text = " ".join(
            rng.sample(COMMON, 8) + chosen + rng.sample(COMMON, 8) + rng.sample(words, 3)
        )
        yield Paper(id=f"{subject}-{n}", title=f"On {chosen[0]} and {chosen[1]}", abstract=text)


def day(seed=1, each=15):
    found = list(itertools.chain(*(papers(s, each, seed) for s in SUBJECTS)))
    random.Random(seed).shuffle(found)
    return found


def likes(*found, weight=1.0, **more):
    return tuple(
        Item(
            Document(p.title, p.abstract, p.authors, p.categories),
            weight,
            Nearest(p.id, p.title),
            p.id,
            **more,
        )
        for p in found
    )


def subjects(ranked, first=10):
    return [one.paper.id.partition("-")[0] for one in ranked[:first]]


def test_papers_like_those_of_the_library_come_first():
    ranked = rank(day(), Profile(likes(*papers("tide", 5))))
    assert subjects(ranked).count("tide") >= 9
    assert [one.score for one in ranked] == sorted((one.score for one in ranked), reverse=True)
    assert all(0 <= one.score <= 1 for one in ranked)


def test_an_empty_profile_leaves_votes_to_decide():
    few = [Paper(id="a", title="A"), Paper(id="b", title="B", votes=3), Paper(id="c", title="C")]
    assert [one.paper.id for one in rank(few, Profile())] == ["b", "a", "c"]
    assert rank([], Profile(likes(*papers("tide", 2)))) == []


@pytest.mark.parametrize("count", [1, 2, 3])
def test_a_day_of_few_papers_is_ranked_too(count):
    found = (
        [*papers("moss", count - 1), *papers("bell", 1)] if count > 1 else list(papers("bell", 1))
    )
    ranked = rank(found, Profile(likes(*papers("bell", 4, seed=3))))
    assert subjects(ranked)[0] == "bell" and len(ranked) == count


def test_the_script_of_a_library_is_not_learned():
    """Entries with Chinese abstracts and English titles find the same English papers: what tells
    them from the day's papers is their script, and that must not count."""
    library = [
        Item(
            Document(paper.title, "我们研究潮汐与河口的盐度变化，并提出一种新的方法来改进结果。"),
            1.0,
        )
        for paper in papers("tide", 6)
    ]
    english = [Item(Document(paper.title), 1.0) for paper in papers("tide", 6)]
    both = [rank(day(), Profile(tuple(items))) for items in (library, english)]
    assert [one.paper.id for one in both[0]] == [one.paper.id for one in both[1]]
    assert subjects(both[0]).count("tide") >= 8


def test_an_entry_in_another_script_alone_changes_no_order():
    known = likes(*papers("loom", 5))
    foreign = (Item(Document("직조 연구", "베틀과 날실에 대한 연구이다."), 1.0),)
    before = rank(day(), Profile(known))
    after = rank(day(), Profile((*known, *foreign)))
    assert subjects(after) == subjects(before)


def test_a_note_weighs_more_than_an_entry():
    entries, notes = likes(*papers("bell", 4)), likes(*papers("moss", 4), weight=2.0)
    found = subjects(rank(day(), Profile((*entries, *notes))), 12)
    turned = subjects(
        rank(day(), Profile((*likes(*papers("bell", 4), weight=2.0), *likes(*papers("moss", 4))))),
        12,
    )
    assert found.count("moss") > turned.count("moss")


def test_papers_shown_and_passed_over_pull_their_like_down():
    known = likes(*papers("bell", 4), *papers("moss", 4))
    before = rank(day(), Profile(known))
    after = rank(day(), Profile(known, passed=likes(*papers("moss", 12, seed=9))))

    def places(ranked):
        return np.mean([n for n, one in enumerate(ranked) if one.paper.id.startswith("moss")])

    assert places(after) > places(before) + 2


def test_what_was_read_long_ago_counts_less():
    today = datetime.date(2026, 11, 30)
    old = likes(*papers("bell", 4), date=datetime.date(2019, 1, 1))
    new = likes(*papers("moss", 4), date=datetime.date(2026, 11, 1))
    aged = rank(day(), Profile((*old, *new)), today=today)
    assert subjects(aged, 15).count("moss") > subjects(aged, 15).count("bell")


def test_an_author_and_a_category_that_are_known_raise_a_paper():
    plain = [Paper(id=str(n), title="A study", abstract="Of things.") for n in range(40)]
    plain[17] = Paper(id="17", title="A study", abstract="Of things.", authors=("Ada Q. Bell",))
    known = Item(Document("Another thing", "", authors=("Bell Ada Q.",)), 1.0)
    assert rank(plain, Profile((known,)))[0].paper.id == "17"


def test_the_reasons_are_the_papers_own_words_and_the_nearest_of_ones_own():
    note = Item(
        Document("The carillon", "The carillon and its clapper."),
        2.0,
        Nearest("key2020", "The carillon", "2026-W41", "2026-W41.ipynb"),
        "key2020",
    )
    entry = Item(Document("The carillon", ""), 1.0, Nearest("key2020", "The carillon"), "key2020")
    paper = Paper(id="x", title="Carillons at Dusk", abstract="CLAPPER tuning of carillons.")
    others = [one for one in day() if not one.id.startswith("bell")]
    first = rank([*others, paper], Profile((note, entry)))[0]
    assert first.paper.id == "x"
    assert {"Carillons", "CLAPPER"} <= set(" ".join(first.raised_by).split())
    assert first.nearest == (note.near,)


def test_words_that_every_paper_has_are_no_reason():
    for one in rank(day(), Profile(likes(*papers("tide", 6))))[:5]:
        assert one.raised_by
        assert not {"we", "the", "and", "study", "that"} & {w.lower() for w in one.raised_by}


def test_neighbouring_words_are_named_together_as_they_are_written():
    known = Item(Document("Graph neural networks", "Graph neural networks and bells."), 1.0)
    paper = Paper(
        id="x",
        title="Bells for Graph Neural-Networks",
        abstract="Of a network, neural or of a graph: and Bells.",
    )
    first = rank([*day(), paper], Profile((known,)))[0]
    assert first.paper.id == "x"
    assert {"Graph Neural", "Neural-Networks"} & set(first.raised_by)
    for word in first.raised_by:
        assert word in f"{paper.title} {paper.abstract}" and not word.startswith(("and", "for"))


def test_reasons_in_chinese_and_korean_are_found():
    candidates = [
        Paper(id="zh", title="扩散模型的采样加速", abstract="我们加速扩散模型的采样。"),
        Paper(id="ko", title="확산 모델의 표본 추출", abstract="확산 모델을 빠르게 한다."),
        *day(each=5),
    ]
    ranked = rank(candidates, Profile((Item(Document("扩散模型综述", "扩散模型与采样"), 2.0),)))
    assert ranked[0].paper.id == "zh" and any("扩" in word for word in ranked[0].raised_by)


@pytest.mark.parametrize(
    ("liked", "text", "named", "never"),
    [
        (
            "我们可以用一个扩散模型，通过一步蒸馏得到梯度。",
            "我们可以从一个扩散模型中，通过梯度得到一步生成。",
            {"扩散模型", "梯度"},
            {"我们", "可以", "一个", "通过", "得到", "一步"},
        ),
        (
            "우리는 확산 모델을 사용하는 새로운 방법을 제안한다. 심장의 분할에서.",
            "우리는 심장의 확산 모델을 위한 새로운 방법을 제안한다.",
            {"확산", "모델", "심장"},
            {"우리", "우리는", "새로운", "방법", "방법을", "제안한다", "위한"},
        ),
        (
            "これは拡散モデルのための新しいサンプリングである。",
            "この拡散モデルはサンプリングのために使う。",
            {"拡散モデル", "サンプリング"},
            {"この", "ため", "のた"},
        ),
        (
            "It keeps the flow and looks beside nothing, a matching of paths.",
            "What it keeps beside the flow looks like a matching; nothing else.",
            {"flow", "matching"},
            {"keeps", "looks", "beside", "nothing"},
        ),
    ],
)
def test_reasons_are_words_that_say_what_a_paper_is_about(
    liked: str, text: str, named: set[str], never: set[str]
) -> None:
    own = (Item(Document("", liked), 2.0),)
    found = rank([*day(each=5), Paper(id="x", title="", abstract=text)], Profile(own))
    [one] = [ranked for ranked in found if ranked.paper.id == "x"]
    assert named <= set(one.raised_by)
    assert not never & set(one.raised_by)


def test_the_order_does_not_depend_on_the_order_of_the_profile():
    known = likes(*papers("tide", 4), *papers("bell", 2))
    one = rank(day(), Profile(known))
    other = rank(day(), Profile(tuple(reversed(known))))
    assert [r.paper.id for r in one] == [r.paper.id for r in other]


def test_ridge_agrees_with_the_closed_form():
    rng = np.random.default_rng(5)
    dense = rng.random((30, 12)) * (rng.random((30, 12)) < 0.4)
    rows, columns = np.nonzero(dense)
    starts = np.concatenate([[0], np.cumsum(np.bincount(rows, minlength=30))])
    matrix = Matrix(starts, columns, dense[rows, columns], 12)
    targets, weight = rng.choice([-1.0, 1.0], 30), rng.random(30) + 0.5
    mean = weight @ dense / weight.sum()
    centred = dense - mean
    expected = np.linalg.solve(
        centred.T @ (weight[:, None] * centred) + 3.0 * np.eye(12),
        centred.T @ (weight * (targets - weight @ targets / weight.sum())),
    )
    assert np.allclose(ridge(matrix, matrix.rows, targets, weight), expected, atol=1e-4)


def test_rows_have_length_one_and_columns_are_the_candidates_terms():
    own, others, behind = matrices(
        [Document("bell tower", "bronze"), Document("tide gauge", "harbour")],
        [Document("bell 종탑", "unknown words")],
    )
    for matrix in (own, others):
        squares = np.bincount(matrix.rows, matrix.values**2, minlength=len(matrix))
        assert np.allclose(squares, 1)
    assert len(others.columns) == 1 and len(behind) == 0


def test_two_thousand_papers_against_two_thousand():
    """The bound is generous for a loaded machine; ``make bench`` measures it."""
    rng = np.random.default_rng(1)
    places = np.minimum(19_999, (20_000 ** rng.random((8000, 150))).astype(int))

    def text():
        nonlocal places
        first, places = places[0], places[1:]
        return " ".join(f"word{chr(97 + n % 26)}{n}x" for n in first)

    candidates = [Paper(id=str(n), title=text()[:80], abstract=text()) for n in range(2000)]
    known = tuple(Item(Document(text()[:80], text()), 1.0) for _ in range(2000))
    start = time.process_time()
    ranked = rank(candidates, Profile(known))
    assert len(ranked) == 2000 and time.process_time() - start < 20


def test_the_nearest_are_those_of_the_full_table_of_cosines():
    documents = [Document(paper.title, paper.abstract) for paper in day()]
    own, others, _ = matrices(documents, documents[:9])
    dense = [np.zeros((len(matrix), matrix.width)) for matrix in (own, others)]
    for table, matrix in zip(dense, (own, others), strict=True):
        table[matrix.rows, matrix.columns] = matrix.values
    weights = np.linspace(1, 2, 9)
    table = dense[0] @ dense[1].T * np.sqrt(weights / 2)
    expected = np.sort(table, axis=1)[:, -5:].mean(axis=1)
    assert np.allclose(nearest(own, others, weights), expected)
