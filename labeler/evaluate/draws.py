"""Resamples of athletes, and estimates with the interval that they give.

A resample says how often each athlete is drawn. What is summed over reps is summed per athlete
first, so that thousands of resamples cost a product of small matrices, however many reps there are.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np
from numpy.typing import DTypeLike
from threadpoolctl import ThreadpoolController

from labeler.core.arrays import AnyArray, FloatArray, IntArray

N_DRAWS = 2000
"""Bootstrap resamples of athletes (or sets)."""

INTERVAL_PERCENT = (2.5, 97.5)
MIN_GROUPS_FOR_INTERVAL = 5
"""Below this, too few different resamples exist (126 with five) for an interval to mean much."""

MIN_DEFINED_RATIO = 0.5
"""Share of the resamples in which a metric must be defined for an interval to be given."""

SEED = 20


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number with its 95 % interval; NaN is "cannot tell"."""

    value: float = np.nan
    low: float = np.nan
    high: float = np.nan


@dataclass(frozen=True, slots=True, eq=False)
class Draws:
    """How much each rep counts in each draw.

    Parameters
    ----------
    counts : FloatArray
        Shape (n_draws, n_groups): how often each group is drawn.
    code : IntArray
        Shape (n_reps,): the group of each rep.
    weight : FloatArray
        Shape (n_reps,): how much each rep counts within its group.
    """

    counts: FloatArray
    code: IntArray
    weight: FloatArray

    @classmethod
    def of(cls, weight: "FloatArray | Draws") -> "Draws":
        """Draws that tell the weight of every rep, shape (n_draws, n_reps)."""
        if isinstance(weight, Draws):
            return weight
        n_draws, n_reps = weight.shape
        if n_draws == 1:
            return cls(np.ones((1, 1)), np.zeros(n_reps, dtype=np.int64), weight[0])
        return cls(weight, np.arange(n_reps), np.ones(n_reps))

    @classmethod
    def by_group(cls, counts: FloatArray, code: IntArray) -> "Draws":
        """Draws of groups whose reps all count alike."""
        return cls(counts, code, np.ones(code.size))

    @property
    def shape(self) -> tuple[int, int]:
        """Number of draws, and of reps."""
        return len(self.counts), self.code.size

    @property
    def total(self) -> FloatArray:
        """Weight of all reps in each draw, shape (n_draws,)."""
        return self @ np.ones(self.code.size)

    def __len__(self) -> int:
        return len(self.counts)

    def __matmul__(self, values: AnyArray) -> FloatArray:
        """Weighted sums over reps; shape (n_reps, ...) to (n_draws, ...)."""
        found: FloatArray = self.counts @ self.per_group(values)
        return found

    def __array__(self, dtype: DTypeLike = None, copy: bool | None = None) -> AnyArray:
        """The weight of every rep, shape (n_draws, n_reps)."""
        return np.asarray(self.counts[:, self.code] * self.weight, dtype=dtype)

    def per_group(self, values: AnyArray) -> FloatArray:
        """Sums over the reps of each group; shape (n_reps, ...) to (n_groups, ...)."""
        flat = (values.reshape(self.code.size, -1) * self.weight[:, np.newaxis]).astype(np.float64)
        sums = np.zeros((self.counts.shape[1], flat.shape[1]))
        np.add.at(sums, self.code, flat)
        return sums.reshape(-1, *values.shape[1:])

    def per_group_and_place(self, values: AnyArray, place: IntArray) -> FloatArray:
        """Sums over the reps of each group at each place: (n_groups, n_places)."""
        sums = np.zeros((self.counts.shape[1], int(place.max(initial=-1)) + 1))
        np.add.at(sums, (self.code, place), values * self.weight)
        return sums


def ratio(part: FloatArray, whole: FloatArray) -> FloatArray:
    """Part over whole, NaN where the whole is 0."""
    shape = np.broadcast_shapes(part.shape, whole.shape)
    found: FloatArray = np.divide(part, whole, out=np.full(shape, np.nan), where=whole > 0)
    return found


def estimates_by_group(measure: Callable[[Draws], FloatArray], group: AnyArray) -> list[Estimate]:
    """Values on all reps, with percentiles over resampled groups; one per row of `measure`.

    Parameters
    ----------
    measure : Callable[[Draws], FloatArray]
        Draws to one row per statistic, shape (n_statistics, n_draws).
    group : AnyArray
        Who moved in each rep, shape (n_reps,).
    """
    names, code = np.unique(group.astype(str), return_inverse=True)
    values = measure(Draws.by_group(np.ones((1, names.size)), code))[:, 0]
    if names.size < MIN_GROUPS_FOR_INTERVAL:
        return [Estimate(float(value)) for value in values]
    with _controller().limit(limits=1):
        draws = measure(Draws.by_group(_resamples(names.size), code))
    return [_interval(float(value), row) for value, row in zip(values, draws, strict=True)]


@cache
def _controller() -> ThreadpoolController:
    """What keeps products of small matrices on one thread.

    Waiting for several costs ten to a hundred times what they give, and more on a busy machine.
    """
    return ThreadpoolController()


@lru_cache(maxsize=4)
def _resamples(n_groups: int) -> FloatArray:
    """How often each group is in each resample, always the same: (N_DRAWS, n_groups)."""
    rng = np.random.default_rng(SEED)
    counts = rng.multinomial(n_groups, np.full(n_groups, 1 / n_groups), size=N_DRAWS)
    return counts.astype(np.float64)


def _interval(value: float, draws: FloatArray) -> Estimate:
    """The percentiles of the draws in which the metric is defined, if those are enough."""
    defined = draws[np.isfinite(draws)]
    if np.isnan(value) or defined.size < MIN_DEFINED_RATIO * draws.size:
        return Estimate(value)
    low, high = np.percentile(defined, INTERVAL_PERCENT)
    return Estimate(value, float(low), float(high))
