"""The day's papers in order, each with the reasons for its place."""

from __future__ import annotations

import datetime
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from weeknotes.digests.entry import Nearest
from weeknotes.digests.paper import Paper
from weeknotes.digests.ranking.features import (
    Document,
    Matrix,
    count,
    matrices,
    term_id,
)
from weeknotes.digests.ranking.model import Learned, learn
from weeknotes.digests.ranking.naming import named
from weeknotes.digests.ranking.profile import Item, Profile

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: So many words, and so many notes and papers of one's own, are named as reasons.
WORDS, NEAREST = 5, 3
#: A likeness (cosine) below this is chance.
_LEAST = 0.06
#: What one read so many days ago counts half of what one reads today, but never less than a quarter.
_HALF_LIFE, _LEAST_AGED = 365.0, 0.25


@dataclass(frozen=True)
class Ranked:
    """A paper with its score (0 to 1; only the order between papers of one day means something), the
    words that raised it, as the paper writes them, and what of one's own it is near to."""

    paper: Paper
    score: float
    raised_by: tuple[str, ...] = ()
    nearest: tuple[Nearest, ...] = ()


def rank(
    candidates: Sequence[Paper],
    profile: Profile,
    *,
    background: Sequence[Paper] = (),
    explained: int = 100,
    today: datetime.date | None = None,
) -> list[Ranked]:
    """``candidates``, the nearest to ``profile`` first, with reasons for the first ``explained``.

    ``background`` are other papers, such as those of days before, of which nothing is known; the
    candidates themselves are background enough. Where the profile is empty, votes decide, and then the
    order given. The same input gives the same order on every machine.
    """
    import numpy as np

    if not candidates:
        return []
    likes = [item for item in profile.likes if item.weight > 0]
    if not likes:
        order = sorted(range(len(candidates)), key=lambda n: -(candidates[n].votes or 0))
        return [Ranked(candidates[n], 0.0) for n in order]
    own, others, behind = matrices(
        [document_of(paper) for paper in candidates],
        [item.document for item in (*likes, *profile.passed)],
        map(document_of, background),
    )
    chosen, passed = _split(others, len(likes))
    importance = _importance(likes, today)
    unwanted = np.array([item.weight for item in profile.passed] + [1.0] * len(behind))
    learned = learn(own, chosen, importance, _joined(passed, behind), unwanted)
    order = _order(candidates, learned.scores)
    named = set(order[:explained])
    reasons = _Reasons(own, chosen, learned, likes)
    return [
        Ranked(
            candidates[n],
            _squashed(float(learned.scores[n])),
            reasons.words(n, candidates[n]) if n in named else (),
            reasons.nearest(n) if n in named else (),
        )
        for n in order
    ]


def document_of(paper: Paper) -> Document:
    """The part of a paper that is compared."""
    return Document(paper.title, paper.abstract, paper.authors, paper.categories)


def _order(candidates: Sequence[Paper], scores: NDArray[Any]) -> list[int]:
    """The places of the candidates by falling score; of equals that with more votes, then the first."""
    rounded = [round(float(score), 9) for score in scores]
    return sorted(
        range(len(candidates)), key=lambda n: (-rounded[n], -(candidates[n].votes or 0), n)
    )


def _importance(likes: Sequence[Item], today: datetime.date | None) -> NDArray[Any]:
    """The weights of ``likes``, less of what is old, in sum as without ages."""
    import numpy as np

    weights = np.array([item.weight for item in likes])
    ages = [max(0, (today - item.date).days) if today and item.date else None for item in likes]
    if any(age is not None for age in ages):
        known = np.array([0.0 if age is None else float(age) for age in ages])
        aged = weights * np.maximum(_LEAST_AGED, 0.5 ** (known / _HALF_LIFE))
        weights = aged * (weights.sum() / aged.sum())
    return weights


def _squashed(score: float) -> float:
    """A score in standard deviations as a number between 0 and 1, 0.5 for the average paper."""
    return round(1 / (1 + math.exp(-max(-30.0, min(30.0, score / 2)))), 6)


def _split(matrix: Matrix, first: int) -> tuple[Matrix, Matrix]:
    end = matrix.starts[first]
    return (
        Matrix(matrix.starts[: first + 1], matrix.columns[:end], matrix.values[:end], matrix.width),
        Matrix(
            matrix.starts[first:] - end, matrix.columns[end:], matrix.values[end:], matrix.width
        ),
    )


def _joined(first: Matrix, second: Matrix) -> Matrix:
    import numpy as np

    return Matrix(
        np.concatenate([first.starts, second.starts[1:] + first.starts[-1]]),
        np.concatenate([first.columns, second.columns]),
        np.concatenate([first.values, second.values]),
        first.width,
    )


class _Reasons:
    """Why papers are where they are."""

    def __init__(
        self, candidates: Matrix, chosen: Matrix, learned: Learned, likes: Sequence[Item]
    ) -> None:
        import numpy as np

        self._candidates, self._chosen = candidates, chosen
        self._rows = chosen.rows
        self._learned, self._likes = learned, likes
        self._liked = np.bincount(chosen.columns, minlength=chosen.width) > 0

    def words(self, place: int, paper: Paper) -> tuple[str, ...]:
        """The words that raised the candidate at ``place``, as ``paper`` writes them: those that what
        one reads has too, and that it has more of than the day's papers have on average."""
        import numpy as np

        row = slice(self._candidates.starts[place], self._candidates.starts[place + 1])
        columns, values = self._candidates.columns[row], self._candidates.values[row]
        raised = self._learned.weights[columns] * (values - self._learned.usual[columns])
        raised = np.where(self._liked[columns], raised, 0.0)
        by_term = dict(zip(self._term_ids(paper), raised.tolist(), strict=True))
        found = sorted(
            named(paper, lambda term: by_term.get(term_id(term), 0.0)), key=lambda one: -one[0]
        )
        names: list[str] = []
        for gain, surface in found:
            folded = surface.casefold()
            if gain <= 0:
                break
            if any(folded in known.casefold() for known in names):
                continue
            # "language models" says more than the "language" before it, and takes its place.
            shorter = [known for known in names if known.casefold() in folded]
            if shorter:
                names[names.index(shorter[0])] = surface
                names = [known for known in names if known not in shorter]
            elif len(names) < WORDS:
                names.append(surface)
        return tuple(names)

    def _term_ids(self, paper: Paper) -> list[int]:
        """The terms of a candidate in the order of its row."""
        return list(count(document_of(paper)))

    def nearest(self, place: int) -> tuple[Nearest, ...]:
        """The reader's own items that are most similar to the candidate at ``place``, each paper
        once."""
        import numpy as np

        row = slice(self._candidates.starts[place], self._candidates.starts[place + 1])
        vector = np.zeros(self._candidates.width)
        vector[self._candidates.columns[row]] = self._candidates.values[row]
        likeness = np.round(self._chosen.times(vector, self._rows), 6)
        found: dict[str, Nearest] = {}
        for number in np.argsort(-likeness, kind="stable").tolist():
            if likeness[number] < _LEAST or len(found) == NEAREST:
                break
            item = self._likes[number]
            if item.near is not None:
                known = found.get(item.identity)
                # A note says more than the entry of the paper that it is on.
                if known is None or (item.near.week and not known.week):
                    found[item.identity] = item.near
        return tuple(found.values())
