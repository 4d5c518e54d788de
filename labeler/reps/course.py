"""One curve for a whole clip: how far into the effort the body is, on an even clock."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy.interpolate import PchipInterpolator
from scipy.signal import correlate, find_peaks

from labeler.core.arrays import FloatArray
from labeler.signals.lowpass import is_steady, lowpass, speed_per_s
from labeler.signals.series import ClipSignals

CHANNELS: Mapping[str, float] = {
    "trunk_incl_deg": 1.0,
    "thigh_incl_deg": 1.0,
    "hip_angle_deg": -1.0,
    "knee_angle_deg": -1.0,
    "hip_height_legs": -60.0,
    "shoulder_height_legs": -60.0,
}
"""What the curve is made of, and its weight: + bends the body; a leg length counts as 60 degrees.

Heights keep the curve alive where angles cannot be seen, as from the front.
"""

COURSE_LOWPASS_HZ = 3.0
"""Slower than the signals: reps are to be counted, not timed to the millisecond."""

TURN_LOWPASS_HZ = 6.0
"""Of a curve made of turns: a throw takes a quarter of a second, and 3 Hz would stretch it."""

MIN_KNOWN_RATIO = 0.5
"""A channel known in fewer of the athlete's frames than this is left out."""

MIN_FRAMES = 5
"""Fewer frames have no course."""

MIN_PERIOD_PROMINENCE = 0.1
"""Least height of an autocorrelation peak over its surroundings that shows a rhythm."""

REST_SPEED_RATIO = 0.05
"""At rest: slower than this share of the rep's own highest speed."""

NEAR_REST_RATIO = 0.2
"""A rep begins and ends within this share of the way from rest: a pause half-way is inside."""


@dataclass(frozen=True, slots=True, eq=False)
class Course:
    """How far the body is into the effort: larger is further, in the unit of its channels.

    Parameters
    ----------
    times_s : FloatArray
        Shape (n_steps,): an even clock from the clip's first to its last frame.
    values : FloatArray
        Shape (n_steps,): zero mean, low-passed, finite.
    speed_per_s : FloatArray
        Shape (n_steps,): its change per second.
    step_s : float
        One step of the clock.
    channels : FloatArray
        Shape (n_steps, n_channels): what the curve was made of, bridged and weighted.
    """

    times_s: FloatArray
    values: FloatArray
    speed_per_s: FloatArray
    step_s: float
    channels: FloatArray


def course_of(signals: ClipSignals) -> Course | None:
    """First principal component of the bending channels; None when too little was seen.

    Gaps are bridged by lines here: what happens inside a long gap is judged with the rep.
    """
    bridged = _bridged(signals, CHANNELS)
    if bridged is None:
        return None
    times_s, channels = bridged
    return _smoothed(times_s, _first_component(channels), channels, COURSE_LOWPASS_HZ)


def course_along(signals: ClipSignals, name: str, lowpass_hz: float) -> Course | None:
    """One signal as the course, about its mean; None when too little of it was seen."""
    bridged = _bridged(signals, {name: 1.0})
    if bridged is None:
        return None
    times_s, channels = bridged
    return _smoothed(times_s, channels[:, 0] - channels[:, 0].mean(), channels, lowpass_hz)


def rhythm_s(course: Course, period_s: tuple[float, float]) -> float | None:
    """Time from rep to rep by the first peak of the autocorrelation; None without a rhythm.

    Of the course's speed: one deep bend for a load would drown the rhythm of the course itself.
    """
    speed = np.diff(course.values)
    power = float(speed @ speed)
    if power == 0.0:
        return None
    matches = correlate(speed, speed)[len(speed) - 1 :] / power
    peaks, _ = find_peaks(matches, prominence=MIN_PERIOD_PROMINENCE)
    lags_s = peaks * course.step_s
    inside = lags_s[(lags_s >= period_s[0]) & (lags_s <= period_s[1])]
    return float(inside[0]) if inside.size else None


def leaves(course: Course, rest: int, end: int, fastest_per_s: float) -> float:
    """Where rest ends on the way from step `rest` to a later step `end`, between two steps."""
    unrest = _unrest(course, slice(rest, end + 1), 0, fastest_per_s)
    at_rest = np.flatnonzero(unrest < 1.0)
    return rest + (_crossing(unrest, int(at_rest[-1]), +1) if at_rest.size else 0.0)


def arrives(course: Course, start: int, rest: int, fastest_per_s: float) -> float:
    """Where rest begins on the way from step `start` to a later step `rest`, between two steps."""
    unrest = _unrest(course, slice(start, rest + 1), -1, fastest_per_s)
    at_rest = np.flatnonzero(unrest < 1.0)
    return start + _crossing(unrest, int(at_rest[0]), -1) if at_rest.size else float(rest)


def _unrest(course: Course, way: slice, end: int, fastest_per_s: float) -> FloatArray:
    """Below 1 at rest: slow, and within a share of the whole way from the value at that end."""
    values = course.values[way]
    off = np.abs(values - values[end]) / (NEAR_REST_RATIO * np.ptp(values) or 1.0)
    speed = np.abs(course.speed_per_s[way]) / (REST_SPEED_RATIO * fastest_per_s or 1.0)
    return np.asarray(np.maximum(off, speed))


def _crossing(unrest: FloatArray, at: int, beside: int) -> float:
    """Where unrest reaches 1 between step `at`, below it, and the step to that side."""
    other = at + beside
    if not 0 <= other < len(unrest):
        return float(at)
    return float(at + beside * (1.0 - unrest[at]) / (unrest[other] - unrest[at]))


def _bridged(
    signals: ClipSignals, weights: Mapping[str, float]
) -> tuple[FloatArray, FloatArray] | None:
    """An even clock, and on it the channels that were seen; gaps filled by lines."""
    if signals.n_frames < MIN_FRAMES:
        return None
    pts_s = signals.times.pts_s
    least = max(MIN_KNOWN_RATIO * np.isfinite(signals.visibility).sum(), MIN_FRAMES)
    times_s = np.linspace(pts_s[0], pts_s[-1], signals.n_frames)
    channels = [
        weight * _read(times_s, pts_s[known], signals[name][known])
        for name, weight in weights.items()
        if (known := np.isfinite(signals[name])).sum() >= least
    ]
    return (times_s, np.stack(channels, axis=1)) if channels else None


def _read(times_s: FloatArray, pts_s: FloatArray, values: FloatArray) -> FloatArray:
    """Values at other times; beyond the first and last one those."""
    if is_steady(pts_s):
        return np.interp(times_s, pts_s, values)  # the times are almost the same
    inside_s = np.clip(times_s, pts_s[0], pts_s[-1])
    return np.asarray(PchipInterpolator(pts_s, values)(inside_s))


def _smoothed(
    times_s: FloatArray, values: FloatArray, channels: FloatArray, lowpass_hz: float
) -> Course:
    smooth = lowpass(values, times_s, lowpass_hz)
    step_s = float(times_s[1] - times_s[0])
    return Course(times_s, smooth, speed_per_s(smooth, times_s), step_s, channels)


def _first_component(channels: FloatArray) -> FloatArray:
    """Channels (n, k) along the direction in which they vary most, turned so that bent is +."""
    centred = channels - channels.mean(axis=0)
    direction = np.linalg.eigh(centred.T @ centred)[1][:, -1]  # far faster than the SVD of all
    return np.asarray(centred @ direction * (1.0 if direction.sum() >= 0 else -1.0))
