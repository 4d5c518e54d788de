"""By how much the torso runs behind the hips, on the whole way to the turn. Negative: torso first.

Onsets have a module of their own.
"""

import math

import numpy as np

from labeler.catalog.spec import RepKind
from labeler.core.arrays import FloatArray
from labeler.features.rep_signals import (
    HIP,
    HIP_COURSE,
    TORSO,
    TORSO_COURSE,
    RepSignals,
    once_per_rep,
)
from labeler.features.timing import (
    NEVER,
    NO_LAG,
    Lag,
    Moment,
    between,
    change_per_s,
    clock,
    course,
    crossing,
    pull_of_speed,
    speed_per_s,
    summit,
    trapezoid_weights_s,
)

MAX_XCORR_LAG_S = 0.4
"""Courses are slid against each other by no more than this."""

MAX_PEAK_WAY_S = 0.3
"""A slower way has a flat peak of speed: two systems that saw the same squats disagreed on its time
(r 0.17 to 0.26, mean error 150 to 230 ms), so that no lag is told."""

MIDDLE = (0.2, 0.8)
MIDDLE_RATIO = 0.6734 - 0.3266
"""A smooth course (minimum jerk) takes this share of its time from the one level to the other."""


@once_per_rep
def crossed(rep: RepSignals, name: str, level: float) -> Moment:
    """First time in the descent at which a progress reaches `level`.

    Its pull is that of the crossing, and that of the levels at start and turn, of which the
    progress is a share: their medians err as means of their frames do.
    """
    share, times_s = course(rep, name), clock(rep)
    moment = crossing(share, times_s, level)
    if math.isnan(moment.at_s):
        return moment
    slowness_s = -moment.pull_s.sum()
    start, turn = _levels(rep)
    return Moment(moment.at_s, moment.pull_s + slowness_s * ((1.0 - level) * start + level * turn))


@once_per_rep
def _levels(rep: RepSignals) -> tuple[FloatArray, FloatArray]:
    """Weights of the frames of the descent whose means stand for the levels at its ends."""
    times_s = clock(rep)
    is_start = times_s <= times_s[0] + rep.level_s
    is_turn = times_s >= times_s[-1] - rep.level_s
    return is_start / is_start.sum(), is_turn / is_turn.sum()


@once_per_rep
def way_s(rep: RepSignals) -> float:
    """How long the slower of both courses takes, as if it were smooth; NaN where one is not told.

    By its middle part, so that a slow start or end of the repetition, which is a matter of the
    cut, does not count.
    """
    took_s = [
        crossed(rep, name, MIDDLE[1]).at_s - crossed(rep, name, MIDDLE[0]).at_s
        for name in (HIP, TORSO)
    ]
    return float(np.max(took_s)) / MIDDLE_RATIO


def crossing_lag(rep: RepSignals, level: float) -> Lag:
    """Time at which the torso reaches `level`, less that of the hips."""
    return between(crossed(rep, HIP, level), crossed(rep, TORSO, level))


def area_lag(rep: RepSignals) -> Lag:
    """Mean difference of all crossing times: the area between both courses over the descent.

    Notes
    -----
    Each course runs over its own range within the descent, into the effort. Levels at the start
    and the turn would depend on where those were put, and a lean that has gone again by the turn
    has none to run between: of 174 sit-to-stands, where the lean comes and goes, two systems tell
    this of all and agree by r 0.82; with such levels they told it of 101, with r 0.81.
    """
    hips, torso = (_mean_crossing(rep, name) for name in (HIP_COURSE, TORSO_COURSE))
    return between(hips, torso, (HIP_COURSE, TORSO_COURSE))


def _mean_crossing(rep: RepSignals, name: str) -> Moment:
    """Mean time at which a course reaches each share of its range: the area above its maximum.

    The ends of the range are means about the lowest and the highest frame: a single frame is the
    lowest by its noise. It pulls where the running maximum stands, and at both ends.
    """
    share, times_s = course(rep, name), clock(rep)
    if not (np.isfinite(share).all() and np.ptp(share) > 0):
        return NEVER
    low, high = (_mean_about(rep, int(at)) for at in (share.argmin(), share.argmax()))
    least = float(low @ share)
    size = float(high @ share) - least
    furthest = np.maximum.accumulate(share)
    way = (furthest - least) / size
    is_inside = (way > 0.0) & (way < 1.0)
    way = np.clip(way, 0.0, 1.0)
    weights_s = trapezoid_weights_s(rep)
    inside_s = weights_s * is_inside
    holder = np.searchsorted(furthest, furthest)  # the frame that set the running maximum
    pull_s = low * float(inside_s @ (1.0 - way)) + high * float(inside_s @ way)
    pull_s = (pull_s - np.bincount(holder, inside_s, minlength=len(share))) / size
    return Moment(float(times_s[-1] - weights_s @ way), pull_s)


def _mean_about(rep: RepSignals, at: int) -> FloatArray:
    """Weights of the frames of the descent whose mean stands for the level at one of them.

    Each counts for the time about it that lies within reach, so that a frame that comes or goes at
    the edge moves little.
    """
    times_s = clock(rep)
    middles_s = (times_s[1:] + times_s[:-1]) / 2.0
    edges_s = np.concatenate([times_s[:1], middles_s, times_s[-1:]])
    within_s = np.clip(edges_s, times_s[at] - rep.level_s, times_s[at] + rep.level_s)
    weights_s = np.diff(within_s)
    return np.asarray(weights_s / weights_s.sum())


def centroid_lag(rep: RepSignals) -> Lag:
    """Mean time of the torso's forward speed, weighted by its square, less that of the hips."""
    return between(_centroid(rep, HIP), _centroid(rep, TORSO))


def _centroid(rep: RepSignals, name: str) -> Moment:
    speed, times_s = speed_per_s(rep, name), clock(rep)
    forward = np.maximum(speed, 0.0)
    weights_s = trapezoid_weights_s(rep) if speed.size else speed
    total = float(weights_s @ np.square(forward))
    if not total > 0:
        return NEVER
    at_s = float(weights_s @ (np.square(forward) * times_s[: len(forward)])) / total
    pull = 2.0 * weights_s * (times_s - at_s) * forward / total
    return Moment(at_s, pull_of_speed(rep, pull))


@once_per_rep
def xcorr_lag(rep: RepSignals) -> Lag:
    """By how much the torso's speed has to be moved to match that of the hips best.

    The match is highest where its slope is 0; noise in one speed tilts that slope by its product
    with the other's acceleration, and moves the summit by that over its curvature.
    """
    hips, torso, times_s = speed_per_s(rep, HIP), speed_per_s(rep, TORSO), clock(rep)
    if not (hips.size and torso.size):
        return NO_LAG
    even_s, step_s = np.linspace(times_s[0], times_s[-1], len(times_s), retstep=True)
    reach = min(len(even_s) - 1, round(MAX_XCORR_LAG_S / float(step_s)))
    middle = len(even_s) - 1
    hips, torso = (np.interp(even_s, times_s, speed) for speed in (hips, torso))
    top = summit(np.correlate(torso, hips, "full")[middle - reach : middle + reach + 1])
    if top is None:
        return NO_LAG
    by_s = (top.at + top.off - reach) * float(step_s)
    return Lag(by_s, _pulls_of_match(rep, by_s))


def _pulls_of_match(rep: RepSignals, by_s: float) -> dict[str, FloatArray]:
    times_s = clock(rep)
    weights_s = trapezoid_weights_s(rep)
    gain = {name: change_per_s(rep, speed_per_s(rep, name)) for name in (HIP, TORSO)}
    hips = np.interp(times_s - by_s, times_s, gain[HIP], left=0.0, right=0.0)
    torso = np.interp(times_s + by_s, times_s, gain[TORSO], left=0.0, right=0.0)
    bend = float(weights_s @ (gain[TORSO] * hips))
    if not bend > 0:
        return {}
    return {
        HIP: pull_of_speed(rep, weights_s * torso / bend),
        TORSO: pull_of_speed(rep, -weights_s * hips / bend),
    }


def combined_lag(rep: RepSignals) -> Lag:
    """Mean of the lag at half of the way and of that by sliding: the least noisy of all."""
    half, slid = crossing_lag(rep, 0.5), xcorr_lag(rep)
    by_s = (half.by_s + slid.by_s) / 2.0
    if math.isnan(by_s):
        return NO_LAG
    return Lag(
        by_s, {name: (half.pulls_s[name] + pull) / 2.0 for name, pull in slid.pulls_s.items()}
    )


@once_per_rep
def peak_lag(rep: RepSignals) -> Lag:
    """Time of the torso's highest speed less that of the hips; NaN in lifts, and in slow turns."""
    if rep.kind is not RepKind.ALTERNATING or not way_s(rep) < MAX_PEAK_WAY_S:
        return NO_LAG
    return between(_fastest(rep, HIP), _fastest(rep, TORSO))


def _fastest(rep: RepSignals, name: str) -> Moment:
    speed, times_s = speed_per_s(rep, name), clock(rep)
    top = summit(speed)
    if top is None:
        return NEVER
    weights = np.zeros(len(speed))
    frame_s = float(times_s[top.at + 1] - times_s[top.at - 1]) / 2.0
    weights[top.at - 1 : top.at + 2] = top.pull * frame_s
    return Moment(top.time_s(times_s), pull_of_speed(rep, weights))
