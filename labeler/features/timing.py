"""When a course gets somewhere, and by how much noise would move that moment.

Every moment comes with its pull: by how many seconds it moves per unit by which each frame errs
(its influence function, a derivative). From the pull follows the standard error, whatever the
moment is.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from labeler.core.arrays import FloatArray
from labeler.features.rep_signals import HIP, TORSO, RepSignals, once_per_rep
from labeler.signals.lowpass import MAX_CUTOFF_PER_FPS, TWO_PASS_CORRECTION

NOTHING = np.empty(0)

MIN_SPEED_FRAMES = 5
"""Fewer frames have no speed to compare."""


@dataclass(frozen=True, slots=True, eq=False)
class Moment:
    """A time in one course; NaN where there is none.

    Parameters
    ----------
    at_s : float
        On the clock of the course.
    pull_s : FloatArray
        Shape (n_frames,) of the course: seconds by which it moves per unit of error in each frame.
    """

    at_s: float
    pull_s: FloatArray


NEVER = Moment(math.nan, NOTHING)


@dataclass(frozen=True, slots=True, eq=False)
class Lag:
    """Time of the torso less that of the hips; NaN where not told.

    Parameters
    ----------
    by_s : float
        Below 0 the torso is first.
    pulls_s : Mapping[str, FloatArray]
        By name of the course, that of the hips first: seconds by which the lag moves per unit of
        error in each frame; empty where that is not known.
    """

    by_s: float
    pulls_s: Mapping[str, FloatArray]


NO_LAG = Lag(math.nan, {})


def between(hips: Moment, torso: Moment, names: tuple[str, str] = (HIP, TORSO)) -> Lag:
    """From the moment of the hips to that of the torso, in the courses of those names."""
    if math.isnan(hips.at_s) or math.isnan(torso.at_s):
        return NO_LAG
    return Lag(torso.at_s - hips.at_s, {names[0]: -hips.pull_s, names[1]: torso.pull_s})


def standard_errors_s(rep: RepSignals, lags: Sequence[Lag]) -> FloatArray:
    """Standard error of each lag from the noise of both courses, which err apart from each other.

    Returns
    -------
    FloatArray
        Shape (n_lags,); NaN where a lag is not told or the noise is not known.

    Notes
    -----
    Slow wander of the pose, other for every camera, is not in it: a lower bound. The area lags of
    ten deadlifts that two cameras saw at once differ by 6.4 ms (SD), where this says 1.4.
    """
    found = np.full(len(lags), np.nan)
    told = [place for place, lag in enumerate(lags) if lag.pulls_s]
    if told:
        pulls_s = [tuple(lags[place].pulls_s.items()) for place in told]
        hips, torso = (_errors_s(rep, one_side) for one_side in zip(*pulls_s, strict=True))
        found[told] = np.hypot(hips, torso)
    return found


def _errors_s(rep: RepSignals, pulls_s: Sequence[tuple[str, FloatArray]]) -> FloatArray:
    """Standard error of moments, each by the name of its course and its pull."""
    errors = np.array([rep.progress_se.get(name, math.nan) for name, _pull_s in pulls_s])
    return np.asarray(errors * noise_gains(rep, np.stack([pull_s for _name, pull_s in pulls_s])))


def noise_gains(rep: RepSignals, weights: FloatArray) -> FloatArray:
    """Standard deviation of weighted sums of frames, over that of a single one.

    Noise is white before the filter, so that neighbouring frames err alike after it. By Parseval,
    the variance of a sum of the filtered frames with weights w is that of one frame times the mean
    of |W(f)|^2 over the frequencies f, weighted with the power that the filter lets through.

    Parameters
    ----------
    weights : FloatArray
        Shape (..., n_frames).

    Returns
    -------
    FloatArray
        Shape (...).
    """
    n_frames = weights.shape[-1]
    power = np.square(np.abs(np.fft.rfft(weights, 2 * n_frames)))
    return np.asarray(np.sqrt(power @ _passed(rep, n_frames)))


@once_per_rep
def _passed(rep: RepSignals, n_frames: int) -> FloatArray:
    """Share of the filtered noise at each frequency of twice so many frames; sums to 1.

    A zero-lag filter of two passes of the second order; the middle frequencies stand for their
    negative ones too.
    """
    cutoff = min(rep.lowpass_hz / rep.fps, MAX_CUTOFF_PER_FPS)
    relative = np.fft.rfftfreq(2 * n_frames) * TWO_PASS_CORRECTION / cutoff
    power = np.square(1.0 / (1.0 + relative**4))
    power[1:-1] *= 2.0
    return np.asarray(power / power.sum())


def crossing(share: FloatArray, times_s: FloatArray, level: float) -> Moment:
    """First time at which a course reaches `level`, between frames by a line.

    Its pull is -1 over the speed of crossing, divided among the two frames. A course that begins
    beyond the level crosses it at once, and then nothing pulls.
    """
    reached = np.flatnonzero(share >= level)
    if reached.size == 0:
        return NEVER
    at = int(reached[0])
    pull_s = np.zeros(len(share))
    if at == 0:
        return Moment(float(times_s[0]), pull_s)
    rise, step_s = share[at] - share[at - 1], times_s[at] - times_s[at - 1]
    part = float((level - share[at - 1]) / rise)
    pull_s[at - 1] = -(1.0 - part) * step_s / rise
    pull_s[at] = -part * step_s / rise
    return Moment(float(times_s[at - 1] + part * step_s), pull_s)


@once_per_rep
def course(rep: RepSignals, name: str) -> FloatArray:
    """The course of that name at the times of `clock`."""
    return np.asarray(np.interp(clock(rep), rep.times_s, rep[name]), dtype=np.float64)


@once_per_rep
def clock(rep: RepSignals) -> FloatArray:
    """From the start to the turn, both of which may lie between frames, and frames in between.

    A frame that is closer to either than half a step makes way for it.
    """
    times_s = rep.times_s
    start_s, turn_s = max(rep.rep.start_s, float(times_s[0])), rep.rep.turn_s
    half_s = 0.5 / rep.fps
    inside = times_s[(times_s > start_s + half_s) & (times_s < turn_s - half_s)]
    return np.concatenate([[start_s], inside, [turn_s]]) if turn_s > start_s else times_s[:1]


@once_per_rep
def speed_per_s(rep: RepSignals, name: str) -> FloatArray:
    """Speed of `course`, by central differences; empty where that is too short or not known."""
    share = course(rep, name)
    if len(share) < MIN_SPEED_FRAMES or not np.isfinite(share).all():
        return NOTHING
    return change_per_s(rep, share)


def change_per_s(rep: RepSignals, values: FloatArray) -> FloatArray:
    """Change per second of what is given at the times of `clock`, by central differences.

    The numbers of `numpy.gradient`; what depends on the times alone is computed once per rep.
    """
    low, same, high, first_s, last_s = _differences(rep)
    change = np.empty(len(values))
    change[1:-1] = low * values[:-2] + same * values[1:-1] + high * values[2:]
    change[0] = (values[1] - values[0]) / first_s
    change[-1] = (values[-1] - values[-2]) / last_s
    return change


def pull_of_speed(rep: RepSignals, weights: FloatArray) -> FloatArray:
    """Weights of the course's frames that make the same sum as `weights` of its speed's frames.

    Central differences turned round: their transpose.
    """
    low, same, high, first_s, last_s = _differences(rep)
    inner = weights[1:-1]
    pull = np.zeros(len(weights))
    pull[:-2] += inner * low
    pull[1:-1] += inner * same
    pull[2:] += inner * high
    pull[:2] += weights[0] / first_s * _FROM_TO
    pull[-2:] += weights[-1] / last_s * _FROM_TO
    return pull


_FROM_TO = np.array([-1.0, 1.0])


@once_per_rep
def _differences(rep: RepSignals) -> tuple[FloatArray, FloatArray, FloatArray, float, float]:
    """What the frames before, at and after one count for its speed; first and last step."""
    steps_s = np.diff(clock(rep))
    before, after = steps_s[:-1], steps_s[1:]
    low = -after / (before * (before + after))
    high = before / (after * (before + after))
    return low, -low - high, high, float(steps_s[0]), float(steps_s[-1])


@once_per_rep
def trapezoid_weights_s(rep: RepSignals) -> FloatArray:
    """Weights with which a sum over the times of `clock` is the integral over time."""
    half_s = np.diff(clock(rep)) / 2.0
    return np.asarray(np.concatenate([half_s, [0.0]]) + np.concatenate([[0.0], half_s]))


@dataclass(frozen=True, slots=True, eq=False)
class Summit:
    """The highest sample, how far off it a parabola is highest, and what moves that.

    Parameters
    ----------
    off : float
        In samples, -0.5 to 0.5.
    pull : FloatArray
        Shape (3,): by how much it moves per unit of the values before, at and after the sample.
    """

    at: int
    off: float
    pull: FloatArray

    def time_s(self, times_s: FloatArray) -> float:
        """When it is, on the clock of the samples."""
        return float(np.interp(self.at + self.off, np.arange(len(times_s)), times_s))


def summit(values: FloatArray) -> Summit | None:
    """Where a course is highest, between its samples by a parabola; None at an edge."""
    if values.size == 0 or not np.isfinite(values).all():
        return None
    at = int(values.argmax())
    if at in (0, len(values) - 1):
        return None
    before, top, after = values[at - 1 : at + 2]
    bend = float(before - 2.0 * top + after)
    if not bend < 0:
        return Summit(at, 0.0, np.zeros(3))
    off = float(before - after) / 2.0 / bend
    return Summit(at, off, np.array([0.5 - off, 2.0 * off, -0.5 - off]) / bend)
