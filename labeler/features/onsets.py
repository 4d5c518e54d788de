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
"""Fewer frames have no rest and no rise."""


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
    """Where rest bends into motion in the first half of the torso's way, less that of the hips."""
    return between(_bend(rep, HIP), _bend(rep, TORSO))


def _bend(rep: RepSignals, name: str) -> Moment:
    """Bend between a level and a rising line through a course until half-way, by least squares.

    Beside a level, each possible bend adds a course that is 0 before it and rises after it. The
    part of it that no level explains takes up so much of the sum of squares; the bend is where
    that is most, among those upwards. It moves with noise by the change of that sum's slope over
    its curvature. Never where the course rises from its very start: then it did not rest.

    Notes
    -----
    With a slope before the bend too, two systems that saw the same sit-to-stands did not agree at
    all (r -0.01): a smooth course bends everywhere. With a level they do where there is a rest
    (r 0.48; 0.86 in squats).
    """
    share, times_s = course(rep, name), clock(rep)
    reached = np.flatnonzero(share >= HALF_WAY)
    n = int(reached[0]) + 1 if reached.size else 0
    if n < MIN_BEND_FRAMES or not np.isfinite(share[:n]).all():
        return NEVER
    bends_s = times_s[1 : n - 1]
    rises = np.maximum(times_s[:n, None] - bends_s, 0.0)
    rises -= rises.mean(axis=0)
    size = np.sum(rises**2, axis=0)
    slopes = rises.T @ share[:n] / size
    top = summit(slopes * np.abs(slopes) * size)  # below 0 where it bends down
    if top is None or not slopes[top.at] > 0:
        return NEVER
    near = slice(top.at - 1, top.at + 2)
    pull_s = np.zeros(len(share))
    frame_s = float(bends_s[top.at + 1] - bends_s[top.at - 1]) / 2.0
    pull_s[:n] = 2.0 * rises[:, near] * np.abs(slopes[near]) @ top.pull * frame_s
    return Moment(top.time_s(bends_s), pull_s)
