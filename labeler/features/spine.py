"""How much the hips bend for each bit by which the back does: the hip to spine ratio.

A back that rounds brings shoulders and hips together and bends in its outline; a hinge with a still
back bends the hips alone, so that the ratio is large, and unknown where the back does not change.
"""

import math
from dataclasses import dataclass
from functools import partial

import numpy as np

from labeler.core.units import Unit
from labeler.features.lags import crossed
from labeler.features.registry import SAGITTAL, Feature, register
from labeler.features.rep_signals import HIP, RepSignals, once_per_rep
from labeler.signals.registry import SIGNALS

HIPS = "hip_angle_deg"
N_QUARTERS = 4

NOISE_FACTOR = 2.0 * math.sqrt(2.0)
"""A change that exceeds so many standard errors of one value is none of the noise (95 %)."""


@dataclass(frozen=True, slots=True)
class Back:
    """A signal that changes as the back rounds.

    Parameters
    ----------
    per_unit : float
        What the ratio counts in: degrees, or per cent of the trunk's length. Below 0 where the
        signal falls as the back rounds.
    least : float
        A smaller change, in the signal's unit, is not compared with, however small the noise.
    """

    signal: str
    per_unit: float
    least: float
    says: str


BACKS = {
    "hip_spine": Back("trunk_length_ratio", -100.0, 0.01, "per cent that the trunk shortens"),
    "hip_back": Back("back_tangent_deg", 1.0, 2.0, "degree that the back's outline bends"),
}
"""By the stem of the feature. A hundredth of a trunk is half a centimetre at the shoulder, and two
degrees are as much at the end of half a trunk: what loose clothing alone may do."""


def hip_spine_ratio(rep: RepSignals, back: Back, quarter: int) -> float:
    """Degrees of hip bend per unit by which the back rounds, in a quarter of the hips' way.

    + where the hips bend while the back rounds. NaN where the back changes by no more than its
    noise, or that is not known: a ratio to nothing says nothing.
    """
    edges_s = np.array(_reached_s(rep)[quarter - 1 : quarter + 1])
    if not np.isfinite(edges_s).all():
        return math.nan
    hips_deg, change = (
        float(np.diff(np.interp(edges_s, rep.times_s, rep[name]))[0])
        for name in (HIPS, back.signal)
    )
    noise = NOISE_FACTOR * rep.noise.get(back.signal, math.nan)
    if not (abs(change) > noise and abs(change) >= back.least):
        return math.nan
    return -hips_deg / (back.per_unit * change)


@once_per_rep
def _reached_s(rep: RepSignals) -> tuple[float, ...]:
    """When the rep begins, when the hips have come each quarter of their way, and its turn."""
    between = (crossed(rep, HIP, one / N_QUARTERS).at_s for one in range(1, N_QUARTERS))
    return (rep.rep.start_s, *between, rep.rep.turn_s)


for _stem, _back in BACKS.items():
    for _quarter in range(1, N_QUARTERS + 1):
        register(
            Feature(
                name=f"{_stem}_q{_quarter}_ratio",
                unit=Unit.RATIO,
                needs=(HIP, HIPS, _back.signal),
                views=tuple(one for one in SAGITTAL if one in SIGNALS[_back.signal].views),
                source="hip to spine ratio: change of the hip angle over that of the back",
                summary=(
                    f"Degrees by which the hip bends for each {_back.says}, in quarter"
                    f" {_quarter} of the hips' way."
                ),
                compute=partial(hip_spine_ratio, back=_back, quarter=_quarter),
                when=(
                    "rounding; refused where the back changes within its noise, or by less than"
                    f" {_back.least:g}"
                ),
            )
        )
