"""Scores of a method on labelled reps, with intervals from resampling whole athletes.

Every metric takes one weight per rep and draw, shape (n_draws, n_reps), so that thousands of
resamples are one pass of array arithmetic. It answers NaN where it is not defined.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from labeler.core.arrays import AnyArray, BoolArray, FloatArray, IntArray

N_DRAWS = 2000
"""Bootstrap resamples of athletes (or sets)."""

INTERVAL_PERCENT = (2.5, 97.5)
MIN_GROUPS_FOR_INTERVAL = 5
"""Below this, too few different resamples exist (126 with five) for an interval to mean much."""

MIN_DEFINED_RATIO = 0.5
"""Share of the resamples in which a metric must be defined for an interval to be given."""

SEED = 20
N_BINS = 10
"""Bins of equal width of the probability, for the expected calibration error: ECE(10)."""

QUARTILES_PERCENT = (25.0, 50.0, 75.0)

MAX_CELLS = 2_000_000
"""Weights held in memory at once: resamples are drawn in blocks of about this many cells."""


@dataclass(frozen=True, slots=True, eq=False)
class Scores:
    """What one method says about reps, shape (n_reps,) each.

    Parameters
    ----------
    score : FloatArray
        Higher is more likely present; NaN everywhere when the method cannot be scored.
    is_fired : BoolArray
        Whether the method says *present*.
    is_probability : bool
        Whether `score` is a probability, so that a Brier score makes sense.
    threshold : FloatArray | None
        Probability from which each rep counts as present, where the method has one.
    """

    score: FloatArray
    is_fired: BoolArray
    is_probability: bool = True
    threshold: FloatArray | None = None

    def take(self, rows: BoolArray) -> "Scores":
        """The same method on some of the reps."""
        threshold = None if self.threshold is None else self.threshold[rows]
        return Scores(self.score[rows], self.is_fired[rows], self.is_probability, threshold)


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number with its 95 % interval; NaN is "cannot tell"."""

    value: float = np.nan
    low: float = np.nan
    high: float = np.nan


@dataclass(frozen=True, slots=True)
class WorstGroup:
    """The athlete (or set) for whom a method does worst, among those with both answers."""

    name: str
    balanced_accuracy: float
    n_rated: int

    @property
    def anonymous(self) -> str:
        """Which one it is, without the name."""
        return f"lowest of {self.n_rated}"


@dataclass(frozen=True, slots=True)
class Spread:
    """Quartiles of the balanced accuracy over the athletes (or sets) with both answers."""

    n_rated: int
    low: float
    median: float
    high: float


@dataclass(frozen=True, slots=True)
class MethodRow:
    """One line of the comparison: a method on a stated set of reps.

    `worst` and `spread` are None where no athlete (or set) has reps with and without the fault.
    """

    method: str
    n_reps: int
    n_present: int
    n_groups: int
    estimates: Mapping[str, Estimate]
    worst: WorstGroup | None
    spread: Spread | None = None

    @property
    def prevalence(self) -> float:
        """Share of the reps with the fault: the AUPRC of knowing nothing. NaN without reps."""
        return self.n_present / self.n_reps if self.n_reps else np.nan


def auprc(y: IntArray, scores: Scores, weight: FloatArray) -> FloatArray:
    """Area under precision over recall as average precision (sum of steps, no interpolation)."""
    hits, fired = _cumulated(y, scores.score, weight)
    recall = ratio(hits, hits[..., -1:])
    precision = np.nan_to_num(ratio(hits, fired))
    area: FloatArray = (np.diff(recall, axis=-1, prepend=0.0) * precision).sum(axis=-1)
    return area


def auroc(y: IntArray, scores: Scores, weight: FloatArray) -> FloatArray:
    """Chance that a rep with the fault scores above one without; ties count half."""
    hits, fired = _cumulated(y, scores.score, weight)
    alarms = fired - hits
    width = np.diff(alarms, axis=-1, prepend=0.0)
    height = hits - 0.5 * np.diff(hits, axis=-1, prepend=0.0)
    return ratio((width * height).sum(axis=-1), hits[..., -1] * alarms[..., -1])


def balanced_accuracy(y: IntArray, scores: Scores, weight: FloatArray) -> FloatArray:
    """Mean of the shares found right among reps with and without the fault."""
    is_hit = scores.is_fired & (y == 1)
    is_calm = ~scores.is_fired & (y == 0)
    found = ratio(weight @ is_hit, weight @ (y == 1))
    return 0.5 * (found + ratio(weight @ is_calm, weight @ (y == 0)))


def f1(y: IntArray, scores: Scores, weight: FloatArray) -> FloatArray:
    """Harmonic mean of precision and recall; NaN without reps that have the fault."""
    n_present = weight @ (y == 1)
    n_hits = weight @ (scores.is_fired & (y == 1))
    found = ratio(2 * n_hits, weight @ scores.is_fired + n_present)
    return np.where(n_present > 0, found, np.nan)


def brier(y: IntArray, scores: Scores, weight: FloatArray) -> FloatArray:
    """Mean squared error of the probabilities; 0 is perfect, NaN for what is no probability."""
    if not scores.is_probability:
        return np.full(weight.shape[:-1], np.nan)
    return ratio(weight @ (scores.score - y) ** 2, weight.sum(axis=-1))


def ece(y: IntArray, scores: Scores, weight: FloatArray) -> FloatArray:
    """Expected calibration error: how far probability and frequency are apart, over `N_BINS` bins.

    Mean over the reps of the distance between the mean probability of their bin and the share of
    it that has the fault (Naeini, Cooper & Hauskrecht 2015, AAAI). 0 is perfect; NaN for what is
    no probability. Few reps make it too large, never too small.
    """
    if not scores.is_probability:
        return np.full(weight.shape[:-1], np.nan)
    excess = np.eye(N_BINS)[bin_of(scores.score)] * (scores.score - y)[:, np.newaxis]
    return ratio(np.abs(weight @ excess).sum(axis=-1), weight.sum(axis=-1))


def bin_of(probability: FloatArray) -> IntArray:
    """Which of the `N_BINS` bins each probability is in, 1 being in the last: (n_reps,)."""
    found: IntArray = np.minimum((probability * N_BINS).astype(np.int64), N_BINS - 1)
    return found


def kappa(y: IntArray, scores: Scores, weight: FloatArray) -> FloatArray:
    """Cohen's κ of what the method says with what the raters agreed on.

    1 is agreement in everything, 0 is chance; to be read beside the κ of two raters. NaN where
    both only ever say the same one thing (Cohen 1960, Educ Psychol Meas 20:37).
    """
    n, n_fired, n_present = weight.sum(axis=-1), weight @ scores.is_fired, weight @ (y == 1)
    agreed = weight @ (scores.is_fired == (y == 1))
    by_chance = ratio(n_fired * n_present + (n - n_fired) * (n - n_present), n)
    return 1.0 - ratio(n - agreed, n - by_chance)


METRICS: Mapping[str, Callable[[IntArray, Scores, FloatArray], FloatArray]] = {
    "auprc": auprc,
    "auroc": auroc,
    "balanced_accuracy": balanced_accuracy,
    "f1": f1,
    "brier": brier,
    "ece": ece,
    "kappa": kappa,
}
"""By key, in the order in which tables show them."""


def score_method(method: str, y: IntArray, scores: Scores, *, group: AnyArray) -> MethodRow:
    """Every metric of one method, with intervals over groups; NaN scores give NaN metrics."""
    is_scored = y.size > 0 and not np.isnan(scores.score).any()

    def measure(weight: FloatArray) -> FloatArray:
        return np.stack([metric(y, scores, weight) for metric in METRICS.values()])

    found = estimates_by_group(measure, group) if is_scored else [Estimate()] * len(METRICS)
    rated = by_group(y, scores, group) if is_scored else {}
    return MethodRow(
        method,
        n_reps=int(y.size),
        n_present=int(y.sum()),
        n_groups=len(set(group)),
        estimates=dict(zip(METRICS, found, strict=True)),
        worst=_worst(rated),
        spread=_spread(rated),
    )


def score_difference(
    y: IntArray, first: Scores, second: Scores, *, group: AnyArray, metric: str
) -> Estimate:
    """First minus second on the same reps and the same resamples; NaN without reps or scores."""
    if not y.size or np.isnan(first.score).any():
        return Estimate()
    of = METRICS[metric]

    def measure(weight: FloatArray) -> FloatArray:
        return (of(y, first, weight) - of(y, second, weight))[np.newaxis]

    return estimates_by_group(measure, group)[0]


def pr_curve(y: IntArray, scores: Scores) -> list[tuple[float, float, float]]:
    """Recall, precision and threshold at each different score, highest first."""
    if not y.any() or np.isnan(scores.score).any():
        return []
    hits, fired = _cumulated(y, scores.score, np.ones((1, y.size)))
    thresholds = np.unique(scores.score)[::-1]
    points = zip(hits[0] / hits[0, -1], hits[0] / fired[0], thresholds, strict=True)
    return [(float(recall), float(precision), float(at)) for recall, precision, at in points]


def _cumulated(y: IntArray, score: FloatArray, weight: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Weight of hits, and of all fired, down to each different score: (n_draws, n_scores)."""
    order = np.argsort(-score, kind="stable")
    ranked = score[order]
    is_last = np.append(ranked[1:] != ranked[:-1], True)
    by_rank = weight[..., order]
    hits = np.cumsum(by_rank * y[order], axis=-1)[..., is_last]
    return hits, np.cumsum(by_rank, axis=-1)[..., is_last]


def ratio(part: FloatArray, whole: FloatArray) -> FloatArray:
    """Part over whole, NaN where the whole is 0."""
    shape = np.broadcast_shapes(part.shape, whole.shape)
    found: FloatArray = np.divide(part, whole, out=np.full(shape, np.nan), where=whole > 0)
    return found


def estimates_by_group(
    measure: Callable[[FloatArray], FloatArray], group: AnyArray
) -> list[Estimate]:
    """Values on all reps, with percentiles over resampled groups; one per row of `measure`."""
    values = measure(np.ones((1, group.size)))[:, 0]
    names, code = np.unique(group.astype(str), return_inverse=True)
    if names.size < MIN_GROUPS_FOR_INTERVAL:
        return [Estimate(float(value)) for value in values]
    resamples = _resamples(names.size)
    n_block = max(1, MAX_CELLS // group.size)
    blocks = [resamples[start : start + n_block] for start in range(0, N_DRAWS, n_block)]
    draws = np.concatenate([measure(block[:, code].astype(np.float64)) for block in blocks], axis=1)
    return [_interval(float(value), row) for value, row in zip(values, draws, strict=True)]


@lru_cache(maxsize=4)
def _resamples(n_groups: int) -> AnyArray:
    """How often each group is in each resample, always the same: (N_DRAWS, n_groups)."""
    rng = np.random.default_rng(SEED)
    counts = rng.multinomial(n_groups, np.full(n_groups, 1 / n_groups), size=N_DRAWS)
    return counts.astype(np.uint32)


def _interval(value: float, draws: FloatArray) -> Estimate:
    """The percentiles of the draws in which the metric is defined, if those are enough."""
    defined = draws[np.isfinite(draws)]
    if np.isnan(value) or defined.size < MIN_DEFINED_RATIO * draws.size:
        return Estimate(value)
    low, high = np.percentile(defined, INTERVAL_PERCENT)
    return Estimate(value, float(low), float(high))


def by_group(
    y: IntArray, scores: Scores, group: AnyArray, *, metric: str = "balanced_accuracy"
) -> dict[str, float]:
    """A metric of each athlete (or set) who has reps with and without the fault, by name."""
    names, code = np.unique(group.astype(str), return_inverse=True)
    is_member = code == np.arange(names.size)[:, np.newaxis]
    has_both = ((is_member @ y > 0) & (is_member @ (1 - y) > 0)).astype(np.bool_)
    found = METRICS[metric](y, scores, is_member[has_both].astype(np.float64))
    return dict(zip(map(str, names[has_both]), map(float, found), strict=True))


def _worst(rated: Mapping[str, float]) -> WorstGroup | None:
    """The group with the lowest balanced accuracy; None where no group has both answers."""
    if not rated:
        return None
    name = min(rated, key=rated.__getitem__)
    return WorstGroup(name, rated[name], len(rated))


def _spread(rated: Mapping[str, float]) -> Spread | None:
    """The quartiles over the groups that can be rated; None where there is none."""
    if not rated:
        return None
    low, median, high = np.percentile(list(rated.values()), QUARTILES_PERCENT)
    return Spread(len(rated), float(low), float(median), float(high))
