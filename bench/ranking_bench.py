"""How well the day's papers are ranked, on public reading lists: ours beside plain methods.

``python -m bench.ranking_bench DIR`` (or ``WEEKNOTES_RANKING_DATA=DIR make bench``) reads
``papers.jsonl.gz`` (a JSON object a line with ``id``, an arXiv id, ``title``, ``abstract`` and for some
``abstract_zh``) and ``libraries.json`` (lists of ids by name) from DIR; the data is not part of the
project. The papers of the last month are ranked by what a list held before, in 21 days of equal size in
order of id. The figure is the recall of the list's own papers among the first ten of a day, averaged
over the lists. The second column tells how far the choice of methods carries: the lists' papers of each
month before, hidden among the last month's other papers, ranked by what the list held until then.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import random
import statistics
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from weeknotes.digests.paper import Paper
from weeknotes.digests.ranking import Item, Profile, rank
from weeknotes.digests.ranking.features import Document
from weeknotes.text.terms import words

VARIABLE = "WEEKNOTES_RANKING_DATA"
DAYS, FIRST, LEAST = 21, 10, 5

Texts = list[tuple[str, str]]
#: The ids of a day's papers, best first, from their texts and those of the library.
Method = Callable[[Sequence[str], Texts, Texts], list[str]]


def ours(ids: Sequence[str], day: Texts, library: Texts) -> list[str]:
    """The ranking of ``weeknotes digest``."""
    papers = [Paper(id=i, title=t, abstract=a) for i, (t, a) in zip(ids, day, strict=True)]
    known = Profile(tuple(Item(Document(title, abstract)) for title, abstract in library))
    return [one.paper.id for one in rank(papers, known, explained=0)]


def plain(judge: Callable[[Any, Any], Any]) -> Method:
    """A method that scores tf-idf vectors of the words of title and abstract by ``judge``."""

    def method(ids: Sequence[str], day: Texts, library: Texts) -> list[str]:
        scores = judge(*_tf_idf(day, library))
        return [ids[n] for n in np.argsort(-scores, kind="stable")]

    return method


def ridge(day: Any, library: Any) -> Any:
    """The regression of library against day, in its dual form."""
    both = np.vstack([library, day])
    kernel = both @ both.T
    kernel = kernel - kernel.mean(0) - kernel.mean(1)[:, None] + kernel.mean()
    targets = np.repeat([1.0, 0.0], [len(library), len(day)])
    return (kernel @ np.linalg.solve(kernel + np.eye(len(both)), targets - targets.mean()))[
        len(library) :
    ]


METHODS: dict[str, Method] = {
    "weeknotes": ours,
    "mean cosine": plain(lambda day, library: (day @ library.T).mean(1)),
    "ridge": plain(ridge),
    "nearest neighbour": plain(lambda day, library: (day @ library.T).max(1)),
}


def main() -> None:
    """Print the figures of every method."""
    parser = argparse.ArgumentParser(prog="python -m bench.ranking_bench", description=__doc__)
    parser.add_argument("folder", nargs="?", default=os.environ.get(VARIABLE), type=Path)
    folder = parser.parse_args().folder
    if folder is None or not (folder / "papers.jsonl.gz").is_file():
        print(f"\nranking: no data (name its folder, or set {VARIABLE})")
        return
    with gzip.open(folder / "papers.jsonl.gz", "rt", encoding="utf-8") as lines:
        papers = {paper["id"]: paper for paper in map(json.loads, lines)}
    lists = json.loads((folder / "libraries.json").read_text("utf-8"))
    print(
        f"\nranking, recall of {FIRST} a day   last month   months before   Chinese   ten entries"
    )
    for name, method in METHODS.items():
        figures = (
            last_month(method, papers, lists),
            months_before(method, papers, lists),
            last_month(method, papers, lists, chinese=True),
            statistics.mean(last_month(method, papers, lists, ten=seed) for seed in range(1, 4)),
        )
        print(f"{name:<24}" + "".join(f"{figure:>13.2f}" for figure in figures))
    speed(papers)


def last_month(
    method: Method,
    papers: Mapping[str, Any],
    lists: Mapping[str, Sequence[str]],
    *,
    chinese: bool = False,
    ten: int = 0,
) -> float:
    """The figure for the last month; ``chinese`` gives the library Chinese abstracts, and ``ten``
    (a seed) leaves it ten entries."""
    month = max(papers)[:4]
    found = []
    for ids in lists.values():
        held = sorted(i for i in ids if i < month)
        if ten:
            held = sorted(random.Random(ten).sample(held, 10))
        days = _days(sorted(i for i in papers if i.startswith(month)))
        found.append(_recall(method, papers, days, held, set(ids), chinese=chinese))
    return statistics.mean(found)


def months_before(
    method: Method, papers: Mapping[str, Any], lists: Mapping[str, Sequence[str]]
) -> float:
    """The figure for the months before the last, averaged over the lists."""
    last = max(papers)[:4]
    listed = set().union(*lists.values())
    others = [i for i in papers if i.startswith(last) and i not in listed]
    found = []
    for ids in lists.values():
        hits: list[float] = []
        for month in sorted({i[:4] for i in ids if i < last}):
            held = sorted(i for i in ids if i[:4] < month)
            wanted = {i for i in ids if i.startswith(month)}
            if len(held) >= LEAST:
                mixed = sorted([*others, *wanted])
                random.Random(month).shuffle(mixed)
                recall = _recall(method, papers, _days(mixed), held, wanted)
                hits += [recall] * len(wanted)
        found.append(statistics.mean(hits))
    return statistics.mean(found)


def speed(papers: Mapping[str, Any]) -> None:
    """Print how long 2,000 candidates take against a library of 2,000."""
    ids = sorted(papers)[-4000:]
    texts = [(papers[i]["title"], papers[i]["abstract"]) for i in ids]
    start = time.perf_counter()
    ours(ids[:2000], texts[:2000], texts[2000:])
    print(f"2,000 candidates against 2,000 entries: {time.perf_counter() - start:.1f} s")


def _recall(
    method: Method,
    papers: Mapping[str, Any],
    days: Iterator[list[str]],
    held: Sequence[str],
    wanted: set[str],
    *,
    chinese: bool = False,
) -> float:
    library = [
        (papers[i]["title"], papers[i]["abstract_zh" if chinese else "abstract"]) for i in held
    ]
    hits = total = 0
    for day in days:
        own = wanted.intersection(day)
        if own:
            texts = [(papers[i]["title"], papers[i]["abstract"]) for i in day]
            hits += len(own.intersection(method(day, texts, library)[:FIRST]))
            total += len(own)
    return hits / total


def _days(ids: Sequence[str]) -> Iterator[list[str]]:
    return (list(map(str, day)) for day in np.array_split(np.array(ids), DAYS))


def _tf_idf(day: Texts, library: Texts) -> tuple[Any, Any]:
    """Rows of length 1, rarity counted over both."""
    documents = [list(words(f"{title}\n{abstract}")) for title, abstract in (*day, *library)]
    places: dict[str, int] = {}
    for document in documents:
        for word in document:
            places.setdefault(word, len(places))
    counts = np.zeros((len(documents), len(places)))
    for row, document in enumerate(documents):
        np.add.at(counts[row], [places[word] for word in document], 1)
    having = (counts > 0).sum(0)
    weights = np.where(counts > 0, 1 + np.log(np.maximum(counts, 1)), 0)
    weights *= np.log((1 + len(documents)) / (1 + having)) + 1
    weights /= np.maximum(np.linalg.norm(weights, axis=1, keepdims=True), 1e-12)
    return weights[: len(day)], weights[len(day) :]


if __name__ == "__main__":
    main()
