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
from functools import cached_property
from typing import Any

import numpy as np
from sklearn.isotonic import IsotonicRegression

from labeler.core.arrays import AnyArray, BoolArray, FloatArray, IntArray

ALPHA = 0.1
"""Of new athletes' repetitions of either kind, so many at most may get the wrong answer."""

N_MIN_GUARANTEE_ATHLETES = 15
"""With fewer athletes of either kind the promise is none: the specification's §6.1."""

FIXED_LOG_ODDS = 0.4
"""Half width of the band where nothing was tested on strangers: at a threshold of 0.5 it runs from
0.40 to 0.60."""

N_BINS = 100
"""Probabilities are kept to a hundredth for the interval: no athlete is worth more."""


class Promise(StrEnum):
    """What *cannot tell* rests on."""

    CONFORMAL = "conformal"
    BAND = "low_confidence_band"
    FIXED = "fixed_band"


@dataclass(frozen=True)
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
    absent, present : tuple[float, ...]
        Shape (`N_BINS` + 1,): weight of the repetitions of each kind by probability, one for each
        athlete in all. Empty where nothing was tested.
    """

    low: float
    high: float
    promise: Promise
    n_athletes: tuple[int, int] = (0, 0)
    absent: tuple[float, ...] = ()
    present: tuple[float, ...] = ()

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

        Venn-Abers (Vovk & Petej 2014): isotonic regression with the new repetition as absent, then
        as present, with the weight of one more athlete.

        Returns
        -------
        FloatArray
            Shape (n_reps, 2), 0 to 1; NaN where the probability is, or nothing was tested.
        """
        found = np.full((len(probability), 2), np.nan)
        if not self.absent:
            return found
        for row in np.flatnonzero(np.isfinite(probability)):
            found[row] = self._shares(_bin(probability[row]))
        return found

    def _shares(self, place: int) -> tuple[float, float]:
        """The share with the new repetition as absent, and as present."""
        if place not in self._known:
            first, second = (self._share(place, is_present=one) for one in (False, True))
            self._known[place] = (first, second)
        return self._known[place]

    @cached_property
    def _known(self) -> dict[int, tuple[float, float]]:
        return {}

    def _share(self, place: int, *, is_present: bool) -> float:
        absent, present = np.array(self.absent), np.array(self.present)
        (present if is_present else absent)[place] += 1.0
        weight = absent + present
        at = np.flatnonzero(weight)
        share = present[at] / weight[at]
        fitted = IsotonicRegression().fit_transform(at, share, sample_weight=weight[at])
        return float(fitted[at == place][0])

    def as_dict(self) -> dict[str, Any]:
        """Plain JSON types, for a model's card."""
        return {
            "alpha": ALPHA,
            "low": self.low,
            "high": self.high,
            "promise": self.promise.value,
            "n_athletes": list(self.n_athletes),
            "absent": [round(one, 6) for one in self.absent],
            "present": [round(one, 6) for one in self.present],
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
    weights = _each_athlete_once(group)
    absent, present = (_histogram(probability[y == kind], weights[y == kind]) for kind in (0, 1))
    return Abstention(
        float(min(ends)),
        float(max(ends)),
        Promise.CONFORMAL if has_enough else Promise.BAND,
        (n_absent, n_present),
        absent,
        present,
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
        tuple(told["absent"]),
        tuple(told["present"]),
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


def _histogram(probability: FloatArray, weights: FloatArray) -> tuple[float, ...]:
    places = [_bin(one) for one in probability]
    return tuple(np.bincount(places, weights, minlength=N_BINS + 1).tolist())


def _bin(probability: float) -> int:
    return round(N_BINS * float(probability))
