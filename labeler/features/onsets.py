"""When torso and hips start to move: by a share of their highest speed, and by a bend."""

import numpy as np

from labeler.core.arrays import FloatArray
from labeler.features.lags import way_s
from labeler.features.rep_signals import HIP, TORSO, RepSignals
from labeler.features.timing import (
    NEVER,
    NO_LAG,
    Lag,
    Moment,
    between,
    clock,
    course,
    noise_gains,
    pull_of_speed,
    speed_per_s,
    summit,
)

MAX_ONSET_WAY_S = 0.6
"""A slower way starts too gently: a twentieth of its highest speed is below the noise."""

MIN_ONSET_SNR = 2.0
"""The share of the highest speed must exceed so many standard errors of a speed: noise at rest then
passes for a start in 1 of 40 frames."""

HALF_WAY = 0.5
"""The bend is looked for until the course has come half of its way."""

MIN_BEND_FRAMES = 6
"""Fewer frames have no two lines."""


def onset_lag(rep: RepSignals, level: float) -> Lag:
    """Start of the torso less that of the hips, where each first keeps above a share of its speed.

    NaN where either is slow, and where noise alone could pass for a start.
    """
    if not way_s(rep) < MAX_ONSET_WAY_S:
        return NO_LAG
    return between(_onset(rep, HIP, level), _onset(rep, TORSO, level))


def _onset(rep: RepSignals, name: str, level: float) -> Moment:
    """Last time before its highest speed at which a course is slower than a share of that."""
    speed, times_s = speed_per_s(rep, name), clock(rep)
    if not speed.size:
        return NEVER
    top = int(speed.argmax())
    slow = np.flatnonzero(speed[:top] < level * speed[top])
    noise = float(noise_gains(rep, pull_of_speed(rep, _one(len(speed), top))))
    is_clear = MIN_ONSET_SNR * noise * rep.progress_se.get(name, np.nan) <= level * speed[top]
    if not slow.size or not is_clear:
        return NEVER
    at = int(slow[-1])
    rise = float(speed[at + 1] - speed[at])
    part = float(level * speed[top] - speed[at]) / rise
    step_s = float(times_s[at + 1] - times_s[at])
    weights = level * _one(len(speed), top)
    weights[at] -= 1.0 - part
    weights[at + 1] -= part
    return Moment(float(times_s[at]) + part * step_s, pull_of_speed(rep, weights * step_s / rise))


def _one(n: int, at: int) -> FloatArray:
    weights = np.zeros(n)
    weights[at] = 1.0
    return weights


def bend_lag(rep: RepSignals) -> Lag:
    """Where two joined lines fit the first half of the torso's way best, less that of the hips."""
    return between(_bend(rep, HIP), _bend(rep, TORSO))


def _bend(rep: RepSignals, name: str) -> Moment:
    """Bend between two joined lines through a course until it has come half-way, by least squares.

    Beside a line, each possible bend adds a course that is 0 before it and rises after it. The
    part of it that no line explains takes up so much of the sum of squares; the bend is where that
    is most, among those upwards. It moves with noise by the change of that sum's slope over its
    curvature.
    """
    share, times_s = course(rep, name), clock(rep)
    reached = np.flatnonzero(share >= HALF_WAY)
    n = int(reached[0]) + 1 if reached.size else 0
    if n < MIN_BEND_FRAMES or not np.isfinite(share[:n]).all():
        return NEVER
    at_s = times_s[:n] - times_s[0]
    rises = _without_line(np.maximum(at_s[:, None] - at_s[None, 1:-1], 0.0), at_s)
    size = np.sum(rises**2, axis=0)
    slopes = rises.T @ share[:n] / size
    top = summit(slopes * np.abs(slopes) * size)  # below 0 where it bends down
    if top is None or not slopes[top.at] > 0:
        return NEVER
    near = slice(top.at - 1, top.at + 2)
    pull_s = np.zeros(len(share))
    frame_s = float(at_s[top.at + 2] - at_s[top.at]) / 2.0  # candidates begin at the second frame
    pull_s[:n] = 2.0 * rises[:, near] * np.abs(slopes[near]) @ top.pull * frame_s
    return Moment(top.time_s(times_s[1 : n - 1]), pull_s)


def _without_line(columns: FloatArray, at_s: FloatArray) -> FloatArray:
    """Each column less the line that fits it best."""
    centred = at_s - at_s.mean()
    level = columns - columns.mean(axis=0)
    return np.asarray(level - np.outer(centred, centred @ level / (centred @ centred)))
