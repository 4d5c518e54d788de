"""Whether a repetition is like those that a model has learned from.

Every feature is held against what is usual in training: median and spread. A repetition is as far
off as its features are on average (root mean square, each held at `MAX_STEPS`). How far people are
off whom the model does not know was measured in training itself: each athlete against the others.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from labeler.core.arrays import AnyArray, BoolArray, FloatArray
from labeler.learn.conformal import quantile_by_group
from labeler.learn.table import LabeledTable

MAX_STEPS = 6.0
"""A feature counts as this many spreads off at most: one that jumps is no other movement."""

USUAL_RATIO = 0.95
"""Share of the repetitions of an athlete left out, each athlete weighing one, that are no further
off than the limit. The one who is asked about counts as one more, who may be off by any amount: of
fewer than 19 the furthest is the limit."""

MAX_LEFT_OUT = 10
"""Athletes are left out one by one up to here; more of them in so many lots."""

IQR_PER_SPREAD = 1.349
"""The quartiles of a normal distribution are so many standard deviations apart."""

FEATURE_STEPS = 3.0
"""From so many spreads on a feature is named as unusual."""

POSE_MARGIN_RATIO = 0.1
"""A pose is worse than in training where it is beyond its worst repetition by this much: a tenth of
the frames, or of full visibility."""

WORSE_BELOW = "visibility_mean_ratio"
WORSE_ABOVE = "interpolated_ratio"
"""How well the body was seen, and how much of it was filled in."""

DIGITS = 6
"""Of numbers in a card: more than any feature is known to."""


@dataclass(frozen=True, slots=True, eq=False)
class Novelty:
    """What is usual in training; arrays have the shape (n_features,).

    Parameters
    ----------
    names : tuple[str, ...]
        The features.
    centre, spread : FloatArray
        Median, and what the quartiles say of the standard deviation. NaN where a feature was never
        measured or never varied: it tells nothing.
    absent : FloatArray
        Median of the repetitions without the fault.
    limit : float
        Beyond it a repetition is unlike; NaN where there was nobody to leave out.
    n_groups : int
        Athletes (or sets of one) that the limit was measured on.
    worst_pose : Mapping[str, float]
        The least `WORSE_BELOW` and the most `WORSE_ABOVE`, where they are known.
    """

    names: tuple[str, ...]
    centre: FloatArray
    spread: FloatArray
    absent: FloatArray
    limit: float
    n_groups: int
    worst_pose: Mapping[str, float]

    def steps(self, features: pd.DataFrame) -> FloatArray:
        """How many spreads each feature is off, shape (n_reps, n_features); NaN if not measured."""
        return _steps(_numbers(features, self.names), self.centre, self.spread)

    def distance(self, features: pd.DataFrame) -> FloatArray:
        """How far off each repetition is, in spreads; NaN where nothing was measured."""
        return _distance(self.steps(features))

    def is_unlike(self, features: pd.DataFrame) -> BoolArray:
        """Whether each repetition is further off than the limit; not where either is unknown."""
        found: BoolArray = self.distance(features) > self.limit
        return found

    def is_worse_seen(self, features: pd.DataFrame) -> BoolArray:
        """Whether each pose is worse than any of training, by a margin; not where unknown."""
        found = np.zeros(len(features), dtype=np.bool_)
        for name, side in ((WORSE_BELOW, -1.0), (WORSE_ABOVE, 1.0)):
            if name in self.worst_pose and name in features.columns:
                beyond = side * (features[name].to_numpy(np.float64) - self.worst_pose[name])
                found |= beyond > POSE_MARGIN_RATIO
        return found

    def strangest(self, features: pd.DataFrame, n_most: int) -> list[list[str]]:
        """Per repetition the features that are furthest off, named from `FEATURE_STEPS` on."""
        far = np.nan_to_num(np.abs(self.steps(features)))
        order = np.argsort(-far, axis=1, kind="stable")[:, :n_most]
        return [
            [self.names[place] for place in places if row[place] >= FEATURE_STEPS]
            for row, places in zip(far, order, strict=True)
        ]

    def as_dict(self) -> dict[str, Any]:
        """Plain JSON types, for a model's card; what is not known is None."""
        return {
            "limit": _plain(self.limit),
            "n_groups": self.n_groups,
            "worst_pose": dict(self.worst_pose),
            "centre": [_plain(one) for one in self.centre],
            "spread": [_plain(one) for one in self.spread],
            "absent": [_plain(one) for one in self.absent],
        }


def novelty_from(table: LabeledTable) -> Novelty:
    """What is usual in a table that a model is trained on."""
    names = tuple(map(str, table.features.columns))
    numbers = _numbers(table.features, names)
    centre, spread = _usual(numbers)
    return Novelty(
        names,
        centre,
        spread,
        _median(numbers[table.y == 0]),
        _limit(numbers, table.group),
        len(set(table.group)),
        dict(_worst_pose(table.meta)),
    )


def novelty_of(told: Mapping[str, Any] | None, names: Sequence[str]) -> Novelty | None:
    """What a card says is usual; None where it says nothing, as older ones do."""
    if not told:
        return None
    centre, spread, absent = (
        np.array([np.nan if one is None else one for one in told[key]], dtype=np.float64)
        for key in ("centre", "spread", "absent")
    )
    limit = np.nan if told["limit"] is None else float(told["limit"])
    return Novelty(
        tuple(names), centre, spread, absent, limit, int(told["n_groups"]), told["worst_pose"]
    )


def _numbers(features: pd.DataFrame, names: Sequence[str]) -> FloatArray:
    return features[list(names)].to_numpy(np.float64)


def _median(numbers: FloatArray) -> FloatArray:
    """By feature; NaN where it was never measured."""
    found = np.full(numbers.shape[1], np.nan)
    is_known = np.isfinite(numbers).any(axis=0)
    found[is_known] = np.nanmedian(numbers[:, is_known], axis=0)
    return found


def _usual(numbers: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Median and spread by feature; where the quartiles coincide, the standard deviation."""
    spread = np.full(numbers.shape[1], np.nan)
    is_known = np.isfinite(numbers).any(axis=0)
    known = numbers[:, is_known]
    low, high = np.nanpercentile(known, (25, 75), axis=0) if known.size else np.empty((2, 0))
    robust = (high - low) / IQR_PER_SPREAD
    wide = np.nanstd(known, axis=0) if known.size else robust
    chosen = np.where(robust > 0, robust, wide)
    spread[is_known] = np.where(chosen > 0, chosen, np.nan)
    return _median(numbers), spread


def _steps(numbers: FloatArray, centre: FloatArray, spread: FloatArray) -> FloatArray:
    steps: FloatArray = np.clip((numbers - centre) / spread, -MAX_STEPS, MAX_STEPS)
    return steps


def _distance(steps: FloatArray) -> FloatArray:
    is_known = np.isfinite(steps)
    n_known = is_known.sum(axis=1)
    total = np.where(is_known, steps, 0.0) ** 2
    mean = np.divide(total.sum(axis=1), n_known, out=np.full(len(steps), np.nan), where=n_known > 0)
    away: FloatArray = np.sqrt(mean)
    return away


def _limit(numbers: FloatArray, group: AnyArray) -> float:
    """How far off people are whom the rest does not know; NaN where there is one group alone."""
    if len(set(group)) < 2:
        return float("nan")
    away = np.full(len(numbers), np.nan)
    for is_out in _left_out(group):
        away[is_out] = _distance(_steps(numbers[is_out], *_usual(numbers[~is_out])))
    is_known = np.isfinite(away)
    if not is_known.any():
        return float("nan")
    n_groups = len(set(group[is_known]))
    one_more = (n_groups + 1) / n_groups
    # and as much wider as one more of so few may change what is usual
    return one_more * quantile_by_group(away[is_known], group[is_known], USUAL_RATIO * one_more)


def _left_out(group: AnyArray) -> Iterator[BoolArray]:
    """Masks of who is left out, every group once."""
    names = list(dict.fromkeys(group))
    for lot in range(min(len(names), MAX_LEFT_OUT)):
        chosen = set(names[lot::MAX_LEFT_OUT])
        yield np.array([one in chosen for one in group], dtype=np.bool_)


def _worst_pose(meta: pd.DataFrame) -> Iterator[tuple[str, float]]:
    for name, worst in ((WORSE_BELOW, np.min), (WORSE_ABOVE, np.max)):
        if name in meta.columns:
            known = meta[name].to_numpy(np.float64)
            known = known[np.isfinite(known)]
            if known.size:
                yield name, float(worst(known))


def _plain(value: float) -> float | None:
    return float(f"{value:.{DIGITS}g}") if np.isfinite(value) else None
