"""Whether there is anything to learn: the same test with labels shuffled within each athlete."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from labeler.core.arrays import AnyArray, FloatArray, IntArray
from labeler.evaluate.cheap import CHEAP_MEMBER, CheapReps, ranks_with_labels
from labeler.evaluate.metrics import Scores, auroc
from labeler.learn.folds import Fold

N_PERMUTATIONS = 100
"""Shuffles: the smallest p value is then 1 in 101."""

N_AT_ONCE = 10
"""Shuffles between two words about progress."""

SEED = 20

MAX_DISTANCE_FROM_CHANCE = 0.05
"""Mean AUROC of shuffled labels further from 0.5 than this means that something leaks."""


@dataclass(frozen=True, slots=True)
class Permutation:
    """AUROC of the cheap member beside what it reaches on labels that mean nothing.

    Parameters
    ----------
    member : str
        What was tested: never the whole model, which would take hours.
    observed : float
        AUROC on unseen athletes with the labels as they are.
    shuffled : tuple[float, ...]
        The same with labels shuffled within each athlete.
    p_value : float
        Share of shuffles, and of the labels themselves, that do at least as well (Phipson & Smyth
        2010, Stat Appl Genet Mol Biol 9:39).
    """

    member: str
    observed: float
    shuffled: tuple[float, ...]
    p_value: float

    @property
    def mean(self) -> float:
        """AUROC of shuffled labels on average: 0.5 where nothing leaks."""
        return float(np.mean(self.shuffled))

    @property
    def is_sound(self) -> bool:
        """Whether shuffled labels score like chance."""
        return abs(self.mean - 0.5) <= MAX_DISTANCE_FROM_CHANCE


def permutation_test(
    reps: CheapReps, folds: list[Fold], *, done: Callable[[float], object]
) -> Permutation | None:
    """Shuffle, train and test again `N_PERMUTATIONS` times; always the same shuffles.

    Parameters
    ----------
    done : Callable[[float], object]
        Called with the share of the work that is done.

    Returns
    -------
    Permutation | None
        None without folds, or where shuffling changes nothing because nobody has reps of both
        kinds.
    """
    shuffled = shuffles(reps.y, reps.who)
    if not folds or (shuffled == reps.y).all():
        return None
    observed = _auroc(reps, folds, reps.y[np.newaxis])[0]
    found: list[float] = []
    for start in range(0, N_PERMUTATIONS, N_AT_ONCE):
        found += _auroc(reps, folds, shuffled[start : start + N_AT_ONCE])
        done(len(found) / N_PERMUTATIONS)
    told = [one for one in found if np.isfinite(one)]
    if not told:
        return None
    p_value = (1 + sum(one >= observed for one in told)) / (1 + len(told))
    return Permutation(CHEAP_MEMBER, observed, tuple(told), p_value)


def shuffles(y: IntArray, who: AnyArray) -> IntArray:
    """Labels shuffled within each athlete, shape (N_PERMUTATIONS, n_reps).

    How many reps of each athlete have the fault stays as it is.
    """
    rng = np.random.default_rng(SEED)
    found: IntArray = np.repeat(y[np.newaxis], N_PERMUTATIONS, axis=0)
    names = who.astype(str)
    for name in np.unique(names):
        rows = np.flatnonzero(names == name)
        found[:, rows] = rng.permuted(found[:, rows], axis=1)
    return found


def _auroc(reps: CheapReps, folds: list[Fold], labels: IntArray) -> list[float]:
    """AUROC of each row of labels; NaN where a fold could not be trained."""
    ranks = ranks_with_labels(reps, folds, labels)
    return [_one_auroc(y, rank) for y, rank in zip(labels, ranks, strict=True)]


def _one_auroc(y: IntArray, rank: FloatArray) -> float:
    if np.isnan(rank).any():
        return float("nan")
    scores = Scores(rank, rank >= 0.5)
    return float(auroc(y, scores, np.ones((1, y.size)))[0])
