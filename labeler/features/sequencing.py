"""Who leads the lean: the torso or the hips. Negative lags and positive leads: torso first.

Both channels run from 0 (start) to 1 (turn); they are filtered alike, so that no lag is of our
own making. Hip height is never the hip channel: it starts late by geometry.
"""

import math
from collections.abc import Callable
from functools import partial

import numpy as np

from labeler.core.arrays import FloatArray
from labeler.core.units import Unit
from labeler.features.registry import SAGITTAL, Feature, feature, register
from labeler.features.rep_signals import HIP, TORSO, RepSignals

MS_PER_S = 1000.0
LAG_SOURCE = "difference of the times at which two normalised courses reach the same level"
COUPLING_SOURCE = "torso course against hip course, read at a quartile of the hips"
CROSSING_PERCENTS = (20, 50, 80)
QUARTILES = (25, 50, 75)


def lag_s(rep: RepSignals, level: float) -> float:
    """Time at which the torso reaches `level`, less that of the hips; NaN if one never does."""
    return crossing_s(rep, TORSO, level) - crossing_s(rep, HIP, level)


def crossing_s(rep: RepSignals, name: str, level: float) -> float:
    """First time in the descent at which a progress reaches `level`, between frames by a line."""
    share, times_s = rep[name][rep.descent], rep.times_s[rep.descent]
    reached = np.flatnonzero(share >= level)
    if reached.size == 0:
        return math.nan
    at = int(reached[0])
    if at == 0:
        return float(times_s[0])
    part = (level - share[at - 1]) / (share[at] - share[at - 1])
    return float(times_s[at - 1] + part * (times_s[at] - times_s[at - 1]))


def lag_area_s(rep: RepSignals) -> float:
    """Mean difference of all crossing times: the area between both courses over the descent.

    Notes
    -----
    Each course runs over its own range within the descent. Two systems that saw the same 185 deep
    squats then agree better (r 0.72) than with levels at the start and the turn (r 0.61), which
    depend on where either system put those.
    """
    times_s = rep.times_s[rep.descent]
    hips, torso = (_furthest(rep[name][rep.descent]) for name in (HIP, TORSO))
    return float(np.trapezoid(hips - torso, times_s))


def _furthest(share: FloatArray) -> FloatArray:
    """Running maximum of the progress over its own range, from 0 to 1; NaN if it never moves."""
    low, high = float(share.min()), float(share.max())
    if not high > low:
        return np.full(len(share), math.nan)
    furthest: FloatArray = np.maximum.accumulate((share - low) / (high - low))
    return furthest


def crossing_se_s(rep: RepSignals, name: str, level: float) -> float:
    """Standard error of `crossing_s`: that of the course over its speed where it crosses."""
    at_s = crossing_s(rep, name, level)
    if math.isnan(at_s) or len(rep.times_s) < 2:
        return math.nan
    speed = float(np.interp(at_s, rep.times_s, np.gradient(rep[name], rep.times_s)))
    return rep.progress_se.get(name, math.nan) / speed if speed > 0 else math.nan


def lag_se_ms(rep: RepSignals, level: float) -> float:
    """Standard error of a lag at `level`: of both crossings, which err apart from each other."""
    return MS_PER_S * math.hypot(*(crossing_se_s(rep, name, level) for name in (HIP, TORSO)))


def lag_centroid_s(rep: RepSignals) -> float:
    """Mean time of the torso's forward speed, weighted by its square, less that of the hips."""
    return _centroid_s(rep, TORSO) - _centroid_s(rep, HIP)


def _centroid_s(rep: RepSignals, name: str) -> float:
    share, times_s = rep[name][rep.descent], rep.times_s[rep.descent]
    if len(share) < 2:
        return math.nan
    weight = np.square(np.maximum(np.gradient(share, times_s), 0.0))
    total = float(np.trapezoid(weight, times_s))
    return float(np.trapezoid(weight * times_s, times_s)) / total if total > 0 else math.nan


MAX_XCORR_LAG_S = 0.4
"""Courses are slid against each other by no more than this."""

MAX_PEAK_DESCENT_S = 0.3
"""Slower descents have a flat peak of speed: two systems that saw the same squats disagreed on its
time (r 0.17 to 0.26, mean error 150 to 230 ms), so that no lag is told."""


def lag_xcorr_s(rep: RepSignals) -> float:
    """By how much the torso's speed has to be moved to match that of the hips best."""
    at_s = rep.times_s[rep.descent]
    if len(at_s) < MIN_SPEED_FRAMES or not np.isfinite(rep[HIP] + rep[TORSO]).all():
        return math.nan
    even_s = np.linspace(at_s[0], at_s[-1], len(at_s))
    step_s = float(even_s[1] - even_s[0])
    hips, torso = (np.gradient(np.interp(even_s, rep.times_s, rep[name])) for name in (HIP, TORSO))
    reach = min(len(even_s) - 1, round(MAX_XCORR_LAG_S / step_s))
    middle = len(even_s) - 1
    match = np.correlate(torso, hips, "full")[middle - reach : middle + reach + 1]
    at = _summit(match)
    return math.nan if at is None else (at - reach) * step_s


def lag_comb_s(rep: RepSignals) -> float:
    """Mean of the lag at half of the way and of that by matching: the least noisy of all."""
    return (lag_s(rep, 0.5) + lag_xcorr_s(rep)) / 2.0


def lag_peak_s(rep: RepSignals) -> float:
    """Time of the torso's highest speed less that of the hips; NaN for slow descents."""
    at_s = rep.times_s[rep.descent]
    if rep.descent_s >= MAX_PEAK_DESCENT_S or len(at_s) < MIN_SPEED_FRAMES:
        return math.nan
    peaks = [_summit(np.gradient(rep[name][rep.descent], at_s)) for name in (HIP, TORSO)]
    if any(peak is None for peak in peaks):
        return math.nan
    hips_s, torso_s = (float(np.interp(peak, np.arange(len(at_s)), at_s)) for peak in peaks if peak)
    return torso_s - hips_s


MIN_SPEED_FRAMES = 5
"""Fewer frames have no speed to compare."""


def _summit(values: FloatArray) -> float | None:
    """Where a course is highest, between its samples by a parabola; None at an edge."""
    if not np.isfinite(values).all():
        return None
    at = int(values.argmax())
    if at in (0, len(values) - 1):
        return None
    before, top, after = values[at - 1 : at + 2]
    bend = before - 2.0 * top + after
    return at + (0.5 * (before - after) / bend if bend < 0 else 0.0)


def coupling_pp(rep: RepSignals, quartile: int) -> float:
    """How far the torso is ahead when the hips have come a quartile, in percentage points."""
    at_s = crossing_s(rep, HIP, quartile / 100.0)
    if math.isnan(at_s):
        return math.nan
    return 100.0 * float(np.interp(at_s, rep.times_s, rep[TORSO])) - quartile


@feature(
    unit=Unit.RATIO,
    needs=(HIP,),
    views=SAGITTAL,
    source="in-house: hips that start late have come little of their way by then",
)
def hip_progress_quarter_ratio(rep: RepSignals) -> float:
    """How far the hips have come after a quarter of the descent's time."""
    quarter_s = rep.times_s[0] + 0.25 * rep.descent_s
    return float(np.interp(quarter_s, rep.times_s, rep[HIP]))


@feature(
    unit=Unit.RATIO,
    needs=("hip_height_legs", "shoulder_height_legs"),
    views=SAGITTAL,
    source="Back Squat Assessment, item 10: shoulders and hips rise at the same speed",
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


LAGS: dict[str, tuple[str, Callable[[RepSignals], float]]] = {
    **{
        f"lag_t{percent}": (
            f"Time at which the torso has come {percent} % of its way, less that of the hips.",
            partial(lag_s, level=percent / 100.0),
        )
        for percent in CROSSING_PERCENTS
    },
    "lag_area": ("Mean time by which the torso runs behind the hips.", lag_area_s),
    "lag_xcorr": (
        "By how much the torso's speed runs behind that of the hips, by sliding.",
        lag_xcorr_s,
    ),
    "lag_comb": ("Mean of the lags at 50 % and by sliding.", lag_comb_s),
    "lag_peak": (
        f"Highest speed of the torso, less that of the hips; only below {MAX_PEAK_DESCENT_S:g} s.",
        lag_peak_s,
    ),
    "lag_centroid": (
        "Centre of the torso's motion in time, less that of the hips.",
        lag_centroid_s,
    ),
}
"""Each lag, in seconds; it becomes a feature in milliseconds and one as share of the descent."""


def _in_ms(rep: RepSignals, lag: Callable[[RepSignals], float]) -> float:
    return MS_PER_S * lag(rep)


def _of_descent(rep: RepSignals, lag: Callable[[RepSignals], float]) -> float:
    return lag(rep) / rep.descent_s if rep.descent_s > 0 else math.nan


def _register(name: str, unit: Unit, summary: str, compute: Callable[[RepSignals], float]) -> None:
    source = COUPLING_SOURCE if unit is Unit.PERCENTAGE_POINT else LAG_SOURCE
    register(Feature(name, unit, (HIP, TORSO), SAGITTAL, source, summary, compute))


for _name, (_summary, _lag) in LAGS.items():
    _register(f"{_name}_ms", Unit.MILLISECOND, _summary, partial(_in_ms, lag=_lag))
    _register(
        f"{_name}_ratio",
        Unit.RATIO,
        f"{_summary} As a share of the descent.",
        partial(_of_descent, lag=_lag),
    )

for _percent in CROSSING_PERCENTS:
    register(
        Feature(
            f"lag_t{_percent}_se_ms",
            Unit.MILLISECOND,
            (HIP, TORSO),
            SAGITTAL,
            "noise of the filtered angle over its speed at the crossing, both channels",
            f"Standard error of the lag at {_percent} % of the way; a lower bound.",
            partial(lag_se_ms, level=_percent / 100.0),
        )
    )

for _quartile in QUARTILES:
    _register(
        f"coupling_q{_quartile}_pp",
        Unit.PERCENTAGE_POINT,
        f"How far the torso is ahead when the hips have come {_quartile} % of their way.",
        partial(coupling_pp, quartile=_quartile),
    )
