"""Learning from few examples which papers a reader wants: three judges whose scores are added.

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
#: How much the cosine with the nearest examples counts beside the regression, and their number.
NEAR, NEIGHBOURS = 0.3, 5
#: How much the cosine with the mean of all counts where there are this many examples or fewer; with
#: more of them it counts less in proportion.
MEAN, _FEW = 0.45, 10.0
#: So many rows of the matrix of all pairs are held at once, and a term that at least this share of all
#: pairs has in common is multiplied as a dense column.
_BLOCK, _DENSE = 128, 0.002
_STEPS, _CLOSE = 200, 1e-8


@dataclass(frozen=True)
class Learned:
    """The score of each candidate, in standard deviations over all of them; the weight that each term
    has in it, the nearest examples aside; and how much of each term a candidate has on average."""

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
    """The scores of ``candidates`` that are learned from ``chosen``, which the reader reads and
    writes, and from ``passed``, which was shown and not wanted or is further background. Each row
    of these has its weight."""
    import numpy as np

    matrix = _stacked(candidates, chosen, passed)
    count = len(candidates)
    targets = np.full(len(matrix), -1.0)
    targets[count : count + len(chosen)] = 1.0
    importance = np.concatenate([np.ones(count), chosen_weights, passed_weights])
    weights = ridge(matrix, matrix.rows, targets, importance)
    total = float(chosen_weights.sum())
    mean = chosen.transposed_times(chosen_weights / total, chosen.rows)
    rows = candidates.rows
    by_ridge, ridge_scale = _standard(candidates.times(weights, rows))
    by_mean, mean_scale = _standard(candidates.times(mean, rows))
    by_nearest, _ = _standard(nearest(candidates, chosen, chosen_weights))
    share = MEAN * min(1.0, _FEW / len(chosen))
    usual = np.bincount(candidates.columns, candidates.values, minlength=matrix.width) / count
    return Learned(
        by_ridge + NEAR * by_nearest + share * by_mean,
        weights / ridge_scale + share * mean / mean_scale,
        usual,
    )


def nearest(candidates: Matrix, chosen: Matrix, weights: NDArray[Any]) -> NDArray[Any]:
    """The mean cosine of each candidate with those of ``chosen`` that are nearest to it, where a cosine
    counts by the root of the example's weight."""
    import numpy as np

    count = len(chosen)
    scale = np.sqrt(weights / weights.max())
    common = np.bincount(candidates.columns, minlength=candidates.width).astype(float)
    common *= np.bincount(chosen.columns, minlength=candidates.width)
    dense = common > _DENSE * len(candidates) * count
    place = np.cumsum(dense) - 1
    examples = _dense(chosen, dense, place, 0, count)
    order = np.argsort(chosen.columns, kind="stable")
    first = np.searchsorted(chosen.columns[order], np.arange(candidates.width + 1))
    example, value = chosen.rows[order], chosen.values[order]
    found = []
    for start in range(0, len(candidates), _BLOCK):
        end = min(len(candidates), start + _BLOCK)
        block = slice(candidates.starts[start], candidates.starts[end])
        rows = np.repeat(np.arange(end - start), np.diff(candidates.starts[start : end + 1]))
        rare = np.flatnonzero(~dense[candidates.columns[block]])
        columns, rows = candidates.columns[block][rare], rows[rare]
        lengths = first[columns + 1] - first[columns]
        ends = np.cumsum(lengths)
        within = np.arange(int(lengths.sum())) - np.repeat(ends - lengths, lengths)
        other = np.repeat(first[columns], lengths) + within
        likeness = _dense(candidates, dense, place, start, end) @ examples.T
        if len(other):
            likeness += np.bincount(
                np.repeat(rows, lengths) * count + example[other],
                np.repeat(candidates.values[block][rare], lengths) * value[other],
                minlength=(end - start) * count,
            ).reshape(end - start, count)
        likeness *= scale
        best = min(NEIGHBOURS, count)
        found.append(np.partition(likeness, count - best, axis=1)[:, count - best :].mean(axis=1))
    return np.concatenate(found)


def _dense(
    matrix: Matrix, columns: NDArray[Any], place: NDArray[Any], start: int, end: int
) -> NDArray[Any]:
    """The rows from ``start`` to ``end`` with those ``columns`` alone, as an array."""
    import numpy as np

    block = slice(matrix.starts[start], matrix.starts[end])
    rows = np.repeat(np.arange(end - start), np.diff(matrix.starts[start : end + 1]))
    kept = columns[matrix.columns[block]]
    result = np.zeros((end - start, int(columns.sum())))
    result[rows[kept], place[matrix.columns[block][kept]]] = matrix.values[block][kept]
    return result


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
