"""Who leads the lean: the torso or the hips. Negative lags and positive leads: torso first.

Both channels run from 0 (start) to 1 (turn); they are filtered alike, so that no lag is of our
own making. Hip height is never the hip channel: it starts late by geometry.
"""

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np

from labeler.core.arrays import FloatArray
from labeler.core.units import Unit
from labeler.features import lags, onsets
from labeler.features.registry import SAGITTAL, Feature, Role, feature, register
from labeler.features.rep_signals import (
    HIP,
    HIP_COURSE,
    TORSO,
    TORSO_COURSE,
    RepSignals,
    once_per_rep,
)
from labeler.features.timing import Lag, standard_errors_s
from labeler.signals.lowpass import speed_per_s

MS_PER_S = 1000.0
LAG_SOURCE = "difference of the times at which two normalised courses reach the same level"
SPEED_SOURCE = "difference in time of two speeds"
BEND_SOURCE = (
    "a level and a line that joins it, by least squares, in the first half of either course"
)
ERROR_SOURCE = "noise of the filtered channels times what each frame does to the lag"
COUPLING_SOURCE = "torso course against hip course, read at a quartile of the hips"
CROSSING_PERCENTS = (20, 50, 80)
QUARTILES = (25, 50, 75)
ONSET_PERCENTS = (5, 10)

ONSET_WHEN = (
    f"ways below {onsets.MAX_ONSET_WAY_S:g} s whose start stands out from the noise; else refused"
)
PEAK_WHEN = f"turns and throws below {lags.MAX_PEAK_WAY_S:g} s; else refused: chance"


@dataclass(frozen=True, slots=True)
class LagKind:
    """One way to tell by how much the torso runs behind the hips."""

    says: str
    find: Callable[[RepSignals], Lag]
    source: str
    when: str = ""
    needs: tuple[str, str] = (HIP, TORSO)


LAGS: dict[str, LagKind] = {
    **{
        f"lag_t{percent}": LagKind(
            f"Time at which the torso has come {percent} % of its way, less that of the hips.",
            partial(lags.crossing_lag, level=percent / 100.0),
            LAG_SOURCE,
            "always, that at 50 % first",
        )
        for percent in CROSSING_PERCENTS
    },
    "lag_area": LagKind(
        "Mean time by which the torso runs behind the hips.",
        lags.area_lag,
        "area between two normalised courses: mean difference of their crossing times",
        "always; withstands noise",
        (HIP_COURSE, TORSO_COURSE),
    ),
    "lag_centroid": LagKind(
        "Centre of the torso's motion in time, less that of the hips.",
        lags.centroid_lag,
        "mean time, weighted by the square of the forward speed",
        "always",
    ),
    "lag_xcorr": LagKind(
        "By how much the torso's speed runs behind that of the hips, by sliding.",
        lags.xcorr_lag,
        "highest cross-correlation of the speeds",
        "fast cycles; biased where the courses differ in shape, as in slow lifts",
    ),
    "lag_comb": LagKind(
        "Mean of the lags at 50 % and by sliding.",
        lags.combined_lag,
        "the smallest detection limit on made-up athletes",
        "always; best detection limit",
    ),
    **{
        f"lag_onset{percent}": LagKind(
            f"Start of the torso, by {percent} % of its highest speed, less that of the hips.",
            partial(onsets.onset_lag, level=percent / 100.0),
            SPEED_SOURCE,
            ONSET_WHEN,
        )
        for percent in ONSET_PERCENTS
    },
    "lag_changepoint": LagKind(
        "Moment at which the torso's course leaves its rest, less that of the hips.",
        onsets.bend_lag,
        BEND_SOURCE,
        "slow starts out of a rest that is within the cut; else refused",
    ),
    "lag_peak": LagKind(
        "Time of the torso's highest speed, less that of the hips.",
        lags.peak_lag,
        SPEED_SOURCE,
        PEAK_WHEN,
    ),
}
"""Each becomes a feature in milliseconds, one as share of the descent, and its standard error."""


@once_per_rep
def lag_of(rep: RepSignals, name: str) -> Lag:
    """The lag of that name in `LAGS`."""
    return LAGS[name].find(rep)


def lag_ms(rep: RepSignals, name: str) -> float:
    """A lag in milliseconds."""
    return MS_PER_S * lag_of(rep, name).by_s


def lag_ratio(rep: RepSignals, name: str) -> float:
    """A lag as a share of the descent."""
    return lag_of(rep, name).by_s / rep.descent_s if rep.descent_s > 0 else math.nan


def lag_se_ms(rep: RepSignals, name: str) -> float:
    """Standard error of a lag in milliseconds."""
    return _standard_errors_ms(rep)[name]


@once_per_rep
def _standard_errors_ms(rep: RepSignals) -> Mapping[str, float]:
    """Those of all lags in one go: one by one they would take longer than the lags."""
    found_s = standard_errors_s(rep, [lag_of(rep, name) for name in LAGS])
    return dict(zip(LAGS, (MS_PER_S * found_s).tolist(), strict=True))


def coupling_pp(rep: RepSignals, quartile: int) -> float:
    """How far the torso is ahead when the hips have come a quartile, in percentage points."""
    at_s = lags.crossed(rep, HIP, quartile / 100.0).at_s
    if math.isnan(at_s):
        return math.nan
    return 100.0 * float(np.interp(at_s, rep.times_s, rep[TORSO])) - quartile


@feature(
    unit=Unit.RATIO,
    needs=(HIP,),
    views=SAGITTAL,
    source="in-house: hips that start late have come little of their way by then",
    when="hips that start late",
)
def hip_progress_quarter_ratio(rep: RepSignals) -> float:
    """How far the hips have come after a quarter of the descent's time."""
    quarter_s = rep.rep.start_s + 0.25 * rep.descent_s
    return float(np.interp(quarter_s, rep.times_s, rep[HIP]))


@feature(
    unit=Unit.RATIO,
    needs=("hip_height_legs", "shoulder_height_legs"),
    views=SAGITTAL,
    source="Back Squat Assessment, item 10: shoulders and hips rise at the same speed",
    when="squat and deadlift: hips that shoot up",
)
def rise_mismatch_ratio(rep: RepSignals) -> float:
    """How far the hips are ahead of the shoulders on the way up, at most; of their whole rise."""
    hips, shoulders = (_risen(rep[name][rep.ascent]) for name in _RISING)
    lead = hips - shoulders
    return float(np.nanmax(lead)) if np.isfinite(lead).any() else math.nan


_RISING = ("hip_height_legs", "shoulder_height_legs")

MIN_RISE_LEGS = 0.1
"""Who rises less than this has no rise to compare."""


def _risen(height: FloatArray) -> FloatArray:
    """Height from 0 at the turn to 1 at its highest; NaN where there is no rise."""
    known = height[np.isfinite(height)]
    if known.size == 0 or known.max() - known[0] < MIN_RISE_LEGS:
        return np.full(len(height), np.nan)
    risen: FloatArray = (height - known[0]) / (known.max() - known[0])
    return risen


@feature(
    unit=Unit.COUNT,
    needs=(HIP, TORSO),
    views=SAGITTAL,
    source="kinematic sequence: from the ground up, each segment is fastest after the one before",
    when=PEAK_WHEN,
)
def peak_order_n(rep: RepSignals) -> float:
    """+1 where the hips are fastest first, -1 where the torso is, 0 in the same instant."""
    by_s = lag_of(rep, "lag_peak").by_s
    return float(np.sign(by_s))


@feature(
    unit=Unit.RATIO,
    needs=(HIP, TORSO),
    views=SAGITTAL,
    source="kinematic sequence: each segment gets faster than the one before",
    when=PEAK_WHEN,
)
def peak_gain_ratio(rep: RepSignals) -> float:
    """Highest speed of the torso over that of the hips; NaN where they differ in unit."""
    hips, torso = rep.channels
    if math.isnan(lag_of(rep, "lag_peak").by_s) or _unit_of(hips) != _unit_of(torso):
        return math.nan
    times_s = rep.times_s[rep.descent]
    fastest = [
        float(np.abs(speed_per_s(rep[name][rep.descent], times_s)).max()) for name in rep.channels
    ]
    return fastest[1] / fastest[0] if fastest[0] > 0 else math.nan


def _unit_of(signal: str) -> str:
    return signal.rpartition("_")[2]


def _lags_of(name: str, kind: LagKind) -> Iterator[Feature]:
    """In milliseconds, and as a share of the descent."""
    share = f"{kind.says} As a share of the descent."
    for ending, unit, says, compute in (
        ("ms", Unit.MILLISECOND, kind.says, lag_ms),
        ("ratio", Unit.RATIO, share, lag_ratio),
    ):
        yield Feature(
            f"{name}_{ending}",
            unit,
            kind.needs,
            SAGITTAL,
            kind.source,
            says,
            partial(compute, name=name),
            kind.when,
        )


def _error_of(name: str, kind: LagKind) -> Feature:
    """The standard error of the same."""
    return Feature(
        f"{name}_se_ms",
        Unit.MILLISECOND,
        kind.needs,
        SAGITTAL,
        ERROR_SOURCE,
        f"Standard error of `{name}_ms` by the noise of this rep; a lower bound.",
        partial(lag_se_ms, name=name),
        kind.when,
        Role.ERROR,
    )


for _name, _kind in LAGS.items():
    for _lag in _lags_of(_name, _kind):
        register(_lag)

for _name, _kind in LAGS.items():
    register(_error_of(_name, _kind))

for _quartile in QUARTILES:
    register(
        Feature(
            f"coupling_q{_quartile}_pp",
            Unit.PERCENTAGE_POINT,
            (HIP, TORSO),
            SAGITTAL,
            COUPLING_SOURCE,
            f"How far the torso is ahead when the hips have come {_quartile} % of their way.",
            partial(coupling_pp, quartile=_quartile),
            "always; free of speed",
        )
    )
