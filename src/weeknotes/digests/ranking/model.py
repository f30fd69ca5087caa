"""Learning from few examples which papers a reader wants: ridge regression and the mean cosine.

The regression (Hoerl and Kennard, "Ridge Regression", Technometrics 12, 1970) tells what the reader
chose from the day's papers, which are the background: nearly all of them are not chosen, and no listing
of the past is needed. It is solved by conjugate gradients (Hestenes and Stiefel, 1952), which need no
more than products with the sparse matrix.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from weeknotes.digests.ranking.features import Matrix

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: How strongly the regression keeps its weights small.
PENALTY = 3.0
#: How much the mean cosine counts beside the regression: more where there are few examples, fewer than
#: the regression needs to tell what they have in common.
_MEAN_MANY, _MEAN_FEW, _FEW = 0.15, 0.6, 10
_STEPS, _CLOSE = 200, 1e-8


@dataclass(frozen=True)
class Learned:
    """A weight for each term by the regression, and by the mean of what was chosen; scores are in
    standard deviations over the candidates."""

    scores: NDArray[Any]
    weights: NDArray[Any]
    usual: NDArray[Any]


def learn(
    candidates: Matrix,
    chosen: Matrix,
    chosen_weights: NDArray[Any],
    passed: Matrix,
    passed_weights: NDArray[Any],
) -> Learned:
    """The scores of ``candidates``, and the weights of terms that gave them.

    ``chosen`` is what the reader reads and writes, ``passed`` what was shown and not wanted and further
    background; each row has its weight.
    """
    import numpy as np

    matrix = _stacked(candidates, chosen, passed)
    rows = matrix.rows
    count = len(candidates)
    targets = np.full(len(matrix), -1.0)
    targets[count : count + len(chosen)] = 1.0
    importance = np.concatenate([np.ones(count), chosen_weights, passed_weights])
    weights = ridge(matrix, rows, targets, importance)
    total = max(1e-12, float(chosen_weights.sum()))
    mean = chosen.transposed_times(chosen_weights / total, chosen.rows)
    own = candidates.rows
    share = _share(float(chosen_weights.sum()))
    by_ridge, ridge_scale = _standard(candidates.times(weights, own))
    by_mean, mean_scale = _standard(candidates.times(mean, own))
    scores = by_ridge + share * by_mean
    usual = np.bincount(candidates.columns, candidates.values, minlength=matrix.width) / count
    return Learned(scores, weights / ridge_scale + share * mean / mean_scale, usual)


def ridge(
    matrix: Matrix, rows: NDArray[Any], targets: NDArray[Any], importance: NDArray[Any]
) -> NDArray[Any]:
    """The weight of each column in the regression of ``targets`` on the rows of ``matrix``, with an
    intercept; a row counts by its ``importance``."""
    import numpy as np

    total = importance.sum()
    mean = matrix.transposed_times(importance / total, rows)

    def product(vector: NDArray[Any]) -> NDArray[Any]:
        weighted = importance * (matrix.times(vector, rows) - mean @ vector)
        spread = matrix.transposed_times(weighted, rows) - mean * weighted.sum()
        result: NDArray[Any] = spread + PENALTY * vector
        return result

    centred = importance * (targets - importance @ targets / total)
    wanted = matrix.transposed_times(centred, rows) - mean * centred.sum()
    solution = np.zeros(matrix.width)
    rest = wanted.copy()
    direction = rest.copy()
    length = rest @ rest
    least = _CLOSE * max(length, 1e-300)
    for _ in range(_STEPS):
        if length <= least:
            break
        step = product(direction)
        size = length / (direction @ step)
        solution += size * direction
        rest -= size * step
        before, length = length, rest @ rest
        direction = rest + (length / before) * direction
    return solution


def _share(examples: float) -> float:
    return _MEAN_MANY + (_MEAN_FEW - _MEAN_MANY) * min(1.0, _FEW / max(1.0, examples))


def _standard(scores: NDArray[Any]) -> tuple[NDArray[Any], float]:
    """``scores`` with mean 0 and standard deviation 1, and the deviation that they had."""
    spread = float(scores.std())
    scale = spread if spread > 1e-12 else 1.0
    return (scores - scores.mean()) / scale, scale


def _stacked(*parts: Matrix) -> Matrix:
    import numpy as np

    ends = np.cumsum([0, *(len(part.columns) for part in parts)])
    starts = [part.starts[1:] + end for part, end in zip(parts, ends, strict=False)]
    return Matrix(
        np.concatenate([[0], *starts]),
        np.concatenate([part.columns for part in parts]),
        np.concatenate([part.values for part in parts]),
        parts[0].width,
    )
