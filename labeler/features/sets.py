"""How much a rep-level feature changes from rep to rep within a set."""

import math
from collections.abc import Sequence

import numpy as np

from labeler.core.arrays import FloatArray
from labeler.core.rep import Rep
from labeler.core.units import Unit
from labeler.features.registry import SAGITTAL, Feature, Role, register
from labeler.features.rep_signals import HIP, HIP_COURSE, TORSO, TORSO_COURSE, RepSignals
from labeler.reps.sets import sets_of

MIN_SET_REPS = 5
"""Fewer reps in which the feature is known say nothing about how much it varies."""

SOURCE = "standard deviation over the reps of the set (n - 1); a set ends at a break of 2.5 periods"
WHEN = f"sets of {MIN_SET_REPS} reps or more; the same on every rep of the set"

SPREADS = {
    "coupling_q25_pp": (
        Unit.PERCENTAGE_POINT,
        (HIP, TORSO),
        "the torso's lead at a quarter of the way",
    ),
    "crp_mean_deg": (Unit.DEGREE, (HIP_COURSE, TORSO_COURSE), "the mean relative phase"),
    "lag_area_ms": (
        Unit.MILLISECOND,
        (HIP_COURSE, TORSO_COURSE),
        "the mean time by which the torso runs behind the hips",
    ),
}
"""What is compared from rep to rep, its unit, what it needs, and its words."""


def spread_in_sets(values: FloatArray, reps: Sequence[Rep]) -> FloatArray:
    """Standard deviation over the set of each rep; shape (n_reps,).

    NaN in sets with fewer than `MIN_SET_REPS` known values, and for a rep whose own value is not
    known.
    """
    spread = np.full(len(values), np.nan)
    for places in sets_of(reps):
        known = [place for place in places if math.isfinite(values[place])]
        if len(known) >= MIN_SET_REPS:
            spread[known] = np.std(values[known], ddof=1)
    return spread


def _alone(_rep: RepSignals) -> float:
    """One rep alone does not vary; the table tells it once all reps are known."""
    return math.nan


for _name, (_unit, _needs, _words) in SPREADS.items():
    register(
        Feature(
            name=f"{_name.removesuffix(f'_{_unit.value}')}_set_sd_{_unit.value}",
            unit=_unit,
            needs=_needs,
            views=SAGITTAL,
            source=SOURCE,
            summary=f"How much {_words} varies from rep to rep.",
            compute=_alone,
            when=WHEN,
            role=Role.SET,
            spread_of=_name,
        )
    )
