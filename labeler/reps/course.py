"""One curve for a whole clip: how far into the effort the body is, on an even clock."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy.signal import correlate, find_peaks

from labeler.core.arrays import FloatArray
from labeler.signals.lowpass import lowpass, speed_per_s
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

MIN_KNOWN_RATIO = 0.5
"""A channel seen in fewer frames than this is left out."""

MIN_FRAMES = 5
"""Fewer frames have no course."""

MIN_PERIOD_PROMINENCE = 0.1
"""Least height of an autocorrelation peak over its surroundings that shows a rhythm."""


@dataclass(frozen=True, slots=True, eq=False)
class Course:
    """How far the body is into the effort: larger is more bent, in degrees of all joints together.

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
    """

    times_s: FloatArray
    values: FloatArray
    speed_per_s: FloatArray
    step_s: float


def course_of(signals: ClipSignals) -> Course | None:
    """First principal component of the bending channels; None when too little was seen.

    Gaps are bridged by lines here: what happens inside a long gap is judged with the rep.
    """
    if signals.n_frames < MIN_FRAMES:
        return None
    pts_s = signals.times.pts_s
    times_s = np.linspace(pts_s[0], pts_s[-1], signals.n_frames)
    channels = [
        weight * np.interp(times_s, pts_s[known], signals[name][known])
        for name, weight in CHANNELS.items()
        if np.mean(known := np.isfinite(signals[name])) >= MIN_KNOWN_RATIO
    ]
    if not channels:
        return None
    values = lowpass(_first_component(np.stack(channels, axis=1)), times_s, COURSE_LOWPASS_HZ)
    step_s = float(times_s[1] - times_s[0])
    return Course(times_s, values, speed_per_s(values, times_s), step_s)


def rhythm_s(course: Course, period_s: tuple[float, float]) -> float | None:
    """Time from rep to rep by the first peak of the autocorrelation; None without a rhythm."""
    values = course.values - course.values.mean()
    power = float(values @ values)
    if power == 0.0:
        return None
    matches = correlate(values, values)[len(values) - 1 :] / power
    peaks, _ = find_peaks(matches, prominence=MIN_PERIOD_PROMINENCE)
    lags_s = peaks * course.step_s
    inside = lags_s[(lags_s >= period_s[0]) & (lags_s <= period_s[1])]
    return float(inside[0]) if inside.size else None


def _first_component(channels: FloatArray) -> FloatArray:
    """Channels (n, k) along the direction in which they vary most, turned so that bent is +."""
    centred = channels - channels.mean(axis=0)
    direction = np.linalg.svd(centred, full_matrices=False)[2][0]
    return np.asarray(centred @ direction * (1.0 if direction.sum() >= 0 else -1.0))
