"""Scores of a method on labelled reps, with intervals from resampling whole athletes.

Every metric takes draws, or one weight per rep and draw of shape (n_draws, n_reps), and answers one
number per draw: NaN where it is not defined.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from labeler.core.arrays import AnyArray, BoolArray, FloatArray, IntArray
from labeler.evaluate.draws import Draws, Estimate, estimates_by_group, ratio

N_BINS = 10
"""Bins of equal width of the probability, for the expected calibration error: ECE(10)."""

QUARTILES_PERCENT = (25.0, 50.0, 75.0)

MAX_CELLS = 500_000
"""Cells of draws by scores worked on at once: as many as a processor keeps at hand."""

Weight = FloatArray | Draws
"""How much each rep counts in each draw."""


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


def auprc(y: IntArray, scores: Scores, weight: Weight) -> FloatArray:
    """Area under precision over recall as average precision (sum of steps, no interpolation)."""
    draws = Draws.of(weight)
    new_hits, new_fired = _at_scores(y, scores.score, draws)
    is_step = new_hits.any(axis=0)  # elsewhere recall stays as it is
    hits, fired = (np.cumsum(new, axis=1)[:, is_step] for new in (new_hits, new_fired))
    n_block = max(1, MAX_CELLS // max(1, hits.shape[1]))
    starts = range(0, max(1, len(draws)), n_block)
    blocks = [draws.counts[start : start + n_block] for start in starts]
    area = [_area(block, new_hits[:, is_step], hits, fired) for block in blocks]
    return ratio(np.concatenate(area), draws @ (y == 1))


def _area(
    counts: FloatArray, new_hits: FloatArray, hits: FloatArray, fired: FloatArray
) -> FloatArray:
    """Sum of precision over the hits of each draw: (n_draws,)."""
    n_fired = counts @ fired
    precision = np.divide(counts @ hits, n_fired, out=n_fired, where=n_fired > 0)
    area: FloatArray = np.einsum("dt,dt->d", counts @ new_hits, precision)
    return area


def auroc(y: IntArray, scores: Scores, weight: Weight) -> FloatArray:
    """Chance that a rep with the fault scores above one without; ties count half."""
    draws = Draws.of(weight)
    new_hits, new_fired = _at_scores(y, scores.score, draws)
    new_alarms = new_fired - new_hits
    n_hits, n_alarms = new_hits.sum(axis=1), new_alarms.sum(axis=1)
    below = n_alarms[:, np.newaxis] - np.cumsum(new_alarms, axis=1) + 0.5 * new_alarms
    won = new_hits @ below.T  # pairs that each group's faulty reps win against each group's others
    counts = draws.counts
    return ratio(((counts @ won) * counts).sum(axis=1), (counts @ n_hits) * (counts @ n_alarms))


def balanced_accuracy(y: IntArray, scores: Scores, weight: Weight) -> FloatArray:
    """Mean of the shares found right among reps with and without the fault."""
    draws = Draws.of(weight)
    is_hit = scores.is_fired & (y == 1)
    is_calm = ~scores.is_fired & (y == 0)
    found = ratio(draws @ is_hit, draws @ (y == 1))
    return 0.5 * (found + ratio(draws @ is_calm, draws @ (y == 0)))


def f1(y: IntArray, scores: Scores, weight: Weight) -> FloatArray:
    """Harmonic mean of precision and recall; NaN without reps that have the fault."""
    draws = Draws.of(weight)
    n_present = draws @ (y == 1)
    n_hits = draws @ (scores.is_fired & (y == 1))
    found = ratio(2 * n_hits, draws @ scores.is_fired + n_present)
    return np.where(n_present > 0, found, np.nan)


def brier(y: IntArray, scores: Scores, weight: Weight) -> FloatArray:
    """Mean squared error of the probabilities; 0 is perfect, NaN for what is no probability."""
    draws = Draws.of(weight)
    if not scores.is_probability:
        return np.full(len(draws), np.nan)
    return ratio(draws @ (scores.score - y) ** 2, draws.total)


def ece(y: IntArray, scores: Scores, weight: Weight) -> FloatArray:
    """Expected calibration error: how far probability and frequency are apart, over `N_BINS` bins.

    Mean over the reps of the distance between the mean probability of their bin and the share of
    it that has the fault (Naeini, Cooper & Hauskrecht 2015, AAAI). 0 is perfect; NaN for what is
    no probability. Few reps make it too large, never too small.
    """
    draws = Draws.of(weight)
    if not scores.is_probability:
        return np.full(len(draws), np.nan)
    excess = np.eye(N_BINS)[bin_of(scores.score)] * (scores.score - y)[:, np.newaxis]
    return ratio(np.abs(draws @ excess).sum(axis=-1), draws.total)


def bin_of(probability: FloatArray) -> IntArray:
    """Which of the `N_BINS` bins each probability is in, 1 being in the last: (n_reps,)."""
    found: IntArray = np.minimum((probability * N_BINS).astype(np.int64), N_BINS - 1)
    return found


def kappa(y: IntArray, scores: Scores, weight: Weight) -> FloatArray:
    """Cohen's κ of what the method says with what the raters agreed on.

    1 is agreement in everything, 0 is chance; to be read beside the κ of two raters. NaN where
    both only ever say the same one thing (Cohen 1960, Educ Psychol Meas 20:37).
    """
    draws = Draws.of(weight)
    n, n_fired, n_present = draws.total, draws @ scores.is_fired, draws @ (y == 1)
    agreed = draws @ (scores.is_fired == (y == 1))
    by_chance = ratio(n_fired * n_present + (n - n_fired) * (n - n_present), n)
    return 1.0 - ratio(n - agreed, n - by_chance)


METRICS: Mapping[str, Callable[[IntArray, Scores, Weight], FloatArray]] = {
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

    def measure(draws: Draws) -> FloatArray:
        return np.stack([metric(y, scores, draws) for metric in METRICS.values()])

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

    def measure(draws: Draws) -> FloatArray:
        return (of(y, first, draws) - of(y, second, draws))[np.newaxis]

    return estimates_by_group(measure, group)[0]


def pr_curve(y: IntArray, scores: Scores) -> list[tuple[float, float, float]]:
    """Recall, precision and threshold at each different score, highest first."""
    if not y.any() or np.isnan(scores.score).any():
        return []
    draws = Draws.of(np.ones((1, y.size)))
    hits, fired = (np.cumsum(new[0]) for new in _at_scores(y, scores.score, draws))
    thresholds = np.unique(scores.score)[::-1]
    points = zip(hits / hits[-1], hits / fired, thresholds, strict=True)
    return [(float(recall), float(precision), float(at)) for recall, precision, at in points]


def _at_scores(y: IntArray, score: FloatArray, draws: Draws) -> tuple[FloatArray, FloatArray]:
    """Weight of hits, and of all, at each different score, highest first: (n_groups, n_scores)."""
    _, rising = np.unique(score, return_inverse=True)
    place = rising.max(initial=0) - rising
    all_of_them = np.ones(y.size)
    return draws.per_group_and_place(y, place), draws.per_group_and_place(all_of_them, place)


def by_group(
    y: IntArray, scores: Scores, group: AnyArray, *, metric: str = "balanced_accuracy"
) -> dict[str, float]:
    """A metric of each athlete (or set) who has reps with and without the fault, by name."""
    names, code = np.unique(group.astype(str), return_inverse=True)
    each = Draws.by_group(np.eye(names.size), code)
    has_both = (each @ y > 0) & (each @ (1 - y) > 0)
    found = METRICS[metric](y, scores, Draws.by_group(each.counts[has_both], code))
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
