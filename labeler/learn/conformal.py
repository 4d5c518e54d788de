"""When a model keeps silent, and what its probabilities are worth: by what it said of strangers.

Both come from probabilities of repetitions whose athlete the model had not seen. Repetitions of one
athlete resemble each other, so the athlete is what counts: each weighs one, however many
repetitions there are. That is split-conformal prediction with one random repetition per athlete,
without the luck of the draw (Lee, Barber & Willett 2023, "Distribution-free inference with
hierarchical data"), class by class (Mondrian: Vovk 2005).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np

from labeler.core.arrays import AnyArray, BoolArray, FloatArray, IntArray
from labeler.learn.members import log_odds, sigmoid

ALPHA = 0.1
"""Of new athletes' repetitions of either kind, so many at most may get the wrong answer."""

N_MIN_GUARANTEE_ATHLETES = 15
"""With fewer athletes of either kind the promise is none: the specification's §6.1."""

FIXED_LOG_ODDS = 0.4
"""Half width of the band where nothing was tested on strangers: at a threshold of 0.5 it runs from
0.40 to 0.60."""

N_BINS = 100
"""Probabilities are kept to a hundredth for the interval: no athlete is worth more."""

N_DRAWS = 200
"""Times that athletes are drawn anew for it: its ends settle to a hundredth or two."""

INTERVAL = (0.025, 0.975)

DIGITS = 4
"""Of a share in a card."""

SEED = 20

N_NEWTON_STEPS = 30
MAX_STEP = 1.0
"""Newton's method is held back where a curve is steep; it has settled long before the last step."""

PENALTY = np.array([1e-3, 1.0])
"""Of intercept and slope: kinds that never mix would ask for a slope without end."""


class Promise(StrEnum):
    """What *cannot tell* rests on."""

    CONFORMAL = "conformal"
    BAND = "low_confidence_band"
    FIXED = "fixed_band"


@dataclass(frozen=True, slots=True)
class Abstention:
    """Between `low` and `high` a model keeps silent.

    Parameters
    ----------
    low, high : float
        Probabilities; below, the fault is absent, above, it is present. The threshold is between.
    promise : Promise
        What may be said of the answers outside.
    n_athletes : tuple[int, int]
        Athletes (or sets of one) with repetitions without and with the fault.
    from_share, to_share : tuple[float, ...]
        Shape (`N_BINS` + 1,): by probability, the ends of the interval of the share of repetitions
        with the fault. Empty where nothing was tested.
    """

    low: float
    high: float
    promise: Promise
    n_athletes: tuple[int, int] = (0, 0)
    from_share: tuple[float, ...] = ()
    to_share: tuple[float, ...] = ()

    @property
    def words(self) -> str:
        """What silence means here, for people."""
        span = f"between {self.low:.2f} and {self.high:.2f}"
        if self.promise is Promise.CONFORMAL:
            return (
                f"It keeps silent {span}, so that at most {100 * ALPHA:.0f} % of a new athlete's "
                f"repetitions of either kind get the wrong answer (conformal, by {self._people})."
            )
        if self.promise is Promise.BAND:
            return (
                f"It keeps silent {span}: a low-confidence band from {self._people}, no "
                f"guarantee, for which {N_MIN_GUARANTEE_ATHLETES} athletes of either kind are "
                "needed."
            )
        return (
            f"It keeps silent {span}: a low-confidence band of fixed width around the threshold, "
            "no guarantee, for nothing was tested on unseen athletes."
        )

    @property
    def _people(self) -> str:
        absent, present = self.n_athletes
        return f"{absent} unseen athletes or sets without and {present} with the fault"

    def is_present(self, probability: FloatArray) -> BoolArray:
        """Where only *present* is left as an answer; not where NaN."""
        found: BoolArray = probability > self.high
        return found

    def is_absent(self, probability: FloatArray) -> BoolArray:
        """Where only *absent* is left as an answer; not where NaN."""
        found: BoolArray = probability < self.low
        return found

    def interval(self, probability: FloatArray) -> FloatArray:
        """How many repetitions of strangers that scored alike had the fault: from, to.

        The 95 % interval of a logistic curve over the score, by drawing athletes anew.

        Returns
        -------
        FloatArray
            Shape (n_reps, 2), 0 to 1; NaN where the probability is, or nothing was tested.
        """
        if not self.from_share:
            return np.full((len(probability), 2), np.nan)
        at = np.linspace(0.0, 1.0, N_BINS + 1)
        ends = [np.interp(probability, at, one) for one in (self.from_share, self.to_share)]
        return np.stack(ends, axis=1)

    def as_dict(self) -> dict[str, Any]:
        """Plain JSON types, for a model's card."""
        return {
            "alpha": ALPHA,
            "low": self.low,
            "high": self.high,
            "promise": self.promise.value,
            "n_athletes": list(self.n_athletes),
            "from_share": list(self.from_share),
            "to_share": list(self.to_share),
        }


def fixed_band(threshold: float) -> Abstention:
    """A band of fixed width around the threshold, where nothing better is known."""
    middle = np.log(threshold) - np.log1p(-threshold)
    low, high = (1.0 / (1.0 + np.exp(-(middle + side * FIXED_LOG_ODDS))) for side in (-1, 1))
    return Abstention(float(low), float(high), Promise.FIXED)


def abstention_from(
    y: IntArray, probability: FloatArray, group: AnyArray, *, threshold: float, has_athletes: bool
) -> Abstention:
    """Where to keep silent, from probabilities of reps whose athlete the model had not seen.

    Parameters
    ----------
    y : IntArray
        1 where the fault is present, else 0; shape (n_reps,).
    probability : FloatArray
        Shape (n_reps,), each from a model that had not seen the group; all NaN where there is none.
    group : AnyArray
        Who is held together, shape (n_reps,).
    has_athletes : bool
        Whether groups are of different athletes: sets of one athlete promise nothing of others.
    """
    is_known = np.isfinite(probability)
    y, probability, group = y[is_known], probability[is_known], group[is_known]
    n_absent, n_present = (len(set(group[y == kind])) for kind in (0, 1))
    if not n_absent or not n_present:
        return fixed_band(threshold)
    has_enough = has_athletes and min(n_absent, n_present) >= N_MIN_GUARANTEE_ATHLETES
    no_absent, no_present = (
        _least_strange(miss, group[y == kind], is_exact=has_enough)
        for kind, miss in ((0, probability[y == 0]), (1, 1.0 - probability[y == 1]))
    )
    # absent is ruled out above no_absent, present below 1 - no_present; in between both or neither
    ends = (no_absent, 1.0 - no_present, threshold)
    from_share, to_share = _shares(y, probability, group)
    return Abstention(
        float(min(ends)),
        float(max(ends)),
        Promise.CONFORMAL if has_enough else Promise.BAND,
        (n_absent, n_present),
        from_share,
        to_share,
    )


def abstention_of(told: Mapping[str, Any] | None, *, threshold: float) -> Abstention:
    """What a card says of silence; the fixed band where it says nothing, as older ones do."""
    if not told:
        return fixed_band(threshold)
    absent, present = told["n_athletes"]
    return Abstention(
        float(told["low"]),
        float(told["high"]),
        Promise(told["promise"]),
        (int(absent), int(present)),
        tuple(told["from_share"]),
        tuple(told["to_share"]),
    )


def quantile_by_group(values: FloatArray, group: AnyArray, level: float) -> float:
    """The least value that `level` of the weight does not exceed, each group weighing one."""
    order = np.argsort(values, kind="stable")
    reached = np.cumsum(_each_athlete_once(group)[order]) / len(set(group))
    place = int(np.searchsorted(reached, level - _ROUNDING))
    return float(values[order][min(place, len(values) - 1)])


_ROUNDING = 1e-9
"""Sums of weights are not exact."""


def _least_strange(miss: FloatArray, group: AnyArray, *, is_exact: bool) -> float:
    """How far off an answer may be and still pass for one of this kind.

    Exact, the athlete who is asked about counts as one more who may be off by any amount: then no
    more than `ALPHA` are left out by chance.
    """
    n_groups = len(set(group))
    level = (1.0 - ALPHA) * ((n_groups + 1) / n_groups if is_exact else 1.0)
    return quantile_by_group(miss, group, level)


def _each_athlete_once(group: AnyArray) -> FloatArray:
    """Weights that sum up to 1 for each group, shape (n_reps,)."""
    _names, place, n_reps = np.unique(group.astype(str), return_inverse=True, return_counts=True)
    weights: FloatArray = 1.0 / n_reps[place]
    return weights


def _shares(
    y: IntArray, probability: FloatArray, group: AnyArray
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Ends of the interval of the share of repetitions with the fault, by probability."""
    counts = _counts(y, probability, group)
    rng = np.random.default_rng(SEED)
    n_groups = len(counts)
    draws = rng.multinomial(n_groups, np.full(n_groups, 1.0 / n_groups), size=N_DRAWS)
    drawn = np.tensordot(draws, counts, axes=1)  # (n_draws, n_kinds, n_bins)
    has_both = np.all(np.any(drawn > 0, axis=2), axis=1)
    curves = _curves(drawn[has_both].astype(np.float64))
    low, high = np.quantile(curves, INTERVAL, axis=0).round(DIGITS)
    return tuple(low.tolist()), tuple(high.tolist())


def _counts(y: IntArray, probability: FloatArray, group: AnyArray) -> FloatArray:
    """Repetitions by athlete, kind and probability, shape (n_groups, 2, `N_BINS` + 1)."""
    _names, who = np.unique(group.astype(str), return_inverse=True)
    counts = np.zeros((who.max() + 1, 2, N_BINS + 1))
    np.add.at(counts, (who, y, (N_BINS * probability).round().astype(int)), 1.0)
    return counts


def _curves(counts: FloatArray) -> FloatArray:
    """Share with the fault by probability, as logistic curves over the log-odds.

    All fitted at once by Newton's method, with a ridge penalty of 1 on the slope.

    Parameters
    ----------
    counts : FloatArray
        Repetitions by kind and probability, shape (n_curves, 2, `N_BINS` + 1).
    """
    x = log_odds(np.linspace(0.0, 1.0, N_BINS + 1), least=0.5 / N_BINS)
    base = np.stack([np.ones_like(x), x])
    fitted = np.zeros((len(counts), 2))
    total, present = counts.sum(axis=1), counts[:, 1]
    for _ in range(N_NEWTON_STEPS):
        share = sigmoid(fitted @ base)
        slope = (present - total * share) @ base.T - PENALTY * fitted
        bend = np.einsum("cn,in,jn->cij", total * share * (1.0 - share), base, base)
        step = np.linalg.solve(bend + np.diag(PENALTY), slope[:, :, np.newaxis])[:, :, 0]
        fitted += np.clip(step, -MAX_STEP, MAX_STEP)
    fitted[:, 1] = np.maximum(fitted[:, 1], 0.0)  # a higher score is never fewer faults
    return sigmoid(fitted @ base)
