"""How much more athletes, or more labels, would teach: learning curves on unseen athletes."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from labeler.core.arrays import AnyArray, FloatArray, IntArray
from labeler.evaluate.cheap import CheapReps, cheap_scores, fit_cheap
from labeler.evaluate.metrics import METRICS, Scores
from labeler.learn.folds import Fold

GROUP_SIZES = (2, 4, 6, 9)
"""Athletes to learn from, as in the trials behind the design; and all there are."""

LABEL_SIZES = (10, 20, 40, 80)
"""Labelled reps to learn from, as in those trials; and all there are."""

N_REPEATS = 8
"""Draws of athletes, or of reps, for each size."""

N_TRIES = 20
"""Draws until one holds both kinds of reps; then that repeat is given up."""

SEED = 20

CURVE_METRICS = ("balanced_accuracy", "auroc")


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """Scores on unseen athletes after learning from `n` athletes or labels.

    Parameters
    ----------
    n : int
        How many; for all there are, the mean over folds, rounded.
    is_all : bool
        Whether that is all there are.
    n_repeats : int
        Draws that could be trained.
    balanced_accuracy, auroc : float
        Means over the draws.
    balanced_accuracy_low, balanced_accuracy_high, auroc_low, auroc_high : float
        Lowest and highest draw: how much luck there is in whom one films, no interval.
    """

    n: int
    is_all: bool
    n_repeats: int
    balanced_accuracy: float
    balanced_accuracy_low: float
    balanced_accuracy_high: float
    auroc: float
    auroc_low: float
    auroc_high: float


def curve_by_group(
    reps: CheapReps, folds: Sequence[Fold], *, done: Callable[[float], object]
) -> tuple[CurvePoint, ...]:
    """Learn from some of the athletes (or sets) of each fold, and from all."""
    n_least = min((len(set(reps.who[train])) for train, _ in folds), default=0)
    n_all = _mean_size([len(set(reps.who[train])) for train, _ in folds])
    sizes = [*(size for size in GROUP_SIZES if size < n_least), n_all]
    return _curve(reps, folds, _chosen_groups, sizes=sizes, done=done)


def curve_by_label(
    reps: CheapReps, folds: Sequence[Fold], *, done: Callable[[float], object]
) -> tuple[CurvePoint, ...]:
    """Learn from some of the reps of each fold, whoever moved, and from all."""
    n_least = min((train.size for train, _ in folds), default=0)
    n_all = _mean_size([train.size for train, _ in folds])
    sizes = [*(size for size in LABEL_SIZES if size < n_least), n_all]
    return _curve(reps, folds, _chosen_reps, sizes=sizes, done=done)


Choose = Callable[[CheapReps, IntArray, int, np.random.Generator], IntArray]
"""Some of the training rows: how many athletes, or reps, is the third."""


def _curve(
    reps: CheapReps,
    folds: Sequence[Fold],
    choose: Choose,
    *,
    sizes: Sequence[int],
    done: Callable[[float], object],
) -> tuple[CurvePoint, ...]:
    """A point for each size; the last is that of all there are."""
    if not folds:
        return ()
    points: list[CurvePoint] = []
    for place, size in enumerate(sizes[:-1]):
        found = [_drawn(reps, folds, choose, size=size, seed=seed) for seed in range(N_REPEATS)]
        points += _point([one for one in found if one is not None], n=size, is_all=False)
        done((place + 1) / len(sizes))
    points += _point([_scored(reps, folds)], n=sizes[-1], is_all=True)
    done(1.0)
    return tuple(points)


def _drawn(
    reps: CheapReps, folds: Sequence[Fold], choose: Choose, *, size: int, seed: int
) -> FloatArray | None:
    """Scores with that many in every fold; None where no draw holds both kinds of reps."""
    rng = np.random.default_rng((SEED, size, seed))
    chosen = []
    for train, test in folds:
        draws = (choose(reps, train, size, rng) for _ in range(N_TRIES))
        rows = next((rows for rows in draws if len(set(reps.y[rows])) == 2), None)
        if rows is None:
            return None
        chosen.append((rows, test))
    return _scored(reps, chosen)


def _scored(reps: CheapReps, folds: Sequence[Fold]) -> FloatArray:
    """`CURVE_METRICS` over all tested reps, shape (n_metrics,)."""
    probability = np.full(reps.y.size, np.nan)
    for train, test in folds:
        probability[test] = cheap_scores(fit_cheap(reps, train), reps.x[test]).score
    scores = Scores(probability, probability >= 0.5)
    weight = np.ones((1, reps.y.size))
    return np.array([METRICS[name](reps.y, scores, weight)[0] for name in CURVE_METRICS])


def _point(found: Sequence[FloatArray], *, n: int, is_all: bool) -> Iterator[CurvePoint]:
    """One point; none where no draw could be trained."""
    if not found:
        return
    table = np.stack(found)
    low, high = table.min(axis=0), table.max(axis=0)
    mean = np.clip(table.mean(axis=0), low, high)  # the last digit of a sum may leave them
    yield CurvePoint(
        n=n,
        is_all=is_all,
        n_repeats=len(found),
        balanced_accuracy=float(mean[0]),
        balanced_accuracy_low=float(low[0]),
        balanced_accuracy_high=float(high[0]),
        auroc=float(mean[1]),
        auroc_low=float(low[1]),
        auroc_high=float(high[1]),
    )


def _chosen_groups(
    reps: CheapReps, train: IntArray, size: int, rng: np.random.Generator
) -> IntArray:
    """The training rows of some athletes."""
    names: AnyArray = reps.who[train].astype(str)
    chosen = rng.choice(np.unique(names), size, replace=False)
    return train[np.isin(names, chosen)]


def _chosen_reps(_: CheapReps, train: IntArray, size: int, rng: np.random.Generator) -> IntArray:
    """Some training rows."""
    rows: IntArray = np.sort(rng.choice(train, size, replace=False))
    return rows


def _mean_size(sizes: Sequence[int]) -> int:
    """The mean, rounded; 0 without folds."""
    return round(float(np.mean(sizes))) if sizes else 0
