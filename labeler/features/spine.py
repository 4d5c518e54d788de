"""How much the hips bend for each bit by which the back shortens: the hip to spine ratio.

A back that rounds brings shoulders and hips together; a hinge with a still back bends the hips
alone, so that the ratio is large, and unknown where the back does not move beyond its noise.
"""

import math
from functools import partial

import numpy as np

from labeler.core.units import Unit
from labeler.features.lags import crossed
from labeler.features.registry import SAGITTAL, Feature, register
from labeler.features.rep_signals import HIP, RepSignals

HIPS = "hip_angle_deg"
BACK = "trunk_length_ratio"

N_QUARTERS = 4
PER_CENT = 100.0

NOISE_FACTOR = 2.0 * math.sqrt(2.0)
"""A change that exceeds so many standard errors of one value is none of the noise (95 %)."""


def hip_spine_ratio(rep: RepSignals, quarter: int) -> float:
    """Degrees of hip bend per per cent of trunk length lost, in a quarter of the hips' way.

    + where the hips bend while the back shortens. NaN where the length changes by no more than
    its noise, or that is not known: a ratio to nothing says nothing.
    """
    edges_s = np.array([_reached_s(rep, step) for step in (quarter - 1, quarter)])
    if not np.isfinite(edges_s).all():
        return math.nan
    hips_deg, back = (np.diff(np.interp(edges_s, rep.times_s, rep[one])) for one in (HIPS, BACK))
    if not abs(float(back[0])) > NOISE_FACTOR * rep.noise.get(BACK, math.nan):
        return math.nan
    return float(hips_deg[0] / (PER_CENT * back[0]))


def _reached_s(rep: RepSignals, quarters: int) -> float:
    """When the hips have come so many quarters; the rep's start and turn at the ends."""
    if quarters == 0:
        return rep.rep.start_s
    if quarters == N_QUARTERS:
        return rep.rep.turn_s
    return crossed(rep, HIP, quarters / N_QUARTERS).at_s


for _quarter in range(1, N_QUARTERS + 1):
    register(
        Feature(
            name=f"hip_spine_q{_quarter}_ratio",
            unit=Unit.RATIO,
            needs=(HIP, HIPS, BACK),
            views=SAGITTAL,
            source="hip to spine ratio, change of the hip angle over that of the trunk's length",
            summary=(
                f"Degrees by which the hip bends per per cent that the trunk shortens, in quarter"
                f" {_quarter} of the hips' way."
            ),
            compute=partial(hip_spine_ratio, quarter=_quarter),
            when="rounding; refused where the trunk's length stays within its noise",
        )
    )
